// SPDX-License-Identifier: MIT
#pragma once
// Walks over JSON text by its grammar, one function per state, and reports what it meets.

#include <cstddef>
#include <string_view>

#include <curtail/core/text/byte_scan.hpp>
#include <curtail/core/text/json_escape.hpp>
#include <curtail/receive/json/number_scan.hpp>
#include <curtail/receive/json/reader_state.hpp>

namespace curtail::inline v0::detail {

// Each read function starts at `p` in the state of its name, reads at most to `end`, sets the next state and returns
// where it stopped. Where one state usually follows another, its function is called directly, which saves a trip
// through step(). No chain of such calls is longer than one key and its value, so nothing recurses. The walk ends with
// the text's last bracket.
//
// `Events` has a member for each thing that is met, and `skips`: the walk stops when JsonReaderState::skipping differs.
template <class Events>
class JsonWalker {
  public:
    JsonWalker(JsonReaderState& at, Events events) : at_(at), events_(events) {}

    const char* run(const char* p, const char* end) {
        while (p != end && at_.skipping == Events::skips && at_.state != State::done) p = step(p, end);
        return p;
    }

  private:
    using State = JsonReaderState::State;

    const char* step(const char* p, const char* end) {
        switch (at_.state) {
            case State::start:
            case State::mark_second:
            case State::mark_third: return read_mark(p, end);
            case State::value: return read_value(p, end);
            case State::value_or_close: return read_value_or_close(p, end);
            case State::key: return read_key(p, end);
            case State::key_or_close: return read_key_or_close(p, end);
            case State::colon: return read_colon(p, end);
            case State::string: return read_string(p, end);
            case State::escape: return read_escape(p);
            case State::hex: return read_hex(p);
            case State::number: return read_number(p, end);
            case State::literal: return read_literal(p, end);
            case State::after_value: return read_after_value(p, end);
            case State::done: break;
        }
        return end;
    }

    // A byte order mark, whose bytes are EF BB BF, may come before the first value. White space may be before it,
    // because files that were put together have one each.
    const char* read_mark(const char* p, const char* end) {
        if (at_.state == State::start) {
            p = find_non_space(p, end);
            if (p == end) return p;
            at_.state = *p == '\xEF' ? State::mark_second : State::value;
            return at_.state == State::value ? p : p + 1;
        }
        const bool second = at_.state == State::mark_second;
        if (*p != (second ? '\xBB' : '\xBF')) at_.fail("a value was expected", p);
        at_.state = second ? State::mark_third : State::value;
        return p + 1;
    }

    const char* read_value(const char* p, const char* end) {
        p = skip_space(p, end);
        if (p == end || !events_.begin_value(p)) return p;
        const char c = *p++;
        if (c == '"') {
            at_.in_key = false;
            at_.state = State::string;
            return read_string(p, end);
        }
        if (is_digit(c) || c == '-') {
            at_.number = begin_number(c);
            events_.number_part(p - 1, p);
            at_.state = State::number;
            return read_number(p, end);
        }
        if (c == '{' || c == '[') return begin_container(c, p);
        at_.begin_literal(c, p - 1);
        at_.state = State::literal;
        return p;
    }

    const char* read_value_or_close(const char* p, const char* end) {
        p = find_non_space(p, end);
        if (p == end) return p;
        if (*p == ']') return end_container(p);
        at_.state = State::value;
        return read_value(p, end);
    }

    // Enters the array or object whose bracket was just before `p`.
    const char* begin_container(char bracket, const char* p) {
        if (at_.depth == at_.max_depth) at_.fail_too_deep(p - 1);
        at_.brackets[at_.depth++] = bracket;
        events_.begin(at_.kind_of_bracket(at_.depth - 1));
        at_.state = bracket == '{' ? State::key_or_close : State::value_or_close;
        return p;
    }

    // Leaves the innermost array or object; `p` is at what must be its closing bracket.
    const char* end_container(const char* p) {
        // In ASCII, ']' is two after '[' and '}' two after '{'.
        if (*p != at_.brackets[at_.depth - 1] + 2) at_.fail_after_value(at_.depth, p);
        --at_.depth;
        events_.end(at_.kind_of_bracket(at_.depth));
        at_.state = at_.depth == 0 ? State::done : State::after_value;
        (void)events_.end_value();
        return p + 1;
    }

