// SPDX-License-Identifier: MIT
#include <curtail/payload/part/part_folder.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "error_code.hpp"
#include "payload/part/content_maker.hpp"

namespace {

using content_maker::content_of;
using content_maker::summary_of;
using curtail::ErrorCode;
using curtail::MergeOptions;
using curtail::PayloadOptions;
using curtail::detail::PartContent;
using curtail::detail::PartFolder;

constexpr std::string_view place = "/data/predictions_job_1";

PartFolder folder(const MergeOptions& merging = {}, const PayloadOptions& options = {}) {
    return PartFolder("job_1", options, merging);
}

// Four parts of 12, 0, 3 and 5 rows.
std::vector<std::string> four_parts() {
    std::vector<std::string> out;
    std::size_t first = 0;
    for (const std::size_t rows : {12U, 0U, 3U, 5U}) {
        out.push_back(summary_of(content_of(out.size(), 4, rows, first)));
        first += rows;
    }
    return out;
}

// Ends the merging of all parts and returns the message.
std::string message_of(PartFolder& merging) {
    REQUIRE(merging.finish());
    const auto outcome = merging.answer();
    CHECK(outcome->payload.output_file == place);
    return outcome->message;
}

template <class Change>
std::string changed(std::size_t number, Change change) {
    PartContent part = content_of(number, 4, 3, 12);
    change(part);
    return summary_of(part);
}

}  // namespace

TEST_CASE("PartFolder: every order of the parts, with any of them twice, makes the same message", "[payload]") {
    const std::vector<std::string> parts = four_parts();
    PartFolder in_order = folder();
    for (const std::string& part : parts) in_order.add(part);
    const std::string expected = message_of(in_order);
    CHECK(expected.find("\"dataframe_rows\":20") != std::string::npos);
    std::vector<std::size_t> order = {0, 1, 2, 3};
    int orders = 0;
    do {
        PartFolder other = folder();
        for (const std::size_t number : order) {
            other.add(parts[number]);
            other.add(parts[order.front()]);
        }
        CHECK(other.parts() == 4);
        REQUIRE(message_of(other) == expected);
        REQUIRE(other.artifacts().size() == 4);
        for (std::size_t i = 0; i < 4; ++i) REQUIRE(other.artifacts()[i].number == i);
        REQUIRE(other.schema() == in_order.schema());
        ++orders;
    } while (std::next_permutation(order.begin(), order.end()));
    CHECK(orders == 24);
}

TEST_CASE("PartFolder: a refusal is typed, names the part, and leaves what was added as it was", "[payload]") {
    const std::vector<std::string> parts = four_parts();
    PartFolder merging = folder();
    merging.add(parts[0]);
    const auto differs = [&](const std::string& summary, std::uint64_t number) {
        try {
            merging.add(summary);
        } catch (const curtail::PartsDiffer& error) {
            CHECK(merging.parts() == 1);
            return error.number() == number;
        }
        return false;
    };
    CHECK(differs(changed(2, [](PartContent& part) { part.head.job_id = "job_2"; }), 2));
    CHECK(differs(changed(2, [](PartContent& part) { part.head.place.of = 5; }), 2));
    CHECK(differs(changed(2, [](PartContent& part) { part.head.artifact.format = "csv.gz"; }), 2));
    CHECK(differs(changed(2, [](PartContent& part) { part.features[0].name = "other", part.names_hash = 1; }), 2));
    CHECK(differs(changed(2, [](PartContent& part) { part.features_total = 2; }), 2));
    CHECK(differs(changed(2, [](PartContent& part) { part.options.sample_seed = 7; }), 2));
    CHECK(differs(changed(1, [](PartContent& part) { part.first_row = 13; }), 1));
    CHECK(differs(changed(0, [](PartContent& part) { part.first_row = 0; }), 0));  // came with other content
    const std::string cut = parts[1].substr(0, parts[1].size() - 1);
    CHECK(code_of([&] { merging.add(cut); }) == ErrorCode::part_damaged);
    CHECK(code_of([&] { merging.add(""); }) == ErrorCode::part_damaged);
    CHECK(code_of([&] { merging.add(std::string(1'000'000, 'x')); }) == ErrorCode::payload_too_large);
    CHECK(merging.parts() == 1);

    for (const std::string& part : parts) merging.add(part);
    PartFolder untouched = folder();
    for (const std::string& part : parts) untouched.add(part);
    CHECK(message_of(merging) == message_of(untouched));
}

