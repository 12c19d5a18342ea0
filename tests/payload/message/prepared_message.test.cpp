// SPDX-License-Identifier: MIT
#include <curtail/payload/message/prepared_message.hpp>

#include <cstddef>
#include <string>

#include <curtail/payload/messages.hpp>

#include "catch.hpp"

using curtail::ResultPayload;
using curtail::SizeGuard;
using curtail::detail::longest_missing;
using curtail::detail::longest_published;
using curtail::detail::PreparedMessage;

TEST_CASE("PreparedMessage: makes a shorter message in the memory of a longer one", "[payload]") {
    ResultPayload payload;
    payload.job_id = "job_1";
    payload.columns = {"a", "b"};
    PreparedMessage prepared(payload, SizeGuard{});
    prepared.make(longest_missing());
    prepared.make(longest_published("/data/a.csv", "csv"));
    const auto outcome = prepared.outcome();
    const char* const memory = outcome->message.data();
    auto end = longest_published("/data/a.csv", "csv");
    curtail::detail::settle(end, {"/data/a.csv", "csv", 0, 7, {}, 90});
    prepared.make_again(end);
    CHECK(outcome->message.data() == memory);
    CHECK(outcome->message == curtail::result_message(outcome->payload));
    CHECK(outcome->payload.output_bytes == 7U);
    CHECK(outcome->payload.output_uncompressed_bytes == 90U);
    CHECK(outcome->payload.output_attachable == true);
    CHECK(outcome->payload.columns == payload.columns);
}

TEST_CASE("PreparedMessage: checks the longest message against the limit", "[payload]") {
    const auto make = [](std::size_t max_bytes) {
        PreparedMessage prepared(ResultPayload(), SizeGuard{max_bytes});
        prepared.make(longest_published("/data/a.csv", "csv"));
        return prepared.outcome()->message.size();
    };
    const std::size_t size = make(1'000'000);
    CHECK(make(size + 1) == size);
    CHECK_THROWS_AS(make(size), curtail::PayloadTooLarge);
}
