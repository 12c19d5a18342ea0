// SPDX-License-Identifier: MIT
#include <curtail/receive/message/payload_assembly.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ReceiverOptions;
using curtail::ResultPayload;
using curtail::SampleCell;
using curtail::SampleRow;
using curtail::detail::MessageCollector;
using curtail::detail::PayloadAssembly;
using curtail::detail::Recognised;
using Kind = SampleCell::Kind;
using Texts = std::vector<std::string>;

namespace {

ResultPayload build(std::string_view text, const ReceiverOptions& options = {}) {
    const MessageCollector message = collect<MessageCollector>(text, options);
    const Recognised found = curtail::detail::recognise(message);
    REQUIRE(found.form.has_value());
    ResultPayload out;
    PayloadAssembly(message, options, out).build(*found.form);
    return out;
}

ResultPayload of(const std::string& data, const ReceiverOptions& options = {}) {
    return build(R"({"success":true,"data":{)" + data + "}}", options);
}

}  // namespace

TEST_CASE("PayloadAssembly: notes a failure without a text and progress without a number", "[receive]") {
    CHECK(build(R"({"success":false,"error":""})").notes == Texts{"the failure has no error text"});
    CHECK(build(R"({"success":false})").notes == Texts{"the failure has no error text"});
    const ResultPayload progress = build(R"({"type":"progress","progress":"half","status":"s"})");
    CHECK(progress.notes == Texts{"progress is not a number"});
    CHECK(progress.progress == curtail::ProgressReport{"s", 0, ""});
    CHECK(build(R"({"type":"progress"})").notes.empty());
    CHECK(build(R"({"type":"progress","progress":"half"})").progress.percent == 0);
}

TEST_CASE("PayloadAssembly: progress is a percentage, also as a text, and what it may not be has a note", "[receive]") {
    const auto percent = [](const std::string& value) {
        return build(R"({"type":"progress","progress":)" + value + "}");
    };
    for (const char* fifty : {"50", "50.0", "5e1", "\"50\"", "\"50%\"", "\"50.0 %\""}) {
        CHECK(percent(fifty).progress.percent == 50);
        CHECK(percent(fifty).notes.empty());
    }
    for (const char* end : {"0", "100", "1", "\"0\""}) CHECK(percent(end).notes.empty());
    for (const char* other : {"\"\"", "\"%\"", "true", "[50]", "NaN", "\"half\""}) {
        CHECK(percent(other).progress.percent == 0);
        CHECK(percent(other).notes == Texts{"progress is not a number"});
    }
    CHECK(percent("0.5").progress.percent == 0.5);
    CHECK(percent("0.5").notes == Texts{"progress is 0.5, which may be a share of the job and not a percentage"});
    CHECK(percent("-2.5").progress.percent == 0);
    CHECK(percent("-2.5").notes == Texts{"progress is -2.5, which is not from 0 to 100"});
    CHECK(percent("1e300").progress.percent == 100);
    CHECK(percent("1e300").notes.size() == 1);
}

TEST_CASE("PayloadAssembly: the newer key of a count wins, and each one that is not a count has a note", "[receive]") {
    CHECK(of(R"("dataframe_rows":1,"rows":2,"row_count":3)").rows == 1);
    CHECK(of(R"("rows":2,"row_count":3,"output_file":"f")").rows == 2);
    CHECK(of(R"("row_count":3)").rows == 3);
    CHECK(of(R"("predictions_count":1,"count":2)").predictions_count == 1);
    const ResultPayload odd = of(R"("dataframe_rows":"a","rows":2,"row_count":-3,"count":1.5)");
    CHECK(odd.rows == 2);
    CHECK(odd.notes == Texts{"dataframe_rows is not a count and was ignored",
                             "row_count is not a count and was ignored", "count is not a count and was ignored"});
    CHECK(of(R"("schema_version":18446744073709551615)").schema_version == INT64_MAX);
    CHECK(of(R"("schema_version":-1)").schema_version == 0);
}

