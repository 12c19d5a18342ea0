// SPDX-License-Identifier: MIT
#pragma once
// Writes a report in one of five markups, escapes what that markup reserves, and counts the length as its reader will.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/text/ascii.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/render/render_options.hpp>
#include <curtail/render/report/line.hpp>
#include <curtail/render/text/bidi.hpp>

namespace curtail::inline v0::detail {

enum class Markup : std::uint8_t { plain, telegram_html, telegram_markdown_v2, markdown, slack };

[[nodiscard]] constexpr bool is_telegram(Markup markup) noexcept {
    return markup == Markup::telegram_html || markup == Markup::telegram_markdown_v2;
}

// Returns the length of `text`, which is UTF-8.
[[nodiscard]] CURTAIL_NOINLINE constexpr std::size_t count_units(std::string_view text, LimitUnit unit) noexcept {
    if (unit == LimitUnit::bytes) return text.size();
    std::size_t units = 0;
    while (!text.empty()) {
        const Utf8Step step = decode_utf8(text);
        units += unit == LimitUnit::utf16_units && step.code_point > 0xFFFF ? 2 : 1;
        text.remove_prefix(step.size);
    }
    return units;
}

// Appends `text` with entities for those of the characters & < > " that are among `specials`.
inline void append_entities(std::string& out, std::string_view text, std::string_view specials) {
    constexpr std::string_view characters = "&<>\"";
    constexpr std::string_view entities[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    for (const char c : text) {
        if (specials.find(c) == std::string_view::npos) {
            out.push_back(c);
        } else {
            out += entities[characters.find(c)];
        }
    }
}

// Appends `text` with a backslash before each of the characters `specials`.
inline void append_escaped(std::string& out, std::string_view text, std::string_view specials) {
    for (const char c : text) {
        if (specials.find(c) != std::string_view::npos) out.push_back('\\');
        out.push_back(c);
    }
}

[[nodiscard]] constexpr std::size_t longest_backtick_run(std::string_view text) noexcept {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest = (std::max)(longest, run);
    }
    return longest;
}

// Collects the text of a report and counts its length. Never cuts what was added.
class MarkupWriter {
  public:
    MarkupWriter(Markup markup, LimitUnit unit) : markup_(markup), unit_(unit) {}

    // Adds a line below the others, or nothing if it is empty. `gap_before` leaves a line blank above it.
    void add(const Line& line, bool gap_before = false) {
        if (line.empty()) return;
        separate(gap_before);
        std::string_view rest = line.marked();
        const bool isolate = has_right_to_left(rest);
        if (isolate) write(line_isolate);
        while (!rest.empty()) {
            const Line::Span span = Line::take_span(rest);
            add_isolated(span.style, span.text);
        }
        if (isolate) write(end_isolate);
    }

    // Adds lines of fixed-width text.
    void add_fixed(std::string_view lines, bool gap_before = false) {
        separate(gap_before);
        switch (markup_) {
            case Markup::plain: return write(lines);
            case Markup::telegram_html:
                write_markup("<pre>");
                write_escaped(lines);
                return write_markup("</pre>");
            case Markup::telegram_markdown_v2:
                write_markup("```\n");
                write_escaped_code(lines);
                write("\n");
                return write_markup("```");
            case Markup::slack:
                write("```\n");
                write_for_slack(lines, 3);
                return write("\n```");
            case Markup::markdown: break;
        }
        const std::string fence((std::max)(std::size_t{3}, longest_backtick_run(lines) + 1), '`');
        write_markup(fence);
        write_markup("text\n");
        write(lines);
        write_markup("\n");
        write_markup(fence);
    }

    // Returns the length as the limit counts it: after parsing for Telegram, with all markup for the others.
    [[nodiscard]] std::size_t units() const noexcept { return units_; }
    [[nodiscard]] const std::string& text() const noexcept { return out_; }

  private:
    [[nodiscard]] bool counts_markup() const noexcept { return !is_telegram(markup_); }

    // Writes what parsing leaves.
    void write(std::string_view text) {
        out_ += text;
        units_ += count_units(text, unit_);
    }

    // Writes what parsing removes.
    void write_markup(std::string_view text) {
        out_ += text;
        if (counts_markup()) units_ += count_units(text, unit_);
    }

    void separate(bool gap) {
        if (!out_.empty()) write(gap || markup_ == Markup::markdown ? "\n\n" : "\n");
    }

    // Writes isolates outside of the markup of their text, so that a reader who copies a path does not copy them.
    void add_isolated(Style style, std::string_view text) {
        const bool isolate = has_right_to_left(text);
        if (isolate) write(part_isolate);
        add(style, text);
        if (isolate) write(end_isolate);
    }

    void add(Style style, std::string_view text) {
        if (text.empty()) return;
        switch (style) {
            case Style::words: return markup_ == Markup::markdown ? write(text) : write_escaped(text);
            case Style::text: return escapes_all(text) ? write_escaped(text) : add_code(text);
            case Style::strong: return add_strong(text);
            case Style::code: return add_code(text);
        }
    }

