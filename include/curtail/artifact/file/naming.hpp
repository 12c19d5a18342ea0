// SPDX-License-Identifier: MIT
#pragma once
// Creates a file in a directory and gives it its name there, by the means that the directory has.

#include <cerrno>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/file/file_error.hpp>
#include <curtail/artifact/housekeeping/hidden_name.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/system_call.hpp>
#if defined(_WIN32)
#include <curtail/artifact/system/windows_path.hpp>
#endif
#include <curtail/artifact/file_options.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/quoted_text.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// Returns `path` as an absolute path. Throws UsageError if it does not name a file or the mode is not 0..0777, and
// ArtifactError if the current directory cannot be found.
template <class System>
[[nodiscard]] std::string file_path(std::string_view path, const AtomicFileOptions& options, System& system) {
#if defined(_WIN32)
    const std::string_view name = path.substr(path.find_last_of("/\\") + 1);  // npos + 1 is 0
    std::string_view reason = broken_windows_name_rule(name);
#else
    const std::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
    std::string_view reason;
#endif
    if (name.empty() || name == "." || name == "..") reason = " names no file";
    if (path.find('\0') != std::string_view::npos) reason = " holds a NUL byte";
    if (!reason.empty()) {
        throw UsageError(ErrorCode::invalid_option, concat({"the artifact's path ", quoted_for_error(path), reason}));
    }
    if (options.mode > 0777) {
        throw UsageError(ErrorCode::invalid_option, "a file mode has the permission bits 0..0777 and no others");
    }
    std::string absolute = absolute_path_now(path, system);
    if (absolute.empty()) {
        throw artifact_failure(to_valid_utf8(path), "find current directory", errno, "nothing was written");
    }
    return absolute;
}

// The names of one file in one directory: the temporary one, if it has one, and the final one. create() tries all that
// publish() will need, on names that nobody looks at, and remembers which way works. publish() allocates nothing.
template <class System>
class Naming {
  public:
    // `path` is absolute.
    Naming(System system, std::string_view path, bool replaces)
        : system_(std::move(system)),
          directory_path_(parent_of(path)),
          name_(path.substr(path.rfind('/') + 1)),
          replaces_(replaces) {}

    [[nodiscard]] System& system() noexcept { return system_; }
    [[nodiscard]] int directory() const noexcept { return directory_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] bool replaces() const noexcept { return replaces_; }
    [[nodiscard]] bool has_temporary() const noexcept { return !temporary_.empty(); }

    // Returns true if a naming call failed and it cannot be told whether it acted.
    [[nodiscard]] bool unknown() const noexcept { return unknown_; }

    [[nodiscard]] Fault open_directory() {
        directory_ = uninterrupted([&] { return system_.open_directory(directory_path_.c_str()); });
        return directory_ < 0 ? Fault{"open directory", errno} : Fault{};
    }

    // Looks up what has the final name. Returns 0, or -1 with errno set.
    [[nodiscard]] int look_up(FileEntry& entry) {
        return uninterrupted([&] { return system_.look_up(directory_, name_.c_str(), entry); });
    }

    // Creates the file and locks it, so that housekeeping knows that its run lives. Stores its descriptor, also if
    // something fails after its creation.
    [[nodiscard]] Fault create(int& file) {
        if (can_link()) {
            file = uninterrupted([&] { return system_.open_unnamed(directory_); });
            if (file >= 0) {
                (void)system_.lock(file, 0);
                return {};
            }
        }
        return create_named(file);
    }

    // Gives an unnamed file a temporary name if its final one must be taken by a rename.
    [[nodiscard]] Fault prepare(int file, const FileEntry& own) {
        if (!replaces_ || !temporary_.empty()) return {};
        const int error = link_temporary(file, own);
        return error != 0 ? Fault{"replace", error} : Fault{};
    }

