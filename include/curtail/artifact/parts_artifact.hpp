// SPDX-License-Identifier: MIT
#pragma once
// Reads any rows of a table that several workers have published in parts.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/parts_directory.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0 {

/// The published parts of a job, of which any rows can be read: a PageSource, with rows numbered through all parts.
///
/// The manifest says which parts hold them, and the hidden record beside a part where its rows begin, so that any row
/// is read at once. The part that was read last stays open. One whose record is gone, or says nothing of rows, is read
/// through when it is opened, to find its rows and to compare its checksum; a copied part is, for its checksum alone.
/// Names and dialect are those of the manifest; where it has none, those of the first part's header and the default. A
/// part whose dialect or types are others is read by its own; a column whose types differ is open, and a page names the
/// type of its rows. A part that is not the one that the manifest lists is refused as CsvArtifact refuses a file, with
/// the path of the part.
///
///     const curtail::PartsArtifact table(curtail::PartsDirectory("/data", job_id));
///     auto page = curtail::ResultPayloadBuilder(request_id).page(table, 9'000'000, 10);
class PartsArtifact {
  public:
    /// Reads the manifest. Throws InputError: unreadable_input if there is none, because parts are missing,
    /// malformed_input if it is not one of PartsDirectory. `threads` as in CsvArtifactOptions.
    explicit PartsArtifact(const PartsDirectory& parts, std::size_t threads = 0);
    PartsArtifact(PartsArtifact&&) noexcept;
    PartsArtifact& operator=(PartsArtifact&&) noexcept;
    ~PartsArtifact();

    /// Returns the columns.
    [[nodiscard]] const Schema& schema() const noexcept;
    /// Returns the number of rows of all parts.
    [[nodiscard]] std::uint64_t rows() const noexcept;
    /// Returns where the directory is, and the rows and bytes of all parts.
    [[nodiscard]] const ArtifactInfo& info() const noexcept;
    /// Returns what the manifest says of each part.
    [[nodiscard]] std::span<const PartArtifact> parts() const noexcept;

    /// Gives `receiver` at most `count` rows from `first` on, of these `columns`, as CsvArtifact::read_page() does.
    void read_page(std::uint64_t first, std::uint64_t count, std::span<const std::size_t> columns,
                   PageReceiver& receiver) const;

  private:
    class State;

    std::unique_ptr<State> state_;
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/csv_artifact.hpp>
#include <curtail/artifact/page/artifact_file.hpp>
#include <curtail/artifact/page/description_reader.hpp>
#include <curtail/artifact/pair/content_hash.hpp>
#include <curtail/artifact/pair/description.hpp>
#include <curtail/artifact/parts/manifest.hpp>
#include <curtail/artifact/parts/part_names.hpp>
#include <curtail/artifact/parts/part_record.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0 {
namespace detail {

// Passes rows of one part on, numbered through all parts.
class RenumberedRows final : public PageReceiver {
  public:
    RenumberedRows(PageReceiver& to, std::uint64_t first) : to_(to), first_(first) {}

    void begin_row(std::uint64_t number) override { to_.begin_row(first_ + number); }
    [[nodiscard]] std::size_t text_limit() override { return to_.text_limit(); }
    void cell(const Cell& cell, std::uint64_t bytes) override { to_.cell(cell, bytes); }
    [[nodiscard]] bool end_row() override { return more_ = to_.end_row(); }

    [[nodiscard]] bool more() const noexcept { return more_; }

  private:
    PageReceiver& to_;
    std::uint64_t first_;
    bool more_ = true;
};

}  // namespace detail

class PartsArtifact::State {
    using File = detail::ArtifactFile<detail::LocalSystem>;

  public:
    // `path` is the directory's, with the bytes that the system knows.
    State(std::string path, std::size_t wanted_threads) : threads(wanted_threads), path_(std::move(path)) {
        const File file(detail::concat({path_, "/", detail::manifest_name}));
        const std::string text = text_of(file);
        auto manifest = detail::read_manifest(text, to_valid_utf8(path_));
        auto table = detail::read_description_text(text);
        if (!manifest || !table || table->rows != manifest->whole.rows) {
            throw InputError(ErrorCode::malformed_input,
                             "this is not a manifest of a PartsDirectory, or it is damaged: remove it, then finish the "
                             "job again",
                             file.path());
        }
        about = *std::move(table);
        info = manifest->whole;
        parts = std::move(manifest->parts);
        contents = std::move(manifest->contents);
        read_tables(manifest->own);
        if (about.schema.size() == 0) about.schema = part(0).schema();
        open_mixed_columns();
    }

