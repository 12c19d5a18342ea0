// SPDX-License-Identifier: MIT
#pragma once
// Removes files of a directory by name, and nothing that took the name meanwhile.

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/file/file_error.hpp>
#include <curtail/artifact/housekeeping/hidden_name.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/system_call.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// Returns true for predictions_{job_id}.csv and predictions_{job_id}.csv.gz.
constexpr bool is_artifact_name(std::string_view name) noexcept {
    return name.find_first_of("/\\") == std::string_view::npos && !job_id_of(name).empty();
}

// Returns the name of the artifact whose metadata file has this name; empty for other names.
constexpr std::string_view artifact_of_sidecar(std::string_view name) noexcept {
    if (!name.ends_with(sidecar_suffix)) return {};
    name.remove_suffix(sidecar_suffix.size());
    return is_artifact_name(name) ? name : std::string_view();
}

// Returns the process whose temporary file of an artifact or its metadata has this name; 0 for other names.
constexpr std::int64_t temporary_writer(std::string_view name) noexcept {
    const auto [stem, process] = hidden_name(name, ".tmp");
    if (!artifact_of_sidecar(stem).empty()) return process;
    return stem.starts_with(artifact_prefix) && is_job_id(stem.substr(artifact_prefix.size())) ? process : 0;
}

// Returns the name that a file had before it was set aside under this one; empty for other names.
constexpr std::string_view name_before(std::string_view name) noexcept {
    const std::string_view stem = hidden_name(name, ".old").stem;
    return is_artifact_name(stem) || !artifact_of_sidecar(stem).empty() ? stem : std::string_view();
}

// What a sweep has removed; see CleanupReport.
struct Swept {
    std::vector<std::string>& removed;
    std::vector<std::string>& failed;
    std::uint64_t& bytes;
};

// Looks up and removes the regular files of a directory by name. Tests bring other systems.
template <class System>
class Sweeper {
  public:
    Sweeper(std::string_view dir, System system, Swept report)
        : system_(std::move(system)), path_(dir), report_(report) {
        directory_ = uninterrupted([&] { return system_.open_directory(path_.c_str()); });
        if (directory_ < 0) fail("open directory");
    }
    Sweeper(const Sweeper&) = delete;
    Sweeper& operator=(const Sweeper&) = delete;
    ~Sweeper() {
        if (directory_ >= 0) (void)system_.close(directory_);
    }

    [[nodiscard]] System& system() noexcept { return system_; }
    [[nodiscard]] Swept report() const noexcept { return report_; }

    // Returns the names of the directory, after what a killed sweep has set aside got its name back.
    [[nodiscard]] std::vector<std::string> names() {
        std::vector<std::string> out = list();
        bool changed = false;
        for (const std::string& name : out) {
            const std::string before(name_before(name));
            if (before.empty() || !regular(name)) continue;
            put_back(name, before);
            changed = true;
        }
        return changed ? list() : out;
    }

    // Returns the entry of a regular file; nothing for other kinds, such as symbolic links, and for a missing file.
    [[nodiscard]] std::optional<FileEntry> regular(const std::string& name) {
        FileEntry entry;
        if (look_up(name, entry) < 0) return {};
        return entry.regular ? std::optional<FileEntry>(entry) : std::nullopt;
    }

    // Removes the published file `name` if it is still the one that `seen` describes. Returns false if the system
    // refused.
    //
    // Between a look and a removal another run may publish a new file of this name. So the file gets a name that no run
    // uses, is looked at there, and is removed or gets its name back, unless that is taken by then. A process that is
    // killed in between leaves it there for the next sweep, which gives it its name back.
    //
    // `first` is called when it is certain that the file will go, and returns false if it has to stay.
    template <class First>
    bool remove(const std::string& name, const FileEntry& seen, First first) {
        if (const auto now = regular(name); !now || !is_same(*now, seen)) return true;
        const std::string aside = new_hidden_name(system_, name, ".old");
        const bool renamed = system_.rename(directory_, name.c_str(), aside.c_str()) == 0;
        const int error = errno;
        FileEntry now;
        if (look_up(aside, now) < 0) {
            if (errno != ENOENT) put_back(aside, name);
            if (renamed || error == ENOENT) return true;  // another sweep, or its owner, was faster
            report_.failed.push_back(name);
            return false;
        }
        if (!is_same(now, seen)) {
            put_back(aside, name);
            return true;
        }
        if (first() && remove_seen(aside, name, seen)) return true;
        put_back(aside, name);
        return false;
    }

