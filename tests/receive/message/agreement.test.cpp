// SPDX-License-Identifier: MIT
// What a message states of itself is held against what is shown of it.
#include <curtail/receive/message/agreement.hpp>

#include <curtail/receive/result_receiver.hpp>

#include <string>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ResultPayload;
using Texts = std::vector<std::string>;

namespace {

ResultPayload of(const std::string& data) {
    return curtail::parse_result(R"({"success":true,"data":{)" + data + "}}");
}

Texts notes(const std::string& data) {
    return of(data).notes;
}

}  // namespace

TEST_CASE("note_disagreements: a message that agrees with itself has no note", "[receive]") {
    for (const char* data :
         {R"("predictions":[1,2],"count":2,"dataframe":[{"a":1},{"a":2}],"rows":2,"columns":["a"])",
          R"("predictions":[],"count":0,"dataframe":[],"rows":0,"columns":[])",
          R"("dataframe":[{"a":1}],"rows":1,"columns":["a"])", R"("row_count":7,"column_count":9,"columns":["a"])",
          R"("dataframe_sample":[{"a":1}],"dataframe_rows":9,"predictions_sample":[1],"predictions_count":9,
                                "truncated":true,"prediction_stats":{"n_rows":9},"dataframe_columns":["a"],"dataframe_columns_total":5)",
          R"("dataframe_sample":[{"a":1}],"dataframe_rows":1,"predictions_sample":[],"predictions_count":0)"}) {
        INFO(data);
        CHECK(notes(data) == Texts());
    }
}

TEST_CASE("note_disagreements: notes numbers of predictions, rows and statistics that differ", "[receive]") {
    CHECK(notes(R"("predictions":[1,2,3],"rows":5)") == Texts{"there are 3 predictions for 5 rows"});
    CHECK(notes(R"("predictions_count":1,"dataframe_rows":5)") == Texts{"there is 1 prediction for 5 rows"});
    CHECK(notes(R"("predictions":[1],"dataframe":[[1],[2]],"count":1,"rows":2)") ==
          Texts{"the message carries 1 prediction for 2 rows"});
    CHECK(
        notes(R"("predictions":[1],"predictions_count":"many","count":2)") ==
        Texts{"predictions_count is not a count and was ignored", "count is 2, but the message carries 1 prediction"});
    CHECK(notes(R"("predictions_count":7,"dataframe_rows":7,"prediction_stats":{"n_rows":1})") ==
          Texts{"the statistics are of 1 row, but there are 7 predictions"});
    CHECK(notes(R"("predictions_count":7,"dataframe_rows":7,"prediction_stats":[{"n_rows":7},{"n_rows":8}])").size() ==
          1);
    CHECK(notes(R"("dataframe_sample":[[1]],"dataframe_rows":9,"truncated":false)") ==
          Texts{"the message says that it shows all of the table, but it carries 1 of 9 rows"});
}

TEST_CASE("note_disagreements: statistics count no more than their rows", "[receive]") {
    const auto stats_notes = [](const std::string& stats) {
        return notes(R"("predictions_count":3,"dataframe_rows":3,"prediction_stats":{"n_rows":3,)" + stats + "}");
    };
    CHECK(stats_notes(R"("n_null":8)") == Texts{"the statistics count 8 empty predictions, but are of 3 rows"});
    CHECK(stats_notes(R"("n_null":1,"class_distribution":{"x":{"count":2,"percentage":50},"y":{"count":1}})") ==
          Texts{"the classes count more than 2 predictions, but are of 3 rows"});
    CHECK(stats_notes(R"("class_distribution":{"x":{"count":18446744073709551615},"y":{"count":2}})").size() == 1);
    CHECK(stats_notes(R"("histogram":{"low":0,"high":1,"counts":[2,2]})") ==
          Texts{"the histogram counts more than 3 predictions, but are of 3 rows"});
    CHECK(stats_notes(R"("min":5,"max":-1)") == Texts{"the statistics have a minimum of 5 and a maximum of -1"});
    for (const char* const possible :
         {R"("n_null":3)", R"("n_null":1,"class_distribution":{"x":{"count":1},"y":{"count":1}},"other_count":9)",
          R"("histogram":{"low":0,"high":1,"counts":[1,2]},"min":1,"max":1)"}) {
        INFO(possible);
        CHECK(stats_notes(possible).empty());
    }
}