    void read_page(std::uint64_t first, std::uint64_t count, std::span<const std::size_t> columns,
                   PageReceiver& receiver) {
        std::uint64_t begin = 0;  // of the part
        for (std::size_t i = 0; i < parts.size() && count != 0; begin += parts[i++].artifact.rows) {
            const std::uint64_t rows = parts[i].artifact.rows;
            if (first < begin || first - begin >= rows) continue;
            detail::RenumberedRows renumbered(receiver, begin);
            const std::uint64_t here = (std::min)(count, rows - (first - begin));
            part(i).read_page(first - begin, here, columns, renumbered);
            if (!renumbered.more()) return;
            first += here;
            count -= here;
        }
    }

    std::vector<PartArtifact> parts;
    std::vector<std::uint64_t> contents;
    ArtifactInfo info;
    detail::ArtifactDescription about;
    std::size_t threads;

  private:
    // How a part is spelled, and the types of its columns.
    struct PartTable {
        CsvDialect dialect;
        Schema schema;  // empty if nothing says it
    };

    // Reads what parts say of their tables beyond the whole. Many say the same.
    void read_tables(const std::vector<std::string>& own) {
        tables_.push_back({about.dialect, about.schema});
        std::map<std::string_view, std::size_t> known{{std::string_view(), 0}};
        for (const std::string& text : own) {
            const auto [at, is_new] = known.try_emplace(text, tables_.size());
            if (is_new) tables_.push_back(read_table(text));
            table_of_.push_back(at->second);
        }
    }

    [[nodiscard]] PartTable read_table(const std::string& text) const {
        auto read = detail::read_description_text(text);
        if (!read) refuse_table();
        if (read->schema.size() != 0) {
            if (!detail::same_names(read->schema, about.schema)) refuse_table();
            return {read->dialect, std::move(read->schema)};
        }
        // The columns, and what is said behind them, are those of the whole.
        PartTable table{about.dialect, about.schema};
        table.dialect.header = read->dialect.header;
        table.dialect.separator = read->dialect.separator;
        table.dialect.quote = read->dialect.quote;
        table.dialect.line_end = read->dialect.line_end;
        return table;
    }
    [[noreturn]] void refuse_table() const {
        throw InputError(ErrorCode::malformed_input,
                         "the manifest lists parts of other columns than those of the first one, so that they are no "
                         "table together; run the job again under another job id",
                         info.path);
    }

    // Leaves the type of a column open if parts with rows have others.
    void open_mixed_columns() {
        std::vector<ColumnSpec> columns = about.schema.columns();
        const PartTable* first = nullptr;
        std::vector<char> seen(tables_.size(), 0);
        for (std::size_t i = 0; i < parts.size() && tables_.size() != 1; ++i) {
            if (parts[i].artifact.rows == 0 || std::exchange(seen[table_of_[i]], char{1}) != 0) continue;
            const PartTable& table = tables_[table_of_[i]];
            if (table.schema.size() != columns.size()) continue;
            for (std::size_t c = 0; c < columns.size(); ++c) {
                if (first == nullptr) {
                    columns[c].type = table.schema[c].type;
                } else if (!(columns[c].type == table.schema[c].type)) {
                    columns[c].type = {};
                }
            }
            first = &table;
        }
        about.schema = Schema(std::move(columns), about.schema.prediction_count());
    }

    [[nodiscard]] const CsvArtifact& part(std::size_t index) {
        if (open_ && open_index_ == index) return *open_;
        open_.reset();
        const ArtifactInfo& listed = parts[index].artifact;
        const std::string file = path_ + listed.path.substr(listed.path.rfind('/'));
        const Known known = description_of(index);
        if (known.about) {
            open_ = CsvArtifact(*known.about, file);
        } else {
            open_through(file, index);
        }
        if (open_->rows() != listed.rows || !is_listed(file, index, known.identifier)) {
            open_.reset();
            throw InputError(ErrorCode::changed_input, "this part is not the one that the manifest lists", listed.path);
        }
        open_index_ = index;
        return *open_;
    }

