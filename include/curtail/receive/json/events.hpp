// SPDX-License-Identifier: MIT
#pragma once
// The events that a JSON reader reports to its handler, and the answers of the handler.

#include <concepts>
#include <cstdint>
#include <string_view>

namespace curtail::inline v0::detail {

enum class JsonKind : std::uint8_t { object, array, string, number, boolean, null };

// A handler's answer before a value is read.
enum class ReaderAnswer : std::uint8_t {
    keep,       // report it
    skip,       // check it, report nothing of it
    skip_rest,  // the same for it and all that follow in its array or object; report how many they are
};

// The members that a reader calls. Keys, strings and numbers come in parts, so that the reader holds none of them.
// Escapes in a part are decoded; a part may end inside a character. A lone surrogate is U+FFFD; other ill-formed UTF-8
// is passed on as it is. The number that comes with a string is the offset in the message just after the reported part.
// Counts given to on_skipped() add up.
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
