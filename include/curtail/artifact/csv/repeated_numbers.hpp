// SPDX-License-Identifier: MIT
#pragma once
// A cache of the fields of doubles that come again and again: prices, hours, measures of few digits.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/number/cast_to.hpp>

namespace curtail::inline v0::detail {

// Caches the digits of finite doubles, for the columns in which most of them repeat. A column is tried from its 1,025th
// number on. If fewer than half of 4,096 numbers were found, it is tried again 64 times as many numbers later. Real
// flights, whose 1,440 times of day are hours with up to 16 digits, took 0.11 s instead of 0.19 s per 100 MB; random
// doubles took the same time as without the cache. A copy begins empty, because it is for another thread.
class RepeatedNumbers {
  public:
    // A field that is longer is not cached: one of 24 characters has 17 digits, a sign and an exponent of three digits.
    static constexpr std::size_t longest_field = 23;
    // How many bytes find() writes, whatever the field's length.
    static constexpr std::size_t copy_size = 24;

    // Takes `capacity` bytes, but 64 at least and 128 KiB at most, which are allocated with the first try.
    explicit RepeatedNumbers(std::size_t capacity) noexcept;
    RepeatedNumbers(const RepeatedNumbers& other) noexcept : slot_bits_(other.slot_bits_) { resize(other.width_); }
    RepeatedNumbers& operator=(const RepeatedNumbers&) = delete;
    ~RepeatedNumbers() = default;

    // Says how many columns the next rows have; nothing is cached before the first call.
    void begin_batch(std::size_t columns) noexcept {
        if (columns != width_) resize(columns);
    }

    // Returns true if the next number of `column` is to be looked up, and kept if it is not found.
    [[nodiscard]] bool tries(std::size_t column) noexcept {
        if (column >= width_) return false;
        Column& use = columns_[column];
        if (use.pause == 0) [[unlikely]]
            return entries_ != nullptr || make_entries(use);
        --use.pause;
        return false;
    }

    // Writes the field of a finite `value` at `at` and returns its end, or a null pointer if it is not cached.
    [[nodiscard]] char* find(std::size_t column, char* at, double value) noexcept {
        const std::uint64_t key = key_of(value);
        const Entry& entry = entries_[slot_of(key)];
        const bool found = entry.key == key;
        columns_[column].note(found);
        if (!found) return nullptr;
        std::memcpy(at, entry.text, copy_size);
        return at + entry.size();
    }

    // Keeps the field of a number that find() did not find, in place of another one.
    void keep(double value, const char* field, std::size_t size) noexcept {
        if (size > longest_field) return;
        const std::uint64_t key = key_of(value);
        Entry& entry = entries_[slot_of(key)];
        entry.key = key;
        std::memcpy(entry.text, field, size);
        entry.text[longest_field] = static_cast<char>(size);
    }

  private:
    struct Entry {
        std::uint64_t key = 0;  // 0: empty
        char text[longest_field + 1] = {};

        [[nodiscard]] std::size_t size() const noexcept { return static_cast<unsigned char>(text[longest_field]); }
    };

    struct Column {
        std::uint32_t pause = first_pause;  // numbers until the next try
        std::uint16_t lookups = 0;
        std::uint16_t hits = 0;

        void note(bool hit) noexcept {
            hits = static_cast<std::uint16_t>(hits + (hit ? 1 : 0));
            if (++lookups < window) return;
            if (hits < window / 2) pause = long_pause;
            lookups = 0;
            hits = 0;
        }
    };

    static constexpr std::size_t max_entries = 4096;
    static constexpr std::uint32_t first_pause = 1024;
    static constexpr std::uint16_t window = 4096;
    static constexpr std::uint32_t long_pause = 64 * std::uint32_t{window};

    // Returns the bits of a finite number plus one. So 0 is the key of no number, because only a NaN has all bits set.
    [[nodiscard]] static std::uint64_t key_of(double value) noexcept { return std::bit_cast<std::uint64_t>(value) + 1; }
    // Returns the place of a key. A multiplication brings what differs in any bit to the top bits.
    [[nodiscard]] std::size_t slot_of(std::uint64_t key) const noexcept {
        return cast_to<std::size_t>(key * 0x9E3779B97F4A7C15U >> (64U - slot_bits_));
    }

    void resize(std::size_t columns) noexcept;
    bool make_entries(Column& use) noexcept;

    unsigned slot_bits_;
    std::size_t width_ = 0;
    std::unique_ptr<Column[]> columns_;
    std::unique_ptr<Entry[]> entries_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <algorithm>
#include <new>

namespace curtail::inline v0::detail {

CURTAIL_INLINE RepeatedNumbers::RepeatedNumbers(std::size_t capacity) noexcept
    : slot_bits_(static_cast<unsigned>(
          std::bit_width(std::clamp(capacity / sizeof(Entry), std::size_t{2}, max_entries)) - 1)) {}

// Makes room for so many columns. Without memory nothing is cached.
CURTAIL_INLINE void RepeatedNumbers::resize(std::size_t columns) noexcept {
    columns_.reset(new (std::nothrow) Column[columns]);
    width_ = columns_ ? columns : 0;
}

CURTAIL_INLINE bool RepeatedNumbers::make_entries(Column& use) noexcept {
    entries_.reset(new (std::nothrow) Entry[std::size_t{1} << slot_bits_]);
    if (!entries_) use.pause = UINT32_MAX;
    return entries_ != nullptr;
}

}  // namespace curtail::inline v0::detail

#endif
