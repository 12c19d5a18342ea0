// SPDX-License-Identifier: MIT
#include <curtail/payload/budget.hpp>

#include <cstddef>
#include <string>

#include "catch.hpp"

using curtail::Encoding;
using curtail::raw_limit;

TEST_CASE("raw_limit: throws for a budget of zero", "[payload]") {
    for (const Encoding encoding : {Encoding::raw, Encoding::json_string, Encoding::base64}) {
        try {
            (void)raw_limit(0, encoding);
            FAIL("accepted");
        } catch (const curtail::UsageError& error) {
            CHECK(error.code() == curtail::ErrorCode::invalid_option);
            CHECK(error.permanent());
            CHECK(std::string(error.what()).find("no unlimited") != std::string::npos);
        }
    }
}

TEST_CASE("raw_limit: changes the limit for base64 alone", "[payload]") {
    for (const std::size_t max : {std::size_t{1}, std::size_t{2}, std::size_t{1000}, std::size_t{1'000'000}}) {
        CHECK(raw_limit(max, Encoding::raw) == max);
        CHECK(raw_limit(max, Encoding::json_string) == max);
    }
}

TEST_CASE("raw_limit: bounds a text exactly as its base64 form is bounded", "[payload]") {
    std::size_t wrong = 0;
    for (std::size_t max = 1; max < 300; ++max) {
        const std::size_t limit = raw_limit(max, Encoding::base64);
        for (std::size_t size = 0; size < 300; ++size) wrong += (size < limit) != ((size + 2) / 3 * 4 < max) ? 1 : 0;
    }
    CHECK(wrong == 0);
}

TEST_CASE("budgets: have the values of the transports they are for", "[payload]") {
    using namespace curtail::budgets;
    CHECK(one_megabyte == 1'000'000);
    CHECK(one_mebibyte == 1U << 20U);
    CHECK(kafka == (1U << 20U) - 500);
    CHECK(grpc == 1U << 22U);
    CHECK(sqs_legacy == 1U << 18U);
    CHECK(api_gateway == 1U << 17U);
    CHECK(jetty == 1U << 16U);
    CHECK(tomcat == 1U << 13U);
}