TEST_CASE("PayloadAssembly: uncounted rows are those of the whole table, else at least the predictions", "[receive]") {
    CHECK(of(R"("dataframe":[[1],[2]],"predictions":[1,2,3])").rows == 2);
    CHECK(of(R"("dataframe_sample":[[1],[2]],"predictions_count":9)").rows == 9);
    CHECK(of(R"("dataframe_sample":[[1],[2]],"predictions_count":1)").rows == 2);
    CHECK(of(R"("predictions_count":9)").rows == 9);
}

TEST_CASE("PayloadAssembly: prediction columns without a name get one, and every row has a cell for each",
          "[receive]") {
    CHECK(of(R"("predictions_sample":[1])").prediction_columns == Texts{"prediction"});
    CHECK(of(R"("predictions_sample":[])").prediction_columns.empty());
    const ResultPayload ragged = of(R"("predictions_sample":[[1],[1,2,3],[]],"prediction_column":"p")");
    CHECK(ragged.prediction_columns == Texts{"p", "prediction_2", "prediction_3"});
    const SampleCell missing{Kind::missing, "", 0};
    REQUIRE(ragged.predictions_sample.size() == 3);
    CHECK(ragged.predictions_sample[0] == SampleRow{{Kind::number, "1", 0}, missing, missing});
    CHECK(ragged.predictions_sample[2] == SampleRow{missing, missing, missing});
    CHECK(of(R"("count":0,"prediction_stats":[{},{}])").prediction_columns == Texts{"prediction_1", "prediction_2"});
}

TEST_CASE("PayloadAssembly: ignores statistics for fewer columns than have predictions, with a note", "[receive]") {
    const ResultPayload result = of(R"("count":0,"prediction_column":["p","q","r"],"prediction_stats":[{},{}])");
    CHECK(result.prediction_stats.empty());
    CHECK(result.notes == Texts{"prediction_stats has entries for 2 of 3 prediction columns and was ignored"});
}

TEST_CASE("PayloadAssembly: dtypes are parallel to the columns or ignored with a note", "[receive]") {
    const std::string table = R"("dataframe_rows":0,"dataframe_columns":["a","b","c"],)";
    CHECK(of(table + R"("dataframe_dtypes":["x","y","z"])").dtypes == Texts{"x", "y", "z"});
    CHECK(of(table + R"("dataframe_dtypes":[])").notes.size() == 1);
    const ResultPayload fewer = of(table + R"("dataframe_dtypes":["x","y"])");
    CHECK(fewer.dtypes.empty());
    CHECK(fewer.notes == Texts{"dataframe_dtypes does not have one entry per column and was ignored"});
    const ResultPayload cut = of(table + R"("dataframe_dtypes":["x","y","z"])", {.max_columns = 2});
    CHECK(cut.columns == Texts{"a", "b"});
    CHECK(cut.dtypes == Texts{"x", "y"});
    CHECK(cut.columns_total == 3);
    // Columns that are numbered, because the list does not fit the rows, have no type.
    CHECK(of(R"("dataframe":[[1,2]],"columns":["a"],"dataframe_dtypes":["x"])").dtypes.empty());
    CHECK(of(R"("dataframe":[{"a":1,"b":2,"c":3}],"columns":["c","b","a"],"dataframe_dtypes":["x","y","z"])",
             {.max_columns = 2})
              .notes.empty());
    const ResultPayload own =
        of(R"("dataframe":[{"a":1,"b":2,"c":3}],"dataframe_dtypes":["x","y","z"])", {.max_columns = 2});
    CHECK(own.dtypes == Texts{"x", "y"});
    CHECK(own.notes.empty());
    // Columns that only the rows name have an empty dtype.
    CHECK(of(table + R"("dataframe_sample":[{"d":1}],"dataframe_dtypes":["x","y","z"])").dtypes ==
          Texts{"x", "y", "z", ""});
}

