// SPDX-License-Identifier: MIT
#include <curtail/receive/message/message_collector.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ReceiverOptions;
using curtail::SampleCell;
using curtail::detail::field_count;
using curtail::detail::Key;
using curtail::detail::key_name;
using curtail::detail::MessageCollector;
using curtail::detail::section_count;
using curtail::detail::section_index;
using Kind = SampleCell::Kind;

namespace {

MessageCollector collect(std::string_view text, const ReceiverOptions& options = {}) {
    return ::collect<MessageCollector>(text, options);
}

bool wrong(const MessageCollector& message, Key section) {
    return message.data().wrong_type[section_index(section)];
}

// Returns all fields: the keys before the sections, except "data".
std::vector<Key> all_fields() {
    std::vector<Key> fields;
    for (std::size_t i = 0; i < field_count; ++i) {
        if (static_cast<Key>(i) != Key::data) fields.push_back(static_cast<Key>(i));
    }
    return fields;
}

std::vector<Key> all_sections() {
    std::vector<Key> sections;
    for (std::size_t i = 0; i < section_count; ++i) sections.push_back(static_cast<Key>(field_count + i));
    return sections;
}

bool is_top(Key field) {
    return field < curtail::detail::first_data_field;
}

}  // namespace

TEST_CASE("MessageCollector: finds each field by its name, where it belongs and nowhere else", "[receive]") {
    for (const Key field : all_fields()) {
        const std::string member = json_string(key_name(field)) + ":\"v\"";
        const MessageCollector top = collect("{" + member + "}");
        const MessageCollector inner = collect("{\"data\":{" + member + "}}");
        INFO(member);
        CHECK(top.names(field) == is_top(field));
        CHECK(inner.names(field) == !is_top(field));
        const SampleCell* const cell = (is_top(field) ? top : inner).field(field);
        REQUIRE(cell != nullptr);
        CHECK(*cell == SampleCell{Kind::text, "v", 0});
        for (const Key other : all_fields()) CHECK((other == field || !(top.names(other) || inner.names(other))));
    }
}

TEST_CASE("MessageCollector: finds each section by its name, inside data only", "[receive]") {
    for (const Key section : all_sections()) {
        const std::string member = json_string(key_name(section)) + ":[]";
        const MessageCollector inner = collect("{\"data\":{" + member + "}}");
        INFO(member);
        for (const Key other : all_sections()) {
            CHECK(inner.names(other) == (other == section));
            CHECK_FALSE(collect("{" + member + "}").names(other));
            CHECK_FALSE(wrong(inner, other));
        }
    }
}

TEST_CASE("MessageCollector: null is a key without a value", "[receive]") {
    const MessageCollector message =
        collect(R"({"job_id":null,"data":{"count":null,"predictions":null,"dataframe":null}})");
    CHECK(message.names(Key::job_id));
    CHECK(message.field(Key::job_id) == nullptr);
    CHECK(message.names(Key::count));
    CHECK(message.field(Key::count) == nullptr);
    CHECK(message.names(Key::predictions));
    CHECK_FALSE(message.data().predictions.present());
    CHECK_FALSE(wrong(message, Key::predictions));
    CHECK_FALSE(wrong(message, Key::dataframe));
}

TEST_CASE("MessageCollector: a section of a wrong type is marked until a better one comes", "[receive]") {
    for (const Key section : all_sections()) {
        const std::string name = json_string(key_name(section));
        INFO(name);
        CHECK(wrong(collect("{\"data\":{" + name + ":7}}"), section));
        CHECK(wrong(collect("{\"data\":{" + name + ":[]," + name + ":7}}"), section));
        CHECK_FALSE(wrong(collect("{\"data\":{" + name + ":7," + name + ":[]}}"), section));
    }
}

