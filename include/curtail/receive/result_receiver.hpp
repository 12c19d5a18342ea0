// SPDX-License-Identifier: MIT
#pragma once
// Reads result messages of every known form as they arrive, in memory that does not grow with the message.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/json/push_reader.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/message_collector.hpp>
#include <curtail/receive/message/payload_assembly.hpp>
#include <curtail/receive/receiver_options.hpp>

namespace curtail::inline v0 {

// Takes one message in pieces of any size and keeps the sample, counts, statistics and names of it. The
// pieces do not change the result. Known forms: curtail's own at this or a later schema_version, the older
// ones that carry the whole table (in any of pandas' layouts, also as JSON inside a text), a file with
// counts, failure and progress. Where new and old keys stand side by side the new ones win, also when empty
// or zero. Optional keys of the wrong type are ignored with a note; null counts as absent. Of equal keys in
// one object the last wins.
//
// Every error is a MessageError with the byte at which it became certain, and is final: feed() and finish()
// throw it again, and partial() still gives what was understood before. A message of which this is certain
// only at its end - it is whole, but of no known form - is malformed at its last byte.
//
// `Message` collects what it says. A template, because most files that include this receive nothing and would compile
// all readers of a message all the same: 0.1 s.
template <class Message>
class BasicResultReceiver {
  public:
    explicit BasicResultReceiver(ReceiverOptions options = {})
        : options_(options),
          reader_((detail::check(options), detail::CellReader<Message>(options)),
                  detail::JsonReaderOptions{options.max_depth, options.allow_nonfinite}) {}

    // The next piece. Throws MessageError; UsageError (wrong_state) after a finish() that succeeded.
    void feed(std::string_view text) {
        if (error_) throw MessageError(*error_);
        if (finished_) throw UsageError(ErrorCode::wrong_state, "feed() after finish()");
        reader_.feed(text);
    }

    // True once the message's last bracket has closed; only white space may follow.
    [[nodiscard]] bool complete() const noexcept { return reader_.complete() && !error_; }

    // Bytes read so far; after an error, the byte at fault.
    [[nodiscard]] std::uint64_t offset() const noexcept { return error_ ? error_->offset() : reader_.offset(); }

    // What the message says. Throws MessageError: incomplete_message when it ended early, malformed_message
    // when it is none that curtail knows. May be called again.
    [[nodiscard]] ResultPayload finish() {
        if (error_) throw MessageError(*error_);
        reader_.finish();
        const detail::Recognised found = detail::recognise(message());
        if (!found.form) {
            error_ = MessageError(ErrorCode::malformed_message, found.problem, reader_.offset());
            throw MessageError(*error_);
        }
        finished_ = true;
        return detail::PayloadAssembly(message(), options_).build(*found.form);
    }

    // What was understood so far, at any time, also after an error. Rows that have begun are counted.
    [[nodiscard]] ResultPayload partial() const {
        const detail::Recognised found = detail::recognise(message());
        return detail::PayloadAssembly(message(), options_).build(found.form.value_or(ResultPayload::Form::bounded));
    }

  private:
    [[nodiscard]] const Message& message() const noexcept { return reader_.handler().collector(); }

    ReceiverOptions options_;
    detail::JsonPushReader<detail::CellReader<Message>> reader_;
    std::optional<MessageError> error_;
    bool finished_ = false;
};

using ResultReceiver = BasicResultReceiver<detail::MessageCollector>;

// The same for a message that is already whole.
template <class Receiver = ResultReceiver>
[[nodiscard]] ResultPayload parse_result(std::string_view message, ReceiverOptions options = {}) {
    Receiver receiver(options);
    receiver.feed(message);
    return receiver.finish();
}

// The asking door: nothing when the message cannot be read.
template <class Receiver = ResultReceiver>
[[nodiscard]] std::optional<ResultPayload> try_parse_result(std::string_view message, ReceiverOptions options = {}) {
    try {
        return parse_result<Receiver>(message, options);
    } catch (const MessageError&) {
        return std::nullopt;
    }
}

}  // namespace curtail::inline v0
