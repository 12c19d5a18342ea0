// SPDX-License-Identifier: MIT
#pragma once
// Takes summaries of parts in any order and makes the message of the whole.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/payload/part_options.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/split_result.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// The part of PartMerger that does not depend on what publishes the parts.
class PartFolder {
  public:
    PartFolder(std::string job_id, const PayloadOptions& options, const MergeOptions& merging);
    ~PartFolder();
    PartFolder(PartFolder&&) noexcept;
    PartFolder& operator=(PartFolder&&) noexcept;

    void add(std::string_view summary);
    [[nodiscard]] std::uint64_t parts() const noexcept;

    // Ends the merging. Throws PartsMissing if parts are missing that must not be. Returns true if all are there.
    [[nodiscard]] bool finish();
    // Returns the message of parts that stay where they are.
    [[nodiscard]] std::shared_ptr<const SplitOutcome> answer();
    // Returns all columns that are known, with the types of the whole.
    [[nodiscard]] Schema schema() const;
    [[nodiscard]] std::span<const PartArtifact> artifacts() const noexcept;
    // Returns the message and what it says, but for what complete() adds. `listed`: it lists the parts.
    [[nodiscard]] std::shared_ptr<const SplitOutcome> prepare(std::string_view location, bool listed);
    // Allocates nothing and does not throw.
    void complete(ArtifactInfo published);

  private:
    class State;

    std::unique_ptr<State> state_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/quoted_text.hpp>
#include <curtail/payload/message/message_plan.hpp>
#include <curtail/payload/message/skeleton.hpp>
#include <curtail/payload/part/part_content.hpp>
#include <curtail/payload/part/parts_list.hpp>
#include <curtail/payload/sample/findings.hpp>

namespace curtail::inline v0::detail {

class PartFolder::State {
  public:
    State(std::string id, const PayloadOptions& wanted, const MergeOptions& merge_options)
        : job_id(std::move(id)), options(wanted), merging(merge_options) {
        check_job_id(job_id);
        static_cast<void>(raw_limit(options.max_bytes, options.encoding));
        options.on_artifact_error = OnArtifactError::throw_error;
    }

    // Throws PartsDiffer unless the part is of the same table as those before it.
    void check(const PartContent& part) const {
        const std::uint64_t number = part.head.place.number;
        const auto differ = [&](std::string_view text) { throw PartsDiffer(number, text); };
        if (part.head.job_id != job_id) {
            differ(concat({"is of job ", part.head.job_id, ", and the merger of job ", job_id}));
        }
        const ArtifactInfo& one = part.head.artifact;
        if (!known.contains(number) && (std::max)(one.rows + rows, one.bytes + bytes) > Unpacker::max_rows) {
            differ("has, with the others, more rows or bytes than can be counted: make its summary again");
        }
        if (!first) return;
        if (part.head.place.of != first->of) {
            differ(concat({"is one of ", std::to_string(part.head.place.of), " parts, and others are of ",
                           std::to_string(first->of)}));
        }
        if (part.names_hash != first->names_hash || part.features_total != first->features_total ||
            part.predictions.size() != first->predictions) {
            differ(concat({"has other columns than the parts before it", first_difference(part)}));
        }
        if (part.head.artifact.format != first->format) {
            differ(concat({"is ", part.head.artifact.format, ", and others are ", first->format}));
        }
    }

    // Returns which names differ, as far as the summaries tell.
    [[nodiscard]] std::string first_difference(const PartContent& part) const {
        const Schema names = part.names();
        const auto& columns_there = first->names.columns();
        const auto [mine, theirs] =
            std::mismatch(names.columns().begin(), names.columns().end(), columns_there.begin(), columns_there.end());
        if (mine == names.columns().end() || theirs == columns_there.end()) {
            return concat({": ", std::to_string(part.features_total), " columns and ",
                           std::to_string(part.predictions.size()), " predictions where they have ",
                           std::to_string(first->features_total), " and ", std::to_string(first->predictions)});
        }
        return concat({": ", quoted_for_error(mine->name), " where they have ", quoted_for_error(theirs->name)});
    }

    // Adds the next part to those that came before it in the table.
    void fold(PartContent&& part) {
        at_work = true;
        if (!found) begin(part);
        unite_types(part);
        for (std::size_t i = 0; i < part.statistics.size(); ++i) found->statistics[i].merge(part.statistics[i]);
        fold_sample(part);
        found->rows += part.head.artifact.rows;
        at_work = false;
    }

