// SPDX-License-Identifier: MIT
#include <curtail/receive/result_receiver.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"

using curtail::ErrorCode;
using curtail::MessageError;
using curtail::parse_result;
using curtail::ResultPayload;
using curtail::ResultReceiver;
using curtail::SampleCell;
using Form = ResultPayload::Form;
using Kind = SampleCell::Kind;

namespace {

std::string message(const std::string& data) {
    return R"({"type":"result","job_id":"job_0123456789ab","success":true,"data":{)" + data + "}}";
}

ResultPayload of(const std::string& data) {
    return parse_result(message(data));
}

const char* const bounded_data = R"(
 "predictions_sample":[0.25,null,"a…"],"predictions_count":1234567,
 "dataframe_sample":[{"id":12345678901234567890,"name":"Zo\u00eb"},{"id":2,"name":null},{"id":3,"name":"cut…"}],
 "dataframe_rows":1234567,"dataframe_columns":["id","name"],"output_file":"/data/predictions_job.csv","schema_version":1,
 "truncated":true,"truncation":["rows","cells"],"dataframe_dtypes":["uint64","string"],"dataframe_columns_total":7,
 "cells_truncated":[{"row":2,"column":"name","bytes":5000},{"row":2,"column":"prediction","bytes":70,"prediction":true}],"cells_truncated_total":9,
 "prediction_column":"prediction","prediction_stats":{"n_rows":1234567,"n_null":3,"mean":0.5,"std":null,"min":-1,"max":2.5,
 "median":0.25,"median_is_estimate":true,"median_rank_error":0.001,"histogram":{"low":-1,"high":2.5,"counts":[1,2,3]},
 "class_distribution":{"a":{"count":5,"percentage":62.5},"b":{"count":3,"percentage":37.5}},"classes_total":4,"other_count":11,
 "class_counts_are_lower_bounds":true},
 "output_format":"csv.gz","output_bytes":987654321,"output_uncompressed_bytes":3000000000,"output_attachable":false,
 "output_parts":[{"file":"part-00000.csv","rows":1234567,"bytes":987654321,"sha256":null,"host":"node"}],
 "output_parts_total":3,"parts_missing":[1,2],"parts_missing_total":2,"sample_row_numbers":[0,1,2],"unknown":{"a":[{}]})";

const std::vector<std::string> messages = {
    message(bounded_data),
    "\xEF\xBB\xBF{\"type\": \"result\", \"job_id\": \"j\\u00e9\", \"success\": true, \"data\": "
    "{\"predictions\": [0.1, NaN, -Infinity],\r\n"
    " \"count\": 3, \"dataframe\": [{\"a\": 1.50, \"b\": \"\\ud83d\\ude00\"}, {\"b\": null}, {\"c\": {\"x\": "
    "[1, \"\xE2\x82\xAC\"]}}]}}\n",
    message(R"("dataframe":"{\"a\":{\"0\":1,\"1\":2},\"b\":{\"0\":\"x\\ny\",\"1\":null}}","rows":2)"),
    message(R"("dataframe":{"columns":["a"],"data":[[1],[2]]},"columns":["a"],"rows":2)"),
    message(R"("output_file":"/x.csv","row_count":5,"column_count":50,"columns":["a","b"],"operation":"join")"),
    R"({"type":"result","job_id":"j","success":false,"error":"bad \"file\""})",
    R"({"type":"progress","job_id":"j","status":"saving","progress":42.5,"message":"row 5"})",
    R"({"type":"heartbeat","job_id":"j","at":[1,2],"error":"late"})",
};

ResultPayload receive(const std::vector<std::string_view>& pieces, curtail::ReceiverOptions options = {}) {
    ResultReceiver receiver(options);
    for (const std::string_view piece : pieces) receiver.feed(piece);
    return receiver.finish();
}

struct Refusal {
    ErrorCode code;
    std::uint64_t offset;
};

Refusal refusal(std::string_view text) {
    try {
        (void)parse_result(text);
    } catch (const MessageError& error) {
        CHECK(error.permanent());
        CHECK_FALSE(curtail::try_parse_result(text).has_value());
        return {error.code(), error.offset()};
    }
    FAIL("accepted: " << text);
    return {};
}

}  // namespace

