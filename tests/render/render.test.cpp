// SPDX-License-Identifier: MIT
#include <curtail/render/render.hpp>

#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/utf8.hpp>
#include <curtail/render/text/display_width.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"
#include "render/golden.hpp"
#include "render/lines_of.hpp"
#include "render/sample_payloads.hpp"

using curtail::render_text;
using curtail::ResultPayload;

namespace {

// Returns the lines of the table: from the first above the rule to the next blank one. Empty if there is no table.
std::vector<std::string> table_of(std::string_view text) {
    const auto lines = lines_of(text);
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (!lines[i].starts_with("\xE2\x94\x80\xE2\x94\x80")) continue;
        std::size_t end = i;
        while (end < lines.size() && !lines[end].empty()) ++end;
        std::size_t begin = i;
        while (begin > 0 && !lines[begin - 1].empty()) --begin;
        return {lines.begin() + static_cast<std::ptrdiff_t>(begin), lines.begin() + static_cast<std::ptrdiff_t>(end)};
    }
    return {};
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("render_text: writes the golden text", "[render]") {
    CHECK(golden::matches("render_text.txt",
                          golden::joined([](const ResultPayload& payload) { return render_text(payload); })));
}

TEST_CASE("render_text: the lines of a table have one width, at most the one asked for", "[render]") {
    for (const auto& alphabet : samples::alphabets) {
        for (std::size_t width = 12; width <= 130; width += 9) {
            for (const std::size_t columns : {1U, 2U, 5U, 9U, 40U}) {
                const std::string text = render_text(samples::made_of(alphabet, 6, columns), {.max_width = width});
                INFO(text);
                const auto table = table_of(text);
                for (const std::string& line : table) {
                    REQUIRE(curtail::detail::display_width(line) == curtail::detail::display_width(table.front()));
                    REQUIRE(curtail::detail::display_width(line) <= width);
                }
                REQUIRE((table.empty() || table.size() >= 8));
                REQUIRE((table.empty() == contains(text, "#6\n")));
            }
        }
    }
}

TEST_CASE("render_text: Python's wcwidth finds the same widths", "[render]") {
    if (std::system("python3 -c 'import wcwidth' 2>/dev/null") != 0) {
        WARN("skipped: python3-wcwidth is not installed");
        return;
    }
    std::string tables;
    for (const std::size_t alphabet : {0U, 1U, 3U, 4U}) {
        for (const std::size_t columns : {2U, 5U, 12U}) {
            const std::string text = render_text(samples::made_of(samples::alphabets[alphabet], 9, columns));
            for (const std::string& line : table_of(text)) tables += line + "\n";
            tables += "\n";
        }
    }
    const ScratchDirectory scratch;
    scratch.put("tables.txt", tables);
    const std::string oracle = std::string(CURTAIL_SOURCE_DIR) + "/tests/render/table_width_oracle.py";
    CHECK(std::system(("python3 '" + oracle + "' '" + scratch / "tables.txt" + "'").c_str()) == 0);
}

TEST_CASE("render_text: sends no control character of a message to the terminal", "[render]") {
    for (const std::size_t width : {14U, 60U, 1000U}) {
        ResultPayload payload = samples::made_of(samples::alphabets[5], 12, 12);
        payload.job_id = payload.output_file = payload.output_format = "\x1B]0;title\a\xE2\x80\xAE";
        payload.truncation = payload.notes = {payload.job_id};
        payload.prediction_stats[0].class_distribution = {{payload.job_id, 1, 100}};
        ResultPayload failure = payload;
        failure.form = ResultPayload::Form::failure;
        failure.error = payload.job_id + "\r\nsecond\tline";
        ResultPayload progress = payload;
        progress.form = ResultPayload::Form::progress;
        progress.progress = {payload.job_id, 1e300, payload.job_id};
        ResultPayload other = failure;
        other.form = ResultPayload::Form::other;
        other.type = payload.job_id;
        for (const ResultPayload& any : {payload, failure, progress, other}) {
            std::string_view text;
            const std::string rendered = render_text(any, {.max_width = width});
            CHECK(curtail::is_utf8(rendered));
            for (text = rendered; !text.empty(); text.remove_prefix(curtail::decode_utf8(text).size)) {
                const auto c = curtail::decode_utf8(text).code_point;
                REQUIRE((c == '\n' || c >= 0x20));
                REQUIRE((c < 0x7F || c >= 0xA0));
                REQUIRE_FALSE((c >= 0x202A && c <= 0x202E));
                REQUIRE_FALSE((c >= 0x2066 && c <= 0x2069));
                REQUIRE_FALSE((c == 0x200E || c == 0x200F || c == 0x61C || c == 0x200B));
            }
        }
    }
}

TEST_CASE("render_text: shows up to three rows over the limit rather than leave them out", "[render]") {
    const auto shown = [](std::size_t rows) {
        return lines_of(render_text(samples::made_of(samples::alphabets[0], rows, 2)))[1];
    };
    CHECK(shown(10).starts_with("10 of 1,234,567 rows"));
    CHECK(shown(13).starts_with("13 of 1,234,567 rows"));
    CHECK(shown(14).starts_with("10 of 1,234,567 rows"));
    const ResultPayload payload = samples::made_of(samples::alphabets[0], 20, 2);
    CHECK(contains(render_text(payload, {.max_rows = 0}), "0 of 1,234,567 rows"));
    CHECK(contains(render_text(payload, {.max_rows = 17}), "20 of 1,234,567 rows"));
}

TEST_CASE("render_text: a narrow screen gets one card per row", "[render]") {
    const std::string text = render_text(samples::customers(), {.max_width = 20, .max_rows = 10});
    INFO(text);
    CHECK(contains(text, "#1\nage       20\ncity      Berlin\nincome    31000.5\npredi     0.73129\nction\n\n#2\n"));
    CHECK(contains(text, "10 of 1,234,567 rows \xC2\xB7 3 of 3 columns + prediction"));
}

TEST_CASE("render_text: a payload may lack any part", "[render]") {
    CHECK(render_text({}) == "Result ready\n0 of 0 rows \xC2\xB7 0 of 0 columns\n\nThe message names no file.");

    ResultPayload bare = samples::customers();
    bare.prediction_stats.clear();
    bare.output_file.clear();
    bare.output_bytes.reset();
    bare.prediction_columns.clear();
    CHECK(contains(render_text(bare), "  prediction\n"));
    bare.predictions_sample.resize(4);
    bare.sample[0].clear();
    bare.sample[1].push_back(samples::text("one too many"));
    CHECK(contains(render_text(bare), "column 4"));
    bare.sample.clear();
    CHECK(contains(render_text(bare), "4 of 1,234,567 rows"));
    bare.predictions_sample.clear();
    CHECK(contains(render_text(bare), "0 of 1,234,567 rows \xC2\xB7 3 of 3 columns"));
    CHECK(contains(render_text(bare), "Columns: age \xC2\xB7 city \xC2\xB7 income"));
    bare.rows = 0;
    bare.predictions_count = 0;
    CHECK(contains(render_text(bare), "0 of 0 rows \xC2\xB7 3 of 3 columns"));
}

TEST_CASE("render_text: a message whose rows are all shown says so, another how many are not", "[render]") {
    ResultPayload payload = samples::customers();
    payload.form = ResultPayload::Form::complete;
    payload.output_file.clear();
    payload.truncated = false;
    CHECK(contains(render_text(payload), "1,234,557 rows of the table are not shown."));
    payload.rows = 10;
    payload.predictions_count = 10;
    CHECK(contains(render_text(payload), "The message carried every row."));
    CHECK(contains(render_text(payload, {.max_rows = 2}), "8 rows of the table are not shown."));
}

TEST_CASE("render_text: a summary says how much there is and where, and has its notes", "[render]") {
    ResultPayload payload;
    payload.form = ResultPayload::Form::summary;
    payload.rows = 1234;
    payload.columns_total = 12;
    payload.columns = {"a", "b"};
    payload.output_file = "/data/joined.csv";
    payload.notes = {"row_count and rows differ"};
    CHECK(render_text(payload) ==
          "Result ready\n1,234 rows \xC2\xB7 12 columns\nColumns: a \xC2\xB7 b \xC2\xB7 \xE2\x80\xA6 10 "
          "more\n\n"
          "File on the worker's machine: /data/joined.csv\n\nNote: row_count and rows differ");
}

TEST_CASE("render_text: a summary without counts is not shown as one of 0 rows", "[render]") {
    ResultPayload payload;
    payload.form = ResultPayload::Form::summary;
    payload.output_file = "/x.csv";
    CHECK(render_text(payload) == "Result ready\n\nFile on the worker's machine: /x.csv");
    CHECK(render_text(payload, {.limit = 20}) == "File on the worker'\xE2\x80\xA6");
    payload.columns_total = 3;
    CHECK(render_text(payload) == "Result ready\n3 columns\n\nFile on the worker's machine: /x.csv");
}

TEST_CASE("render_text: says which rows are shown, and why there is no file", "[render]") {
    ResultPayload payload;
    payload.rows = payload.predictions_count = 1'234'567;
    payload.columns_total = 1;
    payload.columns = {"id"};
    payload.prediction_columns = {"score"};
    payload.sample = {{samples::number("41")}, {samples::number("7")}};
    payload.predictions_sample = {{samples::number("0.99")}, {samples::number("0.98")}};
    payload.sample_strategy = "highest_predictions";
    payload.sample_row_numbers = {41, 7};
    payload.artifact_error = "no space left on the device";
    CHECK(
        render_text(payload) ==
        "Predictions ready\n2 of 1,234,567 rows (the highest predictions) \xC2\xB7 1 of 1 column + prediction\n\n"
        "id  score\n"
        "\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\xE2\x94\x80\n"
        "41   0.99\n 7   0.98\n\n"
        "The worker could not write the file: no space left on the device");
}

TEST_CASE("render_text: the digest is below the size of the file", "[render]") {
    ResultPayload payload;
    payload.columns_total = 1;
    payload.output_file = "/data/out.csv";
    payload.output_format = "csv";
    payload.output_bytes = 70;
    payload.output_sha256 = std::string(64, '7');
    CHECK(render_text(payload).ends_with("File on the worker's machine: /data/out.csv\nCSV \xC2\xB7 70 B\nsha256 " +
                                         std::string(64, '7')));
}

TEST_CASE("render_text: 20,000 columns and a cell of 10 MB cost linear time", "[render]") {
    ResultPayload payload = samples::made_of(samples::alphabets[0], 10, 20'000);
    payload.sample[3][0].text = std::string(10'000'000, 'x');
    const std::clock_t start = std::clock();
    const std::string text = render_text(payload);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    CHECK(contains(text, " of 20,000 columns"));
    CHECK(seconds < 5);  // of the processor: a few milliseconds; the bound only tells linear from quadratic
}

TEST_CASE("render_text: a message of another type is never shown as a result", "[render]") {
    CHECK(render_text(samples::heartbeat()) == "Another message\n\nIt is of the type \"heartbeat\" and has no result.");
    ResultPayload failed = samples::heartbeat();
    failed.error = "boom";
    CHECK(render_text(failed) == "Another message\n\nIt is of the type \"heartbeat\" and has no result.\nboom");
    CHECK(render_text(failed, {.limit = 20}) == "Another message: he\xE2\x80\xA6");
}

TEST_CASE("render_text: a table whose layout is unknown is not counted as 0 columns", "[render]") {
    ResultPayload payload;
    payload.form = ResultPayload::Form::complete;
    payload.rows = payload.predictions_count = 1;
    payload.prediction_columns = {"prediction"};
    payload.predictions_sample = {{{curtail::SampleCell::Kind::number, "0.5", 0}}};
    payload.truncation = {"columns"};
    const std::string text = render_text(payload);
    INFO(text);
    CHECK(text.find("1 of 1 row \xC2\xB7 unknown columns + prediction\n") != std::string::npos);
    CHECK(text.find("The message carried a table that is not shown.") != std::string::npos);
    CHECK(text.find("0 of 0") == std::string::npos);
}

TEST_CASE("render_text: a table that is not shown is not a table of blanks, even if its columns have names",
          "[render]") {
    ResultPayload payload;
    payload.form = ResultPayload::Form::complete;
    payload.columns = {"age", "city"};
    payload.columns_total = 2;
    payload.rows = payload.predictions_count = 2;
    payload.prediction_columns = {"prediction"};
    payload.predictions_sample = {{samples::number("0.9")}, {samples::number("0.1")}};
    payload.truncation = {"rows", "columns"};
    const std::string text = render_text(payload);
    INFO(text);
    CHECK(contains(text, "2 of 2 rows \xC2\xB7 0 of 2 columns + prediction\nColumns: age \xC2\xB7 city\n"));
    CHECK(contains(text, "The message carried a table that is not shown."));
    CHECK_FALSE(contains(text, " -"));
    CHECK_FALSE(contains(text, "every row"));
    payload.form = ResultPayload::Form::bounded;
    CHECK(contains(render_text(payload), "0 of 2 columns + prediction"));
}

TEST_CASE("render_text: what a message holds and does not count is not shown as 0", "[render]") {
    ResultPayload payload;
    payload.form = ResultPayload::Form::complete;
    payload.notes = {"predictions is an object of 2 keys; it is not shown"};
    CHECK(render_text(payload) == "Result ready\n\nNote: predictions is an object of 2 keys; it is not shown");
    CHECK(render_text(payload, {.limit = 8}) == "Result \xE2\x80\xA6");
    payload.notes.clear();
    CHECK(render_text(payload) == "Result ready\n0 of 0 rows \xC2\xB7 0 of 0 columns");
}

TEST_CASE("render_text: notes on a progress report are below it", "[render]") {
    ResultPayload payload = samples::saving();
    payload.notes = {"progress is 0.5"};
    CHECK(render_text(payload).find("progress is 0.5") != std::string::npos);
}