TEST_CASE("PayloadAssembly: the total of columns is the claimed one, and at least that of the kept ones", "[receive]") {
    CHECK(of(R"("dataframe_columns_total":9,"column_count":5,"dataframe_columns":["a"])").columns_total == 9);
    CHECK(of(R"("column_count":5,"columns":["a"])").columns_total == 5);
    CHECK(of(R"("dataframe_columns_total":1,"dataframe_columns":["a","b"])").columns_total == 2);
    CHECK(of(R"("dataframe_columns":["a","b"])").columns_total == 2);
    CHECK(of(R"("dataframe_columns":["n"],"columns":["a","b"])").columns == Texts{"n"});
    CHECK(of(R"("dataframe_columns":[],"columns":["a","b"])").columns.empty());
}

TEST_CASE("PayloadAssembly: what the receiver left out is a reason of truncation, too", "[receive]") {
    const auto reasons = [](const std::string& data, const ReceiverOptions& options = {}) {
        const ResultPayload result = of(data, options);
        CHECK(result.truncated == !result.truncation.empty());
        return result.truncation;
    };
    const std::string cell = R"("dataframe":[{"a":"01234567890123456789"}],"rows":1)";
    CHECK(reasons(cell).empty());
    CHECK(reasons(cell, {.max_cell_bytes = 16}) == Texts{"cells"});
    CHECK(reasons(R"("dataframe":[{"a":1},{"a":2}])", {.sample_rows = 1}) == Texts{"rows"});
    CHECK(reasons(R"("dataframe":[{"a":1,"b":2}])", {.max_columns = 1}) == Texts{"columns"});
    CHECK(reasons(R"("predictions":[1,2])", {.sample_rows = 1}) == Texts{"rows"});
    CHECK(reasons(R"("predictions":["01234567890123456789"])", {.max_cell_bytes = 16}) == Texts{"cells"});
    CHECK(reasons(R"("count":0,"prediction_stats":{"class_distribution":{"a":1,"b":1}})", {.max_classes = 1}) ==
          Texts{"stats"});
    CHECK(reasons(R"("dataframe_rows":5,"truncated":true,"truncation":["stats","rows"],"dataframe_sample":[])") ==
          Texts{"stats", "rows"});
    // A file without a sample is not truncated.
    CHECK(reasons(R"("row_count":5,"column_count":9,"output_file":"f")").empty());
}

TEST_CASE("PayloadAssembly: passes on the sender's notes, before its own", "[receive]") {
    const std::string data = R"("dataframe_sample":[{"a":"x"}],"dataframe_rows":1,"notes":)";
    CHECK(of(data + R"(["first","second"])").notes == Texts{"first", "second"});
    CHECK(of(data + "[]").notes.empty());
    CHECK(of(data + "null").notes.empty());
    const ResultPayload both = of(data + R"(["first"],"output_bytes":-1)");
    REQUIRE(both.notes.size() == 2);
    CHECK(both.notes[0] == "first");
    CHECK(of(data + "7").notes == Texts{"notes has an unexpected type and was ignored"});
}

