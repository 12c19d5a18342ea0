// SPDX-License-Identifier: MIT
#pragma once
// A job's directory of parts: what is committed in it, and how a file gets its name after its attempt is gone.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/file/file_error.hpp>
#include <curtail/artifact/file/pending_file.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/artifact/parts/fact_reader.hpp>
#include <curtail/artifact/parts/part_names.hpp>
#include <curtail/artifact/parts/part_record.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/read_file.hpp>
#include <curtail/artifact/system/system_call.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// Holds the directory open, and its mark locked, so that housekeeping knows that it is in use. Every failure throws
// ArtifactError.
template <class System>
class PartStore {
  public:
    // `path` is the directory's, absolute.
    PartStore(System system, std::string path)
        : system_(std::move(system)), path_(std::move(path)), location_(to_valid_utf8(path_)) {}
    PartStore(const PartStore&) = delete;
    PartStore& operator=(const PartStore&) = delete;
    ~PartStore() { close(); }

    [[nodiscard]] System& system() noexcept { return system_; }
    [[nodiscard]] int directory() const noexcept { return directory_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const std::string& location() const noexcept { return location_; }
    // Returns true if open() did not wait.
    [[nodiscard]] bool busy() const noexcept { return busy_; }
    // Returns how many parts the job has, once the directory is open.
    [[nodiscard]] std::uint64_t of() const noexcept { return of_; }

    // Opens the directory. Returns false if nothing was committed yet: there is no directory, or no mark in it. While
    // another process makes or removes the mark, and so has its lock, waits up to ten seconds; without `waits` it
    // returns false.
    [[nodiscard]] bool open(bool waits = true) {
        busy_ = false;
        for (int attempt = 0; attempt <= attempts; ++attempt) {
            close();
            directory_ = uninterrupted([&] { return system_.open_directory(path_.c_str()); });
            absent_ = errno;
            if (directory_ < 0 && (errno == ENOENT || errno == ENOTDIR)) return false;
            if (directory_ < 0) fail({"open directory", errno});
            mark_ = uninterrupted([&] { return system_.open_to_read(directory_, mark_name_.c_str()); });
            if (mark_ < 0 && errno == ENOENT) return false;
            if (mark_ < 0) fail({"open", errno});
            if (system_.lock_shared(mark_, waits ? patience_ms : 0) < 0 && errno == EWOULDBLOCK) {
                if (waits) fail({"open", EBUSY});
                busy_ = true;
                return false;
            }
            if (!is_current()) continue;  // removed before it was locked
            read_mark();
            return true;
        }
        fail({"open directory", EBUSY});
    }

    // Does the same for a job of `of` parts. Throws (parts_differ) if it is of another number.
    [[nodiscard]] bool open_for(std::uint64_t of) {
        if (!open()) return false;
        if (of_ == of) return true;
        throw ArtifactError(
            ErrorCode::parts_differ,
            concat({"the job was begun with ", std::to_string(of_), " parts, and this run has ", std::to_string(of),
                    ". Use the same number, or another job id, or remove the directory; "}) +
                "nothing was published now",
            location_);
    }

    // Makes the directory and its mark if they are not there. Throws as open_for() does.
    void create(std::uint64_t of, const PartsOptions& options) {
        for (int attempt = 0; attempt <= attempts; ++attempt) {
            if (open_for(of)) return;
            if (directory_ < 0 && !make_directory(options.mode)) continue;
            expect_no_other();
            if (options.durability != Durability::none) sync_parent();
            write_mark(of, options);
        }
        fail({"create directory", directory_ < 0 ? absent_ : EBUSY});
    }

    void close() noexcept {
        if (mark_ >= 0) (void)system_.close(std::exchange(mark_, -1));
        if (directory_ >= 0) (void)system_.close(std::exchange(directory_, -1));
    }

    // Returns the head of a part's record; nothing if the part is not committed. Throws (part_damaged) if there is one
    // that cannot be read, or that is cut off.
    [[nodiscard]] std::optional<RecordHead> head(std::uint64_t number) {
        const auto bytes = read(record_name(number), max_record_head);
        if (!bytes) return {};
        auto head = checked(number, read_record_head(*bytes));
        const PartRecord& record = head->record;
        FileEntry entry;
        if (look_up(record_name(number), entry) < 0) fail({"look up", errno});
        if (entry.bytes != head->size + record.table_size + record.index_size + record.summary_size) {
            damaged(number, "its summary is cut off");
        }
        return head;
    }

    // A whole record.
    struct Record {
        PartRecord facts;
        std::string table;
        std::string summary;
    };
    [[nodiscard]] std::optional<Record> record(std::uint64_t number) {
        const auto bytes = read(record_name(number), max_record);
        if (!bytes) return {};
        auto head = *checked(number, read_record_head(*bytes));
        const auto texts = read_record_texts(head, *bytes);
        if (!texts) damaged(number, "its summary is not the one that was committed");
        return Record{std::move(head.record), std::string(texts->table), std::string(texts->summary)};
    }

    // Gives the file of a committed part its name, if its attempt had no time for that. Returns the file's entry.
    FileEntry forward(const PartRecord& record) {
        FileEntry entry;
        if (look_up(record.file, entry) == 0) return entry;
        if (errno != ENOENT) fail({"look up", errno}, committed);
        const bool renamed = system_.rename(directory_, record.attempt.c_str(), record.file.c_str()) == 0;
        const int error = errno;
        if (look_up(record.file, entry) == 0) return entry;  // by this call or by another process
        if (renamed || error == ENOENT) damaged(record.number, "its file is gone");
        fail({"replace", error}, committed);
    }

    // Returns the numbers of the committed parts, in any order.
    [[nodiscard]] std::vector<std::uint64_t> committed_parts() {
        std::vector<std::uint64_t> out;
        for (const std::string& name : names()) {
            if (const auto number = number_of_record(name)) out.push_back(*number);
        }
        return out;
    }

    // Returns the bytes of a file, at most `limit` of them; nothing if it is not there.
    [[nodiscard]] std::optional<std::string> read(const std::string& name, std::uint64_t limit) {
        const auto use = [&](int file) { return std::optional(read_open(file, limit)); };
        auto text = read_named(system_, directory_, name.c_str(), use);
        if (!text && errno != ENOENT) fail({"open", errno});
        return text;
    }

    // Publishes a small file of the directory. Whatever fails after that, it stays, because others may have acted on
    // it.
    void publish(std::string_view name, std::string_view text, const PartsOptions& options) {
        PendingFile<System> file(concat({path_, "/", name}), {.mode = options.mode, .durability = options.durability},
                                 system_);
        file.limit_threads(1);
        file.keep_published();
        file.open();
        file.write(std::span<const char>(text));
        file.commit();
    }

    // Puts the names in the directory on the disk.
    void sync_names() {
        if (system_.sync_directory(directory_) < 0 && !is_unsupported(errno)) fail({"sync directory", errno});
    }

    [[nodiscard]] int look_up(const std::string& name, FileEntry& entry) {
        return uninterrupted([&] { return system_.look_up(directory_, name.c_str(), entry); });
    }

    [[noreturn]] void damaged(std::uint64_t number, std::string_view what) const {
        throw ArtifactError(ErrorCode::part_damaged,
                            concat({"part ", std::to_string(number), ": ", what, ". Remove ", record_name(number),
                                    ", the file ", part_stem(number), ".csv or .csv.gz, and _SUCCESS if it is there",
                                    "; then run the part again; nothing was published"}),
                            location_);
    }

    static constexpr std::string_view committed =
        "the part is committed, and its next attempt or the end of the job goes on with it";

    [[noreturn]] void fail(const Fault& fault, std::string_view outcome = "nothing was published") const {
        throw artifact_failure(location_, fault.operation, fault.error, outcome);
    }

  private:
    static constexpr int attempts = 8;
    static constexpr int patience_ms = 10'000;

    [[nodiscard]] std::optional<RecordHead> checked(std::uint64_t number, std::optional<RecordHead> head) const {
        if (!head || head->record.number != number) damaged(number, "its summary cannot be read");
        if (head->record.of != of_) damaged(number, "its summary is of a job of another number of parts");
        return head;
    }

    [[nodiscard]] std::vector<std::string> names() {
        std::vector<std::string> out;
        if (system_.list(directory_, out) < 0) fail({"read directory", errno});
        return out;
    }

    [[nodiscard]] std::string read_open(int file, std::uint64_t limit) {
        auto text = read_text(system_, file, limit);
        if (!text) fail({"read", errno});
        return *std::move(text);
    }

    // Returns true if the path still leads to the mark that is locked.
    [[nodiscard]] bool is_current() {
        FileEntry own;
        if (system_.describe(mark_, own) < 0) fail({"describe", errno});
        const int dir = uninterrupted([&] { return system_.open_directory(path_.c_str()); });
        if (dir < 0) return false;
        const Closing closing(system_, dir);
        FileEntry now;
        return uninterrupted([&] { return system_.look_up(dir, mark_name_.c_str(), now); }) == 0 && now.is(own);
    }

    static constexpr std::string_view mark_text = "curtail parts 1\nof ";

    void read_mark() {
        const std::string text = read_open(mark_, max_record_head);
        FactReader in(text);
        of_ = in.number(mark_text, '\n');
        if (!in.failed() && in.rest().empty() && of_ != 0 && of_ <= part_count_limit) return;
        throw ArtifactError(ErrorCode::part_damaged,
                            "the file .parts does not say how many parts the job has. Use another job id, or remove "
                            "the directory; nothing was published now",
                            location_);
    }

    // Returns false if another process made the directory.
    [[nodiscard]] bool make_directory(unsigned mode) {
        if (system_.make_directory(path_.c_str()) < 0) {
            if (errno != EEXIST) fail({"create directory", errno});
            return false;
        }
        directory_ = uninterrupted([&] { return system_.open_directory(path_.c_str()); });
        if (directory_ < 0) fail({"open directory", errno});
        // Its owner has to make files in it, whatever others may do with them.
        const unsigned search = mode | (mode & 0444U) >> 2U | 0700U;
        if (mode != 0 && search != 0700 && system_.set_mode(directory_, search) < 0) fail({"set mode", errno});
        return true;
    }

    // Refuses a directory with another writer's parts in it.
    void expect_no_other() {
        for (const std::string& name : names()) {
            if (name != manifest_name && !name.starts_with(part_prefix)) continue;
            FileEntry mark;
            if (look_up(mark_name_, mark) == 0) return;  // made in the meantime
            throw ArtifactError(ErrorCode::artifact_exists,
                                concat({"the directory holds parts of another writer, such as ", name,
                                        ". Use another job id, or remove them; nothing was published"}),
                                location_);
        }
    }

    // Puts the name of the directory on the disk. Where there is a mark, that was done.
    void sync_parent() {
        const std::string parent(parent_of(path_));
        const int dir = uninterrupted([&] { return system_.open_directory(parent.c_str()); });
        if (dir < 0) fail({"open directory", errno});
        const Closing closing(system_, dir);
        if (system_.sync_directory(dir) < 0 && !is_unsupported(errno)) fail({"sync directory", errno});
    }

    void write_mark(std::uint64_t of, const PartsOptions& options) {
        try {
            publish(parts_mark, concat({mark_text, std::to_string(of), "\n"}), options);
        } catch (const ArtifactError& error) {
            // Another attempt was faster, or housekeeping removed the empty directory.
            if (error.code() != ErrorCode::artifact_exists && error.system_error() != ENOENT) throw;
        }
    }

    [[no_unique_address]] System system_;
    std::string path_;
    std::string location_;
    std::string mark_name_{parts_mark};
    int directory_ = -1;
    int mark_ = -1;
    bool busy_ = false;
    int absent_ = 0;  // why the directory could not be opened
    std::uint64_t of_ = 0;
};

}  // namespace curtail::inline v0::detail
