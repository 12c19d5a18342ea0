// SPDX-License-Identifier: MIT
#pragma once
// What a split gives back.

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <curtail/payload/messages.hpp>
#include <curtail/payload/payload_json.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0 {

// The message and what it says. Copies share the JSON value.
template <class Json = nlohmann::ordered_json>
class SplitResult {
  public:
    explicit SplitResult(ResultPayload payload) : payload_(std::move(payload)), message_(result_message(payload_)) {}

    // The whole message, ready to be sent.
    [[nodiscard]] const std::string& message() const noexcept { return message_; }
    // The "data" of the message; needs #include <nlohmann/json.hpp>. Built when first asked for: it takes many times
    // the memory of the text.
    [[nodiscard]] const Json& data() const {
        const std::lock_guard lock(data_->guard);
        if (!data_->value) data_->value = std::make_shared<const Json>(payload_to_json<Json>(payload_));
        return *data_->value;
    }
    // The same as a plain value.
    [[nodiscard]] const ResultPayload& payload() const noexcept { return payload_; }

  private:
    struct Data {
        std::mutex guard;
        std::shared_ptr<const Json> value;
    };

    ResultPayload payload_;
    std::string message_;
    std::shared_ptr<Data> data_ = std::make_shared<Data>();
};

}  // namespace curtail::inline v0