TEST_CASE("ResultReceiver: reads the format that curtail writes, field by field", "[receive]") {
    const ResultPayload result = of(bounded_data);
    CHECK(result.form == Form::bounded);
    CHECK(result.job_id == "job_0123456789ab");
    CHECK(result.columns == std::vector<std::string>{"id", "name"});
    CHECK(result.dtypes == std::vector<std::string>{"uint64", "string"});
    CHECK(result.columns_total == 7);
    CHECK(result.rows == 1234567);
    REQUIRE(result.sample.size() == 3);
    CHECK(result.sample[0] ==
          curtail::SampleRow{{Kind::number, "12345678901234567890", 0}, {Kind::text, "Zo\xC3\xAB", 0}});
    CHECK(result.sample[1][1] == SampleCell{Kind::null, "", 0});
    CHECK(result.sample[2][1] == SampleCell{Kind::text, "cut…", 5000});
    CHECK(result.prediction_columns == std::vector<std::string>{"prediction"});
    REQUIRE(result.predictions_sample.size() == 3);
    CHECK(result.predictions_sample[0] == curtail::SampleRow{{Kind::number, "0.25", 0}});
    CHECK(result.predictions_sample[2] == curtail::SampleRow{{Kind::text, "a…", 70}});
    CHECK(result.predictions_count == 1234567);
    REQUIRE(result.prediction_stats.size() == 1);
    const curtail::PredictionStats& stats = result.prediction_stats[0];
    CHECK(stats.n_rows == 1234567);
    CHECK(stats.n_null == 3);
    CHECK(stats.mean == 0.5);
    CHECK_FALSE(stats.std.has_value());
    CHECK(stats.min == -1.0);
    CHECK(stats.max == 2.5);
    CHECK(stats.median == 0.25);
    CHECK(stats.median_rank_error == 0.001);
    CHECK(stats.histogram == curtail::Histogram{-1, 2.5, {1, 2, 3}});
    CHECK(stats.class_distribution == std::vector<curtail::ClassCount>{{"a", 5, 62.5}, {"b", 3, 37.5}});
    CHECK(stats.classes_total == 4);
    CHECK(stats.other_count == 11);
    CHECK(stats.class_counts_are_lower_bounds);
    CHECK(result.output_file == "/data/predictions_job.csv");
    CHECK(result.output_format == "csv.gz");
    CHECK(result.output_bytes == 987654321);
    CHECK(result.output_uncompressed_bytes == 3000000000U);
    CHECK(result.output_attachable == false);
    CHECK(result.output_parts == std::vector<curtail::OutputPart>{{"part-00000.csv", 1234567, 987654321, "", "node"}});
    CHECK(result.output_parts_total == 3U);
    CHECK(result.parts_missing == std::vector<std::uint64_t>{1, 2});
    CHECK(result.parts_missing_total == 2);
    CHECK(result.schema_version == 1);
    CHECK(result.truncated);
    CHECK(result.truncation == std::vector<std::string>{"rows", "cells", "parts", "columns"});
    CHECK(result.cells_truncated.size() == 2);
    CHECK(result.cells_truncated[0] == curtail::TruncatedCell{2, "name", 5000});
    CHECK(result.cells_truncated[1] == curtail::TruncatedCell{2, "prediction", 70, true});
    CHECK(result.cells_truncated_total == 9);
    CHECK(result.notes.empty());
}

TEST_CASE("ResultReceiver: several prediction columns have a cell, a name and statistics each", "[receive]") {
    const ResultPayload result = of(
        R"("predictions_sample":[[0.1,"a"],[0.2,null]],"predictions_count":2,"dataframe_rows":2,"prediction_column":["p","q"],
           "prediction_stats":[{"mean":0.15},{"class_distribution":{"a":{"count":1,"percentage":100.0}}}])");
    CHECK(result.prediction_columns == std::vector<std::string>{"p", "q"});
    CHECK(result.predictions_sample[1] == curtail::SampleRow{{Kind::number, "0.2", 0}, {Kind::null, "", 0}});
    REQUIRE(result.prediction_stats.size() == 2);
    CHECK(result.prediction_stats[0].mean == 0.15);
    CHECK(result.prediction_stats[1].classes_total == 1);
}

TEST_CASE("ResultReceiver: shows the first rows of an old message, and counts all", "[receive]") {
    std::string predictions;
    std::string rows;
    for (int i = 0; i < 25; ++i) {
        predictions += (i ? ", " : "") + std::to_string(i) + ".5";
        rows += (i ? ", " : "") + std::string("{\"a\": ") + std::to_string(i) + ", \"b\": NaN}";
    }
    const ResultPayload result =
        of("\"predictions\": [" + predictions + "], \"count\": 25, \"dataframe\": [" + rows + "]");
    CHECK(result.form == Form::complete);
    CHECK(result.rows == 25);
    CHECK(result.predictions_count == 25);
    CHECK(result.sample.size() == 10);
    CHECK(result.predictions_sample.size() == 10);
    CHECK(result.sample[9][0].text == "9");
    CHECK(result.sample[9][1] == SampleCell{Kind::number, "NaN", 0});
    CHECK(result.predictions_sample[9][0].text == "9.5");
    CHECK(result.prediction_columns == std::vector<std::string>{"prediction"});
    CHECK(result.truncated);
    CHECK(result.schema_version == 0);
    CHECK(result.notes.empty());
    CHECK(of("\"predictions\": [" + predictions + "]").predictions_count == 25);
    CHECK(of("\"predictions\": [" + predictions + "]").rows == 25);
}

