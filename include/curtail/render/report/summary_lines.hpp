// SPDX-License-Identifier: MIT
#pragma once
// The lines around the sample: what this is, how much of how much is shown, what was cut and why, where the
// file is.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/payload/result_payload.hpp>
#include <curtail/render/render_options.hpp>
#include <curtail/render/report/column_choice.hpp>
#include <curtail/render/report/report.hpp>
#include <curtail/render/report/sample_view.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/human_units.hpp>

namespace curtail::inline v0::detail {

// "Predictions ready · job job_0123456789ab".
[[nodiscard]] inline Line title_line(const ResultPayload& payload) {
    std::string title = "Result ready";
    if (payload.form == ResultPayload::Form::failure) {
        title = "Job failed";
    } else if (payload.form == ResultPayload::Form::progress) {
        title = "Job running";
    } else if (payload.predictions_count > 0 || !payload.prediction_columns.empty()) {
        title = "Predictions ready";
    }
    Line line{{Style::strong, title}};
    if (!payload.job_id.empty()) {
        add_item(line, Style::words, "job ");
        line.push_back({Style::code, safe_text(payload.job_id, 128)});
    }
    return line;
}

// How many names names_line lists: at most `most`, or one more where that lists them all.
[[nodiscard]] inline std::size_t names_listed(const ResultPayload& payload, std::size_t most) noexcept {
    const std::size_t names = payload.columns.size();
    return names <= most + 1 ? names : most;
}

// "Columns: age · city · … 10 more": the names, where there is no table to head.
[[nodiscard]] inline Line names_line(const ResultPayload& payload, std::size_t most, std::size_t name_width) {
    const std::size_t listed = names_listed(payload, most);
    const std::uint64_t total = (std::max)(payload.columns_total, std::uint64_t{payload.columns.size()});
    if (listed == 0) return {};
    Line names;
    for (std::size_t i = 0; i < listed; ++i) {
        const std::string name = safe_text(payload.columns[i], name_width);
        add_item(names, Style::code, name.empty() ? "\"\"" : name);
    }
    if (total > listed)
        add_item(names, Style::words, std::string(ellipsis) + " " + human_count(total - listed) + " more");
    names.insert(names.begin(), {Style::words, "Columns: "});
    return names;
}

// "the last ones": which rows are shown. Empty for the first ones and for a strategy that is not known here.
[[nodiscard]] inline std::string_view rows_chosen(const ResultPayload& payload) noexcept {
    constexpr std::pair<std::string_view, std::string_view> known[] = {
        {"tail", "the last ones"},
        {"head_and_tail", "the first and the last"},
        {"random", "a random choice"},
        {"highest_predictions", "the highest predictions"},
        {"lowest_predictions", "the lowest predictions"},
    };
    for (const auto& [strategy, words] : known) {
        if (payload.sample_strategy == strategy) return words;
    }
    return {};
}

// "10 of 1,234,567 rows (the last ones) · 4 of 12 columns + prediction": what is shown of the whole. A message
// that has no rows to show says how many there are.
[[nodiscard]] inline Line counts_line(const ResultPayload& payload, const SampleView& view, std::size_t rows_shown,
                                      const ColumnChoice& shown) {
    const std::uint64_t rows = (std::max)(payload.rows, std::uint64_t{view.rows_in_message()});
    const std::uint64_t columns = view.features_total();
    if (payload.form == ResultPayload::Form::summary) {
        Line line{{Style::strong, human_count(rows, "row")}};
        add_item(line, Style::words, human_count(columns, "column"));
        return line;
    }
    Line line{{Style::strong, human_count(rows_shown) + " of " + human_count(rows, "row")}};
    const std::string_view chosen = rows_chosen(payload);
    if (!chosen.empty() && rows_shown > 0 && rows_shown < rows) {
        line.push_back({Style::words, " (" + std::string(chosen) + ")"});
    }
    add_item(line, Style::words, human_count(shown.features()) + " of " + human_count(columns, "column"));
    if (rows_shown > 0 && view.predictions() == 1) {
        line.push_back({Style::words, shown.predictions == 1 ? " + prediction" : " + 0 of 1 prediction"});
    } else if (rows_shown > 0 && view.predictions() > 1) {
        const std::string of = shown.predictions == view.predictions() ? "" : human_count(shown.predictions) + " of ";
        line.push_back({Style::words, " + " + of + human_count(view.predictions(), "prediction")});
    }
    if (payload.predictions_count != rows && (payload.predictions_count > 0 || view.predictions() > 0)) {
        add_item(line, Style::words, human_count(payload.predictions_count) + " predicted");
    }
    return line;
}

// "Not in the message: other rows · other columns · parts of 3 cells, the largest of 1.2 GB". Empty when it
// had all.
[[nodiscard]] inline Line cut_line(const ResultPayload& payload, std::size_t rows_shown) {
    Line cuts;
    if (payload.form == ResultPayload::Form::complete) {
        const std::string skipped = human_count(payload.rows - (std::min)(payload.rows, std::uint64_t{rows_shown}));
        if (skipped == "0") return {{Style::words, "The message carried every row."}};
        return {{Style::words, "The message carried every row; " + skipped + " of them are not shown."}};
    }
    const std::uint64_t cells =
        (std::max)(payload.cells_truncated_total, std::uint64_t{payload.cells_truncated.size()});
    for (std::size_t i = 0; i < payload.truncation.size() && i < 6; ++i) {
        const std::string& why = payload.truncation[i];
        if (why == "cells" && cells > 0) continue;  // counted below
        if (why == "rows" || why == "columns") {
            add_item(cuts, Style::words, "other " + why);
        } else if (why == "stats") {
            add_item(cuts, Style::words, "other class labels");
        } else {
            add_item(cuts, Style::text, safe_text(why, 20));
        }
    }
    if (cells > 0) {
        std::uint64_t largest = 0;
        for (const TruncatedCell& cell : payload.cells_truncated) largest = (std::max)(largest, cell.bytes);
        const std::string size = largest == 0 ? "" : (cells == 1 ? " of " : ", the largest of ") + human_bytes(largest);
        add_item(cuts, Style::words, "parts of " + human_count(cells, "cell") + size);
    }
    if (cuts.empty() && !payload.truncated) return {};
    Line line{{Style::words, cuts.empty() ? "The message does not carry the whole table." : "Not in the message: "}};
    line.insert(line.end(), cuts.begin(), cuts.end());
    return line;
}

// "File on the worker's machine: /data/predictions_job_1.csv". Shortened in its middle, a path keeps its file
// name. Or "The worker could not write the file: no space left on the device".
[[nodiscard]] inline Line file_line(const ResultPayload& payload, std::size_t path_width) {
    if (!payload.artifact_error.empty()) {
        Line line{{Style::words, "The worker could not write the file: "},
                  {Style::text, clip_middle(safe_text(payload.artifact_error), path_width, 35)}};
        if (payload.artifact_error_permanent) {
            add_item(line, Style::words,
                     *payload.artifact_error_permanent ? "the same job would fail again" : "another try may succeed");
        }
        return line;
    }
    if (payload.output_file.empty()) {
        if (payload.form == ResultPayload::Form::complete) return {};
        return {{Style::words, "The message names no file."}};
    }
    return {{Style::words, "File on the worker's machine: "},
            {Style::code, clip_middle(safe_text(payload.output_file), path_width, 35)}};
}

// "CSV · 1.2 GB · too large to attach (the limit is 50 MB)".
[[nodiscard]] inline Line size_line(const ResultPayload& payload, std::uint64_t attach_limit) {
    Line line;
    if (!payload.output_format.empty()) {
        std::string format = safe_text(payload.output_format, 12);
        for (char& c : format) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        add_item(line, Style::text, format);
    }
    if (!payload.output_bytes) return line;
    add_item(line, Style::words, human_bytes(*payload.output_bytes));
    if (attach_limit > 0) {
        const bool fits = can_attach(*payload.output_bytes, attach_limit);
        add_item(line, Style::words,
                 (fits ? "small enough to attach (the limit is " : "too large to attach (the limit is ") +
                     human_bytes(attach_limit) + ")");
    }
    return line;
}

// "sha256 9f86d081…": all 64 digits, to be held against what sha256sum prints on the worker's machine.
[[nodiscard]] inline Line digest_line(const ResultPayload& payload) {
    if (payload.output_sha256.empty()) return {};
    return {{Style::words, "sha256 "}, {Style::code, safe_text(payload.output_sha256, 64)}};
}

// "█████░░░░░░░░░░░░░░░ 25%".
[[nodiscard]] inline std::string progress_bar(double percent) {
    constexpr int cells = 20;
    const double share = std::isfinite(percent) ? (std::min)(100.0, (std::max)(0.0, percent)) : 0.0;
    const int full = static_cast<int>(share / 100 * cells);
    std::string bar;
    for (int i = 0; i < cells; ++i) bar += i < full ? "\xE2\x96\x88" : "\xE2\x96\x91";
    return bar + " " + human_percent(share);
}

}  // namespace curtail::inline v0::detail
