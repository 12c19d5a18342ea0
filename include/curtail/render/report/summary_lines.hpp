// SPDX-License-Identifier: MIT
#pragma once
// The lines around the sample: what this is, how much is shown, what was cut and why.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/text/find_text.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/render/report/column_choice.hpp>
#include <curtail/render/report/line.hpp>
#include <curtail/render/report/sample_view.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/human_units.hpp>
#include <curtail/render/text/wrap.hpp>

namespace curtail::inline v0::detail {

// Returns "Predictions ready · job job_0123456789ab".
[[nodiscard]] inline Line title_line(const ResultPayload& payload) {
    std::string_view title = "Result ready";
    if (payload.form == ResultPayload::Form::failure) {
        title = "Job failed";
    } else if (payload.form == ResultPayload::Form::progress) {
        title = "Job running";
    } else if (payload.form == ResultPayload::Form::other) {
        title = "Another message";
    } else if (payload.predictions_count > 0 || !payload.prediction_columns.empty()) {
        title = "Predictions ready";
    }
    Line line(Style::strong, {title});
    if (!payload.job_id.empty()) {
        line.add_item(Style::words, {"job "});
        line.add(Style::code, {safe_text(payload.job_id, 128)});
    }
    return line;
}

// Returns the number of names that names_line() lists: at most `max_names`, or one more if those are all.
[[nodiscard]] inline std::size_t names_listed(const ResultPayload& payload, std::size_t max_names) noexcept {
    const std::size_t names = payload.columns.size();
    return names <= max_names + 1 ? names : max_names;
}

// Returns "Columns: age · city · … 10 more", for a report without a table.
[[nodiscard]] inline Line names_line(const ResultPayload& payload, std::size_t max_names, std::size_t name_width) {
    const std::size_t listed = names_listed(payload, max_names);
    const std::uint64_t total = (std::max)(payload.columns_total, std::uint64_t{payload.columns.size()});
    if (listed == 0) return {};
    Line names;
    for (std::size_t i = 0; i < listed; ++i) {
        const std::string name = short_name(payload.columns[i], name_width);
        names.add_item(Style::code, {name.empty() ? "\"\"" : std::string_view(name)});
    }
    if (total > listed) names.add_item(Style::words, {ellipsis, " ", human_count(total - listed), " more"});
    Line line(Style::words, {"Columns: "});
    line.add(names);
    return line;
}

// Returns which rows are shown, such as "the last ones". Empty for the first rows and for an unknown strategy.
[[nodiscard]] inline std::string_view rows_chosen(std::string_view strategy) noexcept {
    constexpr std::string_view known[][2] = {
        {tail_strategy, "the last ones"},
        {random_strategy, "a random choice"},
        {highest_strategy, "the highest predictions"},
        {lowest_strategy, "the lowest predictions"},
    };
    for (const auto& [name, words] : known) {
        if (strategy == name) return words;
    }
    return {};
}

// Returns "rows 9,000,001–9,000,010 of 10,320,000" for the first `shown` rows of a page, numbered from 1. Empty for
// another sample, and if they are not consecutive rows of the table.
[[nodiscard]] inline ShortText page_text(const ResultPayload& payload, std::size_t shown, std::uint64_t rows) {
    const std::vector<std::uint64_t>& numbers = payload.sample_row_numbers;
    if (payload.sample_strategy != page_strategy || shown == 0 || numbers.size() < shown) return {};
    if (numbers[0] >= rows || rows - numbers[0] < shown) return {};
    for (std::size_t i = 0; i < shown; ++i) {
        if (numbers[i] != numbers[0] + i) return {};
    }
    const ShortText last = shown == 1 ? ShortText() : ShortText{"\xE2\x80\x93", human_count(numbers[0] + shown)};
    return {shown == 1 ? "row " : "rows ", human_count(numbers[0] + 1), last, " of ", human_count(rows)};
}

// Returns " + prediction" or " + 2 of 3 predictions", for a message with predictions.
[[nodiscard]] inline ShortText predictions_shown(std::size_t shown, std::size_t total) noexcept {
    if (total == 1) return {shown == 1 ? " + prediction" : " + 0 of 1 prediction"};
    const ShortText of = shown < total ? ShortText{human_count(shown), " of "} : ShortText();
    return {" + ", of, human_count(total, "prediction")};
}

// Returns true if the message has a table of which not one cell is shown, because of its layout: columns are missing,
// although the message names as many as there are. Where it names fewer, it may have no table at all.
[[nodiscard]] inline bool hides_table(const ResultPayload& payload) {
    const auto& cut = payload.truncation;
    return payload.sample.empty() && payload.columns_total <= payload.columns.size() &&
           has_text(cut, truncation_columns);
}

// Returns true if the message has a table that is not shown, and not even its number of columns is known.
[[nodiscard]] inline bool has_unknown_columns(const ResultPayload& payload) {
    return hides_table(payload) && payload.columns.empty();
}

// Returns "10 of 1,234,567 rows (the last ones) · 4 of 12 columns + prediction"; of a page, which rows. A summary has
// no rows to show and says how many there are, as far as it is known: 0 may mean that the message does not say.
[[nodiscard]] inline Line counts_line(const ResultPayload& payload, const SampleView& view, std::size_t rows_shown,
                                      const ColumnChoice& shown) {
    const std::uint64_t rows = (std::max)(payload.rows, std::uint64_t{view.rows_in_message()});
    const ShortText columns = human_count(view.features_total(), "column");
    if (payload.form == ResultPayload::Form::summary) {
        Line line;
        if (rows > 0) line.add_item(Style::strong, {human_count(rows, "row")});
        if (view.features_total() > 0) line.add_item(Style::words, {columns});
        return line;
    }
    const bool counted = rows > 0 || view.features_total() > 0;
    if (payload.form == ResultPayload::Form::complete && !counted && !payload.notes.empty()) return {};
    Line line;
    if (const ShortText page = page_text(payload, rows_shown, rows); !page.empty()) {
        line.add(Style::strong, {page});
    } else {
        line.add(Style::strong, {human_count(rows_shown), " of ", human_count(rows, "row")});
    }
    const std::string_view chosen = rows_chosen(payload.sample_strategy);
    if (!chosen.empty() && rows_shown > 0 && rows_shown < rows) line.add(Style::words, {" (", chosen, ")"});
    if (has_unknown_columns(payload)) {
        line.add_item(Style::words, {"unknown columns"});
    } else {
        line.add_item(Style::words, {human_count(shown.features()), " of ", columns});
    }
    if (rows_shown > 0 && view.predictions() > 0) {
        line.add(Style::words, {predictions_shown(shown.predictions, view.predictions())});
    }
    if (payload.predictions_count != rows && (payload.predictions_count > 0 || view.predictions() > 0)) {
        line.add_item(Style::words, {human_count(payload.predictions_count), " predicted"});
    }
    return line;
}

// Adds "parts of 3 cells, the largest of 1.2 GB".
inline void add_cut_cells(Line& cuts, const ResultPayload& payload, std::uint64_t cells) {
    std::uint64_t largest = 0;
    for (const TruncatedCell& cell : payload.cells_truncated) largest = (std::max)(largest, cell.bytes);
    cuts.add_item(Style::words, {"parts of ", human_count(cells, "cell")});
    if (largest > 0) cuts.add(Style::words, {cells == 1 ? " of " : ", the largest of ", human_bytes(largest)});
}

// Returns "Not in the message: other rows · other columns · parts of 3 cells, the largest of 1.2 GB"; nothing if the
// message holds the whole table. Of a complete message, the number of its rows may be only what it claims, so the line
// says that it carried all of them only if they are shown.
[[nodiscard]] inline Line cut_line(const ResultPayload& payload, std::size_t rows_shown) {
    if (payload.form == ResultPayload::Form::complete) {
        if (hides_table(payload)) return {Style::words, {"The message carried a table that is not shown."}};
        if (payload.rows == 0) return {};
        const std::uint64_t shown = payload.sample.empty() ? rows_shown : (std::min)(rows_shown, payload.sample.size());
        if (payload.rows > shown) {
            const std::uint64_t skipped = payload.rows - shown;
            const std::string_view verb = skipped == 1 ? " is" : " are";
            return {Style::words, {human_count(skipped, "row"), " of the table", verb, " not shown."}};
        }
        if (payload.sample.empty() && payload.columns_total > 0) return {};
        return {Style::words, {"The message carried every row."}};
    }
    Line cuts;
    const bool missing = payload.parts_missing_total > 0 || !payload.parts_missing.empty();
    const std::uint64_t cells =
        (std::max)(payload.cells_truncated_total, std::uint64_t{payload.cells_truncated.size()});
    for (std::size_t i = 0; i < payload.truncation.size() && i < 6; ++i) {
        const std::string& why = payload.truncation[i];
        if (why == truncation_cells && cells > 0) continue;  // counted below
        if (why == truncation_parts && missing) continue;    // said above the sample
        if (why == truncation_rows || why == truncation_columns) {
            cuts.add_item(Style::words, {"other ", why});
        } else if (why == truncation_stats) {
            cuts.add_item(Style::words, {"other class labels"});
        } else if (why == truncation_parts) {
            cuts.add_item(Style::words, {"names of other parts"});
        } else {
            cuts.add_item(Style::text, {safe_text(why, 20)});
        }
    }
    if (cells > 0) add_cut_cells(cuts, payload, cells);
    if (cuts.empty()) {
        if (!payload.truncated || missing) return {};
        return {Style::words, {"The message does not carry the whole table."}};
    }
    Line line(Style::words, {"Not in the message: "});
    line.add(cuts);
    return line;
}

// Returns "█████░░░░░░░░░░░░░░░ 25%".
[[nodiscard]] inline ShortText progress_bar(double percent) noexcept {
    constexpr int cells = 20;
    const double share = is_finite(percent) ? (std::min)(100.0, (std::max)(0.0, percent)) : 0.0;
    const int full = static_cast<int>(share / 100 * cells);
    ShortText bar;
    for (int i = 0; i < cells; ++i) bar.add(i < full ? "\xE2\x96\x88" : "\xE2\x96\x91");
    bar.add(" ");
    bar.add(human_percent(share));
    return bar;
}

}  // namespace curtail::inline v0::detail
