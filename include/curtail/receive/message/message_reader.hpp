// SPDX-License-Identifier: MIT
#pragma once
// Reads one message from bytes to payload: the machinery of ResultReceiver.

#include <cstdint>
#include <optional>
#include <string_view>

#include <curtail/core/error.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/json/push_reader.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/message_collector.hpp>
#include <curtail/receive/message/payload_assembly.hpp>
#include <curtail/receive/receiver_options.hpp>

namespace curtail::inline v0::detail {

// The members do what ResultReceiver promises of the same names.
class MessageReader {
  public:
    explicit MessageReader(const ReceiverOptions& options)
        : options_(checked(options)),
          reader_(CellReader<MessageCollector>(options),
                  JsonReaderOptions{options.max_depth, options.allow_nonfinite}) {}

    void feed(std::string_view text) {
        if (error_) throw *error_;
        if (finished_) throw UsageError(ErrorCode::wrong_state, "feed() after finish()");
        reader_.feed(text);
    }

    [[nodiscard]] bool complete() const noexcept { return reader_.complete() && !error_; }

    [[nodiscard]] std::uint64_t offset() const noexcept { return error_ ? error_->offset() : reader_.offset(); }

    [[nodiscard]] ResultPayload finish() {
        if (error_) throw *error_;
        reader_.finish();
        const Recognised found = recognise(message());
        if (!found.form) {
            error_ = MessageError(ErrorCode::malformed_message, found.problem, reader_.offset());
            throw *error_;
        }
        finished_ = true;
        return PayloadAssembly(message(), options_).build(*found.form);
    }

    [[nodiscard]] ResultPayload partial() const {
        const Recognised found = recognise(message());
        return PayloadAssembly(message(), options_).build(found.form.value_or(ResultPayload::Form::bounded));
    }

  private:
    static const ReceiverOptions& checked(const ReceiverOptions& options) {
        const auto refuse = [](const char* text) { throw UsageError(ErrorCode::invalid_option, text); };
        if (options.max_columns == 0) refuse("ReceiverOptions::max_columns must be at least 1");
        if (options.max_cell_bytes < 16) refuse("ReceiverOptions::max_cell_bytes must be at least 16");
        if (options.max_name_bytes < 32) refuse("ReceiverOptions::max_name_bytes must be at least 32");
        if (options.max_text_bytes < 16) refuse("ReceiverOptions::max_text_bytes must be at least 16");
        return options;
    }

    [[nodiscard]] const MessageCollector& message() const noexcept { return reader_.handler().collector(); }

    ReceiverOptions options_;
    JsonPushReader<CellReader<MessageCollector>> reader_;
    std::optional<MessageError> error_;
    bool finished_ = false;
};

}  // namespace curtail::inline v0::detail
