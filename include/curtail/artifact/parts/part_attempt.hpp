// SPDX-License-Identifier: MIT
#pragma once
// One attempt to write a part and to commit it.

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

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/csv/metadata.hpp>
#include <curtail/artifact/file/pending_file.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/artifact/housekeeping/hidden_name.hpp>
#include <curtail/artifact/pair/description.hpp>
#include <curtail/artifact/parts/part_names.hpp>
#include <curtail/artifact/parts/part_record.hpp>
#include <curtail/artifact/parts/part_store.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/system_call.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/hex.hpp>

namespace curtail::inline v0::detail {

// Returns the absolute path of a job's directory of parts in `dir`. Throws what artifact_path() throws.
template <class System>
[[nodiscard]] std::string parts_path(std::string_view dir, std::string_view job_id, System& system) {
    std::string path = artifact_path(dir, job_id);
    path.resize(path.size() - artifact_suffix.size());
    return file_path(path, {}, system);
}

// What BasicPartFile does; its documentation says what holds.
//
// The steps of a commit, each of which leaves a state that others can go on from:
//
// 1. The complete file gets the hidden name of its attempt. A run that is killed now leaves it to housekeeping.
// 2. The record, which names that file, gets the record's name, unless another has it: the commit.
// 3. The file gets the name of the part, by this attempt or by the next process that looks at the part.
//
// The file of an attempt is locked between 1 and 2, because a sweep must not take it for a dead run's.
template <class System>
class PartAttempt {
    using Record = typename PartStore<System>::Record;

  public:
    // `path` is the directory's, absolute.
    PartAttempt(System system, std::string path, std::uint64_t number, std::uint64_t of, const PartsOptions& options)
        : store_(std::move(system), std::move(path)), number_(number), of_(of), options_(options) {
        if (of == 0 || of > part_count_limit || number >= of) {
            throw UsageError(ErrorCode::invalid_option,
                             concat({"part ", std::to_string(number), " of ", std::to_string(of),
                                     ": a job has 1 to 100000 parts, and their numbers begin at 0"}));
        }
        (void)file_path(store_.path(), file_options(), store_.system());
        name_file({});
    }
    PartAttempt(const PartAttempt&) = delete;
    PartAttempt& operator=(const PartAttempt&) = delete;
    ~PartAttempt() { abort(); }

    [[nodiscard]] const std::string& location() const noexcept { return location_; }
    [[nodiscard]] PartPlace place() const noexcept { return {.number = number_, .of = of_}; }
    [[nodiscard]] bool committed() const noexcept { return committed_; }
    [[nodiscard]] bool has_header() const noexcept { return number_ == 0 || options_.header == PartHeader::every; }

    void limit_threads(std::size_t threads) noexcept { threads_ = threads; }

    // Names the file; `compression`, such as "gz", follows ".csv".
    void name_file(std::string_view compression) {
        file_ = concat({part_stem(number_), artifact_suffix, compression.empty() ? "" : ".", compression});
        location_ = concat({store_.location(), "/", file_});
    }

    void open() {
        if (data_) throw UsageError(ErrorCode::wrong_state, concat({location_, ": a part is opened once"}));
        store_.create(of_, options_);
        if (auto winner = store_.record(number_)) give_way(std::move(*winner));
        expect_no_file();
        attempt_ = new_hidden_name(store_.system(), part_stem(number_), attempt_ending);
        data_ = make_file(attempt_, options_.reserve);
        data_->open();
        data_->start_checksum();
    }

    void write(std::span<const char> bytes) { data().write(bytes); }

    // Stores facts of the file. `table` may say where its rows begin, behind all else: that is kept apart, because it
    // differs from part to part.
    void describe(std::uint64_t header, std::string table) {
        header_ = header;
        const std::size_t contents = (std::min)(table.find(contents_begin), table.size());
        if (contents != table.size()) index_ = concat({"{", std::string_view(table).substr(contents + 1), "}"});
        table_ = std::move(table);
        table_.resize(contents);
    }

    void commit(const ArtifactInfo& info, std::string_view summary) {
        (void)data();
        std::optional<Record> winner;
        try {
            publish(info, summary);
        } catch (const ArtifactError& error) {
            discard();
            if (!unknown_) winner = find_winner(error);
            if (!winner) throw;
        } catch (...) {
            discard();
            throw;
        }
        if (winner) give_way(std::move(*winner));
        finish();
    }

    void abort() noexcept {
        discard();
        store_.close();
    }

  private:
    [[nodiscard]] AtomicFileOptions file_options() const noexcept {
        return {.mode = options_.mode, .durability = options_.durability};
    }

    [[nodiscard]] std::unique_ptr<PendingFile<System>> make_file(std::string_view name, std::uint64_t reserve) {
        AtomicFileOptions options = file_options();
        options.reserve = reserve;
        auto file = std::make_unique<PendingFile<System>>(concat({store_.path(), "/", name}), options, store_.system());
        file->limit_threads(threads_);
        return file;
    }

