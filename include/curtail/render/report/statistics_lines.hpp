// SPDX-License-Identifier: MIT
#pragma once
// The statistics of a prediction column as one line, its histogram as a row of blocks, its classes as a list.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload.hpp>
#include <curtail/render/report/report.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/human_units.hpp>

namespace curtail::inline v0::detail {

// At most `max_bars` blocks, one for each group of neighbouring bins, as high as the group is full; an empty
// group is a space and any other at least the lowest block. Empty when there is nothing to draw.
[[nodiscard]] inline std::string histogram_bars(const std::vector<std::uint64_t>& counts, std::size_t max_bars) {
    if (counts.empty() || max_bars == 0) return {};
    // Groups of one size look for a divisor first, so that no bar stands for fewer bins than its neighbours.
    std::size_t group = (counts.size() + max_bars - 1) / max_bars;
    for (std::size_t size = group; size < 2 * group; ++size) {
        if (counts.size() % size == 0) {
            group = size;
            break;
        }
    }
    std::vector<double> bars((counts.size() + group - 1) / group);
    for (std::size_t i = 0; i < counts.size(); ++i) bars[i / group] += static_cast<double>(counts[i]);
    const double tallest = *std::max_element(bars.begin(), bars.end());
    if (tallest <= 0) return {};
    std::string text;
    for (const double bar : bars) {
        if (bar <= 0) {
            text.push_back(' ');
            continue;
        }
        const int eighths = (std::max)(1, static_cast<int>(std::ceil(bar / tallest * 8)));
        text += "\xE2\x96";  // U+2581, one eighth, to U+2588, a full block
        text.push_back(static_cast<char>(0x80 + (std::min)(8, eighths)));
    }
    return text;
}

// "0 ▁▂▅█▅▂▁ 1": the blocks between the edges of the histogram. Empty when there is nothing to draw.
[[nodiscard]] inline std::string histogram_text(const Histogram& histogram, std::size_t max_bars) {
    if (!std::isfinite(histogram.low) || !std::isfinite(histogram.high)) return {};
    const std::string bars = histogram_bars(histogram.counts, max_bars);
    if (bars.empty()) return {};
    return human_number(histogram.low) + " " + bars + " " + human_number(histogram.high);
}

// "prediction over all 1,234,567 rows: mean 0.503 · std 0.289 · min 0 · median 0.5 · max 1". `name` is safe
// text. In brief it is the figures alone.
[[nodiscard]] inline Line statistics_line(const std::string& name, const PredictionStats& stats, bool brief) {
    Line figures;
    const auto add = [&](std::string_view label, std::optional<double> value) {
        if (value) add_item(figures, Style::words, std::string(label) + human_number(*value));
    };
    add("mean ", stats.mean);
    add("std ", stats.std);
    add("min ", stats.min);
    add(stats.median_rank_error ? "median \xE2\x89\x88 " : "median ", stats.median);
    if (stats.median && stats.median_rank_error && !brief) {
        figures.back().text += " (within " + human_percent(*stats.median_rank_error * 100) + " of the rows)";
    }
    add("max ", stats.max);
    const std::uint64_t classes = (std::max)(stats.classes_total, std::uint64_t{stats.class_distribution.size()});
    if (classes > 0) {
        add_item(figures, Style::words, human_count(classes) + (classes == 1 ? " class" : " classes"));
    }
    if (stats.n_null > 0) add_item(figures, Style::words, human_count(stats.n_null) + " empty");
    if (figures.empty()) add_item(figures, Style::words, "no numbers");

    std::string rows = stats.n_rows == 1 ? " over its 1 row: " : " over all " + human_count(stats.n_rows, "row") + ": ";
    Line line{{Style::code, name}, {Style::words, brief ? ": " : std::move(rows)}};
    line.insert(line.end(), figures.begin(), figures.end());
    return line;
}

// "yes 60% (600) · no 40% (400) · … 3 more classes (12)": at most `max_classes`, or one more where that lists
// them all.
[[nodiscard]] inline Line classes_line(const PredictionStats& stats, std::size_t max_classes, std::size_t label_width) {
    Line line;
    const auto& classes = stats.class_distribution;
    std::size_t listed = (std::min)(max_classes, classes.size());
    if (listed + 1 == classes.size()) ++listed;
    std::uint64_t rest = stats.other_count;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (i >= listed) {
            rest += classes[i].count;
            continue;
        }
        const std::string label = safe_text(classes[i].label, label_width);
        add_item(line, Style::code, label.empty() ? "\"\"" : label);
        line.push_back(
            {Style::words, " " + human_percent(classes[i].percentage) + " (" + human_count(classes[i].count) + ")"});
    }
    const std::uint64_t total = (std::max)(stats.classes_total, std::uint64_t{classes.size()});
    if (total > listed && listed > 0) {
        add_item(line, Style::words,
                 std::string(ellipsis) + " " + human_count(total - listed) +
                     (total - listed == 1 ? " more class (" : " more classes (") + human_count(rest) + ")");
    }
    return line;
}

}  // namespace curtail::inline v0::detail
