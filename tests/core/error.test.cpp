// SPDX-License-Identifier: MIT
#include <curtail/core/error.hpp>

#include <string>
#include <type_traits>

#include "catch.hpp"

TEST_CASE("Error: every kind is a std::runtime_error with a code and a greppable prefix", "[core]") {
    static_assert(std::is_base_of_v<std::runtime_error, curtail::Error>);
    const curtail::PayloadTooLarge error(1'000'001, 1'000'000);
    CHECK(error.code() == curtail::ErrorCode::payload_too_large);
    CHECK(std::string(error.what()).starts_with("[curtail.payload_too_large] "));
    CHECK(error.actual() == 1'000'001);
    CHECK(error.limit() == 1'000'000);
}

TEST_CASE("Error: permanent() is false for what can go away and true for the rest", "[core]") {
    using curtail::ErrorCode;
    CHECK(curtail::PayloadTooLarge(2, 1).permanent());
    CHECK(curtail::MessageError(ErrorCode::malformed_message, "x", 7).permanent());
    CHECK(curtail::BudgetTooSmall(1, 2).permanent());
    CHECK_FALSE(curtail::ArtifactError(ErrorCode::no_space, "x", "/p").permanent());
    CHECK_FALSE(curtail::Cancelled(3).permanent());
    CHECK(curtail::ArtifactError(ErrorCode::artifact_exists, "x", "/p").permanent());
}

TEST_CASE("Error: every kind names the place", "[core]") {
    const curtail::InputError input(curtail::ErrorCode::malformed_input, "three cells, not two", "in.csv", 17);
    CHECK(std::string(input.what()) == "[curtail.malformed_input] in.csv:17: three cells, not two");
    const curtail::MessageError message(curtail::ErrorCode::incomplete_message, "the text ends inside a string", 42);
    CHECK(std::string(message.what()) == "[curtail.incomplete_message] at byte 42: the text ends inside a string");
    CHECK(message.offset() == 42);
    const curtail::ArtifactError artifact(curtail::ErrorCode::no_space, "write: no space left", "/a.csv", "write", 28);
    CHECK(artifact.operation() == "write");
    CHECK(artifact.system_error() == 28);
}