TEST_CASE("MessageCollector: only an object is a message, and only an object is data", "[receive]") {
    for (const char* text : {"[]", "7", "null", "\"x\"", "\"[{}]\"", "[{\"type\":\"result\"}]"}) {
        const MessageCollector message = collect(text);
        CHECK(message.kind() != curtail::detail::JsonKind::object);
        CHECK_FALSE(message.has_data());
        CHECK_FALSE(message.names(Key::type));
    }
    CHECK(collect("{}").kind() == curtail::detail::JsonKind::object);
    CHECK_FALSE(collect("{}").has_data());
    for (const char* data : {"null", "[]", "7", "\"x\"", "\"[]\"", "\"{\""}) {
        CHECK_FALSE(collect(std::string("{\"data\":") + data + "}").has_data());
    }
    CHECK(collect("{\"data\":{").has_data());
    CHECK(collect("{\"data\":{\"predictions\":[[1").has_data());
    CHECK(collect("{\"data\":{},\"type\":\"result\"}").has_data());
}

TEST_CASE("MessageCollector: a second data replaces all of the first, even if it is empty", "[receive]") {
    const std::string first = R"({"job_id":"j","data":{"count":1,"predictions":[1],"dataframe":7},"data":)";
    const MessageCollector empty = collect(first + "{}}");
    CHECK(empty.has_data());
    CHECK(empty.field(Key::job_id)->text == "j");
    CHECK_FALSE(empty.names(Key::count));
    CHECK_FALSE(empty.names(Key::predictions));
    CHECK_FALSE(empty.data().predictions.present());
    CHECK_FALSE(wrong(empty, Key::dataframe));
    CHECK_FALSE(collect(first + "null}").has_data());
    CHECK_FALSE(collect(first + "null}").names(Key::count));
    // It may keep as many bytes as the first.
    const std::string twice = R"({"data":{"predictions":["0123456789"]},"data":{"predictions":["0123456789"]}})";
    const MessageCollector again = collect(twice, {.max_kept_bytes = 80});
    REQUIRE(again.data().predictions.rows().size() == 1);
    CHECK(again.data().predictions.rows()[0][0].text == "0123456789");
}

TEST_CASE("MessageCollector: long texts have the limit for texts, other fields that for names", "[receive]") {
    const ReceiverOptions options{.max_name_bytes = 32, .max_text_bytes = 40};
    const std::string value(50, 'v');
    for (const Key field : all_fields()) {
        const std::string member = json_string(key_name(field)) + ":" + json_string(value);
        const MessageCollector message =
            collect(is_top(field) ? "{" + member + "}" : "{\"data\":{" + member + "}}", options);
        const bool long_text = curtail::detail::is_failure_text(field) || field == Key::output_file ||
                               field == Key::output_sha256 || field == Key::artifact_error;
        REQUIRE(message.field(field) != nullptr);
        CHECK(message.field(field)->text.size() == (long_text ? 40 : 32));
        CHECK(message.field(field)->cut_from_bytes == 50);
    }
}

TEST_CASE("MessageCollector: texts of fields are charged, the last of equal keys once", "[receive]") {
    const auto rows = [](const std::string& fields) {
        return collect("{" + fields + R"("data":{"predictions":[)" + json_string(std::string(40, 'p')) + "]}}",
                       {.max_kept_bytes = 300})
            .data()
            .predictions.rows()
            .size();
    };
    CHECK(rows("") == 1);
    const std::string long_text = json_string(std::string(250, 'x'));
    const auto inside = [&](const std::string& fields) {
        return collect(R"({"data":{)" + fields + R"("predictions":["p"]}})", {.max_kept_bytes = 300})
            .data()
            .predictions.rows()
            .size();
    };
    CHECK(inside("") == 1);
    CHECK(inside("\"output_file\":" + long_text + ",\"artifact_error\":" + long_text + ",") == 0);
    CHECK(inside("\"output_file\":" + long_text + ",\"output_file\":\"short\",\"artifact_error\":\"\",") == 1);
}

TEST_CASE("MessageCollector: a key inside a section or an unknown key is not a field", "[receive]") {
    const MessageCollector message = collect(
        R"({"x":{"type":"a","data":{"count":1}},"data":{"prediction_stats":{"count":5},"data":{"rows":1},"predictions":[{"count":2}],
            "future":[{"row_count":3}],"columns":["output_file"]}})");
    for (const Key field : all_fields()) CHECK_FALSE(message.names(field));
    CHECK(message.texts(Key::columns).texts() == std::vector<std::string>{"output_file"});
}
