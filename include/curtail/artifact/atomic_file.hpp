// SPDX-License-Identifier: MIT
#pragma once
// A file that appears under its name when it is complete, and not before.

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/file/posix_system.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0 {

// Collects bytes in a temporary file beside the final name and publishes them there by commit(). Destruction without
// commit(), abort() and any failure discard them and remove the temporary file. kill -9 or a power cut leaves nothing
// under the final name, and at most a hidden temporary file where the file system knows no unnamed ones or where a file
// was just being replaced: see remove_stale_artifacts().
//
// Nothing exists before open(), and no symbolic link is followed but in the directory's own path. Of several writers
// with one name exactly one publishes; the others get artifact_exists. When the very last steps of commit() fail, after
// publishing, it throws although the complete file is in place, only not surely on the disk: published() tells. A
// failed sync is never tried again, because the kernel may have dropped the bytes and then reports success.
//
// A process with a limit on the size of its files (RLIMIT_FSIZE) must ignore SIGXFSZ; otherwise the signal ends it
// where no_space would have been thrown. One thread at a time.
template <class System = detail::PosixSystem>
class BasicAtomicFile {
  public:
    explicit BasicAtomicFile(std::string path, AtomicFileOptions options = {}, System system = {})
        : system_(std::move(system)), options_(options) {
        if (path.find('\0') != std::string::npos) refuse(path, "holds a NUL byte");
        const std::size_t name_begin = path.rfind('/') + 1;  // npos + 1 is 0
        name_ = path.substr(name_begin);
        if (name_.empty() || name_ == "." || name_ == "..") refuse(path, "names no file");
        if (options_.mode > 0777) {
            throw UsageError(ErrorCode::invalid_option, "a file mode has the permission bits 0..0777 and no others");
        }
        std::string current;
        if (!path.starts_with('/')) {
            current = system_.current_directory();
            if (current.empty()) {
                throw detail::artifact_failure(to_valid_utf8(path), "find current directory", errno,
                                               "nothing was written");
            }
        }
        path = absolute_path(path, current);
        location_ = to_valid_utf8(path);
        directory_path_ = path.substr(0, (std::max)(path.rfind('/'), std::size_t{1}));
    }

    BasicAtomicFile(BasicAtomicFile&& other) noexcept
        : system_(std::move(other.system_)),
          options_(other.options_),
          name_(std::move(other.name_)),
          directory_path_(std::move(other.directory_path_)),
          location_(std::move(other.location_)),
          temporary_(std::exchange(other.temporary_, {})),
          directory_(std::exchange(other.directory_, -1)),
          file_(std::exchange(other.file_, -1)),
          written_(other.written_),
          written_back_(other.written_back_),
          state_(std::exchange(other.state_, State::closed)),
          published_(other.published_),
          accompanied_(other.accompanied_),
          published_entry_(other.published_entry_) {}

    BasicAtomicFile& operator=(BasicAtomicFile&& other) noexcept {
        if (this != &other) {
            abort();
            system_ = std::move(other.system_);
            options_ = other.options_;
            name_ = std::move(other.name_);
            directory_path_ = std::move(other.directory_path_);
            location_ = std::move(other.location_);
            temporary_ = std::exchange(other.temporary_, {});
            directory_ = std::exchange(other.directory_, -1);
            file_ = std::exchange(other.file_, -1);
            written_ = other.written_;
            written_back_ = other.written_back_;
            state_ = std::exchange(other.state_, State::closed);
            published_ = other.published_;
            accompanied_ = other.accompanied_;
            published_entry_ = other.published_entry_;
        }
        return *this;
    }

    ~BasicAtomicFile() { abort(); }

    // The final path, absolute and as valid UTF-8 whatever its bytes; known before open().
    [[nodiscard]] const std::string& location() const noexcept { return location_; }
    // Its last part, with its bytes as they are.
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return written_; }
    [[nodiscard]] bool published() const noexcept { return published_; }

    // Creates the temporary file. Fails early on what would only fail at the end: a taken name, too little space.
    void open() {
        expect(State::fresh, "open()");
        state_ = State::open;
        directory_ = detail::uninterrupted([&] { return system_.open_directory(directory_path_.c_str()); });
        if (directory_ < 0) fail("open directory");
        check_final_name();
        file_ = detail::uninterrupted([&] { return system_.open_unnamed(directory_); });
        // Whatever kept the file from being made without a name, the one with a name shows whether it is fatal.
        if (file_ < 0) create_named();
        if (options_.reserve != 0) reserve();
    }

    void write(std::span<const char> bytes) {
        expect(State::open, "write()");
        constexpr std::size_t most = 1U << 30U;  // Linux stops short of 2 GiB, macOS fails above it
        while (!bytes.empty()) {
            const std::size_t size = (std::min)(bytes.size(), most);
            const auto taken = detail::uninterrupted([&] { return system_.write(file_, bytes.data(), size); });
            if (taken < 0) fail("write");
            if (taken == 0) fail("write", 0);
            bytes = bytes.subspan(static_cast<std::size_t>(taken));
            written_ += static_cast<std::uint64_t>(taken);
        }
        start_writeback();
    }

    // A second file beside this one, with the same options and a name that is this one's and `suffix`. Afterwards
    // withdraw() can take this one back.
    [[nodiscard]] BasicAtomicFile beside(std::string_view suffix) {
        accompanied_ = true;
        AtomicFileOptions options = options_;
        options.reserve = 0;
        return BasicAtomicFile(directory_path_ + "/" + name_ + std::string(suffix), options, system_);
    }

    // What of commit() may want space or a disk that works: afterwards that only gives the name.
    void prepare() {
        expect(State::open, "prepare()");
        state_ = State::prepared;
        if (written_ < options_.reserve) {  // gives back what was set aside and not used
            if (detail::uninterrupted([&] { return system_.truncate(file_, written_); }) < 0) fail("truncate");
        }
        if (options_.mode != 0) {
            if (detail::uninterrupted([&] { return system_.set_mode(file_, options_.mode); }) < 0) fail("set mode");
        }
        if (options_.durability == Durability::data && system_.sync_data(file_) < 0) fail("sync");
        if (options_.durability == Durability::full && system_.sync_all(file_) < 0) fail("sync");
    }

    // Removes what stands under the final name, where the options allow to replace it.
    void remove_old() {
        if (options_.on_exists != OnExists::replace) return;
        if (detail::uninterrupted([&] { return system_.remove(directory_, name_.c_str()); }) < 0 && errno != ENOENT) {
            fail("remove");
        }
    }

    // Publishes. The final name appears here, complete and durable as the options say, or this throws.
    void commit() {
        if (state_ != State::prepared) {
            expect(State::open, "commit()");
            prepare();
        }
        if (temporary_.empty()) {
            publish_unnamed();
        } else {
            close_file();
            publish_named();
        }
        published_ = true;
        if (accompanied_) (void)system_.look_up(directory_, name_.c_str(), published_entry_);
        if (options_.durability != Durability::none && system_.sync_directory(directory_) < 0 &&
            !detail::is_unsupported(errno)) {
            fail("sync directory");
        }
        if (file_ >= 0) close_file();
        state_ = State::closed;
        if (!accompanied_) abort();
    }

    // Takes the file back after commit(), unless another has taken its name. False when it may still be there.
    [[nodiscard]] bool withdraw() noexcept {
        typename System::Entry now;
        if (system_.look_up(directory_, name_.c_str(), now) < 0) return errno == ENOENT;
        if (published_entry_.inode == 0) return false;
        if (now.inode != published_entry_.inode || now.device != published_entry_.device) return true;
        if (detail::uninterrupted([&] { return system_.remove(directory_, name_.c_str()); }) < 0) return false;
        if (options_.durability != Durability::none) (void)system_.sync_directory(directory_);
        published_ = false;
        return true;
    }

    // Discards what is not published. Does nothing when there is nothing to discard.
    void abort() noexcept {
        state_ = State::closed;
        if (file_ >= 0) system_.close(std::exchange(file_, -1));
        remove_temporary();
        if (directory_ >= 0) system_.close(std::exchange(directory_, -1));
    }

  private:
    enum class State : std::uint8_t { fresh, open, prepared, closed };

    [[noreturn]] static void refuse(std::string_view path, std::string_view reason) {
        throw UsageError(ErrorCode::invalid_option,
                         "the artifact's path " + detail::quoted_for_error(path) + " " + std::string(reason));
    }

    void expect(State state, std::string_view call) const {
        if (state_ == state) return;
        throw UsageError(ErrorCode::wrong_state, location_ + ": " + std::string(call) +
                                                     " out of order; an atomic file is opened once, written, then "
                                                     "committed or aborted, and closed by its first failure");
    }

    [[noreturn]] void fail(std::string_view operation) { fail(operation, errno); }

    [[noreturn]] void fail(std::string_view operation, int error) {
        abort();
        throw detail::artifact_failure(
            location_, operation, error,
            published_ ? "the complete file is in place, but a power cut may still take it" : "nothing was published");
    }

    void check_final_name() {
        typename System::Entry entry;
        if (detail::uninterrupted([&] { return system_.look_up(directory_, name_.c_str(), entry); }) == 0) {
            if (options_.on_exists == OnExists::error) fail("look up", EEXIST);
            if (entry.directory) fail("look up", EISDIR);
        } else if (errno != ENOENT) {
            fail("look up");
        }
    }

    // ".predictions_x.4711-0123456789abcdef.tmp" for "predictions_x.csv": hidden, of this process, not to be guessed.
    [[nodiscard]] std::string temporary_name() {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string_view stem = name_;
        if (stem.ends_with(detail::artifact_suffix)) stem.remove_suffix(detail::artifact_suffix.size());
        std::string name = ".";
        name += utf8_prefix(stem, 200);  // the rest takes 42 bytes at most, and 255 is the limit of a name
        name += '.';
        name += std::to_string(system_.process_id());
        name += '-';
        const std::uint64_t value = system_.random();
        for (unsigned shift = 64; shift != 0; shift -= 4) name += digits[(value >> (shift - 4)) & 0x0FU];
        name += ".tmp";
        return name;
    }

    // Calls `create` with fresh temporary names until one is free, and remembers that one.
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
        file_ = with_temporary_name([&](const char* name) {
            return detail::uninterrupted([&] { return system_.open_exclusive(directory_, name); });
        });
        if (file_ < 0) fail("create", errno == EEXIST ? EIO : errno);
    }

    void reserve() {
        std::uint64_t available = 0;
        if (options_.reserve > system_.file_size_limit()) fail("reserve", EFBIG);
        if (system_.free_bytes(directory_, available) == 0 && available < options_.reserve) fail("reserve", ENOSPC);
        // Setting aside is a help; only an answer about space counts, and that is how a quota makes itself known.
        if (detail::uninterrupted([&] { return system_.reserve(file_, options_.reserve); }) < 0 &&
            detail::artifact_error_code(errno) == ErrorCode::no_space) {
            fail("reserve");
        }
    }

    // Lets the disk work while rows are still being formatted: 600 MB that came in within a second then took commit()
    // 0.12 s and not 0.34. Windows of 8 and of 32 MiB did equally well.
    void start_writeback() noexcept {
        constexpr std::uint64_t window = 8U << 20U;
        if (options_.durability == Durability::none || written_ - written_back_ < window) return;
        (void)system_.start_writeback(file_, written_back_, written_ - written_back_);
        written_back_ = written_;
    }

    // Quotas and network shares report here what they could not store. A signal says nothing about that.
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
        if (system_.rename(directory_, temporary_.c_str(), name_.c_str()) < 0) fail("publish");
        temporary_.clear();
    }

    void publish_named() {
        if (options_.on_exists == OnExists::replace) {
            if (system_.rename(directory_, temporary_.c_str(), name_.c_str()) < 0) fail("publish");
            temporary_.clear();
            return;
        }
        if (system_.rename_exclusive(directory_, temporary_.c_str(), name_.c_str()) == 0) {
            temporary_.clear();
            return;
        }
        if (!detail::is_unsupported(errno)) fail("publish");
        if (system_.link(directory_, temporary_.c_str(), name_.c_str()) < 0) fail("publish");
        remove_temporary();
    }

    void remove_temporary() noexcept {
        if (temporary_.empty()) return;
        // A second attempt, because a signal may cut the first short and nobody else will clean up.
        if (system_.remove(directory_, temporary_.c_str()) < 0) (void)system_.remove(directory_, temporary_.c_str());
        temporary_.clear();
    }

    [[no_unique_address]] System system_;
    AtomicFileOptions options_;
    std::string name_;
    std::string directory_path_;
    std::string location_;
    std::string temporary_;  // empty while the file has no name but its final one
    int directory_ = -1;
    int file_ = -1;
    std::uint64_t written_ = 0;
    std::uint64_t written_back_ = 0;  // up to here the kernel was asked to write
    State state_ = State::fresh;
    bool published_ = false;
    bool accompanied_ = false;
    typename System::Entry published_entry_;  // set when accompanied
};

using AtomicFile = BasicAtomicFile<>;

}  // namespace curtail::inline v0
