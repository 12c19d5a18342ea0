// SPDX-License-Identifier: MIT
// JSON inside texts of a message, as CellReader reads it for MessageCollector.
#include <curtail/receive/message/cell_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/receive/message/message_collector.hpp>
#include <curtail/receive/result_receiver.hpp>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ErrorCode;
using curtail::MessageError;
using curtail::ReceiverOptions;
using curtail::SampleCell;
using curtail::detail::CellReader;
using curtail::detail::Key;
using curtail::detail::key_name;
using curtail::detail::MessageCollector;
using Kind = SampleCell::Kind;

namespace {

using Reader = OwningReader<CellReader<MessageCollector>>;

std::optional<MessageError> error_in(std::string_view text, std::size_t split, const ReceiverOptions& options = {}) {
    Reader reader(options, options);
    try {
        reader.feed(text.substr(0, split));
        reader.feed(text.substr(split));
        reader.finish();
    } catch (const MessageError& error) {
        return error;
    }
    return std::nullopt;
}

// Returns true if the section is a text that is not JSON.
bool wrong(const MessageCollector& message, Key section) {
    return message.data().text_bytes[curtail::detail::section_index(section)].has_value();
}

}  // namespace

TEST_CASE("CellReader: reads the table as it arrives, wherever it is split", "[receive]") {
    const std::string table = " \n[{\"a\":1,\"b\":\"\xE2\x82\xAC\"},{\"a\":2}]";
    for (const Key section : {Key::dataframe, Key::dataframe_sample}) {
        const std::string text = "{\"data\":{" + json_string(key_name(section)) + ":" + json_string(table) + "}}";
        for (std::size_t at = 0; at <= text.size(); ++at) {
            Reader reader({}, ReceiverOptions{});
            reader.feed(text.substr(0, at));
            const std::uint64_t rows_before = reader.handler().collector().table(section).rows_seen();
            CHECK(rows_before <= 2);
            reader.feed(text.substr(at));
            const MessageCollector& message = reader.handler().collector();
            CHECK_FALSE(wrong(message, section));
            CHECK(message.table(section).whole());
            CHECK(message.table(section).rows_seen() == 2);
            REQUIRE(message.table(section).rows().rows().size() == 2);
            CHECK(message.table(section).rows().rows()[0][1] == SampleCell{Kind::text, "\xE2\x82\xAC", 0});
        }
        const MessageCollector begun =
            collect<MessageCollector>(std::string_view(text).substr(0, text.find("2}]") + 1));
        CHECK(begun.table(section).rows_seen() == 2);
        CHECK(begun.table(section).present());
        CHECK_FALSE(begun.table(section).whole());
    }
}

TEST_CASE("CellReader: a string that does not begin like JSON is a text", "[receive]") {
    for (const char* text : {"", "  ", "7", "null", "a table", "\xEF\xBB\xBF[]"}) {
        const MessageCollector message =
            collect<MessageCollector>("{\"data\":{\"dataframe\":\"" + std::string(text) + "\"}}");
        INFO(text);
        CHECK(wrong(message, Key::dataframe));
        CHECK_FALSE(message.table(Key::dataframe).present());
    }
    // Of equal keys the last wins.
    CHECK(collect<MessageCollector>(R"({"data":{"dataframe":"x","dataframe":"[[1]]"}})")
              .table(Key::dataframe)
              .rows_seen() == 1);
    CHECK_FALSE(
        collect<MessageCollector>(R"({"data":{"dataframe":"[[1]]","dataframe":"x"}})").table(Key::dataframe).present());
    CHECK(collect<MessageCollector>(R"({"data":{"dataframe":"[[1]]","dataframe":[[1],[2]]}})")
              .table(Key::dataframe)
              .rows_seen() == 2);
}

