// SPDX-License-Identifier: MIT
#pragma once
// The door of the worker's side: a table goes in, a file and a bounded message come out.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/message/fallible_sink.hpp>
#include <curtail/payload/message/fit.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/payload_json.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/payload/sample/observed_types.hpp>
#include <curtail/payload/sample/row_selection.hpp>
#include <curtail/payload/size_guard.hpp>
#include <curtail/payload/split_result.hpp>
#include <curtail/statistics/prediction_statistics.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

template <class Json, ArtifactSink Sink>
class Split;

// Splits tables of predictions: all of the table goes to a sink, and a message of bounded size says what is there.
template <class Json = nlohmann::ordered_json>
class ResultPayloadBuilder {
  public:
    explicit ResultPayloadBuilder(std::string job_id, PayloadOptions options = {})
        : job_id_(std::move(job_id)), options_(std::move(options)) {}

    // Splits a whole table, in memory or a stream, in one call. Throws what Split throws, and whatever the source
    // throws; then nothing is published.
    template <class T, ArtifactSink Sink>
    [[nodiscard]] SplitResult<Json> build(T&& table, Sink sink) const {
        detail::expect_table<T>();
        if constexpr (Table<T>) {
            PayloadOptions options = options_;
            if (!options.rows_total) options.rows_total = curtail::rows_of(table);
            Split<Json, Sink> split(job_id_, std::move(options), kept(curtail::schema_of(table)), std::move(sink));
            split.append(table);
            return split.finish();
        } else if constexpr (TableStream<T>) {
            Split<Json, Sink> split(job_id_, options_, kept(std::as_const(table).schema()), std::move(sink));
            while (const auto* batch = table.next()) split.append(*batch);
            return split.finish();
        }
    }

    // Begins a split whose batches the caller brings. Throws BudgetTooSmall or UsageError before anything is created.
    template <ArtifactSink Sink>
    [[nodiscard]] Split<Json, Sink> start(Schema schema, Sink sink) const {
        return Split<Json, Sink>(job_id_, options_, kept(std::move(schema)), std::move(sink));
    }

  private:
    // A schema that its table keeps is not copied: with 120,000 columns a copy takes 10 MB.
    [[nodiscard]] static std::shared_ptr<const Schema> kept(const Schema& schema) {
        return {std::shared_ptr<const Schema>(), &schema};
    }
    [[nodiscard]] static std::shared_ptr<const Schema> kept(Schema&& schema) {
        return std::make_shared<const Schema>(std::move(schema));
    }

    std::string job_id_;
    PayloadOptions options_;
};

ResultPayloadBuilder(std::string)->ResultPayloadBuilder<>;
ResultPayloadBuilder(std::string, PayloadOptions)->ResultPayloadBuilder<>;

// A split under way. append() takes batches that fit the schema; finish() publishes the file and builds the message.
// Destruction without finish() discards everything. After an exception only destruction and abort() make sense.
template <class Json, ArtifactSink Sink>
class Split {
  public:
    Split(std::string job_id, PayloadOptions options, std::shared_ptr<const Schema> schema, Sink sink)
        : options_(std::move(options)),
          schema_(std::move(schema)),
          sink_(std::move(sink), options_.on_artifact_error),
          meter_(options_.encoding),
          limit_(raw_limit(options_.max_bytes, options_.encoding)),
          whole_(skeleton(std::move(job_id))),
          sample_(*schema_, options_.sample_rows, limit_),
          types_(*schema_),
          statistics_(schema_->prediction_count(), PredictionStatistics(options_.statistics)),
          slice_rows_(std::clamp(first_slice_cells / (schema_->size() + 1), std::size_t{1}, std::size_t{4096})) {
        if (options_.sample_strategy != SampleStrategy::head) {
            selection_.emplace(*schema_, options_.sample_strategy, options_.sample_seed, options_.sample_rows, limit_,
                               sample_.names());
        }
        sink_.open(*schema_);
    }

    Split(Split&&) = delete;
    Split& operator=(Split&&) = delete;
    ~Split() = default;

    // Takes all rows of any table with the columns of the schema. Throws TableError for a table that does not fit,
    // Cancelled when the progress callback asks for it, and what the sink throws.
    template <Table T>
    void append(const T& batch) {
        expect_open();
        check_fits(*schema_, curtail::schema_of(batch));
        open_ = false;  // stays so when anything below throws: a file that lacks rows must never be published
        const std::size_t rows = curtail::rows_of(batch);
        for (std::size_t first = 0; first < rows;) {
            const std::size_t count = (std::min)(slice_rows_, rows - first);
            const Clock::time_point begin = Clock::now();
            take(RowSlice<T>(batch, first, count));
            first += count;
            if (count == slice_rows_) choose_slice(Clock::now() - begin);
        }
        open_ = true;
    }

