// SPDX-License-Identifier: MIT
#pragma once
// What a split gives back.

#include <memory>
#include <string>
#include <utility>

#include <curtail/core/callback/callback.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/payload/payload_json.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0 {

namespace detail {

// A value that is made once, on the thread that asks first. Hides its mutex in the definitions, because <mutex> takes
// 0.1 s to compile.
class MadeOnce {
  public:
    using Value = std::shared_ptr<const void>;

    MadeOnce();
    MadeOnce(MadeOnce&&) noexcept;
    ~MadeOnce();

    // Returns the value, which `make` fills in unless an earlier call has returned.
    [[nodiscard]] const void* get(Callback<Value&> make) const;

  private:
    struct Once;

    std::unique_ptr<Once> once_;
};

// A message, what it says, and the "data" of it as a JSON value.
struct SplitOutcome {
    ResultPayload payload;
    std::string message;
    MadeOnce data = {};
};

// Returns `payload` and its message.
[[nodiscard]] std::shared_ptr<const SplitOutcome> outcome_of(ResultPayload payload);

}  // namespace detail

/// The message of a split and what it says. Copies share both, and the JSON value.
template <class Json = nlohmann::ordered_json>
class SplitResult {
  public:
    /// Makes the message of `payload`.
    explicit SplitResult(ResultPayload payload) : SplitResult(detail::outcome_of(std::move(payload))) {}
    // `outcome` is given to no other result, because its JSON value has the type of this one's.
    explicit SplitResult(std::shared_ptr<const detail::SplitOutcome> outcome) : outcome_(std::move(outcome)) {}

    /// Returns the whole message, ready to be sent.
    [[nodiscard]] const std::string& message() const noexcept { return outcome_->message; }
    /// Returns the "data" of the message; needs #include <nlohmann/json.hpp>. It is built by the first call, because it
    /// takes many times the memory of the text. Several threads may call it.
    // The return type is deduced, so that the compiler comes to this line before it misses a member of the value.
    [[nodiscard]] const auto& data() const {
        static_assert(detail::CompleteJson<Json>, "a JSON value needs #include <nlohmann/json.hpp>");
        const auto make = [this](detail::MadeOnce::Value& value) {
            value = std::make_shared<const Json>(payload_to_json<Json>(payload()));
        };
        return *static_cast<const Json*>(outcome_->data.get(make));
    }
    /// Returns the same as a plain value.
    [[nodiscard]] const ResultPayload& payload() const noexcept { return outcome_->payload; }

  private:
    std::shared_ptr<const detail::SplitOutcome> outcome_;
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS

#include <mutex>

#include <curtail/payload/messages.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE std::shared_ptr<const SplitOutcome> outcome_of(ResultPayload payload) {
    std::string message = result_message(payload);
    return std::make_shared<const SplitOutcome>(SplitOutcome{std::move(payload), std::move(message)});
}

struct MadeOnce::Once {
    std::mutex mutex;
    Value value;
};

CURTAIL_INLINE MadeOnce::MadeOnce() : once_(std::make_unique<Once>()) {}
CURTAIL_INLINE MadeOnce::MadeOnce(MadeOnce&&) noexcept = default;
CURTAIL_INLINE MadeOnce::~MadeOnce() = default;

CURTAIL_INLINE const void* MadeOnce::get(Callback<Value&> make) const {
    const std::lock_guard lock(once_->mutex);
    if (!once_->value) make(once_->value);
    return once_->value.get();
}

}  // namespace curtail::inline v0::detail

#endif