    // Removes the temporary file `name` if it is still the one that `seen` describes and no run has its lock. `may_go`
    // is called while no run can take the lock. The report calls the file `shown`.
    template <class MayGo>
    void remove_temporary(const std::string& name, const FileEntry& seen, const std::string& shown, MayGo may_go) {
        const int file = uninterrupted([&] { return system_.open_to_lock(directory_, name.c_str()); });
        const Closing closing(system_, file);
        // Where it cannot be opened or locked, its age and its process decide.
        if (file >= 0 && system_.lock(file, 0) < 0 && errno == EWOULDBLOCK) return;
        if (may_go()) (void)remove_seen(name, shown, seen);
    }

    // Gives what was set aside its name back. If a new file has it by then, that one has replaced the other.
    void put_back(const std::string& aside, const std::string& name) {
        if (system_.rename_exclusive(directory_, aside.c_str(), name.c_str()) == 0) return;
        FileEntry taken;
        if (errno != EEXIST && system_.link(directory_, aside.c_str(), name.c_str()) < 0 && errno != EEXIST) {
            // Without a call that spares an existing file, looks first and then renames.
            if (look_up(name, taken) < 0 && errno == ENOENT) {
                (void)system_.rename(directory_, aside.c_str(), name.c_str());
                return;
            }
        }
        if (look_up(name, taken) == 0 && !taken.directory) (void)system_.remove(directory_, aside.c_str());
    }

    // Returns the entry of a directory; nothing for other kinds.
    [[nodiscard]] std::optional<FileEntry> directory(const std::string& name) {
        FileEntry entry;
        if (look_up(name, entry) < 0) return {};
        return entry.directory ? std::optional<FileEntry>(entry) : std::nullopt;
    }

    // Returns the path of a name of this directory.
    [[nodiscard]] std::string path_of(std::string_view name) const {
        return concat({path_, ends_with_separator(path_) ? "" : "/", name});
    }

    [[nodiscard]] int descriptor() const noexcept { return directory_; }

  private:
    [[noreturn]] void fail(std::string_view operation) {
        throw artifact_failure(to_valid_utf8(path_), operation, errno, "nothing was removed");
    }

    [[nodiscard]] static bool is_same(const FileEntry& a, const FileEntry& b) noexcept {
        return a.is(b) && a.modified == b.modified && a.bytes == b.bytes;
    }

    [[nodiscard]] std::vector<std::string> list() {
        std::vector<std::string> out;
        if (system_.list(directory_, out) < 0) fail("read directory");
        return out;
    }

    [[nodiscard]] int look_up(const std::string& name, FileEntry& entry) {
        return uninterrupted([&] { return system_.look_up(directory_, name.c_str(), entry); });
    }

    // Removes `name`, which the report calls `shown`, if it is what `seen` describes. Returns false if the system
    // refused.
    bool remove_seen(const std::string& name, const std::string& shown, const FileEntry& seen) {
        const auto now = regular(name);
        if (!now || !is_same(*now, seen)) return true;
        if (uninterrupted([&] { return system_.remove(directory_, name.c_str()); }) < 0) {
            FileEntry left;
            if (look_up(name, left) == 0 || errno != ENOENT) {
                report_.failed.push_back(shown);
                return false;
            }
        }
        report_.removed.push_back(shown);
        report_.bytes += seen.bytes;
        return true;
    }

    [[no_unique_address]] System system_;
    std::string path_;
    Swept report_;
    int directory_ = -1;
};

}  // namespace curtail::inline v0::detail
