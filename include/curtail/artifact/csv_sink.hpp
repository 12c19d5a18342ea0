// SPDX-License-Identifier: MIT
#pragma once
// The sink that writes a table as one CSV file and publishes it when it is complete.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/csv/formatter.hpp>
#include <curtail/artifact/csv/row_source.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/file/byte_output.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// A place for a sink's bytes: write() takes all of them or throws, commit() makes them visible at once, abort() leaves
/// nothing. write() may be called from another thread than the caller's, but by one thread at a time, and only between
/// open() and finish(). An output may also have:
///
/// - `limit_threads(n)`, called once, first, if CsvSinkOptions::threads is not 0: it may use so many, and starts none
///   for 1;
/// - `open()`, called before the first write;
/// - `finish()`, called after the last write and before commit();
/// - `compression`, a constant such as "gz", and `bytes_written()`, if it keeps other bytes than it gets: how many it
///   keeps, after finish();
/// - `seek_points()`, if it keeps other bytes and parts of them can be read, after finish(): a text for the metadata;
/// - `location()`, the absolute path that readers will use;
/// - `sha256()`, the digest of all bytes that it keeps, after finish();
/// - `part()`, the PartPlace of an output that is one part of a table, and with it `commit_part(info, summary)`, called
///   in place of commit(): publishes the bytes and their summary together, and throws PartTaken, with the summary that
///   was published, if another attempt has done so before. It may also have `has_header()`, false for a part that
///   begins with its first row, without a header line and a byte order mark, and `describe_part(header_bytes, table)`,
///   called before commit_part().
template <class O>
concept ArtifactOutput = std::movable<O> && requires(O& output, std::span<const char> bytes) {
    output.write(bytes);
    output.commit();
    { output.abort() }
    noexcept;
};

namespace detail {

// An output that publishes one part of a table together with its summary.
template <class O>
concept PartOutput = requires(O& output, const O& constant, const ArtifactInfo& info, std::string_view summary) {
    { constant.part() } -> std::same_as<PartPlace>;
    output.commit_part(info, summary);
};

}  // namespace detail

/// How a CsvSink writes and publishes.
struct CsvSinkOptions {
    /// How the cells are written. Default: what pandas, polars, DuckDB and spreadsheets read back unchanged.
    CsvDialect dialect = {};

    /// How the file is published, for an AtomicFile that the sink makes itself. Default: never over an existing file.
    AtomicFileOptions file = {};

    /// The number of threads that format rows, 1..128; 0 means one per core, and more than 128 count as 128. With 1 no
    /// thread is ever started, neither by the sink nor by its output. With more, one further thread writes, from the
    /// first quarter megabyte on until finish(), abort() or the end of the sink; those that format end with each
    /// append(). The bytes are the same for any number. Only a ConcurrentTable is formatted by several threads.
    /// Default: 0.
    std::size_t threads = 0;

    /// If true, a second file, with the artifact's name and `-metadata.json` after it, describes the first as CSV on
    /// the Web does: dialect, columns and their types, rows, bytes, digest. It is published with the artifact, under
    /// the same options: an artifact of such a run is never without it, after an error neither file is there, and what
    /// both were to replace is as it was. It also says where rows begin, one for every 64 KiB, so that CsvArtifact
    /// reads any rows of any file at once. It names its artifact (`schema:identifier`), so that it never passes for the
    /// metadata of another run: find_artifact() compares them. A run without metadata removes those of an older run
    /// under its name. Only for outputs on files. Default: false.
    bool metadata = false;
};

namespace detail {

// True for what no constructor of CsvSink takes.
template <class... Arguments>
inline constexpr bool is_wrong_sink_call = sizeof...(Arguments) != 1;
template <class To, class Options>
inline constexpr bool is_wrong_sink_call<To, Options> =
    !std::is_convertible_v<Options, CsvSinkOptions> && !std::is_same_v<std::remove_cvref_t<Options>, OnExists>;

}  // namespace detail

/// Writes a header line and one line per row; by default separated by commas, LF at the end of each, UTF-8, quotes only
/// where needed. A null is nothing, the empty text is `""`, and a null that is its row's only field is `""` too,
/// because pandas skips a blank line. The bytes are the same for any division of the rows into batches and threads.
/// Nothing is visible under the final name before finish(); abort() and destruction discard what was written.
///
///     curtail::CsvSink sink("predictions.csv", {.dialect = curtail::CsvDialect::excel()});
///     auto result = curtail::ResultPayloadBuilder(job_id).build(table, std::move(sink));
template <class Output = AtomicFile>
class CsvSink {
    static_assert(ArtifactOutput<Output>,
                  "an output of bytes has write(std::span<const char>), commit(), and abort(), which is noexcept, and "
                  "can be moved: see the concept curtail::ArtifactOutput");

  public:
    /// Throws UsageError (invalid_option) for a dialect that no reader could split, and what Output's constructor
    /// throws for a path that it cannot use. Creates no file.
    explicit CsvSink(const std::string& path, const CsvSinkOptions& options = {}) requires
        std::constructible_from<Output, const std::string&, AtomicFileOptions>
        : CsvSink(Output(path, options.file), options) {}