TEST_CASE("CellReader: JSON that breaks off in a text is a note, wherever it is split, and the message goes on",
          "[receive]") {
    for (const char* text : {"[1,?]", "[[1],[2]", "[[1]] x", "[[[[[[[1]]]]]]]", "{\"columns\":[\"a\"],\"data\":[[1]]",
                             "\"[1", "[0.91 0.08]", "[\"a\",{\"b\":[1,{\"c\":\"d"}) {
        const std::string message = R"({"success":true,"data":{"count":2,"dataframe":)" + json_string(text) +
                                    R"(,"predictions":)" + json_string(text) + R"(,"columns":)" + json_string(text) +
                                    R"(,"output_file":"/f.csv"},"job_id":"j"})";
        INFO(message);
        const curtail::ResultPayload whole = curtail::parse_result(message, {.max_depth = 5});
        CHECK(whole.job_id == "j");
        CHECK(whole.output_file == "/f.csv");
        CHECK(whole.predictions_count == 2);
        CHECK(whole.columns.empty());
        CHECK(whole.sample.empty());
        CHECK(whole.predictions_sample.empty());
        const std::string note = " is a text of " + std::to_string(std::string_view(text).size()) +
                                 " bytes that is not JSON; it is not shown";
        CHECK(whole.notes == std::vector<std::string>{"predictions" + note, "dataframe" + note, "columns" + note});
        for (std::size_t split = 0; split <= message.size(); ++split) {
            curtail::ResultReceiver receiver({.max_depth = 5});
            receiver.feed(std::string_view(message).substr(0, split));
            receiver.feed(std::string_view(message).substr(split));
            REQUIRE(receiver.finish() == whole);
        }
    }
}

TEST_CASE("CellReader: white space before a text, or before JSON in a text, is the same wherever it is split",
          "[receive]") {
    const auto every_split = [](const std::string& message) {
        INFO(message);
        const curtail::ResultPayload whole = curtail::parse_result(message);
        for (std::size_t split = 0; split <= message.size(); ++split) {
            curtail::ResultReceiver receiver;
            receiver.feed(std::string_view(message).substr(0, split));
            receiver.feed(std::string_view(message).substr(split));
            REQUIRE(receiver.finish() == whole);
        }
        return whole;
    };
    const std::string name = R"({"success":true,"data":{"count":0,"columns":")";
    CHECK(every_split(name + "  age\"}}").columns == std::vector<std::string>{"  age"});
    CHECK(every_split(name + R"(\u0020 age"}})").columns == std::vector<std::string>{"  age"});
    CHECK(every_split(R"({"success":false,"data":" \tboom"})").error == " \tboom");
    CHECK(every_split(R"({"success":true,"data":{"count":0,"dataframe":"\n [1,?]"}})").notes ==
          std::vector<std::string>{"dataframe is a text of 7 bytes that is not JSON; it is not shown"});
    CHECK(every_split(R"({"success":true,"data":{"count":0,"dataframe":" "}})").notes ==
          std::vector<std::string>{"dataframe is a text of 1 byte that is not JSON; it is not shown"});
}

