// SPDX-License-Identifier: MIT
#include <curtail/artifact/housekeeping/hidden_name.hpp>

#include <cstdint>
#include <string>

#include "catch.hpp"

namespace {

struct FixedSystem {
    static std::int64_t process_id() { return 4711; }
    static std::uint64_t random() { return 0x0123'4567'89AB'CDEFU; }
};

}  // namespace

TEST_CASE("hidden_name: reads the names that new_hidden_name() makes", "[artifact]") {
    FixedSystem system;
    const std::string name = curtail::detail::new_hidden_name(system, "part-00003", ".tmp");
    CHECK(name == ".part-00003.4711-0123456789abcdef.tmp");
    CHECK(curtail::detail::hidden_name(name, ".tmp").stem == "part-00003");
    CHECK(curtail::detail::hidden_name(name, ".tmp").process == 4711);
    CHECK(curtail::detail::hidden_name(name, ".old").process == 0);
}
