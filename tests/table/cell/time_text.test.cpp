// SPDX-License-Identifier: MIT
#include <curtail/table/cell/time_text.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

using curtail::Duration;
using curtail::TimeOfDay;
using curtail::Timestamp;
using curtail::TimeUnit;

template <class Time>
std::string text(const Time& value) {
    return std::string(std::string_view(curtail::detail::TimeText(value)));
}
std::string date(std::int32_t days) {
    return text(curtail::Date{days});
}
std::string stamp(std::int64_t count, TimeUnit unit, std::string_view zone = {}) {
    return text(Timestamp{count, unit, zone});
}
std::string time(std::int64_t count, TimeUnit unit) {
    return text(TimeOfDay{count, unit});
}
std::string duration(std::int64_t count, TimeUnit unit) {
    return text(Duration{count, unit});
}

constexpr auto second = TimeUnit::second;
constexpr auto millisecond = TimeUnit::millisecond;
constexpr auto microsecond = TimeUnit::microsecond;
constexpr auto nanosecond = TimeUnit::nanosecond;
constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto greatest = std::numeric_limits<std::int64_t>::max();

}  // namespace

TEST_CASE("write_time: writes ISO 8601 calendar days", "[table]") {
    CHECK(date(0) == "1970-01-01");
    CHECK(date(-1) == "1969-12-31");
    CHECK(date(11016) == "2000-02-29");
    CHECK(date(12477) == "2004-02-29");
    CHECK(date(-719528) == "0000-01-01");
    CHECK(date(2932896) == "9999-12-31");
    CHECK(date(2932897) == "10000-01-01");
    CHECK(date(-719529) == "-0001-12-31");
    CHECK(date(std::numeric_limits<std::int32_t>::max() - 1) == "5881580-07-10");
    CHECK(date(std::numeric_limits<std::int32_t>::min() + 2) == "-5877641-06-25");
}

TEST_CASE("write_time: a timestamp has the digits of its unit, whatever its value", "[table]") {
    CHECK(stamp(1078016523, second) == "2004-02-29 01:02:03");
    CHECK(stamp(1078016523000, millisecond) == "2004-02-29 01:02:03.000");
    CHECK(stamp(1078016523000001, microsecond) == "2004-02-29 01:02:03.000001");
    CHECK(stamp(1078016523000000001, nanosecond) == "2004-02-29 01:02:03.000000001");
    CHECK(stamp(0, microsecond) == "1970-01-01 00:00:00.000000");
}

TEST_CASE("write_time: a timestamp before 1970 counts back from midnight", "[table]") {
    CHECK(stamp(-1, second) == "1969-12-31 23:59:59");
    CHECK(stamp(-1, millisecond) == "1969-12-31 23:59:59.999");
    CHECK(stamp(-1, nanosecond) == "1969-12-31 23:59:59.999999999");
    CHECK(stamp(-86400, second) == "1969-12-31 00:00:00");
    CHECK(stamp(-86401, second) == "1969-12-30 23:59:59");
}

TEST_CASE("write_time: a timestamp with a zone is UTC and says so", "[table]") {
    CHECK(stamp(0, second, "UTC") == "1970-01-01 00:00:00+00:00");
    CHECK(stamp(1, millisecond, "Europe/Zurich") == "1970-01-01 00:00:00.001+00:00");
}

TEST_CASE("write_time: the extremes of a timestamp have room", "[table]") {
    CHECK(stamp(least + 2, nanosecond, "UTC") == "1677-09-21 00:12:43.145224194+00:00");
    CHECK(stamp(greatest - 1, nanosecond, "UTC") == "2262-04-11 23:47:16.854775806+00:00");
    CHECK(stamp(greatest - 1, second) == "292277026596-12-04 15:30:06");
    CHECK(stamp(least + 2, second) == "-292277022657-01-27 08:29:54");
}

TEST_CASE("write_time: a time of day has the digits of its unit", "[table]") {
    CHECK(time(0, second) == "00:00:00");
    CHECK(time(86399, second) == "23:59:59");
    CHECK(time(86400, second) == "24:00:00");
    CHECK(time(3723004, millisecond) == "01:02:03.004");
    CHECK(time(1, microsecond) == "00:00:00.000001");
    CHECK(time(86399999999999, nanosecond) == "23:59:59.999999999");
}

TEST_CASE("write_time: what databases call infinity is spelled so, in every unit", "[table]") {
    for (const TimeUnit unit : {second, millisecond, microsecond, nanosecond}) {
        CHECK(stamp(greatest, unit) == "infinity");
        CHECK(stamp(-greatest, unit, "UTC") == "-infinity");
    }
    CHECK(date(std::numeric_limits<std::int32_t>::max()) == "infinity");
    CHECK(date(-std::numeric_limits<std::int32_t>::max()) == "-infinity");
}

TEST_CASE("write_time: a duration is what pandas writes for a timedelta", "[table]") {
    CHECK(duration(0, second) == "0 days 00:00:00");
    CHECK(duration(86402, second) == "1 days 00:00:02");
    CHECK(duration(1, nanosecond) == "0 days 00:00:00.000000001");
    CHECK(duration(-500, millisecond) == "-1 days +23:59:59.500");
    CHECK(duration(-1, microsecond) == "-1 days +23:59:59.999999");
    CHECK(duration(-172800, second) == "-2 days +00:00:00");
    CHECK(duration(greatest, second) == "106751991167300 days 15:30:07");
    CHECK(duration(least, nanosecond) == "-106752 days +00:12:43.145224192");
}

TEST_CASE("bytes_text: writes a backslash, an x and hexadecimal digits", "[table]") {
    using namespace std::string_view_literals;
    CHECK(curtail::detail::bytes_text(curtail::Bytes{"\x00\xFFJ"sv}) == "\\x00ff4a");
    CHECK(curtail::detail::bytes_text(curtail::Bytes{}) == "\\x");
}
