// SPDX-License-Identifier: MIT
#include <curtail/receive/message/message_form.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ResultPayload;
using curtail::SampleCell;
using curtail::detail::Key;
using curtail::detail::MessageCollector;
using curtail::detail::Recognised;
using Form = ResultPayload::Form;
using Kind = SampleCell::Kind;

namespace {

std::optional<Form> form_of(std::string_view text) {
    const MessageCollector message = collect<MessageCollector>(text);
    const Recognised found = curtail::detail::recognise(message);
    CHECK(found.problem.empty() == found.form.has_value());
    return found.form;
}

std::string problem_of(std::string_view text) {
    const MessageCollector message = collect<MessageCollector>(text);
    return std::string(curtail::detail::recognise(message).problem);
}

std::string failure_of(std::string_view text) {
    return curtail::detail::failure_text(collect<MessageCollector>(text));
}

}  // namespace

TEST_CASE("recognise: newer keys mean a bounded message, older ones a whole table, others a file", "[receive]") {
    const auto data = [](const char* members) {
        return form_of(std::string(R"({"data":{"output_file":"f",)") + members + "}}");
    };
    for (const char* newer : {R"("predictions_sample":0)", R"("dataframe_sample":null)", R"("dataframe_columns":[])",
                              R"("predictions_count":0)", R"("dataframe_rows":0)", R"("schema_version":1)"}) {
        CHECK(data(newer) == Form::bounded);
        CHECK(data((std::string(newer) + R"(,"predictions":[],"count":1)").c_str()) == Form::bounded);
    }
    for (const char* older : {R"("predictions":[])", R"("dataframe":null)", R"("count":0)"})
        CHECK(data(older) == Form::complete);
    for (const char* file : {R"("row_count":1)", R"("column_count":1)", R"("columns":[])", R"("x":1)"})
        CHECK(data(file) == Form::summary);
}

TEST_CASE("recognise: a failure needs no data, and data needs no success", "[receive]") {
    CHECK(form_of(R"({"data":{"count":0}})") == Form::complete);
    CHECK(form_of(R"({"type":null,"success":null,"data":{"count":0}})") == Form::complete);
    CHECK(form_of(R"({"success":false,"data":{"count":0}})") == Form::failure);
    CHECK(form_of(R"({"error":"e"})") == Form::failure);
    CHECK(form_of(R"({"type":"progress","success":false,"data":{"count":0}})") == Form::progress);
}

TEST_CASE("recognise: says why a message has no known form", "[receive]") {
    CHECK(problem_of("7") == "the message is not a JSON object");
    CHECK(problem_of("[]") == "the message is a JSON array and not an object");
    CHECK(problem_of("\"x\"") == "the message is a JSON text and not an object");
    CHECK(problem_of(R"({"success":true,"data":"x"})") == "data is a text that is not JSON");
    for (const char* data : {"[]", R"([{"a":1}])", "5", "true", R"("[1]")"}) {
        CHECK(problem_of(R"({"success":true,"data":)" + std::string(data) + "}") == "data is not an object");
    }
    CHECK(problem_of(R"({"success":true,"data":[1],"data":null})") == "a success without data");
    CHECK(problem_of(R"({"type":7})") == "type is not a text");
    CHECK(problem_of(R"({"type":""})") == "type is not a text");
    CHECK(problem_of(R"({"success":true})") == "a success without data");
    CHECK(problem_of("{}") == "it has neither success nor data nor error, so it is not a known message");
    CHECK(problem_of(R"({"error":null})") == "it has neither success nor data nor error, so it is not a known message");
    CHECK(problem_of(R"({"data":{"columns":[]}})") == "data has none of the keys of a prediction, a table or a file");
}

TEST_CASE("recognise: a message of another type is valid, and a failure by its type is one", "[receive]") {
    for (const char* type : {"heartbeat", "log", "auth", "auth_failed", "RESULT", "job", "", " "}) {
        const std::string text = R"({"success":false,"error":"e","data":{"count":0},"type":)" + json_string(type) + "}";
        if (*type != '\0') CHECK(form_of(text) == Form::other);
    }
    for (const char* type : {"error", "failure", "failed", "Error", "FAILED"}) {
        CHECK(form_of(R"({"type":)" + json_string(type) + "}") == Form::failure);
    }
}

