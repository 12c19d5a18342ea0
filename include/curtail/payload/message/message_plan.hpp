// SPDX-License-Identifier: MIT
#pragma once
// A message from before its table is known to after its file has a name: the same for one run and for merged parts.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/message/file_end.hpp>
#include <curtail/payload/message/fit.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/message/json_writer.hpp>
#include <curtail/payload/message/skeleton.hpp>
#include <curtail/payload/message/wire_format.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/findings.hpp>
#include <curtail/payload/size_guard.hpp>
#include <curtail/payload/split_result.hpp>

namespace curtail::inline v0::detail {

// Makes the message in two steps: prepare() does all that can fail, and complete() adds what the sink says at its end.
class MessagePlan {
  public:
    // `whole` is what skeleton_of() returns, and what is known of parts; `location` and `format` are the artifact's.
    // Throws BudgetTooSmall if not even that fits.
    MessagePlan(const PayloadOptions& options, ResultPayload whole, std::string_view location, std::string_view format)
        : meter_(options.encoding),
          guard_{options.max_bytes, options.encoding},
          limit_(raw_limit(options.max_bytes, options.encoding)),
          may_report_(options.on_artifact_error == OnArtifactError::report),
          location_(to_valid_utf8(location)),
          format_(to_valid_utf8(format)),
          whole_(std::move(whole)) {
        check_budget(with_longest_end(largest_skeleton(whole_)), options);
    }

    // Says where the parts are. As many as fit are listed.
    void list_parts(std::vector<OutputPart> parts) noexcept { whole_.output_parts = std::move(parts); }

    // Returns the message and what it says, but for what is known once the artifact has its name; `error` is why there
    // will be no artifact, or null. All that can fail is done now. `dtypes` are parallel to the sample's names.
    [[nodiscard]] std::shared_ptr<const SplitOutcome> prepare(Findings& found, const std::vector<std::string>& dtypes,
                                                              const ArtifactError* error) {
        whole_.rows = found.rows;
        whole_.predictions_count = found.statistics.empty() ? 0 : found.rows;
        for (std::size_t i = 0; i < found.statistics.size(); ++i) {
            whole_.prediction_stats[i] = found.statistics[i].result();
        }
        if (error != nullptr) {
            say_missing(whole_, *error, meter_);
        } else {
            whole_ = with_longest_end(std::move(whole_));
        }
        outcome_ = std::make_shared<SplitOutcome>(SplitOutcome{choose_shown(found, dtypes), {}});
        ResultPayload& payload = outcome_->payload;
        if (error == nullptr) {
            // The longer of both messages gets the memory.
            if (may_report_) {
                say_longest_missing(payload);
                make_message();
            }
            say_published(payload, location_, format_);
        }
        make_message();
        return outcome_;
    }

    // Adds what the sink says at its end. Either `artifact` or `error` is there. With an artifact it allocates nothing
    // and does not throw.
    void complete(std::optional<ArtifactInfo> artifact, const ArtifactError* error) {
        if (artifact) {
            settle(outcome_->payload, *std::move(artifact));
            write_message();  // no text is longer than in prepare(), so it fits the memory and the limit
        } else {
            say_missing(outcome_->payload, *error, meter_);
            make_message();
        }
    }

  private:
    // Returns `payload` with the most that may have to be said of the file.
    [[nodiscard]] ResultPayload with_longest_end(ResultPayload payload) const {
        say_published(payload, location_, format_);
        if (!may_report_) return payload;
        ResultPayload without_file = payload;
        say_longest_missing(without_file);
        if (message_size(payload, meter_) >= message_size(without_file, meter_)) return payload;
        return without_file;
    }

    // Makes the message. Throws PayloadTooLarge if it is not under the limit.
    void make_message() {
        outcome_->message.reserve(message_size(outcome_->payload, JsonMeter()));
        write_message();
        guard_.check(outcome_->message);
    }

    // Writes the message into the memory that it has.
    void write_message() {
        JsonTextWriter out(std::move(outcome_->message));
        write_result(out, outcome_->payload);
        outcome_->message = out.take();
    }

    // Returns the payload that fits. Frees the sample and all that fitting needs before the message is built: together
    // they would take 50 MB for a table of 120,000 columns.
    [[nodiscard]] ResultPayload choose_shown(Findings& found, const std::vector<std::string>& dtypes) {
        SelectedRows selected;
        if (found.selection) selected = found.selection->hand_over(found.sample);
        const FirstRows shown = std::exchange(found.sample, FirstRows(Schema(), 0, limit_));
        return Fit(std::move(whole_), shown, dtypes, meter_, limit_, std::move(selected)).choose();
    }

    JsonMeter meter_;
    SizeGuard guard_;
    std::size_t limit_;
    bool may_report_;
    std::string location_;
    std::string format_;
    ResultPayload whole_;
    std::shared_ptr<SplitOutcome> outcome_;
};

}  // namespace curtail::inline v0::detail
