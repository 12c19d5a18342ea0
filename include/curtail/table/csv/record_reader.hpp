// SPDX-License-Identifier: MIT
#pragma once
// Cuts a CSV text into records, block by block: a record ends at the first line feed outside quotes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/table/csv/byte_source.hpp>
#include <curtail/table/csv/fault.hpp>

namespace curtail::inline v0::detail {

// One record without its line end. The byte at `end` may be overwritten.
struct CsvRecord {
    char* begin = nullptr;
    char* end = nullptr;
    std::uint64_t line = 0;   // on which it begins, counted from 1
    std::uint64_t lines = 1;  // more than one if quotes enclose line breaks
    bool plain = true;        // neither a quote nor a carriage return in it

    [[nodiscard]] std::string_view text() const noexcept { return {begin, static_cast<std::size_t>(end - begin)}; }
};

// Keeps one block in memory, and more only for a longer record. Counts quotes instead of reading fields, so a record
// with misplaced quotes may come out too long. Splitting it into fields finds them.
class CsvRecordReader {
  public:
    static constexpr std::size_t block_bytes = 256U << 10U;

    // Errors call the input `name`. Skips a byte order mark of UTF-8; throws InputError for another format.
    CsvRecordReader(ByteSource source, std::string name, std::size_t max_record_bytes, char separator,
                    bool require_utf8 = true)
        : source_(std::move(source)),
          name_(std::move(name)),
          max_record_bytes_(max_record_bytes),
          separator_(separator),
          require_utf8_(require_utf8) {
        fill(true);
        if (std::string_view(begin_, size()).starts_with("\xEF\xBB\xBF")) {
            begin_ += 3;
            scan_ = begin_;
        }
        if (const std::string_view other = foreign_format({begin_, size()}); !other.empty()) {
            fail_input(other, 1);
        }
    }

    [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_; }

    // Takes the next record. Returns false if none is whole in memory; fill() may bring one.
    // Throws InputError (malformed_input) for a quote that is never closed, a record over the limit, and text that is
    // not UTF-8.
    [[nodiscard]] bool next(CsvRecord& record) {
        const bool found = find(record);
        if (found && not_ascii_ahead_ && require_utf8_) check_utf8(record);
        return found;
    }

    // Drops the records taken so far and reads on: once, or until the block is full. Returns false at the end.
    bool fill(bool whole_block) {
        if (ended_) return false;
        const std::size_t kept = size();
        const auto scanned = static_cast<std::size_t>(scan_ - begin_);
        // Doubles the block for a record longer than half of it, so that no byte is moved more than a few times.
        if (capacity_ == 0 || kept > capacity_ / 2) {
            const std::size_t capacity = (std::max)(block_bytes, capacity_ * 2);
            auto larger = std::make_unique<char[]>(capacity + 1);  // one spare byte after the last record
            if (kept != 0) std::memcpy(larger.get(), begin_, kept);
            buffer_ = std::move(larger);
            capacity_ = capacity;
        } else if (begin_ != buffer_.get()) {
            std::memmove(buffer_.get(), begin_, kept);
        }
        begin_ = buffer_.get();
        end_ = begin_ + kept;
        scan_ = begin_ + scanned;
        char* const fresh = end_;
        do {
            const std::span<char> room(end_, capacity_ - size());
            const std::size_t got = source_.read(room);
            if (got > room.size()) fail_read(got, room.size());
            ended_ = got == 0;
            end_ += got;
            bytes_read_ += got;
        } while (whole_block && !ended_ && size() < capacity_);
        // Searches only new bytes, because a long record in small pieces would take quadratic time otherwise.
        quotes_ahead_ = std::memchr(scan_, '"', static_cast<std::size_t>(end_ - scan_)) != nullptr;
        returns_ahead_ = (kept != 0 && returns_ahead_) ||
                         std::memchr(fresh, '\r', static_cast<std::size_t>(end_ - fresh)) != nullptr;
        unsigned char bits = 0;
        for (const char* at = fresh; at != end_; ++at) bits |= static_cast<unsigned char>(*at);
        not_ascii_ahead_ = (kept != 0 && not_ascii_ahead_) || bits >= 0x80;
        return true;
    }

    // Throws InputError (malformed_input) with the name of the input. Line 0 means that it names no line.
    [[noreturn]] void fail_input(std::string_view what, std::uint64_t line) const {
        throw InputError(ErrorCode::malformed_input, what, name_, line);
    }
    // Throws InputError with the first fault of `text`, which begins on `line`.
    [[noreturn]] void fail(std::string_view text, std::uint64_t line) const {
        const CsvFault fault = find_csv_fault(text, separator_);
        fail_input(describe_fault(fault.kind), line + count(text.data(), text.data() + fault.offset, '\n'));
    }

