// SPDX-License-Identifier: MIT
#pragma once
// One line of a report as spans of text, each with its style, before any markup.

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace curtail::inline v0::detail {

enum class Style : unsigned char {
    words,   // curtail's own words
    strong,  // curtail's own words, emphasised
    text,    // text from the message
    code,    // text from the message, or numbers, in fixed width
};

// The text is safe (safe_text.hpp) and not escaped: that is done by MarkupWriter. A span's text is given in pieces,
// which compile faster than strings joined by operator+.
class Line {
  public:
    using Pieces = std::initializer_list<std::string_view>;

    struct Span {
        Style style;
        std::size_t end;  // in text(); the next span begins here
    };

    Line() = default;
    Line(Style style, Pieces pieces) { add(style, pieces); }

    void add(Style style, Pieces pieces) {
        for (const std::string_view piece : pieces) text_ += piece;
        spans_.push_back({style, text_.size()});
    }

    // Appends one more item to a list of items: "a · b · c".
    void add_item(Style style, Pieces pieces) {
        if (!empty()) add(Style::words, {" \xC2\xB7 "});
        add(style, pieces);
    }

    void add(const Line& line) {
        for (const Span& span : line.spans_) spans_.push_back({span.style, text_.size() + span.end});
        text_ += line.text_;
    }

    // A line with an empty span is not empty.
    [[nodiscard]] bool empty() const noexcept { return spans_.empty(); }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] const std::vector<Span>& spans() const noexcept { return spans_; }

  private:
    std::string text_;
    std::vector<Span> spans_;
};

}  // namespace curtail::inline v0::detail
