// SPDX-License-Identifier: MIT
#pragma once
// Decimal digits laid out in registers: eight at a time, sixteen with SSE2.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/number/cast_to.hpp>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

namespace curtail::inline v0::detail {

inline constexpr auto powers_of_ten = [] {
    std::array<std::uint64_t, 20> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = 10 * powers[i - 1];
    return powers;
}();

inline constexpr char digit_pairs[201] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354"
    "555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

// Writes exactly `digits` decimal digits of `value`, two per division. For counts that are known at compile time.
inline void write_digits(char* out, std::uint64_t value, unsigned digits) noexcept {
    while (digits >= 2) {
        digits -= 2;
        std::memcpy(out + digits, digit_pairs + 2 * (value % 100U), 2);
        value /= 100U;
    }
    if (digits == 1) *out = static_cast<char>('0' + value % 10U);
}

// Returns the number of digits, 1..20. The width in bits gives it or one less; a comparison decides.
[[nodiscard]] constexpr unsigned count_digits(std::uint64_t value) noexcept {
    value |= 1U;  // 0 has one digit
    const auto guess = static_cast<unsigned>(std::bit_width(value)) * 1233U >> 12U;
    return guess + (value >= powers_of_ten[guess] ? 1U : 0U);
}

// Returns the eight decimal digits of `value` (below 10^8) as bytes 0..9, the first digit in the lowest byte. Three
// steps split off four, then two, then one digit in all lanes at once; a loop would need eight dependent divisions.
[[nodiscard]] constexpr std::uint64_t eight_digits(std::uint32_t value) noexcept {
    const std::uint64_t fours = value / 10000U | static_cast<std::uint64_t>(value % 10000U) << 32U;
    const std::uint64_t hundreds = fours * 10486U >> 20U & 0x0000007F0000007FU;
    const std::uint64_t twos = hundreds | (fours - 100U * hundreds) << 16U;
    const std::uint64_t tens = twos * 103U >> 10U & 0x000F000F000F000FU;
    return tens | (twos - 10U * tens) << 8U;
}

// Returns the four decimal digits of `value` (below 10^4) likewise.
[[nodiscard]] constexpr std::uint32_t four_digits(std::uint32_t value) noexcept {
    const std::uint32_t hundreds = value * 5243U >> 19U;
    const std::uint32_t twos = hundreds | (value - 100U * hundreds) << 16U;
    const std::uint32_t tens = twos * 103U >> 10U & 0x000F000FU;
    return tens | (twos - 10U * tens) << 8U;
}

inline constexpr std::uint64_t zero_digits = 0x3030303030303030U;

// Stores four or eight bytes, the lowest first.
template <class Lanes>
inline void store_lanes(char* at, Lanes lanes) noexcept {
    if constexpr (std::endian::native == std::endian::big) {
        for (unsigned i = 0; i < sizeof lanes; ++i) at[i] = static_cast<char>(lanes >> (8U * i) & 0xFFU);
    } else {
        std::memcpy(at, &lanes, sizeof lanes);
    }
}

// Writes all eight digits of `value` (below 10^8) and returns the end.
inline char* write_eight_digits(char* out, std::uint32_t value) noexcept {
    store_lanes(out, eight_digits(value) | zero_digits);
    return out + 8;
}

// Writes `value` (below 10^8) without leading zeros and returns the end; writes to up to seven bytes after it. Shifts
// the zeros out, which takes 3.8 ns. A loop over the digits took 7.1 ns, because branches on their count are
// mispredicted.
inline char* write_up_to_eight_digits(char* out, std::uint32_t value) noexcept {
    const std::uint64_t lanes = eight_digits(value);
    const auto zeros = static_cast<unsigned>(std::countr_zero(lanes | std::uint64_t{1} << 56U)) / 8U;
    store_lanes(out, (lanes | zero_digits) >> (8U * zeros));
    return out + (8U - zeros);
}

// Seventeen digits in registers, laid out by shifts and stores. Moving digits that were just stored stalls on store
// forwarding and doubled the time per number.
class PortableDigitText {
  public:
    // Takes sixteen digits and one.
    PortableDigitText(std::uint64_t sixteen, std::uint32_t last) noexcept {
        const std::uint64_t first = eight_digits(static_cast<std::uint32_t>(sixteen / 100'000'000U));
        const std::uint64_t second = eight_digits(static_cast<std::uint32_t>(sixteen % 100'000'000U));
        if (last != 0) {
            count_ = 17;
        } else if (second != 0) {
            count_ = 16U - static_cast<unsigned>(std::countl_zero(second)) / 8U;
        } else {
            count_ = 8U - static_cast<unsigned>(std::countl_zero(first)) / 8U;
        }
        first_ = first | zero_digits;
        second_ = second | zero_digits;
        last_ = static_cast<char>('0' + last);
    }

    // Returns the number of digits without the zeros at the end, 0..17.
    [[nodiscard]] unsigned count() const noexcept { return count_; }

