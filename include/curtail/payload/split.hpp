// SPDX-License-Identifier: MIT
#pragma once
// A split under way: batches go in, a file and a bounded message come out.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/payload/message/assembler.hpp>
#include <curtail/payload/message/expect_call.hpp>
#include <curtail/payload/message/fallible_sink.hpp>
#include <curtail/payload/part_summary.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/split_result.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// A split whose batches the caller brings, begun by ResultPayloadBuilder::start(). append() takes batches that fit the
/// schema; finish() publishes the file and builds the message. Destruction without finish() discards everything. After
/// an exception it can only be destroyed or aborted. It can be moved, returned and kept, but not while a call of it
/// runs; one that was moved away can only be destroyed or assigned to. Its name is Split<CsvSink<>> for a CSV file.
///
///     curtail::Split<curtail::CsvSink<>> split = builder.start(schema, curtail::CsvSink(path));
///     while (const auto* batch = source.next()) split.append(*batch);
///     auto result = split.finish();
template <ArtifactSink Sink, class Json = nlohmann::ordered_json>
class Split {
  public:
    /// For ResultPayloadBuilder, which has checked `job_id`; `rows_total` is for SplitProgress. Throws BudgetTooSmall
    /// and UsageError before anything is created, and what the sink's open() throws.
    Split(const std::string& job_id, const PayloadOptions& options, std::optional<std::uint64_t> rows_total,
          std::shared_ptr<const Schema> schema, Sink sink)
        : sink_(std::move(sink), options.on_artifact_error),
          assembler_(job_id, options, rows_total, std::move(schema),
                     detail::SinkPlace{sink_.location(), sink_.format(), sink_.part()}) {
        sink_.open(assembler_.schema());
    }

    /// Takes all rows of `batch`, any table with the columns of the schema. Throws TableError for a table that does not
    /// fit, Cancelled when the progress callback or the stop token asks to stop, UsageError (wrong_state) once the
    /// split is over or was moved away, and what the sink throws.
    template <Table T>
    void append(const T& batch) {
        assembler_.begin_batch(curtail::schema_of(batch));
        const std::size_t rows = curtail::rows_of(batch);
        for (std::size_t first = 0; first < rows;) {
            const RowSlice<T> slice(batch, first, assembler_.begin_slice(rows - first));
            const detail::BatchView view(batch, first, slice.rows());
            auto look = [&] { assembler_.look(view); };
            sink_.append(slice, look);
            if (!assembler_.end_slice(view, !sink_.error(), sink_.bytes_written())) cancel();
            first += slice.rows();
        }
        assembler_.end_batch();
    }
    // For any other type, and for a const split: fail to compile, with a message that names the cure.
    template <class T>
    requires(!Table<T>) auto append(const T&) { detail::expect_batch<T>(); }
    template <class T>
    auto append(const T&) const {
        static_assert(detail::never<T>, "a split changes with each batch: it must not be const");
    }

    /// Publishes the artifact and returns the message; under OnArtifactError::report there may be a message alone. The
    /// message is made first: once the sink has published, nothing is allocated and nothing can fail. So there is a
    /// result, or an exception and no artifact, as far as the sink's own finish() keeps to that.
    [[nodiscard]] SplitResult<Json> finish() {
        if (!assembler_.begin_finish(sink_.bytes_written())) cancel();
        SplitResult<Json> result(assembler_.prepare(sink_.error().get()));
        std::optional<ArtifactInfo> artifact = sink_.finish();
        assembler_.complete(std::move(artifact), sink_.error().get());
        return result;
    }

    /// Publishes the artifact as one part of a table (PayloadOptions::part) and returns its summary, for a PartMerger.
    /// The summary is made before the artifact has its name, so there is a summary, or an exception and no artifact, as
    /// far as the sink keeps to that. If another attempt has published the same part before, its summary is returned
    /// and what this one wrote is discarded. Throws BudgetTooSmall, Cancelled, and what the sink throws, under
    /// OnArtifactError::report too: a part needs its file.
    [[nodiscard]] PartSummary finish_part() {
        if (!assembler_.begin_finish(sink_.bytes_written(), detail::PayloadAssembler::Ending::part)) cancel();
        assembler_.prepare_part();
        try {
            sink_.finish_part(
                [this](const ArtifactInfo& info) -> const std::string& { return assembler_.summarize(info); });
        } catch (const PartTaken& taken) {
            sink_.abort();
            return PartSummary(taken.summary());
        }
        return assembler_.take_summary();
    }

    /// Discards everything written so far.
    void abort() noexcept {
        assembler_.give_up();
        sink_.abort();
    }

    /// Returns the number of rows taken so far.
    [[nodiscard]] std::uint64_t rows() const noexcept { return assembler_.rows(); }

  private:
    [[noreturn]] void cancel() {
        abort();
        throw Cancelled(assembler_.rows());
    }

    detail::FallibleSink<Sink> sink_;
    detail::PayloadAssembler assembler_;
};

}  // namespace curtail::inline v0
