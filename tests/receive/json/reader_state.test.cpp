// SPDX-License-Identifier: MIT
#include <curtail/receive/json/reader_state.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "catch.hpp"
#include "receive/json/owning_reader.hpp"

using curtail::ErrorCode;
using curtail::MessageError;
using curtail::ReceiverOptions;
using curtail::detail::JsonKind;
using curtail::detail::JsonReaderState;

namespace {

template <class Act>
std::optional<MessageError> error_of(Act act) {
    try {
        act();
    } catch (const MessageError& error) {
        return error;
    }
    return std::nullopt;
}

bool says(const MessageError& error, std::string_view words) {
    return std::string_view(error.what()).find(words) != std::string_view::npos;
}

std::optional<JsonKind> expected_kind(char c, bool nonfinite) {
    if (c == '{') return JsonKind::object;
    if (c == '[') return JsonKind::array;
    if (c == '"') return JsonKind::string;
    if (c == 't' || c == 'f') return JsonKind::boolean;
    if (c == 'n') return JsonKind::null;
    if (c == '-' || (c >= '0' && c <= '9')) return JsonKind::number;
    if (nonfinite && (c == 'N' || c == 'I')) return JsonKind::number;
    return std::nullopt;
}

// Writes down the brackets that are reported.
struct Brackets {
    std::string told;

    curtail::detail::ReaderAnswer wants(JsonKind) { return curtail::detail::ReaderAnswer::keep; }
    void on_begin(JsonKind kind) { told += kind == JsonKind::object ? '{' : '['; }
    void on_end(JsonKind kind) { told += kind == JsonKind::object ? '}' : ']'; }
    void on_key_begin() {}
    void on_key_part(std::string_view) {}
    void on_key_end() {}
    void on_string_part(std::string_view, std::uint64_t) {}
    void on_string_end(std::uint64_t) {}
    void on_number_part(std::string_view) {}
    void on_number_end() {}
    void on_boolean(bool) {}
    void on_null() {}
    void on_skipped(std::uint64_t) {}
};

}  // namespace

TEST_CASE("JsonReaderState: holds 1 to 1024 open brackets and refuses any other limit", "[receive]") {
    for (const std::size_t depth : {std::size_t{1}, std::size_t{64}, std::size_t{1024}}) {
        const JsonReaderState state({.max_depth = depth});
        CHECK(state.max_depth == depth);
        CHECK(state.brackets.size() >= depth);
    }
    for (const std::size_t depth : {std::size_t{0}, std::size_t{1025}, static_cast<std::size_t>(-1)}) {
        try {
            JsonReaderState state({.max_depth = depth});
            FAIL("accepted " << depth);
        } catch (const curtail::UsageError& error) {
            CHECK(error.code() == ErrorCode::invalid_option);
        }
    }
}

TEST_CASE("JsonReaderState: begins before the first byte, with nothing open and no error", "[receive]") {
    const JsonReaderState state{ReceiverOptions{}};
    CHECK(state.state == JsonReaderState::State::start);
    CHECK(state.depth == 0);
    CHECK(state.base == 0);
    CHECK(state.skipped == 0);
    CHECK(state.counted_depth == JsonReaderState::nowhere);
    CHECK_FALSE(state.error.has_value());
    CHECK_FALSE(state.skipping);
    CHECK_FALSE(state.surrogates.pending());
}

