// SPDX-License-Identifier: MIT
#pragma once
// The door of the worker's side: a table goes in, a file and a bounded message come out.

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/payload/message/expect_call.hpp>
#include <curtail/payload/page/page_message.hpp>
#include <curtail/payload/page_options.hpp>
#include <curtail/payload/payload_json.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/split.hpp>
#include <curtail/payload/split_result.hpp>
#include <curtail/table/batch/one_reading.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// Splits tables of predictions: all of the table goes into a file, and a message of bounded size says what is there.
///
///     auto result = curtail::ResultPayloadBuilder(job_id).build(table, directory);  // predictions_{job_id}.csv in it
///     socket.write(result.message());
template <class Json = nlohmann::ordered_json>
class ResultPayloadBuilder {
  public:
    /// `job_id` is the id that the message bears. Throws UsageError (invalid_job_id) unless is_job_id(job_id). A file
    /// can have any name but that of another job's artifact: build() and start() throw UsageError (invalid_job_id) for
    /// a sink at `predictions_{other_id}.csv`.
    explicit ResultPayloadBuilder(std::string job_id);
    /// Does the same, with `options` instead of the defaults.
    explicit ResultPayloadBuilder(std::string job_id, PayloadOptions options);
    ResultPayloadBuilder(const ResultPayloadBuilder&);
    ResultPayloadBuilder(ResultPayloadBuilder&&) noexcept;
    ResultPayloadBuilder& operator=(const ResultPayloadBuilder&);
    ResultPayloadBuilder& operator=(ResultPayloadBuilder&&) noexcept;
    ~ResultPayloadBuilder();
    // For any other arguments: fails to compile, with a message that names the cure.
    template <class... Wrong>
    requires(!detail::is_builder_call<ResultPayloadBuilder, Wrong...>) explicit ResultPayloadBuilder(const Wrong&...) {
        static_assert(detail::never<Wrong...>,
                      "a builder is made of the job's id and options: "
                      "curtail::ResultPayloadBuilder(job_id, {.sample_rows = 20})");
    }

    /// Splits a whole table, in memory or a stream, in one call, and gives it to a sink. The call uses the sink up:
    /// make it in the call, or pass it by std::move. Throws what Split throws, and what the table throws; then nothing
    /// is published. Throws UsageError (wrong_state) for a stream that was read from before.
    template <class T, class Sink>
    requires ArtifactSink<std::remove_cvref_t<Sink>>
    [[nodiscard]] SplitResult<Json> build(T&& table, Sink&& sink) const {
        detail::expect_split<T, Sink>();
        if constexpr (Table<T>) {
            auto split =
                make_split(curtail::rows_of(table), shared(curtail::schema_of(table)), std::forward<Sink>(sink));
            split.append(table);
            return split.finish();
        } else if constexpr (TableStream<T>) {
            if (detail::is_begun(table)) detail::throw_begun();
            auto split = make_split({}, shared(std::as_const(table).schema()), std::forward<Sink>(sink));
            while (const auto* batch = table.next()) split.append(*batch);
            return split.finish();
        }
    }

    /// Does the same, and writes the CSV file predictions_{job_id}.csv in `directory`, a text or a
    /// std::filesystem::path. `options` are CsvSinkOptions, or OnExists::replace. Throws UsageError (invalid_option)
    /// for an empty directory too.
    ///
    ///     builder.build(table, "/data", curtail::OnExists::replace);
    ///     builder.build(table, "/data", {.dialect = curtail::CsvDialect::excel()});
    template <class T, detail::FillableDirectory Directory,
              class Options = typename detail::SinkInDirectory<Directory>::Options>
    [[nodiscard]] SplitResult<Json> build(T&& table, const Directory& directory, const Options& options = {}) const {
        detail::expect_table<T>();
        return build(std::forward<T>(table), detail::SinkInDirectory<Directory>::make(directory, job_id_, options));
    }

    // For any other arguments: fails to compile, with a message that names the cure.
    template <class... Wrong>
    requires(!detail::is_placed_call<Wrong...>) auto build(Wrong&&...) const { detail::explain_build<Wrong...>(); }

