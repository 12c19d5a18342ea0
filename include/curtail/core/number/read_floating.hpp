// SPDX-License-Identifier: MIT
#pragma once
// Reads numbers from text. Floating-point ones by std::from_chars, or by std::strtod where the C++ library lacks it.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <version>

#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/text/ascii.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// The digits of a number, rewritten as "-digits e exponent" without a point. So strtod() reads them in any locale, and
// a text of any length fits: a double is decided by its first 770 digits and by whether any other is not zero.
class StrtodText {
  public:
    // Takes the number at the beginning of `text`. read() is then the number of characters taken, 0 if there is none.
    explicit StrtodText(std::string_view text) noexcept {
        std::size_t at = 0;
        if (at < text.size() && text[at] == '-') text_[size_++] = text[at++];
        const std::size_t begin = at;
        at = digits(text, at, false);
        std::size_t points = 0;
        if (at < text.size() && text[at] == '.') at = digits(text, at + (points = 1), true);
        if (at - begin == points) return;
        if (more_) {
            text_[size_++] = '1';
            --exponent_;
        }
        if (!any_) text_[size_++] = '0';
        read_ = exponent(text, at);
        write_exponent();
    }

    [[nodiscard]] std::size_t read() const noexcept { return read_; }
    [[nodiscard]] const char* c_str() const noexcept { return text_; }

  private:
    static constexpr std::size_t max_digits = 800;
    static constexpr std::int64_t max_exponent = 1'000'000'000'000'000;  // no text is that long

    // Takes the digits at `at` and returns where they end. `fraction` says that they follow the point.
    std::size_t digits(std::string_view text, std::size_t at, bool fraction) noexcept {
        for (; at < text.size() && is_digit(text[at]); ++at) {
            exponent_ -= fraction ? 1 : 0;
            if (text[at] == '0' && !any_) continue;
            any_ = true;
            if (size_ < max_digits) {
                text_[size_++] = text[at];
            } else {
                more_ = more_ || text[at] != '0';
                ++exponent_;
            }
        }
        return at;
    }

    // Adds the exponent at `at`, if there is one, and returns where the number ends.
    std::size_t exponent(std::string_view text, std::size_t at) noexcept {
        if (at == text.size() || (text[at] != 'e' && text[at] != 'E')) return at;
        std::size_t power = at + 1;
        const bool down = power < text.size() && text[power] == '-';
        if (down || (power < text.size() && text[power] == '+')) ++power;
        if (power == text.size() || !is_digit(text[power])) return at;
        std::int64_t value = 0;
        for (; power < text.size() && is_digit(text[power]); ++power) {
            if (value < max_exponent) value = value * 10 + (text[power] - '0');
        }
        exponent_ += down ? -value : value;
        return power;
    }

    void write_exponent() noexcept {
        // Beyond these all numbers overflow or vanish; strtod() may not take more digits.
        constexpr std::int64_t limit = 99'999;
        const std::int64_t bounded = exponent_ < -limit ? -limit : exponent_ > limit ? limit : exponent_;
        text_[size_++] = 'e';
        *std::to_chars(text_ + size_, text_ + sizeof text_ - 1, bounded).ptr = '\0';
    }

    char text_[max_digits + 16];
    std::size_t size_ = 0;
    std::size_t read_ = 0;
    std::int64_t exponent_ = 0;
    bool any_ = false;
    bool more_ = false;  // digits that are not zero were left out
};

// Does what std::from_chars does with a float or a double, by strtof() or strtod().
template <class Float>
std::from_chars_result read_by_strtod(const char* first, const char* last, Float& value) noexcept {
    const StandardArithmetic standard;
    const std::string_view text(first, static_cast<std::size_t>(last - first));
    if (const StrtodText number(text); number.read() != 0) {
        Float read = 0;
        if constexpr (std::is_same_v<Float, float>) {
            read = std::strtof(number.c_str(), nullptr);
        } else {
            read = std::strtod(number.c_str(), nullptr);
        }
        const char* const end = first + number.read();
        // The first character that is not a sign is a zero only for zero itself.
        const bool zero = number.c_str()[text[0] == '-' ? 1 : 0] == '0';
        if (!is_finite(read) || (read == 0 && !zero)) return {end, std::errc::result_out_of_range};
        value = read;
        return {end, std::errc()};
    }
    const std::size_t sign = text.starts_with('-') ? 1 : 0;
    const std::string_view word = text.substr(sign);
    const bool infinity = begins_in_any_case(word, "inf");
    if (!infinity && !begins_in_any_case(word, "nan")) return {first, std::errc::invalid_argument};
    using Limits = std::numeric_limits<Float>;
    value = infinity ? Limits::infinity() : Limits::quiet_NaN();
    if (sign != 0) value = -value;
    return {first + sign + (begins_in_any_case(word, "infinity") ? 8 : 3), std::errc()};
}

// libc++ has std::from_chars for these from LLVM 20 on, and Apple's only where the program is deployed to a system that
// brings it.
#if !defined(_LIBCPP_VERSION)
inline constexpr bool has_from_chars_of_floating = true;
#elif defined(_LIBCPP_AVAILABILITY_HAS_FROM_CHARS_FLOATING_POINT)
inline constexpr bool has_from_chars_of_floating = _LIBCPP_AVAILABILITY_HAS_FROM_CHARS_FLOATING_POINT != 0;
#else
inline constexpr bool has_from_chars_of_floating = _LIBCPP_VERSION >= 200000;
#endif

// Does what std::from_chars does with a float or a double. A template, so that a function that the library lacks is not
// looked for.
template <class Float>
std::from_chars_result read_floating(const char* first, const char* last, Float& value) noexcept {
    if constexpr (has_from_chars_of_floating) {
        const StandardArithmetic standard;
        return std::from_chars(first, last, value);
    } else {
        return read_by_strtod(first, last, value);
    }
}

// Returns the number that all of `text` is, as std::from_chars reads it. Returns nothing if there is anything else in
// the text, or if the type cannot hold the number.
template <class Number>
[[nodiscard]] std::optional<Number> number_from(std::string_view text) noexcept {
    Number value{};
    std::from_chars_result read{};
    const char* const end = text.data() + text.size();
    if constexpr (std::is_floating_point_v<Number>) {
        read = read_floating(text.data(), end, value);
    } else {
        read = std::from_chars(text.data(), end, value);
    }
    return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
