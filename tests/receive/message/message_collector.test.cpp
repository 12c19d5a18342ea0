// SPDX-License-Identifier: MIT
#include <curtail/receive/message/message_collector.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using curtail::ErrorCode;
using curtail::MessageError;
using curtail::ReceiverOptions;
using curtail::SampleCell;
using curtail::detail::CellReader;
using curtail::detail::Field;
using curtail::detail::MessageCollector;
using curtail::detail::Section;
using Kind = SampleCell::Kind;

namespace {

using Reader = curtail::detail::JsonPushReader<CellReader<MessageCollector>>;

// What the collector holds after `text`, which need not be whole.
MessageCollector collect(std::string_view text, const ReceiverOptions& options = {}) {
    Reader reader{CellReader<MessageCollector>(options)};
    reader.feed(text);
    return reader.handler().collector();
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    curtail::detail::escape_json(text, [&](std::string_view piece) { out += piece; });
    return out + "\"";
}

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

bool wrong(const MessageCollector& message, Section section) {
    return message.data().wrong_type[static_cast<std::size_t>(section)];
}

constexpr auto first_in_data = static_cast<std::size_t>(Field::predictions_count);

}  // namespace

TEST_CASE("each field is found under its own name, where it belongs and nowhere else") {
    for (std::size_t i = 0; i < curtail::detail::field_count; ++i) {
        const auto field = static_cast<Field>(i);
        const std::string member = quoted(curtail::detail::field_names[i]) + ":\"v\"";
        const MessageCollector top = collect("{" + member + "}");
        const MessageCollector inner = collect("{\"data\":{" + member + "}}");
        INFO(member);
        CHECK(top.names(field) == (i < first_in_data));
        CHECK(inner.names(field) == (i >= first_in_data));
        const SampleCell* const cell = (i < first_in_data ? top : inner).field(field);
        REQUIRE(cell != nullptr);
        CHECK(*cell == SampleCell{Kind::text, "v", 0});
        for (std::size_t other = 0; other < curtail::detail::field_count; ++other) {
            CHECK((other == i || !(top.names(static_cast<Field>(other)) || inner.names(static_cast<Field>(other)))));
        }
    }
}

TEST_CASE("each section is found under its own name, inside data only") {
    for (std::size_t i = 0; i < curtail::detail::section_count; ++i) {
        const std::string member = quoted(curtail::detail::section_names[i]) + ":[]";
        const MessageCollector inner = collect("{\"data\":{" + member + "}}");
        INFO(member);
        for (std::size_t other = 0; other < curtail::detail::section_count; ++other) {
            CHECK(inner.names(static_cast<Section>(other)) == (other == i));
            CHECK_FALSE(collect("{" + member + "}").names(static_cast<Section>(other)));
            CHECK_FALSE(wrong(inner, static_cast<Section>(other)));
        }
    }
}

TEST_CASE("null is named and is no value") {
    const MessageCollector message =
        collect(R"({"job_id":null,"data":{"count":null,"predictions":null,"dataframe":null}})");
    CHECK(message.names(Field::job_id));
    CHECK(message.field(Field::job_id) == nullptr);
    CHECK(message.names(Field::count));
    CHECK(message.field(Field::count) == nullptr);
    CHECK(message.names(Section::predictions));
    CHECK_FALSE(message.data().predictions.present());
    CHECK_FALSE(wrong(message, Section::predictions));
    CHECK_FALSE(wrong(message, Section::dataframe));
}

TEST_CASE("a section of a type that it cannot have is remembered as such, until a better one comes") {
    for (std::size_t i = 0; i < curtail::detail::section_count; ++i) {
        const auto section = static_cast<Section>(i);
        const std::string name = quoted(curtail::detail::section_names[i]);
        INFO(name);
        CHECK(wrong(collect("{\"data\":{" + name + ":7}}"), section));
        CHECK(wrong(collect("{\"data\":{" + name + ":[]," + name + ":7}}"), section));
        CHECK_FALSE(wrong(collect("{\"data\":{" + name + ":7," + name + ":[]}}"), section));
    }
}

TEST_CASE("only an object is a message, and only an object is data") {
    for (const char* text : {"[]", "7", "null", "\"{}\"", "[{\"type\":\"result\"}]"}) {
        const MessageCollector message = collect(text);
        CHECK_FALSE(message.is_object());
        CHECK_FALSE(message.has_data());
        CHECK_FALSE(message.names(Field::type));
    }
    CHECK(collect("{}").is_object());
    CHECK_FALSE(collect("{}").has_data());
    for (const char* data : {"null", "[]", "7", "\"{}\""}) {
        CHECK_FALSE(collect(std::string("{\"data\":") + data + "}").has_data());
    }
    CHECK(collect("{\"data\":{").has_data());
    CHECK(collect("{\"data\":{\"predictions\":[[1").has_data());
    CHECK(collect("{\"data\":{},\"type\":\"result\"}").has_data());
}

