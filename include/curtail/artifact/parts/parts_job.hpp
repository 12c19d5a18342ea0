// SPDX-License-Identifier: MIT
#pragma once
// All parts of a job: which are there, whether they are what was committed, and what is made of them.

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/file/pending_file.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/artifact/page/description_reader.hpp>
#include <curtail/artifact/pair/find_pair.hpp>
#include <curtail/artifact/pair/sidecar.hpp>
#include <curtail/artifact/parts/manifest.hpp>
#include <curtail/artifact/parts/part_names.hpp>
#include <curtail/artifact/parts/part_record.hpp>
#include <curtail/artifact/parts/part_store.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/read_file.hpp>
#include <curtail/artifact/system/system_call.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// What PartsDirectory does, one call for each object; its documentation says what holds.
template <class System>
class PartsJob {
  public:
    PartsJob(System system, std::string path, const PartsOptions& options)
        : store_(std::move(system), std::move(path)), options_(options) {}

    [[nodiscard]] std::vector<std::uint64_t> missing(std::uint64_t of) {
        expect_number(of);
        std::vector<bool> there(cast_to<std::size_t>(of), false);
        if (store_.open_for(of)) {
            for (const std::uint64_t number : store_.committed_parts()) {
                if (number < of) there[static_cast<std::size_t>(number)] = true;
            }
        }
        std::vector<std::uint64_t> out;
        for (std::size_t i = 0; i < there.size(); ++i) {
            if (!there[i]) out.push_back(i);
        }
        return out;
    }

    [[nodiscard]] std::optional<std::string> summary(std::uint64_t number) {
        if (!store_.open()) return {};
        auto record = store_.record(number);
        if (!record) return {};
        (void)store_.forward(record->facts);
        return std::move(record->summary);
    }

    // Throws PartsMissing, and (part_damaged) if a file is not what was committed.
    void check(std::uint64_t of, bool contents) {
        expect_number(of);
        if (!store_.open_for(of)) throw_all_missing(of);
        read_heads();
        for (ListedPart& part : parts_) {
            const PartRecord& record = part.record;
            const FileEntry entry = store_.forward(record);
            if (!entry.regular || entry.bytes != record.bytes) {
                store_.damaged(record.number, concat({"its file has ", std::to_string(entry.bytes), " bytes, and ",
                                                      std::to_string(record.bytes), " were committed"}));
            }
            if (contents) check_content(record);
        }
        read_tables();
    }

