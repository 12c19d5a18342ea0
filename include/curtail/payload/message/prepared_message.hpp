// SPDX-License-Identifier: MIT
#pragma once
// A message that is made before the file has its name, and made again in the same memory when it has.

#include <memory>
#include <utility>

#include <curtail/payload/message/file_end.hpp>
#include <curtail/payload/message/fit.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/message/json_writer.hpp>
#include <curtail/payload/message/wire_format.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/size_guard.hpp>
#include <curtail/payload/split_result.hpp>

namespace curtail::inline v0::detail {

class PreparedMessage {
  public:
    // `payload` says all but what a FileEnd says.
    PreparedMessage(ResultPayload payload, const SizeGuard& guard)
        : outcome_(std::make_shared<SplitOutcome>(SplitOutcome{std::move(payload), {}})), guard_(guard) {}

    // Makes the message with `end`. Throws PayloadTooLarge if it is not under the limit.
    void make(FileEnd end) {
        std::move(end).move_into(outcome_->payload);
        outcome_->message.reserve(Fit::message_size(outcome_->payload, JsonMeter()));
        write();
        guard_.check(outcome_->message);
    }

    // Makes the message with `end`, of which no text is longer than in an earlier make(). So it allocates nothing, does
    // not throw, and stays under the limit.
    void make_again(FileEnd end) {
        std::move(end).move_into(outcome_->payload);
        write();
    }

    [[nodiscard]] std::shared_ptr<const SplitOutcome> outcome() const noexcept { return outcome_; }

  private:
    void write() {
        JsonTextWriter out(std::move(outcome_->message));
        write_result(out, outcome_->payload);
        outcome_->message = out.take();
    }

    std::shared_ptr<SplitOutcome> outcome_;
    SizeGuard guard_;
};

}  // namespace curtail::inline v0::detail