TEST_CASE("ResultReceiver: notes counts that disagree, and shows the claimed one", "[receive]") {
    const ResultPayload result = of(R"("predictions":[1,2,3],"count":5,"dataframe":[{"a":1},{"a":2}],"rows":9)");
    CHECK(result.predictions_count == 5);
    CHECK(result.rows == 9);
    REQUIRE(result.notes.size() == 3);
    CHECK(result.notes[0] == "count is 5, but the message carries 3 predictions");
    CHECK(result.notes[1] == "the number of rows is 9, but the message carries 2 rows");
    CHECK(result.notes[2] == "the message carries 3 predictions for 2 rows");
    CHECK(of(R"("predictions_sample":[1,2],"predictions_count":1,"dataframe_rows":1)").notes.size() == 1);
}

TEST_CASE("ResultReceiver: reads a whole table, a joined file, a failure and progress", "[receive]") {
    const ResultPayload loaded = of(R"("dataframe":[{"b":1,"a":2}],"columns":["a","b","c"],"rows":1)");
    CHECK(loaded.form == Form::complete);
    CHECK(loaded.columns == std::vector<std::string>{"a", "b", "c"});
    CHECK(loaded.sample[0] ==
          curtail::SampleRow{{Kind::number, "2", 0}, {Kind::number, "1", 0}, {Kind::missing, "", 0}});
    const ResultPayload joined = parse_result(messages[4]);
    CHECK(joined.form == Form::summary);
    CHECK(joined.output_file == "/x.csv");
    CHECK(joined.rows == 5);
    CHECK(joined.columns_total == 50);
    CHECK(joined.columns == std::vector<std::string>{"a", "b"});
    const ResultPayload failed = parse_result(messages[5]);
    CHECK(failed.form == Form::failure);
    CHECK(failed.error == "bad \"file\"");
    const ResultPayload progress = parse_result(messages[6]);
    CHECK(progress.form == Form::progress);
    CHECK(progress.progress == curtail::ProgressReport{"saving", 42.5, "row 5"});
    CHECK(progress.job_id == "j");
}

TEST_CASE("ResultReceiver: new keys win even if they are empty or zero, in any order", "[receive]") {
    const std::pair<const char*, const char*> halves = {
        R"("predictions_sample":[],"predictions_count":0,"dataframe_sample":[],"dataframe_rows":0,"dataframe_columns":[])",
        R"("predictions":[1,2],"count":2,"dataframe":[{"a":1}],"rows":1,"columns":["a"])"};
    for (const std::string& data :
         {std::string(halves.first) + "," + halves.second, std::string(halves.second) + "," + halves.first}) {
        const ResultPayload result = of(data);
        CHECK(result.form == Form::bounded);
        CHECK(result.predictions_sample.empty());
        CHECK(result.predictions_count == 0);
        CHECK(result.sample.empty());
        CHECK(result.rows == 0);
        CHECK(result.columns.empty());
        CHECK(result.columns_total == 0);
    }
    // Key by key: what the new form leaves out is taken from the old.
    const ResultPayload mixed = of(R"("predictions":[1,2],"predictions_count":7,"dataframe":[{"a":1}])");
    CHECK(mixed.predictions_count == 7);
    CHECK(mixed.predictions_sample.size() == 2);
    CHECK(mixed.rows == 1);
    CHECK(of(R"("predictions_sample":null,"predictions":[1],"dataframe_rows":null)").predictions_sample.size() == 1);
}

TEST_CASE("ResultReceiver: the envelope may come in any order, and of equal keys the last wins", "[receive]") {
    const ResultPayload result = parse_result(
        R"({"data":{"count":9,"predictions":[1],"output_file":"x"},"data":{"count":1,"predictions":[7],"predictions":[8]},
            "success":true,"job_id":"a","job_id":"b","type":"result"})");
    CHECK(result.job_id == "b");
    CHECK(result.predictions_count == 1);
    CHECK(result.output_file.empty());
    CHECK(result.predictions_sample[0][0].text == "8");
    CHECK(result.notes.empty());
}

