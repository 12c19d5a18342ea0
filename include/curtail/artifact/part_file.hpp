// SPDX-License-Identifier: MIT
#pragma once
// The file of one worker's part of a table, committed by one attempt and no other.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0 {
namespace detail {
template <class System>
class PartAttempt;
}  // namespace detail

/// Writes one part of a job's table: `predictions_{job_id}/part-00003.csv`. An output for CsvSink, as
/// PartsDirectory::file() gives it; GzipOutput around it makes `part-00003.csv.gz`.
///
/// Any number of attempts may write the same part at the same time, on any machines that share the directory. One of
/// them commits; every other gets PartTaken, with the summary that was committed. So an engine may run a part twice,
/// and a job that was killed goes on with the parts that are missing. What is committed with the file stays with it:
/// file and summary are never of different attempts. No reader sees a part under its name before it is committed.
///
/// If the worker is killed between the commit and the naming of the file, the next attempt, PartsDirectory or
/// housekeeping names it. A killed attempt leaves at most hidden files, which remove_stale_artifacts() removes.
///
/// What AtomicFile promises of writing, durability and its errors holds here, too. An object may be used by one thread
/// at a time.
template <class System = detail::LocalSystem>
class BasicPartFile {
  public:
    /// Names part `number`, from 0, of `of` parts of the job `job_id` in `dir`. open() creates the directory of the
    /// job. Throws UsageError (invalid_job_id, invalid_option), also for more than 100,000 parts, and ArtifactError if
    /// the current directory cannot be found.
    BasicPartFile(std::string_view dir, std::string_view job_id, std::uint64_t number, std::uint64_t of,
                  const PartsOptions& options = {});
    /// Does the same with a system of your own, for tests.
    BasicPartFile(std::string_view dir, std::string_view job_id, std::uint64_t number, std::uint64_t of,
                  const PartsOptions& options, System system);

    /// Moves. The file moved from is empty: its other calls do nothing or throw UsageError (wrong_state).
    BasicPartFile(BasicPartFile&&) noexcept;
    /// Discards what this file has not committed, then moves.
    BasicPartFile& operator=(BasicPartFile&&) noexcept;
    ~BasicPartFile();

    /// Returns the path of the part, absolute and as valid UTF-8.
    [[nodiscard]] std::string_view location() const noexcept;
    /// Returns which part of the table this is.
    [[nodiscard]] PartPlace part() const noexcept;
    /// Returns true from the moment at which the part is committed.
    [[nodiscard]] bool committed() const noexcept;
    /// Returns true if the part begins with the header line.
    [[nodiscard]] bool has_header() const noexcept;

    /// Says how many threads the file may use, as for AtomicFile.
    void limit_threads(std::size_t threads);
    /// Says that the bytes are compressed, so that the file's name ends in `compression` as well. GzipOutput calls it.
    void compressed_as(std::string_view compression);

    /// Creates the hidden file of this attempt, and the directory of the job if needed. Throws PartTaken if the part is
    /// committed, ArtifactError (parts_differ) if the job was begun with another number of parts, (part_damaged) if the
    /// part's record cannot be read, and as AtomicFile does.
    void open();
    /// Appends bytes.
    void write(std::span<const char> bytes);

    /// Says what the record is to hold of the file besides its size: `header_bytes`, how many bytes are before the
    /// first row, without compression, and `table`, the members of a JSON object that describe its dialect and columns,
    /// and may say where its rows begin. CsvSink calls it.
    void describe_part(std::uint64_t header_bytes, std::string table);
    /// Commits the part. `info` has its rows, its digest if there is one, and its size before any compression;
    /// `summary` is any bytes, with the table less than 64 MiB. CsvSink calls it. A digest that is not 64 lower-case
    /// hexadecimal digits is left out. Throws PartTaken if another attempt was faster, UsageError (invalid_option) for
    /// facts that no part has, and ArtifactError; after an error committed() says on which side of the commit it came.
    void commit_part(const ArtifactInfo& info, std::string_view summary);
    /// Throws UsageError (wrong_state): a part has facts, which commit_part() takes.
    [[noreturn]] void commit();
    /// Discards what is not committed. May be called at any time.
    void abort() noexcept { discard(); }

