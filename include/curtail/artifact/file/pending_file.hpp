// SPDX-License-Identifier: MIT
#pragma once
// A file that is written without its name and gets it when it is complete.

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/file/background_sync.hpp>
#include <curtail/artifact/file/file_error.hpp>
#include <curtail/artifact/file/naming.hpp>
#include <curtail/artifact/file/queued_sync.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/artifact/pair/content_hash.hpp>
#include <curtail/artifact/pair/description.hpp>
#include <curtail/artifact/pair/find_pair.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/system_call.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// The file of BasicAtomicFile, or a description of one. Its documentation says what holds for open(), write(), commit()
// and abort(). commit() is prepare(), publish() and settle(); those who publish two files call them one by one. Any
// failure discards the file and throws ArtifactError. From publish() to the end of settle() nothing is allocated unless
// something fails.
template <class System>
class PendingFile {
  public:
    // What a file of the final name means at open(), if the options do not allow to replace it.
    enum class Taken : std::uint8_t { error, error_unless_description };

    PendingFile(std::string_view path, const AtomicFileOptions& options, System system)
        : options_(options),
          path_(file_path(path, options, system)),
          location_(to_valid_utf8(path_)),
          naming_(std::move(system), path_, options.on_exists == OnExists::replace) {}

    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;
    ~PendingFile() { abort(); }

