// SPDX-License-Identifier: MIT
#pragma once
// A type with a tuple protocol of its own.

#include <cstddef>
#include <tuple>
#include <type_traits>

namespace own {

struct Point {
    int x = 0;
    float y = 0;
};
template <std::size_t I>
decltype(auto) get(const Point& point) {
    if constexpr (I == 0) {
        return point.x;
    } else {
        return point.y;
    }
}

}  // namespace own

template <>
struct std::tuple_size<own::Point> : std::integral_constant<std::size_t, 2> {};
template <>
struct std::tuple_element<0, own::Point> {
    using type = int;
};
template <>
struct std::tuple_element<1, own::Point> {
    using type = float;
};
