// SPDX-License-Identifier: MIT
#include <curtail/core/compiled/attributes.hpp>

#include "catch.hpp"

namespace {

[[nodiscard]] CURTAIL_ALWAYS_INLINE inline int one() {
    return 1;
}

[[nodiscard]] CURTAIL_NOINLINE CURTAIL_FLATTEN int two() {
    return one() + one();
}

}  // namespace

TEST_CASE("CURTAIL_ALWAYS_INLINE: works with other attributes and changes no result") {
    CHECK(two() == 2);
}
