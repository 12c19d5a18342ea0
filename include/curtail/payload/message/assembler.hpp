// SPDX-License-Identifier: MIT
#pragma once
// Collects in one pass over a table what its message says.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/payload/part_summary.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/split_result.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// What a sink says of itself before it is opened.
struct SinkPlace {
    std::string location;
    std::string format;
    std::optional<PartPlace> part = {};
};

// The part of Split that does not depend on the type of the sink: sample, statistics, types, progress and, at the end,
// the payload that fits. Reads a batch slice by slice, so that the progress callback is called between two of them.
class PayloadAssembler {
  public:
    // `rows_total` is the number of rows if the options do not say it. Throws BudgetTooSmall or UsageError before
    // anything is created.
    PayloadAssembler(const std::string& job_id, const PayloadOptions& options, std::optional<std::uint64_t> rows_total,
                     std::shared_ptr<const Schema> schema, const SinkPlace& sink);
    ~PayloadAssembler();
    PayloadAssembler(PayloadAssembler&&) noexcept;
    PayloadAssembler& operator=(PayloadAssembler&&) noexcept;

    [[nodiscard]] const Schema& schema() const noexcept;
    [[nodiscard]] std::uint64_t rows() const noexcept;

    // Throws UsageError (wrong_state) if the split is over or was moved away, and TableError unless rows of `batch` fit
    // the schema. Until end_batch() the split counts as over, because a file that lacks rows must not be published.
    void begin_batch(const Schema& batch);
    void end_batch() noexcept;

    // Returns how many of the `rest` rows the next slice has.
    [[nodiscard]] std::size_t begin_slice(std::size_t rest) noexcept;
    // Adds the slice to statistics, sample and types.
    void look(const BatchView& slice);
    // Counts the rows of the slice. Checks the width of each if no sink did. Returns false if the split shall stop.
    [[nodiscard]] bool end_slice(const BatchView& slice, bool widths_checked, std::uint64_t bytes_written);

    enum class Ending : std::uint8_t { whole, part };

    // Ends the split. Returns false if it shall stop. Throws UsageError (wrong_state) if a part is to pass for the
    // whole.
    [[nodiscard]] bool begin_finish(std::uint64_t bytes_written, Ending ending = Ending::whole);
    // Returns the message and what it says, but for what a sink says at its end; `error` is why there will be no file,
    // or null. All that can fail is done now, because the file has no name yet.
    [[nodiscard]] std::shared_ptr<const SplitOutcome> prepare(const ArtifactError* error);
    // Adds what the sink says at its end. Either `artifact` or `error` is there. With an artifact it allocates nothing
    // and does not throw.
    void complete(std::optional<ArtifactInfo> artifact, const ArtifactError* error);

    // Does the same for the summary of a part: all that can fail, but for what the sink says at its end.
    void prepare_part();
    // Returns the summary's bytes, once the artifact is written.
    [[nodiscard]] const std::string& summarize(const ArtifactInfo& artifact);
    [[nodiscard]] PartSummary take_summary() noexcept;

    void give_up() noexcept;

  private:
    class State;

    [[nodiscard]] State& state() const;

    std::unique_ptr<State> state_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include <curtail/core/job_id.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/message/message_plan.hpp>
#include <curtail/payload/message/skeleton.hpp>
#include <curtail/payload/part/split_part.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/findings.hpp>
#include <curtail/statistics/prediction_statistics.hpp>
#include <curtail/table/batch/observed_types.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

class PayloadAssembler::State {
  public:
    using Clock = std::chrono::steady_clock;
    enum class Phase : std::uint8_t { open, busy, over };  // busy: in a call, during which the callback may abort

    State(const std::string& job_id, const PayloadOptions& wanted, std::optional<std::uint64_t> rows_total,
          std::shared_ptr<const Schema> columns, const SinkPlace& sink)
        : options(wanted),
          schema(std::move(columns)),
          part(job_id, options, *schema, sink.location, sink.format, sink.part),
          plan(options, skeleton(job_id, sink.location), sink.location, sink.format),
          found(*schema, options, raw_limit(options.max_bytes, options.encoding)),
          types(*schema),
          slice_rows(std::clamp(first_slice_cells / (schema->size() + 1), std::size_t{1}, std::size_t{4096})) {
        if (!options.rows_total) options.rows_total = rows_total;
        if (found.selection) part.number_rows(*found.selection);
    }

