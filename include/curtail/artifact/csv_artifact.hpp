// SPDX-License-Identifier: MIT
#pragma once
// Reads any rows of a CSV file that CsvSink has published.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0 {
namespace detail {
struct ArtifactDescription;
}  // namespace detail

/// How CsvArtifact reads.
struct CsvArtifactOptions {
    /// How the file is spelled. If it is given, the metadata beside the file are not looked at. Default: what the
    /// metadata say, and the default dialect where there are none.
    std::optional<CsvDialect> dialect = {};

    /// How many of the last columns are predictions, for a file without metadata or `schema`. Default: 0.
    std::size_t predictions = 0;

    /// The columns of a file that has no metadata, or whose metadata are not looked at; its header must have their
    /// names. Default: those that the header names, of types that only the cells show.
    std::optional<Schema> schema = {};

    /// The number of threads that read through a large file without an index; 0 means one per core, and more than 64
    /// count as 64. With 1 no thread is started. Default: 0.
    std::size_t threads = 0;
};

/// A published CSV file, plain or compressed by GzipFile, of which any rows can be read. A PageSource.
///
/// If CsvSinkOptions::metadata asked for metadata, these say how the file is spelled, what its columns are and where
/// rows begin, so that any row is read at once: of a file of 10 GB it reads about 100 KB and the index. Of a copy,
/// which has another time or inode than the metadata say, the constructor first compares the checksum, for which it
/// reads the whole file: then keep the object for further pages. Without metadata names come from the header, each cell
/// means what its text says, as in a CsvInput, and the constructor reads the file once, at the speed of the disk, on
/// several threads, to find out where rows begin; the object keeps that.
///
/// Memory is bounded whatever a row holds: of a cell of a gigabyte only the part is kept that a message can show. What
/// cannot be the file that CsvSink wrote is refused before its rows are shown, by an InputError with the byte
/// (offset()): malformed_input for a file that is cut off or damaged, as far as that can be seen where it is read (each
/// member of a compressed file has a checksum); changed_input for one that is not what the metadata describe, or that
/// changed or was replaced since it was opened; unreadable_input for what is not there or is not a regular file. No
/// symbolic link is followed in the last part of the path, and no pipe is waited for.
///
///     curtail::CsvArtifact artifact(curtail::artifact_path("/data", job_id));
///     auto page = curtail::ResultPayloadBuilder(request_id).page(artifact, 9'000'000, 10);
class CsvArtifact {
  public:
    /// Opens a file and reads its metadata and header, and all of it if there is no index. Throws InputError as above,
    /// and UsageError (invalid_option) for a dialect that check_dialect() refuses, a path with a NUL byte, or more
    /// predictions than columns.
    explicit CsvArtifact(const std::string& path, const CsvArtifactOptions& options = {});
    // A directory and a job id: fails to compile, with a message that names the cure.
    template <class JobId>
    requires std::is_convertible_v<const JobId&, std::string_view> CsvArtifact(const std::string&, const JobId&) {
        static_assert(!std::is_convertible_v<const JobId&, std::string_view>,
                      "an artifact is opened by its path: curtail::CsvArtifact(artifact_path(directory, job_id))");
    }
    CsvArtifact(CsvArtifact&&) noexcept;
    CsvArtifact& operator=(CsvArtifact&&) noexcept;
    ~CsvArtifact();

    /// Returns the columns.
    [[nodiscard]] const Schema& schema() const noexcept;
    /// Returns the number of rows.
    [[nodiscard]] std::uint64_t rows() const noexcept;
    /// Returns where the file is, its format, rows, size and, where the metadata say it, its digest.
    [[nodiscard]] const ArtifactInfo& info() const noexcept;
    /// Returns true if the metadata said where rows begin, so that nothing had to be searched.
    [[nodiscard]] bool had_index() const noexcept;

    /// Gives `receiver` the rows from `first` on, counted from 0: at most `count`, and none from rows() on. `columns`
    /// are indices of columns; they must rise and be less than schema().size(). Throws InputError. Not for several
    /// threads at once.
    void read_page(std::uint64_t first, std::uint64_t count, std::span<const std::size_t> columns,
                   PageReceiver& receiver) const;

  private:
    friend class PartsArtifact;
    class State;

    // Opens a file of which everything is known, index included. The path comes last, so that braces after a path can
    // only be options.
    CsvArtifact(detail::ArtifactDescription about, const std::string& path);