TEST_CASE("ResultReceiver: ignores optional keys of the wrong type with a note, and null without", "[receive]") {
    const ResultPayload result = of(
        R"("predictions_count":"many","dataframe_rows":-1,"dataframe_sample":7,"dataframe_columns":{"a":1},"schema_version":[2],
           "prediction_stats":"x","cells_truncated":3,"truncation":null,"output_bytes":1.5,"output_file":null,"truncated":null,
           "output_attachable":"yes","output_uncompressed_bytes":-1,"output_parts":{"a":1},"output_parts_total":[],
           "parts_missing":"3","parts_missing_total":true)");
    CHECK(result.form == Form::bounded);
    CHECK(result.rows == 0);
    CHECK(result.output_file.empty());
    CHECK_FALSE(result.output_bytes.has_value());
    CHECK_FALSE(result.output_attachable.has_value());
    CHECK_FALSE(result.output_uncompressed_bytes.has_value());
    CHECK(result.output_parts.empty());
    CHECK_FALSE(result.output_parts_total.has_value());
    CHECK(result.parts_missing_total == 0);
    CHECK(result.notes.size() == 14);
    CHECK(of(R"("dataframe_rows":12.0,"predictions_count":1e3)").rows == 12);
    CHECK(of(R"("dataframe_rows":12.0,"predictions_count":1e3)").predictions_count == 1000);
    CHECK(of(R"("dataframe_rows":18446744073709551615)").rows == UINT64_MAX);
    CHECK(of(R"("dataframe_rows":18446744073709551616)").notes.size() == 1);
}

TEST_CASE("ResultReceiver: reads a later schema_version and ignores what it adds", "[receive]") {
    const ResultPayload result = of(
        R"("schema_version":3,"dataframe_rows":1,"future":{"deep":[[[]]]},"prediction_stats":{"skew":[1],"mean":2,"quantiles":{"p5":1}})");
    CHECK(result.schema_version == 3);
    CHECK(result.prediction_stats.at(0).mean == 2.0);
    CHECK(result.notes.empty());
}

TEST_CASE("ResultReceiver: a median without an error may be off by all rows, and lost labels are counted",
          "[receive]") {
    const ResultPayload result =
        parse_result(message(
                         R"("dataframe_rows":6,"prediction_stats":{"median":1,"median_is_estimate":true,"other_count":1,
                   "class_distribution":{"a":{"count":3,"percentage":50},"b":{"count":2,"percentage":33.3},"c":1}})"),
                     {.max_classes = 1});
    const curtail::PredictionStats& stats = result.prediction_stats.at(0);
    CHECK(stats.median_rank_error == 1.0);
    CHECK(stats.class_distribution.size() == 1);
    CHECK(stats.classes_total == 3);
    CHECK(stats.other_count == 4);
    CHECK(result.truncation == std::vector<std::string>{"stats"});
}

TEST_CASE("ResultReceiver: a file that could not be written has a reason and no name", "[receive]") {
    const ResultPayload result = of(R"("dataframe_rows":0,"output_file":null,"artifact_error":"disk full")");
    CHECK(result.artifact_error == "disk full");
    CHECK(result.output_file.empty());
    CHECK(result.notes.empty());
    CHECK(of(R"("dataframe_rows":0,"output_file":"/a")").artifact_error.empty());
    CHECK_FALSE(result.artifact_error_permanent);
    CHECK(of(R"("dataframe_rows":0,"artifact_error":"x","artifact_error_permanent":true)").artifact_error_permanent ==
          true);
    CHECK(of(R"("dataframe_rows":0,"artifact_error":"x","artifact_error_permanent":false)").artifact_error_permanent ==
          false);
    CHECK_FALSE(of(R"("dataframe_rows":0,"artifact_error":"x","artifact_error_permanent":1)").artifact_error_permanent);
}

TEST_CASE("ResultReceiver: reads back the digest of the file, and accepts nothing else as one", "[receive]") {
    const std::string digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const auto said = [](const std::string& value) {
        return of("\"dataframe_rows\":0,\"output_sha256\":\"" + value + "\"");
    };
    CHECK(said(digest).output_sha256 == digest);
    CHECK(said(digest).notes.empty());
    for (const std::string& wrong : {digest + "0", digest.substr(1), "E" + digest.substr(1), "<" + digest.substr(1)}) {
        CHECK(said(wrong).output_sha256.empty());
        CHECK(said(wrong).notes.size() == 1);
    }
}

TEST_CASE("ResultReceiver: reads back the row numbers of a sample, as many as rows are kept", "[receive]") {
    const std::string sample = R"("dataframe_sample":[{"a":1},{"a":2},{"a":3}],"dataframe_rows":99,)";
    const ResultPayload result = of(sample + R"("sample_strategy":"random","sample_row_numbers":[4,17,98])");
    CHECK(result.sample_strategy == "random");
    CHECK(result.sample_row_numbers == std::vector<std::uint64_t>{4, 17, 98});
    CHECK(result.notes.empty());
    const std::string text = message(sample + R"("sample_strategy":"tail","sample_row_numbers":[96,97,98])");
    CHECK(parse_result(text, {.sample_rows = 2}).sample_row_numbers == std::vector<std::uint64_t>{96, 97});
    CHECK(parse_result(text, {.sample_rows = 0}).sample_row_numbers.empty());
    CHECK(parse_result(text, {.sample_rows = 0}).notes.empty());
    CHECK(of(sample + R"("sample_strategy":"head")").sample_strategy.empty());
    CHECK(of(sample + R"("sample_strategy":"every_third")").sample_strategy == "every_third");
}