    // Adds the part's rows to the sample, which ends at the first row that a part could not keep: it never skips one.
    void fold_sample(PartContent& part) {
        for (RankedRow& row : part.sample) {
            row.number += found->rows;
            if (found->selection) {
                found->selection->offer(row);
            } else if (sample_over || !found->sample.offer(row.cells)) {
                break;
            }
        }
        sample_over = sample_over || part.left_out;
        if (part.left_out) part.left_out->number += found->rows;
        if (part.left_out && found->selection) found->selection->leave_out(*part.left_out);
    }

    void check_first_row(const PartContent& part) const {
        const std::uint64_t before = found ? found->rows : 0;
        if (!part.first_row || *part.first_row == before || gap) return;
        throw PartsDiffer(
            part.head.place.number,
            concat({"says that its first row is ", std::to_string(*part.first_row), ", and the parts before it have ",
                    std::to_string(before), " rows: they are of another division or of another table. ",
                    "Run all parts again under another job id"}));
    }

    void begin(const PartContent& part) {
        columns = part.features;
        columns.insert(columns.end(), part.predictions.begin(), part.predictions.end());
        features = part.features.size();
        found.emplace(part.names(), options, raw_limit(options.max_bytes, options.encoding));
    }

    // Adds what the part knows of types. A part without rows knows nothing, whatever it says. A column that its summary
    // had no room for can have values of any kind there.
    void unite_types(const PartContent& part) {
        if (part.head.artifact.rows == 0) return;
        const auto unite = [&](std::size_t column, const SeenType& type) {
            found->rows == 0 ? static_cast<void>(columns[column].type = type) : columns[column].type.unite(type);
        };
        SeenType any;
        any.seen = SeenType::mixed;
        for (std::size_t i = 0; i < features; ++i) unite(i, i < part.features.size() ? part.features[i].type : any);
        for (std::size_t i = 0; i < part.predictions.size(); ++i) unite(features + i, part.predictions[i].type);
    }

    // Folds what came early and is next.
    void fold_early() {
        for (auto early = waiting.begin(); early != waiting.end() && (early->first == next || over);) {
            gap = gap || early->first != next;
            PartContent part = unpack_part(early->second, merging.max_summary_bytes, options);
            check_first_row(part);
            fold(std::move(part));
            next = early->first + 1;
            early = waiting.erase(early);
        }
    }

    // Lists the numbers of missing parts, at most as many as an error does.
    [[nodiscard]] std::vector<std::uint64_t> missing() const {
        std::vector<std::uint64_t> numbers;
        std::uint64_t number = 0;
        const auto up_to = [&](std::uint64_t end) {
            for (; number < end && numbers.size() < PartsMissing::listed; ++number) numbers.push_back(number);
        };
        for (const PartArtifact& part : artifacts) {
            up_to(part.number);
            number = part.number + 1;
        }
        up_to(first ? first->of : 0);
        return numbers;
    }

    void expect_open() const {
        if (over) throw UsageError(ErrorCode::wrong_state, "this merger has finished");
        if (at_work) throw UsageError(ErrorCode::wrong_state, "this merger failed within a part: begin a new one");
    }

    // What all parts have in common.
    struct Common {
        std::uint64_t of;
        std::uint64_t names_hash;
        std::uint64_t features_total;
        std::size_t predictions;
        std::string format;
        Schema names;
    };
    struct Known {
        std::uint64_t checksum;
        ArtifactInfo artifact;
        std::string host;
    };

