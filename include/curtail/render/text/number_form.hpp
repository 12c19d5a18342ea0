// SPDX-License-Identifier: MIT
#pragma once
// The text of a number with fewer digits: the fraction is rounded, an integer part and an exponent are never cut.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/text/ascii.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/find_text.hpp>
#include <curtail/core/text/short_text.hpp>

namespace curtail::inline v0::detail {

inline constexpr std::size_t rounded_digits = 6;     // significant ones, as in a line of statistics
inline constexpr std::size_t most_digits = 12;       // significant ones; further ones are rounding errors
inline constexpr std::size_t least_digits = 4;       // significant ones, where width is short
inline constexpr std::size_t readable_digits = 10;   // most significant digits of a number that a person wrote
inline constexpr std::size_t readable_decimals = 4;  // digits of a fraction that a person wrote, such as a price
inline constexpr std::size_t longest_integer = 90;   // digits; a longer one gets an exponent
inline constexpr std::size_t compared_texts = 50;    // of a column, where it matters that they differ
inline constexpr std::size_t longest_fraction = 24;  // digits of a rounded number; a longer one gets an exponent
inline constexpr std::size_t longest_exponent = 8;   // digits; no arithmetic is done with a longer one

// A decimal number in its parts: [-] integer [. fraction] [exponent].
struct NumberParts {
    std::string_view sign;
    std::string_view integer;
    std::string_view fraction;
    std::string_view exponent;  // "e-05" or nothing
};

[[nodiscard]] constexpr bool all_digits(std::string_view text) noexcept {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Returns the parts of `text`. Without an integer part it is not a decimal number, such as NaN, or has an exponent that
// is too long.
[[nodiscard]] constexpr NumberParts number_parts(std::string_view text) noexcept {
    NumberParts parts;
    const std::size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
    parts.sign = text.substr(0, sign);
    text.remove_prefix(sign);
    const std::size_t exponent = (std::min)(text.find_first_of("eE"), text.size());
    parts.exponent = text.substr(exponent);
    text = text.substr(0, exponent);
    const std::size_t point = (std::min)(text.find('.'), text.size());
    parts.integer = text.substr(0, point);
    if (point < text.size()) parts.fraction = text.substr(point + 1);
    const std::size_t first = (std::min)(parts.exponent.find_first_not_of("eE+-"), parts.exponent.size());
    if (first > 2 || (first > 0 && first == parts.exponent.size())) return {};
    if (!all_digits(parts.integer) || !all_digits(parts.fraction) || !all_digits(parts.exponent.substr(first)))
        return {};
    if (parts.exponent.size() > first + longest_exponent) return {};
    return parts;
}

// Returns the number of digits from the first that is not 0.
[[nodiscard]] constexpr std::size_t significant_digits(const NumberParts& parts) noexcept {
    const std::size_t whole = (std::min)(parts.integer.find_first_not_of('0'), parts.integer.size());
    if (whole < parts.integer.size()) return parts.integer.size() - whole + parts.fraction.size();
    const std::size_t zeros = (std::min)(parts.fraction.find_first_not_of('0'), parts.fraction.size());
    return parts.fraction.size() - zeros;
}

// Adds one to the last digit of `digits`. Returns true if that made all of them 0: a carry.
[[nodiscard]] inline bool increment(std::string& digits) noexcept {
    for (std::size_t i = digits.size(); i-- > 0;) {
        if (digits[i] != '9') {
            ++digits[i];
            return false;
        }
        digits[i] = '0';
    }
    return true;
}

// Returns the text of a number with `decimals` digits of its fraction, the last of them rounded.
[[nodiscard]] inline std::string with_decimals(const NumberParts& parts, std::size_t decimals) {
    std::string digits(parts.integer);
    digits += parts.fraction.substr(0, decimals);
    std::size_t whole = parts.integer.size();
    if (decimals < parts.fraction.size() && parts.fraction[decimals] >= '5' && increment(digits)) {
        digits.insert(0, 1, '1');
        ++whole;
    }
    std::string text(parts.sign);
    text.append(digits, 0, whole);
    if (digits.size() > whole) {
        text += '.';
        text.append(digits, whole);
    }
    return text;
}

// Returns the exponent that `text`, such as "e-05", says, or 0 for an empty text. It has at most `longest_exponent`
// digits.
[[nodiscard]] constexpr long exponent_of(std::string_view text) noexcept {
    long value = 0;
    for (const char c : text) {
        if (is_digit(c)) value = value * 10 + (c - '0');
    }
    return text.find('-') == std::string_view::npos ? value : -value;
}

// Returns a number as "1.23457e+41", with at most `max_digits` significant digits.
[[nodiscard]] inline std::string with_exponent(const NumberParts& parts, std::size_t max_digits) {
    std::string digits(parts.integer);
    digits += parts.fraction;
    const std::size_t zeros = (std::min)(digits.find_first_not_of('0'), digits.size() - 1);
    const long places = static_cast<long>(parts.integer.size()) - 1 - static_cast<long>(zeros);
    long exponent = exponent_of(parts.exponent) + places;
    const std::string_view rest = std::string_view(digits).substr(zeros);
    NumberParts mantissa{parts.sign, rest.substr(0, 1), rest.substr(1), {}};
    std::string text = with_decimals(mantissa, max_digits - 1);
    if (text.size() > parts.sign.size() + 1 && text[parts.sign.size() + 1] != '.') {  // 9.99… became 10
        text.erase(parts.sign.size() + 1);
        ++exponent;
    }
    if (text.find('.') != std::string::npos) {
        text.resize(text.find_last_not_of('0') + 1);
        if (text.ends_with('.')) text.pop_back();
    }
    text += exponent < 0 ? "e-" : "e+";
    const auto size = static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent);
    return concat({text, size < 10 ? "0" : "", count_text(size)});
}

// Returns how many digits of the fraction are among the first `digits` significant ones of the number.
[[nodiscard]] constexpr std::size_t decimals_of(const NumberParts& parts, std::size_t digits) noexcept {
    const std::size_t zeros = (std::min)(parts.integer.find_first_not_of('0'), parts.integer.size());
    const std::size_t whole = parts.integer.size() - zeros;
    if (whole > 0) return digits - (std::min)(digits, whole);
    return digits + (std::min)(parts.fraction.find_first_not_of('0'), parts.fraction.size());
}

// Returns true if a number has a fraction or an exponent, so that some of its digits may be left out.
[[nodiscard]] constexpr bool has_fraction(std::string_view number) noexcept {
    return number.find_first_of(".eE") != std::string_view::npos;
}

// Returns true if a person may have written the number: an integer, or one of few digits or with a short fraction.
[[nodiscard]] inline bool is_readable(const std::string& number) noexcept {
    const NumberParts parts = number_parts(number);
    return !has_fraction(number) || significant_digits(parts) <= readable_digits ||
           (parts.exponent.empty() && parts.fraction.size() <= readable_decimals);
}

// How many digits of fractions are shown.
enum class Digits : unsigned char {
    exact,  // all; if one of the numbers is not is_readable(), as `six`
    six,    // six significant ones, or as many as tell the numbers of the column apart
    even    // as many decimals as the largest number has then, but at least four significant digits of each
};

// Returns how many decimals are enough for the largest of `numbers` with `digits` significant digits, and for the
// others with four.
[[nodiscard]] inline std::size_t even_decimals(const std::vector<std::string>& numbers, std::size_t digits) {
    std::size_t of_largest = static_cast<std::size_t>(-1);
    std::size_t of_smallest = 0;
    for (const std::string& number : numbers) {
        const NumberParts parts = number_parts(number);
        if (parts.integer.empty() || !parts.exponent.empty() || significant_digits(parts) == 0) continue;
        of_largest = (std::min)(of_largest, decimals_of(parts, digits));
        of_smallest = (std::max)(of_smallest, decimals_of(parts, least_digits));
    }
    return (std::max)(of_largest, of_smallest);
}

// Returns `numbers` with at most `max_digits` significant digits, if they have a fraction or an exponent, and at most
// `max_decimals` digits of the fraction. Zeros that all of the rounded ones end in are left out. Integers, and texts
// that are not decimal numbers, stay as they are.
[[nodiscard]] inline std::vector<std::string> with_digits(std::vector<std::string> numbers, std::size_t max_digits,
                                                          std::size_t max_decimals) {
    std::vector<std::string*> rounded;
    std::size_t zeros = static_cast<std::size_t>(-1);
    for (std::string& number : numbers) {
        const NumberParts parts = number_parts(number);
        if (parts.integer.empty()) continue;
        const bool too_long = has_fraction(number) && significant_digits(parts) > max_digits;
        std::size_t decimals = too_long ? decimals_of(parts, max_digits) : parts.fraction.size();
        if (parts.integer.size() > longest_integer || decimals > longest_fraction ||
            (too_long && !parts.exponent.empty())) {
            number = with_exponent(parts, (std::min)(max_digits, longest_fraction));
            continue;
        }
        decimals = parts.exponent.empty() ? (std::min)(decimals, max_decimals) : decimals;
        if (decimals >= parts.fraction.size()) continue;
        number = with_decimals(parts, decimals);
        if (decimals == 0) continue;
        zeros = (std::min)(zeros, number.size() - 1 - number.find_last_not_of('0'));
        rounded.push_back(&number);
    }
    for (std::string* const number : rounded) {
        number->resize(number->size() - zeros);
        if (number->ends_with('.')) number->pop_back();
    }
    return numbers;
}

// Returns one spelling of each value: "1e+00" for 1, 1.0 and 10e-1. What is not a decimal number stays as it is.
[[nodiscard]] inline std::string one_spelling(const std::string& number) {
    const NumberParts parts = number_parts(number);
    if (parts.integer.empty()) return number;
    if (significant_digits(parts) == 0) return "0";
    return with_exponent(parts, number.size());
}

// Returns how many different values there are among the first numbers.
[[nodiscard]] inline std::size_t count_distinct(const std::vector<std::string>& numbers) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < numbers.size() && i < compared_texts; ++i) values.push_back(one_spelling(numbers[i]));
    // They are few, and to sort them would take 3 kB of code.
    std::size_t distinct = 0;
    for (std::size_t i = 0; i < values.size(); ++i) distinct += find_text(values, values[i]) == i ? 1U : 0U;
    return distinct;
}

