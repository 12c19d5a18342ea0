// SPDX-License-Identifier: MIT
#pragma once
// A file that is written without its name and gets it when it is complete.

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/file/file_error.hpp>
#include <curtail/artifact/file/posix_system.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// The file of BasicAtomicFile, or a sidecar of one. Its documentation says what holds for open(), write(), commit() and
// abort(). commit() is prepare() and then publish(); those who publish two files call them one by one. Any failure
// discards the file and throws ArtifactError.
template <class System>
class PendingFile {
  public:
    PendingFile(std::string path, const AtomicFileOptions& options, System system)
        : system_(std::move(system)), options_(options) {
        if (path.find('\0') != std::string::npos) refuse(path, "holds a NUL byte");
        name_ = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
        if (name_.empty() || name_ == "." || name_ == "..") refuse(path, "names no file");
        if (options_.mode > 0777) {
            throw UsageError(ErrorCode::invalid_option, "a file mode has the permission bits 0..0777 and no others");
        }
        std::string current;
        if (!path.starts_with('/')) {
            current = system_.current_directory();
            if (current.empty()) {
                throw artifact_failure(to_valid_utf8(path), "find current directory", errno, "nothing was written");
            }
        }
        path = absolute_path(path, current);
        location_ = to_valid_utf8(path);
        directory_path_ = path.substr(0, (std::max)(path.rfind('/'), std::size_t{1}));
    }

    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;
    ~PendingFile() { abort(); }

    [[nodiscard]] const std::string& location() const noexcept { return location_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return written_; }
    [[nodiscard]] bool published() const noexcept { return published_; }

    void open() {
        expect(State::fresh, "open()");
        state_ = State::open;
        directory_ = uninterrupted([&] { return system_.open_directory(directory_path_.c_str()); });
        if (directory_ < 0) fail("open directory");
        check_final_name();
        file_ = uninterrupted([&] { return system_.open_unnamed(directory_); });
        // If the cause is fatal, creating a file with a name fails too.
        if (file_ < 0) create_named();
        if (options_.reserve != 0) reserve();
    }

    void write(std::span<const char> bytes) {
        expect(State::open, "write()");
        constexpr std::size_t max_size = 1U << 30U;  // Linux writes less than 2 GiB at once, macOS fails above it
        while (!bytes.empty()) {
            const std::size_t size = (std::min)(bytes.size(), max_size);
            const auto taken = uninterrupted([&] { return system_.write(file_, bytes.data(), size); });
            if (taken < 0) fail("write");
            if (taken == 0) fail("write", 0);
            bytes = bytes.subspan(static_cast<std::size_t>(taken));
            written_ += static_cast<std::uint64_t>(taken);
        }
        start_writeback();
    }

    void commit() {
        if (state_ == State::open) prepare();
        publish();
        abort();
    }

    // Discards what is not published and closes the file and its directory. May be called at any time.
    void abort() noexcept {
        state_ = State::closed;
        if (file_ >= 0) system_.close(std::exchange(file_, -1));
        remove_temporary();
        if (directory_ >= 0) system_.close(std::exchange(directory_, -1));
    }

    // Returns a file of the same options whose name is this one's and `suffix`.
    [[nodiscard]] std::unique_ptr<PendingFile> sibling(std::string_view suffix) const {
        AtomicFileOptions options = options_;
        options.reserve = 0;
        return std::make_unique<PendingFile>(concat({directory_path_, "/", name_, suffix}), options, system_);
    }

    // Does all of commit() that may need space or a working disk. After it, only the name is missing.
    void prepare() {
        expect(State::open, "prepare()");
        state_ = State::prepared;
        if (written_ < options_.reserve) {  // gives back blocks that were reserved and not used
            if (uninterrupted([&] { return system_.truncate(file_, written_); }) < 0) fail("truncate");
        }
        if (options_.mode != 0) {
            if (uninterrupted([&] { return system_.set_mode(file_, options_.mode); }) < 0) fail("set mode");
        }
        if (options_.durability == Durability::data && system_.sync_data(file_) < 0) fail("sync");
        if (options_.durability == Durability::full && system_.sync_all(file_) < 0) fail("sync");
    }

    // Removes the older file of the final name, if the options allow to replace it.
    void remove_old() {
        if (options_.on_exists != OnExists::replace) return;
        if (uninterrupted([&] { return system_.remove(directory_, name_.c_str()); }) < 0 && errno != ENOENT) {
            fail("remove");
        }
    }

    // Gives the prepared file its name. `entry` then describes it, for withdraw(), unless it is a null pointer. Keeps
    // the directory open until abort().
    void publish(typename System::Entry* entry = nullptr) {
        expect(State::prepared, "commit()");
        if (temporary_.empty()) {
            publish_unnamed();
        } else {
            close_file();
            publish_named();
        }
        published_ = true;
        if (entry != nullptr) (void)system_.look_up(directory_, name_.c_str(), *entry);
        if (options_.durability != Durability::none && system_.sync_directory(directory_) < 0 &&
            !is_unsupported(errno)) {
            fail("sync directory");
        }
        if (file_ >= 0) close_file();
        state_ = State::closed;
    }

    // Removes the published file that `entry` describes, unless another file has taken its name. Returns false if it
    // may still be there.
    [[nodiscard]] bool withdraw(const typename System::Entry& entry) noexcept {
        typename System::Entry now;
        if (system_.look_up(directory_, name_.c_str(), now) < 0) return errno == ENOENT;
        if (entry.inode == 0) return false;
        if (now.inode != entry.inode || now.device != entry.device) return true;
        if (uninterrupted([&] { return system_.remove(directory_, name_.c_str()); }) < 0) return false;
        if (options_.durability != Durability::none) (void)system_.sync_directory(directory_);
        published_ = false;
        return true;
    }

