// SPDX-License-Identifier: MIT
#pragma once
// What nobody else removes: temporary files of killed runs, and artifacts that are too old or too many.

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/file/posix_system.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0 {

// What a call has removed. Names are without their directory.
struct CleanupReport {
    std::vector<std::string> removed;
    std::vector<std::string> failed;  // should have gone, but the system refused; another user's, say
    std::uint64_t bytes = 0;          // of the removed files
};

// Whether the process whose number a temporary file bears protects it.
enum class LivenessCheck : std::uint8_t {
    by_pid,    // kept while a process of that number lives on this machine
    age_only,  // for containers, where every worker is process 1, and for directories on a network
};

// Limits for a directory of artifacts; one that is not set limits nothing. Default: none, nothing is removed.
struct PruneOptions {
    // Artifacts whose last change is this long ago go.
    std::optional<std::uint64_t> max_age_seconds = std::nullopt;

    // Then the oldest go until the rest, sidecars counted, takes no more than this.
    std::optional<std::uint64_t> max_total_bytes = std::nullopt;

    // And until no more than this many artifacts are left.
    std::optional<std::uint64_t> max_files = std::nullopt;
};

namespace detail {

constexpr bool all_of_bytes(std::string_view text, std::string_view allowed) noexcept {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

// True for predictions_{job_id}.csv.
constexpr bool is_artifact_name(std::string_view name) noexcept {
    if (!name.starts_with(artifact_prefix) || !name.ends_with(artifact_suffix)) return false;
    if (name.size() < artifact_prefix.size() + artifact_suffix.size()) return false;
    name.remove_prefix(artifact_prefix.size());
    name.remove_suffix(artifact_suffix.size());
    return is_job_id(name);
}

// The process in .predictions_{job_id}.{pid}-{16 hex digits}.tmp, of an artifact or its sidecar; 0 for other names.
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

// An open directory whose regular files are looked at and removed by name.
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

    // The entry of a regular file; nothing for any other kind, a symbolic link among them, and for a missing one.
    [[nodiscard]] std::optional<Entry> regular(const std::string& name) {
        Entry entry;
        if (uninterrupted([&] { return system_.look_up(directory_, name.c_str(), entry); }) < 0) return {};
        return entry.regular ? std::optional<Entry>(entry) : std::nullopt;
    }

    // Removes `name` if it still is the file that `seen` describes: one put in its place meanwhile stays. False when
    // the system refused.
    bool remove(const std::string& name, const Entry& seen, CleanupReport& swept) {
        const auto now = regular(name);
        if (!now || now->inode != seen.inode || now->device != seen.device || now->modified_ns != seen.modified_ns) {
            return true;
        }
        if (uninterrupted([&] { return system_.remove(directory_, name.c_str()); }) == 0) {
            swept.removed.push_back(name);
            swept.bytes += seen.bytes;
            return true;
        }
        if (errno == ENOENT) return true;
        swept.failed.push_back(name);
        return false;
    }

    [[nodiscard]] bool is_older(const Entry& entry, std::uint64_t seconds, std::int64_t now_ns) const noexcept {
        const std::int64_t age = now_ns - entry.modified_ns;
        return age > 0 && static_cast<std::uint64_t>(age) / 1'000'000'000 >= seconds;
    }

  private:
    [[noreturn]] void fail(std::string_view operation) {
        throw artifact_failure(to_valid_utf8(path_), operation, errno, "nothing was removed");
    }

    [[no_unique_address]] System system_;
    std::string path_;
    int directory_ = -1;
};

}  // namespace detail

// Removes the temporary files that killed runs of artifacts left in `dir`: regular files named exactly
// .predictions_{job_id}.{pid}-{16 hex digits}.tmp, unchanged for at least `age_seconds`, whose process is gone. Touches
// nothing else and follows no link. Choose an age above the longest pause between two writes of a run. A directory that
// cannot be read is an ArtifactError.
template <class System = detail::PosixSystem>
CleanupReport remove_stale_artifacts(const std::string& dir, std::uint64_t age_seconds,
                                     LivenessCheck check = LivenessCheck::by_pid, System system = {}) {
    detail::Sweeper<System> sweeper(dir, std::move(system));
    const std::int64_t now = sweeper.system().now_ns();
    CleanupReport swept;
    for (const std::string& name : sweeper.names()) {
        const std::int64_t writer = detail::temporary_writer(name);
        if (writer == 0) continue;
        const auto entry = sweeper.regular(name);
        if (!entry || !sweeper.is_older(*entry, age_seconds, now)) continue;
        if (check == LivenessCheck::by_pid && sweeper.system().process_is_alive(writer)) continue;
        sweeper.remove(name, *entry, swept);
    }
    return swept;
}

// Removes the oldest artifacts of `dir` until it keeps the limits: regular files named exactly
// predictions_{job_id}.csv, each after its sidecar predictions_{job_id}.csv-metadata.json. What is being written has no
// such name yet and is out of reach. Touches nothing else and follows no link. A directory that cannot be read is an
// ArtifactError.
template <class System = detail::PosixSystem>
CleanupReport prune_artifacts(const std::string& dir, const PruneOptions& options, System system = {}) {
    using Entry = typename System::Entry;
    struct Artifact {
        std::string name;
        Entry entry;
        std::optional<Entry> sidecar;
    };
    detail::Sweeper<System> sweeper(dir, std::move(system));
    const std::int64_t now = sweeper.system().now_ns();
    std::vector<Artifact> artifacts;
    std::uint64_t total = 0;
    for (std::string& name : sweeper.names()) {
        if (!detail::is_artifact_name(name)) continue;
        const auto entry = sweeper.regular(name);
        if (!entry) continue;
        const auto sidecar = sweeper.regular(name + std::string(detail::sidecar_suffix));
        total += entry->bytes + (sidecar ? sidecar->bytes : 0);
        artifacts.push_back({std::move(name), *entry, sidecar});
    }
    std::sort(artifacts.begin(), artifacts.end(), [](const Artifact& a, const Artifact& b) {
        return std::pair(a.entry.modified_ns, std::string_view(a.name)) <
               std::pair(b.entry.modified_ns, std::string_view(b.name));
    });
    std::uint64_t files = artifacts.size();
    CleanupReport swept;
    for (const Artifact& artifact : artifacts) {
        const bool too_old = options.max_age_seconds && sweeper.is_older(artifact.entry, *options.max_age_seconds, now);
        const bool too_big = options.max_total_bytes && total > *options.max_total_bytes;
        const bool too_many = options.max_files && files > *options.max_files;
        if (!too_old && !too_big && !too_many) break;
        if (artifact.sidecar &&
            !sweeper.remove(artifact.name + std::string(detail::sidecar_suffix), *artifact.sidecar, swept)) {
            continue;
        }
        if (!sweeper.remove(artifact.name, artifact.entry, swept)) continue;
        total -= artifact.entry.bytes + (artifact.sidecar ? artifact.sidecar->bytes : 0);
        --files;
    }
    return swept;
}

}  // namespace curtail::inline v0
