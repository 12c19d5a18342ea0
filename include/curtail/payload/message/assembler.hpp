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
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/split_result.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// What Split is whatever its sink: sample, statistics, types, progress and, at the end, the payload that fits. A batch
// is looked at slice by slice, so that the progress callback is called between two of them.
class PayloadAssembler {
  public:
    // `rows_total` is the number of rows if the options do not say it; `location` and `format` are the sink's. Throws
    // BudgetTooSmall or UsageError before anything is created.
    PayloadAssembler(const std::string& job_id, const PayloadOptions& options, std::optional<std::uint64_t> rows_total,
                     std::shared_ptr<const Schema> schema, std::string_view location, std::string_view format);
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
    // Reads statistics, sample and types off the slice.
    void look(const BatchView& slice);
    // Counts the rows of the slice. Checks the width of each if no sink did. Returns false if the split shall stop.
    [[nodiscard]] bool end_slice(const BatchView& slice, bool widths_checked, std::uint64_t bytes_written);

    // Ends the split. Returns false if it shall stop.
    [[nodiscard]] bool begin_finish(std::uint64_t bytes_written);
    // Returns the message and what it says, but for what a sink says at its end; `error` is why there will be no file,
    // or null. All that can fail is done now, because the file has no name yet.
    [[nodiscard]] std::shared_ptr<const SplitOutcome> prepare(const ArtifactError* error);
    // Adds the rest; one of `artifact` and `error` is there. With an artifact it allocates nothing and does not throw.
    void complete(std::optional<ArtifactInfo> artifact, const ArtifactError* error);
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
#include <utility>
#include <vector>

#include <curtail/core/job_id.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/message/file_end.hpp>
#include <curtail/payload/message/fit.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/message/prepared_message.hpp>
#include <curtail/payload/message/skeleton.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/payload/sample/row_selection.hpp>
#include <curtail/statistics/prediction_statistics.hpp>
#include <curtail/table/batch/observed_types.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

class PayloadAssembler::State {
  public:
    using Clock = std::chrono::steady_clock;
    enum class Phase : std::uint8_t { open, busy, over };  // busy: in a call, during which the callback may abort

    State(const std::string& job_id, const PayloadOptions& wanted, std::optional<std::uint64_t> rows_total,
          std::shared_ptr<const Schema> columns, std::string_view location, std::string_view format)
        : options(wanted),
          schema(std::move(columns)),
          meter(options.encoding),
          limit(raw_limit(options.max_bytes, options.encoding)),
          published(longest_published(to_valid_utf8(location), to_valid_utf8(format))),
          whole(skeleton(job_id, location)),
          sample(*schema, options.sample_rows, limit),
          types(*schema),
          statistics(schema->prediction_count(), PredictionStatistics(options.statistics)),
          slice_rows(std::clamp(first_slice_cells / (schema->size() + 1), std::size_t{1}, std::size_t{4096})) {
        if (!options.rows_total) options.rows_total = rows_total;
        if (options.sample_strategy != SampleStrategy::head) {
            selection.emplace(*schema, options.sample_strategy, options.sample_seed, options.sample_rows, limit,
                              sample);
        }
    }

    // Returns the payload without sample, columns and numbers; throws BudgetTooSmall if not even that fits.
    [[nodiscard]] ResultPayload skeleton(const std::string& job_id, std::string_view location) const {
        check_job_of_path(job_id, location);
        ResultPayload payload = skeleton_of(*schema, job_id, options.sample_strategy);
        const std::size_t min_size = Fit::message_size(with_longest_end(largest_skeleton(payload)), meter);
        if (min_size >= limit) throw BudgetTooSmall(options.max_bytes, smallest_budget(min_size));
        return payload;
    }

    [[nodiscard]] bool may_report() const noexcept { return options.on_artifact_error == OnArtifactError::report; }

    // Returns `payload` with the most that may have to be said of the file.
    [[nodiscard]] ResultPayload with_longest_end(ResultPayload payload) const {
        FileEnd(published).move_into(payload);
        if (!may_report()) return payload;
        ResultPayload without_file = payload;
        longest_missing().move_into(without_file);
        const bool with_file = Fit::message_size(payload, meter) >= Fit::message_size(without_file, meter);
        return with_file ? payload : without_file;
    }

    [[nodiscard]] std::size_t smallest_budget(std::size_t raw_size) const noexcept {
        return options.encoding == Encoding::base64 ? (raw_size + 2) / 3 * 4 + 1 : raw_size + 1;
    }

    void add_predictions(const BatchView& slice) {
        if (slice.has_columns()) {
            for (std::size_t i = 0; i < statistics.size(); ++i) {
                slice.visit_column(schema->feature_count() + i, [&](const ColumnRun& run) {
                    run.visit([&](const auto& values) { statistics[i].add_all(values); });
                });
            }
        } else {
            for (std::size_t row = 0; row < slice.rows() && !statistics.empty(); ++row) {
                std::size_t i = 0;
                slice.visit_row(row, schema->feature_count(), [&](const Cell& cell) {
                    if (i < statistics.size()) statistics[i].add(cell);
                    ++i;
                });
                if (i != statistics.size()) throw_width(row, "predictions", i, statistics.size());
            }
        }
    }

    void check_widths(const BatchView& slice) const {
        slice.locate_faults(rows, [&] {
            for (std::size_t row = 0; row < slice.rows(); ++row) {
                std::size_t cells = 0;
                slice.visit_row(row, 0, [&](const Cell&) { ++cells; });
                if (cells != schema->size()) throw_width(row, "cells", cells, schema->size());
            }
        });
    }