TEST_CASE("note_disagreements: notes names and counts of columns that are not those of the rows", "[receive]") {
    const std::string rows = R"("dataframe":[{"a":1,"b":2}],"rows":1,)";
    CHECK(notes(rows + R"("columns":["a","c"])") ==
          Texts{R"(the rows have "b", which the list "columns" does not name)",
                R"(the list "columns" names "c", which none of the first rows has)"});
    CHECK(notes(rows + R"("dataframe_columns":["a"])") ==
          Texts{R"(the rows have "b", which the list "dataframe_columns" does not name)"});
    CHECK(notes(rows + R"("column_count":3)") == Texts{"column_count is 3, but the message names 2 columns"});
    CHECK(notes(rows + R"("dataframe_columns_total":1)") ==
          Texts{"dataframe_columns_total is 1, but the message names 2 columns"});
    CHECK(notes(R"("dataframe_sample":[{"a":1,"b":2}],"dataframe_rows":1,"dataframe_columns_total":1)").size() == 1);
    CHECK(notes(R"("row_count":7,"column_count":1,"columns":["a","b"])") ==
          Texts{"column_count is 1, but the message names 2 columns"});
    CHECK(of(R"("row_count":7,"column_count":1,"columns":["a","b"])").columns_total == 2);
}

TEST_CASE("note_disagreements: notes another number of names than of predictions per row", "[receive]") {
    CHECK(notes(R"("predictions":[[1,2],[3,4]],"prediction_column":"p")") ==
          Texts{"prediction_column names 1 column, but each row has 2 predictions"});
    CHECK(notes(R"("predictions":[1,2],"prediction_column":["p","q"])").size() == 1);
    CHECK(notes(R"("predictions":[[1,2],[3]],"prediction_column":["p","q"])") ==
          Texts{"the rows have from 1 to 2 predictions"});
    CHECK(notes(R"("predictions":[[1,2],[3,4]],"prediction_column":["p","q"])").empty());
}

TEST_CASE("PayloadAssembly: labelled predictions are the rows if their number says so", "[receive]") {
    const std::string series = R"({"10":0.25,"20":0.5,"30":1})";
    for (const std::string& predictions : {series, json_string(series)}) {
        for (const char* evidence :
             {R"("count":3)", R"("rows":3)", R"("count":"3","rows":3)", R"("dataframe":[[1],[2],[3]])"}) {
            const ResultPayload result = of("\"predictions\":" + predictions + "," + evidence);
            INFO(evidence);
            CHECK(result.notes == Texts());
            CHECK(result.predictions_count == 3);
            REQUIRE(result.predictions_sample.size() == 3);
            CHECK(result.predictions_sample[2].at(0).text == "1");
            CHECK(of(std::string(evidence) + ",\"predictions\":" + predictions) == result);
        }
        // One row may have three classes.
        for (const char* evidence : {R"("count":1)", R"("rows":1)", R"("count":3,"rows":1)",
                                     R"("count":3,"dataframe":[[1]])", R"("output_file":"f")"}) {
            const ResultPayload result = of("\"predictions\":" + predictions + "," + evidence);
            INFO(evidence);
            CHECK(result.predictions_sample.empty());
            REQUIRE_FALSE(result.notes.empty());
            CHECK(result.notes[0] ==
                  "predictions is an object of 3 keys, and nothing says that each is a row; it is not shown");
        }
    }
    CHECK(of(R"("predictions":{"p":[1,2],"q":[3,4]},"count":2)").predictions_sample.empty());
    CHECK(of(R"("predictions":{"0":{"p":1},"1":{"p":2}},"count":2)").predictions_sample.empty());
    CHECK(of(R"("predictions":{},"count":0)").notes == Texts());
    // Somebody sorted them, and the rows of the table may be in another order.
    for (const char* labels : {R"({"2":0.9,"0":0.5,"1":1})", R"({"0":1,"1":2,"1":3})", R"({"5":1,"9":2,"7":3})"}) {
        const ResultPayload result = of("\"predictions\":" + std::string(labels) + R"(,"dataframe":[[1],[2],[3]])");
        CHECK(result.predictions_sample.empty());
        CHECK(result.notes[0] ==
              "predictions is an object of 3 keys, which are numbers of rows in another order; it is not shown");
    }
    CHECK(of(R"("predictions":{"5":1,"7":2,"x":3,"1":4},"count":4)").notes == Texts());
}