TEST_CASE("JsonReaderState: errors name the byte in the whole text, not in the piece", "[receive]") {
    const std::string piece = "abcdef";
    JsonReaderState state{ReceiverOptions{.max_depth = 7}};
    state.begin = piece.data();
    state.end = piece.data() + piece.size();
    state.base = 5'000'000'000;
    CHECK(state.offset_of(piece.data()) == 5'000'000'000);
    CHECK(state.offset_of(piece.data() + 6) == 5'000'000'006);
    const auto malformed = error_of([&] { state.fail("something is amiss", piece.data() + 2); });
    REQUIRE(malformed.has_value());
    CHECK(malformed->code() == ErrorCode::malformed_message);
    CHECK(malformed->offset() == 5'000'000'002);
    CHECK(says(*malformed, "something is amiss"));
    const auto deep = error_of([&] { state.fail_too_deep(piece.data() + 3); });
    REQUIRE(deep.has_value());
    CHECK(deep->code() == ErrorCode::message_limit);
    CHECK(deep->offset() == 5'000'000'003);
    CHECK(says(*deep, "more than 7 open brackets"));
}

TEST_CASE("JsonReaderState: the first byte of a value gives its kind, and any other byte is at fault", "[receive]") {
    for (const bool nonfinite : {true, false}) {
        JsonReaderState state({.allow_nonfinite = nonfinite});
        for (int byte = 0; byte < 256; ++byte) {
            const char c = static_cast<char>(static_cast<unsigned char>(byte));
            state.begin = &c;
            state.end = &c + 1;
            state.base = 9;
            std::optional<JsonKind> kind;
            const auto error = error_of([&] { kind = state.kind_at(&c); });
            INFO("byte " << byte);
            CHECK(kind == expected_kind(c, nonfinite));
            CHECK(error.has_value() != kind.has_value());
            if (error) CHECK(error->offset() == 9);
        }
    }
}

TEST_CASE("JsonReaderState: knows a word by its first letter, those of Python only if they are allowed", "[receive]") {
    for (const bool nonfinite : {true, false}) {
        JsonReaderState state({.allow_nonfinite = nonfinite});
        for (const std::string_view word : {"true", "false", "null", "NaN", "Infinity"}) {
            state.begin = word.data();
            state.end = word.data() + word.size();
            state.matched = 0;
            const auto error = error_of([&] { state.begin_literal(word.front(), word.data()); });
            const bool refused = !nonfinite && (word == "NaN" || word == "Infinity");
            CHECK(error.has_value() == refused);
            if (refused) continue;
            CHECK(state.literal == word);
            CHECK(state.matched == 1);
        }
        for (const std::string_view word : {"x", "T", "i", "-"}) {
            state.begin = word.data();
            state.end = word.data() + word.size();
            CHECK(error_of([&] { state.begin_literal(word.front(), word.data()); }).has_value());
        }
    }
}

TEST_CASE("JsonReaderState: an open bracket gives its kind and what could close it", "[receive]") {
    JsonReaderState state({.max_depth = 1024});
    state.brackets[0] = '{';
    state.brackets[1023] = '[';
    CHECK(state.kind_of_bracket(0) == JsonKind::object);
    CHECK(state.kind_of_bracket(1023) == JsonKind::array);
    const std::string piece = "x";
    state.begin = piece.data();
    state.end = piece.data() + piece.size();
    const auto in_object = error_of([&] { state.fail_after_value(1, piece.data()); });
    const auto in_array = error_of([&] { state.fail_after_value(1024, piece.data()); });
    REQUIRE((in_object && in_array));
    CHECK(says(*in_object, "',' or '}' was expected"));
    CHECK(says(*in_array, "',' or ']' was expected"));
}

TEST_CASE("JsonReaderState: brackets of both kinds close in reverse order, 1024 deep", "[receive]") {
    std::string text;
    std::string opened;
    std::string closed;
    for (int i = 0; i < 1024; ++i) {
        const bool object = i % 3 == 1 || i % 7 == 2;
        text += object ? "{\"k\":" : "[";
        opened += object ? '{' : '[';
        closed.insert(closed.begin(), object ? '}' : ']');
    }
    text += "0" + closed;
    OwningReader<Brackets> reader({.max_depth = 1024}, Brackets{});
    reader.feed(text);
    reader.finish();
    CHECK(reader.handler().told == opened + closed);

    // The wrong closer is at fault at every depth.
    for (std::size_t i = text.size() - closed.size(); i < text.size(); i += 31) {
        std::string wrong = text.substr(0, i);
        wrong += text[i] == '}' ? ']' : '}';
        OwningReader<Brackets> other({.max_depth = 1024}, Brackets{});
        const auto error = error_of([&] { other.feed(wrong); });
        REQUIRE(error.has_value());
        CHECK(error->offset() == i);
        CHECK(says(*error, text[i] == '}' ? "'}' was expected" : "']' was expected"));
    }
}
