// SPDX-License-Identifier: MIT
#pragma once
// Finds the form of a message, and reads its single values in any of their spellings.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/text/concat.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/list_collectors.hpp>
#include <curtail/receive/message/message_collector.hpp>

namespace curtail::inline v0::detail {

// The form of a message or, if it has no known form, the reason.
struct Recognised {
    std::optional<ResultPayload::Form> form;
    std::string_view problem;
};

// Returns what a failure says under keys of its sender's own, as in "err: no such model; worker: gpu-3".
[[nodiscard]] inline std::string other_texts(const MessageCollector& message) {
    std::string text;
    for (std::size_t i = 0; i < message.other_values().size(); ++i) {
        const SampleCell& value = message.other_values()[i];
        if (!says_something(&value)) continue;
        text = concat({text, text.empty() ? "" : "; ", message.other_names()[i], ": ", value.text});
    }
    return text;
}

// Returns why a job failed: the value of "error" if it is a text or has parts, otherwise that of the first other key
// that peers use, after the number in "error" if there is one. Empty if the message does not say.
[[nodiscard]] inline std::string failure_text(const MessageCollector& message) {
    using Kind = SampleCell::Kind;
    const SampleCell* const error = message.field(Key::error);
    const bool says = says_something(error);
    if (says && (error->kind == Kind::text || error->kind == Kind::nested)) return error->text;
    const SampleCell* reason = nullptr;
    for (auto i = static_cast<std::size_t>(Key::message); i <= static_cast<std::size_t>(Key::traceback); ++i) {
        const SampleCell* const cell = message.field(static_cast<Key>(i));
        if (reason == nullptr && says_something(cell)) reason = cell;
    }
    if (reason == nullptr) reason = message.data_failure();
    if (reason == nullptr) return says ? error->text : std::string();
    const bool number = says && error->kind == Kind::number;
    return concat({number ? error->text : std::string_view(), number ? ": " : "", reason->text});
}

// Reads fields of a message. One of the wrong type counts as absent, and adds a note.
class FieldReader {
  public:
    // Both must outlive this.
    FieldReader(const MessageCollector& message, std::vector<std::string>& notes) : message_(message), notes_(notes) {}

    // Returns a text, or a number, which some peers send for an id.
    [[nodiscard]] std::string text(Key which) {
        const SampleCell* const cell = message_.field(which);
        if (cell == nullptr) return {};
        const bool words = cell->kind == SampleCell::Kind::text || cell->kind == SampleCell::Kind::number;
        if (words) return cell->text;
        ignore(which, " is not a text");
        return {};
    }

    [[nodiscard]] std::optional<std::uint64_t> count(Key which) {
        const SampleCell* const cell = message_.field(which);
        if (cell == nullptr) return {};
        const std::optional<std::uint64_t> value = to_count(*cell);
        if (!value) ignore(which, " is not a count");
        return value;
    }

    [[nodiscard]] std::optional<bool> truth(Key which) {
        const SampleCell* const cell = message_.field(which);
        if (cell == nullptr) return {};
        if (cell->kind == SampleCell::Kind::boolean) return cell->text == "true";
        ignore(which, " is neither true nor false");
        return {};
    }

  private:
    void ignore(Key which, std::string_view why) {
        notes_.push_back(concat({key_name(which), why, " and was ignored"}));
    }

    const MessageCollector& message_;
    std::vector<std::string>& notes_;
};

[[nodiscard]] inline Recognised recognise_data(const MessageCollector& message) {
    using Form = ResultPayload::Form;
    const auto any = [&](auto... keys) { return (message.names(keys) || ...); };
    if (any(Key::predictions_sample, Key::dataframe_sample, Key::dataframe_columns, Key::predictions_count,
            Key::dataframe_rows, Key::schema_version)) {
        return {Form::bounded, {}};
    }
    if (any(Key::predictions, Key::dataframe, Key::count)) return {Form::complete, {}};
    if (any(Key::output_file, Key::row_count, Key::column_count)) return {Form::summary, {}};
    return {{}, "data has none of the keys of a prediction, a table or a file"};
}

// Returns true for what servers answer in place of a worker, such as {"detail":"Not found"}: nothing but a key that is
// for failures alone. A "message" or a "reason" may be about anything.
[[nodiscard]] inline bool is_answer_of_server(const MessageCollector& message) {
    if (message.field(Key::type) != nullptr || message.field(Key::success) != nullptr) return false;
    if (message.has_data() || message.data_is_text()) return false;
    for (const Key key : {Key::detail, Key::details, Key::errors, Key::error_message, Key::exception, Key::traceback}) {
        if (says_something(message.field(key))) return true;
    }
    return false;
}

// Recognises a message about a job's end.
[[nodiscard]] inline Recognised recognise_end(const MessageCollector& message) {
    using Form = ResultPayload::Form;
    const SampleCell* const status = message.field(Key::status);
    std::optional<bool> success = to_truth(message.field(Key::success));
    const bool has_error = says_something(message.field(Key::error)) || is_answer_of_server(message);
    if (!success && status != nullptr && to_truth(status) == false) success = false;
    if (success == false || (!success && has_error)) return {Form::failure, {}};
    Recognised found{
        {},
        success ? "a success without data" : "it has neither success nor data nor error, so it is not a known message"};
    if (message.data_is_text()) found.problem = "data is a text that is not JSON";
    if (message.data_is_other()) found.problem = "data is not an object";
    if (message.has_data()) found = recognise_data(message);
    const bool failed = has_error || (message.has_data() && message.data_failure() != nullptr);
    if (!found.form && failed) return {Form::failure, {}};
    return found;
}

[[nodiscard]] inline Recognised recognise(const MessageCollector& message) {
    using Form = ResultPayload::Form;
    switch (message.kind()) {
        case JsonKind::object: break;
        case JsonKind::array: return {{}, "the message is a JSON array and not an object"};
        case JsonKind::string: return {{}, "the message is a JSON text and not an object"};
        default: return {{}, "the message is not a JSON object"};
    }
    const SampleCell* const type = message.field(Key::type);
    if (type == nullptr || type->text == type_result) return recognise_end(message);
    if (type->text == type_progress) return {Form::progress, {}};
    if (type->kind != SampleCell::Kind::text || type->text.empty()) return {{}, "type is not a text"};
    return {is_any_word(type->text, {"error", "failure", "failed"}) ? Form::failure : Form::other, {}};
}

}  // namespace curtail::inline v0::detail
