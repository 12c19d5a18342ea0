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
        const std::string type = text_of(nlohmann::json::parse(head_, nullptr, false), "type");
        if (!type.empty() && type != "result" && type != "progress") {
            error_ = "of type '" + type + "'";
            return {};
        }
        try {
            if (!error_.empty()) return {};
            curtail::ResultPayload payload = receiver_.finish();
            if (is_of_a_job(payload.form)) return payload;
            error_ = "about something else";
        } catch (const curtail::MessageError& error) {
            error_ = std::string("that cannot be read: ") + error.what();
        }
        return {};
    }

    [[nodiscard]] const std::string& error() const noexcept { return error_; }

    // Returns what could be read of a message with an error.
    [[nodiscard]] curtail::ResultPayload partial() const { return receiver_.partial(); }

    // Returns the first 64 KiB.
    [[nodiscard]] const std::string& head() const noexcept { return head_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  private:
    [[nodiscard]] static bool is_of_a_job(curtail::ResultPayload::Form form) {
        using Form = curtail::ResultPayload::Form;
        return form == Form::bounded || form == Form::complete || form == Form::summary || form == Form::failure ||
               form == Form::progress;
    }

    std::string head_;
    std::size_t bytes_ = 0;
    std::string error_;
    curtail::ResultReceiver receiver_;
};
