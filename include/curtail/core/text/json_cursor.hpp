// SPDX-License-Identifier: MIT
#pragma once
// Reads a JSON text in memory value by value, for a caller that knows what to look for.

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0::detail {

// Where a text is not the JSON that was expected.
struct JsonFault {
    std::size_t offset;
};

// Goes through a text once. Every call reads one value, or throws JsonFault. Nothing is kept of what is passed over.
class JsonCursor {
  public:
    explicit JsonCursor(std::string_view text) noexcept : text_(text) {}

    // Calls member(key) for each member of an object; the call must read the value.
    template <class Member>
    void object(Member member) {
        list('{', '}', [&] {
            const std::string key = string();
            expect(':');
            member(key);
        });
    }
    // Calls element() for each element of an array; the call must read it.
    template <class Element>
    void array(Element element) {
        list('[', ']', element);
    }

    // Returns the first character of the next value: one of {["-tfn or a digit.
    [[nodiscard]] char next();
    [[nodiscard]] std::string string();
    // Returns a string without escapes, inside the text.
    [[nodiscard]] std::string_view plain_string();
    [[nodiscard]] std::uint64_t number();
    [[nodiscard]] bool boolean();
    // Passes over a value of any kind.
    void skip();
    // Expects that nothing but space is left.
    void end();

  private:
    template <class Item>
    void list(char open, char close, Item item) {
        expect(open);
        if (++depth_ > max_depth) fail();
        if (!accept(close)) {
            do item();
            while (accept(','));
            expect(close);
        }
        --depth_;
    }

    [[noreturn]] void fail() const { throw JsonFault{at_}; }
    void skip_space() noexcept;
    [[nodiscard]] bool accept(char c) noexcept;
    void expect(char c);
    void expect_word(std::string_view word);
    void take_escape(std::string& out);
    [[nodiscard]] std::uint32_t take_unit();

    static constexpr int max_depth = 64;

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <curtail/core/text/json_escape.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE void JsonCursor::skip_space() noexcept {
    while (at_ < text_.size() && std::string_view(" \n\r\t").find(text_[at_]) != std::string_view::npos) ++at_;
}

CURTAIL_INLINE bool JsonCursor::accept(char c) noexcept {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
}

CURTAIL_INLINE void JsonCursor::expect(char c) {
    if (!accept(c)) fail();
}

CURTAIL_INLINE char JsonCursor::next() {
    skip_space();
    if (at_ == text_.size()) fail();
    return text_[at_];
}

CURTAIL_INLINE void JsonCursor::expect_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) fail();
    at_ += word.size();
}

CURTAIL_INLINE std::string_view JsonCursor::plain_string() {
    expect('"');
    const std::size_t end = text_.find('"', at_);
    if (end == std::string_view::npos) fail();
    const std::string_view found = text_.substr(at_, end - at_);
    if (found.find('\\') != std::string_view::npos) fail();
    at_ = end + 1;
    return found;
}

CURTAIL_INLINE std::string JsonCursor::string() {
    expect('"');
    std::string out;
    for (;;) {
        const std::size_t plain = text_.find_first_of("\"\\", at_);
        if (plain == std::string_view::npos) fail();
        out += text_.substr(at_, plain - at_);
        at_ = plain + 1;
        if (text_[plain] == '"') return out;
        take_escape(out);
    }
}

// Returns the number of four hexadecimal digits, which follow \u.
CURTAIL_INLINE std::uint32_t JsonCursor::take_unit() {
    std::uint32_t unit = 0;
    const char* const begin = text_.data() + at_;
    if (text_.size() - at_ < 4) fail();
    const auto [end, error] = std::from_chars(begin, begin + 4, unit, 16);
    if (error != std::errc() || end != begin + 4) fail();
    at_ += 4;
    return unit;
}

CURTAIL_INLINE void JsonCursor::take_escape(std::string& out) {
    if (at_ == text_.size()) fail();
    const char name = text_[at_++];
    if (const char plain = unescaped(name); plain != '\0') {
        out += plain;
        return;
    }
    if (name != 'u') fail();
    const std::uint32_t unit = take_unit();
    if (unit < 0xD800U || unit > 0xDFFFU) return append_utf8(out, unit);
    if (unit > 0xDBFFU || text_.substr(at_, 2) != "\\u") fail();
    at_ += 2;
    const std::uint32_t low = take_unit();
    if (low < 0xDC00U || low > 0xDFFFU) fail();
    append_utf8(out, 0x10000U + ((unit - 0xD800U) << 10U) + (low - 0xDC00U));
}

CURTAIL_INLINE std::uint64_t JsonCursor::number() {
    skip_space();
    std::uint64_t value = 0;
    const char* const begin = text_.data() + at_;
    const char* const last = text_.data() + text_.size();
    const auto [end, error] = std::from_chars(begin, last, value);
    if (error != std::errc() || (end != last && std::string_view(".eE").find(*end) != std::string_view::npos)) fail();
    at_ += static_cast<std::size_t>(end - begin);
    return value;
}

CURTAIL_INLINE bool JsonCursor::boolean() {
    const bool value = next() == 't';
    expect_word(value ? "true" : "false");
    return value;
}

CURTAIL_INLINE void JsonCursor::skip() {
    switch (next()) {
        case '{': return object([this](const std::string&) { skip(); });
        case '[': return array([this] { skip(); });
        case '"': return static_cast<void>(string());
        case 't': return expect_word("true");
        case 'f': return expect_word("false");
        case 'n': return expect_word("null");
        default: break;
    }
    const std::size_t end = (std::min)(text_.find_first_not_of("+-0123456789.eE", at_), text_.size());
    if (end == at_) fail();
    at_ = end;
}

CURTAIL_INLINE void JsonCursor::end() {
    skip_space();
    if (at_ != text_.size()) fail();
}

}  // namespace curtail::inline v0::detail
#endif
