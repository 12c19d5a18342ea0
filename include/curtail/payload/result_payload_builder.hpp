// SPDX-License-Identifier: MIT
#pragma once
// The door of the worker's side: a table goes in, a file and a bounded message come out.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/page_source.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/payload/message/page_message.hpp>
#include <curtail/payload/page_options.hpp>
#include <curtail/payload/payload_json.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/split.hpp>
#include <curtail/payload/split_result.hpp>
#include <curtail/table/batch/one_reading.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// Splits tables of predictions: all of the table goes to a sink, and a message of bounded size says what is there.
///
///     auto result = curtail::ResultPayloadBuilder(job_id).build(table, curtail::CsvSink(path));
///     socket.write(result.message());
template <class Json = nlohmann::ordered_json>
class ResultPayloadBuilder {
  public:
    /// `job_id` is the id that the message bears. Throws UsageError (invalid_job_id) unless is_job_id(job_id). A file
    /// can have any name but that of another job's artifact: build() and start() throw UsageError (invalid_job_id) for
    /// a sink at `predictions_{other_id}.csv`.
    explicit ResultPayloadBuilder(std::string job_id, PayloadOptions options = {})
        : job_id_(std::move(job_id)), options_(std::move(options)) {
        check_job_id(job_id_);
    }

    /// Splits a whole table, in memory or a stream, in one call. Throws what Split throws, and what the table throws;
    /// then nothing is published. Throws UsageError (wrong_state) for a stream that was read from before.
    template <class T, ArtifactSink Sink>
    [[nodiscard]] SplitResult<Json> build(T&& table, Sink sink) const {
        detail::expect_table<T>();
        if constexpr (Table<T>) {
            Split<Json, Sink> split(job_id_, options_, curtail::rows_of(table), shared(curtail::schema_of(table)),
                                    std::move(sink));
            split.append(table);
            return split.finish();
        } else if constexpr (TableStream<T>) {
            if (detail::is_begun(table)) detail::throw_begun();
            Split<Json, Sink> split(job_id_, options_, {}, shared(std::as_const(table).schema()), std::move(sink));
            while (const auto* batch = table.next()) split.append(*batch);
            return split.finish();
        }
    }

    /// Returns the message with the rows from `first` on, counted from 0, of a table that was published before: at most
    /// `count`, and fewer where not so many come or fit, by the same rules as the sample of a split. The message has
    /// their numbers, the counts of the whole table and where it is; statistics are not known. Its job id may be
    /// another than the table's. Throws BudgetTooSmall, UsageError (invalid_option) for a column that is not there, and
    /// what the source throws.
    template <PageSource Source>
    [[nodiscard]] SplitResult<Json> page(const Source& source, std::uint64_t first, std::uint64_t count,
                                         const PageOptions& page_options = {}) const {
        detail::PageMessage page(job_id_, options_, source.schema(), source.info(), count, page_options.columns);
        source.read_page(first, count, page.columns(), page);
        return SplitResult<Json>(page.finish());
    }

    /// Begins a split whose batches the caller brings. Throws BudgetTooSmall and UsageError before anything is created.
    template <ArtifactSink Sink>
    [[nodiscard]] Split<Json, Sink> start(Schema schema, Sink sink) const {
        return Split<Json, Sink>(job_id_, options_, {}, shared(std::move(schema)), std::move(sink));
    }

  private:
    // A schema that its table keeps is not copied: with 120,000 columns a copy takes 10 MB.
    [[nodiscard]] static std::shared_ptr<const Schema> shared(const Schema& schema) {
        return {std::shared_ptr<const Schema>(), &schema};
    }
    [[nodiscard]] static std::shared_ptr<const Schema> shared(Schema&& schema) {
        return std::make_shared<const Schema>(std::move(schema));
    }

    std::string job_id_;
    PayloadOptions options_;
};

ResultPayloadBuilder(std::string)->ResultPayloadBuilder<>;
ResultPayloadBuilder(std::string, PayloadOptions)->ResultPayloadBuilder<>;

}  // namespace curtail::inline v0