    // Throws (parts_differ) if these are not the parts that are there.
    void compare(std::span<const PartArtifact> expected) const {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            const PartRecord& record = parts_[i].record;
            const ArtifactInfo& artifact = expected[i].artifact;
            if (expected[i].number == i && artifact.rows == record.rows && artifact.bytes == record.bytes &&
                artifact.sha256 == record.sha256) {
                continue;
            }
            throw ArtifactError(ErrorCode::parts_differ,
                                concat({"part ", std::to_string(i),
                                        " is not the one whose summary was merged. Merge the summaries of this "
                                        "directory; nothing was published"}),
                                store_.location());
        }
    }

    // Publishes the manifest of what was checked.
    ArtifactInfo publish() {
        const std::string text = manifest_text(parts_);
        if (text.size() > max_manifest) store_.fail({"write", EFBIG});
        ArtifactInfo whole = sum_of(artifacts(), store_.location());
        // The names of all parts are on the disk before the manifest says that they are there.
        if (options_.durability != Durability::none) store_.sync_names();
        try {
            store_.publish(manifest_name, text, options_);
        } catch (const ArtifactError& error) {
            if (error.code() != ErrorCode::artifact_exists) throw;
        }
        if (read_manifest_text() == text) return whole;
        throw ArtifactError(ErrorCode::parts_differ,
                            "_SUCCESS is there and names other parts. If parts were run again since, remove it, and "
                            "finish the job again. Otherwise use another job id, or remove the directory; "
                            "nothing was published now",
                            store_.location());
    }

    [[nodiscard]] std::optional<std::string> manifest() { return store_.open() ? read_manifest_text() : std::nullopt; }

    // Returns true if the first part is there and compressed.
    [[nodiscard]] bool compressed() {
        const auto first = store_.open() ? store_.head(0) : std::nullopt;
        return first && is_compressed(first->record);
    }

    // Publishes what was checked as one file beside the directory.
    ArtifactInfo concatenate(const AtomicFileOptions& options) {
        return concatenate(options, [] {});
    }
    // Calls `before()` when the file is complete and on the disk, and has no name yet.
    template <class Before>
    ArtifactInfo concatenate(const AtomicFileOptions& options, Before before) {
        ArtifactInfo whole = sum_of(artifacts(), store_.location());
        for (const ListedPart& part : parts_) whole.bytes -= skipped_header(part.record);
        expect_same_tables();
        const std::string_view ending = is_compressed(parts_.front().record) ? ".gz" : "";
        PendingFile<System> file(concat({store_.path(), artifact_suffix, ending}), options, store_.system());
        whole.path = file.location();
        file.open();
        std::string header;
        for (const ListedPart& part : parts_) append(file, part.record, header);
        file.prepare();
        before();
        publish_alone(file);
        return whole;
    }

    // Returns the parts that were checked.
    [[nodiscard]] std::vector<PartArtifact> artifacts() const {
        std::vector<PartArtifact> out;
        out.reserve(parts_.size());
        for (const ListedPart& part : parts_) {
            const PartRecord& record = part.record;
            const bool compressed = is_compressed(record);
            ArtifactInfo info{concat({store_.location(), "/", record.file}), compressed ? "csv.gz" : "csv", record.rows,
                              record.bytes, record.sha256};
            if (compressed) info.uncompressed_bytes = record.plain;
            out.push_back({record.number, std::move(info)});
        }
        return out;
    }

    // Returns how many parts the job has. Throws PartsMissing if none is committed.
    [[nodiscard]] std::uint64_t number_of_parts() {
        if (!store_.open()) throw_all_missing(1);
        return store_.of();
    }

  private:
    static constexpr std::uint64_t max_manifest = std::uint64_t{64} << 20U;
    static constexpr std::uint64_t max_other_tables = max_manifest / 4;  // the facts of 100,000 parts take half of it

    [[nodiscard]] std::optional<std::string> read_manifest_text() {
        return store_.read(std::string(manifest_name), max_manifest);
    }

    static void expect_number(std::uint64_t of) {
        if (of != 0 && of <= part_count_limit) return;
        throw UsageError(ErrorCode::invalid_option,
                         concat({"a job of ", std::to_string(of), " parts: it has 1 to 100000"}));
    }

    // Says that all of `of` parts are missing.
    [[noreturn]] static void throw_all_missing(std::uint64_t of) {
        std::vector<std::uint64_t> numbers;
        while (numbers.size() < PartsMissing::listed && numbers.size() < of) numbers.push_back(numbers.size());
        throw PartsMissing(std::move(numbers), of, of);
    }

    void read_heads() {
        std::vector<std::uint64_t> missing;
        std::uint64_t count = 0;
        parts_.clear();
        for (std::uint64_t number = 0; number < store_.of(); ++number) {
            if (auto head = store_.head(number)) {
                parts_.push_back({std::move(head->record), {}});
            } else {
                if (++count <= PartsMissing::listed) missing.push_back(number);
            }
        }
        if (count != 0) throw PartsMissing(std::move(missing), count, store_.of());
        const auto ending = [](const PartRecord& record) { return record.file.substr(part_stem(0).size()); };
        for (const ListedPart& part : parts_) {
            if (ending(part.record) == ending(parts_.front().record)) continue;
            throw ArtifactError(ErrorCode::parts_differ,
                                concat({"some parts are compressed and some are not, such as ", part.record.file,
                                        ". Use another job id, or remove the directory; nothing was published"}),
                                store_.location());
        }
    }

    // A description of the table that some parts have in common.
    struct Table {
        std::string own;  // what it says beyond that of the first part
        std::optional<ArtifactDescription> read;
    };

    // Reads each description once, and gives the parts what theirs say beyond the first one's, as far as a manifest has
    // room for that.
    void read_tables() {
        tables_.clear();
        std::uint64_t read = 0;
        std::uint64_t listed = 0;
        for (ListedPart& part : parts_) {
            const bool first = part.record.number == 0;
            auto at = tables_.find(part.record.table_hash);
            if (at == tables_.end()) {
                if (!first && part.record.table_size > max_other_tables - read) continue;
                if (!first) read += part.record.table_size;
                at = tables_.emplace(part.record.table_hash, read_table(part.record)).first;
            }
            if (first) {
                part.table = std::exchange(at->second.own, {});
            } else if (at->second.own.size() <= max_other_tables - listed) {
                listed += at->second.own.size();
                part.table = at->second.own;
            }
        }
    }
    [[nodiscard]] Table read_table(const PartRecord& facts) {
        auto record = store_.record(facts.number);
        if (!record || record->facts != facts) store_.damaged(facts.number, "its summary has changed");
        auto read = read_description_text(concat({"{", record->table, "}"}));
        if (facts.number == 0) return {std::move(record->table), std::move(read)};
        return {std::string(own_description(parts_.front().table, record->table)), std::move(read)};
    }

    // Returns how the table of a part is described; null if nothing that was read says it.
    [[nodiscard]] const ArtifactDescription* described(const PartRecord& record) const {
        const auto at = tables_.find(record.table_hash);
        return at != tables_.end() && at->second.read && at->second.read->schema.size() != 0 ? &*at->second.read
                                                                                             : nullptr;
    }

    // Throws (parts_differ) if parts have other columns or are spelled in another way, which a part without a header
    // does not show.
    void expect_same_tables() const {
        const ArtifactDescription* const first = described(parts_.front().record);
        if (first == nullptr) return;
        std::uint64_t compared = parts_.front().record.table_hash;
        for (const ListedPart& part : parts_) {
            if (std::exchange(compared, part.record.table_hash) == part.record.table_hash) continue;
            const ArtifactDescription* const own = described(part.record);
            if (own != nullptr && !can_follow(*own, *first)) differ(part.record);
        }
    }

    void check_content(const PartRecord& record) {
        const auto content = hash_of_file(store_.system(), store_.directory(), record.file.c_str());
        if (!content) store_.fail({"read", errno});
        if (*content != record.content) store_.damaged(record.number, "its file is not what was committed");
        (void)store_.record(record.number);  // throws if its texts are not what was committed
    }

    // Returns the size of the header that the joined file leaves out of a part. Throws UsageError (invalid_option) if
    // the part is compressed.
    [[nodiscard]] static std::uint64_t skipped_header(const PartRecord& record) {
        if (record.number == 0 || record.header == 0) return 0;
        if (!is_compressed(record)) return record.header;
        throw UsageError(ErrorCode::invalid_option,
                         "compressed parts that all have a header cannot be joined without decompressing them; write "
                         "them with PartHeader::first");
    }

    // Appends a part without its header, unless it is the first. `header` is that of the first.
    void append(PendingFile<System>& to, const PartRecord& record, std::string& header) {
        System& system = store_.system();
        const int from = uninterrupted([&] { return system.open_to_read(store_.directory(), record.file.c_str()); });
        if (from < 0) store_.fail({"open", errno});
        const Closing closing(system, from);
        std::uint64_t left = record.bytes;
        if (record.header != 0 && record.header <= left && !is_compressed(record)) {
            const auto own = read_text(system, from, record.header);
            if (!own) store_.fail({"read", errno});
            left -= own->size();
            if (own->size() != record.header) ends_early(record);
            if (record.number == 0) to.write(std::span<const char>(*own));
            if (header.empty()) header = *own;
            if (*own != header) differ(record);
        }
        for (std::uint64_t done = left; done != 0 && left != 0; left -= done) done = to.copy(from, left);
        const auto write = [&](std::span<const char> block) {
            to.write(block);
            left -= block.size();
        };
        if (!read_blocks(system, from, left, write)) store_.fail({"read", errno});
        if (left != 0) ends_early(record);
    }

    [[noreturn]] void ends_early(const PartRecord& record) const {
        store_.damaged(record.number, "its file ends early");
    }

    [[noreturn]] void differ(const PartRecord& record) const {
        throw ArtifactError(ErrorCode::parts_differ,
                            concat({record.file,
                                    " has other columns than the first part, or another dialect, so that they cannot "
                                    "be joined. Write all parts with the same options, under another job id; nothing "
                                    "was published"}),
                            store_.location());
    }

    PartStore<System> store_;
    PartsOptions options_;
    std::vector<ListedPart> parts_;
    std::map<std::uint64_t, Table> tables_;  // by the hashes of their descriptions
};

}  // namespace curtail::inline v0::detail
