// SPDX-License-Identifier: MIT
#pragma once
// Collects the list of parts and that of missing ones.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/list_collectors.hpp>

namespace curtail::inline v0::detail {

// [{file, rows, bytes, sha256, host}]: the first parts, and the number of all. An entry that is not an object is
// counted.
class PartCollector {
  public:
    // What the kept parts have together. Nothing if one does not say it, or if it is more than can be counted.
    using Sum = std::optional<std::uint64_t>;

    CollectorAnswer value(JsonKind kind, const KeyText& key, Limits& limits) {
        if (level_ == 0) return kind == JsonKind::array ? CollectorAnswer::enter : CollectorAnswer::skip;
        if (level_ == 1) return begin_part(kind, limits);
        member_ = kind == JsonKind::array || kind == JsonKind::object ? Key::unknown : find_key(key.text);
        switch (member_) {
            case Key::file: return CollectorAnswer::text;
            case Key::rows:
            case Key::bytes:
            case Key::sha256:
            case Key::host: return CollectorAnswer::name;
            default: return CollectorAnswer::skip;
        }
    }

    void cell(SampleCell&& cell, Limits& limits) {
        OutputPart& part = parts_.back();
        switch (member_) {
            case Key::rows: part_rows_ = to_count(cell); break;
            case Key::bytes: part_bytes_ = to_count(cell); break;
            case Key::file: keep(part.file, std::move(cell), limits); break;
            case Key::sha256: keep(part.sha256, std::move(cell), limits); break;
            default: keep(part.host, std::move(cell), limits);
        }
    }

    void enter() noexcept { ++level_; }
    void leave(const Limits&) noexcept {
        whole_ = --level_ == 0;
        if (level_ != 1) return;
        parts_.back().rows = part_rows_.value_or(0);
        parts_.back().bytes = part_bytes_.value_or(0);
        rows_ = sum(rows_, part_rows_);
        bytes_ = sum(bytes_, part_bytes_);
    }
    void skipped(std::uint64_t count) noexcept { left_out_ += count; }

    [[nodiscard]] bool present() const noexcept { return level_ != 0 || whole_; }
    [[nodiscard]] bool whole() const noexcept { return whole_; }
    [[nodiscard]] const std::vector<OutputPart>& parts() const noexcept { return parts_; }
    [[nodiscard]] std::uint64_t total() const noexcept { return parts_.size() + left_out_; }
    [[nodiscard]] Sum rows() const noexcept { return rows_; }
    [[nodiscard]] Sum bytes() const noexcept { return bytes_; }

  private:
    CollectorAnswer begin_part(JsonKind kind, Limits& limits) {
        if (parts_.size() >= max_listed_parts || limits.spent()) return CollectorAnswer::skip_rest;
        if (kind != JsonKind::object) {
            ++left_out_;
            return CollectorAnswer::skip;
        }
        limits.spend(sizeof(OutputPart));
        parts_.emplace_back();
        part_rows_.reset();
        part_bytes_.reset();
        return CollectorAnswer::enter;
    }

    static void keep(std::string& place, SampleCell&& cell, Limits& limits) {
        limits.refund_text(place);
        limits.spend_text(cell.text);
        place = std::move(cell.text);
    }

    [[nodiscard]] static Sum sum(Sum all, Sum part) noexcept {
        if (!all || !part || *part > (std::numeric_limits<std::uint64_t>::max)() - *all) return {};
        return *all + *part;
    }

    std::vector<OutputPart> parts_;
    Sum rows_ = 0;
    Sum bytes_ = 0;
    Sum part_rows_;   // of the current part
    Sum part_bytes_;  // the same
    std::uint64_t left_out_ = 0;
    std::size_t level_ = 0;
    Key member_ = Key::unknown;
    bool whole_ = false;
};

// [3, 7]: the first numbers of missing parts, and how many there are.
class MissingPartCollector : public CountListCollector {
  public:
    CollectorAnswer value(JsonKind kind, const KeyText&, const Limits& limits) {
        return value_up_to(max_listed_missing, kind, limits);
    }
};

}  // namespace curtail::inline v0::detail