    std::unique_ptr<State> state_;
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <array>
#include <thread>
#include <utility>
#include <vector>

#include <curtail/artifact/page/artifact_file.hpp>
#include <curtail/artifact/page/content.hpp>
#include <curtail/artifact/page/description_reader.hpp>
#include <curtail/artifact/page/header_names.hpp>
#include <curtail/artifact/page/record_reader.hpp>
#include <curtail/artifact/page/row_scan.hpp>
#include <curtail/artifact/page/typed_fields.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/table/csv/field_meaning.hpp>

namespace curtail::inline v0 {

class CsvArtifact::State {
  public:
    State(const std::string& path, const CsvArtifactOptions& options) : file(path) {
        if (options.dialect) {
            check_dialect(*options.dialect);
            about.dialect = *options.dialect;
            take_schema(options);
        } else if (const auto text = file.metadata()) {
            auto read = detail::read_description_text(*text);
            if (!read || read->bytes != file.bytes() || read->schema.size() == 0) {
                throw InputError(ErrorCode::malformed_input,
                                 "the metadata beside it cannot be read as those of CsvSink", file.path());
            }
            about = *std::move(read);
            described = counted = true;
        } else {
            take_schema(options);
            guessed = true;
        }
        start(options);
    }

    State(const std::string& path, detail::ArtifactDescription known) : file(path), about(std::move(known)) {
        described = counted = true;
        if (about.bytes != file.bytes()) {
            file.fail(ErrorCode::changed_input, "the file has another size than when its rows were found",
                      file.bytes());
        }
        start({});
    }

    void start(const CsvArtifactOptions& options) {
        content.file = &file;
        content.gzip = begins_with("\x1F\x8B");
        content.seek_points = std::move(about.seek_points);
        if (content.gzip && content.seek_points.empty()) content.seek_points = {0};
        cells_.emplace(about.dialect);
        read_header(options.predictions);
        indexed = about.index.has_value();
        if (!indexed) scan(options.threads);
        info = {file.path(),  content.gzip ? "csv.gz" : "csv", about.rows, file.bytes(),
                about.sha256, about.uncompressed_bytes};
    }

    void read_page(std::uint64_t first, std::uint64_t count, std::span<const std::size_t> columns,
                   PageReceiver& receiver) {
        file.expect_unchanged();
        if (first < about.rows && count != 0) {
            const detail::RowStart start = start_before(first);
            const bool behind_other = start.row != 0;
            detail::RecordReader reader(content, about.dialect, start.offset - (behind_other ? 1 : 0));
            if (behind_other) reader.end_of_other();
            reader.skip(first - start.row);
            const std::uint64_t last = first + (std::min)(count, about.rows - first);
            for (std::uint64_t row = first; row != last && read_row(reader, row, columns, receiver); ++row) {
                if (row + 1 == about.rows && !reader.at_end()) {
                    reader.fail("more rows than the metadata say", reader.offset());
                }
            }
        }
        file.expect_unchanged();
    }

    detail::ArtifactFile<detail::LocalSystem> file;
    detail::Content content;
    detail::ArtifactDescription about;
    ArtifactInfo info;
    bool described = false;  // the columns are known
    bool counted = false;    // the number of rows, too
    bool guessed = false;    // nobody said what the dialect is
    bool indexed = false;

  private:
    static constexpr std::size_t max_header_bytes = std::size_t{16} << 20U;

    void take_schema(const CsvArtifactOptions& options) {
        described = options.schema.has_value();
        if (described) about.schema = *options.schema;
    }

    [[nodiscard]] bool begins_with(std::string_view text) const {
        std::array<char, 4> begin{};
        return std::string_view(begin.data(), file.read(0, begin)).starts_with(text);
    }

    // Returns the size of a byte order mark.
    [[nodiscard]] std::uint64_t mark_size() const {
        return detail::ContentReader(content, 0).next().starts_with("\xEF\xBB\xBF") ? 3 : 0;
    }

    // Reads the names, or compares them with those of the metadata.
    void read_header(std::size_t predictions) {
        first_row_ = mark_size();
        if (described && !about.dialect.header) return expect_first_row();
        detail::RecordReader reader(content, about.dialect, first_row_);
        if (reader.at_end()) {
            if (about.dialect.header) reader.fail("the file is empty; it must begin with the column names", 0);
            return;
        }
        std::vector<ColumnSpec> columns;
        const ColumnType type{.null_texts =
                                  std::make_shared<const std::vector<std::string>>(detail::pandas_null_texts())};
        std::size_t room = max_header_bytes;
        detail::FieldText field;
        for (bool more = true; more;) {
            more = reader.field(about.dialect.header ? room : 0, field);
            if (about.dialect.header && field.bytes > room)
                reader.fail("the header is longer than 16 MiB", field.offset);
            room -= (std::min)(room, field.text.size() + 1);
            if (columns.size() == detail::max_artifact_columns) {
                reader.fail("the first line has more than a million fields", field.offset);
            }
            std::string name = detail::column_name(about.dialect, field.text, columns.size());
            if (described) expect_name(reader, field, columns.size(), name);
            columns.push_back({std::move(name), type});
        }
        if (described && columns.size() != about.schema.size()) {
            reader.fail("the header has another number of columns than the metadata say", field.offset);
        }
        if (about.dialect.header) first_row_ = reader.offset();
        if (guessed && columns.size() == 1 && !field.quoted) {
            detail::expect_separator(about.dialect, columns.front().name, reader);
        }
        if (!described) {
            if (predictions > columns.size()) {
                throw UsageError(ErrorCode::invalid_option, "the artifact has fewer columns than predictions");
            }
            about.schema = Schema(std::move(columns), predictions);
        }
        expect_first_row();
    }

