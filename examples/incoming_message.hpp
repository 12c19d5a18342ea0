// SPDX-License-Identifier: MIT
#pragma once
// One message on its way from a worker, read as it arrives, in memory that does not grow with it.

#include <algorithm>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/result_receiver.hpp>

#include <nlohmann/json.hpp>

#include "conversation.hpp"

class IncomingMessage {
  public:
    static constexpr std::size_t max_head = std::size_t{64} * 1024;

    // Takes the next piece.
    void feed(std::string_view piece) {
        bytes_ += piece.size();
        head_ += piece.substr(0, max_head - (std::min)(max_head, head_.size()));
        if (!error_.empty()) return;
        try {
            receiver_.feed(piece);
        } catch (const curtail::MessageError& error) {
            error_ = std::string("that cannot be read: ") + error.what();
        }
    }

    // Returns the message, or nothing if it is not one about a job; then error() says why, as in "a message <error>".
    [[nodiscard]] std::optional<curtail::ResultPayload> finish() {
        try {
            if (!error_.empty()) return {};
            curtail::ResultPayload payload = receiver_.finish();
            if (payload.form == Form::other) {
                error_ = "of type '" + payload.type + "'";
            } else if (payload.form == Form::failure && payload.job_id.empty() && !may_be_result()) {
                error_ = "about an error that names no job: " + payload.error;
            } else {
                return payload;
            }
        } catch (const curtail::MessageError& error) {
            error_ = std::string("that cannot be read: ") + error.what();
        }
        return {};
    }

    [[nodiscard]] const std::string& error() const noexcept { return error_; }

    // Returns the id of the job whose result this is, if it is a result that finish() could not read.
    [[nodiscard]] std::string job_of_broken_result() const {
        const curtail::ResultPayload partial = receiver_.partial();
        const bool whole = !parsed_head().is_discarded();
        const bool is_result =
            whole ? type() == "result" : partial.form != Form::progress && partial.form != Form::other;
        return is_result ? partial.job_id : std::string();
    }

    // Returns the first 64 KiB.
    [[nodiscard]] const std::string& head() const noexcept { return head_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  private:
    using Form = curtail::ResultPayload::Form;

    // Returns the message; a discarded value if it is longer than its head or no JSON. It may be JSON within a text.
    [[nodiscard]] nlohmann::json parsed_head() const {
        const auto message = nlohmann::json::parse(head_, nullptr, false);
        return message.is_string() ? nlohmann::json::parse(message.get<std::string>(), nullptr, false) : message;
    }

    [[nodiscard]] std::string type() const { return text_of(parsed_head(), "type"); }

    // Old workers leave the type out.
    [[nodiscard]] bool may_be_result() const { return type().empty() || type() == "result"; }

    std::string head_;
    std::size_t bytes_ = 0;
    std::string error_;
    curtail::ResultReceiver receiver_;
};
