// SPDX-License-Identifier: MIT
#include <curtail/receive/message/limits.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

#include "catch.hpp"

using curtail::detail::Limits;

TEST_CASE("Limits: what is left is never less than nothing nor more than the whole", "[receive]") {
    Limits limits({.max_kept_bytes = 100});
    limits.spend(30);
    CHECK(limits.left == 70);
    limits.spend(71);
    CHECK(limits.left == 0);
    CHECK(limits.spent());
    limits.refund_text(std::string(24, 'x'));
    CHECK(limits.left == 40);
    limits.refund_text(std::string(50, 'x'));
    CHECK(limits.left == 100);
}

TEST_CASE("Limits: a text is charged for its block of the heap, a short one for nothing beside its string",
          "[receive]") {
    Limits limits({.max_kept_bytes = 1000});
    limits.spend_text(std::string(100, 'x'));
    CHECK(limits.left == 1000 - 116);
    limits.spend_text("short");
    CHECK(limits.left == 1000 - 116);
    limits.spend(std::string("short"));
    CHECK(limits.left == 1000 - 116 - sizeof(std::string));
}

TEST_CASE("Limits: cells and names have no higher limit than all together, single texts keep a minimum", "[receive]") {
    const Limits small({.max_kept_bytes = 100});
    CHECK(small.options.max_cell_bytes == 100);
    CHECK(small.options.max_name_bytes == 100);
    CHECK(small.options.max_text_bytes == Limits::min_text_bytes);
    const Limits none({.max_kept_bytes = 0});
    CHECK(none.options.max_name_bytes == Limits::min_name_bytes);
    CHECK(none.options.max_text_bytes == Limits::min_text_bytes);
    CHECK(none.spent());
    Limits all({.max_kept_bytes = SIZE_MAX});
    all.spend_text(std::string(100, 'x'));
    all.refund_text(std::string(200, 'x'));
    CHECK(all.left == SIZE_MAX);
    const Limits usual{curtail::ReceiverOptions()};
    CHECK(usual.options.max_cell_bytes == curtail::ReceiverOptions().max_cell_bytes);
}

TEST_CASE("kept_name: a cut key ends in an ellipsis, within the limit", "[receive]") {
    const Limits limits({.max_name_bytes = 32});
    CHECK(curtail::detail::kept_name({"name", 4, 0, false}, limits) == "name");
    const std::string cut = curtail::detail::kept_name({std::string(32, 'n'), 40, 0, true}, limits);
    CHECK(cut == std::string(29, 'n') + "\xE2\x80\xA6");
}