TEST_CASE("ResultReceiver: reads a page, and says what of its numbers cannot be", "[receive]") {
    const std::string page =
        R"("dataframe_sample":[{"a":1},{"a":2}],"dataframe_rows":10320000,"truncated":true,"sample_strategy":"page")";
    const ResultPayload result = of(page + R"(,"sample_row_numbers":[9000000,9000001])");
    CHECK(result.sample_strategy == "page");
    CHECK(result.sample_row_numbers == std::vector<std::uint64_t>{9'000'000, 9'000'001});
    CHECK(result.notes.empty());
    CHECK(of(page).notes == std::vector<std::string>{"the message does not say which rows its page has"});
    const ResultPayload beyond = of(page + R"(,"sample_row_numbers":[10319999,10320000])");
    CHECK(beyond.sample_row_numbers.size() == 2);
    CHECK(beyond.notes ==
          std::vector<std::string>{"sample_row_numbers has 10320000, but there are 10320000 rows, numbered from 0"});
    const ResultPayload empty =
        of(R"("dataframe_sample":[],"dataframe_rows":5,"sample_strategy":"page","sample_row_numbers":[])");
    CHECK(empty.notes.empty());
    CHECK(empty.sample_strategy == "page");
}

TEST_CASE("ResultReceiver: ignores row numbers that cannot be right, with a note", "[receive]") {
    const std::string sample = R"("dataframe_sample":[{"a":1},{"a":2}],"dataframe_rows":99,"sample_row_numbers":)";
    for (const char* numbers : {"[1]", "[1,2,3]", "[1,-2]", "[1,\"x\"]", "[1,[2]]", "[]", "7", "{\"a\":1}"}) {
        INFO(numbers);
        const ResultPayload result = of(sample + numbers);
        CHECK(result.sample_row_numbers.empty());
        CHECK(result.notes.size() == 1);
    }
    CHECK(of(sample + "null").notes.empty());
}

TEST_CASE("ResultReceiver: every split of a message gives the same result", "[receive]") {
    for (const std::string& text : messages) {
        const std::string_view view = text;
        const ResultPayload whole = parse_result(text);
        std::vector<std::string_view> bytes;
        for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(view.substr(i, 1));
        CHECK(receive(bytes) == whole);
        bool same = true;
        for (std::size_t i = 0; i <= text.size(); ++i) {
            same = same && receive({view.substr(0, i), view.substr(i)}) == whole;
        }
        CHECK(same);
        for (std::size_t size : {2U, 3U, 5U, 7U, 16U, 17U, 64U}) {
            std::vector<std::string_view> pieces;
            for (std::size_t i = 0; i < text.size(); i += size) pieces.push_back(view.substr(i, size));
            CHECK(receive(pieces) == whole);
        }
    }
}

TEST_CASE("ResultReceiver: every beginning of a message is incomplete and gives the same partial()", "[receive]") {
    for (const std::string& text : messages) {
        for (std::size_t size = 0; size < text.find_last_of('}'); ++size) {
            const std::string_view begun = std::string_view(text).substr(0, size);
            ResultReceiver whole;
            ResultReceiver apart;
            whole.feed(begun);
            for (const char c : begun) apart.feed(std::string_view(&c, 1));
            REQUIRE(whole.partial() == apart.partial());
            REQUIRE_FALSE(whole.complete());
            try {
                (void)whole.finish();
                FAIL("accepted");
            } catch (const MessageError& error) {
                REQUIRE(error.code() == ErrorCode::incomplete_message);
                REQUIRE(error.offset() == size);
            }
        }
    }
}

TEST_CASE("ResultReceiver: refuses what is not a result, with its offset", "[receive]") {
    const auto check = [](std::string_view text, ErrorCode code, std::uint64_t offset) {
        INFO(text);
        const Refusal found = refusal(text);
        CHECK(found.code == code);
        CHECK(found.offset == offset);
    };
    check("", ErrorCode::incomplete_message, 0);
    check("[]", ErrorCode::malformed_message, 2);
    check("null", ErrorCode::malformed_message, 4);
    check("{}", ErrorCode::malformed_message, 2);
    check("nonsense", ErrorCode::malformed_message, 1);
    check(R"({"type":["auth"],"token":"t"})", ErrorCode::malformed_message, 29);
    check(R"({"type":"result","success":true})", ErrorCode::malformed_message, 32);
    check(R"({"type":"result","success":true,"data":null})", ErrorCode::malformed_message, 44);
    check(R"({"type":"result","success":true,"data":[1]})", ErrorCode::malformed_message, 43);
    check(R"({"type":"result","success":true,"data":{"model_id":1}})", ErrorCode::malformed_message, 54);
    check(std::string(1'000'000, '['), ErrorCode::message_limit, 64);
    const std::string skipped = message(R"("predictions":[1,2,3,4,5,6,7,8,9,10,11,12,01])");
    check(skipped, ErrorCode::malformed_message, skipped.find("01]") + 1);
    check(message(R"("count":1)") + "x", ErrorCode::malformed_message, message(R"("count":1)").size());
}

