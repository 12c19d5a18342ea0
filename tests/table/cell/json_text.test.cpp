// SPDX-License-Identifier: MIT
#include <curtail/table/cell/json_text.hpp>

#include <limits>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

template <class T>
std::string json(const T& cell) {
    std::string out;
    curtail::visit_cell(cell, curtail::detail::JsonCellWriter{&out});
    return out;
}

}  // namespace

TEST_CASE("JsonCellWriter: every form of cell has its JSON", "[table]") {
    CHECK(json(curtail::Null{}) == "null");
    CHECK(json(true) == "true");
    CHECK(json(false) == "false");
    CHECK(json(INT64_MIN) == "-9223372036854775808");
    CHECK(json(UINT64_MAX) == "18446744073709551615");
    CHECK(json(0.1F) == "0.1");
    CHECK(json(1e300) == "1e+300");
    CHECK(json(std::numeric_limits<double>::quiet_NaN()) == "null");
    CHECK(json(-std::numeric_limits<float>::infinity()) == "null");
    CHECK(json(curtail::Decimal{"12345678901234567890.10"}) == "12345678901234567890.10");
    CHECK(json(std::string_view("a\nb")) == R"("a\nb")");
    CHECK(json(curtail::Bytes{"JK"}) == R"("\\x4a4b")");
    CHECK(json(curtail::Timestamp{1'500, curtail::TimeUnit::millisecond, "UTC"}) ==
          R"("1970-01-01 00:00:01.500+00:00")");
    CHECK(json(curtail::Date{0}) == R"("1970-01-01")");
    CHECK(json(curtail::TimeOfDay{61, curtail::TimeUnit::second}) == R"("00:01:01")");
    CHECK(json(curtail::Duration{90, curtail::TimeUnit::second}) == R"("0 days 00:01:30")");
    CHECK(json(curtail::Nested{"[1,{}]"}) == "[1,{}]");
    using Meaning = curtail::Verbatim::Meaning;
    CHECK(json(curtail::Verbatim{"NA", Meaning::null}) == "null");
    CHECK(json(curtail::Verbatim{"true", Meaning::boolean}) == "true");
    CHECK(json(curtail::Verbatim{"+.5", Meaning::number}) == "0.5");
    CHECK(json(curtail::Verbatim{"inf", Meaning::number}) == "null");
    CHECK(json(curtail::Verbatim{"NA", Meaning::text}) == R"("NA")");
}

TEST_CASE("JsonCellWriter: infinite times are spelled, and what is not a time is refused, unchecked as it may come",
          "[table]") {
    std::string out;
    const curtail::detail::JsonCellWriter write{&out};
    write(curtail::Timestamp{INT64_MAX, curtail::TimeUnit::nanosecond, "UTC"});
    write(curtail::Date{-INT32_MAX});
    CHECK(out == R"("infinity""-infinity")");
    CHECK_THROWS_AS(write(curtail::Timestamp{INT64_MIN, curtail::TimeUnit::second}), curtail::TableError);
    CHECK_THROWS_AS(write(curtail::Date{INT32_MIN}), curtail::TableError);
    CHECK_THROWS_AS(write(curtail::TimeOfDay{-1, curtail::TimeUnit::second}), curtail::TableError);
    CHECK_THROWS_AS(write(curtail::Duration{INT64_MIN, curtail::TimeUnit::second}), curtail::TableError);
}