    // Publishes the artifact and returns the message; under OnArtifactError::report the message alone may be left.
    [[nodiscard]] SplitResult<Json> finish() {
        expect_open();
        open_ = false;
        report_progress();
        const std::optional<ArtifactInfo> artifact = sink_.finish();
        whole_.rows = rows_;
        whole_.predictions_count = schema_->prediction_count() == 0 ? 0 : rows_;
        if (artifact) {
            whole_.output_file = artifact->path;
            whole_.output_format = artifact->format;
            whole_.output_bytes = artifact->bytes;
            whole_.output_sha256 = artifact->sha256;
        } else {
            whole_.output_file.clear();
            whole_.output_format.clear();
            whole_.artifact_error = detail::artifact_error_text(*sink_.error(), meter_);
            whole_.artifact_error_permanent = sink_.error()->permanent();
        }
        for (std::size_t i = 0; i < statistics_.size(); ++i) whole_.prediction_stats[i] = statistics_[i].result();
        SplitResult<Json> result(choose_shown());
        SizeGuard{options_.max_bytes, options_.encoding}.check(result.message());
        return result;
    }

    // Discards everything written so far.
    void abort() noexcept {
        open_ = false;
        sink_.abort();
    }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

  private:
    using Clock = std::chrono::steady_clock;

    // Between two slices the progress callback may stop the run, and within one a sink may use all cores: as many rows
    // as take 20 to 80 ms, beside which the start of threads is nothing. The first slices are short, since nobody knows
    // how long a row takes; at the end of each all threads wait for the last, so there should be few of them.
    void choose_slice(Clock::duration taken) noexcept {
        constexpr Clock::duration wanted = std::chrono::milliseconds(40);
        if (taken < wanted / 2) {
            const auto times = wanted / (std::max)(taken, wanted / 16);
            slice_rows_ *= static_cast<std::size_t>(times);
        }
        if (taken > wanted * 2) slice_rows_ = (std::max)(slice_rows_ / 2, std::size_t{1});
    }

    // The payload without sample, columns and numbers; throws BudgetTooSmall when not even that fits.
    [[nodiscard]] ResultPayload skeleton(std::string job_id) {
        ResultPayload payload;
        payload.job_id = std::move(job_id);
        payload.schema_version = 1;
        payload.columns_total = schema_->feature_count();
        payload.output_file = sink_.location();
        payload.output_format = sink_.format();
        if (options_.sample_strategy != SampleStrategy::head) {
            payload.sample_strategy = detail::strategy_name(options_.sample_strategy);
        }
        payload.prediction_stats.resize(schema_->prediction_count());
        for (std::size_t i = schema_->feature_count(); i < schema_->size(); ++i) {
            payload.prediction_columns.push_back(to_valid_utf8((*schema_)[i].name));
        }
        const ResultPayload largest = largest_skeleton(payload);
        least_size_ = detail::Fit::message_size(largest, meter_);
        if (options_.on_artifact_error == OnArtifactError::report) {
            least_size_ = (std::max)(least_size_, detail::Fit::message_size(largest_without_file(largest), meter_));
        }
        if (least_size_ >= limit_) throw BudgetTooSmall(options_.max_bytes, needed_budget());
        return payload;
    }

    // The largest that everything which is never dropped can become: what the budget must hold before a row is read.
    [[nodiscard]] static ResultPayload largest_skeleton(ResultPayload payload) {
        constexpr std::uint64_t many = (std::numeric_limits<std::uint64_t>::max)();
        constexpr double longest = -(std::numeric_limits<double>::max)();
        payload.rows = payload.predictions_count = payload.cells_truncated_total = many;
        payload.output_bytes = many;
        payload.output_sha256 = std::string(64, 'f');
        payload.truncation = {"rows", "cells", "columns", "stats"};
        for (PredictionStats& stats : payload.prediction_stats) {
            stats.n_rows = stats.n_null = stats.classes_total = stats.other_count = many;
            stats.mean = stats.std = stats.min = stats.max = stats.median = longest;
            stats.median_rank_error = std::nextafter(0.01, 0.0);
        }
        return payload;
    }

    // The same where the file could not be written.
    [[nodiscard]] static ResultPayload largest_without_file(ResultPayload payload) {
        payload.output_file.clear();
        payload.output_sha256.clear();
        payload.output_bytes.reset();
        payload.artifact_error = std::string(detail::max_artifact_error_bytes, 'x');
        payload.artifact_error_permanent = false;
        return payload;
    }

