// SPDX-License-Identifier: MIT
#include <curtail/table/number_of.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include <curtail/core/error.hpp>

#include "catch.hpp"

using curtail::Cell;
using curtail::number_of;

TEST_CASE("number_of: a cell's number is that of every numeric kind, and of nothing else", "[table]") {
    CHECK(number_of(Cell(std::int64_t{-3})) == -3.0);
    CHECK(number_of(Cell(std::uint64_t{3})) == 3.0);
    CHECK(number_of(Cell(1.5F)) == 1.5);
    CHECK(number_of(Cell(1.5)) == 1.5);
    CHECK(number_of(Cell(true)) == 1.0);
    CHECK(number_of(Cell(curtail::Decimal{"0.1"})) == 0.1);
    CHECK(number_of(Cell(curtail::Decimal{"1e5"})) == 1e5);
    CHECK(number_of(curtail::Verbatim{" +.5", curtail::Verbatim::Meaning::number}) == 0.5);
    CHECK(number_of(Cell(curtail::Verbatim{"true", curtail::Verbatim::Meaning::boolean})) == 1.0);
    CHECK_FALSE(number_of(curtail::Verbatim{"NA", curtail::Verbatim::Meaning::null}).has_value());
    CHECK_FALSE(number_of(curtail::Verbatim{"1", curtail::Verbatim::Meaning::text}).has_value());
    CHECK_FALSE(number_of(Cell(curtail::Null{})).has_value());
    CHECK_FALSE(number_of(Cell(std::string_view("1"))).has_value());
    CHECK_THROWS_AS(number_of(Cell(curtail::Decimal{"12x"})), curtail::TableError);
    CHECK_FALSE(number_of(Cell(curtail::Date{1})).has_value());
}

TEST_CASE("is_null: is true for nulls in any spelling, and for nothing else", "[table]") {
    CHECK(curtail::is_null(Cell(curtail::Null{})));
    CHECK(curtail::is_null(std::optional<int>()));
    CHECK(curtail::is_null(Cell(curtail::Verbatim{"NA", curtail::Verbatim::Meaning::null})));
    CHECK_FALSE(curtail::is_null(Cell(curtail::Verbatim{"NA", curtail::Verbatim::Meaning::text})));
    CHECK_FALSE(curtail::is_null(Cell(0.0)));
    CHECK_FALSE(curtail::is_null(Cell(std::string_view())));
}

TEST_CASE("number_of: a decimal beyond the range of a double is an infinity or a zero of its sign", "[table]") {
    const double infinity = std::numeric_limits<double>::infinity();
    CHECK(number_of(Cell(curtail::Decimal{"1e400"})) == infinity);
    CHECK(number_of(Cell(curtail::Decimal{"-1e99999999999999999999"})) == -infinity);
    CHECK(number_of(Cell(curtail::Decimal{"0.001e500"})) == infinity);
    CHECK(number_of(Cell(curtail::Decimal{"1e-400"})) == 0.0);
    CHECK(number_of(Cell(curtail::Decimal{"1000e-500"})) == 0.0);
    CHECK(std::signbit(number_of(Cell(curtail::Decimal{"-1e-400"})).value()));
    const std::string long_integer(400, '9');
    CHECK(number_of(Cell(curtail::Decimal{long_integer})) == infinity);
    const std::string long_fraction = "0." + std::string(400, '0') + "1";
    CHECK(number_of(Cell(curtail::Decimal{long_fraction})) == 0.0);
}

TEST_CASE("number_of: the size of a decimal, not the sign of its exponent, decides between infinity and zero",
          "[table]") {
    const std::string zeros(400, '0');
    const double infinity = std::numeric_limits<double>::infinity();
    CHECK(number_of(curtail::Decimal{"1" + zeros + "e-10"}) == infinity);
    CHECK(number_of(curtail::Decimal{"0." + zeros + "1e+5"}) == 0.0);
    CHECK(number_of(curtail::Decimal{"1e400"}) == infinity);
    CHECK(number_of(curtail::Decimal{"-1e400"}) == -infinity);
    CHECK(number_of(curtail::Decimal{"0." + zeros + "1"}) == 0.0);
    CHECK_THROWS_AS(number_of(curtail::Decimal{"1e400x"}), curtail::TableError);
}

TEST_CASE("read_number: reads what JSON or a person would call a number, and nothing else", "[table]") {
    CHECK(curtail::read_number("12.5") == 12.5);
    CHECK(curtail::read_number("-3e2") == -300.0);
    CHECK(curtail::read_number("+3") == 3.0);
    CHECK(curtail::read_number(".5") == 0.5);
    CHECK(curtail::read_number("1e400") == std::numeric_limits<double>::infinity());
    CHECK(curtail::read_number("+1e400") == std::numeric_limits<double>::infinity());
    CHECK(curtail::read_number("-Inf") == -std::numeric_limits<double>::infinity());
    CHECK(std::isnan(curtail::read_number("nan").value()));
    CHECK(curtail::read_number(" 5.\t") == 5.0);
    CHECK_FALSE(curtail::read_number("007"));
    CHECK_FALSE(curtail::read_number("Nan"));
    CHECK_FALSE(curtail::read_number("high"));
    CHECK_FALSE(curtail::read_number(""));
}