    [[nodiscard]] static std::size_t count(const char* begin, const char* end, char wanted) noexcept {
        std::size_t found = 0;
        for (;;) {
            begin = static_cast<const char*>(std::memchr(begin, wanted, static_cast<std::size_t>(end - begin)));
            if (begin == nullptr) return found;
            ++found;
            ++begin;
        }
    }

  private:
    [[nodiscard]] bool find(CsvRecord& record) {
        for (;;) {
            auto* const line_feed =
                static_cast<char*>(std::memchr(scan_, '\n', static_cast<std::size_t>(end_ - scan_)));
            char* const line_end = line_feed != nullptr ? line_feed : end_;
            if (quotes_ahead_) quotes_ += count(scan_, line_end, '"');
            if (static_cast<std::size_t>(line_end - begin_) > max_record_bytes_) fail_too_long(line_end);
            if (line_feed == nullptr) {
                scan_ = end_;
                if (!ended_ || begin_ == end_) return false;
                if (quotes_ % 2 != 0) fail({begin_, size()}, line_);
                take(record, end_, end_);
                return true;
            }
            if (quotes_ % 2 != 0) {
                ++inner_lines_;
                scan_ = line_feed + 1;
                continue;
            }
            char* const record_end = line_feed != begin_ && line_feed[-1] == '\r' ? line_feed - 1 : line_feed;
            take(record, record_end, line_feed + 1);
            return true;
        }
    }

    [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - begin_); }

    void take(CsvRecord& record, char* record_end, char* next_begin) noexcept {
        const auto length = static_cast<std::size_t>(record_end - begin_);
        const bool plain = quotes_ == 0 && !(returns_ahead_ && std::memchr(begin_, '\r', length) != nullptr);
        record = {begin_, record_end, line_, inner_lines_ + 1, plain};
        line_ += inner_lines_ + 1;
        inner_lines_ = 0;
        quotes_ = 0;
        begin_ = next_begin;
        scan_ = next_begin;
    }

    void check_utf8(const CsvRecord& record) const {
        const std::string_view rest = record.text().substr(valid_utf8_prefix(record.text()));
        if (rest.empty()) return;
        std::string what = "text that is not UTF-8, as the byte 0x";
        append_hex(what, rest.substr(0, 1));
        what +=
            " shows; save the file in UTF-8, which iconv -f WINDOWS-1252 -t UTF-8 makes of most others, or set "
            "require_utf8 to false";
        fail_input(what, record.line + count(record.begin, rest.data(), '\n'));
    }

    // Throws for a callback that returned -1, as POSIX's read() does on an error, or that wrote beyond its buffer.
    [[noreturn]] void fail_read(std::size_t got, std::size_t room) const {
        throw InputError(ErrorCode::unreadable_input,
                         "the callback returned " + std::to_string(got) + " for a buffer of " + std::to_string(room) +
                             " bytes; it must return how many bytes it filled, and throw if it cannot read",
                         name_);
    }

    [[noreturn]] void fail_too_long(const char* line_end) const {
        const std::string_view text(begin_, static_cast<std::size_t>(line_end - begin_));
        // Without its last byte, which may be a carriage return whose line feed has not been read yet.
        const CsvFaultKind kind = find_csv_fault(text.substr(0, text.size() - 1), separator_).kind;
        if (kind != CsvFaultKind::none && kind != CsvFaultKind::unclosed_quote) fail(text, line_);
        fail_input("a record of more than " + std::to_string(max_record_bytes_) +
                       " bytes begins here; close its quotes if one is open, or raise max_record_bytes",
                   line_);
    }

    ByteSource source_;
    std::string name_;
    std::size_t max_record_bytes_;
    char separator_;
    bool require_utf8_;
    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    char* begin_ = nullptr;  // of the next record
    char* end_ = nullptr;
    char* scan_ = nullptr;  // end of the part of the record that was scanned
    std::size_t quotes_ = 0;
    std::uint64_t inner_lines_ = 0;
    std::uint64_t line_ = 1;
    std::uint64_t bytes_read_ = 0;
    bool quotes_ahead_ = false;     // any after scan_
    bool returns_ahead_ = false;    // any after begin_; may stay true for longer
    bool not_ascii_ahead_ = false;  // the same of bytes above 0x7F
    bool ended_ = false;
};

}  // namespace curtail::inline v0::detail
