// SPDX-License-Identifier: MIT
#pragma once
// What a sink of tables must have: enough to fill it, publish it and say where it is; and what is read of it later.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// What a sink has published.
struct ArtifactInfo {
    std::string path;         ///< Where it is: the sink's location().
    std::string format;       ///< Its format: the sink's format().
    std::uint64_t rows = 0;   ///< The number of rows.
    std::uint64_t bytes = 0;  ///< The exact size.
    std::string sha256 = {};  ///< The SHA-256 of its bytes in lower-case hexadecimal digits; empty if not computed.
    /// The size of what a compressed artifact holds; absent if it is not compressed.
    std::optional<std::uint64_t> uncompressed_bytes = {};
};

/// Which part of a table an artifact holds, where several workers write one each.
struct PartPlace {
    std::uint64_t number = 0;  ///< The part, counted from 0 in the order of the rows.
    std::uint64_t of = 1;      ///< The number of all parts.

    friend bool operator==(const PartPlace&, const PartPlace&) = default;
};

/// A type that takes a whole table, batch by batch, and publishes all of it or nothing. CsvSink is one; write your own
/// for another format. To send a CSV file's bytes elsewhere, give CsvSink an ArtifactOutput (csv_sink.hpp).
///
/// | call | does |
/// |---|---|
/// | `location()` | returns where the artifact will be, absolute and as valid UTF-8; known before open(), and sent |
/// | `format()` | returns what it will be, such as "csv"; known before open(), and sent |
/// | `open(schema)` | begins; creates nothing before it, and throws before it creates anything that it cannot use |
/// | `append(batch)` | takes all rows of any Table that fits the schema |
/// | `append(batch, meanwhile)` | optional: does the same, and calls `meanwhile()` once on the calling thread |
/// | `bytes_written()` | returns how many bytes were formatted so far |
/// | `finish()` | publishes: the final name appears here and at no other time, after all that can fail |
/// | `abort()` | discards, as destruction without finish() does |
/// | `part()` | optional: returns the PartPlace of a sink that writes one part of a table; known before open() |
/// | `finish_part(summarize)` | optional: publishes as finish() does, and a summary with it; see below |
///
/// `finish_part(summarize)` calls `std::string summarize(const ArtifactInfo&)` once, when all bytes are written and
/// before anything has its final name; what that throws goes to the caller, and nothing is published. Artifact and
/// summary become visible together or not at all. It throws PartTaken, with the summary that was published, if another
/// attempt has published the part before. A sink without it publishes the artifact alone, and the summary travels by
/// other means.
template <class S>
concept ArtifactSink = std::movable<S> &&
    requires(S& sink, const S& constant, const Schema& schema, const AnyTable& batch) {
    { constant.location() } -> std::convertible_to<std::string_view>;
    { constant.format() } -> std::convertible_to<std::string_view>;
    { constant.bytes_written() } -> std::convertible_to<std::uint64_t>;
    sink.open(schema);
    sink.append(batch);
    { sink.finish() } -> std::same_as<ArtifactInfo>;
    { sink.abort() }
    noexcept;
};

/// One published part of a table.
struct PartArtifact {
    std::uint64_t number = 0;  ///< The part, counted from 0 in the order of the rows.
    ArtifactInfo artifact;     ///< What its worker has published.
};

/// A type that publishes all parts of a table as one, once every worker has published its own.
///
/// | call | does |
/// |---|---|
/// | `location()` | returns where the whole will be, absolute and as valid UTF-8: the directory of the parts |
/// | `publish(schema, parts)` | marks the parts, all of them and in order, as complete, after all that can fail |
/// | `one_file` | optional constant: true if publish() makes one file of them, which location() names |
///
/// publish() returns the whole: its rows, and the size of its bytes.
template <class P>
concept PartsPublisher = requires(P& publisher, const P& constant, const Schema& schema,
                                  std::span<const PartArtifact> parts) {
    { constant.location() } -> std::convertible_to<std::string_view>;
    { publisher.publish(schema, parts) } -> std::same_as<ArtifactInfo>;
};

namespace detail {

// Returns what all parts are together, at `location`.
[[nodiscard]] inline ArtifactInfo sum_of(std::span<const PartArtifact> parts, std::string location) {
    ArtifactInfo whole;
    whole.path = std::move(location);
    bool compressed = !parts.empty();
    std::uint64_t uncompressed = 0;
    for (const PartArtifact& part : parts) {
        whole.format = part.artifact.format;
        whole.rows += part.artifact.rows;
        whole.bytes += part.artifact.bytes;
        compressed = compressed && part.artifact.uncompressed_bytes.has_value();
        uncompressed += part.artifact.uncompressed_bytes.value_or(0);
    }
    if (compressed) whole.uncompressed_bytes = uncompressed;
    return whole;
}

}  // namespace detail