    [[noreturn]] void throw_width(std::size_t row, const char* what, std::size_t found, std::size_t expected) const {
        throw TableError(ErrorCode::cell_count_mismatch,
                         "row " + std::to_string(rows + row) + " has " + std::to_string(found) + " " + what +
                             " where the header has " + std::to_string(expected),
                         {}, rows + row);
    }

    // Sets the rows of a slice, after which the callback may stop the run and within which a sink may use all cores, so
    // that it takes 20 to 80 ms, compared with which the start of threads is nothing. The first slices are short,
    // because the time of a row is not known yet; all threads wait for the last one at the end of each slice, so there
    // should be few.
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
        const bool go_on = options.on_progress({rows, options.rows_total, bytes_written,
                                                std::chrono::duration_cast<std::chrono::milliseconds>(now - started)});
        if (go_on) expect(before);
        return go_on && !options.stop_token.stop_requested();
    }

    // Sample and all that fitting needs are freed before the message is built: beside each other they would take 50 MB
    // for a table of 120,000 columns.
    [[nodiscard]] ResultPayload choose_shown() {
        std::vector<std::string> dtypes;
        for (std::size_t column = 0; column < sample.names().size(); ++column) dtypes.push_back(types.dtype(column));
        SelectedRows selected;
        if (selection) selected = selection->hand_over(sample);
        const FirstRows shown = std::exchange(sample, FirstRows(Schema(), 0, limit));
        return Fit(whole, shown, dtypes, meter, limit, std::move(selected)).choose();
    }

    // Reading the clock takes as long as formatting a cell, so a source of single rows does not cause it for each row.
    static constexpr std::size_t clock_rows = 256;
    static constexpr std::size_t first_slice_cells = 65536;

    PayloadOptions options;
    std::shared_ptr<const Schema> schema;
    JsonMeter meter;
    std::size_t limit;
    FileEnd published;  // the longest possible, until the sink has said more
    ResultPayload whole;
    FirstRows sample;
    std::optional<RowSelection> selection;
    ObservedTypes types;
    std::vector<PredictionStatistics> statistics;
    Clock::time_point started = Clock::now();
    Clock::time_point next_report = started;
    Clock::time_point slice_begin;
    std::size_t slice_rows;
    std::size_t rows_since_clock = 0;
    std::uint64_t rows = 0;
    Phase phase = Phase::open;
    std::optional<PreparedMessage> prepared;
};

CURTAIL_INLINE PayloadAssembler::PayloadAssembler(const std::string& job_id, const PayloadOptions& options,
                                                  std::optional<std::uint64_t> rows_total,
                                                  std::shared_ptr<const Schema> schema, std::string_view location,
                                                  std::string_view format)
    : state_(std::make_unique<State>(job_id, options, rows_total, std::move(schema), location, format)) {}
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
    return state_ ? state_->rows : 0;
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
    state_->slice_begin = State::Clock::now();
    return (std::min)(state_->slice_rows, rest);
}

CURTAIL_INLINE void PayloadAssembler::look(const BatchView& slice) {
    slice.locate_faults(state_->rows, [&] {
        state_->add_predictions(slice);
        if (state_->selection) {
            state_->selection->offer(slice);
        } else {
            state_->sample.offer(slice);
        }
        state_->types.add(slice);
    });
}

CURTAIL_INLINE bool PayloadAssembler::end_slice(const BatchView& slice, bool widths_checked,
                                                std::uint64_t bytes_written) {
    State& state = *state_;
    if (!widths_checked) state.check_widths(slice);
    state.rows += slice.rows();
    state.rows_since_clock += slice.rows();
    bool go_on = !state.options.stop_token.stop_requested();
    if (go_on && state.options.on_progress && state.rows_since_clock >= State::clock_rows) {
        state.rows_since_clock = 0;
        if (State::Clock::now() >= state.next_report) go_on = state.report_progress(bytes_written);
    }
    if (slice.rows() == state.slice_rows) state.choose_slice(State::Clock::now() - state.slice_begin);
    return go_on;
}

CURTAIL_INLINE bool PayloadAssembler::begin_finish(std::uint64_t bytes_written) {
    state().expect(State::Phase::open);
    state_->phase = State::Phase::busy;
    return state_->report_progress(bytes_written);
}

CURTAIL_INLINE std::shared_ptr<const SplitOutcome> PayloadAssembler::prepare(const ArtifactError* error) {
    State& state = *state_;
    state.phase = State::Phase::over;
    ResultPayload& whole = state.whole;
    whole.rows = state.rows;
    whole.predictions_count = state.statistics.empty() ? 0 : state.rows;
    for (std::size_t i = 0; i < state.statistics.size(); ++i) {
        whole.prediction_stats[i] = state.statistics[i].result();
    }
    if (error != nullptr) {
        missing_file(*error, state.meter).move_into(whole);
    } else {
        whole = state.with_longest_end(std::move(whole));
    }
    state.prepared.emplace(state.choose_shown(), SizeGuard{state.options.max_bytes, state.options.encoding});
    if (error != nullptr) {
        state.prepared->make(missing_file(*error, state.meter));
    } else {
        if (state.may_report()) state.prepared->make(longest_missing());
        state.prepared->make(state.published);
    }
    return state.prepared->outcome();
}

CURTAIL_INLINE void PayloadAssembler::complete(std::optional<ArtifactInfo> artifact, const ArtifactError* error) {
    if (artifact) {
        settle(state_->published, *std::move(artifact));
        state_->prepared->make_again(std::move(state_->published));
    } else {
        state_->prepared->make(missing_file(*error, state_->meter));
    }
}

CURTAIL_INLINE void PayloadAssembler::give_up() noexcept {
    if (state_) state_->phase = State::Phase::over;
}

}  // namespace curtail::inline v0::detail

#endif
