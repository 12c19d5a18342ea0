// SPDX-License-Identifier: MIT
#include <curtail/render/text/bidi.hpp>

#include <cstdlib>
#include <fstream>
#include <string>

#include <curtail/render/render.hpp>

#include "catch.hpp"
#include "render/sample_payloads.hpp"

using curtail::detail::append_isolated;
using curtail::detail::has_right_to_left;

namespace {

const std::string hebrew = "\xD7\xAA\xD7\x9C \xD7\x90\xD7\x91\xD7\x99\xD7\x91";
const std::string arabic = "\xD9\x85\xD8\xAD\xD9\x85\xD8\xAF \xD8\xB9\xD9\x84\xD9\x8A";
const std::string thaana = "\xDE\x8B\xDE\xA8\xDE\x88\xDE\xAC";
const std::string arabic_digits = "\xD9\xA3\xD9\xA4";

// Returns a result with text from right to left wherever a message can have text, mixed with numbers and punctuation.
curtail::ResultPayload right_to_left() {
    curtail::ResultPayload payload =
        samples::made_of({hebrew, arabic, "latin", arabic_digits, hebrew + " 12 (a)"}, 5, 5);
    payload.prediction_columns = {hebrew + " 1", arabic};
    for (auto& row : payload.predictions_sample) row.push_back(samples::text(arabic));
    payload.prediction_stats.push_back(payload.prediction_stats[0]);
    payload.prediction_stats[1] = {};
    payload.prediction_stats[1].n_rows = payload.rows;
    payload.prediction_stats[1].class_distribution = {{hebrew, 7, 70}, {arabic_digits, 2, 20}, {"12 " + arabic, 1, 10}};
    payload.output_file = "/data/" + hebrew + "/" + arabic + "_1.csv";
    payload.notes = {hebrew + ": 3, 4", "5 " + arabic + " 6"};
    payload.truncation = {"rows", arabic + " 7"};
    payload.job_id = hebrew + "-1";
    return payload;
}

}  // namespace

TEST_CASE("has_right_to_left: knows Hebrew, Arabic and their digits", "[render]") {
    for (const std::string& text : {hebrew, arabic, thaana, arabic_digits, "latin " + hebrew})
        CHECK(has_right_to_left(text));
    for (const std::string text : {"", "latin 12", "\xE6\x9D\xB1\xE4\xBA\xAC", "\xF0\x9F\x98\x80", "\xD0\x96"}) {
        CHECK_FALSE(has_right_to_left(text));
    }
}

TEST_CASE("append_isolated: isolates only what is read from right to left", "[render]") {
    std::string line;
    CHECK_FALSE(append_isolated(line, "a"));
    CHECK(append_isolated(line, hebrew));
    CHECK(line == "a\xE2\x81\xA8" + hebrew + "\xE2\x81\xA9");
}

TEST_CASE("render: isolates are balanced on every line", "[render]") {
    for (std::size_t limit = 40; limit < 1500; limit += 97) {
        for (const std::size_t width : {20U, 40U, 100U}) {
            const std::string text = curtail::render_text(right_to_left(), {.limit = limit, .max_width = width});
            int depth = 0;
            for (std::size_t i = 0; i + 2 < text.size(); ++i) {
                const std::string_view here = std::string_view(text).substr(i, 3);
                if (here == curtail::detail::line_isolate || here == curtail::detail::part_isolate) ++depth;
                if (here == curtail::detail::end_isolate) --depth;
                REQUIRE(depth >= 0);
                REQUIRE(depth <= 2);
                if (text[i] == '\n') REQUIRE(depth == 0);
            }
            REQUIRE(depth == 0);
        }
    }
}

// Written for bidi_oracle.py, which asks FriBidi where the parts of each line stand on a screen.
TEST_CASE("render: writes lines from right to left for bidi_oracle.py", "[.bidi]") {
    const char* const path = std::getenv("CURTAIL_BIDI_LINES");
    REQUIRE(path != nullptr);
    std::ofstream out(path, std::ios::binary);
    curtail::ResultPayload running = samples::saving();
    running.progress.message = arabic + " 12";
    curtail::ResultPayload without_file = right_to_left();
    without_file.artifact_error = hebrew + " 12";
    for (const std::size_t width : {30U, 40U, 60U, 100U}) {
        for (const auto& payload : {right_to_left(), without_file, running}) {
            out << curtail::render_text(payload, {.max_width = width}) << "\n\n"
                << curtail::render_text(payload, {.limit = 400, .max_width = width}) << "\n\n";
        }
    }
    CHECK(out.good());
}
