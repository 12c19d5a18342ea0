// SPDX-License-Identifier: MIT
#pragma once
// A report as text in one of four markups, every character escaped as that markup asks, and its length as it
// will be counted.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/utf8.hpp>
#include <curtail/render/render_options.hpp>
#include <curtail/render/report/report.hpp>

namespace curtail::inline v0::detail {

enum class Markup : std::uint8_t { plain, telegram_html, telegram_markdown_v2, markdown };

[[nodiscard]] constexpr std::size_t count_units(std::string_view text, LimitUnit unit) noexcept {
    if (unit == LimitUnit::bytes) return text.size();
    std::size_t units = 0;
    while (!text.empty()) {
        const Utf8Step step = decode_utf8(text);
        units += unit == LimitUnit::utf16_units && step.code_point > 0xFFFF ? 2 : 1;
        text.remove_prefix(step.size);
    }
    return units;
}

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

// Collects text and counts what of it a reader of the markup will see. Nothing that was added is ever cut
// again.
class MarkupWriter {
  public:
    MarkupWriter(Markup markup, LimitUnit unit) : markup_(markup), unit_(unit) {}

    void add(const Report& report) {
        for (const Block& block : report) add(block);
    }

    void add(const Block& block) {
        if (!out_.empty()) separate(block.gap_before);
        if (block.fixed.empty()) {
            for (const Span& span : block.line) add(span);
        } else {
            add_fixed(block.fixed);
        }
    }

    void add(const Span& span) {
        if (span.text.empty()) return;
        switch (span.style) {
            case Style::words: return markup_ == Markup::markdown ? seen(span.text) : escaped(span.text);
            case Style::text: return escaped(span.text);
            case Style::strong: return add_strong(span.text);
            case Style::code: return add_code(span.text);
        }
    }

    // The text's length as its limit counts it: after parsing for Telegram, as it stands for the others.
    [[nodiscard]] std::size_t units() const noexcept { return units_; }
    [[nodiscard]] const std::string& text() const noexcept { return out_; }

  private:
    [[nodiscard]] bool counts_markup() const noexcept {
        return markup_ == Markup::plain || markup_ == Markup::markdown;
    }

    // Characters that parsing leaves.
    void seen(std::string_view text) {
        out_ += text;
        units_ += count_units(text, unit_);
    }

    // Characters that parsing takes away.
    void unseen(std::string_view text) {
        out_ += text;
        if (counts_markup()) units_ += count_units(text, unit_);
    }

    void separate(bool gap) { seen(gap || markup_ == Markup::markdown ? "\n\n" : "\n"); }

    void escaped(std::string_view text) {
        // Reserved by the Bot API outside of code.
        constexpr std::string_view telegram = "_*[]()~`>#+-=|{}.!\\";
        // CommonMark takes a backslash before any ASCII punctuation; these can mean something in CommonMark
        // or GFM.
        constexpr std::string_view common = "\\`*_{}[]<>()#+-.!|~&:@/=\"'$^";
        const std::size_t start = out_.size();
        switch (markup_) {
            case Markup::plain: out_ += text; break;
            case Markup::telegram_html: append_html(text); break;
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

    void append_html(std::string_view text) {
        for (const char c : text) {
            switch (c) {
                case '&': out_ += "&amp;"; break;
                case '<': out_ += "&lt;"; break;
                case '>': out_ += "&gt;"; break;
                case '"': out_ += "&quot;"; break;
                default: out_.push_back(c);
            }
        }
    }

    void add_strong(std::string_view text) {
        constexpr std::string_view marks[][2] = {{"", ""}, {"<b>", "</b>"}, {"*", "*"}, {"**", "**"}};
        const auto& mark = marks[static_cast<std::size_t>(markup_)];
        unseen(mark[0]);
        add(Span{Style::words, std::string(text)});
        unseen(mark[1]);
    }

    void add_code(std::string_view text) {
        switch (markup_) {
            case Markup::plain: return seen(text);
            case Markup::telegram_html:
                unseen("<code>");
                escaped(text);
                return unseen("</code>");
            case Markup::telegram_markdown_v2:
                unseen("`");
                code_escaped(text);
                return unseen("`");
            case Markup::markdown: break;
        }
        // A code span is shown as it stands, if its fence differs from every run of backticks in it. A parser
        // takes one space from both ends, so one is given wherever that, or a backtick at an end, would
        // matter.
        const std::string fence(longest_backtick_run(text) + 1, '`');
        const bool blank = text.find_first_not_of(' ') == std::string_view::npos;
        const bool pad =
            text.front() == '`' || text.back() == '`' || (text.front() == ' ' && text.back() == ' ' && !blank);
        unseen(fence + (pad ? " " : ""));
        seen(text);
        unseen((pad ? " " : "") + fence);
    }

    void code_escaped(std::string_view text) {
        append_escaped(out_, text, "`\\");
        units_ += count_units(text, unit_);
    }

    void add_fixed(const std::vector<std::string>& lines) {
        std::string text;
        for (const std::string& line : lines) {
            if (&line != &lines.front()) text.push_back('\n');
            text += line;
        }
        switch (markup_) {
            case Markup::plain: return seen(text);
            case Markup::telegram_html:
                unseen("<pre>");
                escaped(text);
                return unseen("</pre>");
            case Markup::telegram_markdown_v2:
                unseen("```\n");
                code_escaped(text);
                seen("\n");
                return unseen("```");
            case Markup::markdown: break;
        }
        const std::string fence((std::max)(std::size_t{3}, longest_backtick_run(text) + 1), '`');
        unseen(fence + "text\n");
        seen(text);
        unseen("\n" + fence);
    }

    Markup markup_;
    LimitUnit unit_;
    std::string out_;
    std::size_t units_ = 0;
};

}  // namespace curtail::inline v0::detail