TEST_CASE("ResultReceiver: an error is final, and partial() gives what came before it", "[receive]") {
    ResultReceiver receiver;
    receiver.feed(
        R"({"type":"result","job_id":"j","success":true,"data":{"predictions":[1,2,3],"count":3,"dataframe":[{"a":1},{"a":)");
    const std::uint64_t at = receiver.offset();
    CHECK_THROWS_AS(receiver.feed("?"), MessageError);
    for (int again = 0; again < 2; ++again) {
        try {
            receiver.feed("2}]}}");
            FAIL("no error");
        } catch (const MessageError& error) {
            CHECK(error.code() == ErrorCode::malformed_message);
            CHECK(error.offset() == at);
        }
        CHECK_THROWS_AS(receiver.finish(), MessageError);
    }
    CHECK(receiver.offset() == at);
    const ResultPayload partial = receiver.partial();
    CHECK(partial.form == Form::complete);
    CHECK(partial.job_id == "j");
    CHECK(partial.predictions_count == 3);
    CHECK(partial.rows == 2);
    CHECK(partial.sample[0][0].text == "1");
    CHECK(ResultReceiver().partial() == ResultPayload());
}

TEST_CASE("ResultReceiver: finish() may be called again, and nothing may follow it", "[receive]") {
    ResultReceiver receiver;
    receiver.feed(messages[0]);
    CHECK(receiver.complete());
    receiver.feed(" \n");
    const ResultPayload result = receiver.finish();
    CHECK(receiver.finish() == result);
    CHECK(receiver.partial() == result);
    CHECK_THROWS_AS(receiver.feed(" "), curtail::UsageError);
    ResultReceiver unknown;
    unknown.feed("{}");
    CHECK_THROWS_AS(unknown.finish(), MessageError);
    CHECK_THROWS_AS(unknown.feed(" "), MessageError);
}

TEST_CASE("ResultReceiver: can be copied and moved in the middle of a message", "[receive]") {
    const std::string_view text = messages[1];
    for (std::size_t at = 0; at < text.size(); at += 7) {
        ResultReceiver first;
        first.feed(text.substr(0, at));
        ResultReceiver copy = first;
        ResultReceiver moved = std::move(first);
        first = copy;
        for (ResultReceiver* const receiver : {&first, &copy, &moved}) receiver->feed(text.substr(at));
        CHECK(first.finish() == copy.finish());
        CHECK(first.finish() == moved.finish());
    }
}

TEST_CASE("ResultReceiver: statistics stay with their column, and the last of two lists of bins counts", "[receive]") {
    const auto payload = curtail::parse_result(
        R"({"type":"result","job_id":"j","success":true,"data":{"predictions_sample":[],"predictions_count":0,)"
        R"("dataframe_sample":[],"dataframe_rows":0,"dataframe_columns":[],"prediction_column":["p","q"],)"
        R"("prediction_stats":[null,{"mean":2.5,"histogram":{"low":0,"high":1,"counts":[1,2],"counts":[3]}}]}})");
    REQUIRE(payload.prediction_stats.size() == 2);
    CHECK_FALSE(payload.prediction_stats[0].mean.has_value());
    CHECK(payload.prediction_stats[1].mean == 2.5);
    REQUIRE(payload.prediction_stats[1].histogram.has_value());
    CHECK(payload.prediction_stats[1].histogram->counts == std::vector<std::uint64_t>{3});
}

TEST_CASE("ResultReceiver: the text \"true\" is not a boolean", "[receive]") {
    const auto payload = curtail::parse_result(
        R"({"type":"result","job_id":"j","success":true,"data":{"predictions_sample":[1],"predictions_count":1,)"
        R"("dataframe_sample":[{"a":1}],"dataframe_rows":1,"dataframe_columns":["a"],"truncated":"true",)"
        R"("prediction_column":"p","prediction_stats":{"median":1,"median_is_estimate":"true"}}})");
    CHECK_FALSE(payload.truncated);
    CHECK(payload.notes == std::vector<std::string>{"truncated is neither true nor false and was ignored"});
    REQUIRE(payload.prediction_stats.size() == 1);
    CHECK_FALSE(payload.prediction_stats[0].median_rank_error.has_value());
}