// Returns the numbers of a column with fewer digits. Six significant ones are enough, unless more of them, up to
// twelve, tell apart what would look equal.
[[nodiscard]] inline std::vector<std::string> rounded_numbers(const std::vector<std::string>& numbers, Digits form) {
    constexpr std::size_t any = static_cast<std::size_t>(-1);
    if (form == Digits::exact && std::all_of(numbers.begin(), numbers.end(), is_readable)) {
        return with_digits(numbers, any, any);
    }
    std::size_t digits = rounded_digits;
    std::vector<std::string> best = with_digits(numbers, digits, any);
    std::size_t most = count_distinct(best);
    const std::size_t all = count_distinct(numbers);
    for (std::size_t more = digits + 1; most < all && more <= most_digits; ++more) {
        std::vector<std::string> texts = with_digits(numbers, more, any);
        const std::size_t shown = count_distinct(texts);
        if (shown <= most) continue;
        digits = more;
        most = shown;
        best = std::move(texts);
    }
    if (form != Digits::even) return best;
    for (std::size_t decimals = even_decimals(numbers, digits); decimals <= longest_fraction; ++decimals) {
        std::vector<std::string> texts = with_digits(numbers, digits, decimals);
        if (count_distinct(texts) >= most) return texts;
    }
    return best;
}

// Appends spaces to decimal numbers, so that their points are below each other if the column is aligned to the right.
// Does nothing if that makes the column more than three cells wider.
inline void align_points(std::vector<std::string>& numbers) {
    const auto behind = [](const std::string& number) {
        return number.size() - (std::min)(number.find_first_of(".eE"), number.size());
    };
    std::size_t most_before = 0;
    std::size_t most_behind = 0;
    std::size_t longest = 0;
    for (const std::string& number : numbers) {
        longest = (std::max)(longest, number.size());
        if (number_parts(number).integer.empty()) continue;
        most_behind = (std::max)(most_behind, behind(number));
        most_before = (std::max)(most_before, number.size() - behind(number));
    }
    if (most_before + most_behind > longest + 3) return;
    for (std::string& number : numbers) {
        if (!number_parts(number).integer.empty()) number.append(most_behind - behind(number), ' ');
    }
}

}  // namespace curtail::inline v0::detail
