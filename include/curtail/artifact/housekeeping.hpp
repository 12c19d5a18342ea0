// SPDX-License-Identifier: MIT
#pragma once
// Removes what nobody else removes: temporary files of killed runs, and artifacts that are too old or too many.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

/// What a call has removed. Names are without their directory.
struct CleanupReport {
    std::vector<std::string> removed;  ///< The files that are gone, in the order of removal.
    std::vector<std::string> failed;   ///< Files that the system refused to remove, such as another user's.
    std::uint64_t bytes = 0;           ///< The size of all removed files.
};

/// How remove_stale_artifacts() knows that the process of a temporary file is gone.
enum class LivenessCheck : std::uint8_t {
    by_pid,    ///< Keeps the file while a process of its number runs on this machine.
    age_only,  ///< Looks at the age only: for containers, where every worker is process 1, and for network directories.
};

/// What a directory of artifacts may hold. What is not set limits nothing. Default: nothing is set, nothing is removed.
struct PruneOptions {
    /// Removes artifacts whose last change is at least this long ago.
    std::optional<std::uint64_t> max_age_seconds = std::nullopt;

    /// Then removes the oldest until the others, with their metadata files, have at most this size.
    std::optional<std::uint64_t> max_total_bytes = std::nullopt;

    /// Then removes the oldest until at most this many artifacts are left.
    std::optional<std::uint64_t> max_files = std::nullopt;
};

/// Removes the temporary files that killed runs left in `dir`: regular files named exactly
/// .predictions_{job_id}.{pid}-{16 hex digits}.tmp, unchanged for at least `age_seconds`, whose process is gone.
/// Touches nothing else and follows no link. Choose an age above the longest pause between two writes of a run. Throws
/// ArtifactError (no_directory, no_permission or io_failed) if the directory cannot be read.
CleanupReport remove_stale_artifacts(const std::string& dir, std::uint64_t age_seconds,
                                     LivenessCheck check = LivenessCheck::by_pid);

