// SPDX-License-Identifier: MIT
#pragma once
// One line of a report as spans of text, each with its style, before any markup.

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0::detail {

enum class Style : unsigned char {
    words,   // curtail's own words
    strong,  // curtail's own words, emphasised
    text,    // text from the message
    code,    // text from the message, or numbers, in fixed width
};

// The text is safe (safe_text.hpp) and not escaped: that is done by MarkupWriter. A span's text is given in pieces,
// which compile faster than strings joined by operator+. All is in one string, in which a control character before each
// span says its style. Safe text has none, and such a character in a piece becomes a space. A vector of spans would
// take 4 kB of code.
class Line {
  public:
    using Pieces = std::initializer_list<std::string_view>;

    struct Span {
        Style style;
        std::string_view text;
    };

    Line() = default;
    Line(Style style, Pieces pieces) { add(style, pieces); }

    void add(Style style, Pieces pieces);

    // Appends one more item to a list of items: "a · b · c".
    void add_item(Style style, Pieces pieces);

    void add(const Line& line) { marked_ += line.marked_; }

    // A line with an empty span is not empty.
    [[nodiscard]] bool empty() const noexcept { return marked_.empty(); }

    // Returns the text of all spans.
    [[nodiscard]] std::string text() const;

    // Returns the text of all spans, with their marks, for take_span().
    [[nodiscard]] std::string_view marked() const noexcept { return marked_; }

    // Takes the first span from `marked`, which is not empty.
    [[nodiscard]] static Span take_span(std::string_view& marked) noexcept;

  private:
    std::string marked_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
namespace curtail::inline v0::detail {

inline constexpr std::string_view style_marks = "\1\2\3\4";  // by Style

CURTAIL_INLINE void Line::add(Style style, Pieces pieces) {
    marked_ += style_marks[static_cast<std::size_t>(style)];
    for (std::string_view piece : pieces) {
        // Whoever forgets to make a text safe must not let it choose the style of what follows.
        for (std::size_t mark; (mark = piece.find_first_of(style_marks)) != std::string_view::npos;) {
            marked_ += piece.substr(0, mark);
            marked_ += ' ';
            piece.remove_prefix(mark + 1);
        }
        marked_ += piece;
    }
}

CURTAIL_INLINE void Line::add_item(Style style, Pieces pieces) {
    if (!empty()) add(Style::words, {" \xC2\xB7 "});
    add(style, pieces);
}

CURTAIL_INLINE Line::Span Line::take_span(std::string_view& marked) noexcept {
    const auto style = static_cast<Style>(marked.front() - style_marks.front());
    marked.remove_prefix(1);
    const std::string_view text = marked.substr(0, marked.find_first_of(style_marks));
    marked.remove_prefix(text.size());
    return {style, text};
}

CURTAIL_INLINE std::string Line::text() const {
    std::string out;
    for (std::string_view rest = marked_; !rest.empty();) out += take_span(rest).text;
    return out;
}

}  // namespace curtail::inline v0::detail
#endif
