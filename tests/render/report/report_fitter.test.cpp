// SPDX-License-Identifier: MIT
#include <curtail/render/report/report_fitter.hpp>

#include <cstddef>
#include <string>

#include "catch.hpp"
#include "render/sample_payloads.hpp"

using curtail::ResultPayload;

namespace {

std::string fitted(const ResultPayload& payload, std::size_t limit) {
    return curtail::detail::render(payload, {.limit = limit, .max_width = 40}, curtail::detail::Markup::plain);
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

ResultPayload noted() {
    ResultPayload payload = samples::churn();
    payload.prediction_stats[0].histogram = curtail::Histogram{0, 1, {1, 2, 3}};
    payload.prediction_stats[0].mean = 0.5;
    payload.output_file = "/a/long/path/to/a/directory/of/results" + payload.output_file;
    return payload;
}

// Returns the smallest limit, in steps of 4, at which the text still holds `part`.
std::size_t lost_below(const ResultPayload& payload, const std::string& part) {
    std::size_t limit = 900;
    while (limit > 4 && contains(fitted(payload, limit), part)) limit -= 4;
    return limit + 4;
}

}  // namespace

TEST_CASE("ReportFitter: leaves out rows before notes, notes before the path, and the counts last", "[render]") {
    const ResultPayload payload = noted();
    const std::size_t fourth_row = lost_below(payload, "4 of 1,234,567 rows");
    const std::size_t note = lost_below(payload, "Note: ");
    const std::size_t path = lost_below(payload, payload.output_file);
    const std::size_t histogram = lost_below(payload, "0 \xE2\x96\x83\xE2\x96\x86\xE2\x96\x88 1");
    const std::size_t machine = lost_below(payload, "File on the worker's machine: ");
    const std::size_t counts = lost_below(payload, " of 1,234,567 rows");
    CHECK(fourth_row > note);
    CHECK(note > path);
    CHECK(path > histogram);
    CHECK(histogram > machine);
    CHECK(machine > counts);
}

TEST_CASE("ReportFitter: a text is as long as it may be and the same every time", "[render]") {
    const ResultPayload payload = samples::made_of(samples::alphabets[0], 10, 3);
    const std::string whole = fitted(payload, curtail::no_limit);
    CHECK(fitted(payload, curtail::detail::count_units(whole, curtail::LimitUnit::code_points)) == whole);
    CHECK(fitted(payload, 700) == fitted(payload, 700));
    std::size_t rows = 0;
    for (std::size_t limit = 500; limit < 1200; limit += 10) {
        const std::string text = fitted(payload, limit);
        CHECK(curtail::detail::count_units(text, curtail::LimitUnit::code_points) <= limit);
        if (text.starts_with("Predictions ready")) {
            const std::size_t now = std::stoul(text.substr(text.find('\n') + 1));
            CHECK((now >= rows || now >= 3));
            rows = now;
        }
    }
    CHECK(rows == 10);
}

TEST_CASE("ReportFitter: that parts are missing is said as long as there is room for the counts", "[render]") {
    const ResultPayload payload = samples::with_missing_parts();
    const std::string said = "2 of 12 parts are missing";
    CHECK(contains(fitted(payload, curtail::no_limit),
                   "columns + prediction\n" + said + ": 3, 7; the numbers are of the 10 that are there\n"));
    CHECK(contains(fitted(payload, curtail::no_limit), "prediction over 1,234,567 rows: "));
    CHECK(contains(fitted(payload, curtail::no_limit), "\nat least: Berlin 0.4% (4,000)"));
    ResultPayload noted = payload;
    noted.notes = {said + ": 3, 7. Rows are those of the parts that are there."};
    CHECK(fitted(noted, curtail::no_limit) == fitted(payload, curtail::no_limit));
    noted.notes.emplace_back("another");
    CHECK(contains(fitted(noted, curtail::no_limit), "Note: another"));
    for (std::size_t limit = 70; limit < 900; limit += 83) CHECK(contains(fitted(payload, limit), said));
    CHECK_FALSE(contains(fitted(payload, 70), "/data/"));
}

TEST_CASE("ReportFitter: an old worker's answer to a question for rows is a sentence", "[render]") {
    ResultPayload payload = samples::failed();
    payload.error = "Unknown action: rows";
    CHECK(contains(fitted(payload, 4096), "This worker is too old to show rows of an earlier job."));
}

TEST_CASE("ReportFitter: counts the statistics and notes that it leaves out", "[render]") {
    ResultPayload payload = samples::customers();
    payload.notes.assign(9, "a note");
    payload.prediction_columns.assign(9, "p");
    payload.prediction_stats.assign(9, payload.prediction_stats[0]);
    const std::string text = fitted(payload, curtail::no_limit);
    CHECK(contains(text, "\xE2\x80\xA6 5 more notes"));
    CHECK(contains(text, "\xE2\x80\xA6 statistics of 3 more predictions"));
}

TEST_CASE("ReportFitter: does not say that predictions of which nothing is known are no numbers", "[render]") {
    ResultPayload payload = samples::customers();
    payload.prediction_columns = {"p", "q"};
    for (const bool second : {false, true}) {
        payload.prediction_stats = {curtail::PredictionStats(), curtail::PredictionStats()};
        if (second) payload.prediction_stats[1].mean = 0.5;
        for (const std::size_t limit : {std::size_t{30}, std::size_t{200}, curtail::no_limit}) {
            const std::string text = fitted(payload, limit);
            CHECK_FALSE(contains(text, "no numbers"));
            CHECK_FALSE(contains(text, "all 0 rows"));
        }
        CHECK(contains(fitted(payload, curtail::no_limit), "\n\nq: mean 0.5\n") == second);
    }
    payload.prediction_stats = {curtail::PredictionStats()};
    payload.rows = payload.predictions_count = 0;
    CHECK(contains(fitted(payload, curtail::no_limit), "p over all 0 rows: no numbers"));
}

TEST_CASE("ReportFitter: a limit too small for any report gets the beginning of what matters most", "[render]") {
    const ResultPayload payload = samples::customers();
    CHECK(fitted(payload, 0).empty());
    CHECK(fitted(payload, 8) == "0 of 1,\xE2\x80\xA6");
    CHECK(fitted(samples::failed(), 14) == "Job failed: T\xE2\x80\xA6");
    CHECK(fitted(samples::saving(), 18) == "Job running: 42.5%");
}