TEST_CASE("CellReader: a message that was encoded twice is read, wherever it is split", "[receive]") {
    const std::string data =
        R"({"predictions":[0.5,1],"count":2,"dataframe":[{"a":"x\ny"},{"a":"\u20ac"}],"columns":["a"]})";
    const std::string frame = R"([{"a":"x\ny"},{"a":"\u20ac"}])";
    const std::string plain = R"({"type":"result","job_id":"j","success":true,"data":)" + data + "}";
    const curtail::ResultPayload expected = curtail::parse_result(plain);
    const std::string data_texts = R"({"type":"result","job_id":"j","success":true,"data":)";
    const std::string of_texts =
        R"({"type":"result","job_id":"j","success":true,"data":{"predictions":"[0.5,1]","count":"2",
        "dataframe":)" +
        json_string(json_string(frame)) + R"(,"columns":"[\"a\"]"}})";
    for (const std::string& text :
         {json_string(plain), json_string(" \n" + plain + " "), json_string(json_string(plain)),
          data_texts + json_string(data) + "}", data_texts + json_string(json_string(data)) + "}", of_texts,
          json_string(data_texts + json_string(data) + "}"), json_string(of_texts)}) {
        INFO(text);
        CHECK(curtail::parse_result(text) == expected);
        for (std::size_t split = 0; split <= text.size(); ++split) {
            curtail::ResultReceiver receiver;
            receiver.feed(std::string_view(text).substr(0, split));
            const curtail::ResultReceiver copy = receiver;
            receiver = copy;
            receiver.feed(std::string_view(text).substr(split));
            REQUIRE(receiver.complete());
            REQUIRE(receiver.finish() == expected);
        }
        curtail::ResultReceiver bytes;
        for (const char c : text) bytes.feed(std::string_view(&c, 1));
        CHECK(bytes.finish() == expected);
    }
    // Four times is not.
    CHECK_FALSE(curtail::try_parse_result(json_string(json_string(json_string(json_string(plain))))));
}

TEST_CASE("CellReader: a broken message in a text is an error with the bytes of both, wherever it is split",
          "[receive]") {
    const auto check = [](const std::string& text, std::size_t at, const std::string& inside, ErrorCode code,
                          const ReceiverOptions& options = {}) {
        INFO(text);
        for (std::size_t split = 0; split <= text.size(); ++split) {
            const auto error = error_in(text, split, options);
            REQUIRE(error.has_value());
            CHECK(error->offset() == at);
            CHECK(error->code() == code);
            CHECK(std::string(error->what())
                      .find("a JSON text inside a JSON text, and is not JSON at its byte " + inside) !=
                  std::string::npos);
        }
    };
    const std::string plain = R"("{\"job_id\":?}")";
    check(plain, plain.find('?'), "10", ErrorCode::malformed_message);
    const std::string spaced = R"(" \n{\"job_id\":?}")";
    check(spaced, spaced.find('?'), "12", ErrorCode::malformed_message);
    const std::string early = R"("{\"job_id\":1")";
    check(early, early.size() - 1, "11", ErrorCode::malformed_message);
    const std::string deep = R"("{\"x\":[[[[[1")";
    check(deep, deep.find("[1"), "9", ErrorCode::message_limit, {.max_depth = 5});
}

TEST_CASE("CellReader: what is in a text counts towards max_kept_bytes of the message", "[receive]") {
    const std::string label = "01234567890123456789";
    const std::string text = R"({"data":{"dataframe":"[[\")" + label + R"(\"],[\")" + label +
                             R"(\"]]","predictions":[")" + label + R"("]}})";
    const MessageCollector message = collect<MessageCollector>(text, {.max_kept_bytes = 90});
    CHECK(message.table(Key::dataframe).rows().rows().size() == 1);
    CHECK(message.table(Key::dataframe).rows_seen() == 2);
    CHECK(message.data().predictions.rows().empty());
    CHECK(message.data().predictions.seen() == 1);
}

TEST_CASE("CellReader: data that is a text and not JSON is not data, and may be the text of a failure", "[receive]") {
    for (const char* text : {"boom", "[Errno 2] boom", "{'a': 1}"}) {
        const std::string data = R"("data":)" + json_string(text);
        const curtail::ResultPayload failed = curtail::parse_result(R"({"success":false,"error":"e",)" + data + "}");
        CHECK(failed.error == "e");
        CHECK_FALSE(curtail::try_parse_result(R"({"type":"x","success":true,"count":1,)" + data + "}")->columns_total);
    }
    CHECK(curtail::parse_result(R"({"success":false,"data":"boom"})").error == "boom");
    try {
        (void)curtail::parse_result(R"({"success":true,"data":"[1,"})");
        FAIL("no error");
    } catch (const MessageError& error) {
        CHECK(std::string(error.what()).find("data is a text that is not JSON") != std::string::npos);
    }
}
