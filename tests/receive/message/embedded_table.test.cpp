// SPDX-License-Identifier: MIT
#include <curtail/receive/message/embedded_table.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

using Reader = curtail::detail::JsonPushReader<CellReader<MessageCollector>>;

std::optional<MessageError> error_in(std::string_view text, std::size_t split, const ReceiverOptions& options = {}) {
    Reader reader(CellReader<MessageCollector>(options), {.max_depth = options.max_depth});
    try {
        reader.feed(text.substr(0, split));
        reader.feed(text.substr(split));
        reader.finish();
    } catch (const MessageError& error) {
        return error;
    }
    return std::nullopt;
}

bool wrong(const MessageCollector& message, Key section) {
    return message.data().wrong_type[curtail::detail::section_index(section)];
}

curtail::ResultPayload read_table(const std::string& dataframe) {
    return curtail::parse_result(R"({"type":"result","job_id":"j","success":true,"data":{"dataframe":)" + dataframe +
                                 "}}");
}

}  // namespace

TEST_CASE("EmbeddedTable: reads the table as it arrives, wherever it is split", "[receive]") {
    const std::string table = " \n[{\"a\":1,\"b\":\"\xE2\x82\xAC\"},{\"a\":2}]";
    for (const Key section : {Key::dataframe, Key::dataframe_sample}) {
        const std::string text = "{\"data\":{" + quoted(key_name(section)) + ":" + quoted(table) + "}}";
        for (std::size_t at = 0; at <= text.size(); ++at) {
            Reader reader{CellReader<MessageCollector>(ReceiverOptions{})};
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

TEST_CASE("EmbeddedTable: a string that does not begin like a table is a value of the wrong type", "[receive]") {
    for (const char* text : {"", "  ", "7", "null", "a table", "\xEF\xBB\xBF[]", "\\\"[]\\\""}) {
        const MessageCollector message =
            collect<MessageCollector>("{\"data\":{\"dataframe\":\"" + std::string(text) + "\"}}");
        INFO(text);
        CHECK(wrong(message, Key::dataframe));
        CHECK_FALSE(message.table(Key::dataframe).present());
    }
    // Of equal keys the last wins.
    CHECK(collect<MessageCollector>(R"({"data":{"dataframe":"x","dataframe":"[1]"}})")
              .table(Key::dataframe)
              .rows_seen() == 1);
    CHECK_FALSE(
        collect<MessageCollector>(R"({"data":{"dataframe":"[1]","dataframe":"x"}})").table(Key::dataframe).present());
    CHECK(collect<MessageCollector>(R"({"data":{"dataframe":"[1]","dataframe":[1,2]}})")
              .table(Key::dataframe)
              .rows_seen() == 2);
}

TEST_CASE("EmbeddedTable: an error names the byte of the message and that of the string, wherever it is split",
          "[receive]") {
    const auto check = [](const std::string& text, std::size_t at, const std::string& inside, ErrorCode code,
                          const ReceiverOptions& options = {}) {
        INFO(text);
        for (std::size_t split = 0; split <= text.size(); ++split) {
            const auto error = error_in(text, split, options);
            REQUIRE(error.has_value());
            CHECK(error->offset() == at);
            CHECK(error->code() == code);
            CHECK(std::string(error->what()).find("not JSON at its byte " + inside) != std::string::npos);
        }
    };
    const std::string plain = R"({"data":{"dataframe":"[1,?]"}})";
    check(plain, plain.find('?'), "3", ErrorCode::malformed_message);
    const std::string early = R"({"data":{"dataframe":"[1,2"}})";
    check(early, early.find("\"}}"), "4", ErrorCode::malformed_message);
    const std::string deep = R"({"data":{"dataframe":"[[[[[[1"}})";
    check(deep, deep.find("[1"), "5", ErrorCode::message_limit, {.max_depth = 5});
}

TEST_CASE("EmbeddedTable: the table counts towards max_kept_bytes of the message", "[receive]") {
    const std::string text =
        R"({"data":{"dataframe":"[[\"0123456789\"],[\"0123456789\"]]","predictions":["0123456789"]}})";
    const MessageCollector message = collect<MessageCollector>(text, {.max_kept_bytes = 15});
    CHECK(message.table(Key::dataframe).rows().rows().size() == 1);
    CHECK(message.table(Key::dataframe).rows_seen() == 2);
    CHECK(message.data().predictions.rows().empty());
    CHECK(message.data().predictions.seen() == 1);
}

TEST_CASE("EmbeddedTable: broken JSON is an error of the message, any other text a note", "[receive]") {
    try {
        (void)read_table(quoted("[{\"a\":1},"));
        FAIL("no error");
    } catch (const curtail::MessageError& error) {
        CHECK(error.code() == curtail::ErrorCode::malformed_message);
        CHECK(error.offset() ==
              std::string(R"({"type":"result","job_id":"j","success":true,"data":{"dataframe":)").size() + 12);
    }
    CHECK_THROWS_AS(read_table(quoted("{\"a\":1]")), curtail::MessageError);
    const curtail::ResultPayload result = read_table(R"("none", "output_file":"/f.csv")");
    CHECK(result.columns.empty());
    REQUIRE(result.notes.size() == 1);
    CHECK(result.notes[0] == "dataframe has an unexpected type and was ignored");
}