    const char* end_value(const char* p, const char* end) {
        at_.state = at_.depth == 0 ? State::done : State::after_value;
        if (!events_.end_value() || at_.depth == 0) return p;
        return read_after_value(p, end);
    }

    const char* read_after_value(const char* p, const char* end) {
        p = find_non_space(p, end);
        if (p == end) return p;
        if (*p != ',') return end_container(p);
        at_.state = at_.brackets[at_.depth - 1] == '{' ? State::key : State::value;
        return p + 1;
    }

    const char* read_key_or_close(const char* p, const char* end) {
        p = find_non_space(p, end);
        if (p == end) return p;
        if (*p == '}') return end_container(p);
        at_.state = State::key;
        return read_key(p, end);
    }

    const char* read_key(const char* p, const char* end) {
        p = skip_space(p, end);
        if (p == end) return p;
        if (*p != '"') {
            at_.fail("a key in double quotes was expected", p,
                     *p == '\'' ? ": this looks like Python's repr() and not like json.dumps()" : "");
        }
        at_.in_key = true;
        events_.key_begin();
        at_.state = State::string;
        return read_string(p + 1, end);
    }

    // Reads on in a key or a string, up to its end or the next escape.
    const char* read_string(const char* p, const char* end) {
        if (p == end) return p;
        const char* const stop = find_string_stop(p, end);
        events_.plain_text(p, stop);
        if (stop == end) return end;
        if (*stop == '\\') {
            at_.state = State::escape;
            return stop + 1;
        }
        if (*stop != '"') at_.fail("a control character must be escaped in a string", stop);
        if (at_.in_key) {
            events_.key_end();
            at_.state = State::colon;
            return read_colon(stop + 1, end);
        }
        events_.string_end(stop + 1);
        return end_value(stop + 1, end);
    }

    const char* read_escape(const char* p) {
        if (*p == 'u') {
            at_.surrogates.begin();
            at_.state = State::hex;
            return p + 1;
        }
        const char plain = unescaped(*p);
        if (plain == '\0') at_.fail("a string has an unknown escape", p);
        events_.escaped_char(plain, p);
        at_.state = State::string;
        return p + 1;
    }

    const char* read_hex(const char* p) {
        if (!at_.surrogates.add_digit(*p)) at_.fail("four hexadecimal digits were expected after \\u", p);
        if (at_.surrogates.full()) {
            events_.escaped_unit(p + 1);
            at_.state = State::string;
        }
        return p + 1;
    }

    const char* read_colon(const char* p, const char* end) {
        p = find_non_space(p, end);
        if (p == end) return p;
        if (*p != ':') at_.fail("':' was expected after a key", p);
        at_.state = State::value;
        return read_value(p + 1, end);
    }

    const char* read_number(const char* p, const char* end) {
        const char* const stop = scan_number(p, end, at_.number);
        events_.number_part(p, stop);
        if (stop == end) return end;
        if (may_end(at_.number)) {
            events_.number_end();
            return end_value(stop, end);
        }
        if (at_.number != NumberState::minus || *stop != 'I' || !at_.allow_nonfinite) {
            at_.fail("a digit was expected", stop);
        }
        at_.literal = "Infinity";
        at_.matched = 0;
        at_.state = State::literal;
        return stop;
    }

    const char* read_literal(const char* p, const char* end) {
        while (p != end && at_.matched != at_.literal.size() && *p == at_.literal[at_.matched]) {
            ++p;
            ++at_.matched;
        }
        if (at_.matched == at_.literal.size()) {
            events_.literal(at_.literal);
            return end_value(p, end);
        }
        if (p != end) at_.fail("an unknown word", p);
        return p;
    }

    // Tests for the one space that Python writes before it searches.
    static const char* skip_space(const char* p, const char* end) {
        if (p != end && *p == ' ') ++p;
        return find_non_space(p, end);
    }

    JsonReaderState& at_;
    Events events_;
};

}  // namespace curtail::inline v0::detail
