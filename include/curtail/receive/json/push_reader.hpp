// SPDX-License-Identifier: MIT
#pragma once
// Reads JSON as it arrives, in pieces of any size, and tells a handler what it finds.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/receive/json/byte_scan.hpp>
#include <curtail/receive/json/escape.hpp>
#include <curtail/receive/json/events.hpp>
#include <curtail/receive/json/number_scan.hpp>
#include <curtail/receive/json/reader_state.hpp>

namespace curtail::inline v0::detail {

// A push reader of one JSON text (RFC 8259; a byte order mark before it is allowed). Any split of the text,
// down to single bytes, gives the same events, except for where parts are divided. Memory is constant and
// nothing recurses. Skipped text is checked as strictly as kept text. The first error is final: feed() and
// finish() throw it again.
template <class Handler>
class JsonPushReader {
  public:
    explicit JsonPushReader(Handler handler, JsonReaderOptions options = {})
        : handler_(std::move(handler)), at_(options) {
        static_assert(JsonHandler<Handler>, "Handler must have the members that the concept JsonHandler lists");
    }

    // Throws MessageError: malformed_message, or message_limit where the text is too deep.
    void feed(std::string_view text) {
        if (at_.error) throw MessageError(*at_.error);
        at_.begin = text.data();
        const char* p = at_.begin;
        const char* const end = p + text.size();
        try {
            while (p != end) p = at_.skipping ? run<true>(p, end) : run<false>(p, end);
        } catch (const MessageError& error) {
            tell_skipped();
            at_.error = error;
            throw;
        }
        at_.base += text.size();
    }

    // The text is over. Throws MessageError (incomplete_message) when it is not a whole JSON text.
    void finish() {
        if (at_.error) throw MessageError(*at_.error);
        if (at_.state == State::number && at_.depth == 0 && detail::may_end(at_.number)) {
            if (!at_.skipping) handler_.on_number_end();
            at_.state = State::done;
        }
        if (at_.state == State::done) return;
        at_.error = MessageError(ErrorCode::incomplete_message, "the message ends too early", at_.base);
        throw MessageError(*at_.error);
    }

    // True once the outermost bracket has closed: only white space may follow.
    [[nodiscard]] bool complete() const noexcept { return at_.state == State::done && !at_.error; }

    // Bytes fed; after an error, the byte at fault.
    [[nodiscard]] std::uint64_t offset() const noexcept { return at_.error ? at_.error->offset() : at_.base; }

    [[nodiscard]] Handler& handler() noexcept { return handler_; }
    [[nodiscard]] const Handler& handler() const noexcept { return handler_; }

  private:
    using State = detail::JsonReaderState::State;

    void tell_skipped() {
        if (at_.skipped != 0) handler_.on_skipped(std::exchange(at_.skipped, 0));
    }

    void tell_literal() {
        switch (at_.literal.front()) {
            case 't':
            case 'f': handler_.on_boolean(at_.literal.front() == 't'); break;
            case 'n': handler_.on_null(); break;
            default: handler_.on_number_part(at_.literal); handler_.on_number_end();
        }
    }

    void tell_text(std::string_view part, const char* at) {
        if (part.empty()) return;
        if (at_.in_key) {
            handler_.on_key_part(part);
        } else {
            handler_.on_string_part(part, at_.offset_of(at));
        }
    }

