// SPDX-License-Identifier: MIT
#pragma once
// Finds all rows of an artifact that has no index, in one pass on several threads.

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <curtail/artifact/gzip/gzip_layout.hpp>
#include <curtail/artifact/index/row_index.hpp>
#include <curtail/artifact/page/block_scan.hpp>
#include <curtail/artifact/page/content.hpp>
#include <curtail/core/number/cast_to.hpp>

namespace curtail::inline v0::detail {

// What a pass over an artifact finds.
struct FoundRows {
    std::uint64_t rows = 0;
    std::uint64_t text_bytes = 0;
    std::string row_starts;  // by RowIndexWriter
    std::vector<std::uint64_t> seek_points;
    std::vector<std::uint64_t> text_points;  // as in Content
};

class RowScan {
  public:
    RowScan(const Content& content, char quote, std::uint64_t first_row, std::uint64_t header_lines)
        : content_(content), scanner_(quote), index_(first_row), header_lines_(header_lines), first_row_(first_row) {}

    [[nodiscard]] FoundRows run(std::size_t threads) {
        constexpr std::uint64_t worth_a_thread = 4U << 20U;
        threads =
            static_cast<std::size_t>((std::min)(std::uint64_t{threads}, content_.file->bytes() / worth_a_thread + 1));
        std::vector<std::thread> helpers;
        helpers.reserve(threads);
        try {
            while (helpers.size() + 1 < threads) helpers.emplace_back([this] { work(); });
        } catch (const std::exception&) {
            // The system refuses a further thread: those that were started are enough.
        }
        work();
        for (std::thread& helper : helpers) helper.join();
        if (failure_) std::rethrow_exception(failure_);
        return finish();
    }

  private:
    static constexpr std::size_t blocks_per_chunk = members_per_seek_point;

    // A run of blocks that one thread scans.
    struct Chunk {
        std::uint64_t number = 0;
        std::uint64_t offset = 0;  // in the file
    };

    void work() noexcept {
        MemberReader members;
        std::vector<char> text;
        std::vector<BlockScan> blocks;
        Chunk chunk;
        try {
            while (claim(chunk)) {
                blocks.clear();
                content_.gzip ? scan_members(chunk, members, blocks) : scan_plain(chunk, text, blocks);
                pass_on(chunk, std::move(blocks));
            }
        } catch (...) {
            const std::scoped_lock lock(mutex_);
            over_ = true;
            if (!failure_ || chunk.number < failed_chunk_) {
                failed_chunk_ = chunk.number;
                failure_ = std::current_exception();
            }
        }
    }

    [[nodiscard]] bool claim(Chunk& chunk) {
        const std::scoped_lock lock(mutex_);
        if (over_ || next_.offset == content_.file->bytes()) return false;
        chunk = next_;
        ++next_.number;
        if (!content_.gzip) {
            next_.offset = (std::min)(content_.file->bytes(), chunk.offset + blocks_per_chunk * row_index_step);
            return true;
        }
        for (std::size_t i = 0; i < blocks_per_chunk; ++i) {
            const std::uint64_t next = next_member(*content_.file, next_.offset);
            over_ = next == next_.offset;
            if (over_) break;
            next_.offset = next;
        }
        if (next_.offset == chunk.offset) return false;
        found_.seek_points.push_back(chunk.offset);
        return true;
    }

    void scan_plain(const Chunk& chunk, std::vector<char>& text, std::vector<BlockScan>& blocks) const {
        text.resize(cast_to<std::size_t>(blocks_per_chunk * row_index_step));
        std::string_view rest(text.data(), content_.file->read(chunk.offset, text));
        for (; !rest.empty(); rest.remove_prefix(blocks.back().size)) {
            blocks.push_back(scanner_.scan(rest.substr(0, static_cast<std::size_t>(row_index_step))));
        }
    }

    void scan_members(const Chunk& chunk, MemberReader& members, std::vector<BlockScan>& blocks) {
        std::uint64_t offset = chunk.offset;
        for (std::size_t i = 0; i < blocks_per_chunk; ++i) {
            const std::string_view text = members.read(*content_.file, offset);
            const std::uint64_t next = members.next();
            if (next == offset) break;
            if (!text.empty()) blocks.push_back(scanner_.scan(text));
            if (text.size() != gzip_member_bytes && next_member(*content_.file, next) != next) uneven_ = true;
            offset = next;
        }
    }

    // Takes the blocks of all chunks up to the first that is not scanned yet.
    void pass_on(const Chunk& chunk, std::vector<BlockScan>&& blocks) {
        const std::scoped_lock lock(mutex_);
        scanned_.emplace(chunk.number, std::move(blocks));
        for (auto next = scanned_.find(taken_); next != scanned_.end(); next = scanned_.find(taken_)) {
            found_.text_points.push_back(found_.text_bytes);
            for (const BlockScan& block : next->second) take(block);
            scanned_.erase(next);
            ++taken_;
        }
    }

    void take(const BlockScan& block) {
        const std::size_t how = quoted_ ? 1 : 0;
        const bool at_begin = line_ended_ && found_.text_bytes != 0;
        if (at_begin) add(lines_, found_.text_bytes);
        if (!at_begin && block.first[how] != BlockScan::none) add(lines_ + 1, found_.text_bytes + block.first[how]);
        lines_ += block.lines[how];
        line_ended_ = block.ends_line[how];
        quoted_ = quoted_ != block.odd;
        found_.text_bytes += block.size;
    }

    // Adds the row that begins at `offset`, after `line` lines. Row 0 is in the index already.
    void add(std::uint64_t line, std::uint64_t offset) {
        if (line > header_lines_ && offset >= index_.wanted()) index_.add({line - header_lines_, offset});
    }

    [[nodiscard]] FoundRows finish() {
        const std::uint64_t end = content_.file->bytes();
        if (quoted_) content_.file->malformed("the text ends within quotes: the file is cut off or damaged", end);
        if (found_.text_bytes != first_row_ && !line_ended_) {
            content_.file->malformed("the text ends within a row: the file is cut off", end);
        }
        found_.rows = lines_ - (std::min)(lines_, header_lines_);
        found_.row_starts = index_.text(found_.rows);
        if (!uneven_) found_.text_points.clear();
        return std::move(found_);
    }

    const Content& content_;
    LineScanner scanner_;
    RowIndexWriter index_;
    std::uint64_t header_lines_;
    std::uint64_t first_row_;

    std::atomic<bool> uneven_ = false;  // a member that is not the last holds other than gzip_member_bytes

    std::mutex mutex_;
    Chunk next_;
    bool over_ = false;
    std::map<std::uint64_t, std::vector<BlockScan>> scanned_;  // whose turn has not come
    std::uint64_t taken_ = 0;                                  // chunks
    std::uint64_t lines_ = 0;
    bool quoted_ = false;
    bool line_ended_ = false;
    FoundRows found_;
    std::uint64_t failed_chunk_ = 0;
    std::exception_ptr failure_;
};

// Reads the whole file. Row 0 begins at `first_row`, after `header_lines` lines. A line feed inside of quotes ends no
// row. Throws InputError (malformed_input) if the text ends within a row or a quote, and what reading throws; if there
// are several faults, the first one's. `threads` is at least 1.
[[nodiscard]] inline FoundRows scan_rows(const Content& content, char quote, std::uint64_t first_row,
                                         std::uint64_t header_lines, std::size_t threads) {
    return RowScan(content, quote, first_row, header_lines).run(threads);
}

}  // namespace curtail::inline v0::detail
