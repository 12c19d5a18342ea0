// SPDX-License-Identifier: MIT
#pragma once
// The statistics of a prediction column as one line, its histogram as a row of blocks, its classes as a list.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/render/report/line.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/human_units.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Returns at most `max_bars` blocks, one per group of neighbouring bins and as high as the group is full. An empty
// group is a space, any other at least the lowest block. Returns nothing if all bins are empty.
[[nodiscard]] inline std::string histogram_bars(const std::vector<std::uint64_t>& counts, std::size_t max_bars) {
    if (counts.empty() || max_bars == 0) return {};
    // Prefers a size that divides the number of bins, so that no bar stands for fewer bins than the others.
    std::size_t group = (counts.size() + max_bars - 1) / max_bars;
    for (std::size_t size = group; size < 2 * group; ++size) {
        if (counts.size() % size == 0) {
            group = size;
            break;
        }
    }
    std::vector<double> bars((counts.size() + group - 1) / group);
    double tallest = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        double& bar = bars[i / group];
        bar += static_cast<double>(counts[i]);
        tallest = (std::max)(tallest, bar);
    }
    if (tallest <= 0) return {};
    std::string text;
    for (const double bar : bars) {
        if (bar <= 0) {
            text += ' ';
            continue;
        }
        const double eighths = bar / tallest * 8;
        int height = static_cast<int>(eighths);
        if (height < eighths) ++height;
        text += "\xE2\x96";  // U+2581, one eighth, to U+2588, a full block
        text += static_cast<char>(0x80 + (std::min)(8, height));
    }
    return text;
}

// Returns "0 ▁▂▅█▅▂▁ 1": the blocks between the edges of the histogram. Returns nothing if there is nothing to draw.
[[nodiscard]] inline std::string histogram_text(const Histogram& histogram, std::size_t max_bars) {
    if (!is_finite(histogram.low) || !is_finite(histogram.high)) return {};
    const std::string bars = histogram_bars(histogram.counts, max_bars);
    if (bars.empty()) return {};
    std::string text = human_number(histogram.low);
    text += ' ';
    text += bars;
    text += ' ';
    text += human_number(histogram.high);
    return text;
}

// Returns the numbers of statistics_line().
[[nodiscard]] inline Line statistics_items(const PredictionStats& stats, bool brief) {
    Line line;
    const auto add = [&](std::string_view label, const std::optional<double>& value) {
        if (value) line.add_item(Style::words, {label, human_number(*value)});
    };
    add("mean ", stats.mean);
    add("std ", stats.std);
    add("min ", stats.min);
    add(stats.median_rank_error ? "median \xE2\x89\x88 " : "median ", stats.median);
    if (stats.median && stats.median_rank_error && !brief) {
        line.add(Style::words, {" (within ", human_percent(*stats.median_rank_error * 100), " of the rows)"});
    }
    add("max ", stats.max);
    const std::uint64_t classes = (std::max)(stats.classes_total, std::uint64_t{stats.class_distribution.size()});
    if (classes > 0) line.add_item(Style::words, {human_count(classes), classes == 1 ? " class" : " classes"});
    if (stats.n_null > 0) line.add_item(Style::words, {human_count(stats.n_null), " empty"});
    if (line.empty()) line.add(Style::words, {"no numbers"});
    return line;
}

// Returns "prediction over all 1,234,567 rows: mean 0.503 · std 0.289 · min 0 · median 0.5 · max 1", without the rows
// if `brief`. `name` is safe text.
[[nodiscard]] inline Line statistics_line(const std::string& name, const PredictionStats& stats, bool brief) {
    Line line(Style::code, {name});
    if (brief) {
        line.add(Style::words, {": "});
    } else if (stats.n_rows == 1) {
        line.add(Style::words, {" over its 1 row: "});
    } else {
        line.add(Style::words, {" over all ", human_count(stats.n_rows, "row"), ": "});
    }
    line.add(statistics_items(stats, brief));
    return line;
}

// Returns "yes 60% (600) · no 40% (400) · … 3 more classes (12)": at most `max_classes`, or one more if those are all.
[[nodiscard]] inline Line classes_line(const PredictionStats& stats, std::size_t max_classes, std::size_t label_width) {
    Line line;
    const auto& classes = stats.class_distribution;
    std::size_t listed = (std::min)(max_classes, classes.size());
    if (listed + 1 == classes.size()) ++listed;
    for (std::size_t i = 0; i < listed; ++i) {
        const std::string label = safe_text(classes[i].label, label_width);
        line.add_item(Style::code, {label.empty() ? "\"\"" : std::string_view(label)});
        line.add(Style::words, {" ", human_percent(classes[i].percentage), " (", human_count(classes[i].count), ")"});
    }
    std::uint64_t rest = stats.other_count;
    for (std::size_t i = listed; i < classes.size(); ++i) rest += classes[i].count;
    const std::uint64_t total = (std::max)(stats.classes_total, std::uint64_t{classes.size()});
    if (total > listed && listed > 0) {
        line.add_item(Style::words,
                      {ellipsis, " ", human_count(total - listed),
                       total - listed == 1 ? " more class (" : " more classes (", human_count(rest), ")"});
    }
    return line;
}

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
