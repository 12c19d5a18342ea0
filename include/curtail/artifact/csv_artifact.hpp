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
/// With metadata (CsvSinkOptions::metadata) any row is read at once, because they say how the file is spelled, what its
/// columns are and where rows begin: of 10 GB about 100 KB and the index are read. If the file is a copy, which has
/// another time or inode than they say, the constructor reads all of it first, to compare the checksum. Without
/// metadata names come from the header, each cell means what its text says, as in a CsvInput and in the words of the
/// dialect, and the constructor reads the file once, on several threads, to find where rows begin. Keep the object for
/// further pages.
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
    [[nodiscard]] std::uint64_t rows() const noexcept { return info().rows; }
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
#include <curtail/core/text/concat.hpp>
#include <curtail/table/csv/field_meaning.hpp>

namespace curtail::inline v0 {

class CsvArtifact::State {
  public:
    State(const std::string& path, const CsvArtifactOptions& options) : file(path) {
        std::optional<std::string> text;
        if (options.dialect) {
            check_dialect(*options.dialect);
            about.dialect = *options.dialect;
        } else {
            text = file.metadata();
            guessed = !text;
        }
        if (text) {
            auto read = detail::read_description_text(*text);
            if (!read || read->bytes != file.bytes() || read->schema.size() == 0) {
                throw InputError(
                    ErrorCode::malformed_input,
                    "the metadata beside it are not those of CsvSink; give the dialect to read it without them",
                    file.path());
            }
            about = *std::move(read);
            described = counted = true;
        } else if (options.schema) {
            about.schema = *options.schema;
            described = true;
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
        std::array<char, 2> begin{};
        content.gzip = std::string_view(begin.data(), file.read(0, begin)) == "\x1F\x8B";
        content.seek_points = std::move(about.seek_points);
        if (content.gzip && content.seek_points.empty()) {
            content.seek_points = {0};
            if (!about.index) content.text_points = {0};  // how much a member holds is not known before the scan
        }
        cells_.emplace(about.dialect, described);
        read_header(options.predictions);
        indexed = about.index.has_value();
        if (!indexed) {
            scan(options.threads);
        } else if (about.rows != 0 && start_before(0).offset != first_row_) {
            fail_index();
        }
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
    // Reads the names, or compares them with those of the metadata.
    void read_header(std::size_t predictions) {
        first_row_ = begins_with_mark() ? 3 : 0;
        if (described && !about.dialect.header) return;
        detail::RecordReader reader(content, about.dialect, first_row_);
        if (about.dialect.header && reader.at_end()) {
            reader.fail("the file is empty; it must begin with the column names", 0);
        }
        std::vector<ColumnSpec> columns;
        const ColumnType type{.null_texts =
                                  std::make_shared<const std::vector<std::string>>(detail::pandas_null_texts())};
        std::size_t room = std::size_t{16} << 20U;
        detail::FieldText field;
        for (bool more = !reader.at_end(); more;) {
            more = reader.field(about.dialect.header ? room : 0, field);
            if (about.dialect.header && field.bytes > room)
                reader.fail("the header is longer than 16 MiB", field.offset);
            room -= (std::min)(room, field.text.size() + 1);
            if (columns.size() == detail::max_artifact_columns) {
                reader.fail("the first line has more than a million fields", field.offset);
            }
            std::string name = about.dialect.header ? std::string(detail::without_guard(about.dialect, field.text))
                                                    : "column_" + std::to_string(columns.size() + 1);
            if (described) detail::expect_column(about.schema, columns.size(), name, describer(), reader, field);
            columns.push_back({std::move(name), type});
        }
        if (described && columns.size() != about.schema.size()) {
            reader.fail(detail::concat({"the header has fewer columns than ", describer()}), field.offset);
        }
        if (about.dialect.header) first_row_ = reader.offset();
        if (guessed && columns.size() == 1 && !field.quoted) {
            detail::expect_separator(about.dialect.separator, columns.front().name, reader);
        }
        if (!described) {
            if (predictions > columns.size()) {
                throw UsageError(ErrorCode::invalid_option, "the artifact has fewer columns than predictions");
            }
            about.schema = Schema(std::move(columns), predictions);
        }
    }

    // Returns true for a byte order mark, which several compressed members may hold.
    [[nodiscard]] bool begins_with_mark() const {
        std::string begin;
        detail::ContentReader reader(content, 0);
        for (std::string_view piece = "?"; begin.size() < 3 && !piece.empty(); begin += piece.substr(0, 3)) {
            piece = reader.next();
        }
        return begin.starts_with("\xEF\xBB\xBF");
    }

    // Returns what says which columns there are.
    [[nodiscard]] std::string_view describer() const noexcept { return counted ? "the metadata" : "the schema"; }

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