    [[nodiscard]] Fault publish(int file, const FileEntry& own) noexcept {
        if (temporary_.empty()) {
            const int error = give(
                name_, own, [&] { return system_.link_unnamed(file, directory_, name_.c_str()); }, &unknown_);
            return error != 0 ? Fault{"publish", error} : Fault{};
        }
        const char* const from = temporary_.c_str();
        const auto take = [&] {
            if (replaces_) return system_.rename(directory_, from, name_.c_str());
            if (renames_) return system_.rename_exclusive(directory_, from, name_.c_str());
            return system_.link(directory_, from, name_.c_str());
        };
        const int error = give(name_, own, take, &unknown_);
        if (error != 0) return {replaces_ ? "replace" : "publish", error};
        if (!replaces_ && !renames_) {
            remove_name(temporary_);
        } else {
            temporary_.clear();
        }
        return {};
    }

    // Keeps what has the final name under another one, if the directory allows it.
    void keep_old() {
        std::string kept = temporary_name();
        FileEntry old;
        if (look_up(old) < 0) return;
        const auto link = [&] { return system_.link(directory_, name_.c_str(), kept.c_str()); };
        if (give(kept, old, link) == 0) kept_ = std::move(kept);
    }
    // Gives what keep_old() kept its name back.
    void restore_old() noexcept {
        if (!kept_.empty())
            (void)uninterrupted([&] { return system_.rename(directory_, kept_.c_str(), name_.c_str()); });
    }

    // Removes the final name if `own` still has it. Returns false if that may have failed.
    [[nodiscard]] bool withdraw(const FileEntry& own) noexcept {
        FileEntry now;
        if (system_.look_up(directory_, name_.c_str(), now) < 0) return errno == ENOENT;
        if (!now.is(own)) return true;
        return uninterrupted([&] { return system_.remove(directory_, name_.c_str()); }) == 0 || errno == ENOENT;
    }

    // Removes the final name, whatever has it.
    void remove_final() noexcept { (void)system_.remove(directory_, name_.c_str()); }

    void remove_temporary() noexcept {
        remove_name(temporary_);
        remove_name(kept_);
    }

    // Forgets the names and leaves them as they are, because they are another process's.
    void forget() noexcept {
        temporary_.clear();
        kept_.clear();
    }

    void close() noexcept {
        if (directory_ >= 0) (void)system_.close(std::exchange(directory_, -1));
    }

  private:
    // Makes a call that gives a file a name. Returns 0 if the file has the name, whatever the call says: a network file
    // system may lose the answer and find the name taken when it asks again. Otherwise returns the call's errno, and
    // stores in `unknown` whether the file may have the name all the same.
    template <class Call>
    [[nodiscard]] int give(const std::string& name, const FileEntry& own, Call call, bool* unknown = nullptr) noexcept {
        if (call() == 0) return 0;
        const int error = errno != 0 ? errno : EIO;
        FileEntry now;
        const int found = uninterrupted([&] { return system_.look_up(directory_, name.c_str(), now); });
        if (found == 0 && now.is(own)) return 0;
        if (unknown != nullptr) *unknown = found < 0 && errno != ENOENT;
        return error;
    }

    // Returns ".predictions_x.4711-0123456789abcdef.tmp" for "predictions_x.csv" and "predictions_x.csv.gz", and
    // ".part-00003.4711-….tmp" for ".part-00003.summary", which is hidden itself.
    [[nodiscard]] std::string temporary_name() {
        std::string_view stem = name_;
        if (stem.ends_with(".csv.gz")) stem.remove_suffix(3);
        if (stem.ends_with(artifact_suffix)) stem.remove_suffix(artifact_suffix.size());
        if (stem.starts_with('.')) stem = stem.substr(1, stem.substr(1).find('.'));
        // The rest takes at most 42 bytes, and a name at most 255.
        return new_hidden_name(system_, utf8_prefix(stem, 200), ".tmp");
    }

