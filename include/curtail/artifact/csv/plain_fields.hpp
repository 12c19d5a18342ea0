// SPDX-License-Identifier: MIT
#pragma once
// The fields of a dialect that spells cells plainly, straight into memory.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/table/cell.hpp>

namespace curtail::inline v0::detail {

// Writes the commonest cells (numbers, bools, nulls, texts that are not empty, the cells of a text input) as
// CsvFieldWriter does within a row, for a dialect that asks nothing of them. Checks the room once per cell: to ask a
// buffer after every few bytes took a fifth of the time of a table of short cells.
class PlainFields {
  public:
    // What write() leaves between the end of a field and the end of the room.
    static constexpr std::size_t spare = 8;

    explicit PlainFields(const CsvDialect& dialect);

    // The forms of cell that write() takes.
    template <class Plain>
    static constexpr bool knows =
        is_one_of<Plain, Null, bool, std::int64_t, std::uint64_t, float, double, std::string_view, Verbatim>;

    [[nodiscard]] bool serves() const noexcept { return serves_; }

    // Writes a cell at `at` and returns its end. Returns a null pointer for a cell that is not plain, and for one that
    // may not fit before `end`; then the bytes written do not count. A call per cell in files that link
    // curtail::compiled, inline in all others.
    [[nodiscard]] char* write(char* at, const char* end, Null) const noexcept {
        return fits(at, end, 0) ? at : nullptr;
    }
    [[nodiscard]] char* write(char* at, const char* end, bool value) const noexcept;
    [[nodiscard]] char* write(char* at, const char* end, std::int64_t value) const noexcept;
    [[nodiscard]] char* write(char* at, const char* end, std::uint64_t value) const noexcept;
    [[nodiscard]] char* write(char* at, const char* end, float value) const noexcept;
    [[nodiscard]] char* write(char* at, const char* end, double value) const noexcept;
    [[nodiscard]] char* write(char* at, const char* end, std::string_view text) const noexcept;
    [[nodiscard]] char* write(char* at, const char* end, const Verbatim& cell) const noexcept {
        return cell.meaning == Verbatim::Meaning::text ? nullptr : write(at, end, cell.text);
    }

    // Ends a row where its last field ends, in the room that this left.
    [[nodiscard]] char* end_row(char* at) const noexcept {
        std::memcpy(at, line_end_.text, sizeof line_end_.text);
        return at + line_end_.size;
    }

  private:
    struct Word {
        char text[8] = {};
        unsigned char size = 0;
    };

    [[nodiscard]] static Word word_of(std::string_view text) noexcept;

    [[nodiscard]] static bool fits(const char* at, const char* end, std::size_t size) noexcept {
        return static_cast<std::size_t>(end - at) >= size + spare;
    }

    char separator_;
    char quote_;
    bool serves_;
    Word words_[2];
    Word line_end_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <curtail/artifact/csv/quote_scan.hpp>
#include <curtail/core/number/number_text.hpp>

namespace curtail::inline v0::detail {

// Returns true for a dialect whose numbers and words are written as they are and whose texts need quotes only where a
// reader would take them apart.
[[nodiscard]] inline bool is_plain(const CsvDialect& dialect, std::size_t max_word) noexcept {
    return dialect.quote_style == QuoteStyle::minimal && dialect.formula_guard == FormulaGuard::off &&
           dialect.null_text.empty() && !dialect.decimal_comma && !dialect.float_precision &&
           dialect.true_text.size() <= max_word && dialect.false_text.size() <= max_word;
}

CURTAIL_INLINE PlainFields::PlainFields(const CsvDialect& dialect)
    : separator_(dialect.separator), quote_(dialect.quote), serves_(is_plain(dialect, sizeof(Word::text))) {
    if (!serves_) return;
    words_[0] = word_of(dialect.false_text);
    words_[1] = word_of(dialect.true_text);
    line_end_ = word_of(text_of(dialect.line_end));
}

CURTAIL_INLINE PlainFields::Word PlainFields::word_of(std::string_view text) noexcept {
    Word word;
    text.copy(word.text, sizeof word.text);
    word.size = static_cast<unsigned char>(text.size());
    return word;
}

CURTAIL_INLINE char* PlainFields::write(char* at, const char* end, bool value) const noexcept {
    if (!fits(at, end, sizeof(Word::text))) return nullptr;
    const Word& word = words_[value ? 1 : 0];
    std::memcpy(at, word.text, sizeof word.text);
    return at + word.size;
}

CURTAIL_INLINE char* PlainFields::write(char* at, const char* end, std::int64_t value) const noexcept {
    return fits(at, end, max_number_chars) ? write_integer(at, value) : nullptr;
}

CURTAIL_INLINE char* PlainFields::write(char* at, const char* end, std::uint64_t value) const noexcept {
    return fits(at, end, max_number_chars) ? write_integer(at, value) : nullptr;
}

CURTAIL_INLINE char* PlainFields::write(char* at, const char* end, float value) const noexcept {
    return fits(at, end, max_number_chars) && is_finite(value) ? write_floating(at, value) : nullptr;
}

CURTAIL_INLINE char* PlainFields::write(char* at, const char* end, double value) const noexcept {
    return fits(at, end, max_number_chars) && is_finite(value) ? write_floating(at, value) : nullptr;
}

CURTAIL_INLINE char* PlainFields::write(char* at, const char* end, std::string_view text) const noexcept {
    if (text.empty() || !fits(at, end, 2 * text.size() + 18)) return nullptr;
    const QuoteScan scan(separator_, quote_);
    // Copies longer texts by memcpy(), which gets faster with length.
    if (text.size() >= 64) {
        if (!scan.finds(text)) {
            std::memcpy(at, text.data(), text.size());
            return at + text.size();
        }
    } else if (scan.copies_plain(at, text)) {
        return at + text.size();
    }
    *at++ = quote_;
    at = scan.copy_doubled(at, text);
    *at++ = quote_;
    return at;
}

}  // namespace curtail::inline v0::detail

#endif
