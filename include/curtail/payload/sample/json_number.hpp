// SPDX-License-Identifier: MIT
#pragma once
// Numbers as the message spells them, so that their size is known before the message is built.

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/number_grammar.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/core/number/read_floating.hpp>
#include <curtail/table/number_of.hpp>

namespace curtail::inline v0::detail {

// Decimals and times up to this length are never cut: a 256-bit decimal has 79 bytes.
inline constexpr std::size_t max_exact_bytes = 80;

// Returns true if `text` is a number of JSON that is within the range of a double: readers refuse a whole message for a
// 1e999.
[[nodiscard]] inline bool is_json_number(std::string_view text) {
    if (!spells_json_number(text)) return false;
    const std::optional<double> value = decimal_value(text);
    return value && is_finite(*value);
}

// Returns the text of a double or float, or nothing for NaN and the infinities, which JSON cannot hold. A float is sent
// as the double that its own shortest digits name: 0.1f is 0.1 and not 0.10000000149011612.
template <class Float>
requires std::is_floating_point_v<Float>
[[nodiscard]] std::optional<std::string> json_number(Float value) {
    if (!is_finite(value)) return std::nullopt;
    return number_text(value);
}

// The digits of a number without zeros at either end, and the power of ten of the last one. A zero has no digits.
struct SignificantDigits {
    std::string digits;
    long exponent = 0;

    // `number` is a number of JSON.
    explicit SignificantDigits(std::string_view number) {
        bool fraction = false;
        for (const char& c : number) {
            if (c == '.') {
                fraction = true;
            } else if (c == 'e' || c == 'E') {
                exponent += read_exponent(number.substr(static_cast<std::size_t>(&c - number.data()) + 1));
                break;
            } else if (c != '-') {
                if (!digits.empty() || c != '0') digits += c;
                if (fraction) --exponent;
            }
        }
        for (; !digits.empty() && digits.back() == '0'; ++exponent) digits.pop_back();
        if (digits.empty()) exponent = 0;
    }

    friend bool operator==(const SignificantDigits&, const SignificantDigits&) = default;

  private:
    // Larger exponents become 100,000, which is far beyond any double and keeps sums from overflowing.
    [[nodiscard]] static long read_exponent(std::string_view text) {
        if (text.starts_with('+')) text.remove_prefix(1);
        long exponent = 100'000;
        std::from_chars(text.data(), text.data() + text.size(), exponent);
        return std::clamp(exponent, -100'000L, 100'000L);
    }
};

// Returns the text of a decimal that is a number in the message, because nothing is lost by that: it is an integer of
// 64 bits, or its digits are the shortest ones of a double and zeros. The text is the decimal's own, so its scale
// stays: 3.750 is not 3.75. Only one of more than max_exact_bytes is shortened. Returns nothing for others, which are
// sent as text.
[[nodiscard]] inline std::optional<std::string> json_number(std::string_view decimal) {
    // Refuses longer texts unread: a decimal can have a gigabyte of digits, and the shortest digits of a double,
    // written without an exponent, are fewer than 350.
    if (decimal.size() > 1024 || !is_json_number(decimal)) return std::nullopt;
    if (number_from<std::int64_t>(decimal) || number_from<std::uint64_t>(decimal)) return std::string(decimal);
    std::string shortest = number_text(number_from<double>(decimal).value_or(0));
    if (SignificantDigits(shortest) != SignificantDigits(decimal)) return std::nullopt;
    return decimal.size() <= max_exact_bytes ? std::string(decimal) : shortest;
}

}  // namespace curtail::inline v0::detail