    /// Does the same with the default options but for what happens if the file exists:
    /// CsvSink(path, OnExists::replace).
    CsvSink(const std::string& path,
            OnExists on_exists) requires std::constructible_from<Output, const std::string&, AtomicFileOptions>
        : CsvSink(path, CsvSinkOptions{.file = {.on_exists = on_exists}}) {}

    /// Writes to an output of the caller's; `options.file` is not used.
    explicit CsvSink(Output output,
                     const CsvSinkOptions& options = {}) requires(!std::convertible_to<Output, std::string>)
        : parts_(make_parts(std::move(output), options)), metadata_(options.metadata) {}

    // For any other arguments: fails to compile, with a message that names the cure.
    template <class... Wrong>
    requires(detail::is_wrong_sink_call<Wrong...>) explicit CsvSink(const Wrong&...) {
        static_assert(!detail::is_wrong_sink_call<Wrong...>,
                      "a CSV sink is made of a path and its options: curtail::CsvSink(path, {.dialect = "
                      "curtail::CsvDialect::excel()}), or (path, OnExists::replace); PayloadOptions are the builder's");
    }

    /// Returns the absolute path of the artifact as the output names it, or nothing where it has none.
    [[nodiscard]] std::string location() const {
        if constexpr (requires(const Output& output) { output.location(); }) {
            if (parts_) return std::string(std::as_const(parts_->output.output).location());
        }
        return {};
    }
    /// Returns "csv", or "csv.gz" where the output compresses.
    [[nodiscard]] std::string_view format() const noexcept { return compressed ? "csv.gz" : "csv"; }
    /// Returns the number of rows written so far.
    [[nodiscard]] std::uint64_t rows_written() const noexcept { return parts_ ? parts_->formatter->rows_written() : 0; }
    /// Returns the number of bytes formatted so far, before any compression.
    [[nodiscard]] std::uint64_t bytes_written() const noexcept {
        return parts_ ? parts_->formatter->bytes_written() : 0;
    }
    /// Returns the number of cells and column names before which FormulaGuard::apostrophe put its apostrophe so far.
    [[nodiscard]] std::uint64_t guarded_cells() const noexcept { return parts_ ? parts_->formatter->guarded() : 0; }

    /// Creates the (still unnamed) file and writes the header. Throws ArtifactError.
    void open(const Schema& schema);

    /// Writes every row of `batch`, any table whose columns are those of open(). Throws ArtifactError, TableError
    /// (cell_count_mismatch, bad_cell), and what the table throws; then the sink can only be aborted.
    template <Table T>
    void append(const T& batch) {
        append(batch, [] {});
    }

    /// Does the same, and calls meanwhile() once on the calling thread: while others format, if there are any.
    template <Table T, std::invocable Meanwhile>
    void append(const T& batch, Meanwhile&& meanwhile) {
        formatter().append(detail::RowSource(batch), meanwhile);
    }

    /// Publishes the file. Throws ArtifactError; then nothing has the final name.
    ArtifactInfo finish();

    /// Returns which part of a table this is.
    [[nodiscard]] PartPlace part() const requires detail::PartOutput<Output> {
        return std::as_const(parts_->output.output).part();
    }

    /// Publishes the file together with the text that `summarize(info)` returns. Throws what finish() and `summarize`
    /// throw, and PartTaken; then nothing has the final name.
    template <class Summarize>
    void finish_part(Summarize summarize) requires detail::PartOutput<Output> {
        const ArtifactInfo info = end_file();
        const std::string& summary = summarize(info);
        commit_part(info, summary);
    }

    /// Discards what was written.
    void abort() noexcept {
        if (!parts_) return;  // moved away
        parts_->formatter->discard();
        output().abort();
    }

    /// Returns the output. Do not use it between the first append() and finish() or abort(), because a thread may be
    /// writing to it.
    [[nodiscard]] Output& output() noexcept { return parts_->output.output; }

  private:
    static constexpr bool compressed = requires { Output::compression; };
    static constexpr bool takes_sidecar = requires(Output & output, std::string_view text) {
        output.open_sidecar(text);
        output.commit_with_sidecar(text);
    };
    static constexpr bool is_part = detail::PartOutput<Output>;

    void commit_part(const ArtifactInfo& info, std::string_view summary) requires detail::PartOutput<Output> {
        if constexpr (requires(Output & to, std::string text) { to.describe_part(info.bytes, std::move(text)); }) {
            output().describe_part(formatter().header_bytes(), formatter().table(info, seek_points()));
        }
        output().commit_part(info, summary);
    }

    // Together on the heap, because the formatter's thread writes to the output wherever the sink moves.
    struct Parts {
        Parts(Output owned, const CsvDialect& dialect, const CsvSinkOptions& options)
            : output(std::move(owned)),
              formatter(detail::make_csv_formatter(output, dialect, options.threads, options.metadata || is_part)) {}

        detail::OwnedOutput<Output> output;
        std::unique_ptr<detail::CsvFormatter> formatter;
    };

    [[nodiscard]] static std::unique_ptr<Parts> make_parts(Output output, const CsvSinkOptions& options);