    [[nodiscard]] PendingFile<System>& data() {
        if (!data_ || record_file_) {
            throw UsageError(ErrorCode::wrong_state,
                             concat({location_, ": a part is opened, written, then committed once"}));
        }
        return *data_;
    }

    // Refuses a file that has the name of the part and no record, such as that of a part whose record was removed. With
    // a record of this attempt it would pass for the attempt's file.
    void expect_no_file() {
        FileEntry there;
        if (store_.look_up(file_, there) != 0) {
            if (errno == ENOENT) return;
            store_.fail({"look up", errno});
        }
        if (auto winner = store_.record(number_)) give_way(std::move(*winner));  // committed in the meantime
        throw ArtifactError(ErrorCode::artifact_exists,
                            "the file is there, and no record says that an attempt has committed it. Remove it, then "
                            "run the part again; nothing was published",
                            location_, "look up", EEXIST);
    }

    void publish(const ArtifactInfo& info, std::string_view summary) {
        data_->prepare();
        record_ = PartRecord{.number = number_,
                             .of = of_,
                             .attempt = attempt_,
                             .file = file_,
                             .rows = info.rows,
                             .bytes = data_->bytes_written(),
                             .plain = info.uncompressed_bytes.value_or(data_->bytes_written()),
                             .header = header_,
                             .content = data_->checksum(),
                             .sha256 = is_sha256(info.sha256) ? info.sha256 : std::string()};
        if (!index_.empty()) index_ = with_identifier(index_, data_->identifier());
        std::string text = packed_record(record_, table_, summary, index_);
        // The index of 700 GB: without it, a page reads the part through.
        if (text.size() > max_record) text = packed_record(record_, table_, summary);
        if (text.size() > max_record || !read_record_head(text)) {
            throw UsageError(ErrorCode::invalid_option,
                             concat({location_,
                                     ": what describes the part takes more than 64 MiB, or its facts cannot be true, "
                                     "such as a header longer than the file; nothing was published"}));
        }
        record_file_ = make_file(record_name(number_), 0);
        record_file_->open();
        record_file_->write(std::span<const char>(text));
        record_file_->prepare();
        record_file_->keep_published();
        data_->publish();
        if (options_.durability != Durability::none) store_.sync_names();
        lock_attempt();
        try {
            record_file_->publish();
        } catch (...) {
            unknown_ = record_file_->naming().unknown();
            throw;
        }
        committed_ = true;
    }

    // Does what is left to do once the part is committed.
    void finish() {
        record_file_->settle();
        (void)store_.forward(record_);
        abort();
    }

    // Removes what is not committed.
    void discard() noexcept {
        if (data_ && !committed_ && !unknown_) data_->withdraw();
        if (data_) data_->abort();
        if (record_file_) record_file_->abort();
        if (lock_ >= 0) (void)store_.system().close(std::exchange(lock_, -1));
    }

    // Keeps housekeeping from the file of the attempt, and throws if it was faster. A file that had no name until now
    // is open and locked.
    void lock_attempt() {
        System& system = store_.system();
        if (!data_->is_open())
            lock_ = uninterrupted([&] { return system.open_to_lock(store_.directory(), attempt_.c_str()); });
        if (lock_ >= 0) (void)system.lock(lock_, 1000);
        FileEntry now;
        if (store_.look_up(attempt_, now) == 0) return;  // a name that nobody else can have made
        store_.fail({errno == ENOENT ? "publish" : "look up", errno});
    }

    // Returns the record of another attempt that made this one fail; nothing if there is none.
    [[nodiscard]] std::optional<Record> find_winner(const ArtifactError& error) {
        try {
            return store_.record(number_);
        } catch (const ArtifactError&) {
            if (error.code() == ErrorCode::artifact_exists) throw;
            return {};  // the first failure says more
        }
    }

    [[noreturn]] void give_way(Record winner) {
        (void)store_.forward(winner.facts);
        abort();
        throw PartTaken(number_, concat({store_.location(), "/", winner.facts.file}), std::move(winner.summary));
    }

    PartStore<System> store_;
    std::uint64_t number_;
    std::uint64_t of_;
    PartsOptions options_;
    std::string file_;      // the name of the part
    std::string location_;  // its path
    std::string attempt_;   // the hidden name before
    std::uint64_t header_ = 0;
    std::string table_;
    std::string index_;
    std::size_t threads_ = 0;
    std::unique_ptr<PendingFile<System>> data_;
    std::unique_ptr<PendingFile<System>> record_file_;
    PartRecord record_;
    int lock_ = -1;
    bool committed_ = false;
    bool unknown_ = false;  // whether it is committed
};

}  // namespace curtail::inline v0::detail