    // Reads until the text ends or until skipping begins or ends, and returns where. One body serves both
    // modes, so that what is skipped is checked by the same rules; without a handler to call it runs several
    // times as fast.
    template <bool Skip>
    const char* run(const char* p, const char* const end) {
        using detail::find_non_space;
        State state = at_.state;
        std::size_t depth = at_.depth;
        const auto pause = [&](const char* at) {
            at_.state = state;
            at_.depth = depth;
            if constexpr (Skip) tell_skipped();
            return at;
        };
        for (;;) {
            if (p == end) return pause(p);
            switch (state) {
                case State::start:
                    state = *p == '\xEF' ? State::mark_second : State::value;
                    if (state == State::mark_second) ++p;
                    break;
                case State::mark_second:
                    if (*p != '\xBB') at_.fail("a value was expected", p);
                    ++p;
                    state = State::mark_third;
                    break;
                case State::mark_third:
                    if (*p != '\xBF') at_.fail("a value was expected", p);
                    ++p;
                    state = State::value;
                    break;

                case State::value_or_close:
                    p = find_non_space(p, end);
                    if (p == end) break;
                    if (*p == ']') {
                        state = State::after_value;
                        goto close;
                    }
                    state = State::value;
                    [[fallthrough]];
                case State::value: {
                    if (*p == ' ') ++p;
                    p = find_non_space(p, end);
                    if (p == end) break;
                    if constexpr (Skip) {
                        at_.skipped += static_cast<std::uint64_t>(depth == at_.counted_depth);
                    } else if (const ReaderAnswer want = handler_.wants(at_.kind_at(p)); want != ReaderAnswer::keep) {
                        const bool rest = want == ReaderAnswer::skip_rest && depth != 0;
                        at_.skipping = true;
                        at_.skip_floor = rest ? depth - 1 : depth;
                        at_.counted_depth = rest ? depth : at_.nowhere;
                        return pause(p);
                    }
                    const char c = *p++;
                    if (c == '"') {
                        at_.in_key = false;
                        state = State::string;
                        goto string;
                    }
                    if (detail::is_digit(c) || c == '-') {
                        at_.number = detail::begin_number(c);
                        if constexpr (!Skip) handler_.on_number_part(std::string_view(p - 1, 1));
                        state = State::number;
                        goto number;
                    }
                    if (c == '{' || c == '[') {
                        if (depth == at_.options.max_depth) at_.fail_too_deep(p - 1);
                        at_.brackets[depth++] = c;
                        if constexpr (!Skip) handler_.on_begin(c == '{' ? JsonKind::object : JsonKind::array);
                        state = c == '{' ? State::key_or_close : State::value_or_close;
                        break;
                    }
                    at_.begin_literal(c, p - 1);
                    state = State::literal;
                    break;
                }

                case State::key_or_close:
                    p = find_non_space(p, end);
                    if (p == end) break;
                    if (*p == '}') {
                        state = State::after_value;
                        goto close;
                    }
                    state = State::key;
                    [[fallthrough]];
                case State::key:
                    if (*p == ' ') ++p;
                    p = find_non_space(p, end);
                    if (p == end) break;
                    if (*p != '"') at_.fail("a key in quotes was expected", p);
                    ++p;
                    at_.in_key = true;
                    if constexpr (!Skip) handler_.on_key_begin();
                    state = State::string;
                    [[fallthrough]];
                case State::string:
                string : {
                    if (p == end) break;
                    if constexpr (!Skip) {
                        // Only an escape can complete the pair.
                        if (*p != '\\' && at_.surrogates.pending()) tell_text(at_.surrogates.give_up(), p);
                    }
                    const char* const stop = detail::find_string_stop(p, end);
                    if constexpr (!Skip) {
                        tell_text(std::string_view(p, static_cast<std::size_t>(stop - p)), stop);
                    }
                    p = stop;
                    if (p == end) break;
                    if (*p == '\\') {
                        ++p;
                        state = State::escape;
                        break;
                    }
                    if (*p != '"') at_.fail("a control character stands unescaped in a string", p);
                    ++p;
                    if (!at_.in_key) {
                        if constexpr (!Skip) handler_.on_string_end(at_.offset_of(p));
                        goto value_done;
                    }
                    if constexpr (!Skip) handler_.on_key_end();
                    state = State::colon;
                    if (p == end) break;
                    [[fallthrough]];
                }
                case State::colon:
                    p = find_non_space(p, end);
                    if (p == end) break;
                    if (*p != ':') at_.fail("':' was expected after a key", p);
                    ++p;
                    state = State::value;
                    break;

                case State::escape: {
                    if (*p == 'u') {
                        at_.surrogates.begin();
                        state = State::hex;
                        ++p;
                        break;
                    }
                    const char plain = detail::unescaped(*p);
                    if (plain == '\0') at_.fail("no such escape in a string", p);
                    if constexpr (!Skip) {
                        if (at_.surrogates.pending()) tell_text(at_.surrogates.give_up(), p);
                        tell_text(std::string_view(&plain, 1), p + 1);
                    }
                    ++p;
                    state = State::string;
                    break;
                }
                case State::hex:
                    if (!at_.surrogates.add_digit(*p)) at_.fail("four hexadecimal digits were expected after \\u", p);
                    ++p;
                    if (!at_.surrogates.full()) break;
                    if constexpr (!Skip) {
                        tell_text(at_.surrogates.take(), p);
                    } else {
                        at_.surrogates.forget();
                    }
                    state = State::string;
                    break;

                case State::number:
                number : {
                    const char* const stop = detail::scan_number(p, end, at_.number);
                    if constexpr (!Skip) {
                        if (stop != p) handler_.on_number_part(std::string_view(p, static_cast<std::size_t>(stop - p)));
                    }
                    p = stop;
                    if (p == end) break;
                    if (!detail::may_end(at_.number)) {
                        if (at_.number != detail::NumberState::minus || !at_.may_be_nonfinite(*p) || *p == 'N') {
                            at_.fail("a digit was expected", p);
                        }
                        at_.literal = "Infinity";
                        at_.matched = 0;
                        state = State::literal;
                        break;
                    }
                    if constexpr (!Skip) handler_.on_number_end();
                    goto value_done;
                }
                case State::literal:
                    while (p != end && at_.matched != at_.literal.size() && *p == at_.literal[at_.matched])
                        ++p, ++at_.matched;
                    if (at_.matched == at_.literal.size()) {
                        if constexpr (!Skip) tell_literal();
                        goto value_done;
                    }
                    if (p != end) at_.fail("an unknown word", p);
                    break;

                value_done:
                    state = depth == 0 ? State::done : State::after_value;
                    if (p == end) break;
                    [[fallthrough]];
                case State::after_value:
                    if constexpr (Skip) {
                        if (depth == at_.skip_floor) {
                            at_.skipping = false;
                            return pause(p);
                        }
                    }
                    if (state == State::done) break;
                    p = find_non_space(p, end);
                    if (p == end) break;
                    if (*p == ',') {
                        ++p;
                        state = at_.brackets[depth - 1] == '{' ? State::key : State::value;
                        break;
                    }
                close:
                    // ']' is two after '[' and '}' two after '{'.
                    if (*p != at_.brackets[depth - 1] + 2) at_.fail_after_value(depth, p);
                    ++p;
                    --depth;
                    if constexpr (Skip) {
                        if (depth == at_.skip_floor && at_.counted_depth != at_.nowhere) {
                            tell_skipped();
                            handler_.on_end(at_.kind_of_bracket(depth));
                        }
                    } else {
                        handler_.on_end(at_.kind_of_bracket(depth));
                    }
                    goto value_done;

                case State::done:
                    if constexpr (Skip) {
                        at_.skipping = false;
                        return pause(p);
                    }
                    p = find_non_space(p, end);
                    if (p != end) at_.fail("more text after the end of the message", p);
                    break;
            }
        }
    }

    Handler handler_;
    detail::JsonReaderState at_;
};

}  // namespace curtail::inline v0::detail