TEST_CASE("ResultReceiver: keeps every key of the format at the smallest max_name_bytes", "[receive]") {
    CHECK_THROWS_AS(curtail::ResultReceiver({.max_name_bytes = 31}), curtail::UsageError);
    const auto payload = curtail::parse_result(
        R"({"type":"result","job_id":"j","success":true,"data":{"predictions_sample":[1],"predictions_count":7,)"
        R"("dataframe_sample":[{"a":1}],"dataframe_rows":7,"dataframe_columns":["a"],"dataframe_columns_total":9}})",
        {.max_name_bytes = 32});
    CHECK(payload.predictions_count == 7);
    CHECK(payload.columns_total == 9);
}

TEST_CASE("ResultReceiver: ignores a field that is not a text with a note, but an error in any form says why",
          "[receive]") {
    const auto payload = curtail::parse_result(
        R"({"type":"result","job_id":17,"success":"perhaps","data":{"predictions_sample":[],"predictions_count":0,)"
        R"("dataframe_sample":[],"dataframe_rows":0,"dataframe_columns":[],"output_file":{"a":1},"artifact_error":false}})");
    CHECK(payload.form == curtail::ResultPayload::Form::bounded);
    CHECK(payload.job_id == "17");
    CHECK(payload.output_file.empty());
    CHECK(payload.artifact_error.empty());
    CHECK(payload.notes.size() == 2);
    const auto failure = curtail::parse_result(R"({"type":"result","job_id":"j","success":false,"error":{"code":5}})");
    CHECK(failure.form == curtail::ResultPayload::Form::failure);
    CHECK(failure.error == R"({"code":5})");
}

TEST_CASE("ResultReceiver: a message of another type is read, and says its type", "[receive]") {
    const ResultPayload other = parse_result(messages[7]);
    CHECK(other.form == Form::other);
    CHECK(other.type == "heartbeat");
    CHECK(other.job_id == "j");
    CHECK(other.error == "late");
    CHECK(other.notes.empty());
    for (const std::string& text : messages) CHECK(parse_result(text).type == (text == messages[7] ? "heartbeat" : ""));
    for (const char* garbage : {"ping", "", "{}", "7", "{\"a\":1}"}) CHECK_FALSE(curtail::try_parse_result(garbage));
}

namespace {

// Reads all messages of a stream that arrives in pieces of `size` bytes.
std::vector<ResultPayload> read_stream(std::string_view stream, std::size_t size) {
    std::vector<ResultPayload> results;
    ResultReceiver receiver;
    for (; !stream.empty(); stream.remove_prefix((std::min)(size, stream.size()))) {
        for (std::string_view piece = stream.substr(0, size); !piece.empty();) {
            const std::size_t taken = receiver.feed_some(piece);
            REQUIRE(taken > 0);
            piece.remove_prefix(taken);
            if (receiver.complete()) results.push_back(receiver.take());
            if (!piece.empty()) CHECK_FALSE(receiver.begun());
        }
    }
    CHECK_FALSE(receiver.begun());
    return results;
}

}  // namespace

TEST_CASE("ResultReceiver: reads message after message of one stream, however it is split and divided", "[receive]") {
    std::vector<ResultPayload> expected;
    for (const std::string& text : messages) expected.push_back(parse_result(text));
    for (const char* between : {"\n", "", "\r\n", " \t\n\n"}) {
        std::string stream = between;
        for (const std::string& text : messages) stream += text + between;
        for (const std::size_t size : {1U, 2U, 3U, 7U, 16U, 100U, 1000U}) CHECK(read_stream(stream, size) == expected);
        CHECK(read_stream(stream, stream.size()) == expected);
    }
    const std::string pair = messages[1] + messages[6];
    for (std::size_t at = 0; at <= pair.size(); ++at) {
        std::vector<ResultPayload> results;
        ResultReceiver receiver;
        for (std::string_view piece : {std::string_view(pair).substr(0, at), std::string_view(pair).substr(at)}) {
            while (!piece.empty()) {
                piece.remove_prefix(receiver.feed_some(piece));
                if (receiver.complete()) results.push_back(receiver.take());
            }
        }
        REQUIRE(results == std::vector<ResultPayload>{expected[1], expected[6]});
    }
}

TEST_CASE("ResultReceiver: feed_some() takes nothing after the last bracket", "[receive]") {
    ResultReceiver receiver;
    CHECK_FALSE(receiver.begun());
    CHECK(receiver.feed_some(" \n") == 2);
    CHECK_FALSE(receiver.begun());
    const std::string two = messages[6] + " " + messages[5];
    CHECK(receiver.feed_some(two) == messages[6].size());
    CHECK(receiver.begun());
    CHECK(receiver.complete());
    CHECK(receiver.offset() == messages[6].size() + 2);
    CHECK(receiver.feed_some(" ") == 0);
    CHECK_THROWS_AS(receiver.feed(messages[5]), MessageError);
    receiver.reset();
    CHECK(receiver.offset() == 0);
    CHECK(receiver.partial() == ResultPayload());
    receiver.feed(messages[5]);
    CHECK(receiver.take().error == "bad \"file\"");
}

