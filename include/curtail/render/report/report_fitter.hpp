// SPDX-License-Identifier: MIT
#pragma once
// The fullest report of a payload that fits the limits: what is left out, and in which order.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/render/render_options.hpp>
#include <curtail/render/report/failure_text.hpp>
#include <curtail/render/report/file_lines.hpp>
#include <curtail/render/report/line.hpp>
#include <curtail/render/report/markup.hpp>
#include <curtail/render/report/sample_lines.hpp>
#include <curtail/render/report/sample_view.hpp>
#include <curtail/render/report/statistics_lines.hpp>
#include <curtail/render/report/summary_lines.hpp>
#include <curtail/render/safe_text.hpp>
#include <curtail/render/text/display_width.hpp>
#include <curtail/render/text/human_units.hpp>

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

[[nodiscard]] inline RenderLimits limits_of(Markup markup, const RenderOptions& options) noexcept {
    const bool telegram = is_telegram(markup);
    const std::size_t longest = telegram                  ? telegram_message_units
                                : markup == Markup::slack ? slack_message_characters
                                                          : no_limit;
    return {.markup = markup,
            .limit = options.limit.value_or(longest),
            .unit = options.unit.value_or(telegram ? LimitUnit::utf16_units : LimitUnit::code_points),
            .max_bytes = options.max_bytes.value_or(telegram ? telegram_request_bytes : no_limit),
            .max_width = options.max_width.value_or(telegram ? 40 : 100),
            .max_rows = options.max_rows.value_or(10),
            .attach_limit = options.attach_limit.value_or(telegram ? telegram_upload_bytes : 0)};
}

// How much a report says besides its rows. Widths are in cells. The defaults are the fourth level.
struct DetailLevel {
    bool full = false;                   // with title, size of the file, digest and what was cut
    std::size_t predictions = 1;         // prediction columns with statistics
    bool brief = false;                  // statistics without their count of rows
    std::size_t bars = 12;               // of a histogram
    std::size_t classes = 0;             // listed per prediction column
    std::size_t column_names = 0;        // listed if there is no table
    std::size_t name_width = 16;         // of a column or class
    std::size_t parts = 0;               // listed, of those that are missing and of those on machines of their own
    std::size_t notes = 0;               // listed
    std::size_t note_width = 0;          // of one note
    std::size_t table_width = 28;        // of a table or card
    std::size_t card_fields = 5;         // columns on a card
    std::size_t path_width = any_width;  // of the file
};

// From the first to the last: first rows are left out, down to three; then notes, classes and the width of the table;
// then all rows. The path is shortened and the histogram left out only after that.
// clang-format off
inline constexpr DetailLevel detail_levels[] = {
    {.full = true, .predictions = 6, .bars = 24, .classes = 6, .column_names = 12, .name_width = 40, .parts = 12,
     .notes = 4, .note_width = 200, .table_width = any_width, .card_fields = 20},
    {.full = true, .predictions = 3, .bars = 24, .classes = 3, .column_names = 8, .name_width = 24, .parts = 6,
     .notes = 2, .note_width = 100, .table_width = any_width, .card_fields = 12},
    {.full = true, .predictions = 2, .bars = 16, .classes = 3, .column_names = 4, .name_width = 20, .parts = 3,
     .notes = 1, .note_width = 60, .table_width = 34, .card_fields = 8},
    {},
    {.path_width = 40},
    {.brief = true, .bars = 0, .name_width = 12, .table_width = 24, .card_fields = 3, .path_width = 24},
};
// clang-format on
inline constexpr std::size_t levels_with_whole_path = 4;
inline constexpr const DetailLevel& smallest_level = detail_levels[std::size(detail_levels) - 1];

class ReportFitter {
  public:
    ReportFitter(const ResultPayload& payload, const RenderLimits& limits)
        : payload_(payload),
          limits_(limits),
          max_width_(max_line_width(limits)),
          max_path_width_((std::max)(limits.limit / 3, std::size_t{24})),
          view_(payload, max_rows(payload, limits), max_width_) {}

    [[nodiscard]] std::string render() {
        switch (payload_.form) {
            case ResultPayload::Form::failure: return failure(payload_.error);
            case ResultPayload::Form::progress: return progress();
            case ResultPayload::Form::other: return failure(other_text());
            default: return result();
        }
    }