TEST_CASE("a second data replaces all of the first, also with nothing") {
    const std::string first = R"({"job_id":"j","data":{"count":1,"predictions":[1],"dataframe":7},"data":)";
    const MessageCollector empty = collect(first + "{}}");
    CHECK(empty.has_data());
    CHECK(empty.field(Field::job_id)->text == "j");
    CHECK_FALSE(empty.names(Field::count));
    CHECK_FALSE(empty.names(Section::predictions));
    CHECK_FALSE(empty.data().predictions.present());
    CHECK_FALSE(wrong(empty, Section::dataframe));
    CHECK_FALSE(collect(first + "null}").has_data());
    CHECK_FALSE(collect(first + "null}").names(Field::count));
    // It also has all the room that the first had.
    const std::string twice = R"({"data":{"predictions":["0123456789"]},"data":{"predictions":["0123456789"]}})";
    const MessageCollector again = collect(twice, {.max_kept_bytes = 12});
    REQUIRE(again.data().predictions.rows().size() == 1);
    CHECK(again.data().predictions.rows()[0][0].text == "0123456789");
}

TEST_CASE("long texts have the limit for texts, other fields that for names") {
    const ReceiverOptions options{.max_name_bytes = 32, .max_text_bytes = 40};
    const std::string value(50, 'v');
    for (std::size_t i = 0; i < curtail::detail::field_count; ++i) {
        const auto field = static_cast<Field>(i);
        const std::string member = quoted(curtail::detail::field_names[i]) + ":" + quoted(value);
        const MessageCollector message =
            collect(i < first_in_data ? "{" + member + "}" : "{\"data\":{" + member + "}}", options);
        const bool long_text = field == Field::error || field == Field::message || field == Field::output_file ||
                               field == Field::output_sha256 || field == Field::artifact_error;
        REQUIRE(message.field(field) != nullptr);
        CHECK(message.field(field)->text.size() == (long_text ? 40 : 32));
        CHECK(message.field(field)->cut_from_bytes == 50);
    }
}

TEST_CASE("what stands inside a section or an unknown key is no field") {
    const MessageCollector message = collect(
        R"({"x":{"type":"a","data":{"count":1}},"data":{"prediction_stats":{"count":5},"data":{"rows":1},"predictions":[{"count":2}],
            "future":[{"row_count":3}],"columns":["output_file"]}})");
    for (std::size_t i = 0; i < curtail::detail::field_count; ++i) CHECK_FALSE(message.names(static_cast<Field>(i)));
    CHECK(message.data().columns.texts() == std::vector<std::string>{"output_file"});
}

TEST_CASE("a table inside a text is read as it arrives, wherever it is split") {
    const std::string table = " \n[{\"a\":1,\"b\":\"\xE2\x82\xAC\"},{\"a\":2}]";
    for (const Section section : {Section::dataframe, Section::dataframe_sample}) {
        const std::string text = "{\"data\":{" +
                                 quoted(curtail::detail::section_names[static_cast<std::size_t>(section)]) + ":" +
                                 quoted(table) + "}}";
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
            REQUIRE(message.table(section).rows().size() == 2);
            CHECK(message.table(section).rows()[0][1] == SampleCell{Kind::text, "\xE2\x82\xAC", 0});
        }
        const MessageCollector begun = collect(std::string_view(text).substr(0, text.find("2}]") + 1));
        CHECK(begun.table(section).rows_seen() == 2);
        CHECK(begun.table(section).present());
        CHECK_FALSE(begun.table(section).whole());
    }
}

TEST_CASE("a text that does not begin like a table is a value of the wrong type") {
    for (const char* text : {"", "  ", "7", "null", "a table", "\xEF\xBB\xBF[]", "\\\"[]\\\""}) {
        const MessageCollector message = collect("{\"data\":{\"dataframe\":\"" + std::string(text) + "\"}}");
        INFO(text);
        CHECK(wrong(message, Section::dataframe));
        CHECK_FALSE(message.table(Section::dataframe).present());
    }
    // A better one after it is read, a worse one after it replaces it.
    CHECK(collect(R"({"data":{"dataframe":"x","dataframe":"[1]"}})").table(Section::dataframe).rows_seen() == 1);
    CHECK_FALSE(collect(R"({"data":{"dataframe":"[1]","dataframe":"x"}})").table(Section::dataframe).present());
    CHECK(collect(R"({"data":{"dataframe":"[1]","dataframe":[1,2]}})").table(Section::dataframe).rows_seen() == 2);
}

TEST_CASE("an error inside a text names the byte of the message and that of the text, wherever it is split") {
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

TEST_CASE("a table inside a text shares the room of the message") {
    const std::string text =
        R"({"data":{"dataframe":"[[\"0123456789\"],[\"0123456789\"]]","predictions":["0123456789"]}})";
    const MessageCollector message = collect(text, {.max_kept_bytes = 15});
    CHECK(message.table(Section::dataframe).rows().size() == 1);
    CHECK(message.table(Section::dataframe).rows_seen() == 2);
    CHECK(message.data().predictions.rows().empty());
    CHECK(message.data().predictions.seen() == 1);
}
