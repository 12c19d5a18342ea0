// SPDX-License-Identifier: MIT
#pragma once
// A cache of the fields of texts that are in a dictionary.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/table/cell.hpp>

namespace curtail::inline v0::detail {

// Caches formatted dictionary values by column, dictionary and code until the next batch, in at most `capacity` bytes,
// which are allocated when the first field is cached. Skips what does not fit, and dictionaries that are too large for
// the batch to use most of their values again. A copy begins empty, because it is for another thread.
class DictionaryFields {
  public:
    // Holds the fields of 25,000 texts of 30 bytes, in dictionaries of at most 16,384; they still fit a second-level
    // cache.
    static constexpr std::size_t default_capacity = std::size_t{1} << 20U;

    struct Field {
        std::uint32_t begin;
        std::uint16_t size;
        std::uint16_t generation;  // 0: not cached
    };

    explicit DictionaryFields(std::size_t capacity = default_capacity) noexcept
        : capacity_(capacity < UINT32_MAX ? capacity : UINT32_MAX) {}
    DictionaryFields(const DictionaryFields& other) noexcept
        : capacity_(other.capacity_), max_codes_(other.max_codes_), width_(other.width_) {}
    DictionaryFields& operator=(const DictionaryFields&) = delete;
    ~DictionaryFields() = default;

    // Forgets all fields, because codes mean something else in another batch, which has `rows` rows and `columns`
    // columns. Nothing is cached before the first call.
    void begin_batch(std::size_t rows, std::size_t columns) noexcept;

    // Returns the field of a text, or a null pointer if it is not cached.
    template <CodedText T>
    [[nodiscard]] CURTAIL_ALWAYS_INLINE const Field* find(std::size_t column, const T& text) const noexcept {
        if (!columns_ || column >= width_) return nullptr;
        const Column& known = columns_[column];
        const std::size_t code = text.code();
        if (known.dictionary != text.dictionary() || code >= known.count) return nullptr;
        const Field& field = known.fields[code];
        return field.generation == known.generation ? &field : nullptr;
    }

    // Caches the field `spelled` of a text that find() did not find, if it is worth it.
    template <CodedText T>
    void keep(std::size_t column, const T& text, std::string_view spelled) {
        keep(column, text.dictionary(), text.code(), text.codes(), spelled);
    }

    [[nodiscard]] std::string_view text(const Field& field) const noexcept {
        return {text_.get() + field.begin, field.size};
    }

    // Copies a field and returns its end; `out` must have room for copy_size(). Most fields are short and are copied
    // without a call.
    char* copy(char* out, const Field& field) const noexcept {
        const char* const begin = text_.get() + field.begin;
        std::memcpy(out, begin, min_copy);
        if (field.size > min_copy) std::memcpy(out + min_copy, begin + min_copy, field.size - min_copy);
        return out + field.size;
    }
    [[nodiscard]] static constexpr std::size_t copy_size(const Field& field) noexcept { return field.size + min_copy; }

  private:
    // The fields of one dictionary, all of one generation. So another dictionary can replace it without clearing them.
    struct Column {
        const void* dictionary = nullptr;
        std::unique_ptr<Field[]> fields;
        std::uint32_t capacity = 0;
        std::uint32_t count = 0;  // 0: nothing of it is cached
        std::uint16_t generation = 0;

        void forget() noexcept {
            dictionary = nullptr;
            count = 0;
        }
    };

    void keep(std::size_t column, const void* dictionary, std::size_t code, std::size_t codes,
              std::string_view spelled);
    [[nodiscard]] bool make_columns();
    void bind(Column& column, const void* dictionary, std::size_t codes, std::size_t size);

    // Rows of the batch, and bytes of the capacity, per text of a dictionary. With fewer, texts that need no quotes
    // took longer than cell by cell: 2,048 rows for 1,000 texts took 1.15 times as long, and a dictionary of 25,000,
    // which evicts the others from the processor's cache, 1.3 times.
    static constexpr std::size_t min_uses = 4;
    static constexpr std::size_t min_bytes_per_code = 64;
    static constexpr std::size_t longest_field = 8192;
    static constexpr std::size_t min_copy = 32;

    std::size_t capacity_;
    std::size_t max_codes_ = 0;
    std::size_t width_ = 0;
    std::unique_ptr<Column[]> columns_;
    std::unique_ptr<char[]> text_;
    std::size_t text_size_ = 0;
    std::size_t tables_ = 0;    // bytes of columns_ and their fields
    std::size_t promised_ = 0;  // bytes of text if all fields of the dictionaries were cached
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <algorithm>

namespace curtail::inline v0::detail {

CURTAIL_INLINE void DictionaryFields::begin_batch(std::size_t rows, std::size_t columns) noexcept {
    if (columns != width_) columns_.reset();
    if (columns_) {
        for (std::size_t i = 0; i < columns; ++i) columns_[i].forget();
    }
    max_codes_ = (std::min)(rows / min_uses, capacity_ / min_bytes_per_code);
    width_ = columns;
    text_size_ = 0;
    promised_ = 0;
}

CURTAIL_INLINE void DictionaryFields::keep(std::size_t column, const void* dictionary, std::size_t code,
                                           std::size_t codes, std::string_view spelled) {
    if (codes > max_codes_ || spelled.size() > longest_field || column >= width_) return;
    if (!columns_ && !make_columns()) return;
    Column& known = columns_[column];
    if (known.dictionary != dictionary) bind(known, dictionary, codes, spelled.size());
    if (code >= known.count || text_size_ + spelled.size() + min_copy > capacity_ - tables_) return;
    std::memcpy(text_.get() + text_size_, spelled.data(), spelled.size());
    known.fields[code] = {cast_to<std::uint32_t>(text_size_), static_cast<std::uint16_t>(spelled.size()),
                          known.generation};
    text_size_ += spelled.size();
}

CURTAIL_INLINE bool DictionaryFields::make_columns() {
    if (width_ > capacity_ / (4 * sizeof(Column))) return false;
    text_ = std::unique_ptr<char[]>(new char[capacity_]);
    columns_ = std::unique_ptr<Column[]>(new Column[width_]);
    tables_ = width_ * sizeof(Column);
    return true;
}

// Takes a dictionary if all of its fields may fit, judged by the size of one of them: looking for fields of which half
// are not cached takes longer than formatting all of them.
CURTAIL_INLINE void DictionaryFields::bind(Column& column, const void* dictionary, std::size_t codes,
                                           std::size_t size) {
    column.forget();
    column.dictionary = dictionary;
    const std::size_t taken = tables_ + (std::max)(promised_, text_size_);
    if (codes > (capacity_ - taken) / (sizeof(Field) + size)) return;
    if (codes > column.capacity) {
        tables_ -= column.capacity * sizeof(Field);
        column.capacity = 0;
        column.fields.reset();
        column.fields = std::unique_ptr<Field[]>(new Field[codes]());
        column.capacity = cast_to<std::uint32_t>(codes);
        column.generation = 0;
        tables_ += codes * sizeof(Field);
    }
    promised_ += codes * size;
    column.count = cast_to<std::uint32_t>(codes);
    if (++column.generation == 0) {
        std::fill_n(column.fields.get(), column.capacity, Field{});
        column.generation = 1;
    }
}

}  // namespace curtail::inline v0::detail

#endif
