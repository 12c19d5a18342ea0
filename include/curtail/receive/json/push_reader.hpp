// SPDX-License-Identifier: MIT
#pragma once
// Reads JSON as it arrives, in pieces of any size, and reports it to a handler.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/receive/json/events.hpp>
#include <curtail/receive/json/number_scan.hpp>
#include <curtail/receive/json/reader_state.hpp>
#include <curtail/receive/json/walker.hpp>

namespace curtail::inline v0::detail {

// The events of skipped text, for JsonWalker: counts values and reports nothing. Reading is several times as fast
// without a handler to call.
struct SkippedJson {
    static constexpr bool skips = true;
    JsonReaderState& at;

    bool begin_value(const char*) {
        at.skipped += static_cast<std::uint64_t>(at.depth == at.counted_depth);
        return true;
    }
    // Returns false if nothing more is to be skipped.
    bool end_value() {
        at.skipping = at.depth != at.skip_floor;
        return at.skipping;
    }
    void escaped_unit(const char*) { at.surrogates.forget(); }

    void begin(JsonKind) {}
    void end(JsonKind) {}
    void key_begin() {}
    void key_end() {}
    void plain_text(const char*, const char*) {}
    void escaped_char(char, const char*) {}
    void string_end(const char*) {}
    void number_part(const char*, const char*) {}
    void number_end() {}
    void literal(std::string_view) {}
};

// Reads on in a JSON text (RFC 8259; a byte order mark before it is allowed) whose state and handler are held
// elsewhere. Any split of the text, down to single bytes, gives the same events, except that parts may be divided
// differently. Memory is constant and nothing recurses. Skipped text is checked as strictly as kept text. The first
// error is final: it is thrown again.
template <class Handler>
class JsonPushReader {
  public:
    JsonPushReader(JsonReaderState& at, Handler& handler) : at_(at), handler_(handler) {
        static_assert(JsonHandler<Handler>, "Handler must have the members that the concept JsonHandler lists");
    }

    // Reads to the end of the JSON text or of this piece of it. Returns how many bytes it took; they are fewer than
    // there are only once the text is complete. Throws MessageError: malformed_message, or message_limit if the text is
    // too deep.
    [[nodiscard]] std::size_t feed_some(std::string_view text) {
        return guarded(text, [&](const char* p, const char* end) {
            while (p != end && at_.state != State::done) {
                p = JsonWalker<Reported>(at_, Reported{handler_, at_}).run(p, end);
                if (at_.skipping) p = skip(p, end);
            }
            return p;
        });
    }

    // Reads all of `text`. Throws as feed_some() does, also if more than white space follows the JSON text.
    void feed(std::string_view text) {
        text.remove_prefix(feed_some(text));
        if (text.empty()) return;
        (void)guarded(text, [&](const char* p, const char* end) {
            p = find_non_space(p, end);
            if (p != end) {
                at_.fail("the end of the message was expected", p,
                         *p == '{' ? ": feed_some() reads messages one after another" : "");
            }
            return p;
        });
    }

    // Ends the text. Throws MessageError (incomplete_message) unless it was a whole JSON text.
    void finish() {
        if (at_.error) throw MessageError(*at_.error);
        if (at_.state == State::number && at_.depth == 0 && may_end(at_.number)) {
            if (!at_.skipping) handler_.on_number_end();
            at_.state = State::done;
        }
        if (at_.state == State::done) return;
        at_.error = MessageError(ErrorCode::incomplete_message,
                                 at_.base == 0 ? "the message is empty" : "the message ends too early", at_.base);
        throw MessageError(*at_.error);
    }

  private:
    using State = JsonReaderState::State;

    // Calls `read` with the ends of `text`, and returns how many bytes it took. Keeps the error that it throws.
    template <class Read>
    std::size_t guarded(std::string_view text, Read read) {
        if (at_.error) throw MessageError(*at_.error);
        at_.begin = text.data();
        at_.end = at_.begin + text.size();
        try {
            const char* const stop = read(at_.begin, at_.end);
            const auto taken = static_cast<std::size_t>(stop - at_.begin);
            at_.base += taken;
            return taken;
        } catch (const MessageError& error) {
            report_skipped();
            at_.error = error;
            throw;
        }
    }

    const char* skip(const char* p, const char* end) {
        p = JsonWalker<SkippedJson>(at_, SkippedJson{at_}).run(p, end);
        report_skipped();
        if (!at_.skipping && at_.counted_depth != JsonReaderState::nowhere) {
            // The rest of an array or object was skipped, and its bracket has closed.
            at_.counted_depth = JsonReaderState::nowhere;
            handler_.on_end(at_.kind_of_bracket(at_.depth));
        }
        return p;
    }

    void report_skipped() {
        if (at_.skipped != 0) handler_.on_skipped(std::exchange(at_.skipped, 0));
    }

    // Passes what the walker meets to the handler.
    struct Reported {
        static constexpr bool skips = false;
        Handler& handler;
        JsonReaderState& at;

        // Returns false if the value is to be skipped.
        bool begin_value(const char* p) {
            const ReaderAnswer answer = handler.wants(at.kind_at(p));
            if (answer == ReaderAnswer::keep) return true;
            at.begin_skipping(answer == ReaderAnswer::skip_rest);
            return false;
        }
        bool end_value() { return true; }

        void begin(JsonKind kind) { handler.on_begin(kind); }
        void end(JsonKind kind) { handler.on_end(kind); }
        void key_begin() { handler.on_key_begin(); }
        void key_end() { handler.on_key_end(); }

        void plain_text(const char* p, const char* stop) {
            // Only another escape can complete the pair.
            if (at.surrogates.pending() && *p != '\\') text(at.surrogates.give_up(), p);
            text(std::string_view(p, static_cast<std::size_t>(stop - p)), stop);
        }
        void escaped_char(char plain, const char* p) {
            if (at.surrogates.pending()) text(at.surrogates.give_up(), p);
            text(std::string_view(&plain, 1), p + 1);
        }
        void escaped_unit(const char* p) { text(at.surrogates.take(), p); }
        void text(std::string_view part, const char* p) {
            if (part.empty()) return;
            if (at.in_key) {
                handler.on_key_part(part);
            } else {
                handler.on_string_part(part, at.offset_of(p));
            }
        }
        void string_end(const char* p) { handler.on_string_end(at.offset_of(p)); }

        void number_part(const char* p, const char* stop) {
            if (stop != p) handler.on_number_part(std::string_view(p, static_cast<std::size_t>(stop - p)));
        }
        void number_end() { handler.on_number_end(); }

        void literal(std::string_view word) {
            switch (word.front()) {
                case 't':
                case 'f': handler.on_boolean(word.front() == 't'); break;
                case 'n': handler.on_null(); break;
                default: handler.on_number_part(word); handler.on_number_end();
            }
        }
    };

    JsonReaderState& at_;
    Handler& handler_;
};

}  // namespace curtail::inline v0::detail