    // Returns the payload without sample, columns and numbers.
    [[nodiscard]] ResultPayload skeleton(const std::string& job_id, std::string_view location) const {
        check_job_of_path(job_id, location);
        return skeleton_of(*schema, job_id, options.sample_strategy);
    }

    void add_predictions(const BatchView& slice) {
        if (slice.has_columns()) {
            for (std::size_t i = 0; i < found.statistics.size(); ++i) {
                slice.visit_column(schema->feature_count() + i, [&](const ColumnRun& run) {
                    run.visit([&](const auto& values) { found.statistics[i].add_all(values); });
                });
            }
        } else {
            for (std::size_t row = 0; row < slice.rows() && !found.statistics.empty(); ++row) {
                std::size_t i = 0;
                slice.visit_row(row, schema->feature_count(), [&](const Cell& cell) {
                    if (i < found.statistics.size()) found.statistics[i].add(cell);
                    ++i;
                });
                if (i != found.statistics.size()) throw_width(row, "predictions", i, found.statistics.size());
            }
        }
    }

    void check_widths(const BatchView& slice) const {
        slice.locate_faults(found.rows, [&] {
            for (std::size_t row = 0; row < slice.rows(); ++row) {
                std::size_t cells = 0;
                slice.visit_row(row, 0, [&](const Cell&) { ++cells; });
                if (cells != schema->size()) throw_width(row, "cells", cells, schema->size());
            }
        });
    }

    [[noreturn]] void throw_width(std::size_t row, const char* what, std::size_t count, std::size_t expected) const {
        throw TableError(ErrorCode::cell_count_mismatch,
                         "row " + std::to_string(found.rows + row) + " has " + std::to_string(count) + " " + what +
                             " where the header has " + std::to_string(expected),
                         {}, found.rows + row);
    }

    // Sets the number of rows in a slice, so that one takes 20 to 80 ms. The callback may stop the run after each
    // slice, so they must be short. A sink may start threads for each slice, and all wait for the last one at its end,
    // so they must not be shorter. The first slices are, because the time per row is not known yet.
    void choose_slice(Clock::duration taken) noexcept {
        constexpr Clock::duration wanted_time = std::chrono::milliseconds(40);
        if (taken < wanted_time / 2) {
            const auto times = wanted_time / (std::max)(taken, wanted_time / 16);
            slice_rows *= static_cast<std::size_t>(times);
        }
        if (taken > wanted_time * 2) slice_rows = (std::max)(slice_rows / 2, std::size_t{1});
    }

    void expect(Phase wanted) const {
        if (phase != wanted) throw UsageError(ErrorCode::wrong_state, "this split is over: start() another one");
    }

    // Returns false if the callback or the stop token asks to stop. Throws if the callback has aborted the split.
    [[nodiscard]] bool report_progress(std::uint64_t bytes_written) {
        if (!options.on_progress) return !options.stop_token.stop_requested();
        const Clock::time_point now = Clock::now();
        // At most a year, because more time than the clock can count would wrap into the past.
        next_report = now + std::clamp(options.progress_interval, std::chrono::milliseconds(0),
                                       std::chrono::milliseconds(std::chrono::hours(24 * 365)));
        const Phase before = phase;
        const bool go_on = options.on_progress({found.rows, options.rows_total, bytes_written,
                                                std::chrono::duration_cast<std::chrono::milliseconds>(now - started)});
        if (go_on) expect(before);
        return go_on && !options.stop_token.stop_requested();
    }

    // Looks at the time once per so many rows at most, because that takes as long as formatting a cell.
    static constexpr std::size_t clock_rows = 256;
    static constexpr std::size_t first_slice_cells = 65536;

