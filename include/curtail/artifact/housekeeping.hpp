// SPDX-License-Identifier: MIT
#pragma once
// Removes what nobody else removes: temporary files of killed runs, and artifacts that are too old or too many.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

/// What a call has removed. Names are without their directory.
struct CleanupReport {
    std::vector<std::string> removed;  ///< The files and directories of parts that are gone, in the order of removal.
    std::vector<std::string> failed;   ///< What the system refused to remove, such as another user's file.
    std::uint64_t bytes = 0;           ///< The size of all removed files.
};

/// How remove_stale_artifacts() knows that the process of a temporary file is gone. In either case a file is kept whose
/// run lives and has its lock, whatever its age, in any container of this machine. The lock goes when the complete file
/// is closed, just before it gets its name: with an age of less than some seconds, that file may be taken.
enum class LivenessCheck : std::uint8_t {
    by_pid,    ///< Also keeps the file while a process of its number runs on this machine.
    age_only,  ///< Does not look at processes: for containers, where every worker is process 1, and for network shares.
};

/// What a directory of artifacts may hold. What is not set limits nothing. Default: nothing is set, nothing is removed.
struct PruneOptions {
    /// Removes artifacts whose last change is at least this long ago.
    std::optional<std::chrono::seconds> max_age = std::nullopt;

    /// Then removes the oldest until the others, with their metadata files, have at most this size.
    std::optional<std::uint64_t> max_total_bytes = std::nullopt;

    /// Then removes the oldest until at most this many artifacts are left; a directory of parts is one.
    std::optional<std::uint64_t> max_files = std::nullopt;
};

/// Removes the temporary files that killed runs left in `dir`: regular files named exactly
/// .predictions_{job_id}.{pid}-{16 hex digits}.tmp, and the same of a metadata file, with `.csv-metadata.json` after
/// the job id, unchanged for at least `age`, whose run is gone; and in directories of parts those of attempts,
/// .part-{number}.{pid}-{16 hex digits}.tmp, unless the part was committed with that file, which then gets its name.
/// Touches nothing else and follows no link. Where the file system has no locks, such as some network shares, choose an
/// age above the duration of a run. Throws ArtifactError (no_directory, no_permission or io_failed) if the directory
/// cannot be read.
CleanupReport remove_stale_artifacts(const std::string& dir, std::chrono::seconds age,
                                     LivenessCheck check = LivenessCheck::by_pid);

/// Removes the oldest artifacts of `dir` until it keeps the limits: regular files named exactly
/// predictions_{job_id}.csv or predictions_{job_id}.csv.gz, whoever wrote them, each after its metadata file, whose
/// name is that and `-metadata.json`. A file that is being written has no such name yet and is never removed, nor is
/// one that is published while this runs, also in place of an older one: a file is renamed to .{name}.{pid}-{16 hex
/// digits}.old and looked at before it is removed. If this process is killed in between, the next call of either
/// function gives it its name back. A directory of parts counts as one artifact, as old as its manifest. Without a
/// manifest its job is under way: it is not counted, and goes only when no file in it has changed for max_age. None is
/// removed in which a worker is writing, or that holds a file that curtail did not put there. Touches nothing else and
/// follows no link. Throws ArtifactError (no_directory, no_permission or io_failed) if the directory cannot be read.
///
///     curtail::prune_artifacts("/data", {.max_age = std::chrono::hours(7 * 24), .max_files = 1000});
CleanupReport prune_artifacts(const std::string& dir, const PruneOptions& options);

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/housekeeping/parts_sweeper.hpp>
#include <curtail/artifact/housekeeping/sweeper.hpp>
#include <curtail/artifact/parts/part_names.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0 {
namespace detail {

// Returns the number of seconds; 0 for a negative time.
[[nodiscard]] inline std::uint64_t seconds_of(std::chrono::seconds age) noexcept {
    return age.count() < 0 ? 0 : static_cast<std::uint64_t>(age.count());
}

template <class System>
CleanupReport remove_stale_artifacts(const std::string& dir, std::uint64_t age_seconds, LivenessCheck check,
                                     System system) {
    CleanupReport report;
    Sweeper<System> sweeper(dir, std::move(system), {report.removed, report.failed, report.bytes});
    PartsSweeper<System> parts(sweeper);
    const FileTime now = sweeper.system().now();
    const auto is_gone = [&](const FileEntry& entry, std::int64_t writer) {
        return is_older(entry.modified, now, age_seconds) &&
               (check == LivenessCheck::age_only || !sweeper.system().process_is_alive(writer));
    };
    const std::vector<std::string> names = sweeper.names();
    parts.resume(names);
    for (const std::string& name : names) {
        if (is_parts_directory_name(name) && sweeper.directory(name)) parts.remove_attempts(name, is_gone);
        const std::int64_t writer = temporary_writer(name);
        if (writer == 0) continue;
        const auto entry = sweeper.regular(name);
        if (entry && is_gone(*entry, writer)) {
            sweeper.remove_temporary(name, *entry, name, [] { return true; });
        }
    }
    return report;
}

// An artifact, and its metadata if it has some. Or a directory of parts.
struct SweptArtifact {
    std::string name;
    FileEntry entry;
    std::optional<FileEntry> sidecar = {};
    std::optional<SweptParts> parts = {};