    /// Returns the message with the rows from `first` on, counted from 0, of a table that was published before. It
    /// shows at most `count` rows, and fewer if the table ends or not all fit, by the same rules as the sample of a
    /// split. It has their numbers, the counts of the whole table and where it is, but no statistics; and a note where
    /// the table ends before row `first`. Its job id may be another than the table's. Throws BudgetTooSmall, UsageError
    /// (invalid_option) for a column that the table does not have, and what the source throws.
    template <PageSource Source>
    [[nodiscard]] SplitResult<Json> page(const Source& source, std::uint64_t first, std::uint64_t count,
                                         const PageOptions& page_options = {}) const {
        std::span<const PartArtifact> parts;
        if constexpr (requires { parts = source.parts(); }) parts = source.parts();
        detail::PageMessage page(job_id_, options_, source.schema(), source.info(), parts, first, count,
                                 page_options.columns);
        source.read_page(first, count, page.columns(), page.receiver());
        return SplitResult<Json>(page.finish());
    }

    // For any other source: fails to compile, with a message that names the cure.
    template <class Source, class... More>
    requires(!PageSource<Source>) auto page(const Source&, const More&...) const { detail::explain_page<Source>(); }

    /// Begins a split whose batches the caller brings. `schema` has the names and types of the columns:
    /// start({"id", "name"}, sink). The sink is used up, as by build(). Throws BudgetTooSmall and UsageError before
    /// anything is created.
    template <class Sink>
    requires ArtifactSink<std::remove_cvref_t<Sink>>
    [[nodiscard]] Split<std::remove_cvref_t<Sink>, Json> start(Schema schema, Sink&& sink) const {
        detail::expect_own_sink<Sink>();
        return make_split({}, shared(std::move(schema)), std::forward<Sink>(sink));
    }

    /// Does the same, and writes the CSV file predictions_{job_id}.csv in `directory` with `options`, as build() does.
    /// What it returns is a Split<CsvSink<>>.
    template <detail::FillableDirectory Directory, class Options = typename detail::SinkInDirectory<Directory>::Options>
    [[nodiscard]] auto start(Schema schema, const Directory& directory, const Options& options = {}) const {
        return start(std::move(schema), detail::SinkInDirectory<Directory>::make(directory, job_id_, options));
    }

    // For any other arguments: fails to compile, with a message that names the cure.
    template <class... Wrong>
    requires(!detail::is_start_call<Wrong...>) auto start(Wrong&&...) const { detail::explain_start<Wrong...>(); }

    // The number of predictions as an argument of its own: fails to compile, with a message that names the cure.
    template <std::integral Count, class Place>
    auto start(const Schema&, Count, const Place&) const {
        static_assert(
            detail::never<Place>,
            "the schema has the number of predictions: start(curtail::Schema({\"id\", \"score\"}, 1), place)");
    }

  private:
    template <class Sink>
    [[nodiscard]] auto make_split(std::optional<std::uint64_t> rows, std::shared_ptr<const Schema> schema,
                                  Sink&& sink) const {
        return Split<std::remove_cvref_t<Sink>, Json>(job_id_, options_, rows, std::move(schema),
                                                      std::forward<Sink>(sink));
    }

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

// Not inline, so that files that link curtail::compiled do not compile what makes and destroys the options.
template <class Json>
ResultPayloadBuilder<Json>::ResultPayloadBuilder(std::string job_id)
    : ResultPayloadBuilder(std::move(job_id), PayloadOptions()) {}
template <class Json>
ResultPayloadBuilder<Json>::ResultPayloadBuilder(std::string job_id, PayloadOptions options)
    : job_id_(std::move(job_id)), options_(std::move(options)) {
    check_job_id(job_id_);
}
template <class Json>
ResultPayloadBuilder<Json>::ResultPayloadBuilder(const ResultPayloadBuilder&) = default;
template <class Json>
ResultPayloadBuilder<Json>::ResultPayloadBuilder(ResultPayloadBuilder&&) noexcept = default;
template <class Json>
auto ResultPayloadBuilder<Json>::operator=(const ResultPayloadBuilder&) -> ResultPayloadBuilder& = default;
template <class Json>
auto ResultPayloadBuilder<Json>::operator=(ResultPayloadBuilder&&) noexcept -> ResultPayloadBuilder& = default;
template <class Json>
ResultPayloadBuilder<Json>::~ResultPayloadBuilder() = default;

#if defined(CURTAIL_COMPILING)
template class ResultPayloadBuilder<>;
#elif !CURTAIL_DEFINITIONS
extern template class ResultPayloadBuilder<>;
#endif

ResultPayloadBuilder(std::string)->ResultPayloadBuilder<>;
ResultPayloadBuilder(std::string, PayloadOptions)->ResultPayloadBuilder<>;
template <class... Wrong>
ResultPayloadBuilder(Wrong...) -> ResultPayloadBuilder<>;

}  // namespace curtail::inline v0