  private:
    [[nodiscard]] detail::PartAttempt<System>& attempt() const;
    void discard() noexcept;

    std::unique_ptr<detail::PartAttempt<System>> attempt_;  // null after a move
};

/// The file of a part on a directory that the workers share.
using PartFile = BasicPartFile<>;

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <utility>

#include <curtail/artifact/parts/part_attempt.hpp>

namespace curtail::inline v0 {

template <class System>
BasicPartFile<System>::BasicPartFile(std::string_view dir, std::string_view job_id, std::uint64_t number,
                                     std::uint64_t of, const PartsOptions& options, System system)
    : attempt_(nullptr) {
    std::string path = detail::parts_path(dir, job_id, system);
    attempt_ = std::make_unique<detail::PartAttempt<System>>(std::move(system), std::move(path), number, of, options);
}

template <class System>
BasicPartFile<System>::BasicPartFile(std::string_view dir, std::string_view job_id, std::uint64_t number,
                                     std::uint64_t of, const PartsOptions& options)
    : BasicPartFile(dir, job_id, number, of, options, System()) {}

template <class System>
BasicPartFile<System>::BasicPartFile(BasicPartFile&&) noexcept = default;

template <class System>
BasicPartFile<System>& BasicPartFile<System>::operator=(BasicPartFile&&) noexcept = default;

template <class System>
BasicPartFile<System>::~BasicPartFile() = default;

template <class System>
detail::PartAttempt<System>& BasicPartFile<System>::attempt() const {
    if (!attempt_) throw UsageError(ErrorCode::wrong_state, "PartFile: the file was moved to another object");
    return *attempt_;
}

template <class System>
std::string_view BasicPartFile<System>::location() const noexcept {
    return attempt_ ? std::string_view(attempt_->location()) : std::string_view();
}

template <class System>
PartPlace BasicPartFile<System>::part() const noexcept {
    return attempt_ ? attempt_->place() : PartPlace();
}

template <class System>
bool BasicPartFile<System>::committed() const noexcept {
    return attempt_ && attempt_->committed();
}

template <class System>
bool BasicPartFile<System>::has_header() const noexcept {
    return attempt_ && attempt_->has_header();
}

template <class System>
void BasicPartFile<System>::limit_threads(std::size_t threads) {
    attempt().limit_threads(threads);
}

template <class System>
void BasicPartFile<System>::compressed_as(std::string_view compression) {
    attempt().name_file(compression);
}

template <class System>
void BasicPartFile<System>::open() {
    attempt().open();
}

template <class System>
void BasicPartFile<System>::write(std::span<const char> bytes) {
    attempt().write(bytes);
}

template <class System>
void BasicPartFile<System>::describe_part(std::uint64_t header_bytes, std::string table) {
    attempt().describe(header_bytes, std::move(table));
}

template <class System>
void BasicPartFile<System>::commit_part(const ArtifactInfo& info, std::string_view summary) {
    attempt().commit(info, summary);
}

template <class System>
void BasicPartFile<System>::commit() {
    throw UsageError(ErrorCode::wrong_state,
                     "PartFile: a part is committed with its facts; write it through CsvSink, or call commit_part()");
}

template <class System>
void BasicPartFile<System>::discard() noexcept {
    if (attempt_) attempt_->abort();
}

#if defined(CURTAIL_COMPILING)
template class BasicPartFile<detail::LocalSystem>;
#endif

}  // namespace curtail::inline v0
#else
namespace curtail::inline v0 {
extern template class BasicPartFile<detail::LocalSystem>;
}  // namespace curtail::inline v0
#endif
