// SPDX-License-Identifier: MIT
#include <curtail/render/report/column_choice.hpp>

#include <cstddef>
#include <vector>

#include "catch.hpp"

namespace {

std::vector<std::size_t> order(std::size_t features, std::size_t predictions, bool front_only = false) {
    curtail::detail::ColumnPicker picker(features, predictions, front_only);
    std::vector<std::size_t> taken;
    while (!picker.done()) {
        taken.push_back(picker.next());
        picker.take();
    }
    return taken;
}

}  // namespace

TEST_CASE("ColumnPicker: offers a prediction, then the first columns, then the last, then the middle", "[render]") {
    CHECK(order(6, 1) == std::vector<std::size_t>{6, 0, 1, 5, 2, 4, 3});
    CHECK(order(3, 3) == std::vector<std::size_t>{3, 0, 4, 1, 5, 2});
    CHECK(order(0, 2) == std::vector<std::size_t>{0, 1});
    CHECK(order(2, 0) == std::vector<std::size_t>{0, 1});
    CHECK(order(0, 0).empty());
    CHECK(order(4, 1, true) == std::vector<std::size_t>{4, 0, 1, 2, 3});
}

TEST_CASE("ColumnPicker: offers every column exactly once", "[render]") {
    for (std::size_t features = 0; features < 12; ++features) {
        for (std::size_t predictions = 0; predictions < 12; ++predictions) {
            std::vector<bool> seen(features + predictions);
            for (const std::size_t index : order(features, predictions)) {
                REQUIRE(index < seen.size());
                REQUIRE_FALSE(seen[index]);
                seen[index] = true;
            }
            CHECK(order(features, predictions).size() == seen.size());
        }
    }
}