    [[nodiscard]] const std::string& location() const noexcept { return location_; }
    [[nodiscard]] const std::string& name() const noexcept { return naming_.name(); }
    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return written_; }
    [[nodiscard]] bool published() const noexcept { return published_; }
    [[nodiscard]] bool prepared() const noexcept { return state_ == State::prepared; }
    // Returns true while the file is open, and locked where that is possible.
    [[nodiscard]] bool is_open() const noexcept { return file_ >= 0; }
    [[nodiscard]] Naming<System>& naming() noexcept { return naming_; }

    // Starts no thread if `threads` is 1.
    void limit_threads(std::size_t threads) noexcept { background_ = threads != 1; }

    void open(Taken taken = Taken::error) {
        expect(State::fresh, "open()");
        state_ = State::open;
        is_description_ = taken == Taken::error_unless_description;
        process_ = system().process_id();
        if (const Fault fault = naming_.open_directory()) fail(fault);
        check_final_name();
        if (const Fault fault = naming_.create(file_)) fail(fault);
        check_mode();
        if (options_.reserve != 0) reserve();
    }

    // Computes the checksum of what is written from now on, for identifier() and checksum().
    void start_checksum() {
        expect(State::open, "open_sidecar()");
        if (written_ != 0)
            throw UsageError(ErrorCode::wrong_state, concat({location_, ": open_sidecar() after write()"}));
        hash_.emplace();
    }

    void write(std::span<const char> bytes) {
        expect(State::open, "write()");
        if (hash_) hash_->update(bytes);
        while (!bytes.empty()) {
            const std::size_t size = (std::min)(bytes.size(), max_transfer_bytes);
            const auto taken = uninterrupted([&] { return system().write(file_, bytes.data(), size); });
            if (taken <= 0) fail({"write", taken == 0 ? 0 : errno});
            bytes = bytes.subspan(static_cast<std::size_t>(taken));
            written_ += static_cast<std::uint64_t>(taken);
        }
        bring_to_disk();
    }

    void commit() {
        if (state_ == State::open) prepare();
        publish();
        settle();
        abort();
    }

    // Appends at most `bytes` bytes of an open file, from where that stands, without passing them through this process.
    // Returns how many; 0 if the system cannot, or at the end of that file.
    [[nodiscard]] std::uint64_t copy(int source, std::uint64_t bytes) {
        expect(State::open, "copy()");
        const auto size = static_cast<std::size_t>((std::min)(bytes, std::uint64_t{max_transfer_bytes}));
        const auto taken = uninterrupted([&] { return system().copy(source, file_, size); });
        if (taken < 0 && artifact_error_code(errno) == ErrorCode::no_space) fail({"copy", errno});
        if (taken <= 0) return 0;
        written_ += static_cast<std::uint64_t>(taken);
        bring_to_disk();
        return static_cast<std::uint64_t>(taken);
    }

    // Discards what is not published and closes the file and its directory. May be called at any time. In a forked
    // child it closes only: the temporary file is the parent's.
    void abort() noexcept {
        const bool in_child = state_ != State::fresh && system().process_id() != process_;
        state_ = State::closed;
        if (in_child) {
            sync_.forget();
            queued_sync_.forget();
            naming_.forget();
        }
        (void)end_early_sync();
        if (file_ >= 0) (void)system().close(std::exchange(file_, -1));
        naming_.remove_temporary();
        naming_.close();
    }

    // Returns a file of the same options whose name is this one's and `suffix`.
    [[nodiscard]] std::unique_ptr<PendingFile> sibling(std::string_view suffix) {
        AtomicFileOptions options = options_;
        options.reserve = 0;
        auto file = std::make_unique<PendingFile>(concat({path_, suffix}), options, system());
        file->background_ = background_;
        return file;
    }

    // Does all of commit() that may need space or a working disk. After it, only the name is missing.
    void prepare() {
        expect(State::open, "commit()");
        state_ = State::prepared;
        if (const int error = end_early_sync(); error != 0) fail({"sync", error});
        if (written_ < options_.reserve) {  // gives back blocks that were reserved and not used
            if (uninterrupted([&] { return system().truncate(file_, written_); }) < 0) fail({"truncate", errno});
        }
        if (sets_mode_) {
            if (uninterrupted([&] { return system().set_mode(file_, options_.mode); }) < 0) fail({"set mode", errno});
        }
        if (options_.durability == Durability::data && system().sync_data(file_) < 0) fail({"sync", errno});
        if (options_.durability == Durability::full && system().sync_all(file_) < 0) fail({"sync", errno});
        if (system().describe(file_, own_) < 0) fail({"describe", errno});
        if (const Fault fault = naming_.prepare(file_, own_)) fail(fault);
    }

    // Returns the text by which a description names this prepared file.
    [[nodiscard]] std::string identifier() const { return file_identifier(own_, checksum()); }

    // Returns the XXH64 of what was written, if it was asked for.
    [[nodiscard]] std::uint64_t checksum() const noexcept { return hash_ ? hash_->value() : 0; }

    // Gives the prepared file its name.
    void publish() {
        expect(State::prepared, "commit()");
        if (const Fault fault = try_publish()) fail(fault);
    }

    // Does the same, and returns what failed.
    [[nodiscard]] Fault try_publish() noexcept {
        if (naming_.has_temporary()) {
            if (const Fault fault = close_file()) return fault;
        }
        const Fault fault = naming_.publish(file_, own_);
        published_ = !fault;
        return fault;
    }

    // Leaves the published file in place whatever fails in settle(), because others may have acted on it by then.
    void keep_published() noexcept { keeps_ = true; }

    // Makes the name as durable as the options say.
    void settle() {
        if (options_.durability != Durability::none && system().sync_directory(naming_.directory()) < 0 &&
            !is_unsupported(errno)) {
            take_back({"sync directory", errno});
        }
        if (const Fault fault = close_file()) take_back(fault);
        state_ = State::closed;
    }

    // Removes the published file, unless another has taken its name.
    void withdraw() noexcept {
        if (published_ && naming_.withdraw(own_)) published_ = false;
    }

  private:
    enum class State : std::uint8_t { fresh, open, prepared, closed };

    // Linux writes less than 2 GiB at once, macOS fails above it.
    static constexpr std::size_t max_transfer_bytes = 1U << 30U;

    [[nodiscard]] System& system() noexcept { return naming_.system(); }

    void expect(State state, std::string_view call) {
        if (state_ != state) {
            throw UsageError(ErrorCode::wrong_state,
                             concat({location_, ": ", call,
                                     " out of order; an atomic file is opened once, written, then committed or "
                                     "aborted, and closed by its first failure"}));
        }
        if (state != State::fresh && system().process_id() != process_) {
            throw UsageError(ErrorCode::wrong_state,
                             concat({location_, ": ", call, " in a forked child; the file is its parent's"}));
        }
    }

    [[noreturn]] void fail(const Fault& fault) {
        const bool taken = fault.error == EEXIST && !naming_.unknown();
        FileEntry there;
        const bool seen = taken && naming_.look_up(there) == 0;
        abort();
        if (seen && !(is_description_ && there.regular)) throw artifact_is_there(location_, fault.operation, there);
        throw artifact_failure(
            location_, fault.operation, fault.error,
            naming_.unknown() ? "whether the file was published could not be found out" : "nothing was published");
    }

    // Reports a failure behind the naming. What it replaced is gone, so that only a file that replaced nothing is taken
    // back.
    [[noreturn]] void take_back(const Fault& fault) {
        if (!naming_.replaces() && !keeps_) withdraw();
        if (!published_) fail(fault);
        abort();
        throw artifact_failure(location_, fault.operation, fault.error,
                               "the complete file is in place, but a power cut may still take it");
    }

    void check_final_name() {
        FileEntry entry;
        if (naming_.look_up(entry) < 0) {
            if (errno == ENOENT) return;
            fail({"look up", errno});
        }
        if (naming_.replaces()) {
            // A rename would take a device such as /dev/null away from every program of the machine.
            if (entry.directory || entry.special) fail({"look up", EEXIST});
            if (system().check_replaceable(naming_.directory(), name().c_str()) < 0) fail({"replace", errno});
            return;
        }
        if (is_description_ && entry.regular && is_description(system(), naming_.directory(), name())) return;
        fail({"look up", EEXIST});
    }

    // Finds out early whether the mode can be set. Sets the one that the file has: until it is published, it is
    // private.
    void check_mode() {
        if (options_.mode == 0) return;
        if (system().check_mode(options_.mode) < 0) fail({"set mode", errno});
        if (system().describe(file_, own_) < 0) fail({"describe", errno});
        sets_mode_ = own_.mode != options_.mode;
        if (!sets_mode_ || uninterrupted([&] { return system().set_mode(file_, own_.mode); }) == 0) return;
        const int error = errno;
        sets_mode_ = false;
        // FAT gives the owner more than was asked for, which harms nobody.
        const bool serves = (options_.mode & ~own_.mode) == 0 && (own_.mode & ~options_.mode & 0077U) == 0;
        if (!serves) fail({"set mode", error});
    }

    void reserve() {
        std::uint64_t available = 0;
        if (options_.reserve > system().file_size_limit()) fail({"reserve", EFBIG});
        if (system().free_bytes(naming_.directory(), available) == 0 && available < options_.reserve) {
            fail({"reserve", ENOSPC});
        }
        // Ignores all errors but those about space: only they tell of a full disk or a quota.
        if (uninterrupted([&] { return system().reserve(file_, options_.reserve); }) < 0 &&
            artifact_error_code(errno) == ErrorCode::no_space) {
            fail({"reserve", errno});
        }
    }

    // Lets the disk work while rows are formatted.
    void bring_to_disk() {
        if (options_.durability == Durability::none) return;
        const int error = background_ ? sync_.written(file_, written_) : queued_sync_.written(file_, written_);
        if (error != 0) fail({"sync", error});
    }
    // Waits for what was begun. Returns 0, or the errno of a sync that failed.
    [[nodiscard]] int end_early_sync() noexcept { return background_ ? sync_.finish() : queued_sync_.finish(); }

    // Fails where a quota or a network share reports late that it could not store the bytes. Ignores EINTR.
    [[nodiscard]] Fault close_file() noexcept {
        if (file_ < 0 || system().close(std::exchange(file_, -1)) == 0 || errno == EINTR) return {};
        return {"close", errno};
    }

    AtomicFileOptions options_;
    std::string path_;
    std::string location_;
    Naming<System> naming_;
    std::optional<ContentHash> hash_;
    FileEntry own_;  // as the system shows the prepared file
    int file_ = -1;
    std::int64_t process_ = 0;
    std::uint64_t written_ = 0;
    BackgroundSync<System> sync_{system()};
    QueuedSync<System> queued_sync_{system()};
    bool background_ = true;  // if not, queued_sync_ does what sync_ would do on a thread
    State state_ = State::fresh;
    bool is_description_ = false;
    bool sets_mode_ = false;
    bool published_ = false;
    bool keeps_ = false;
};

}  // namespace curtail::inline v0::detail