    void write_escaped(std::string_view text) {
        // Reserved by the Bot API outside of code.
        constexpr std::string_view telegram = "_*[]()~`>#+-=|{}.!\\";
        // CommonMark allows a backslash before any ASCII punctuation. These can mean something in CommonMark or GFM.
        constexpr std::string_view common = "\\`*_{}[]<>()#+-.!|~&:/=\"'$^";
        const std::size_t start = out_.size();
        switch (markup_) {
            case Markup::plain: out_ += text; break;
            case Markup::telegram_html: append_entities(out_, text, "&<>\""); break;
            case Markup::slack: return write_for_slack(text, 1);
            case Markup::telegram_markdown_v2: append_escaped(out_, text, telegram); break;
            case Markup::markdown:
                if (text.starts_with(' ') && (out_.empty() || out_.back() == '\n')) {
                    out_ += "&#32;";  // four spaces would begin a code block
                    append_escaped(out_, text.substr(1), common);
                } else {
                    append_escaped(out_, text, common);
                }
                break;
        }
        units_ += count_units(counts_markup() ? std::string_view(out_).substr(start) : text, unit_);
    }

    // Returns false for text that only code shows as it is. Slack has no escape for the marks of its markup. Telegram
    // and GitHub look for links, mentions and the like after parsing, when escapes are gone, but not in code.
    [[nodiscard]] bool escapes_all(std::string_view text) const noexcept {
        switch (markup_) {
            case Markup::plain: return true;
            case Markup::slack: return is_plain(text);
            case Markup::markdown: return !has_mark(text, "@#:", " ");  // a mention, an issue, a picture: :tada:
            default: return !has_mark(text, "@#$/.", " 0123456789");    // a mention, a tag, a command, a domain
        }
    }

    // Returns true if one of `marks` is before something that is not among `harmless`.
    [[nodiscard]] static constexpr bool has_mark(std::string_view text, std::string_view marks,
                                                 std::string_view harmless) noexcept {
        for (std::size_t i = 1; i < text.size(); ++i) {
            const bool mark = marks.find(text[i - 1]) != std::string_view::npos;
            if (mark && harmless.find(text[i]) == std::string_view::npos) return true;
        }
        return false;
    }

    // Returns true if all are letters, digits, spaces and commas, which mean nothing in any markup.
    [[nodiscard]] static constexpr bool is_plain(std::string_view text) noexcept {
        return std::all_of(text.begin(), text.end(),
                           [](char c) { return is_letter_or_digit(c) || c == ' ' || c == ','; });
    }

    // Writes entities for the three characters that Slack reserves. It has no escape for the backtick: every one that
    // ends a run of `backticks` becomes U+02CB, which looks like it.
    void write_for_slack(std::string_view text, std::size_t backticks) {
        std::string shown;
        std::size_t run = 0;
        for (const char c : text) {
            run = c == '`' ? run + 1 : 0;
            if (run == backticks) {
                shown += "\xCB\x8B";
                run = 0;
            } else {
                shown.push_back(c);
            }
        }
        std::string escaped;
        append_entities(escaped, shown, "&<>");
        write(escaped);
    }

    void add_strong(std::string_view text) {
        constexpr std::string_view marks[][2] = {{"", ""}, {"<b>", "</b>"}, {"*", "*"}, {"**", "**"}, {"*", "*"}};
        const auto& mark = marks[static_cast<std::size_t>(markup_)];
        write_markup(mark[0]);
        add(Style::words, text);
        write_markup(mark[1]);
    }

    void add_code(std::string_view text) {
        switch (markup_) {
            case Markup::plain: return write(text);
            case Markup::telegram_html:
                write_markup("<code>");
                write_escaped(text);
                return write_markup("</code>");
            case Markup::telegram_markdown_v2:
                write_markup("`");
                write_escaped_code(text);
                return write_markup("`");
            case Markup::slack:
                write("`");
                write_for_slack(text, 1);
                return write("`");
            case Markup::markdown: break;
        }
        // A parser ends a code span at a run of backticks as long as its fence. It strips one space from both ends
        // unless all is spaces, so a text with spaces or a backtick there is padded.
        const std::string fence(longest_backtick_run(text) + 1, '`');
        const bool blank = text.find_first_not_of(' ') == std::string_view::npos;
        const bool pad =
            text.front() == '`' || text.back() == '`' || (text.front() == ' ' && text.back() == ' ' && !blank);
        write_markup(fence);
        if (pad) write_markup(" ");
        write(text);
        if (pad) write_markup(" ");
        write_markup(fence);
    }

    void write_escaped_code(std::string_view text) {
        append_escaped(out_, text, "`\\");
        units_ += count_units(text, unit_);
    }

    Markup markup_;
    LimitUnit unit_;
    std::string out_;
    std::size_t units_ = 0;
};

}  // namespace curtail::inline v0::detail