TEST_CASE("PayloadAssembly: gives a cell that the sender had cut its size, wherever the list points", "[receive]") {
    const std::string data =
        R"("dataframe_sample":[{"a":"x"},{"b":"y"}],"dataframe_rows":2,"predictions_sample":["p","q"],"predictions_count":2,)"
        R"("prediction_column":"a","cells_truncated":[)";
    const ResultPayload marked = of(data + R"({"row":0,"column":"a","bytes":70},{"row":1,"column":"b","bytes":80}])");
    REQUIRE(marked.sample.size() == 2);
    CHECK(marked.sample[0][0].cut_from_bytes == 70);
    CHECK(marked.sample[1][1].cut_from_bytes == 80);
    CHECK(marked.predictions_sample[0][0].cut_from_bytes == 0);
    CHECK(marked.predictions_sample[1][0].cut_from_bytes == 0);
    // A feature and a prediction can have one name.
    const ResultPayload predicted = of(data + R"({"row":0,"column":"a","bytes":70,"prediction":true}])");
    CHECK(predicted.sample[0][0].cut_from_bytes == 0);
    CHECK(predicted.predictions_sample[0][0].cut_from_bytes == 70);
    CHECK(predicted.predictions_sample[1][0].cut_from_bytes == 0);
    CHECK(marked.truncation == Texts{"cells"});
    // A feature and a prediction may have the same name.
    const ResultPayload both = of(data + R"({"row":0,"column":"a","bytes":70,"prediction":true},
        {"row":1,"column":"a","bytes":90,"prediction":true},{"row":1,"column":"b","bytes":80,"prediction":true}])");
    CHECK(both.sample[0][0].cut_from_bytes == 0);
    CHECK(both.sample[1][1].cut_from_bytes == 0);
    CHECK(both.predictions_sample[0][0].cut_from_bytes == 70);
    CHECK(both.predictions_sample[1][0].cut_from_bytes == 90);
    CHECK(both.cells_truncated.at(0) == curtail::TruncatedCell{0, "a", 70, true});
    // Messages of earlier versions do not say which of the two it is.
    const ResultPayload unsaid = of(R"("predictions_sample":["p"],"predictions_count":1,"prediction_column":"q",
        "cells_truncated":[{"row":0,"column":"q","bytes":70}])");
    CHECK(unsaid.predictions_sample[0][0].cut_from_bytes == 70);
    // Entries without a cell, and missing cells, change nothing.
    const ResultPayload astray =
        of(data + R"({"row":2,"column":"b","bytes":1},{"row":0,"column":"c","bytes":1},{"row":0,"column":"b","bytes":1},
                  {"row":18446744073709551615,"column":"a","bytes":1}])");
    CHECK(astray.sample[0][1] == SampleCell{Kind::missing, "", 0});
    CHECK(astray.truncation.empty());
    CHECK(astray.cells_truncated.size() == 4);
    CHECK(astray.cells_truncated_total == 4);
    CHECK(of(data + R"(],"cells_truncated_total":12)").cells_truncated_total == 12);
}

TEST_CASE("PayloadAssembly: a sample may be smaller than its count, but not larger without a note", "[receive]") {
    CHECK(of(R"("dataframe_sample":[[1]],"dataframe_rows":5,"predictions_sample":[1],"predictions_count":5)")
              .notes.empty());
    CHECK(of(R"("dataframe_sample":[[1],[2]],"dataframe_rows":1)").notes ==
          Texts{"the number of rows is 1, but the message carries 2 rows"});
    CHECK(of(R"("predictions_sample":[1,2],"predictions_count":1)").notes ==
          Texts{"predictions_count is 1, but the message carries 2 predictions"});
    CHECK(
        of(R"("dataframe_sample":[[1],[2]],"dataframe_rows":9,"predictions_sample":[1],"predictions_count":9)").notes ==
        Texts{"the message carries 1 prediction for 2 rows"});
    // A sample need not be as long as a whole list.
    CHECK(of(R"("dataframe_sample":[[1]],"dataframe_rows":2,"predictions":[1,2],"count":2)").notes.empty());
}

TEST_CASE("PayloadAssembly: does not compare what has not been read to its end", "[receive]") {
    const ResultPayload begun = build(R"({"success":true,"data":{"count":9,"rows":9,"dataframe":[{"a":1},{"a":2)");
    CHECK(begun.notes.empty());
    CHECK(begun.rows == 9);
    CHECK(begun.predictions_count == 9);
    // A row that has begun is shown, and its other cells are missing.
    CHECK(begun.sample == std::vector<SampleRow>{{{Kind::number, "1", 0}}, {{Kind::missing, "", 0}}});
}

TEST_CASE("PayloadAssembly: a table that cannot be shown has rows and columns that are not shown", "[receive]") {
    for (const char* frame : {"\"a,b\\n1,2\\n\"", "7", "{\"a\":[1]}", "[1]", "\"[{\""}) {
        INFO(frame);
        for (const char* key : {"dataframe", "dataframe_sample"}) {
            const ResultPayload result = of("\"rows\":1,\"" + std::string(key) + "\":" + frame);
            CHECK(result.columns_total == 0);
            CHECK(result.truncation == Texts{"rows", "columns"});
            CHECK(result.notes.size() == 1);
        }
    }
    CHECK(of(R"("dataframe":null,"rows":0)").truncation.empty());
    CHECK(of(R"("dataframe":7,"dataframe_sample":[{"a":1}],"dataframe_rows":1)").truncation.empty());
}
