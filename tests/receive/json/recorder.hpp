// SPDX-License-Identifier: MIT
#pragma once
// A handler that writes down all events of a JSON reader, and ways of reading a text with it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/receive/json/events.hpp>
#include <curtail/receive/receiver_options.hpp>

#include "catch.hpp"
#include "receive/json/owning_reader.hpp"

namespace recorder {

using curtail::ErrorCode;
using curtail::MessageError;
using curtail::ReceiverOptions;
using curtail::detail::JsonKind;
using curtail::detail::ReaderAnswer;

// Writes the events as JSON in which every value has a mark of its kind: equal texts mean equal events.
struct Recorder {
    std::string out;
    ReaderAnswer answer = ReaderAnswer::keep;
    std::size_t kept_before = static_cast<std::size_t>(-1);  // number of values to keep before giving `answer`
    std::uint64_t skipped = 0;

    ReaderAnswer wants(JsonKind) {
        if (kept_before == 0) return answer;
        --kept_before;
        out += ' ';
        return ReaderAnswer::keep;
    }
    void on_begin(JsonKind kind) { out += kind == JsonKind::object ? '{' : '['; }
    void on_end(JsonKind kind) { out += kind == JsonKind::object ? '}' : ']'; }
    void on_key_begin() { out += " k:"; }
    void on_key_part(std::string_view part) { out += part; }
    void on_key_end() { out += '='; }
    void on_string_part(std::string_view part, std::uint64_t) { out += part; }
    void on_string_end(std::uint64_t) { out += "$"; }
    void on_number_part(std::string_view part) { out += part; }
    void on_number_end() { out += "#"; }
    void on_boolean(bool truth) { out += truth ? "T" : "F"; }
    void on_null() { out += "N"; }
    void on_skipped(std::uint64_t count) { skipped += count; }
};

using Reader = OwningReader<Recorder>;

struct Outcome {
    std::string events;
    std::uint64_t skipped = 0;
    std::optional<ErrorCode> error;
    std::uint64_t offset = 0;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

inline Outcome read(const std::vector<std::string_view>& pieces, Recorder recorder = {},
                    const ReceiverOptions& options = {}) {
    Reader reader(options, std::move(recorder));
    Outcome outcome;
    try {
        for (const std::string_view piece : pieces) reader.feed(piece);
        reader.finish();
    } catch (const MessageError& error) {
        outcome.error = error.code();
        outcome.offset = error.offset();
    }
    outcome.events = reader.handler().out;
    outcome.skipped = reader.handler().skipped;
    return outcome;
}

inline std::vector<std::string_view> bytes_of(std::string_view text) {
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
    return bytes;
}

// Reads each byte from memory of its own, so that a sanitizer sees any read beyond it.
inline Outcome read_apart(std::string_view text, const Recorder& recorder = {}, const ReceiverOptions& options = {}) {
    std::vector<std::vector<char>> cells;
    std::vector<std::string_view> pieces;
    for (const char c : text) cells.emplace_back(1, c);
    for (const auto& cell : cells) pieces.emplace_back(cell.data(), 1);
    return read(pieces, recorder, options);
}

// Checks that the outcome is the same whole and byte by byte, kept and skipped, and returns it.
inline Outcome read_every_way(std::string_view text, const ReceiverOptions& options = {}) {
    const Outcome whole = read({text}, {}, options);
    CHECK(read_apart(text, {}, options) == whole);
    const Outcome skipped = read({text}, Recorder{{}, ReaderAnswer::skip, 0, 0}, options);
    CHECK(skipped.error == whole.error);
    CHECK(skipped.offset == whole.offset);
    CHECK(read_apart(text, Recorder{{}, ReaderAnswer::skip, 0, 0}, options) == skipped);
    return whole;
}

}  // namespace recorder
