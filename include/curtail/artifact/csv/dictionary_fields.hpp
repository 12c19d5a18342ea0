// SPDX-License-Identifier: MIT
#pragma once
// The fields of texts that stand in a dictionary, each spelled once.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include <curtail/artifact/csv/field_writer.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/table/cell.hpp>

namespace curtail::inline v0::detail {

// Keeps fields as they are spelled within a row, by column, dictionary and code, until the next batch. It has memory
// only for what it keeps, and never more than its room. What does not fit is not kept, nor are dictionaries so large
// beside the batch that most of their texts are met once. A copy begins without fields: it is for another thread.
class DictionaryFields {
  public:
    // The fields of 25,000 texts of 30 bytes, in dictionaries of 16,384 at most; second-level caches still hold it.
    static constexpr std::size_t default_room = std::size_t{1} << 20U;

    struct Field {
        std::uint32_t begin;
        std::uint16_t size;
        std::uint8_t guarded;     // how many apostrophes the formula guard put there
        std::uint8_t generation;  // 0: never kept
    };

    explicit DictionaryFields(std::size_t room = default_room) noexcept
        : room_((std::min)(room, std::size_t{UINT32_MAX})) {}
    DictionaryFields(const DictionaryFields& other) noexcept
        : room_(other.room_), most_codes_(other.most_codes_), width_(other.width_) {}
    DictionaryFields& operator=(const DictionaryFields& other) noexcept {
        if (this == &other) return *this;
        columns_.reset();
        begin_batch(0, other.width_);
        room_ = other.room_;
        most_codes_ = other.most_codes_;
        return *this;
    }
    ~DictionaryFields() = default;

    // Forgets all fields, because codes mean something else in another batch; says how many rows and columns that has.
    // Before the first one nothing is kept.
    void begin_batch(std::size_t rows, std::size_t columns) noexcept {
        if (columns != width_) columns_.reset();
        if (columns_) {
            for (std::size_t i = 0; i < columns; ++i) columns_[i].forget();
        }
        most_codes_ = (std::min)(rows / least_uses, room_ / least_share);
        width_ = columns;
        text_.size = 0;
        promised_ = 0;
    }

    // The field of a text; a null pointer if it is not kept.
    template <CodedText T>
    [[nodiscard, gnu::always_inline]] const Field* find(std::size_t column, const T& text) const noexcept {
        if (!columns_ || column >= width_) return nullptr;
        const Column& known = columns_[column];
        const std::size_t code = text.code();
        if (known.dictionary != text.dictionary() || code >= known.count) return nullptr;
        const Field& field = known.fields[code];
        return field.generation == known.generation ? &field : nullptr;
    }

    // Keeps the field of a text that find() did not find, if it shall be kept.
    template <CodedText T>
    void keep(std::size_t column, const T& text, std::string_view spelled) {
        Column* const known = column_for(column, text.dictionary(), text.code(), text.codes(), spelled.size());
        if (known == nullptr) return;
        std::memcpy(text_.memory.get() + text_.size, spelled.data(), spelled.size());
        add(*known, text.code(), spelled.size(), 0);
    }

    // The same for the field that `writer` makes of it; a null pointer, and nothing is made, if it shall not be kept.
    template <CodedText T>
    [[nodiscard]] const Field* keep(std::size_t column, const T& text, CsvFieldWriter& writer) {
        const std::string_view plain = text;
        // At the longest every byte has an escape, and there are an apostrophe, its escape and two quotes.
        const std::size_t longest = 2 * plain.size() + 4;
        Column* const known = column_for(column, text.dictionary(), text.code(), text.codes(), longest);
        if (known == nullptr) return nullptr;
        char* const begin = text_.memory.get() + text_.size;
        Appender out{begin};
        const std::uint64_t guarded = writer.guarded();
        writer.write(out, plain);
        return add(*known, text.code(), static_cast<std::size_t>(out.at - begin),
                   static_cast<std::uint8_t>(writer.guarded() - guarded));
    }

    [[nodiscard]] std::string_view text(const Field& field) const noexcept {
        return {text_.memory.get() + field.begin, field.size};
    }