  private:
    enum class State : std::uint8_t { fresh, open, prepared, closed };

    [[noreturn]] static void refuse(std::string_view path, std::string_view reason) {
        throw UsageError(ErrorCode::invalid_option,
                         concat({"the artifact's path ", quoted_for_error(path), " ", reason}));
    }

    void expect(State state, std::string_view call) const {
        if (state_ == state) return;
        throw UsageError(ErrorCode::wrong_state,
                         concat({location_, ": ", call,
                                 " out of order; an atomic file is opened once, written, then committed or aborted, "
                                 "and closed by its first failure"}));
    }

    [[noreturn]] void fail(std::string_view operation) { fail(operation, errno); }

    [[noreturn]] void fail(std::string_view operation, int error) {
        abort();
        throw artifact_failure(
            location_, operation, error,
            published_ ? "the complete file is in place, but a power cut may still take it" : "nothing was published");
    }

    void check_final_name() {
        typename System::Entry entry;
        if (uninterrupted([&] { return system_.look_up(directory_, name_.c_str(), entry); }) == 0) {
            if (options_.on_exists == OnExists::error) fail("look up", EEXIST);
            if (entry.directory) fail("look up", EISDIR);
        } else if (errno != ENOENT) {
            fail("look up");
        }
    }

    // Returns ".predictions_x.4711-0123456789abcdef.tmp" for "predictions_x.csv": hidden, with the process id, and hard
    // to guess.
    [[nodiscard]] std::string temporary_name() {
        std::string_view stem = name_;
        if (stem.ends_with(artifact_suffix)) stem.remove_suffix(artifact_suffix.size());
        const std::uint64_t value = system_.random();
        std::string random;
        for (unsigned shift = 64; shift != 0; shift -= 4) random += hex_digits[(value >> (shift - 4)) & 0x0FU];
        // The rest takes at most 42 bytes, and a name at most 255.
        return concat({".", utf8_prefix(stem, 200), ".", std::to_string(system_.process_id()), "-", random, ".tmp"});
    }

    // Calls `create` with new temporary names until one is free, and stores that one.
    template <class Create>
    int with_temporary_name(Create create) {
        for (int attempt = 0;; ++attempt) {
            std::string name = temporary_name();
            const int result = create(name.c_str());
            if (result >= 0) temporary_ = std::move(name);
            if (result >= 0 || errno != EEXIST || attempt == 15) return result;
        }
    }

    void create_named() {
        file_ = with_temporary_name(
            [&](const char* name) { return uninterrupted([&] { return system_.open_exclusive(directory_, name); }); });
        if (file_ < 0) fail("create", errno == EEXIST ? EIO : errno);
    }

    void reserve() {
        std::uint64_t available = 0;
        if (options_.reserve > system_.file_size_limit()) fail("reserve", EFBIG);
        if (system_.free_bytes(directory_, available) == 0 && available < options_.reserve) fail("reserve", ENOSPC);
        // Ignores all errors but those about space: only they tell of a full disk or a quota.
        if (uninterrupted([&] { return system_.reserve(file_, options_.reserve); }) < 0 &&
            artifact_error_code(errno) == ErrorCode::no_space) {
            fail("reserve");
        }
    }

    // Lets the disk work while rows are formatted. This made commit() of 600 MB take 0.12 s instead of 0.34 s. Windows
    // of 8 and 32 MiB measured the same.
    void start_writeback() noexcept {
        constexpr std::uint64_t window = 8U << 20U;
        if (options_.durability == Durability::none || written_ - written_back_ < window) return;
        (void)system_.start_writeback(file_, written_back_, written_ - written_back_);
        written_back_ = written_;
    }

    // Fails where a quota or a network share reports late that it could not store the bytes. Ignores EINTR.
    void close_file() {
        if (system_.close(std::exchange(file_, -1)) < 0 && errno != EINTR) fail("close");
    }

    void publish_unnamed() {
        if (options_.on_exists == OnExists::error) {
            if (system_.link_unnamed(file_, directory_, name_.c_str()) < 0) fail("publish");
            return;
        }
        const auto link = [&](const char* name) { return system_.link_unnamed(file_, directory_, name); };
        if (with_temporary_name(link) < 0) fail("publish", errno == EEXIST ? EIO : errno);
        rename_temporary();
    }

    void publish_named() {
        if (options_.on_exists == OnExists::replace) return rename_temporary();
        if (system_.rename_exclusive(directory_, temporary_.c_str(), name_.c_str()) == 0) {
            temporary_.clear();
            return;
        }
        if (!is_unsupported(errno)) fail("publish");
        if (system_.link(directory_, temporary_.c_str(), name_.c_str()) < 0) fail("publish");
        remove_temporary();
    }

    void rename_temporary() {
        if (system_.rename(directory_, temporary_.c_str(), name_.c_str()) < 0) fail("publish");
        temporary_.clear();
    }

    void remove_temporary() noexcept {
        if (temporary_.empty()) return;
        // Tries twice, because a signal may interrupt the first call and nobody else cleans up.
        if (system_.remove(directory_, temporary_.c_str()) < 0) (void)system_.remove(directory_, temporary_.c_str());
        temporary_.clear();
    }

    [[no_unique_address]] System system_;
    AtomicFileOptions options_;
    std::string name_;
    std::string directory_path_;
    std::string location_;
    std::string temporary_;  // empty while the file has no temporary name
    int directory_ = -1;
    int file_ = -1;
    std::uint64_t written_ = 0;
    std::uint64_t written_back_ = 0;  // bytes whose writeback was started
    State state_ = State::fresh;
    bool published_ = false;
};

}  // namespace curtail::inline v0::detail
