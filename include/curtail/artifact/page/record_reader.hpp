// SPDX-License-Identifier: MIT
#pragma once
// Reads records of an artifact field by field, in memory that does not grow with them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/page/content.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// One field of a record, without quotes around it.
struct FieldText {
    std::string_view text;  // all of it, or its beginning
    std::uint64_t bytes = 0;
    bool quoted = false;
    std::uint64_t offset = 0;  // in the text of the artifact
};

// Splits a text as CsvSink joins it, by any dialect's separator, quote and line end. Everything that CsvSink does not
// write is an InputError (malformed_input) with the byte at which it was seen: an end within a record, a quote in a
// field that does not begin with one, bytes behind a closing quote, a lone CR.
class RecordReader {
  public:
    // Begins at `offset`, at which a record begins. `content` must outlive the reader.
    RecordReader(const Content& content, const CsvDialect& dialect, std::uint64_t offset)
        : content_(content),
          pieces_(content, offset),
          separator_(dialect.separator),
          quote_(dialect.quote),
          crlf_(dialect.line_end == LineEnd::crlf),
          piece_offset_(offset) {}

    // Passes over the line feed that ends the record before. Throws if there is none.
    void end_of_other() {
        if (expect_byte() != '\n') fail("no row begins behind this byte, where the index has one", offset());
        ++at_;
    }
    // Passes over records.
    void skip(std::uint64_t records) {
        for (bool quoted = false; records != 0; ++at_) {
            const char c = expect_byte();
            if (c == quote_) {
                quoted = !quoted;
            } else if (quoted) {
                // A cell can be a gigabyte long.
                const void* const found = std::memchr(at_, quote_, static_cast<std::size_t>(end_ - at_));
                at_ = (found != nullptr ? static_cast<const char*>(found) : end_) - 1;
            } else if (c == '\n') {
                --records;
            }
        }
    }
    // Returns true if there is no further record.
    [[nodiscard]] bool at_end() { return at_ == end_ && !fill(); }

    // Reads the next field of a record, and returns true if another one follows it. Of a longer text no more than about
    // `limit` bytes are kept, cut between two characters; but always as many as the longest double has, because a
    // number is never cut.
    [[nodiscard]] bool field(std::size_t limit, FieldText& field) {
        constexpr std::size_t max_character = 4;  // kept beyond the limit, so that utf8_prefix() sees a whole character
        limit = std::clamp(limit, max_fixed_chars, static_cast<std::size_t>(-1) - max_character);
        text_.clear();
        field = {};
        field.quoted = expect_byte() == quote_;
        field.offset = offset();
        field.quoted ? read_quoted(limit + max_character, field.bytes) : read_plain(limit + max_character, field.bytes);
        field.text = field.bytes == text_.size() ? std::string_view(text_) : utf8_prefix(text_, limit);
        const char c = expect_byte();
        if (c == separator_) {
            ++at_;
            return true;
        }
        if (c == '\r' && crlf_) {
            ++at_;
            if (expect_byte() != '\n') fail("a CR that ends no line: the file is damaged", offset());
        } else if (c != '\n' || crlf_) {
            fail(c == '\r' || c == '\n'
                     ? "a line that ends in another way than the dialect says: give the dialect of the file, "
                       "or its line_end"
                     : "bytes behind a closing quote: the file is damaged",
                 offset());
        }
        ++at_;
        return false;
    }

    // Returns the offset of the next byte.
    [[nodiscard]] std::uint64_t offset() const noexcept {
        return piece_offset_ + static_cast<std::uint64_t>(at_ - piece_.data());
    }

    // Throws InputError (malformed_input). `offset` is one in the text.
    [[noreturn]] void fail(std::string_view text, std::uint64_t offset) const {
        content_.file->malformed(text, offset);
    }

  private:
    [[nodiscard]] bool fill() {
        piece_offset_ += piece_.size();
        piece_ = pieces_.next();
        at_ = piece_.data();
        end_ = at_ + piece_.size();
        return !piece_.empty();
    }

    [[nodiscard]] char expect_byte() {
        if (at_ == end_ && !fill()) fail("the text ends within a row: the file is cut off", offset());
        return *at_;
    }

    // Keeps the bytes up to `to`, which is in the piece.
    void keep(const char* to, std::size_t limit, std::uint64_t& bytes) {
        const auto size = static_cast<std::size_t>(to - at_);
        text_.append(at_, (std::min)(size, limit - (std::min)(limit, text_.size())));
        bytes += size;
        at_ = to;
    }

    void read_quoted(std::size_t limit, std::uint64_t& bytes) {
        for (++at_;;) {
            (void)expect_byte();
            const void* const found = std::memchr(at_, quote_, static_cast<std::size_t>(end_ - at_));
            keep(found != nullptr ? static_cast<const char*>(found) : end_, limit, bytes);
            if (found == nullptr) continue;
            ++at_;
            if (expect_byte() != quote_) return;
            keep(at_ + 1, limit, bytes);  // the second of a pair
        }
    }

    void read_plain(std::size_t limit, std::uint64_t& bytes) {
        for (;;) {
            (void)expect_byte();
            const char* to = at_;
            while (to != end_ && *to != separator_ && *to != '\n' && *to != '\r' && *to != quote_) ++to;
            keep(to, limit, bytes);
            if (to == end_) continue;
            if (*to == quote_) fail("a quote within a field that has none around it: the file is damaged", offset());
            return;
        }
    }

    const Content& content_;
    ContentReader pieces_;
    char separator_;
    char quote_;
    bool crlf_;
    std::string_view piece_;
    std::uint64_t piece_offset_;
    const char* at_ = nullptr;
    const char* end_ = nullptr;
    std::string text_;
};

}  // namespace curtail::inline v0::detail