    // Gives an unnamed file a temporary name. Returns 0 or an errno.
    [[nodiscard]] int link_temporary(int file, const FileEntry& own) {
        for (int attempt = 0;; ++attempt) {
            std::string name = temporary_name();
            const int error = give(name, own, [&] { return system_.link_unnamed(file, directory_, name.c_str()); });
            if (error == 0) temporary_ = std::move(name);
            if (error != EEXIST) return error;
            if (attempt == attempts) return EIO;
        }
    }

    // Returns true if an unnamed file can get its name in this directory. Tries it with an empty one: security rules
    // and some file systems allow to create a file and refuse to link it.
    [[nodiscard]] bool can_link() {
        const int probe = uninterrupted([&] { return system_.open_unnamed(directory_); });
        if (probe < 0) return false;
        FileEntry own;
        const bool can =
            system_.describe(probe, own) == 0 && link_temporary(probe, own) == 0 && (!replaces_ || !try_rename(own));
        remove_temporary();
        (void)system_.close(probe);
        return can;
    }

    [[nodiscard]] Fault create_named(int& file) {
        for (int attempt = 0; attempt <= attempts; ++attempt) {
            std::string name = temporary_name();
            file = system_.open_exclusive(directory_, name.c_str());
            if (file < 0) {
                const int error = errno;
                if (error == EEXIST) continue;
                (void)system_.remove(directory_, name.c_str());  // the call may have acted
                if (error == EINTR) continue;
                return {"create", error};
            }
            temporary_ = std::move(name);
            FileEntry own;
            if (system_.describe(file, own) < 0) return {"create", errno};
            (void)system_.lock(file, 0);
            // Until it was locked, housekeeping could take it for a dead run's.
            FileEntry now;
            if (system_.look_up(directory_, temporary_.c_str(), now) == 0 && now.is(own)) {
                return replaces_ ? try_rename(own) : try_exclusive(own);
            }
            (void)system_.close(std::exchange(file, -1));
            remove_temporary();
        }
        return {"create", EIO};
    }

    // Renames the temporary file to another temporary name, as publish() will rename it.
    [[nodiscard]] Fault try_rename(const FileEntry& own) {
        std::string to = temporary_name();
        const int error = give(to, own, [&] { return system_.rename(directory_, temporary_.c_str(), to.c_str()); });
        if (error != 0) return {"replace", error};
        temporary_ = std::move(to);
        return {};
    }

    // Does the same by the calls that spare an existing file, and finds out which of them works.
    [[nodiscard]] Fault try_exclusive(const FileEntry& own) {
        std::string to = temporary_name();
        const auto rename = [&] { return system_.rename_exclusive(directory_, temporary_.c_str(), to.c_str()); };
        const auto link = [&] { return system_.link(directory_, temporary_.c_str(), to.c_str()); };
        const int rename_error = give(to, own, rename);
        renames_ = rename_error == 0;
        if (!renames_) {
            const int error = give(to, own, link);
            // Returns the refusal that says more about the cause.
            if (error != 0)
                return {"publish", is_unsupported(error) && !is_unsupported(rename_error) ? rename_error : error};
            remove_name(temporary_);
        }
        temporary_ = std::move(to);
        return {};
    }

    void remove_name(std::string& name) noexcept {
        if (name.empty()) return;
        // Tries twice, because a signal may interrupt the first call and nobody else cleans up.
        if (system_.remove(directory_, name.c_str()) < 0) (void)system_.remove(directory_, name.c_str());
        name.clear();
    }

    static constexpr int attempts = 15;

    [[no_unique_address]] System system_;
    std::string directory_path_;
    std::string name_;
    std::string temporary_;  // empty while the file has no temporary name
    std::string kept_;       // the name of what had the final name; empty if it is not kept
    int directory_ = -1;
    bool replaces_;
    bool renames_ = false;  // by rename_exclusive(), not by link() and remove()
    bool unknown_ = false;
};

}  // namespace curtail::inline v0::detail
