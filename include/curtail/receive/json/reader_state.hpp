// SPDX-License-Identifier: MIT
#pragma once
// The state of a push reader between two pieces of a text.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/receive/json/escape.hpp>
#include <curtail/receive/json/events.hpp>
#include <curtail/receive/json/number_scan.hpp>
#include <curtail/receive/json/signature.hpp>
#include <curtail/receive/receiver_options.hpp>

namespace curtail::inline v0::detail {

struct JsonReaderState {
    // Says what the next byte must be, or be part of.
    enum class State : std::uint8_t {
        start,
        mark_second,  // byte of a byte order mark
        mark_third,
        value,
        value_or_close,
        key,
        key_or_close,
        colon,
        string,
        escape,
        hex,
        number,
        literal,
        after_value,
        done,
    };

    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    std::size_t max_depth;  // as in ReceiverOptions
    std::optional<MessageError> error;
    const char* begin = nullptr;  // of the piece being read
    const char* end = nullptr;    // of the same
    std::uint64_t base = 0;       // offset of that piece in the text
    std::uint64_t skipped = 0;    // values at counted_depth, not yet reported to the handler
    std::size_t depth = 0;
    std::size_t skip_floor = 0;  // skipping ends when a value ends at this depth
    std::size_t counted_depth = nowhere;
    std::size_t matched = 0;  // bytes of `literal` that have been read
    std::string_view literal;
    SurrogateJoiner surrogates;
    State state = State::start;
    NumberState number = NumberState::zero;
    bool allow_nonfinite;  // as in ReceiverOptions
    bool skipping = false;
    bool in_key = false;
    std::array<char, 1024> brackets{};  // the open ones

    explicit JsonReaderState(const ReceiverOptions& options)
        : max_depth(options.max_depth), allow_nonfinite(options.allow_nonfinite) {
        if (max_depth == 0 || max_depth > brackets.size()) {
            throw UsageError(ErrorCode::invalid_option, "ReceiverOptions::max_depth must be 1 to 1024");
        }
    }

    // Returns true once the outermost bracket has closed: only white space may follow.
    [[nodiscard]] bool complete() const noexcept { return state == State::done && !error; }

    // Returns the number of bytes read or, after an error, the byte at fault.
    [[nodiscard]] std::uint64_t offset() const noexcept { return error ? error->offset() : base; }

    // Skips the value that comes next or, with `rest`, all that are left in its array or object.
    void begin_skipping(bool rest) noexcept {
        rest = rest && depth != 0;
        skipping = true;
        skip_floor = rest ? depth - 1 : depth;
        counted_depth = rest ? depth : nowhere;
    }

    [[nodiscard]] std::uint64_t offset_of(const char* p) const noexcept {
        return base + static_cast<std::uint64_t>(p - begin);
    }

    // Throws MessageError (malformed_message), which quotes the bytes at fault as far as they are in this piece of the
    // text.
    [[noreturn]] void fail(std::string_view text, const char* at, std::string_view hint = {}) const {
        const std::string found = shown_bytes(std::string_view(at, static_cast<std::size_t>(end - at)));
        throw MessageError(ErrorCode::malformed_message, concat({text, ", but found ", found, hint}), offset_of(at));
    }

    // Throws MessageError because no value begins at `at`. Says what else the text may be.
    [[noreturn]] void fail_value(const char* at) const {
        switch (*at) {
            case '<': fail("a value was expected", at, ": this looks like HTML or XML");
            case '\'':
            case 'T':
            case 'F': fail("a value was expected", at, ": this looks like Python's repr() and not like json.dumps()");
            default: {
                const auto byte = static_cast<unsigned char>(*at);
                const bool binary = depth == 0 && (byte >= 0x80 || byte < 0x20);
                fail("a value was expected", at, binary ? ": this looks like binary data and not like text" : "");
            }
        }
    }

    [[noreturn]] void fail_too_deep(const char* at) const {
        throw MessageError(ErrorCode::message_limit, ShortText{"more than ", count_text(max_depth), " open brackets"},
                           offset_of(at));
    }

    [[nodiscard]] bool may_be_nonfinite(char c) const noexcept { return allow_nonfinite && (c == 'N' || c == 'I'); }

    // Returns the kind of the value that begins at `p`. Throws MessageError if none does.
    [[nodiscard]] JsonKind kind_at(const char* p) const {
        switch (*p) {
            case '{': return JsonKind::object;
            case '[': return JsonKind::array;
            case '"': return JsonKind::string;
            case 't':
            case 'f': return JsonKind::boolean;
            case 'n': return JsonKind::null;
            default:
                if (*p == '-' || is_digit(*p) || may_be_nonfinite(*p)) return JsonKind::number;
                fail_value(p);
        }
    }

    // Begins the word whose first letter is `c`, at `at`. Throws MessageError if there is no such word.
    void begin_literal(char c, const char* at) {
        switch (c) {
            case 't': literal = "true"; break;
            case 'f': literal = "false"; break;
            case 'n': literal = "null"; break;
            default:
                if (!may_be_nonfinite(c)) fail_value(at);
                literal = c == 'N' ? "NaN" : "Infinity";
        }
        matched = 1;
    }

    [[nodiscard]] JsonKind kind_of_bracket(std::size_t at_depth) const noexcept {
        return brackets[at_depth] == '{' ? JsonKind::object : JsonKind::array;
    }

    [[noreturn]] void fail_after_value(std::size_t open, const char* at) const {
        fail(brackets[open - 1] == '{' ? "',' or '}' was expected" : "',' or ']' was expected", at);
    }
};

}  // namespace curtail::inline v0::detail
