// SPDX-License-Identifier: MIT
#pragma once
// An artifact that is open to be read, and is the same file all the time.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/page/byte_view.hpp>
#include <curtail/artifact/pair/description.hpp>
#include <curtail/artifact/pair/find_pair.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/system_call.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// A regular file under its name, held open. Follows no link in its last part, and never waits for a pipe. Reading may
// be done by several threads at once.
template <class System>
class ArtifactFile final : public ByteView {
  public:
    // Throws UsageError (invalid_option) for a path with a NUL byte, and InputError (unreadable_input) for what is not
    // there, cannot be opened, or is not a regular file.
    explicit ArtifactFile(std::string_view path, System system = System())
        : ArtifactFile(NothingOpen(), std::move(system)) {
        if (path.find('\0') != std::string_view::npos) {
            throw UsageError(ErrorCode::invalid_option, "the artifact's path holds a NUL byte");
        }
        path_ = to_valid_utf8(path);
        const std::string whole = absolute_path_now(path, system_);
        if (whole.empty()) fail_to("find the current directory", errno);
        path_ = to_valid_utf8(whole);
        name_ = whole.substr(whole.rfind('/') + 1);
        const std::string directory(parent_of(whole));
        directory_ = uninterrupted([&] { return system_.open_directory(directory.c_str()); });
        if (directory_ < 0) fail_to("open its directory", errno);
        open();
    }
    ArtifactFile(const ArtifactFile&) = delete;
    ArtifactFile& operator=(const ArtifactFile&) = delete;
    ~ArtifactFile() {
        if (file_ >= 0) (void)system_.close(file_);
        if (directory_ >= 0) (void)system_.close(directory_);
    }

    // Returns the absolute path, valid UTF-8.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept override { return entry_.bytes; }

    // Returns true if the identifier of a description is that of this file as the system shows it.
    [[nodiscard]] bool is_named_by(std::string_view identifier) const { return names_file(identifier, entry_); }

    // Returns the text of the metadata beside the file, if it is of this file; nothing if there is no such text at all.
    // Throws InputError: changed_input if it is of another file, or of what this one was before it changed,
    // malformed_input if it is damaged, and unreadable_input if it is there and cannot be read.
    [[nodiscard]] std::optional<std::string> metadata() {
        const std::string beside = concat({name_, sidecar_suffix});
        auto pair = find_pair(system_, directory_, name_, beside);
        if (!pair) fail_look_up(errno);
        if (!pair->file.is(entry_)) fail_changed();
        if (pair->description) return std::move(pair->description);
        const auto other = read_description(system_, directory_, beside.c_str());
        if (!other) {
            int error = errno;
            FileEntry found;
            if (system_.look_up(directory_, beside.c_str(), found) < 0) {
                error = errno;
                if (error == ENOENT || error == ENAMETOOLONG) return {};
            }
            // Read by the default dialect, the rows could be wrong ones.
            throw InputError(ErrorCode::unreadable_input,
                             concat({"the metadata beside it cannot be read: ", std::generic_category().message(error),
                                     "; give the dialect to read it without them"}),
                             path_);
        }
        if (!is_unchanged(*other)) {
            fail(ErrorCode::malformed_input,
                 "the metadata beside it are damaged: their checksum does not agree; give the dialect to read the file "
                 "without them",
                 entry_.bytes);
        }
        const std::string_view identifier = identifier_in(*other);
        if (identifier.empty()) {
            fail(ErrorCode::changed_input,
                 "the metadata beside it do not say which file they describe, so they are cut off, or not those of "
                 "CsvSink; give the dialect to read it without them",
                 entry_.bytes);
        }
        fail(ErrorCode::changed_input,
             concat({"the metadata beside it is of another file",
                     names_size(identifier, entry_.bytes) ? "" : ", which has another size",
                     ": this one is damaged, or not of the same run; give the dialect to read it without them"}),
             entry_.bytes);
    }

    // Reads as many bytes as there are, at most `to.size()`, and returns their number. Throws InputError
    // (unreadable_input).
    std::size_t read(std::uint64_t offset, std::span<char> to) const override {
        std::size_t done = 0;
        while (done < to.size()) {
            const auto taken = uninterrupted(
                [&] { return system_.read_at(file_, to.data() + done, to.size() - done, offset + done); });
            if (taken < 0) fail_to("read", errno);
            if (taken == 0) break;
            done += static_cast<std::size_t>(taken);
        }
        return done;
    }

    // Throws InputError: changed_input if the file was changed or replaced since it was opened, and unreadable_input if
    // the system does not say.
    void expect_unchanged() const {
        FileEntry now;
        FileEntry named;
        if (system_.describe(file_, now) < 0) fail_to("look at", errno);
        const bool same = now.bytes == entry_.bytes && now.modified == entry_.modified;
        if (!same) fail_changed();
        if (system_.look_up(directory_, name_.c_str(), named) < 0) fail_look_up(errno);
        if (!named.is(entry_)) fail_changed();
    }

    // Throws InputError.
    [[noreturn]] void fail(ErrorCode code, std::string_view text, std::uint64_t offset) const override {
        throw InputError(code, text, path_, InputError::Offset{offset});
    }

  private:
    struct NothingOpen {};
    // Comes first, so that the destructor closes what is open when the rest throws.
    ArtifactFile(NothingOpen /*state*/, System system) : system_(std::move(system)) {}

    void open() {
        file_ = uninterrupted([&] { return system_.open_to_read(directory_, name_.c_str()); });
        if (file_ < 0) {
            const int error = errno;
            FileEntry found;
            if (system_.look_up(directory_, name_.c_str(), found) == 0 && !found.regular) fail_kind(found);
            fail_to("open", error);
        }
        if (system_.describe(file_, entry_) < 0) fail_to("look at", errno);
        if (!entry_.regular) fail_kind(entry_);
    }

    [[noreturn]] void fail_kind(const FileEntry& found) const {
        throw InputError(ErrorCode::unreadable_input,
                         concat({found.directory ? "this is a directory" : "this is a link or a special file",
                                 "; an artifact is a regular file"}),
                         path_);
    }
    [[noreturn]] void fail_to(std::string_view what, int error) const {
        throw InputError(ErrorCode::unreadable_input,
                         concat({"cannot ", what, ": ", std::generic_category().message(error)}), path_);
    }
    // Throws what it means that the name could not be looked up.
    [[noreturn]] void fail_look_up(int error) const {
        if (error == ENOENT) fail_changed();
        fail_to("look at", error);
    }
    [[noreturn]] void fail_changed() const {
        throw InputError(ErrorCode::changed_input,
                         "the file was changed or replaced since it was opened; open it again", path_);
    }

    mutable System system_;
    std::string path_;
    std::string name_;
    int directory_ = -1;
    int file_ = -1;
    FileEntry entry_;
};

}  // namespace curtail::inline v0::detail
