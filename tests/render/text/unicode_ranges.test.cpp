// SPDX-License-Identifier: MIT
#include <curtail/render/text/unicode_ranges.hpp>

#include <cstddef>
#include <cstdint>

#include "catch.hpp"

namespace detail = curtail::detail;

namespace {

template <std::size_t Size>
bool sorted_and_apart(const detail::CodePointRange (&ranges)[Size]) {
    for (std::size_t i = 0; i < Size; ++i) {
        if (ranges[i].first > ranges[i].last || ranges[i].last > 0x10FFFF) return false;
        if (i > 0 && ranges[i].first <= ranges[i - 1].last) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("unicode ranges: are sorted and do not overlap", "[render]") {
    CHECK(sorted_and_apart(detail::extending));
    CHECK(sorted_and_apart(detail::spacing_marks));
    CHECK(sorted_and_apart(detail::prepended));
    CHECK(sorted_and_apart(detail::controls));
    CHECK(sorted_and_apart(detail::wide_ranges));
    CHECK(sorted_and_apart(detail::pictographs));
    CHECK(sorted_and_apart(detail::joined_pictures));
    CHECK(sorted_and_apart(detail::joining_pictures));
    CHECK(sorted_and_apart(detail::viramas));
    CHECK(sorted_and_apart(detail::stackers));
    CHECK(sorted_and_apart(detail::cursive));
    CHECK(sorted_and_apart(detail::with_variants));
    CHECK(sorted_and_apart(detail::right_to_left));
}

TEST_CASE("in_ranges: finds the edges of a range and nothing beside it", "[render]") {
    constexpr detail::CodePointRange ranges[] = {{5, 5}, {10, 20}, {30, 31}};
    for (const std::uint32_t inside : {5U, 10U, 15U, 20U, 30U, 31U}) CHECK(detail::in_ranges(ranges, inside));
    for (const std::uint32_t outside : {0U, 4U, 6U, 9U, 21U, 29U, 32U}) CHECK_FALSE(detail::in_ranges(ranges, outside));
}
