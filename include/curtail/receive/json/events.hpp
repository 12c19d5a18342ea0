// SPDX-License-Identifier: MIT
#pragma once
// What a JSON reader tells its handler, and what the handler may answer.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace curtail::inline v0::detail {

struct JsonReaderOptions {
    // Open brackets allowed at once; one more is a message_limit error. 1 to 1024. Default: 64.
    std::size_t max_depth = 64;

    // Reads the bare tokens NaN, Infinity and -Infinity as numbers. Default: on.
    bool allow_nonfinite = true;
};

enum class JsonKind : std::uint8_t { object, array, string, number, boolean, null };

// A handler's answer when a value is about to come.
enum class ReaderAnswer : std::uint8_t {
    keep,       // report it
    skip,       // check it, report nothing of it
    skip_rest,  // the same for it and all that follow it in the same array or object; report how many there
                // were
};

// What a reader calls. Keys, strings and numbers come in parts, so that none of them is ever held; a part of
// a string has its escapes decoded and may end inside a character. A lone surrogate is U+FFFD; other
// ill-formed UTF-8 passes as it is. The number that goes with a string is the place in the message right
// after what is reported. on_skipped adds to what it said before.
template <class H>
concept JsonHandler = requires(H handler, JsonKind kind, std::string_view part, std::uint64_t number, bool truth) {
    { handler.wants(kind) } -> std::same_as<ReaderAnswer>;
    handler.on_begin(kind);  // object or array
    handler.on_end(kind);
    handler.on_key_begin();
    handler.on_key_part(part);
    handler.on_key_end();
    handler.on_string_part(part, number);
    handler.on_string_end(number);
    handler.on_number_part(part);
    handler.on_number_end();
    handler.on_boolean(truth);
    handler.on_null();
    handler.on_skipped(number);
};

}  // namespace curtail::inline v0::detail