    // Returns where the members of a compressed file begin.
    [[nodiscard]] std::string seek_points() {
        if constexpr (requires { output().seek_points(); }) return output().seek_points();
        return {};
    }

    // Ends the bytes and returns what they are, before they have a name.
    [[nodiscard]] ArtifactInfo end_file();

    [[nodiscard]] detail::CsvFormatter& formatter() {
        if (!parts_) throw UsageError(ErrorCode::wrong_state, "this sink was moved away; make a new one for each file");
        return *parts_->formatter;
    }

    std::unique_ptr<Parts> parts_;
    bool metadata_;
};

CsvSink(std::string)->CsvSink<AtomicFile>;
CsvSink(std::string, CsvSinkOptions)->CsvSink<AtomicFile>;
CsvSink(const char*)->CsvSink<AtomicFile>;
CsvSink(const char*, CsvSinkOptions)->CsvSink<AtomicFile>;
CsvSink(std::string, OnExists)->CsvSink<AtomicFile>;
CsvSink(const char*, OnExists)->CsvSink<AtomicFile>;
template <class... Wrong>
requires(detail::is_wrong_sink_call<Wrong...>) CsvSink(Wrong...)
->CsvSink<AtomicFile>;

// Not inline, so that files that link curtail::compiled do not compile them for an AtomicFile.
template <class Output>
auto CsvSink<Output>::make_parts(Output output, const CsvSinkOptions& options) -> std::unique_ptr<Parts> {
    if (options.metadata && !takes_sidecar) {
        throw UsageError(ErrorCode::invalid_option,
                         is_part ? "the metadata of parts is in the manifest of the job: leave it out here"
                                 : "metadata needs an output beside which a file can be published");
    }
    CsvDialect dialect = options.dialect;
    // A part behind the first one is the middle of a file, where a byte order mark would be data.
    if constexpr (requires { output.has_header(); }) {
        if (!output.has_header()) dialect.header = dialect.byte_order_mark = false;
    }
    auto parts = std::make_unique<Parts>(std::move(output), dialect, options);
    if constexpr (requires(Output & to) { to.limit_threads(options.threads); }) {
        if (options.threads != 0) parts->output.output.limit_threads(options.threads);
    }
    return parts;
}

template <class Output>
void CsvSink<Output>::open(const Schema& schema) {
    formatter().expect_idle();
    if constexpr (requires { output().open(); }) output().open();
    if constexpr (takes_sidecar) {
        if (metadata_) output().open_sidecar(detail::sidecar_suffix);
    }
    formatter().start(schema);
}

template <class Output>
ArtifactInfo CsvSink<Output>::finish() {
    ArtifactInfo info = end_file();
    if constexpr (is_part) {
        commit_part(info, {});
    } else if (!metadata_) {
        output().commit();
    } else if constexpr (takes_sidecar) {
        output().commit_with_sidecar(formatter().metadata(info, output().name(), seek_points()));
    }
    return info;
}

template <class Output>
ArtifactInfo CsvSink<Output>::end_file() {
    formatter().finish();
    if constexpr (requires { output().finish(); }) output().finish();
    ArtifactInfo info{location(), std::string(format()), rows_written(), bytes_written()};
    if constexpr (compressed) {
        info.uncompressed_bytes = info.bytes;
        info.bytes = output().bytes_written();
    }
    if constexpr (requires { output().sha256(); }) info.sha256 = output().sha256();
    return info;
}

// One by one, because clang 14 would instantiate what the requires clauses exclude.
#if defined(CURTAIL_COMPILING)
template auto CsvSink<AtomicFile>::make_parts(AtomicFile, const CsvSinkOptions&) -> std::unique_ptr<Parts>;
template void CsvSink<AtomicFile>::open(const Schema&);
template ArtifactInfo CsvSink<AtomicFile>::finish();
template ArtifactInfo CsvSink<AtomicFile>::end_file();
#elif !CURTAIL_DEFINITIONS
extern template auto CsvSink<AtomicFile>::make_parts(AtomicFile, const CsvSinkOptions&) -> std::unique_ptr<Parts>;
extern template void CsvSink<AtomicFile>::open(const Schema&);
extern template ArtifactInfo CsvSink<AtomicFile>::finish();
extern template ArtifactInfo CsvSink<AtomicFile>::end_file();
#endif

namespace detail {

// What ResultPayloadBuilder::build(table, directory) fills.
template <class Directory>
struct SinkInDirectory {
    using Options = CsvSinkOptions;

    template <class Chosen>
    [[nodiscard]] static CsvSink<> make(const Directory& directory, std::string_view job_id, const Chosen& options) {
        static_assert(std::is_same_v<Chosen, CsvSinkOptions> || std::is_same_v<Chosen, OnExists>,
                      "build(table, directory, options) takes curtail::CsvSinkOptions, or OnExists::replace; name an "
                      "option, {.dialect = d}; a sink of your own takes the directory's place: build(table, sink)");
        return CsvSink<>(artifact_path(directory, job_id), options);
    }
};

}  // namespace detail

}  // namespace curtail::inline v0