    std::string job_id;
    PayloadOptions options;
    MergeOptions merging;
    std::optional<Common> first;
    std::map<std::uint64_t, Known> known;
    std::uint64_t rows = 0;                        // of the known parts
    std::uint64_t bytes = 0;                       // of their files
    std::map<std::uint64_t, std::string> waiting;  // parts before which others are missing
    std::uint64_t next = 0;                        // the part to fold next
    bool gap = false;                              // parts were left out
    bool over = false;
    bool at_work = false;      // a part is being added, or could not be added whole
    bool sample_over = false;  // no more first rows
    std::optional<Findings> found;
    std::vector<PartColumn> columns;  // features, then predictions
    std::size_t features = 0;
    std::vector<PartArtifact> artifacts;  // at the end
    std::vector<std::string> hosts;       // parallel to them
    std::optional<MessagePlan> plan;
};

CURTAIL_INLINE PartFolder::PartFolder(std::string job_id, const PayloadOptions& options, const MergeOptions& merging)
    : state_(std::make_unique<State>(std::move(job_id), options, merging)) {}
CURTAIL_INLINE PartFolder::~PartFolder() = default;
CURTAIL_INLINE PartFolder::PartFolder(PartFolder&&) noexcept = default;
CURTAIL_INLINE PartFolder& PartFolder::operator=(PartFolder&&) noexcept = default;

CURTAIL_INLINE std::uint64_t PartFolder::parts() const noexcept {
    return state_->known.size();
}

CURTAIL_INLINE void PartFolder::add(std::string_view summary) {
    State& state = *state_;
    state.expect_open();
    PartContent part = unpack_part(summary, state.merging.max_summary_bytes, state.options);
    state.check(part);
    const std::uint64_t number = part.head.place.number;
    if (const auto found = state.known.find(number); found != state.known.end()) {
        if (found->second.checksum == part.checksum) return;
        throw PartsDiffer(number, "came twice, with other content the second time");
    }
    const bool is_next = number == state.next;
    if (is_next) state.check_first_row(part);
    state.at_work = true;
    if (!is_next) state.waiting.emplace(number, summary);
    if (!state.first) {
        state.first = State::Common{part.head.place.of,      part.names_hash,           part.features_total,
                                    part.predictions.size(), part.head.artifact.format, part.names()};
    }
    state.rows += part.head.artifact.rows;
    state.bytes += part.head.artifact.bytes;
    state.known.emplace(number, State::Known{part.checksum, std::move(part.head.artifact), std::move(part.head.host)});
    state.at_work = false;
    if (!is_next) return;
    state.fold(std::move(part));
    ++state.next;
    state.fold_early();
}

CURTAIL_INLINE bool PartFolder::finish() {
    State& state = *state_;
    state.expect_open();
    state.artifacts.clear();
    state.hosts.clear();
    for (auto& [number, part] : state.known) {
        state.artifacts.push_back({number, part.artifact});
        state.hosts.push_back(part.host);
    }
    const std::uint64_t of = state.first ? state.first->of : 0;
    const std::uint64_t missing = of - state.known.size();
    if (state.known.empty()) throw UsageError(ErrorCode::wrong_state, "there is nothing to merge: no part was added");
    if (missing > 0 && state.merging.on_missing == OnMissingParts::throw_error) {
        throw PartsMissing(state.missing(), missing, of);
    }
    state.over = true;
    state.fold_early();
    return missing == 0;
}

CURTAIL_INLINE std::shared_ptr<const SplitOutcome> PartFolder::answer() {
    ArtifactInfo whole = sum_of(state_->artifacts, common_location(state_->artifacts));
    auto outcome = prepare(whole.path, true);
    complete(std::move(whole));
    return outcome;
}

CURTAIL_INLINE Schema PartFolder::schema() const {
    std::vector<ColumnSpec> columns;
    for (const PartColumn& column : state_->columns) columns.push_back({column.name, column.type.type()});
    return Schema(std::move(columns), state_->columns.size() - state_->features);
}

CURTAIL_INLINE std::span<const PartArtifact> PartFolder::artifacts() const noexcept {
    return state_->artifacts;
}

CURTAIL_INLINE std::shared_ptr<const SplitOutcome> PartFolder::prepare(std::string_view location, bool listed) {
    State& state = *state_;
    check_job_of_path(state.job_id, location);
    ResultPayload payload = skeleton_of(schema(), state.job_id, state.options.sample_strategy);
    payload.columns_total = state.first->features_total;
    const std::uint64_t missing = state.first->of - state.artifacts.size();
    if (listed) payload.output_parts_total = state.first->of;
    if (missing > 0) {
        payload.parts_missing = state.missing();
        payload.parts_missing_total = missing;
        payload.notes.push_back(missing_note(payload.parts_missing, missing, state.first->of));
    }
    state.plan.emplace(state.options, std::move(payload), location, state.first->format);
    if (listed) state.plan->list_parts(listed_parts(state.artifacts, state.hosts, location));
    std::vector<std::string> dtypes(state.found->sample.names().size());
    for (std::size_t i = 0; i < dtypes.size(); ++i) dtypes[i] = dtype_name(state.columns[i].type.type());
    return state.plan->prepare(*state.found, dtypes, nullptr);
}

CURTAIL_INLINE void PartFolder::complete(ArtifactInfo published) {
    state_->plan->complete(std::move(published), nullptr);
}

}  // namespace curtail::inline v0::detail
#endif
