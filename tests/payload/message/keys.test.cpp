// SPDX-License-Identifier: MIT
#include <curtail/payload/message/keys.hpp>

#include <cstddef>
#include <set>
#include <string_view>

#include "catch.hpp"

using curtail::detail::find_key;
using curtail::detail::Key;
using curtail::detail::key_count;
using curtail::detail::key_name;
using curtail::detail::key_names;

// The first and the last of each group: a name that is missing or in the wrong place shifts those behind it.
static_assert(key_name(Key::type) == "type" && key_name(Key::data) == "data");
static_assert(key_name(Key::predictions_count) == "predictions_count");
static_assert(key_name(Key::column_count) == "column_count");
static_assert(key_name(Key::predictions_sample) == "predictions_sample");
static_assert(key_name(Key::dataframe_columns) == "dataframe_columns" && key_name(Key::notes) == "notes");
static_assert(key_name(Key::sample_row_numbers) == "sample_row_numbers");
static_assert(key_name(Key::row) == "row");
static_assert(key_name(Key::class_counts_are_lower_bounds) == "class_counts_are_lower_bounds");

TEST_CASE("find_key: finds every key by its name, and nothing else", "[payload]") {
    for (std::size_t i = 0; i < key_count; ++i) CHECK(find_key(key_names[i]) == static_cast<Key>(i));
    CHECK(find_key("") == Key::unknown);
    CHECK(find_key("Type") == Key::unknown);
    CHECK(find_key("typ") == Key::unknown);
}

TEST_CASE("key_names: no key is there twice or empty", "[payload]") {
    const std::set<std::string_view> names(key_names.begin(), key_names.end());
    CHECK(names.size() == key_count);
    CHECK_FALSE(names.contains(""));
}