TEST_CASE("ResultReceiver: take() makes ready for the next message, also if it throws", "[receive]") {
    ResultReceiver receiver({.sample_rows = 1});
    receiver.feed("{}");
    CHECK_THROWS_AS(receiver.take(), MessageError);
    receiver.feed("{");
    CHECK_THROWS_AS(receiver.take(), MessageError);
    CHECK_THROWS_AS(receiver.take(), MessageError);
    CHECK_THROWS_AS(receiver.feed("?"), MessageError);
    CHECK_THROWS_AS(receiver.feed("{}"), MessageError);
    receiver.reset();
    receiver.feed(messages[1]);
    CHECK(receiver.finish().sample.size() == 1);
    CHECK_THROWS_AS(receiver.feed_some(" "), curtail::UsageError);
    CHECK(receiver.take().sample.size() == 1);
    CHECK(receiver.feed_some(messages[6]) == messages[6].size());
}

TEST_CASE("ResultReceiver: numbers that are texts are read where nothing else can be meant", "[receive]") {
    const ResultPayload result =
        of(R"("predictions":[0.5,"0.5"],"count":"2","rows":"2.0","prediction_stats":{"n_rows":"2",
        "mean":"0.5","histogram":{"low":"0","high":"1","counts":["1","1"]},"class_distribution":{"a":"1","b":{"count":"1"}}})");
    CHECK(result.predictions_count == 2);
    CHECK(result.rows == 2);
    CHECK(result.notes.empty());
    // A prediction keeps the type that it has.
    CHECK(result.predictions_sample.at(1).at(0) == SampleCell{Kind::text, "0.5", 0});
    const curtail::PredictionStats& stats = result.prediction_stats.at(0);
    CHECK(stats.n_rows == 2);
    CHECK(stats.mean == 0.5);
    CHECK(stats.histogram == curtail::Histogram{0, 1, {1, 1}});
    CHECK(stats.class_distribution.at(0).count == 1);
    CHECK(stats.class_distribution.at(1).count == 1);
    for (const char* other :
         {"\"3 rows\"", "\" 3\"", "\"0x3\"", "\"-3\"", "\"1.5\"", "\"three\"", "\"\"", "true", "[3]"}) {
        INFO(other);
        CHECK(of(R"("predictions":[1],"count":)" + std::string(other)).notes.size() == 1);
    }
}

TEST_CASE("ResultReceiver: a failure keeps its text in every spelling", "[receive]") {
    for (const char* text :
         {R"({"type":"result","job_id":"x","success":0,"error":"boom"})", R"({"success":"false","error":"boom"})",
          R"({"success":null,"error":"boom"})", R"({"error":"boom"})", R"({"type":"error","error":"boom"})",
          R"({"type":"error","message":"boom"})", R"({"type":"result","success":false,"detail":"boom"})",
          R"({"type":"result","success":true,"data":{"error":"boom"}})", R"({"success":true,"error":"boom"})"}) {
        INFO(text);
        const ResultPayload failed = parse_result(text);
        CHECK(failed.form == Form::failure);
        CHECK(failed.error == "boom");
        CHECK(failed.notes.empty());
    }
    for (const auto& [text, error] : std::vector<std::pair<std::string, std::string>>{
             {R"({"detail":"boom"})", "boom"},
             {R"({"type":null,"success":null,"detail":"boom"})", "boom"},
             {R"({"detail":[{"msg":"boom"}],"url":"/x"})", R"([{"msg":"boom"}])"},
             {R"({"success":false,"job_id":"x","err":"boom"})", "err: boom"},
             {R"({"type":"error","Error":"boom"})", "Error: boom"},
             {R"({"status":"failed","errorMessage":"boom","n":5,"gone":true,"none":null,"stackTrace":["l"]})",
              R"(errorMessage: boom; stackTrace: ["l"])"},
             {R"({"success":false,"err":{"code":5},"message":"boom"})", "boom"}}) {
        INFO(text);
        const ResultPayload failed = parse_result(text);
        CHECK(failed.form == Form::failure);
        CHECK(failed.error == error);
        CHECK(failed.notes.empty());
    }
    CHECK(parse_result(R"({"type":"heartbeat","host":"gpu-3"})").error.empty());
    CHECK(of(R"("count":1,"predictions":[1]},"error":"late",)" + std::string(R"("x":{"y":0)")).notes ==
          std::vector<std::string>{"the message reports success, but also an error: late"});
}

TEST_CASE("ResultReceiver: half of a surrogate pair in an id is U+FFFD, and the id is kept", "[receive]") {
    const ResultPayload result = parse_result(R"({"type":"heartbeat","job_id":"job_\ud83d!"})");
    CHECK(result.job_id == "job_\xEF\xBF\xBD!");
    CHECK(result.notes.empty());
}
