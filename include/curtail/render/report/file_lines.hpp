// SPDX-License-Identifier: MIT
#pragma once
// The lines about the file or the files: where they are, how large, which are missing, and why there is none.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/render/report/line.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/human_units.hpp>
#include <curtail/render/text/wrap.hpp>

namespace curtail::inline v0::detail {

[[nodiscard]] inline bool in_parts(const ResultPayload& payload) noexcept {
    return payload.output_parts_total || !payload.output_parts.empty();
}

[[nodiscard]] inline std::uint64_t missing_parts(const ResultPayload& payload) noexcept {
    return (std::max)(payload.parts_missing_total, std::uint64_t{payload.parts_missing.size()});
}

// Returns the number of all parts, 0 if it is unknown. A message may say that more are missing than there are.
[[nodiscard]] inline std::uint64_t parts_total(const ResultPayload& payload) noexcept {
    const std::uint64_t total =
        (std::max)(payload.output_parts_total.value_or(0), std::uint64_t{payload.output_parts.size()});
    return total < missing_parts(payload) ? 0 : total;
}

// Returns "80 MB, gzip of 312 MB", or nothing if the size is unknown.
[[nodiscard]] inline ShortText size_text(const ResultPayload& payload) noexcept {
    if (!payload.output_bytes) return {};
    if (!payload.output_uncompressed_bytes) return human_bytes(*payload.output_bytes);
    return {human_bytes(*payload.output_bytes),
            payload.output_format.ends_with(".gz") ? ", gzip of " : ", compressed from ",
            human_bytes(*payload.output_uncompressed_bytes)};
}

// Returns " on 3 workers' machines", for parts that have no directory in common.
[[nodiscard]] inline ShortText machines_text(const ResultPayload& payload) noexcept {
    // A payload has at most 100 parts, and to sort their hosts would take 3 kB of code.
    const std::vector<OutputPart>& parts = payload.output_parts;
    std::size_t hosts = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        std::size_t first = 0;
        while (parts[first].host != parts[i].host) ++first;
        if (first == i && !parts[i].host.empty()) ++hosts;
    }
    if (hosts == 0) return {" on the workers' machines"};
    const std::uint64_t there = parts_total(payload) - (std::min)(missing_parts(payload), parts_total(payload));
    return {parts.size() < there ? " on at least " : " on ", human_count(hosts),
            hosts == 1 ? " worker's machine" : " workers' machines"};
}

// Returns "Files on the workers' machines: 12 parts in /data/predictions_x · 5.6 GB", or "10 of 12 parts" if some are
// missing.
[[nodiscard]] inline Line parts_line(const ResultPayload& payload, std::size_t path_width) {
    const std::uint64_t total = parts_total(payload);
    ShortText parts = human_count(total == 0 ? payload.output_parts.size() : total, "part");
    if (const std::uint64_t missing = missing_parts(payload); total != 0 && missing > 0) {
        parts = {human_count(total - missing), " of ", parts};
    }
    Line line;
    if (payload.output_file.empty()) {
        line.add(Style::words, {parts, machines_text(payload)});
    } else {
        line.add(Style::words, {"Files on the workers' machines: ", parts, " in "});
        line.add(Style::code, {clip_middle(safe_text(payload.output_file), path_width, 35)});
    }
    if (const ShortText size = size_text(payload); !size.empty()) line.add_item(Style::words, {size});
    return line;
}

// Returns "File on the worker's machine: /data/predictions_job_1.csv", cut in the middle of the path; or "The worker
// could not write the file: no space left on the device".
[[nodiscard]] inline Line file_line(const ResultPayload& payload, std::size_t path_width) {
    if (!payload.artifact_error.empty()) {
        Line line(Style::words, {"The worker could not write the file: "});
        line.add(Style::text, {clip_middle(safe_text(payload.artifact_error), path_width, 35)});
        if (payload.artifact_error_permanent) {
            line.add_item(Style::words, {*payload.artifact_error_permanent ? "the same job would fail again"
                                                                           : "another try may succeed"});
        }
        return line;
    }
    if (in_parts(payload)) return parts_line(payload, path_width);
    if (payload.output_file.empty()) {
        if (payload.form == ResultPayload::Form::complete) return {};
        return {Style::words, {"The message names no file."}};
    }
    Line line(Style::words, {"File on the worker's machine: "});
    line.add(Style::code, {clip_middle(safe_text(payload.output_file), path_width, 35)});
    return line;
}