    // Writes all 17 digits.
    void write(char* out) const noexcept {
        store_lanes(out, first_);
        store_lanes(out + 8, second_);
        out[16] = last_;
    }

    // Writes all 17 digits with a point after the first `whole` of them, 1..16: 18 bytes.
    void write_with_point(char* out, unsigned whole) const noexcept {
        store_lanes(out + 1, first_);
        store_lanes(out + 9, second_);
        out[17] = last_;
        if (whole >= 8) store_lanes(out, first_);
        if (whole == 16) {
            store_lanes(out + 8, second_);
        } else if (whole != 8) {
            // In the word of the point, moves the digits after it up by a byte.
            const std::uint64_t behind = ~std::uint64_t{0} << (8U * (whole % 8U));
            const std::uint64_t word = whole < 8 ? first_ : second_;
            store_lanes(out + (whole < 8 ? 0 : 8), (word & ~behind) | (word & behind) << 8U);
        }
        out[whole] = '.';
    }

  private:
    std::uint64_t first_;
    std::uint64_t second_;
    unsigned count_;
    char last_;
};

#if defined(__SSE2__) || defined(_M_X64)
// The same with the first sixteen digits in one register. Must be inlined: without always_inline g++ makes calls with
// the digits in memory, and a cell takes 18 ns instead of 14.
class SseDigitText {
  public:
    CURTAIL_ALWAYS_INLINE SseDigitText(std::uint64_t sixteen, std::uint32_t last) noexcept {
        const __m128i eights = _mm_set_epi64x(static_cast<long long>(sixteen % 100'000'000U),
                                              static_cast<long long>(sixteen / 100'000'000U));
        // Each step divides by multiplying with the reciprocal, rounded up, and keeps quotient and remainder side by
        // side: in lanes of 32, then 16, then 8 bits. The tests show that this is exact for all values of a lane.
        const __m128i by_10000 = _mm_srli_epi64(_mm_mul_epu32(eights, _mm_set1_epi64x(0xD1B71759)), 45);
        const __m128i fours = _mm_or_si128(
            by_10000, _mm_slli_epi64(_mm_sub_epi64(eights, _mm_mul_epu32(by_10000, _mm_set1_epi64x(10'000))), 32));
        const __m128i by_100 = _mm_srli_epi16(_mm_mulhi_epu16(fours, _mm_set1_epi16(5243)), 3);
        // madd, because g++ compiles a plain multiplication by 100 to five instructions.
        const __m128i twos =
            _mm_or_si128(by_100, _mm_slli_epi32(_mm_sub_epi16(fours, _mm_madd_epi16(by_100, _mm_set1_epi32(100))), 16));
        const __m128i by_10 = _mm_mulhi_epu16(twos, _mm_set1_epi16(6554));
        const __m128i ones =
            _mm_or_si128(by_10, _mm_slli_epi16(_mm_sub_epi16(twos, _mm_mullo_epi16(by_10, _mm_set1_epi16(10))), 8));
        const auto not_zero = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpgt_epi8(ones, _mm_setzero_si128())));
        // Sets bit 16 if the last digit is not 0. A comparison would compile to a branch that mispredicts half the time
        // and costs 4 ns.
        count_ = cast_to<unsigned>(std::bit_width(not_zero | ((last + 15U) << 12U & 0x10000U)));
        sixteen_ = _mm_or_si128(ones, _mm_set1_epi8('0'));
        last_ = static_cast<char>('0' + last);
    }

    [[nodiscard]] unsigned count() const noexcept { return count_; }

    CURTAIL_ALWAYS_INLINE void write(char* out) const noexcept {
        store(out, sixteen_);
        out[16] = last_;
    }

    CURTAIL_ALWAYS_INLINE void write_with_point(char* out, unsigned whole) const noexcept {
        // The sixteen bytes from index 17 - whole on have as many ones as there are digits before the point.
        alignas(16) static constexpr unsigned char ones[33] = {255, 255, 255, 255, 255, 255, 255, 255, 255,
                                                               255, 255, 255, 255, 255, 255, 255, 255};
        const unsigned at = 17U - whole;
        const __m128i before = _mm_and_si128(sixteen_, load(ones + at));
        const __m128i behind = _mm_andnot_si128(load(ones + at - 1), _mm_slli_si128(sixteen_, 1));
        store(out, _mm_or_si128(before, behind));
        out[16] = static_cast<char>(_mm_extract_epi16(sixteen_, 7) >> 8);
        out[17] = last_;
        out[whole] = '.';
    }

  private:
    static __m128i load(const unsigned char* at) noexcept {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    }
    static void store(char* at, __m128i bytes) noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(at), bytes); }

    __m128i sixteen_;
    unsigned count_;
    char last_;
};
using DigitText = SseDigitText;
#else
using DigitText = PortableDigitText;
#endif

}  // namespace curtail::inline v0::detail
