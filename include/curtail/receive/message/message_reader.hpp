// SPDX-License-Identifier: MIT
#pragma once
// Reads one message from bytes to payload: the machinery of ResultReceiver.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/json/push_reader.hpp>
#include <curtail/receive/json/reader_state.hpp>
#include <curtail/receive/json/signature.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/message_collector.hpp>
#include <curtail/receive/message/message_form.hpp>
#include <curtail/receive/message/payload_assembly.hpp>
#include <curtail/receive/receiver_options.hpp>

namespace curtail::inline v0::detail {

// The members do what ResultReceiver promises of the same names.
class MessageReader {
  public:
    explicit MessageReader(const ReceiverOptions& options)
        : options_(checked(options)), cells_(options), at_(options) {}

    void feed(std::string_view text) {
        expect_text(text);
        text.remove_prefix(read_head(text));
        reader().feed(text);
    }

    [[nodiscard]] std::size_t feed_some(std::string_view text) {
        expect_text(text);
        const std::size_t head = read_head(text);
        return head + reader().feed_some(text.substr(head));
    }

    [[nodiscard]] bool begun() const noexcept { return begun_; }

    [[nodiscard]] bool complete() const noexcept { return at_.complete() && !error_; }

    [[nodiscard]] std::uint64_t offset() const noexcept {
        return error_ ? error_->offset() : at_.offset() + (in_head_ ? head_.size() : 0);
    }

    [[nodiscard]] ResultPayload finish() {
        if (error_) rethrow();
        if (in_head_) end_head(match_signature(head_).found);
        reader().finish();
        const Recognised found = recognise(message());
        if (!found.form) {
            error_ = MessageError(ErrorCode::malformed_message, found.problem, at_.offset());
            rethrow();
        }
        finished_ = true;
        return assembled(*found.form);
    }

    [[nodiscard]] ResultPayload take() {
        MessageReader current = std::exchange(*this, MessageReader(options_));
        return current.finish();
    }

    [[nodiscard]] const ReceiverOptions& options() const noexcept { return options_; }

    [[nodiscard]] ResultPayload partial() const {
        const Recognised found = recognise(message());
        return assembled(found.form.value_or(ResultPayload::Form::bounded));
    }

  private:
    // A copy in place of the error would be a useless cast for g++.
    [[noreturn]] void rethrow() const { throw *error_; }  // NOLINT(cert-err09-cpp,cert-err61-cpp)

    [[nodiscard]] ResultPayload assembled(ResultPayload::Form form) const {
        ResultPayload out;
        PayloadAssembly(message(), options_, out).build(form);
        return out;
    }

    [[nodiscard]] static ReceiverOptions checked(const ReceiverOptions& options) {
        const auto refuse = [](const char* text) { throw UsageError(ErrorCode::invalid_option, text); };
        if (options.max_columns == 0) refuse("ReceiverOptions::max_columns must be at least 1");
        if (options.max_cell_bytes < 16) refuse("ReceiverOptions::max_cell_bytes must be at least 16");
        if (options.max_name_bytes < 32) refuse("ReceiverOptions::max_name_bytes must be at least 32");
        if (options.max_text_bytes < 16) refuse("ReceiverOptions::max_text_bytes must be at least 16");
        return options;
    }

    void expect_text(std::string_view text) {
        if (error_) rethrow();
        if (finished_) {
            throw UsageError(ErrorCode::wrong_state,
                             "this message was finished: take() or reset() makes the receiver ready for the next one");
        }
        const char* const end = text.data() + text.size();
        begun_ = begun_ || find_non_space(text.data(), end) != end;
    }

    // Reads the first bytes of a message until they say whether it is in another format. Returns how many of `text` it
    // took.
    std::size_t read_head(std::string_view text) {
        const bool whole = head_.empty();
        std::size_t taken = 0;
        while (in_head_ && taken < text.size()) {
            head_ += text[taken++];
            const SignatureMatch match = match_signature(head_);
            if (match.undecided) continue;
            // A head that is whole in this piece is read with what follows it, so that an error can quote both.
            if (match.found == nullptr && whole) {
                in_head_ = false;
                return 0;
            }
            end_head(match.found, text.substr(taken));
        }
        return taken;
    }

    // Throws MessageError for a message in another format.
    void end_head(const Signature* found, std::string_view rest = {}) {
        in_head_ = false;
        if (found == nullptr) return reader().feed(head_);
        error_ = MessageError(ErrorCode::malformed_message,
                              concat({"the message is not JSON but looks like ", found->name, "; ", found->cure,
                                      ". It begins with ", shown_bytes(head_ + std::string(rest.substr(0, 20)))}),
                              0);
        rethrow();
    }

    [[nodiscard]] JsonPushReader<CellReader<MessageCollector>> reader() noexcept { return {at_, cells_}; }

    [[nodiscard]] const MessageCollector& message() const noexcept { return cells_.collector(); }

    ReceiverOptions options_;
    CellReader<MessageCollector> cells_;
    JsonReaderState at_;
    std::optional<MessageError> error_;
    std::string head_;  // the first bytes of the message
    bool in_head_ = true;
    bool begun_ = false;
    bool finished_ = false;
};

}  // namespace curtail::inline v0::detail
