// SPDX-License-Identifier: MIT
#include <curtail/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "catch.hpp"

TEST_CASE("Error: every kind is a std::runtime_error with a code and a greppable prefix", "[core]") {
    static_assert(std::is_base_of_v<std::runtime_error, curtail::Error>);
    const curtail::PayloadTooLarge error(1'000'001, 1'000'000);
    CHECK(error.code() == curtail::ErrorCode::payload_too_large);
    CHECK(std::string(error.what()).starts_with("[curtail.payload_too_large] "));
    CHECK(error.actual() == 1'000'001);
    CHECK(error.limit() == 1'000'000);
}

TEST_CASE("Error: no text of one moves a terminal's cursor or breaks its line", "[core]") {
    const curtail::InputError path(curtail::ErrorCode::unreadable_input, "cannot be opened", "/a\x1B[31m\n.csv");
    CHECK(std::string(path.what()) == "[curtail.unreadable_input] /a\\x1b[31m\\x0a.csv: cannot be opened");
    CHECK(path.path() == "/a\x1B[31m\n.csv");
    const curtail::TableError name(curtail::ErrorCode::invalid_schema, "there is no column 'a\xC2\x9Bm'");
    CHECK(std::string(name.what()) == "[curtail.invalid_schema] there is no column 'a\\xc2\\x9bm'");
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
    const curtail::InputError nowhere(curtail::ErrorCode::unreadable_input, "the path is empty", "");
    CHECK(std::string(nowhere.what()) == "[curtail.unreadable_input] the path is empty");
    const curtail::ArtifactError remote(curtail::ErrorCode::no_space, "the bucket is full", "");
    CHECK(std::string(remote.what()) == "[curtail.no_space] the bucket is full");
    const curtail::MessageError message(curtail::ErrorCode::incomplete_message, "the text ends inside a string", 42);
    CHECK(std::string(message.what()) == "[curtail.incomplete_message] at byte 42: the text ends inside a string");
    CHECK(message.offset() == 42);
    const curtail::ArtifactError artifact(curtail::ErrorCode::no_space, "write: no space left", "/a.csv", "write", 28);
    CHECK(artifact.operation() == "write");
    CHECK(artifact.system_error() == 28);
}

TEST_CASE("PartTaken: holds the summary that was committed", "[core]") {
    const curtail::PartTaken error(3, "/data/predictions_a/part-00003.csv", "bytes");
    CHECK(error.code() == curtail::ErrorCode::part_taken);
    CHECK(error.number() == 3);
    CHECK(error.summary() == "bytes");
    CHECK(error.permanent());
    CHECK(std::string(error.what()) ==
          "[curtail.part_taken] /data/predictions_a/part-00003.csv: another attempt has committed part 3; go on with "
          "its summary; nothing was published now");
}

TEST_CASE("PartsMissing: names at most 32 parts, says how many there are, and can be tried again", "[core]") {
    const curtail::PartsMissing few({1, 4}, 2, 12);
    CHECK(std::string(few.what()) ==
          "[curtail.parts_missing] 2 of 12 parts are missing: 1, 4. Run them, then finish the job again");
    CHECK_FALSE(few.permanent());
    std::vector<std::uint64_t> numbers(100);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = 2 * i;
    const curtail::PartsMissing many(numbers, 5000, 10000);
    CHECK(many.numbers().size() == 32);
    CHECK(many.numbers().back() == 62);
    CHECK(many.count() == 5000);
    CHECK(many.of() == 10000);
    CHECK(std::string(many.what()).find("60, 62 and 4968 more. Run") != std::string::npos);
}

TEST_CASE("PartsDiffer: says which part", "[core]") {
    const curtail::PartsDiffer other(7, "has other columns");
    CHECK(std::string(other.what()) == "[curtail.parts_differ] part 7 has other columns");
    CHECK(other.number() == 7);
    CHECK(other.permanent());
}