/// Takes the rows of a page, one after the other: for each begin_row(), then text_limit() and cell() once per column
/// that was asked for, in the order of the table, then end_row().
class PageReceiver {
  public:
    /// Begins a row; `number` counts from 0 in the whole table.
    virtual void begin_row(std::uint64_t number) = 0;
    /// Returns how many bytes of the next cell's text are of use. Of a longer text its beginning is enough.
    virtual std::size_t text_limit() = 0;
    /// Takes a cell. `bytes` is the size of its whole text, where `cell` has only the beginning of it.
    virtual void cell(const Cell& cell, std::uint64_t bytes) = 0;
    /// Ends the row. Returns false if no further row is of use.
    virtual bool end_row() = 0;

  protected:
    ~PageReceiver() = default;
};

/// A type that reads rows of a published table by their numbers. CsvArtifact is one.
///
/// | call | does |
/// |---|---|
/// | `schema()` | returns the columns of the table |
/// | `info()` | returns where the table is, and how large |
/// | `read_page(first, count, columns, receiver)` | gives the receiver at most `count` rows; see below |
/// | `parts()` | optional: returns the parts of a table that is in parts, a std::span<const PartArtifact> |
///
/// `read_page()` begins with row `first`, counted from 0, and ends with the table. It gives the cells of `columns`
/// alone: indices of columns in rising order.
template <class S>
concept PageSource = requires(const S& source, std::uint64_t number, std::span<const std::size_t> columns,
                              PageReceiver& receiver) {
    { source.schema() } -> std::convertible_to<const Schema&>;
    { source.info() } -> std::convertible_to<ArtifactInfo>;
    source.read_page(number, number, columns, receiver);
};

namespace detail {

// The path of a directory: a text, or a std::filesystem::path, known by its members because <filesystem> takes 0.5 s to
// compile.
template <class D>
concept DirectoryPath = std::convertible_to<const D&, std::string_view> || requires(const D& path) {
    { path.string() } -> std::convertible_to<std::string>;
};

// Makes the sink that writes a job's artifact into a directory. The header of that sink specialises it, with a type
// Options and make(directory, job_id, options).
template <class Directory>
struct SinkInDirectory;

template <class Directory>
concept FillableDirectory = DirectoryPath<Directory> && requires {
    sizeof(SinkInDirectory<Directory>);
};

// Fails to compile for a type that is not a sink, with a message that names the cure.
template <class S>
constexpr auto expect_sink() noexcept {
    if constexpr (DirectoryPath<S>) {
        static_assert(FillableDirectory<S>,
                      "a directory is filled by curtail::CsvSink: #include <curtail/artifact/csv_sink.hpp>, or "
                      "<curtail/worker.hpp>");
    } else if constexpr (requires(S & output, std::span<const char> bytes) {
                             output.write(bytes);
                             output.commit();
                         }) {
        static_assert(ArtifactSink<S>, "an output takes bytes, not tables: pass curtail::CsvSink(std::move(output))");
    } else if constexpr (requires(S & pointer) { requires ArtifactSink<std::remove_cvref_t<decltype(*pointer)>>; }) {
        static_assert(ArtifactSink<S>, "this is a pointer to a sink: pass the sink itself, std::move(*sink)");
    } else if constexpr (
        requires(S & sink, const Schema& schema) { sink.open(schema); } || requires(S & sink) { sink.finish(); }) {
        static_assert(
            requires(const S& sink) {
                { sink.location() } -> std::convertible_to<std::string_view>;
                { sink.format() } -> std::convertible_to<std::string_view>;
                { sink.bytes_written() } -> std::convertible_to<std::uint64_t>;
            },
            "this sink lacks location(), format() or bytes_written(), const and of the types that the concept "
            "curtail::ArtifactSink asks for");
        static_assert(
            requires(S & sink, const Schema& schema, const AnyTable& batch) {
                sink.open(schema);
                sink.append(batch);
            },
            "this sink lacks open(const curtail::Schema&), or append(const auto& batch) for any table");
        static_assert(
            requires(S & sink) {
                { sink.finish() } -> std::same_as<ArtifactInfo>;
                { sink.abort() }
                noexcept;
            },
            "this sink lacks finish(), which returns curtail::ArtifactInfo, or abort(), which is noexcept");
        static_assert(std::movable<S>, "a sink must be movable: see the concept curtail::ArtifactSink");
    } else {
        static_assert(ArtifactSink<S>,
                      "a table is written into a directory or to a sink: pass the directory's path, or "
                      "curtail::CsvSink(path)");
    }
}

}  // namespace detail

}  // namespace curtail::inline v0
