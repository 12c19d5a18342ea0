// SPDX-License-Identifier: MIT
#pragma once
// The directory in which several workers publish one table, each its part.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/artifact/part_file.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0 {

class ConcatenatedParts;

/// How PartsDirectory makes sure of the files before it says that all are there.
enum class PartsCheck : std::uint8_t {
    sizes,     ///< Compares the size of each file, and of its record, with that which was committed.
    contents,  ///< Also reads both, and compares their checksums (XXH64) with those of what was written.
};

/// A job's parts in `dir/predictions_{job_id}`:
///
/// - `part-00000.csv` and so on: the parts, each from the moment at which it is committed. Readers of directories find
///   them by `part-*.csv`;
/// - `_SUCCESS`: the manifest, from the moment at which all parts are there. It is a table group of CSV on the Web
///   (JSON);
/// - hidden files: records of the parts with their summaries, and files of attempts.
///
/// Readers skip what begins with a dot or an underscore, as those of Spark and Hive do.
///
///     const curtail::PartsDirectory parts("/data", job_id);
///     for (std::uint64_t number : parts.missing(12)) …               // in each worker: what is to be done
///         auto sink = curtail::CsvSink(parts.file(number, 12));
///     parts.finish(12);                                               // in one place: PartsMissing, or _SUCCESS
///
/// A PartsPublisher, so that PartMerger::finish() can take it. Objects hold nothing open; each call looks at the
/// directory as it is. Calls throw ArtifactError where the system fails, (parts_differ) if the job was begun with
/// another number of parts, and (part_damaged) if a record cannot be read or a file is not what was committed.
class PartsDirectory {
  public:
    /// Names the directory of the job `job_id` in `dir`. Creates nothing. Throws UsageError (invalid_job_id,
    /// invalid_option), and ArtifactError if the current directory cannot be found.
    PartsDirectory(std::string_view dir, std::string_view job_id, const PartsOptions& options = {});

    /// Returns the path of the directory, absolute and as valid UTF-8.
    [[nodiscard]] const std::string& location() const noexcept { return location_; }

    /// Returns the output for part `number`, from 0, of `of` parts: 1 to 100,000. Throws UsageError (invalid_option).
    [[nodiscard]] PartFile file(std::uint64_t number, std::uint64_t of) const;

    /// Returns the numbers of the parts that are not committed, in order: what a rerun of the job has to do.
    [[nodiscard]] std::vector<std::uint64_t> missing(std::uint64_t of) const;

    /// Returns the bytes that were committed with part `number`; nothing if it is not committed.
    [[nodiscard]] std::optional<std::string> summary(std::uint64_t number) const;

    /// Publishes the manifest, once all parts are there and what was committed, and returns the sums of their rows and
    /// bytes. Throws PartsMissing. Called again, it checks again and changes nothing.
    ArtifactInfo finish(std::uint64_t of, PartsCheck check = PartsCheck::sizes) const;

    /// Does the same for parts whose summaries were merged. Throws ArtifactError (parts_differ) if other ones are
    /// there. The manifest has the columns that the sinks wrote.
    ArtifactInfo publish(const Schema& schema, std::span<const PartArtifact> parts) const;

    /// Returns what the manifest lists; nothing if there is none.
    [[nodiscard]] std::optional<std::vector<PartArtifact>> published() const;

    /// Joins the parts to one file beside the directory, `predictions_{job_id}.csv`, with one header, and publishes
    /// that as AtomicFile does. Compressed parts become `predictions_{job_id}.csv.gz`. The kernel copies where it can.
    /// Throws PartsMissing, ArtifactError (parts_differ) if two parts have other columns or another dialect, and
    /// UsageError (invalid_option) for compressed parts with a header each. The parts stay. Read pages from
    /// them, because the one file has no metadata.
    ArtifactInfo concatenate(const AtomicFileOptions& options = {}) const;

    /// Returns a PartsPublisher that publishes the manifest and then the one file.
    [[nodiscard]] ConcatenatedParts as_one_file(const AtomicFileOptions& options = {}) const;

  private:
    friend class ConcatenatedParts;
    friend class PartsArtifact;

    std::string job_id_;
    std::string path_;      // for the system
    std::string location_;  // for people
    PartsOptions options_;
};

/// The parts of a job, published as one file; see PartsDirectory::as_one_file().
class ConcatenatedParts {
  public:
    /// Says that location() is a file.
    static constexpr bool one_file = true;