// Returns "node-1:/scratch/part-00000.csv · node-2:/scratch/part-00001.csv · … 10 more", as scp takes it, for parts
// that name their machine.
[[nodiscard]] inline Line hosts_line(const ResultPayload& payload, std::size_t most, std::size_t width) {
    Line line;
    const std::vector<OutputPart>& parts = payload.output_parts;
    if (parts.empty() || parts[0].host.empty()) return line;
    const std::size_t listed = parts.size() <= most + 1 ? parts.size() : most;
    for (std::size_t i = 0; i < listed; ++i) {
        const std::string place = concat({parts[i].host, ":", parts[i].file});
        line.add_item(Style::code, {clip_middle(safe_text(place), width, 35)});
    }
    const std::uint64_t there = (std::max)(parts_total(payload), std::uint64_t{parts.size()});
    const std::uint64_t more = there - (std::min)(missing_parts(payload), there - parts.size()) - listed;
    if (more > 0 && listed > 0) line.add_item(Style::words, {ellipsis, " ", human_count(more), " more"});
    return line;
}

// Returns "2 of 12 parts are missing: 3, 7; the numbers are of the 10 that are there", with at most `max_listed` of
// the missing ones, or one more if those are all. `brief`: only "2 of 12 parts are missing".
[[nodiscard]] inline Line missing_line(const ResultPayload& payload, std::size_t max_listed, bool brief = false) {
    const std::vector<std::uint64_t>& numbers = payload.parts_missing;
    const std::uint64_t missing = missing_parts(payload);
    if (missing == 0) return {};
    const std::uint64_t total = parts_total(payload);
    ShortText all = human_count(total > 0 ? total : missing, "part");
    if (total > 0) all = {human_count(missing), " of ", all};
    Line line(Style::strong, {all, missing == 1 ? " is missing" : " are missing"});
    if (brief) return line;
    const std::size_t listed = missing <= max_listed + 1 ? numbers.size() : (std::min)(numbers.size(), max_listed);
    for (std::size_t i = 0; i < listed; ++i) line.add(Style::words, {i == 0 ? ": " : ", ", count_text(numbers[i])});
    if (listed > 0 && missing > listed) {
        line.add(Style::words, {", ", ellipsis, " ", human_count(missing - listed), " more"});
    }
    if (total == 0) {
        line.add(Style::words, {"; the numbers are of those that are there"});
    } else if (total - missing == 1) {
        line.add(Style::words, {"; the numbers are of the one that is there"});
    } else if (total > missing) {
        line.add(Style::words, {"; the numbers are of the ", human_count(total - missing), " that are there"});
    }
    return line;
}

// Returns true for a note that says what missing_line() says: workers add one for readers that know no better.
[[nodiscard]] inline bool is_missing_note(std::string_view note, const ResultPayload& payload) {
    const std::uint64_t missing = missing_parts(payload);
    if (missing == 0) return false;
    return note.starts_with(ShortText{count_text(missing), " of ", count_text(payload.output_parts_total.value_or(0)),
                                      " parts are missing"});
}

// Returns "small enough to attach" or "too large to attach (over 50 MB)"; nothing if that is unknown or not asked.
[[nodiscard]] inline ShortText attach_text(const ResultPayload& payload, std::uint64_t attach_limit) noexcept {
    if (attach_limit == 0) return {};
    bool fits = payload.output_attachable.value_or(false);
    if (payload.output_bytes) {
        fits = can_attach(*payload.output_bytes, attach_limit);
    } else if (!payload.output_attachable || attach_limit != telegram_upload_bytes) {
        return {};
    }
    if (fits) return {"small enough to attach"};
    return {"too large to attach (over ", human_bytes(attach_limit), ")"};
}

// Returns "CSV · 80 MB, gzip of 312 MB · too large to attach (over 50 MB)". Nothing for parts, whose size is in their
// line.
[[nodiscard]] inline Line size_line(const ResultPayload& payload, std::uint64_t attach_limit) {
    Line line;
    if (in_parts(payload)) return line;
    const ShortText size = size_text(payload);
    std::string_view format = payload.output_format;
    if (!size.empty() && payload.output_uncompressed_bytes && format.ends_with(".gz")) format.remove_suffix(3);
    if (!format.empty()) {
        std::string shown = safe_text(format, 12);
        for (char& c : shown) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        line.add_item(Style::text, {shown});
    }
    if (!size.empty()) line.add_item(Style::words, {size});
    if (const ShortText attach = attach_text(payload, attach_limit); !attach.empty()) {
        line.add_item(Style::words, {attach});
    }
    return line;
}

// Returns "sha256 9f86d081…" with all 64 digits, to be compared with what sha256sum prints on the worker's machine.
[[nodiscard]] inline Line digest_line(const ResultPayload& payload) {
    if (payload.output_sha256.empty()) return {};
    Line line(Style::words, {"sha256 "});
    line.add(Style::code, {safe_text(payload.output_sha256, 64)});
    return line;
}

}  // namespace curtail::inline v0::detail
