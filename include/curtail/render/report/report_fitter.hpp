// SPDX-License-Identifier: MIT
#pragma once
// The fullest report of a payload that stays within a limit: what gives way, and in which order.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload.hpp>
#include <curtail/render/render_options.hpp>
#include <curtail/render/report/markup.hpp>
#include <curtail/render/report/report.hpp>
#include <curtail/render/report/sample_view.hpp>
#include <curtail/render/report/statistics_lines.hpp>
#include <curtail/render/report/summary_lines.hpp>
#include <curtail/render/report/text_table.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/display_width.hpp>

namespace curtail::inline v0::detail {

// RenderOptions with every default filled in.
struct RenderLimits {
    Markup markup;
    std::size_t limit;
    LimitUnit unit;
    std::size_t max_bytes;
    std::size_t max_width;
    std::size_t max_rows;
    std::uint64_t attach_limit;
};

// How much is said beside the rows.
struct DetailLevel {
    std::size_t statistics;  // prediction columns whose statistics are given
    std::size_t bars;        // of a histogram
    std::size_t classes;     // listed for each prediction column
    std::size_t names;       // of columns, where there is no table
    std::size_t notes;
    std::size_t note_width;
    std::size_t name_width;
    std::size_t table_width;
    std::size_t card_fields;
    std::size_t path_width;
    bool full;   // with title, size of the file and what was cut
    bool brief;  // the statistics without their count of rows
};

// From the first to the last: rows give way first, down to three; then notes, classes and the width of the
// table; then rows down to none. The path is shortened and the histogram left out only after that.
inline constexpr DetailLevel detail_levels[] = {
    {6, 24, 6, 12, 4, 200, 40, any_width, 20, any_width, true, false},  //
    {3, 24, 3, 8, 2, 100, 24, any_width, 12, any_width, true, false},   //
    {2, 16, 3, 4, 1, 60, 20, 34, 8, any_width, true, false},            //
    {1, 12, 0, 0, 0, 0, 16, 28, 5, any_width, false, false},            //
    {1, 12, 0, 0, 0, 0, 16, 28, 5, 40, false, false},                   //
    {1, 0, 0, 0, 0, 0, 12, 24, 3, 24, false, true},
};
inline constexpr std::size_t with_full_path = 4;  // so many of them leave the path as it is

class ReportFitter {
  public:
    ReportFitter(const ResultPayload& payload, const RenderLimits& limits)
        : payload_(payload),
          limits_(limits),
          max_width_(widest(limits)),
          longest_path_((std::max)(limits.limit / 3, std::size_t{24})),
          view_(payload, most_rows(payload, limits), max_width_) {}

    [[nodiscard]] std::string render() {
        switch (payload_.form) {
            case ResultPayload::Form::failure: return failure();
            case ResultPayload::Form::progress: return progress();
            default: return result();
        }
    }