    PayloadOptions options;
    std::shared_ptr<const Schema> schema;
    SplitPart part;
    MessagePlan plan;
    Findings found;
    ObservedTypes types;
    Clock::time_point started = Clock::now();
    Clock::time_point next_report = started;
    Clock::time_point slice_begin;
    std::size_t slice_rows;
    std::size_t rows_since_clock = 0;
    Phase phase = Phase::open;
};

CURTAIL_INLINE PayloadAssembler::PayloadAssembler(const std::string& job_id, const PayloadOptions& options,
                                                  std::optional<std::uint64_t> rows_total,
                                                  std::shared_ptr<const Schema> schema, const SinkPlace& sink)
    : state_(std::make_unique<State>(job_id, options, rows_total, std::move(schema), sink)) {}
CURTAIL_INLINE PayloadAssembler::~PayloadAssembler() = default;
CURTAIL_INLINE PayloadAssembler::PayloadAssembler(PayloadAssembler&&) noexcept = default;
CURTAIL_INLINE PayloadAssembler& PayloadAssembler::operator=(PayloadAssembler&&) noexcept = default;

CURTAIL_INLINE PayloadAssembler::State& PayloadAssembler::state() const {
    if (!state_) throw UsageError(ErrorCode::wrong_state, "this split was moved away");
    return *state_;
}

CURTAIL_INLINE const Schema& PayloadAssembler::schema() const noexcept {
    return *state_->schema;
}
CURTAIL_INLINE std::uint64_t PayloadAssembler::rows() const noexcept {
    return state_ ? state_->found.rows : 0;
}

CURTAIL_INLINE void PayloadAssembler::begin_batch(const Schema& batch) {
    state().expect(State::Phase::open);
    check_fits(*state_->schema, batch);
    state_->phase = State::Phase::busy;
}
CURTAIL_INLINE void PayloadAssembler::end_batch() noexcept {
    if (state_->phase == State::Phase::busy) state_->phase = State::Phase::open;
}

CURTAIL_INLINE std::size_t PayloadAssembler::begin_slice(std::size_t rest) noexcept {
    if (rest < state_->slice_rows) return rest;
    state_->slice_begin = State::Clock::now();  // a clock read per batch of one row would take as long as a cell
    return state_->slice_rows;
}

CURTAIL_INLINE void PayloadAssembler::look(const BatchView& slice) {
    Findings& found = state_->found;
    slice.locate_faults(found.rows, [&] {
        state_->add_predictions(slice);
        if (found.selection) {
            found.selection->offer(slice);
        } else {
            found.sample.offer(slice);
        }
        state_->types.add(slice);
    });
}

CURTAIL_INLINE bool PayloadAssembler::end_slice(const BatchView& slice, bool widths_checked,
                                                std::uint64_t bytes_written) {
    State& state = *state_;
    if (!widths_checked) state.check_widths(slice);
    state.found.rows += slice.rows();
    state.rows_since_clock += slice.rows();
    bool go_on = !state.options.stop_token.stop_requested();
    if (go_on && state.options.on_progress && state.rows_since_clock >= State::clock_rows) {
        state.rows_since_clock = 0;
        if (State::Clock::now() >= state.next_report) go_on = state.report_progress(bytes_written);
    }
    if (slice.rows() == state.slice_rows) state.choose_slice(State::Clock::now() - state.slice_begin);
    return go_on;
}

CURTAIL_INLINE bool PayloadAssembler::begin_finish(std::uint64_t bytes_written, Ending ending) {
    state().expect(State::Phase::open);
    if (ending == Ending::whole) state_->part.expect_whole();
    state_->phase = State::Phase::busy;
    return state_->report_progress(bytes_written);
}

CURTAIL_INLINE std::shared_ptr<const SplitOutcome> PayloadAssembler::prepare(const ArtifactError* error) {
    State& state = *state_;
    state.phase = State::Phase::over;
    return state.plan.prepare(state.found, state.types.dtypes(state.found.sample.names().size()), error);
}

CURTAIL_INLINE void PayloadAssembler::complete(std::optional<ArtifactInfo> artifact, const ArtifactError* error) {
    state_->plan.complete(std::move(artifact), error);
}

CURTAIL_INLINE void PayloadAssembler::prepare_part() {
    state_->phase = State::Phase::over;
    state_->part.prepare(std::move(state_->found), *state_->schema, state_->types);
}
CURTAIL_INLINE const std::string& PayloadAssembler::summarize(const ArtifactInfo& artifact) {
    return state_->part.summarize(artifact);
}
CURTAIL_INLINE PartSummary PayloadAssembler::take_summary() noexcept {
    return state_->part.take();
}

CURTAIL_INLINE void PayloadAssembler::give_up() noexcept {
    if (state_) state_->phase = State::Phase::over;
}

}  // namespace curtail::inline v0::detail

#endif