    // What the record of a part says of its file; nothing if there is none, or one without an index.
    struct Known {
        std::optional<detail::ArtifactDescription> about = {};
        std::string identifier = {};
    };
    [[nodiscard]] Known description_of(std::size_t index) const {
        const std::string text = record_text(index);
        const auto head = detail::read_record_head(text);
        const auto texts = head ? detail::read_record_texts(*head, text) : std::nullopt;
        if (!texts || texts->index.empty() || head->record.content != contents[index]) return {};
        // The table that the part's own sink wrote says whether the part has a header, and its types.
        Known known{detail::read_description_text(detail::concat(
                        {"{\n\"schema:numberOfItems\": ", std::to_string(head->record.rows), ",\n\"dcat:byteSize\": ",
                         std::to_string(head->record.bytes), ",\n", texts->table, ",", texts->index.substr(1)})),
                    std::string(detail::identifier_in(texts->index))};
        if (!known.about || !known.about->index) return {};
        const std::size_t columns = about.schema.size();
        return columns == 0 || columns == known.about->schema.size() ? known : Known();
    }
    [[nodiscard]] std::string record_text(std::size_t index) const {
        try {
            return text_of(File(detail::concat({path_, "/", detail::record_name(index)})));
        } catch (const InputError&) {
            return {};  // the part is read through
        }
    }

    // Returns the text of a record or a manifest, none of which is larger than 64 MiB.
    [[nodiscard]] static std::string text_of(const File& file) {
        std::string text(static_cast<std::size_t>((std::min)(file.bytes(), detail::max_record)), '\0');
        text.resize(file.read(0, text));
        return text;
    }

    void open_through(const std::string& file, std::size_t index) {
        // Either each part has the header, or only the first one.
        const PartTable& table = tables_[table_of_[index]];
        bool headed = table.dialect.header;
        try {
            open_.emplace(file, options(table, headed));
        } catch (const InputError& error) {
            if (index == 0 || !headed || error.code() != ErrorCode::malformed_input) throw;
            headed = false;
            open_.emplace(file, options(table, headed));
        }
        const bool taken_for_header = headed && index != 0 && open_->rows() + 1 == parts[index].artifact.rows;
        if (taken_for_header) open_.emplace(file, options(table, false));
    }

    // Returns true if the file at `path` is the one of this part. If it is not the open file, read_page() will refuse
    // it.
    [[nodiscard]] bool is_listed(const std::string& path, std::size_t index, std::string_view identifier) const {
        const File file(path);
        return file.is_named_by(identifier) || checksum(file) == contents[index];
    }

    [[nodiscard]] static std::uint64_t checksum(const detail::ByteView& file) {
        detail::ContentHash hash;
        std::vector<char> piece(std::size_t{1} << 20U);
        for (std::uint64_t at = 0;;) {
            const std::size_t size = file.read(at, piece);
            if (size == 0) return hash.value();
            hash.update(std::span<const char>(piece).first(size));
            at += size;
        }
    }

    [[nodiscard]] CsvArtifactOptions options(const PartTable& table, bool header) const {
        CsvArtifactOptions out{.dialect = table.dialect, .threads = threads};
        out.dialect->header = header;
        if (table.schema.size() != 0) {
            out.schema = table.schema;
        } else if (about.schema.size() != 0) {
            out.schema = about.schema;
        }
        return out;
    }

    std::string path_;
    std::vector<PartTable> tables_;      // the first is that of the whole
    std::vector<std::size_t> table_of_;  // by part
    std::optional<CsvArtifact> open_;
    std::size_t open_index_ = 0;
};

CURTAIL_INLINE PartsArtifact::PartsArtifact(const PartsDirectory& parts, std::size_t threads)
    : state_(std::make_unique<State>(parts.path_, threads)) {}
CURTAIL_INLINE PartsArtifact::PartsArtifact(PartsArtifact&&) noexcept = default;
CURTAIL_INLINE PartsArtifact& PartsArtifact::operator=(PartsArtifact&&) noexcept = default;
CURTAIL_INLINE PartsArtifact::~PartsArtifact() = default;

CURTAIL_INLINE const Schema& PartsArtifact::schema() const noexcept {
    return state_->about.schema;
}
CURTAIL_INLINE std::uint64_t PartsArtifact::rows() const noexcept {
    return state_->info.rows;
}
CURTAIL_INLINE const ArtifactInfo& PartsArtifact::info() const noexcept {
    return state_->info;
}
CURTAIL_INLINE std::span<const PartArtifact> PartsArtifact::parts() const noexcept {
    return state_->parts;
}
CURTAIL_INLINE void PartsArtifact::read_page(std::uint64_t first, std::uint64_t count,
                                             std::span<const std::size_t> columns, PageReceiver& receiver) const {
    state_->read_page(first, count, columns, receiver);
}

}  // namespace curtail::inline v0
#endif