    [[nodiscard]] std::uint64_t bytes() const noexcept {
        return parts ? parts->bytes : entry.bytes + (sidecar ? sidecar->bytes : 0);
    }
    [[nodiscard]] const FileTime& modified() const noexcept { return parts ? parts->modified : entry.modified; }
    // Returns false for a job that is under way, because it is not counted.
    [[nodiscard]] bool is_result() const noexcept { return !parts || parts->manifest; }
};

// Returns what has this name, if it may be pruned.
template <class System>
std::optional<SweptArtifact> find_swept(Sweeper<System>& sweeper, PartsSweeper<System>& parts,
                                        const std::string& name) {
    if (is_parts_directory_name(name)) {
        if (const auto entry = sweeper.directory(name)) {
            auto found = parts.look(name);
            if (!found || !found->has_mark) return {};
            return SweptArtifact{name, *entry, {}, std::move(found)};
        }
    }
    if (!is_artifact_name(name)) return {};
    const auto entry = sweeper.regular(name);
    if (!entry) return {};
    return SweptArtifact{name, *entry, sweeper.regular(concat({name, sidecar_suffix})), {}};
}

template <class System>
CleanupReport prune_artifacts(const std::string& dir, const PruneOptions& options, System system) {
    CleanupReport report;
    Sweeper<System> sweeper(dir, std::move(system), {report.removed, report.failed, report.bytes});
    PartsSweeper<System> parts(sweeper);
    const FileTime now = sweeper.system().now();
    std::vector<SweptArtifact> artifacts;
    std::uint64_t total = 0;
    std::uint64_t files = 0;
    parts.resume(sweeper.names());
    for (const std::string& name : sweeper.names()) {
        auto artifact = find_swept(sweeper, parts, name);
        if (!artifact) continue;
        if (artifact->is_result()) {
            total += artifact->bytes();
            ++files;
        }
        artifacts.push_back(std::move(*artifact));
    }
    std::sort(artifacts.begin(), artifacts.end(), [](const SweptArtifact& a, const SweptArtifact& b) {
        return std::pair(a.modified(), std::string_view(a.name)) < std::pair(b.modified(), std::string_view(b.name));
    });
    for (const SweptArtifact& artifact : artifacts) {
        const bool too_old = options.max_age && is_older(artifact.modified(), now, seconds_of(*options.max_age));
        const bool too_big = options.max_total_bytes && total > *options.max_total_bytes;
        const bool too_many = options.max_files && files > *options.max_files;
        if (!too_old && (!artifact.is_result() || (!too_big && !too_many))) continue;
        const auto remove_sidecar = [&] {
            return !artifact.sidecar ||
                   sweeper.remove(concat({artifact.name, sidecar_suffix}), *artifact.sidecar, [] { return true; });
        };
        const bool removed = artifact.parts ? parts.remove(artifact.name, artifact.entry, *artifact.parts)
                                            : sweeper.remove(artifact.name, artifact.entry, remove_sidecar);
        if (!removed || !artifact.is_result()) continue;
        total -= artifact.bytes();
        --files;
    }
    return report;
}

}  // namespace detail

CURTAIL_INLINE CleanupReport remove_stale_artifacts(const std::string& dir, std::chrono::seconds age,
                                                    LivenessCheck check) {
    return detail::remove_stale_artifacts(dir, detail::seconds_of(age), check, detail::LocalSystem());
}

CURTAIL_INLINE CleanupReport prune_artifacts(const std::string& dir, const PruneOptions& options) {
    return detail::prune_artifacts(dir, options, detail::LocalSystem());
}

}  // namespace curtail::inline v0
#endif
