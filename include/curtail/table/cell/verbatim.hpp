// SPDX-License-Identifier: MIT
#pragma once
// The meaning of texts that keep their spelling: which of them are numbers, and what number each is.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include <curtail/core/number/number_grammar.hpp>
#include <curtail/core/text/ascii.hpp>
#include <curtail/table/cell.hpp>

namespace curtail::inline v0::detail {

// Returns `text` without the spaces and tabs around it.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

enum class NumberSpelling : std::uint8_t { none, digits, nan, infinity };

// Returns how a text spells a number: in digits as JSON does, but also with a plus sign and without a digit on one side
// of the point; or as a word, where pandas' readers take only "nan" and "NaN" (Nan is a name), but any infinity.
// Leading zeros do not make a number: 007 is a code.
[[nodiscard]] constexpr NumberSpelling number_spelling(std::string_view text) noexcept {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    const char* at = text.data();
    const char* const end = at + text.size();
    const bool whole = skip_digits(at, end);
    if (whole && text[0] == '0' && at - text.data() > 1) return NumberSpelling::none;
    bool fraction = false;
    if (at != end && *at == '.') {
        ++at;
        fraction = skip_digits(at, end);
    }
    if (!whole && !fraction) {
        if (text == "nan" || text == "NaN") return NumberSpelling::nan;
        return is_word(text, "inf") || is_word(text, "infinity") ? NumberSpelling::infinity : NumberSpelling::none;
    }
    return skip_exponent(at, end) && at == end ? NumberSpelling::digits : NumberSpelling::none;
}

// Returns a number in digits as JSON spells it: `text` without its plus sign, or a copy in `room` that has a digit on
// both sides of the point.
[[nodiscard]] inline std::string_view json_digits(std::string_view text, std::string& room) {
    if (text.starts_with('+')) text.remove_prefix(1);
    std::size_t point = text.find('.');
    if (point == std::string_view::npos) return text;
    const bool bare_begin = point == 0 || text[point - 1] == '-';
    const bool bare_end = point + 1 == text.size() || !is_digit(text[point + 1]);
    if (!bare_begin && !bare_end) return text;
    room = text;
    if (bare_begin) room.insert(point++, 1, '0');
    if (bare_end) room.insert(point + 1, 1, '0');
    return room;
}

// Returns NaN or an infinity. Makes it of its bits, because under -ffast-math arithmetic need not.
[[nodiscard]] constexpr double non_finite(bool nan, bool negative) noexcept {
    constexpr std::uint64_t infinity = 0x7FF0'0000'0000'0000U;
    constexpr std::uint64_t quiet = std::uint64_t{1} << 51U;
    return std::bit_cast<double>(infinity | (nan ? quiet : 0U) | (negative ? std::uint64_t{1} << 63U : 0U));
}

// Calls `visit` with what the cell means: Null, bool, Decimal for a number in digits, double for NaN and the
// infinities, or std::string_view.
template <class Visitor>
void visit_meaning(const Verbatim& cell, Visitor&& visit) {
    const std::string_view text = trimmed(cell.text);
    if (cell.meaning == Verbatim::Meaning::null) return visit(Null{});
    if (cell.meaning == Verbatim::Meaning::boolean) return visit(text.starts_with('t') || text.starts_with('T'));
    const auto spelling = cell.meaning == Verbatim::Meaning::number ? number_spelling(text) : NumberSpelling::none;
    if (spelling == NumberSpelling::none) return visit(cell.text);
    if (spelling != NumberSpelling::digits) {
        return visit(non_finite(spelling == NumberSpelling::nan, text.starts_with('-')));
    }
    std::string room;
    visit(Decimal{json_digits(text, room)});
}

// Calls `visit` with the plain form of `value`; if that is Verbatim, with what it means.
template <CellLike T, class Visitor>
void visit_value(const T& value, Visitor&& visit) {
    visit_cell(value, [&](const auto& plain) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(plain)>, Verbatim>) {
            visit_meaning(plain, visit);
        } else {
            visit(plain);
        }
    });
}

}  // namespace curtail::inline v0::detail
