// SPDX-License-Identifier: MIT
#pragma once
// Reads result messages of every known form as they arrive, in memory that does not grow with the message.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/receiver_options.hpp>

namespace curtail::inline v0 {

namespace detail {

class MessageReader;

// True for the argument of feed().
template <class... Arguments>
inline constexpr bool is_text = false;
template <class Text>
inline constexpr bool is_text<Text> = std::is_convertible_v<const Text&, std::string_view>;

}  // namespace detail

/// Takes one message in pieces of any size and keeps its sample, counts, statistics and names. Memory does not grow
/// with the message, and the result does not depend on the pieces.
///
/// Known messages:
/// - results of curtail, at this or a later `schema_version`;
/// - results of older workers that carry the whole table: as records, as an array of arrays, or in pandas' layouts
///   "split", "tight" and "table";
/// - results that have only a file and counts;
/// - failures and progress.
///
/// Each part, and a whole message, may also be JSON inside a string.
///
/// A layout is never guessed. An object of columns cannot be told from an object of rows (pandas' layouts "columns" and
/// "index"): such a table is not shown, and a note describes it. What a message states of itself (names, counts,
/// lengths) is compared with what it carries, and ResultPayload::notes says where they differ.
///
/// If a message has both new and old keys, the new ones win, even if they are empty or zero. Of equal keys in one
/// object the last wins. An optional key of the wrong type is ignored with a note; null counts as absent.
///
/// A message whose `type` is another text, such as "heartbeat", is whole and valid: its Form is
/// ResultPayload::Form::other and ResultPayload::type says which. A program passes over it.
///
/// A failure is recognised in every spelling of `success` (false, 0, "false", "failed", …), by its `type` or by an
/// `error` without a `success`. Its text is `error` or, without it, `message`, `detail` or `reason`.
///
/// Every error in a message is a MessageError with the byte at which it became certain. Its text quotes what is there,
/// made safe, and names what a message in another format looks like: HTML, UTF-16, gzip and others. It is final: feed()
/// and finish() throw it again, and partial() still gives what was understood before. A message that is whole JSON but
/// of no known form is ErrorCode::malformed_message at its end.
///
///     curtail::ResultReceiver receiver;
///     while (auto n = read_some(buffer)) receiver.feed(std::string_view(buffer, n));
///     curtail::ResultPayload result = receiver.finish();
class ResultReceiver {
  public:
    /// Throws UsageError (ErrorCode::invalid_option) if an option is outside its range.
    explicit ResultReceiver(ReceiverOptions options = {});

    /// A copy continues from the same byte of the message as the original.
    ResultReceiver(const ResultReceiver& other);
    ResultReceiver& operator=(const ResultReceiver& other);

    /// A receiver that was moved from can only be destroyed or assigned to.
    ResultReceiver(ResultReceiver&& other) noexcept;
    ResultReceiver& operator=(ResultReceiver&& other) noexcept;

    ~ResultReceiver();

    /// Reads `text`, the next piece. Throws MessageError (malformed_message or message_limit), and
    /// UsageError (wrong_state) after a finish() that succeeded.
    void feed(std::string_view text);
    // For any other arguments: fails to compile, with a message that names the cure.
    template <class... Wrong>
    requires(!detail::is_text<Wrong...>) auto feed(const Wrong&...) {
        static_assert(detail::is_text<Wrong...>, "feed() takes one text: feed({buffer.data(), size})");
    }

    /// Reads on to the end of the current message. Returns how many bytes of `text` it took: all of them, unless the
    /// message ends within. For several messages one after another, as in a file of JSON lines:
    ///
    ///     while (auto n = read_some(buffer)) {
    ///         for (std::string_view text(buffer, n); !text.empty();) {
    ///             text.remove_prefix(receiver.feed_some(text));
    ///             if (receiver.complete()) show(receiver.take());
    ///         }
    ///     }
    ///     if (receiver.begun()) show(receiver.take());  // throws: the last message is not whole
    ///
    /// Any white space, or none, may be between the messages; it is counted with the one that follows. Throws as feed()
    /// does.
    [[nodiscard]] std::size_t feed_some(std::string_view text);