  private:
    // A character has at most two cells, so a longer line could not fit.
    [[nodiscard]] static std::size_t max_line_width(const RenderLimits& limits) noexcept {
        const std::size_t width = (std::min)(limits.max_width, std::size_t{100'000});
        return limits.limit < width ? (std::min)(width, 2 * limits.limit) : width;
    }

    [[nodiscard]] static std::size_t max_rows(const ResultPayload& payload, const RenderLimits& limits) noexcept {
        const std::size_t rows = (std::max)(payload.sample.size(), payload.predictions_sample.size());
        const bool all = rows <= limits.max_rows || (limits.max_rows > 0 && rows - limits.max_rows <= 3);
        return (std::min)(all ? rows : limits.max_rows, limits.limit);
    }

    [[nodiscard]] bool fits(const MarkupWriter& writer) const noexcept {
        return writer.units() <= limits_.limit && writer.text().size() <= limits_.max_bytes;
    }

    [[nodiscard]] MarkupWriter new_writer() const { return {limits_.markup, limits_.unit}; }

    // Telegram draws a box around a fixed-width block, which is gap enough.
    [[nodiscard]] bool gap_around_table() const noexcept { return limits_.markup == Markup::plain; }

    struct Fit {
        bool found = false;
        std::size_t rows = 0;
        std::string text;
    };

    // Three rows are worth more than notes, classes and width, and so is the first row. The whole path is worth more
    // than a row.
    [[nodiscard]] std::string result() {
        const std::size_t enough = (std::min)(rows_to_show(), std::size_t{3});
        Fit best;
        for (std::size_t i = 0; i < std::size(detail_levels); ++i) {
            if (i == levels_with_whole_path && best.found) break;
            Fit fit = fullest(detail_levels[i]);
            if (fit.found && fit.rows >= enough) return fit.text;
            if (fit.found && (!best.found || (best.rows == 0 && fit.rows > 0))) best = std::move(fit);
        }
        return best.found ? best.text : cut_off();
    }

    [[nodiscard]] std::size_t rows_to_show() const noexcept { return view_.columns() == 0 ? 0 : view_.rows(); }

    // Returns the report with as many rows as fit.
    [[nodiscard]] Fit fullest(const DetailLevel& level) {
        Fit best;
        const auto try_rows = [&](std::size_t rows) {
            const MarkupWriter writer = report(level, rows);
            if (!fits(writer)) return false;
            best = {true, rows, writer.text()};
            return true;
        };
        std::size_t too_many = rows_to_show();
        if (try_rows(too_many) || too_many == 0 || !try_rows(0)) return best;
        while (too_many - best.rows > 1) {
            const std::size_t middle = best.rows + (too_many - best.rows) / 2;
            if (!try_rows(middle)) too_many = middle;
        }
        return best;
    }

    [[nodiscard]] MarkupWriter report(const DetailLevel& level, std::size_t rows) {
        const std::size_t width = (std::min)(level.table_width, max_width_);
        // Cards are for a narrow screen. If only the message is short, a table of fewer columns says more.
        SampleLines sample = sample_lines(view_, rows, width, max_width_ <= width, level.card_fields);
        if (rows == 0) sample.shown.front = names_listed(payload_, level.column_names);
        MarkupWriter out = new_writer();
        const Line counts = counts_line(payload_, view_, rows, sample.shown);
        if (level.full || counts.empty()) out.add(title_line(payload_));
        out.add(counts);
        out.add(missing_line(payload_, level.parts, level.brief));
        if (rows == 0 || view_.features() == 0) {
            out.add(names_line(payload_, level.column_names, level.name_width));
        }
        if (!sample.text.empty()) out.add_fixed(sample.text, gap_around_table());
        add_statistics(out, level);
        out.add(file_line(payload_, (std::min)(level.path_width, max_path_width_)), true);
        if (level.full) {
            out.add(hosts_line(payload_, level.parts / 3, (std::min)(level.path_width, max_path_width_)));
            out.add(size_line(payload_, limits_.attach_limit), payload_.output_file.empty());
            out.add(digest_line(payload_));
            out.add(cut_line(payload_, rows));
        }
        add_notes(out, level);
        return out;
    }

    // Returns true if there are predictions and nothing is known of them. That is not the same as no numbers.
    [[nodiscard]] bool is_unknown(const PredictionStats& stats) const {
        return payload_.predictions_count > 0 && says_nothing(stats);
    }

    void add_statistics(MarkupWriter& out, const DetailLevel& level) const {
        const auto& all = payload_.prediction_stats;
        const std::size_t shown = (std::min)(level.predictions, all.size());
        const bool whole = missing_parts(payload_) == 0;
        const bool once = shown > 1 && std::all_of(all.begin(), all.end(), [&](const PredictionStats& stats) {
                              return stats.n_rows == all[0].n_rows && says_rows(stats) && !is_unknown(stats);
                          });
        bool gap = gap_around_table();
        if (once) {
            const ShortText heading = over_rows(all[0].n_rows, whole);
            out.add({Style::words, {"O", std::string_view(heading).substr(1)}}, std::exchange(gap, false));
        }
        for (std::size_t i = 0; i < shown; ++i) {
            if (is_unknown(all[i])) continue;
            const StatisticsStyle style{.rows = !once && !level.brief,
                                        .all = whole,
                                        .brief = level.brief,
                                        .label_width = level.name_width,
                                        .decimals = view_.prediction_scale(i)};
            out.add(statistics_line(view_.prediction_name(i, level.name_width), all[i], style),
                    std::exchange(gap, false));
            const std::string bars = is_binary(all[i]) ? "" : histogram_text(all[i], level.bars, style.decimals);
            if (!bars.empty()) out.add({Style::code, {bars}});
            out.add(classes_line(all[i], level.classes, level.name_width));
        }
        if (shown < all.size()) {
            out.add({Style::words, {ellipsis, " statistics of ", human_count(all.size() - shown, "more prediction")}});
        }
    }

    void add_notes(MarkupWriter& out, const DetailLevel& level) const {
        std::vector<std::string_view> notes;
        for (const std::string& note : payload_.notes) {
            if (!is_missing_note(note, payload_)) notes.emplace_back(note);
        }
        const std::size_t shown = (std::min)(level.notes, notes.size());
        for (std::size_t i = 0; i < shown; ++i) {
            Line line(Style::words, {"Note: "});
            line.add(Style::text, {safe_text(notes[i], level.note_width)});
            out.add(line, i == 0);
        }
        if (shown > 0 && shown < notes.size()) {
            out.add({Style::words, {ellipsis, " ", human_count(notes.size() - shown, "more note")}});
        }
    }

    // Returns what is said of a message that has no result: its type, and the text of a failure if it has one.
    [[nodiscard]] std::string other_text() const {
        return concat({"It is of the type \"", safe_text(payload_.type, 64), "\" and has no result.",
                       payload_.error.empty() ? "" : "\n", payload_.error});
    }

    [[nodiscard]] std::string failure(std::string_view error) const {
        const std::string text = failure_lines(error);
        // The last line of a traceback says most, so two thirds of what is shown are its end.
        return widest(text, [&](MarkupWriter& out, std::size_t width) {
            out.add_fixed(clip_middle(text, width, 33), gap_around_table());
        });
    }

    [[nodiscard]] std::string progress() const {
        const std::string status = safe_text(payload_.progress.status);
        const std::string message = safe_text(payload_.progress.message);
        const std::string text = concat({status, status.empty() || message.empty() ? "" : ": ", message});
        return widest(text, [&](MarkupWriter& out, std::size_t width) {
            out.add({Style::code, {progress_bar(payload_.progress.percent)}});
            if (!text.empty()) out.add({Style::text, {clip_end(text, width)}});
        });
    }

    // Returns a title, what add(writer, width) adds, and the notes: with all of `text`, or with as much of it as fits.
    template <class Add>
    [[nodiscard]] std::string widest(const std::string& text, Add add) const {
        for (std::size_t width = any_width; width >= 8;) {
            MarkupWriter out = new_writer();
            out.add(title_line(payload_));
            add(out, width);
            add_notes(out, detail_levels[1]);
            if (fits(out)) return out.text();
            width = width == any_width ? (std::min)(limits_.limit, display_width(text)) : width - width / 8 - 1;
        }
        return cut_off();
    }

    // Returns what matters most on one line, as far as it fits, because not even the smallest report does.
    [[nodiscard]] std::string cut_off() const {
        const std::string text = most_important_line().text();
        std::string best;
        std::size_t size = 0;
        while (size < text.size()) {
            size += next_grapheme(std::string_view(text).substr(size)).size;
            MarkupWriter out = new_writer();
            out.add({Style::text, {text.substr(0, size), size < text.size() ? ellipsis : ""}});
            if (!fits(out)) break;
            best = out.text();
        }
        return best;
    }

    [[nodiscard]] Line most_important_line() const {
        Line line;
        if (payload_.form == ResultPayload::Form::failure) {
            line.add(Style::text, {"Job failed: ", safe_text(payload_.error, 200)});
        } else if (payload_.form == ResultPayload::Form::other) {
            line.add(Style::text, {"Another message: ", safe_text(payload_.type, 64)});
        } else if (payload_.form == ResultPayload::Form::progress) {
            line.add(Style::text, {"Job running: ", human_percent(payload_.progress.percent)});
        } else {
            line = counts_line(payload_, view_, 0, {});
            const Line missing = missing_line(payload_, 0, true);
            if (!missing.empty()) line.add_item(Style::text, {missing.text()});
            const Line file = file_line(payload_, smallest_level.path_width);
            if (!file.empty()) line.add_item(Style::text, {file.text()});
            if (!payload_.prediction_stats.empty() && !is_unknown(payload_.prediction_stats[0])) {
                const std::string name = view_.prediction_name(0, smallest_level.name_width);
                const StatisticsStyle brief_style{
                    .rows = false, .brief = true, .label_width = smallest_level.name_width};
                line.add_item(Style::text, {statistics_line(name, payload_.prediction_stats[0], brief_style).text()});
            }
        }
        return line.empty() ? title_line(payload_) : line;
    }

    const ResultPayload& payload_;
    RenderLimits limits_;
    std::size_t max_width_;
    std::size_t max_path_width_;  // a path never takes more than a third of the text
    SampleView view_;
};

[[nodiscard]] inline std::string render(const ResultPayload& payload, const RenderOptions& options, Markup markup) {
    return ReportFitter(payload, limits_of(markup, options)).render();
}

}  // namespace curtail::inline v0::detail