TEST_CASE("recognise: finds a failure in every spelling", "[receive]") {
    for (const char* no : {"false", "0", "0.0", "-0", "\"false\"", "\"False\"", "\"FALSE\"", "\"0\"", "\"no\"",
                           "\"failed\"", "\"failure\"", "\"error\""}) {
        INFO(no);
        for (const char* rest : {"", R"(,"error":"boom")", R"(,"data":{"count":1})", R"(,"data":null)"})
            CHECK(form_of(R"({"type":"result","success":)" + std::string(no) + rest + "}") == Form::failure);
    }
    for (const char* yes : {"true", "1", "\"true\"", "\"True\"", "\"1\"", "\"ok\"", "\"success\""}) {
        INFO(yes);
        const std::string begin = R"({"type":"result","success":)" + std::string(yes);
        CHECK(form_of(begin + R"(,"data":{"count":1}})") == Form::complete);
        CHECK(form_of(begin + R"(,"error":null,"data":{"count":1}})") == Form::complete);
        // What it says of data is not to be lost, nor is an error instead of data.
        CHECK(form_of(begin + R"(,"error":"boom","data":{"count":1}})") == Form::complete);
        CHECK(form_of(begin + R"(,"error":"boom"})") == Form::failure);
        CHECK(form_of(begin + R"(,"error":"boom","data":null})") == Form::failure);
        CHECK(form_of(begin + R"(,"error":"boom","data":{}})") == Form::failure);
        CHECK(form_of(begin + R"(,"data":{"error":"boom"}})") == Form::failure);
        CHECK_FALSE(form_of(begin + "}"));
    }
    for (const char* unclear : {"null", "\"\"", "\"maybe\"", "NaN", "[]", "{\"a\":1}"}) {
        INFO(unclear);
        const std::string begin = R"({"type":"result","success":)" + std::string(unclear);
        CHECK(form_of(begin + R"(,"error":"boom","data":{"count":1}})") == Form::failure);
        CHECK(form_of(begin + R"(,"data":{"count":1}})") == Form::complete);
        CHECK(form_of(begin + R"(,"status":"failed","message":"boom"})") == Form::failure);
    }
    // These are not errors.
    for (const char* none : {"null", "\"\"", "false", "0", "[]", "{}"})
        CHECK(form_of(R"({"data":{"count":1},"error":)" + std::string(none) + "}") == Form::complete);
}

TEST_CASE("failure_text: is the error, whatever its type, or what another key says", "[receive]") {
    CHECK(failure_of(R"({"error":"boom","message":"m"})") == "boom");
    CHECK(failure_of(R"({"error":{"code":5,"message":"boom"}})") == R"({"code":5,"message":"boom"})");
    CHECK(failure_of(R"({"error":["a","b"]})") == R"(["a","b"])");
    CHECK(failure_of(R"({"error":7})") == "7");
    CHECK(failure_of(R"({"error":500,"message":"boom"})") == "500: boom");
    CHECK(failure_of(R"({"error":true,"detail":"boom"})") == "boom");
    CHECK(failure_of(R"({"error":true})") == "true");
    for (const char* none : {"null", "\"\"", "false", "0", "[]", "{}"}) {
        INFO(none);
        CHECK(failure_of(R"({"message":"boom","error":)" + std::string(none) + "}") == "boom");
        CHECK(failure_of(R"({"error":)" + std::string(none) + "}").empty());
        CHECK(failure_of(R"({"data":{"message":"boom","error":)" + std::string(none) + "}}") == "boom");
        CHECK(failure_of(R"({"data":{"error":)" + std::string(none) + R"(,"message":"boom"}})") == "boom");
        CHECK(failure_of(R"({"data":{"error":)" + std::string(none) + "}}").empty());
        CHECK(failure_of(R"({"data":{"message":"old","message":)" + std::string(none) + "}}").empty());
    }
    for (const char* key :
         {"message", "msg", "detail", "details", "reason", "errors", "error_message", "exception", "traceback"}) {
        INFO(key);
        CHECK(failure_of("{" + json_string(key) + R"(:"boom"})") == "boom");
        CHECK(failure_of(R"({"data":{)" + json_string(key) + R"(:"boom"}})") == "boom");
        CHECK(failure_of(R"({"data":{"error":"boom",)" + json_string(key) + R"(:"m"}})") == "boom");
        CHECK(failure_of(R"({"data":{)" + json_string(key) + R"(:"m","error":"boom"}})") == "boom");
    }
    CHECK(failure_of(R"({"detail":[{"loc":["body"],"msg":"field required"}]})") ==
          R"([{"loc":["body"],"msg":"field required"}])");
    CHECK(failure_of(R"({"data":{"error":"old"},"data":{}})").empty());
    CHECK(failure_of(R"({"data":{"detail":"m","message":"boom"}})") == "boom");
    CHECK(failure_of(R"({"data":{"message":"boom","detail":"m"}})") == "boom");
}

TEST_CASE("FieldReader: a field of the wrong type is absent and has a note", "[receive]") {
    const MessageCollector message = collect<MessageCollector>(
        R"({"job_id":7,"data":{"output_file":[1],"output_bytes":"12","output_parts_total":-1,"output_attachable":true,
            "artifact_error_permanent":"false","schema_version":null}})");
    std::vector<std::string> notes;
    curtail::detail::FieldReader fields(message, notes);
    CHECK(fields.text(Key::job_id) == "7");
    CHECK(fields.count(Key::output_bytes) == 12U);
    CHECK(fields.truth(Key::output_attachable) == true);
    CHECK_FALSE(fields.count(Key::schema_version));
    CHECK_FALSE(fields.truth(Key::truncated));
    CHECK(fields.text(Key::output_sha256).empty());
    CHECK(notes.empty());
    CHECK(fields.text(Key::output_file).empty());
    CHECK_FALSE(fields.count(Key::output_parts_total));
    CHECK_FALSE(fields.truth(Key::artifact_error_permanent));
    CHECK(notes == std::vector<std::string>{"output_file is not a text and was ignored",
                                            "output_parts_total is not a count and was ignored",
                                            "artifact_error_permanent is neither true nor false and was ignored"});
}