    /// Returns true once the message's last bracket has closed. Only white space may follow.
    [[nodiscard]] bool complete() const noexcept;

    /// Returns true if more than white space of the message has been read.
    [[nodiscard]] bool begun() const noexcept;

    /// Returns the number of bytes read or, after an error, the byte at fault, counted from 0.
    [[nodiscard]] std::uint64_t offset() const noexcept;

    /// Returns what the message says. May be called again. Throws MessageError: ErrorCode::incomplete_message if the
    /// message ended early, ErrorCode::malformed_message if it has no known form.
    [[nodiscard]] ResultPayload finish();

    /// Returns what finish() returns or throws what it throws, and makes the receiver ready for the next message either
    /// way.
    [[nodiscard]] ResultPayload take();

    /// Forgets the message, or its error, and makes the receiver ready for the next one.
    void reset();

    /// Returns what was understood so far, at any time, also after an error. A row that has begun is counted.
    [[nodiscard]] ResultPayload partial() const;

  private:
    std::unique_ptr<detail::MessageReader> reader_;
};

/// Reads a message that is whole. Throws as ResultReceiver does.
///
///     curtail::ResultPayload result = curtail::parse_result(text);
[[nodiscard]] ResultPayload parse_result(std::string_view message, ReceiverOptions options = {});

/// Reads a message that is whole. Returns nothing if it cannot be read. Throws UsageError if an option is outside its
/// range.
[[nodiscard]] std::optional<ResultPayload> try_parse_result(std::string_view message, ReceiverOptions options = {});

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <curtail/receive/message/message_reader.hpp>

namespace curtail::inline v0 {

CURTAIL_INLINE ResultReceiver::ResultReceiver(ReceiverOptions options)
    : reader_(std::make_unique<detail::MessageReader>(options)) {}

CURTAIL_INLINE ResultReceiver::ResultReceiver(const ResultReceiver& other)
    : reader_(std::make_unique<detail::MessageReader>(*other.reader_)) {}

CURTAIL_INLINE ResultReceiver& ResultReceiver::operator=(const ResultReceiver& other) {
    return *this = ResultReceiver(other);
}

CURTAIL_INLINE ResultReceiver::ResultReceiver(ResultReceiver&&) noexcept = default;
CURTAIL_INLINE ResultReceiver& ResultReceiver::operator=(ResultReceiver&&) noexcept = default;
CURTAIL_INLINE ResultReceiver::~ResultReceiver() = default;

CURTAIL_INLINE void ResultReceiver::feed(std::string_view text) {
    reader_->feed(text);
}

CURTAIL_INLINE std::size_t ResultReceiver::feed_some(std::string_view text) {
    return reader_->feed_some(text);
}

CURTAIL_INLINE bool ResultReceiver::complete() const noexcept {
    return reader_->complete();
}

CURTAIL_INLINE bool ResultReceiver::begun() const noexcept {
    return reader_->begun();
}

CURTAIL_INLINE std::uint64_t ResultReceiver::offset() const noexcept {
    return reader_->offset();
}

CURTAIL_INLINE ResultPayload ResultReceiver::finish() {
    return reader_->finish();
}

CURTAIL_INLINE ResultPayload ResultReceiver::take() {
    return reader_->take();
}

CURTAIL_INLINE void ResultReceiver::reset() {
    *reader_ = detail::MessageReader(reader_->options());
}

CURTAIL_INLINE ResultPayload ResultReceiver::partial() const {
    return reader_->partial();
}

CURTAIL_INLINE ResultPayload parse_result(std::string_view message, ReceiverOptions options) {
    ResultReceiver receiver(options);
    receiver.feed(message);
    return receiver.finish();
}

CURTAIL_INLINE std::optional<ResultPayload> try_parse_result(std::string_view message, ReceiverOptions options) {
    try {
        return parse_result(message, options);
    } catch (const MessageError&) {
        return std::nullopt;
    }
}

}  // namespace curtail::inline v0
#endif
