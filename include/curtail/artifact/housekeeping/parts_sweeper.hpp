// SPDX-License-Identifier: MIT
#pragma once
// Removes what is left of attempts in directories of parts, and directories that are no longer wanted.

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/housekeeping/hidden_name.hpp>
#include <curtail/artifact/housekeeping/sweeper.hpp>
#include <curtail/artifact/parts/part_names.hpp>
#include <curtail/artifact/parts/part_store.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/system_call.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

// Returns the name that a directory of parts had before it was set aside under this one; empty for other names.
constexpr std::string_view parts_name_before(std::string_view name) noexcept {
    const std::string_view stem = hidden_name(name, ".old").stem;
    return is_parts_directory_name(stem) ? stem : std::string_view();
}

// A directory of parts as a sweep has found it.
struct SweptParts {
    std::optional<FileEntry> manifest;  // absent as long as the job is under way
    bool has_mark = false;              // false if no attempt has begun
    FileTime modified;                  // of the manifest, else the last of any file
    std::uint64_t bytes = 0;
    std::vector<std::string> names;
};

// The directories of parts among the names of a directory of artifacts.
template <class System>
class PartsSweeper {
  public:
    // `artifacts` must outlive the sweeper.
    explicit PartsSweeper(Sweeper<System>& artifacts) : artifacts_(artifacts), report_(artifacts.report()) {}

    // Goes on with directories that a killed sweep has set aside: gives a complete one its name back, and removes what
    // is left of the others.
    void resume(const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            const std::string before(parts_name_before(name));
            if (before.empty() || !artifacts_.directory(name)) continue;
            const auto found = look(name);
            if (!found) continue;
            if (found->manifest) {
                artifacts_.put_back(name, before);
            } else {
                (void)remove_all(name, before, *found);
            }
        }
    }

    // Removes the files of attempts for which is_gone(entry, process) is true. Gives a committed part whose attempt
    // died its name.
    template <class IsGone>
    void remove_attempts(const std::string& parts, IsGone is_gone) {
        PartStore<System> store(artifacts_.system(), artifacts_.path_of(parts));
        try {
            const bool begun = store.open(false);
            if (store.busy()) return;
            Sweeper<System> sweeper(store.path(), artifacts_.system(), report_);
            for (const std::string& name : sweeper.names()) {
                const std::int64_t writer = part_writer(name);
                const auto entry = writer != 0 ? sweeper.regular(name) : std::nullopt;
                if (!entry || !is_gone(*entry, writer)) continue;
                const auto number = number_of_attempt(name);
                sweeper.remove_temporary(name, *entry, concat({parts, "/", name}),
                                         [&] { return !number || !begun || !is_committed(store, *number, name); });
            }
        } catch (const ArtifactError&) {
            report_.failed.push_back(parts);  // one directory that cannot be read is not a reason to leave the others
        }
    }

    // Returns what is in a directory of parts; nothing if it holds anything else, or cannot be looked into.
    [[nodiscard]] std::optional<SweptParts> look(const std::string& parts) {
        try {
            Sweeper<System> sweeper(artifacts_.path_of(parts), artifacts_.system(), report_);
            SweptParts out;
            for (std::string& name : sweeper.names()) {
                if (name == "." || name == "..") continue;
                const auto entry = sweeper.regular(name);
                if (!entry || !is_name_of_parts(name)) return {};
                if (name == manifest_name) out.manifest = entry;
                out.has_mark = out.has_mark || name == parts_mark;
                out.modified = (std::max)(out.modified, entry->modified);
                out.bytes += entry->bytes;
                out.names.push_back(std::move(name));
            }
            if (out.manifest) out.modified = out.manifest->modified;
            return out;
        } catch (const ArtifactError&) {
            return {};
        }
    }

    // Removes a directory if it is still what `seen` describes, and nobody uses it. Returns false if it stays.
    //
    // The mark is locked first, so that no attempt begins. Then the directory gets a name that nobody uses, in one
    // step.
    bool remove(const std::string& parts, const FileEntry& entry, const SweptParts& seen) {
        System& system = artifacts_.system();
        const std::string aside = new_hidden_name(system, parts, ".old");
        int error = 0;
        {
            const int dir = uninterrupted([&] { return system.open_directory(artifacts_.path_of(parts).c_str()); });
            if (dir < 0) return errno == ENOENT;
            const Closing closing(system, dir);
            const std::string mark(parts_mark);
            const int file = uninterrupted([&] { return system.open_to_lock(dir, mark.c_str()); });
            const Closing unlocking(system, file);
            if (file >= 0 && system.lock(file, 0) < 0 && errno == EWOULDBLOCK) return false;  // in use
            const auto now = artifacts_.directory(parts);
            const auto found = now && now->is(entry) ? look(parts) : std::nullopt;
            if (!found || found->modified != seen.modified || found->bytes != seen.bytes) return false;
            if (system.rename(artifacts_.descriptor(), parts.c_str(), aside.c_str()) < 0) error = errno;
        }
        // Windows renames no directory in which a file is open. For the same reason nobody can have begun there.
        if (error == EBUSY || error == EACCES) {
            (void)system.rename(artifacts_.descriptor(), parts.c_str(), aside.c_str());
        }
        const auto moved = artifacts_.directory(aside);
        if (!moved) {
            if (artifacts_.directory(parts)) report_.failed.push_back(parts);
            return false;
        }
        if (!moved->is(entry)) {
            artifacts_.put_back(aside, parts);
            return false;
        }
        return remove_all(aside, parts, seen);
    }

  private:
    // Returns true if the record of the part names this file, and gives the file its own name then.
    [[nodiscard]] static bool is_committed(PartStore<System>& store, std::uint64_t number, const std::string& name) {
        const auto head = store.head(number);
        if (!head || head->record.attempt != name) return false;
        (void)store.forward(head->record);
        return true;
    }

    // Removes a directory that was set aside. The manifest goes first: without it a later sweep goes on.
    bool remove_all(const std::string& aside, const std::string& parts, const SweptParts& seen) {
        System& system = artifacts_.system();
        std::vector<std::string> names = seen.names;
        std::stable_partition(names.begin(), names.end(),
                              [](const std::string& name) { return name == manifest_name; });
        {
            const int dir = uninterrupted([&] { return system.open_directory(artifacts_.path_of(aside).c_str()); });
            if (dir >= 0) {
                const Closing closing(system, dir);
                for (const std::string& name : names) {
                    const bool removed = uninterrupted([&] { return system.remove(dir, name.c_str()); }) == 0;
                    FileEntry left;
                    const bool is_there =
                        !removed && uninterrupted([&] { return system.look_up(dir, name.c_str(), left); }) == 0;
                    if (name == manifest_name && is_there) break;
                }
            }
        }
        (void)uninterrupted([&] { return system.remove_directory(artifacts_.descriptor(), aside.c_str()); });
        if (!artifacts_.directory(aside)) {
            report_.removed.push_back(parts);
            report_.bytes += seen.bytes;
            return true;
        }
        const auto left = look(aside);
        if (left && left->manifest) artifacts_.put_back(aside, parts);
        report_.failed.push_back(parts);
        return false;
    }

    Sweeper<System>& artifacts_;
    Swept report_;
};

}  // namespace curtail::inline v0::detail