    [[nodiscard]] std::size_t needed_budget() const noexcept {
        return options_.encoding == Encoding::base64 ? (least_size_ + 2) / 3 * 4 + 1 : least_size_ + 1;
    }

    template <class Slice>
    void take(const Slice& slice) {
        // What looks at the rows beside the sink may come to a row of a wrong width before the sink does.
        sink_.append(slice, [&] {
            add_predictions(slice);
            if (selection_) {
                selection_->offer(slice);
            } else {
                sample_.offer(slice);
            }
            types_.add(slice);
        });
        if (sink_.error()) check_widths(slice);
        rows_ += slice.rows();
        // Asking the clock costs as much as formatting a cell, so a source of single rows is not asked after each.
        rows_since_clock_ += slice.rows();
        if (options_.on_progress && rows_since_clock_ >= clock_rows) {
            rows_since_clock_ = 0;
            if (Clock::now() >= next_report_) report_progress();
        }
    }

    template <class Slice>
    void add_predictions(const Slice& slice) {
        if constexpr (ColumnTable<Slice>) {
            for (std::size_t i = 0; i < statistics_.size(); ++i) {
                curtail::visit_column(slice, schema_->feature_count() + i, 0, slice.rows(),
                                      [&](const auto& values) { statistics_[i].add_all(values); });
            }
        } else {
            for (std::size_t row = 0; row < slice.rows() && !statistics_.empty(); ++row) {
                std::size_t i = 0;
                curtail::visit_row_from(slice, row, schema_->feature_count(), [&](const auto& value) {
                    if (i < statistics_.size()) statistics_[i].add(value);
                    ++i;
                });
                if (i != statistics_.size()) throw_ragged(row, "predictions", i, statistics_.size());
            }
        }
    }

    template <class Slice>
    void check_widths(const Slice& slice) const {
        for (std::size_t row = 0; row < slice.rows(); ++row) {
            std::size_t cells = 0;
            curtail::visit_row(slice, row, [&](const auto&) { ++cells; });
            if (cells != schema_->size()) throw_ragged(row, "cells", cells, schema_->size());
        }
    }

    [[noreturn]] void throw_ragged(std::size_t row, const char* what, std::size_t found, std::size_t expected) const {
        throw TableError(ErrorCode::cell_count_mismatch,
                         "row " + std::to_string(rows_ + row) + " has " + std::to_string(found) + " " + what +
                             " where the header has " + std::to_string(expected),
                         {}, rows_ + row);
    }

    // Sample and all that fitting needs are gone before the message is built: beside each other they would take 50 MB
    // for a table of 120,000 columns.
    [[nodiscard]] ResultPayload choose_shown() {
        std::vector<std::string> dtypes;
        for (std::size_t column = 0; column < sample_.names().size(); ++column) dtypes.push_back(types_.dtype(column));
        detail::SelectedRows rows;
        if (selection_) rows = selection_->hand_over(sample_);
        const detail::FirstRows sample = std::exchange(sample_, detail::FirstRows(Schema(), 0, limit_));
        return detail::Fit(whole_, sample, dtypes, meter_, limit_, std::move(rows)).choose();
    }

    void report_progress() {
        if (!options_.on_progress) return;
        const Clock::time_point now = Clock::now();
        // Within a year, because more seconds than the clock can count would wrap into the past.
        const double pause = std::clamp(options_.progress_seconds, 0.0, 31'536'000.0);
        next_report_ = now + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(pause));
        const SplitProgress progress{rows_, options_.rows_total, sink_.bytes_written(),
                                     std::chrono::duration<double>(now - started_).count()};
        if (!options_.on_progress(progress)) {
            abort();
            throw Cancelled(rows_);
        }
    }

    void expect_open() const {
        if (!open_) throw UsageError(ErrorCode::wrong_state, "this split is finished or was given up");
    }

    static constexpr std::size_t clock_rows = 256;
    static constexpr std::size_t first_slice_cells = 65536;

    PayloadOptions options_;
    std::shared_ptr<const Schema> schema_;
    detail::FallibleSink<Sink> sink_;
    detail::JsonMeter meter_;
    std::size_t limit_;
    std::size_t least_size_ = 0;
    ResultPayload whole_;
    detail::FirstRows sample_;
    std::optional<detail::RowSelection> selection_;
    detail::ObservedTypes types_;
    std::vector<PredictionStatistics> statistics_;
    Clock::time_point started_ = Clock::now();
    Clock::time_point next_report_ = started_;
    std::size_t slice_rows_;
    std::size_t rows_since_clock_ = 0;
    std::uint64_t rows_ = 0;
    bool open_ = true;
};

}  // namespace curtail::inline v0
