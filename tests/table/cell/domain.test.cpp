// SPDX-License-Identifier: MIT
#include <curtail/table/cell/domain.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "catch.hpp"

namespace {

using curtail::TimeUnit;
using curtail::detail::check_plain;

template <class T>
bool is_refused(const T& value) {
    try {
        check_plain(value);
    } catch (const curtail::detail::CellFault& fault) {
        CHECK(fault.code() == curtail::ErrorCode::bad_cell);
        CHECK(std::string_view(fault.what()) == "[curtail.bad_cell] " + fault.text());
        return true;
    }
    return false;
}

}  // namespace

TEST_CASE("check_plain: what a time can mean in every unit, its ends included", "[table]") {
    for (const TimeUnit unit : {TimeUnit::second, TimeUnit::millisecond, TimeUnit::microsecond, TimeUnit::nanosecond}) {
        const std::int64_t day = 86'400 * curtail::detail::units_per_second(unit);
        CHECK(!is_refused(curtail::TimeOfDay{0, unit}));
        CHECK(!is_refused(curtail::TimeOfDay{day, unit}));
        CHECK(is_refused(curtail::TimeOfDay{day + 1, unit}));
        CHECK(is_refused(curtail::TimeOfDay{-1, unit}));
        for (const std::int64_t count : {INT64_MAX, std::int64_t{0}, -INT64_MAX}) {
            CHECK(!is_refused(curtail::Timestamp{count, unit, "UTC"}));
            CHECK(!is_refused(curtail::Duration{count, unit}));
        }
        CHECK(is_refused(curtail::Timestamp{INT64_MIN, unit}));
        CHECK(is_refused(curtail::Duration{INT64_MIN, unit}));
    }
    CHECK(!is_refused(curtail::Date{INT32_MAX}));
    CHECK(!is_refused(curtail::Date{-INT32_MAX}));
    CHECK(is_refused(curtail::Date{INT32_MIN}));
    CHECK(is_refused(curtail::Timestamp{0, static_cast<TimeUnit>(4)}));
}

TEST_CASE("check_plain: takes every value of the other forms", "[table]") {
    CHECK(!is_refused(curtail::Null{}));
    CHECK(!is_refused(INT64_MIN));
    CHECK(!is_refused(std::string_view()));
    CHECK(!is_refused(curtail::Nested{"[]"}));
}

TEST_CASE("check_plain: refuses decimals that are not numbers as JSON spells them", "[table]") {
    for (const char* const good : {"1", "-0", "0.50", "1e400", "-12345678901234567890.10", "5E-3"}) {
        INFO(good);
        CHECK(!is_refused(curtail::Decimal{good}));
    }
    for (const char* const bad :
         {"", " ", "-", "+1", ".5", "5.", "007", "1,5", "--1", "1e", "NaN", "Infinity", "0x1", "1 ", "=1+1"}) {
        INFO(bad);
        CHECK(is_refused(curtail::Decimal{bad}));
    }
}