  private:
    // A character takes two cells at most, so a line of more cells than this could not be shown.
    [[nodiscard]] static std::size_t widest(const RenderLimits& limits) noexcept {
        const std::size_t width = (std::min)(limits.max_width, std::size_t{100'000});
        return limits.limit < width ? (std::min)(width, 2 * limits.limit) : width;
    }

    [[nodiscard]] static std::size_t most_rows(const ResultPayload& payload, const RenderLimits& limits) noexcept {
        const std::size_t rows = (std::max)(payload.sample.size(), payload.predictions_sample.size());
        const bool all = rows <= limits.max_rows || (limits.max_rows > 0 && rows - limits.max_rows <= 3);
        return (std::min)(all ? rows : limits.max_rows, limits.limit);
    }

    [[nodiscard]] bool fits(const MarkupWriter& writer) const noexcept {
        return writer.units() <= limits_.limit && writer.text().size() <= limits_.max_bytes;
    }

    [[nodiscard]] MarkupWriter write(const Report& report) const {
        MarkupWriter writer(limits_.markup, limits_.unit);
        writer.add(report);
        return writer;
    }

    // Three rows are worth more than notes, classes and width, and one row is; the whole path is worth more
    // than a row.
    [[nodiscard]] std::string result() {
        const std::size_t enough = (std::min)(rows_to_show(), std::size_t{3});
        Fit best;
        for (std::size_t i = 0; i < std::size(detail_levels) && !(i == with_full_path && best.found); ++i) {
            Fit fit = fullest(detail_levels[i]);
            if (fit.found && fit.rows >= enough) return fit.text;
            if (fit.found && (!best.found || (best.rows == 0 && fit.rows > 0))) best = std::move(fit);
        }
        return best.found ? best.text : cut_off();
    }

    [[nodiscard]] std::size_t rows_to_show() const noexcept { return view_.columns() == 0 ? 0 : view_.rows(); }

    struct Fit {
        bool found = false;
        std::size_t rows = 0;
        std::string text;
    };

    // The report with as many rows as fit.
    [[nodiscard]] Fit fullest(const DetailLevel& thrift) {
        Fit best;
        const auto try_rows = [&](std::size_t rows) {
            const MarkupWriter writer = write(report(thrift, rows));
            if (fits(writer)) best = {true, rows, writer.text()};
            return fits(writer);
        };
        std::size_t most = rows_to_show();
        if (try_rows(most) || most == 0 || !try_rows(0)) return best;
        while (most - best.rows > 1) {
            const std::size_t middle = best.rows + (most - best.rows) / 2;
            if (!try_rows(middle)) most = middle;
        }
        return best;
    }

    [[nodiscard]] Report report(const DetailLevel& thrift, std::size_t rows) {
        const std::size_t width = (std::min)(thrift.table_width, max_width_);
        // Cards are for a narrow screen; where only the message is short, a table of fewer columns says more.
        const std::size_t least_columns = max_width_ > width ? 2 : 3;
        SampleLines sample = sample_lines(view_, rows, width, least_columns, thrift.card_fields);
        if (rows == 0) sample.shown.front = names_listed(payload_, thrift.names);
        Report report;
        if (thrift.full) add_line(report, title_line(payload_));
        add_line(report, counts_line(payload_, view_, rows, sample.shown));
        if (rows == 0) add_line(report, names_line(payload_, thrift.names, thrift.name_width));
        if (!sample.lines.empty()) report.push_back({{}, std::move(sample.lines), gap_around_table()});
        add_statistics(report, thrift);
        const std::size_t path_width = (std::min)(thrift.path_width, longest_path_);
        add_line(report, file_line(payload_, path_width), true);
        if (thrift.full) {
            add_line(report, size_line(payload_, limits_.attach_limit), payload_.output_file.empty());
            add_line(report, digest_line(payload_));
            add_line(report, cut_line(payload_, rows));
        }
        add_notes(report, thrift);
        return report;
    }

    // Telegram draws a box around a fixed-width block, which is gap enough.
    [[nodiscard]] bool gap_around_table() const noexcept { return limits_.markup == Markup::plain; }

    static void add_line(Report& report, Line line, bool gap_before = false) {
        if (!line.empty()) report.push_back({std::move(line), {}, gap_before});
    }

    void add_statistics(Report& report, const DetailLevel& thrift) const {
        const auto& all = payload_.prediction_stats;
        const std::size_t given = (std::min)(thrift.statistics, all.size());
        for (std::size_t i = 0; i < given; ++i) {
            add_line(report, statistics_line(view_.prediction_name(i, thrift.name_width), all[i], thrift.brief),
                     i == 0 && gap_around_table());
            if (all[i].histogram) {
                const std::string bars = histogram_text(*all[i].histogram, thrift.bars);
                if (!bars.empty()) add_line(report, {{Style::code, bars}});
            }
            add_line(report, classes_line(all[i], thrift.classes, thrift.name_width));
        }
        if (given < all.size()) {
            const std::size_t rest = all.size() - given;
            add_line(report, {{Style::words,
                               std::string(ellipsis) + " statistics of " + human_count(rest, "more prediction")}});
        }
    }

    void add_notes(Report& report, const DetailLevel& thrift) const {
        const auto& notes = payload_.notes;
        for (std::size_t i = 0; i < notes.size() && i < thrift.notes; ++i) {
            add_line(report, {{Style::words, "Note: "}, {Style::text, safe_text(notes[i], thrift.note_width)}}, i == 0);
        }
        if (notes.size() > thrift.notes && thrift.notes > 0) {
            add_line(report, {{Style::words,
                               std::string(ellipsis) + " " + human_count(notes.size() - thrift.notes, "more note")}});
        }
    }

    [[nodiscard]] std::string failure() {
        std::string_view error = payload_.error;
        while (!error.empty() && (error.back() == '\n' || error.back() == '\r')) error.remove_suffix(1);
        const std::string text = error.empty() ? "The worker gave no reason." : safe_lines(error);
        // A traceback says most in its last line, so two thirds of what is shown are its end.
        for (std::size_t width = any_width; width >= 8; width = smaller(width, text)) {
            Report report;
            add_line(report, title_line(payload_));
            report.push_back({{}, lines_of(clip_middle(text, width, 33)), gap_around_table()});
            add_notes(report, detail_levels[1]);
            const MarkupWriter writer = write(report);
            if (fits(writer)) return writer.text();
        }
        return cut_off();
    }

    [[nodiscard]] std::string progress() {
        const std::string status = safe_text(payload_.progress.status);
        const std::string message = safe_text(payload_.progress.message);
        const std::string text = status + (status.empty() || message.empty() ? "" : ": ") + message;
        for (std::size_t width = any_width; width >= 8; width = smaller(width, text)) {
            Report report;
            add_line(report, title_line(payload_));
            add_line(report, {{Style::code, progress_bar(payload_.progress.percent)}});
            if (!text.empty()) add_line(report, {{Style::text, clip_end(text, width)}});
            const MarkupWriter writer = write(report);
            if (fits(writer)) return writer.text();
        }
        return cut_off();
    }

    [[nodiscard]] std::size_t smaller(std::size_t width, const std::string& text) const {
        if (width == any_width) return (std::min)(limits_.limit, display_width(text));
        return width - width / 8 - 1;
    }

    [[nodiscard]] static std::vector<std::string> lines_of(std::string_view text) {
        std::vector<std::string> lines;
        while (true) {
            const std::size_t end = text.find('\n');
            lines.emplace_back(text.substr(0, end));
            if (end == std::string_view::npos) return lines;
            text.remove_prefix(end + 1);
        }
    }

    // Where not even the least report fits: what matters most on one line, as far as it goes.
    [[nodiscard]] std::string cut_off() {
        std::string text;
        const auto add = [&](const Line& line) {
            if (!text.empty() && !line.empty()) text += " \xC2\xB7 ";
            for (const Span& span : line) text += span.text;
        };
        const DetailLevel& least = detail_levels[std::size(detail_levels) - 1];
        if (payload_.form == ResultPayload::Form::failure) {
            add({{Style::words, "Job failed: "}, {Style::text, safe_text(payload_.error, 200)}});
        } else if (payload_.form == ResultPayload::Form::progress) {
            add({{Style::words, "Job running: " + human_percent(payload_.progress.percent)}});
        } else {
            add(counts_line(payload_, view_, 0, {}));
            add(file_line(payload_, least.path_width));
            if (!payload_.prediction_stats.empty()) {
                add(statistics_line(view_.prediction_name(0, least.name_width), payload_.prediction_stats[0], true));
            }
        }
        std::size_t kept = 0;
        while (kept < text.size()) {
            const std::size_t next = kept + next_grapheme(std::string_view(text).substr(kept)).size;
            const bool whole = next == text.size();
            if (!fits(
                    write({{{{Style::text, text.substr(0, next) + (whole ? "" : std::string(ellipsis))}}, {}, false}})))
                break;
            kept = next;
        }
        if (kept < text.size()) text = kept == 0 ? std::string() : text.substr(0, kept) + std::string(ellipsis);
        return write({{{{Style::text, text}}, {}, false}}).text();
    }

    const ResultPayload& payload_;
    RenderLimits limits_;
    std::size_t max_width_;
    std::size_t longest_path_;  // a path that would take more than a third of the text is shortened, whatever
                                // else there is
    SampleView view_;
};

[[nodiscard]] inline std::string render(const ResultPayload& payload, const RenderOptions& given,
                                        RenderLimits defaults) {
    defaults.limit = given.limit.value_or(defaults.limit);
    defaults.unit = given.unit.value_or(defaults.unit);
    defaults.max_bytes = given.max_bytes.value_or(defaults.max_bytes);
    defaults.max_width = given.max_width.value_or(defaults.max_width);
    defaults.max_rows = given.max_rows.value_or(defaults.max_rows);
    defaults.attach_limit = given.attach_limit.value_or(defaults.attach_limit);
    return ReportFitter(payload, defaults).render();
}

}  // namespace curtail::inline v0::detail
