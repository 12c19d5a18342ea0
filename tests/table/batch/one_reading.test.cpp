// SPDX-License-Identifier: MIT
#include <curtail/table/batch/one_reading.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"

namespace {

using curtail::detail::is_begun;
using curtail::detail::OneReading;

auto three_rows(const char* name) {
    return curtail::generate({name}, [left = 3]() mutable -> std::optional<std::tuple<int>> {
        if (left == 0) return std::nullopt;
        return std::tuple(left--);
    });
}

}  // namespace

TEST_CASE("OneReading: ends with the first null pointer, or with an error", "[table]") {
    const int batch = 1;
    OneReading reading;
    CHECK(!reading.begun());
    reading.begin();
    CHECK(reading.begun());
    CHECK(reading.end(&batch) == &batch);
    reading.begin();
    CHECK(reading.end<int>(nullptr) == nullptr);
    CHECK_THROWS_AS(reading.begin(), curtail::UsageError);
    OneReading failed;
    failed.begin();  // and no end()
    CHECK_THROWS_AS(failed.begin(), curtail::UsageError);
}

TEST_CASE("OneReading: goes on where it was moved to, and nowhere else", "[table]") {
    const int batch = 1;
    OneReading reading;
    reading.begin();
    CHECK(reading.end(&batch) == &batch);
    OneReading moved = std::move(reading);
    CHECK(moved.begun());
    moved.begin();
    CHECK(moved.end(&batch) == &batch);
    CHECK_THROWS_AS(reading.begin(), curtail::UsageError);
    OneReading assigned;
    assigned = std::move(moved);
    assigned.begin();
    CHECK_THROWS_AS(moved.begin(), curtail::UsageError);
}

TEST_CASE("is_begun: a stream of streams tells that one of them was read from", "[table]") {
    auto left = three_rows("a");
    auto right = three_rows("b");
    CHECK(!is_begun(left));
    CHECK(!is_begun(std::string()));
    static_cast<void>(right.next());
    auto joined = curtail::with_prediction(std::move(left), std::move(right));
    CHECK(is_begun(joined));
    auto chosen = curtail::with_prediction(three_rows("a"), curtail::last_column);
    CHECK(!is_begun(chosen));
    while (chosen.next() != nullptr) continue;
    CHECK(is_begun(chosen));
    CHECK_THROWS_AS(chosen.next(), curtail::UsageError);
}
