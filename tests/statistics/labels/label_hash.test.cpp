// SPDX-License-Identifier: MIT
#include <curtail/statistics/labels/label_hash.hpp>

#include <set>
#include <string>
#include <string_view>

#include "catch.hpp"

using curtail::detail::ends_of_label;
using curtail::detail::hash_of_label;

TEST_CASE("hash_of_label: is the same on every machine and differs between labels", "[statistics]") {
    const auto hash = [](std::string_view text) { return hash_of_label(text, ends_of_label(text)); };
    // Hashes travel with the labels of a part, so a changed hash is a changed format.
    CHECK(hash("") == 0x26C0B64288AAE5B1U);
    CHECK(hash("setosa") == 0xAD2F42EF4863D925U);
    CHECK(hash("a label of more than sixteen bytes") == 0xB9F4D77820F22CEBU);
    std::set<std::uint64_t> hashes;
    for (int i = 0; i < 10'000; ++i) hashes.insert(hash(std::to_string(i)));
    CHECK(hashes.size() == 10'000);
}