    /// Is called by PartsDirectory::as_one_file().
    ConcatenatedParts(PartsDirectory parts, const AtomicFileOptions& options);

    /// Returns the path of the file. It ends in `.csv.gz` once the first part is there and compressed.
    [[nodiscard]] std::string location() const;
    /// Does what PartsDirectory::publish() and concatenate() do. Nothing is published if the parts cannot be joined, or
    /// if the disk has no room for the file: that is complete before the manifest is published.
    ArtifactInfo publish(const Schema& schema, std::span<const PartArtifact> parts) const;

  private:
    PartsDirectory parts_;
    AtomicFileOptions options_;
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <utility>

#include <curtail/artifact/parts/manifest.hpp>
#include <curtail/artifact/parts/part_attempt.hpp>
#include <curtail/artifact/parts/part_names.hpp>
#include <curtail/artifact/parts/parts_job.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0 {
namespace detail {
using LocalPartsJob = PartsJob<LocalSystem>;
}  // namespace detail

CURTAIL_INLINE PartsDirectory::PartsDirectory(std::string_view dir, std::string_view job_id,
                                              const PartsOptions& options)
    : job_id_(job_id), options_(options) {
    detail::LocalSystem system;
    path_ = detail::parts_path(dir, job_id, system);
    location_ = to_valid_utf8(path_);
}

CURTAIL_INLINE PartFile PartsDirectory::file(std::uint64_t number, std::uint64_t of) const {
    const auto dir = std::string_view(path_).substr(0, path_.rfind('/') + 1);
    return PartFile(dir, job_id_, number, of, options_);
}

CURTAIL_INLINE std::vector<std::uint64_t> PartsDirectory::missing(std::uint64_t of) const {
    return detail::LocalPartsJob({}, path_, options_).missing(of);
}

CURTAIL_INLINE std::optional<std::string> PartsDirectory::summary(std::uint64_t number) const {
    return detail::LocalPartsJob({}, path_, options_).summary(number);
}

CURTAIL_INLINE ArtifactInfo PartsDirectory::finish(std::uint64_t of, PartsCheck check) const {
    detail::LocalPartsJob job({}, path_, options_);
    job.check(of, check == PartsCheck::contents);
    return job.publish();
}

CURTAIL_INLINE ArtifactInfo PartsDirectory::publish(const Schema&, std::span<const PartArtifact> parts) const {
    detail::LocalPartsJob job({}, path_, options_);
    job.check(parts.size(), false);
    job.compare(parts);
    return job.publish();
}

CURTAIL_INLINE std::optional<std::vector<PartArtifact>> PartsDirectory::published() const {
    const auto text = detail::LocalPartsJob({}, path_, options_).manifest();
    if (!text) return {};
    if (auto manifest = detail::read_manifest(*text, location_)) return std::move(manifest->parts);
    throw ArtifactError(ErrorCode::part_damaged, "_SUCCESS is not a manifest of this directory", location_);
}

CURTAIL_INLINE ArtifactInfo PartsDirectory::concatenate(const AtomicFileOptions& options) const {
    detail::LocalPartsJob job({}, path_, options_);
    job.check(job.number_of_parts(), false);
    return job.concatenate(options);
}

CURTAIL_INLINE ConcatenatedParts PartsDirectory::as_one_file(const AtomicFileOptions& options) const {
    return ConcatenatedParts(*this, options);
}

CURTAIL_INLINE ConcatenatedParts::ConcatenatedParts(PartsDirectory parts, const AtomicFileOptions& options)
    : parts_(std::move(parts)), options_(options) {}

CURTAIL_INLINE std::string ConcatenatedParts::location() const {
    const bool compressed = detail::LocalPartsJob({}, parts_.path_, parts_.options_).compressed();
    return detail::concat({parts_.location_, detail::artifact_suffix, compressed ? ".gz" : ""});
}

CURTAIL_INLINE ArtifactInfo ConcatenatedParts::publish(const Schema&, std::span<const PartArtifact> parts) const {
    detail::LocalPartsJob job({}, parts_.path_, parts_.options_);
    job.check(parts.size(), false);
    job.compare(parts);
    return job.concatenate(options_, [&] { (void)job.publish(); });
}

}  // namespace curtail::inline v0
#endif