    // Copies a field and returns its end; `out` must have room for copy_size(). Most fields are short and are copied
    // without a call.
    char* copy(char* out, const Field& field) const noexcept {
        const char* const begin = text_.memory.get() + field.begin;
        std::memcpy(out, begin, least_copy);
        if (field.size > least_copy) std::memcpy(out + least_copy, begin + least_copy, field.size - least_copy);
        return out + field.size;
    }
    [[nodiscard]] static constexpr std::size_t copy_size(const Field& field) noexcept {
        return field.size + least_copy;
    }

  private:
    // What is kept of one dictionary: the fields of one generation. So another dictionary takes its place at no cost.
    struct Column {
        const void* dictionary = nullptr;
        std::unique_ptr<Field[]> fields;
        std::uint32_t capacity = 0;
        std::uint32_t count = 0;  // 0: nothing of it is kept
        std::uint8_t generation = 0;

        void forget() noexcept {
            dictionary = nullptr;
            count = 0;
        }
    };

    // Memory that is known to suffice.
    struct Appender {
        char* at;

        void put(char c) noexcept { *at++ = c; }
        void append(std::string_view text) noexcept { at = std::copy(text.begin(), text.end(), at); }
    };

    // Where to keep a field of at most `size` bytes; a null pointer if it shall not be kept.
    [[nodiscard]] Column* column_for(std::size_t column, const void* dictionary, std::size_t code, std::size_t codes,
                                     std::size_t size) {
        if (codes > most_codes_ || size > longest_field || column >= width_) return nullptr;
        if (!columns_ && !make_columns()) return nullptr;
        Column& known = columns_[column];
        if (known.dictionary != dictionary) bind(known, dictionary, codes, size);
        return code < known.count && text_.size + size + least_copy <= room_ - tables_ ? &known : nullptr;
    }

    [[nodiscard]] bool make_columns() {
        if (width_ > room_ / (4 * sizeof(Column))) return false;
        text_ = TextBlock::of(room_);
        columns_ = std::unique_ptr<Column[]>(new Column[width_]);
        tables_ = width_ * sizeof(Column);
        return true;
    }

    // Takes a dictionary whose fields may all fit, as far as one of them tells: to look for fields of which half are
    // not kept takes longer than to spell them all.
    void bind(Column& column, const void* dictionary, std::size_t codes, std::size_t size) {
        column.forget();
        column.dictionary = dictionary;
        const std::size_t taken = tables_ + (std::max)(promised_, text_.size);
        if (codes > (room_ - taken) / (sizeof(Field) + size)) return;
        if (codes > column.capacity) {
            tables_ -= column.capacity * sizeof(Field);
            column.capacity = 0;
            column.fields.reset();
            column.fields = std::unique_ptr<Field[]>(new Field[codes]());
            column.capacity = static_cast<std::uint32_t>(codes);
            column.generation = 0;
            tables_ += codes * sizeof(Field);
        }
        promised_ += codes * size;
        column.count = static_cast<std::uint32_t>(codes);
        if (++column.generation == 0) {
            std::fill_n(column.fields.get(), column.capacity, Field{});
            column.generation = 1;
        }
    }

    const Field* add(Column& column, std::size_t code, std::size_t size, std::uint8_t guarded) noexcept {
        Field& field = column.fields[code];
        field = {static_cast<std::uint32_t>(text_.size), static_cast<std::uint16_t>(size), guarded, column.generation};
        text_.size += size;
        return &field;
    }

    // Rows of the batch, and bytes of the room, for each text of a dictionary. With fewer, texts that need no quotes
    // took longer than cell by cell: 2,048 rows for 1,000 texts 1.15 times as long, and a dictionary of 25,000, which
    // drives the others out of the cache, 1.3 times.
    static constexpr std::size_t least_uses = 4;
    static constexpr std::size_t least_share = 64;
    static constexpr std::size_t longest_field = 8192;
    static constexpr std::size_t least_copy = 32;

    std::size_t room_;
    std::size_t most_codes_ = 0;
    std::size_t width_ = 0;
    std::unique_ptr<Column[]> columns_;
    TextBlock text_;
    std::size_t tables_ = 0;    // bytes of columns_ and their fields
    std::size_t promised_ = 0;  // bytes of text, were all fields of the dictionaries kept
};

}  // namespace curtail::inline v0::detail
