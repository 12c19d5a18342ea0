// SPDX-License-Identifier: MIT
#include <curtail/table/csv/field_policy.hpp>

#include <string>

#include "catch.hpp"

namespace {

// The first field of `text`, its quotes taken off, as the policy sees it.
template <char separator>
std::string first_field(std::string text) {
    using Policy = curtail::detail::FieldPolicy<separator>;
    char* begin = text.data();
    char* end = begin + (Policy::find_next_column_end(begin) - begin);
    Policy::unescape(begin, end);
    return {begin, end};
}

}  // namespace

TEST_CASE("FieldPolicy: the quote policy finds fields and takes their quotes off", "[table]") {
    CHECK(first_field<','>("a,b") == "a");
    CHECK(first_field<','>(",b").empty());
    CHECK(first_field<','>("\"a,\"\"b\"\"\nc\",d") == "a,\"b\"\nc");
    CHECK(first_field<';'>("a,b;c") == "a,b");
    CHECK(first_field<'\t'>("\"\"\tc").empty());
}

TEST_CASE("FieldPolicy: an open quote is the library's error", "[table]") {
    CHECK_THROWS_AS(first_field<','>("\"a,b"), curtail::detail::UnclosedQuote);
}