    void expect_name(const detail::RecordReader& reader, const detail::FieldText& field, std::size_t column,
                     const std::string& name) const {
        const bool known = column < about.schema.size();
        if (known && to_valid_utf8(about.schema[column].name) == to_valid_utf8(name)) return;
        reader.fail("the header is not the one that the metadata describe", field.offset);
    }

    void expect_first_row() const {
        if (about.index && about.rows != 0 && start_before(0).offset != first_row_) fail_index();
    }

    [[nodiscard]] detail::RowStart start_before(std::uint64_t row) const {
        const auto start = about.index->before(row);
        if (!start || start->offset < first_row_) fail_index();
        return *start;
    }
    [[noreturn]] void fail_index() const {
        file.malformed("the index in the metadata is not of this file", first_row_);
    }

    void scan(std::size_t threads) {
        if (threads == 0) threads = std::thread::hardware_concurrency();
        detail::FoundRows found =
            detail::scan_rows(content, about.dialect.quote, first_row_, about.dialect.header ? 1 : 0,
                              std::clamp(threads, std::size_t{1}, std::size_t{64}));
        if (counted && found.rows != about.rows) {
            file.malformed("the file has another number of rows than the metadata say", file.bytes());
        }
        about.rows = found.rows;
        if (content.gzip) {
            about.uncompressed_bytes = found.text_bytes;
            content.seek_points = std::move(found.seek_points);
            content.text_points = std::move(found.text_points);
        }
        about.index.emplace(std::move(found.row_starts), found.rows, found.text_bytes);
        file.expect_unchanged();
    }

    // Returns false if the receiver wants no further row.
    [[nodiscard]] bool read_row(detail::RecordReader& reader, std::uint64_t number,
                                std::span<const std::size_t> columns, PageReceiver& receiver) {
        receiver.begin_row(number);
        const std::uint64_t begin = reader.offset();
        const std::size_t size = about.schema.size();
        auto wanted = columns.begin();
        detail::FieldText field;
        for (std::size_t column = 0; column < size; ++column) {
            const bool is_wanted = wanted != columns.end() && *wanted == column;
            const bool more = reader.field(is_wanted ? receiver.text_limit() : 0, field);
            if (more != (column + 1 < size)) {
                reader.fail("row " + std::to_string(number) + " has " + (more ? "more" : "fewer") + " than " +
                                std::to_string(size) + " fields: the file is damaged, or of another dialect",
                            begin);
            }
            if (!is_wanted) continue;
            const Cell cell = cells_->read(reader, field, about.schema[column], size == 1);
            receiver.cell(cell, field.bytes);
            ++wanted;
        }
        return receiver.end_row();
    }

    std::uint64_t first_row_ = 0;
    std::optional<detail::TypedFields> cells_;  // once the dialect is known
};

CURTAIL_INLINE CsvArtifact::CsvArtifact(const std::string& path, const CsvArtifactOptions& options)
    : state_(std::make_unique<State>(path, options)) {}
CURTAIL_INLINE CsvArtifact::CsvArtifact(detail::ArtifactDescription about, const std::string& path)
    : state_(std::make_unique<State>(path, std::move(about))) {}
CURTAIL_INLINE CsvArtifact::CsvArtifact(CsvArtifact&&) noexcept = default;
CURTAIL_INLINE CsvArtifact& CsvArtifact::operator=(CsvArtifact&&) noexcept = default;
CURTAIL_INLINE CsvArtifact::~CsvArtifact() = default;

CURTAIL_INLINE const Schema& CsvArtifact::schema() const noexcept {
    return state_->about.schema;
}
CURTAIL_INLINE std::uint64_t CsvArtifact::rows() const noexcept {
    return state_->about.rows;
}
CURTAIL_INLINE const ArtifactInfo& CsvArtifact::info() const noexcept {
    return state_->info;
}
CURTAIL_INLINE bool CsvArtifact::had_index() const noexcept {
    return state_->indexed;
}
CURTAIL_INLINE void CsvArtifact::read_page(std::uint64_t first, std::uint64_t count,
                                           std::span<const std::size_t> columns, PageReceiver& receiver) const {
    state_->read_page(first, count, columns, receiver);
}

}  // namespace curtail::inline v0
#endif