TEST_CASE("PartFolder: a part that came early and begins elsewhere is found when the parts before it are there",
          "[payload]") {
    PartFolder merging = folder();
    const std::vector<std::string> parts = four_parts();
    merging.add(summary_of(content_of(2, 4, 3, 13)));  // the parts before it have 12 rows
    merging.add(parts[0]);
    try {
        merging.add(parts[1]);
        FAIL("took rows that are not where they say");
    } catch (const curtail::PartsDiffer& error) {
        CHECK(error.number() == 2);
    }
}

TEST_CASE("PartFolder: names what is missing, and goes on when it comes", "[payload]") {
    const std::vector<std::string> parts = four_parts();
    PartFolder merging = folder();
    CHECK(code_of([&] { return merging.finish(); }) == ErrorCode::wrong_state);
    merging.add(parts[3]);
    merging.add(parts[1]);
    try {
        static_cast<void>(merging.finish());
        FAIL("ended without two parts");
    } catch (const curtail::PartsMissing& error) {
        CHECK(error.code() == ErrorCode::parts_missing);
        CHECK(error.numbers() == std::vector<std::uint64_t>{0, 2});
        CHECK(error.count() == 2);
        CHECK(error.of() == 4);
    }
    merging.add(parts[0]);
    merging.add(parts[2]);
    CHECK(merging.finish());
    CHECK(code_of([&] { merging.add(parts[0]); }) == ErrorCode::wrong_state);
    CHECK(code_of([&] { return merging.finish(); }) == ErrorCode::wrong_state);
}

TEST_CASE("PartFolder: answers without missing parts where it may, and says which they are", "[payload]") {
    const std::vector<std::string> parts = four_parts();
    PartFolder merging = folder({.on_missing = curtail::OnMissingParts::answer});
    merging.add(parts[3]);  // begins at row 15, and nobody knows what is before it
    merging.add(parts[0]);
    CHECK_FALSE(merging.finish());
    const auto outcome = merging.answer();
    CHECK(outcome->payload.output_file == place);
    CHECK(outcome->payload.rows == 17);
    CHECK(outcome->payload.parts_missing == std::vector<std::uint64_t>{1, 2});
    CHECK(outcome->payload.parts_missing_total == 2U);
    CHECK(outcome->payload.output_parts_total == 4U);
    REQUIRE(outcome->payload.notes.size() == 1);
    CHECK(outcome->payload.notes[0].find("2 of 4 parts are missing: 1, 2") == 0);
    CHECK(outcome->payload.prediction_stats[0].n_rows == 17);

    PartFolder last = folder({.on_missing = curtail::OnMissingParts::answer});
    last.add(summary_of(content_of(999, 1'000, 1)));
    CHECK_FALSE(last.finish());
    const auto of_many = last.prepare(place, true);
    CHECK(of_many->payload.parts_missing.size() == curtail::PartsMissing::listed);
    CHECK(of_many->payload.parts_missing_total == 999U);
}

TEST_CASE("PartFolder: says nothing of another job's directory", "[payload]") {
    PartFolder merging = folder();
    merging.add(summary_of(content_of(0, 1, 3)));
    REQUIRE(merging.finish());
    CHECK(code_of([&] { return merging.prepare("/data/predictions_job_2.csv", false); }) == ErrorCode::invalid_job_id);
    CHECK(code_of([] { return PartFolder("../x", {}, {}); }) == ErrorCode::invalid_job_id);
    CHECK(code_of([] { return folder({}, {.max_bytes = 0}); }) == ErrorCode::invalid_option);
}

TEST_CASE("PartFolder: gives the message that a move took along", "[payload]") {
    PartFolder first = folder();
    const std::vector<std::string> parts = four_parts();
    first.add(parts[1]);
    PartFolder second = std::move(first);
    for (const std::string& part : parts) second.add(part);
    first = folder();
    for (const std::string& part : parts) first.add(part);
    CHECK(message_of(first) == message_of(second));
}
