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
#include <curtail/payload/message/prepared_message.hpp>
#include <curtail/payload/message/skeleton.hpp>
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
          in_parts_(whole.output_parts_total.has_value()),
          published_(longest_published(to_valid_utf8(location), to_valid_utf8(format))),
          whole_(std::move(whole)) {
        if (in_parts_) published_.output_attachable.reset();
        const std::size_t min_size = Fit::message_size(with_longest_end(largest_skeleton(whole_)), meter_);
        if (min_size >= limit_) throw BudgetTooSmall(options.max_bytes, smallest_budget(min_size));
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
            missing_file(*error, meter_).move_into(whole_);
        } else {
            whole_ = with_longest_end(std::move(whole_));
        }
        prepared_.emplace(choose_shown(found, dtypes), guard_);
        if (error != nullptr) {
            prepared_->make(missing_file(*error, meter_));
        } else {
            if (may_report_) prepared_->make(longest_missing());
            prepared_->make(published_);
        }
        return prepared_->outcome();
    }

    // Adds what the sink says at its end. Either `artifact` or `error` is there. With an artifact it allocates nothing
    // and does not throw.
    void complete(std::optional<ArtifactInfo> artifact, const ArtifactError* error) {
        if (artifact) {
            settle(published_, *std::move(artifact));
            if (in_parts_) published_.output_attachable.reset();
            prepared_->make_again(std::move(published_));
        } else {
            prepared_->make(missing_file(*error, meter_));
        }
    }

  private:
    // Returns `payload` with the most that may have to be said of the file.
    [[nodiscard]] ResultPayload with_longest_end(ResultPayload payload) const {
        FileEnd(published_).move_into(payload);
        if (!may_report_) return payload;
        ResultPayload without_file = payload;
        longest_missing().move_into(without_file);
        const bool with_file = Fit::message_size(payload, meter_) >= Fit::message_size(without_file, meter_);
        return with_file ? payload : without_file;
    }

    [[nodiscard]] std::size_t smallest_budget(std::size_t raw_size) const noexcept {
        return guard_.encoding == Encoding::base64 ? (raw_size + 2) / 3 * 4 + 1 : raw_size + 1;
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
    bool in_parts_;      // the location is a directory, which cannot be attached
    FileEnd published_;  // the longest possible, until the sink has said more
    ResultPayload whole_;
    std::optional<PreparedMessage> prepared_;
};

}  // namespace curtail::inline v0::detail
