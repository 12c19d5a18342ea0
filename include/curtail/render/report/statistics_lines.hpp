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
#include <curtail/core/text/ascii.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/render/report/line.hpp>
#include <curtail/render/text/human_units.hpp>
#include <curtail/render/text/wrap.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Returns at most `max_bars` blocks, one per group of neighbouring bins and as high as the group is full. An empty
// group is a space, any other at least the lowest block. Returns nothing if all bins are empty.
[[nodiscard]] inline std::string histogram_bars(const std::vector<std::uint64_t>& counts, std::size_t max_bars) {
    if (counts.empty() || max_bars == 0) return {};
    // Prefers a size that divides the number of bins, so that no bar counts fewer bins than the others.
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

// Returns "0 ▁▂▅█▅▂▁ 1": the blocks between the smallest and the largest number, or between the edges of the histogram
// if those are not known. Returns nothing if there is nothing to draw. `decimals` as in human_number().
[[nodiscard]] inline std::string histogram_text(const PredictionStats& stats, std::size_t max_bars, int decimals = 0) {
    if (!stats.histogram) return {};
    double low = stats.histogram->low;
    double high = stats.histogram->high;
    std::vector<std::uint64_t> counts = stats.histogram->counts;
    if (stats.min && stats.max) {
        low = stats.min->value();
        high = stats.max->value();
        while (!counts.empty() && counts.back() == 0) counts.pop_back();
        std::size_t empty = 0;
        while (empty < counts.size() && counts[empty] == 0) ++empty;
        counts.erase(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(empty));
    }
    if (!is_finite(low) || !is_finite(high)) return {};
    const std::string bars = histogram_bars(counts, max_bars);
    if (bars.empty()) return {};
    return concat({human_number(low, decimals), " ", bars, " ", human_number(high, decimals)});
}

// Returns an integer with all of its digits, and any other number as human_number() does.
[[nodiscard]] inline ShortText human_extreme(const Extreme& extreme, int decimals) noexcept {
    const std::string_view text = extreme.text();
    if (decimals != 0 || text.find_first_not_of("-0123456789") != std::string_view::npos) {
        return human_number(extreme.value(), decimals);
    }
    const std::size_t sign = text.starts_with('-') ? 1 : 0;
    return {text.substr(0, sign), group_digits(text.substr(sign))};
}

[[nodiscard]] inline std::uint64_t classes_of(const PredictionStats& stats) noexcept {
    return (std::max)(stats.classes_total, std::uint64_t{stats.class_distribution.size()});
}

// Returns true if each prediction is one of at most two classes, whose mean says nothing. Two distinct numbers among
// fewer than ten predictions are not classes, unless they are 0, 1 or -1, which mean yes and no.
[[nodiscard]] inline bool is_binary(const PredictionStats& stats) noexcept {
    const auto& classes = stats.class_distribution;
    if (classes.empty() || classes.size() > 2 || classes_of(stats) != classes.size()) return false;
    if (stats.class_counts_are_lower_bounds) return false;
    const bool flags = std::all_of(classes.begin(), classes.end(), [](const ClassCount& one) {
        return one.label == "0" || one.label == "1" || one.label == "-1";
    });
    return flags || !stats.mean || stats.n_rows - (std::min)(stats.n_null, stats.n_rows) >= 10;
}

// Adds "yes 60% (600)", or "1: 60% (600)" if two numbers would be side by side.
inline void add_class(Line& line, const ClassCount& one, std::size_t label_width) {
    const std::string label = short_name(one.label, label_width);
    line.add_item(Style::code, {label.empty() ? "\"\"" : std::string_view(label)});
    const bool number = !label.empty() && (label[0] == '-' || is_digit(label[0]));
    line.add(Style::words, {number ? ": " : " ", human_percent(one.percentage), " (", human_count(one.count), ")"});
}

// How a line of statistics is written.
struct StatisticsStyle {
    bool rows = true;              // with "over all 1,234,567 rows"
    bool all = true;               // these are all rows of the table
    bool brief = false;            // without the accuracy of an estimate
    std::size_t label_width = 40;  // of a class, in cells
    int decimals = 0;              // as in human_number()
};

// Returns "mean 0.503 · std 0.289 · min 0 · median 0.5 · max 1", or "yes 60% (600) · no 40% (400)" for binary
// predictions.
[[nodiscard]] inline Line statistics_items(const PredictionStats& stats, const StatisticsStyle& style) {
    Line line;
    const auto add = [&](std::string_view label, const std::optional<double>& value, int decimals) {
        if (value) line.add_item(Style::words, {label, human_number(*value, decimals)});
    };
    const auto add_extreme = [&](std::string_view label, const std::optional<Extreme>& extreme) {
        if (extreme) line.add_item(Style::words, {label, human_extreme(*extreme, style.decimals)});
    };
    const std::uint64_t classes = classes_of(stats);
    if (is_binary(stats)) {
        for (const ClassCount& one : stats.class_distribution) add_class(line, one, style.label_width);
    } else {
        add("mean ", stats.mean, 0);
        add("std ", stats.std, 0);
        add_extreme("min ", stats.min);
        add(stats.median_rank_error ? "median \xE2\x89\x88 " : "median ", stats.median, style.decimals);
        if (stats.median && stats.median_rank_error && !style.brief) {
            line.add(Style::words, {" (within ", human_percent(*stats.median_rank_error * 100), " of the rows)"});
        }
        add_extreme("max ", stats.max);
        if (classes > 0) {
            const std::string_view about = stats.class_counts_are_lower_bounds ? "about " : "";
            line.add_item(Style::words, {about, human_count(classes), classes == 1 ? " class" : " classes"});
        }
    }
    if (stats.n_null > 0) line.add_item(Style::words, {human_count(stats.n_null), " empty"});
    if (line.empty() && stats.histogram) {
        const auto edge = [&](double value) { return human_number(value, style.decimals); };
        line.add(Style::words, {"from ", edge(stats.histogram->low), " to ", edge(stats.histogram->high)});
    }
    if (line.empty()) line.add(Style::words, {"no numbers"});
    return line;
}

// Returns "over all 1,234,567 rows:", or "over 1,234,567 rows:" if these are not all.
[[nodiscard]] inline ShortText over_rows(std::uint64_t rows, bool all) noexcept {
    if (!all) return {"over ", human_count(rows, "row"), ":"};
    return rows == 1 ? ShortText{"over its 1 row:"} : ShortText{"over all ", human_count(rows, "row"), ":"};
}

// Returns true if there are no statistics: those of a table without rows, or unknown ones.
[[nodiscard]] inline bool says_nothing(const PredictionStats& stats) {
    return stats == PredictionStats();
}

// Returns false if the number of rows is not known: it is 0, but there are statistics.
[[nodiscard]] inline bool says_rows(const PredictionStats& stats) {
    return stats.n_rows != 0 || says_nothing(stats);
}

// Returns "prediction over all 1,234,567 rows: mean 0.503 · std 0.289 · …". `name` is safe text.
[[nodiscard]] inline Line statistics_line(const std::string& name, const PredictionStats& stats,
                                          const StatisticsStyle& style) {
    Line line(Style::code, {name});
    if (style.rows && says_rows(stats)) {
        line.add(Style::words, {" ", over_rows(stats.n_rows, style.all), " "});
    } else {
        line.add(Style::words, {": "});
    }
    line.add(statistics_items(stats, style));
    return line;
}

// Returns "yes 60% (600) · no 40% (400) · … 3 more classes (12)": at most `max_classes`, or one more if those are all.
// Lower bounds begin with "at least: ", and what they leave for other classes is then the most that these can have.
// Returns nothing for binary predictions, whose statistics are these.
[[nodiscard]] inline Line classes_line(const PredictionStats& stats, std::size_t max_classes, std::size_t label_width) {
    Line line;
    if (is_binary(stats)) return line;
    const auto& classes = stats.class_distribution;
    std::size_t listed = (std::min)(max_classes, classes.size());
    if (listed + 1 == classes.size()) ++listed;
    std::uint64_t rest = stats.other_count;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (i < listed) {
            add_class(line, classes[i], label_width);
        } else {
            rest += classes[i].count;
        }
    }
    const std::uint64_t total = classes_of(stats);
    if (total > listed && listed > 0) {
        line.add_item(Style::words, {ellipsis, " ", human_count(total - listed),
                                     total - listed == 1 ? " more class (" : " more classes (",
                                     stats.class_counts_are_lower_bounds ? "at most " : "", human_count(rest), ")"});
    }
    if (!stats.class_counts_are_lower_bounds || line.empty()) return line;
    Line bounds(Style::words, {"at least: "});
    bounds.add(line);
    return bounds;
}

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