/// Removes the oldest artifacts of `dir` until it keeps the limits: regular files named exactly
/// predictions_{job_id}.csv, each after its metadata file predictions_{job_id}.csv-metadata.json. A file that is being
/// written has no such name yet and is never removed. Touches nothing else and follows no link. Throws ArtifactError
/// (no_directory, no_permission or io_failed) if the directory cannot be read.
///
///     curtail::prune_artifacts("/data", {.max_age_seconds = 7 * 24 * 3600, .max_files = 1000});
CleanupReport prune_artifacts(const std::string& dir, const PruneOptions& options);

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/file/file_error.hpp>
#include <curtail/artifact/file/local_system.hpp>
#include <curtail/artifact/file/system_call.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0 {
namespace detail {

constexpr bool all_of_bytes(std::string_view text, std::string_view allowed) noexcept {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

// Returns true for predictions_{job_id}.csv.
constexpr bool is_artifact_name(std::string_view name) noexcept {
    if (!name.starts_with(artifact_prefix) || !name.ends_with(artifact_suffix)) return false;
    if (name.size() < artifact_prefix.size() + artifact_suffix.size()) return false;
    name.remove_prefix(artifact_prefix.size());
    name.remove_suffix(artifact_suffix.size());
    return is_job_id(name);
}

// Returns the process id in .predictions_{job_id}.{pid}-{16 hex digits}.tmp, of an artifact or its sidecar; 0 for other
// names.
constexpr std::int64_t temporary_writer(std::string_view name) noexcept {
    constexpr std::size_t tail = 16 + std::string_view("-.tmp").size();
    if (!name.starts_with('.') || !name.ends_with(".tmp") || name.size() <= tail) return 0;
    name.remove_prefix(1);
    if (!name.starts_with(artifact_prefix)) return 0;
    name.remove_prefix(artifact_prefix.size());
    if (name.size() <= tail || name[name.size() - tail] != '-') return 0;
    if (!all_of_bytes(name.substr(name.size() - tail + 1, 16), "0123456789abcdef")) return 0;
    name.remove_suffix(tail);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return 0;
    std::string_view id = name.substr(0, dot);
    constexpr std::string_view sidecar = ".csv-metadata.json";
    if (id.ends_with(sidecar)) id.remove_suffix(sidecar.size());
    const std::string_view pid = name.substr(dot + 1);
    if (pid.empty() || pid.size() > 10 || pid.front() == '0' || !all_of_bytes(pid, "0123456789")) return 0;
    std::int64_t value = 0;
    for (const char digit : pid) value = value * 10 + (digit - '0');
    return is_job_id(id) && value <= INT32_MAX ? value : 0;
}

// Looks up and removes the regular files of a directory by name. Tests bring other systems.
template <class System>
class Sweeper {
  public:
    using Entry = typename System::Entry;

    Sweeper(std::string_view dir, System system) : system_(std::move(system)), path_(dir) {
        directory_ = uninterrupted([&] { return system_.open_directory(path_.c_str()); });
        if (directory_ < 0) fail("open directory");
    }
    Sweeper(const Sweeper&) = delete;
    Sweeper& operator=(const Sweeper&) = delete;
    ~Sweeper() {
        if (directory_ >= 0) (void)system_.close(directory_);
    }

    [[nodiscard]] System& system() noexcept { return system_; }

    [[nodiscard]] std::vector<std::string> names() {
        std::vector<std::string> out;
        if (system_.list(directory_, out) < 0) fail("read directory");
        return out;
    }

    // Returns the entry of a regular file; nothing for other kinds, such as symbolic links, and for a missing file.
    [[nodiscard]] std::optional<Entry> regular(const std::string& name) {
        Entry entry;
        if (uninterrupted([&] { return system_.look_up(directory_, name.c_str(), entry); }) < 0) return {};
        return entry.regular ? std::optional<Entry>(entry) : std::nullopt;
    }

    // Removes `name` if it is still the file that `seen` describes. Returns false if the system refused.
    bool remove(const std::string& name, const Entry& seen, CleanupReport& report) {
        const auto now = regular(name);
        if (!now || now->inode != seen.inode || now->device != seen.device || now->modified != seen.modified) {
            return true;
        }
        if (uninterrupted([&] { return system_.remove(directory_, name.c_str()); }) == 0) {
            report.removed.push_back(name);
            report.bytes += seen.bytes;
            return true;
        }
        if (errno == ENOENT) return true;
        report.failed.push_back(name);
        return false;
    }

  private:
    [[noreturn]] void fail(std::string_view operation) {
        throw artifact_failure(to_valid_utf8(path_), operation, errno, "nothing was removed");
    }

    [[no_unique_address]] System system_;
    std::string path_;
    int directory_ = -1;
};

template <class System>
CleanupReport remove_stale_artifacts(const std::string& dir, std::uint64_t age_seconds, LivenessCheck check,
                                     System system) {
    Sweeper<System> sweeper(dir, std::move(system));
    const FileTime now = sweeper.system().now();
    CleanupReport report;
    for (const std::string& name : sweeper.names()) {
        const std::int64_t writer = temporary_writer(name);
        if (writer == 0) continue;
        const auto entry = sweeper.regular(name);
        if (!entry || !is_older(entry->modified, now, age_seconds)) continue;
        if (check == LivenessCheck::by_pid && sweeper.system().process_is_alive(writer)) continue;
        sweeper.remove(name, *entry, report);
    }
    return report;
}

template <class System>
CleanupReport prune_artifacts(const std::string& dir, const PruneOptions& options, System system) {
    struct Artifact {
        std::string name;
        typename System::Entry entry;
        std::optional<typename System::Entry> sidecar;
    };
    Sweeper<System> sweeper(dir, std::move(system));
    const FileTime now = sweeper.system().now();
    std::vector<Artifact> artifacts;
    std::uint64_t total = 0;
    for (std::string& name : sweeper.names()) {
        if (!is_artifact_name(name)) continue;
        const auto entry = sweeper.regular(name);
        if (!entry) continue;
        const auto sidecar = sweeper.regular(concat({name, sidecar_suffix}));
        total += entry->bytes + (sidecar ? sidecar->bytes : 0);
        artifacts.push_back({std::move(name), *entry, sidecar});
    }
    std::sort(artifacts.begin(), artifacts.end(), [](const Artifact& a, const Artifact& b) {
        return std::pair(a.entry.modified, std::string_view(a.name)) <
               std::pair(b.entry.modified, std::string_view(b.name));
    });
    std::uint64_t files = artifacts.size();
    CleanupReport report;
    for (const Artifact& artifact : artifacts) {
        const bool too_old =
            options.max_age_seconds && is_older(artifact.entry.modified, now, *options.max_age_seconds);
        const bool too_big = options.max_total_bytes && total > *options.max_total_bytes;
        const bool too_many = options.max_files && files > *options.max_files;
        if (!too_old && !too_big && !too_many) break;
        if (artifact.sidecar && !sweeper.remove(concat({artifact.name, sidecar_suffix}), *artifact.sidecar, report)) {
            continue;
        }
        if (!sweeper.remove(artifact.name, artifact.entry, report)) continue;
        total -= artifact.entry.bytes + (artifact.sidecar ? artifact.sidecar->bytes : 0);
        --files;
    }
    return report;
}

}  // namespace detail

CURTAIL_INLINE CleanupReport remove_stale_artifacts(const std::string& dir, std::uint64_t age_seconds,
                                                    LivenessCheck check) {
    return detail::remove_stale_artifacts(dir, age_seconds, check, detail::LocalSystem());
}

CURTAIL_INLINE CleanupReport prune_artifacts(const std::string& dir, const PruneOptions& options) {
    return detail::prune_artifacts(dir, options, detail::LocalSystem());
}

}  // namespace curtail::inline v0
#endif
