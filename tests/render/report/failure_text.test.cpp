// SPDX-License-Identifier: MIT
#include <curtail/render/report/failure_text.hpp>

#include <string>

#include "catch.hpp"

using curtail::detail::failure_lines;
using curtail::detail::is_unknown_rows;

TEST_CASE("is_unknown_rows: finds the answer of a worker that is too old, in any spelling", "[render]") {
    for (const char* text :
         {"Unknown action: rows", "Unknown action: 'rows'", "unknown action \"rows\".", "UNKNOWN ACTION: ROWS",
          "Unknown action: rows\n", "ValueError: Unknown action: rows", "job_1: unknown_action: rows",
          "Unknown action: `rows`", "unknown action 'rows': this worker knows predict",
          "Unknown action: rows, try predict", "malformed job: unknown action rows (known: predict)",
          "unknown unknown action rows", "Unknown action: rows-2, unknown action: rows"}) {
        INFO(text);
        CHECK(is_unknown_rows(text));
    }
    for (const char* text : {"", "rows", "Unknown action", "Unknown action: predict", "Unknown action: rows2",
                             "Unknown action: predict rows", "Unknown action: rows of job_1", "Unknown action: rows-2",
                             "Unknown action: rows_of", "unknown actions: rows"}) {
        INFO(text);
        CHECK_FALSE(is_unknown_rows(text));
    }
    CHECK(is_unknown_rows(std::string(10'000, 'x') + " Unknown action: rows"));
    CHECK_FALSE(is_unknown_rows("Unknown action: rows" + std::string(10'000, 'x')));
}

TEST_CASE("failure_lines: an old worker's answer becomes a sentence, and stays below it", "[render]") {
    CHECK(failure_lines("Unknown action: rows") ==
          "This worker is too old to show rows of an earlier job. It answered:\nUnknown action: rows");
    CHECK(failure_lines("Unknown action: predict") == "Unknown action: predict");
}

TEST_CASE("failure_lines: are safe text, and never empty", "[render]") {
    CHECK(failure_lines("") == "The worker gave no reason.");
    CHECK(failure_lines("\r\n\n") == "The worker gave no reason.");
    CHECK(failure_lines("a\nb\r\n") == "a\nb");
    CHECK(failure_lines("\x1B[31m").find('\x1B') == std::string::npos);
}
