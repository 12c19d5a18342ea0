// SPDX-License-Identifier: MIT
#pragma once
// Decompresses one member of a blocked gzip file (RFC 1951), without a library: a reader of pages needs a few of them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/little_endian.hpp>

namespace curtail::inline v0::detail {

struct CrcTables {
    std::array<std::array<std::uint32_t, 256>, 8> at{};

    constexpr CrcTables() {
        for (std::uint32_t i = 0; i < 256; ++i) {
            std::uint32_t value = i;
            for (int bit = 0; bit < 8; ++bit) value = value >> 1U ^ ((value & 1U) != 0 ? 0xEDB88320U : 0U);
            at[0][i] = value;
        }
        for (std::size_t table = 1; table < 8; ++table) {
            for (std::size_t i = 0; i < 256; ++i) {
                at[table][i] = at[table - 1][i] >> 8U ^ at[0][at[table - 1][i] & 0xFFU];
            }
        }
    }
};

// Returns the CRC-32 of gzip.
[[nodiscard]] inline std::uint32_t gzip_crc32(std::span<const char> bytes) noexcept {
    static constexpr CrcTables tables;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])); };
    std::uint32_t crc = 0xFFFFFFFFU;
    std::size_t i = 0;
    for (; bytes.size() - i >= 8; i += 8) {
        const std::uint32_t low = crc ^ static_cast<std::uint32_t>(little_endian(&bytes[i], 4));
        crc = tables.at[7][low & 0xFFU] ^ tables.at[6][low >> 8U & 0xFFU] ^ tables.at[5][low >> 16U & 0xFFU] ^
              tables.at[4][low >> 24U] ^ tables.at[3][byte(i + 4)] ^ tables.at[2][byte(i + 5)] ^
              tables.at[1][byte(i + 6)] ^ tables.at[0][byte(i + 7)];
    }
    for (; i < bytes.size(); ++i) crc = crc >> 8U ^ tables.at[0][(crc ^ byte(i)) & 0xFFU];
    return ~crc;
}

// Reads the bits of a stream, the lowest of each byte first. After the end it gives zeros, and overrun() returns true.
class BitReader {
  public:
    explicit BitReader(std::span<const char> bytes) noexcept : bytes_(bytes) {}

    // Makes at least 57 bits ready.
    void refill() noexcept {
        while (count_ <= 56) {
            const std::uint64_t byte = at_ < bytes_.size() ? static_cast<unsigned char>(bytes_[at_]) : 0U;
            bits_ |= byte << count_;
            ++at_;
            count_ += 8;
        }
    }
    [[nodiscard]] std::uint32_t peek(unsigned count) const noexcept {
        return static_cast<std::uint32_t>(bits_ & ((std::uint64_t{1} << count) - 1));
    }
    void drop(unsigned count) noexcept {
        bits_ >>= count;
        count_ -= count;
    }
    [[nodiscard]] std::uint32_t take(unsigned count) noexcept {
        if (count_ < count) refill();
        const std::uint32_t value = peek(count);
        drop(count);
        return value;
    }
    // Drops the rest of a byte, and returns the bytes from there on.
    [[nodiscard]] std::span<const char> rest() noexcept {
        drop(count_ % 8);
        const std::size_t used = at_ - count_ / 8;
        return used <= bytes_.size() ? bytes_.subspan(used) : std::span<const char>();
    }
    void go_to(std::span<const char> rest) noexcept {
        bytes_ = rest;
        at_ = 0;
        bits_ = 0;
        count_ = 0;
    }
    [[nodiscard]] bool overrun() const noexcept { return at_ - count_ / 8 > bytes_.size(); }

  private:
    std::span<const char> bytes_;
    std::size_t at_ = 0;
    std::uint64_t bits_ = 0;
    unsigned count_ = 0;
};

// A prefix code of at most 320 symbols. Codes of up to nine bits, nearly all there are, are found in one step.
class PrefixCode {
  public:
    // Returns false for lengths that are not a code: more codes than there are, or gaps. Only a code of no symbol or of
    // one, which has one bit, may have gaps, as in zlib.
    [[nodiscard]] bool build(const std::uint8_t* lengths, std::size_t symbols) noexcept {
        std::array<std::uint16_t, max_length + 2> next{};
        counts_ = {};
        for (std::size_t i = 0; i < symbols; ++i) ++counts_[lengths[i]];
        counts_[0] = 0;
        int left = 1;
        std::size_t used = 0;
        for (std::size_t length = 1; length <= max_length; ++length) {
            left = 2 * left - counts_[length];
            if (left < 0) return false;
            used += counts_[length];
            next[length + 1] = static_cast<std::uint16_t>(next[length] + counts_[length]);
        }
        if (left > 0 && (used > 1 || used != counts_[1])) return false;
        for (std::size_t i = 0; i < symbols; ++i) {
            if (lengths[i] != 0) symbols_[next[lengths[i]]++] = static_cast<std::uint16_t>(i);
        }
        fill_table();
        return true;
    }

    // Returns the next symbol, or -1 if no code begins there.
    [[nodiscard]] int read(BitReader& bits) const noexcept {
        bits.refill();
        const std::uint16_t entry = table_[bits.peek(table_bits)];
        if (entry != 0) {
            bits.drop(entry & 15U);
            return entry >> 4U;
        }
        int code = 0;
        int first = 0;
        int index = 0;
        for (std::size_t length = 1; length <= max_length; ++length) {
            code |= static_cast<int>(bits.take(1));
            const int count = counts_[length];
            if (code - count < first) return symbols_[static_cast<std::size_t>(index + code - first)];
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        return -1;
    }

  private:
    static constexpr std::size_t max_length = 15;
    static constexpr unsigned table_bits = 9;

    // Fills the table of short codes. An entry is 16 * symbol + length; 0 for longer codes.
    void fill_table() noexcept {
        table_ = {};
        unsigned code = 0;
        std::size_t index = 0;
        for (unsigned length = 1; length <= table_bits; ++length, code <<= 1U) {
            for (unsigned i = 0; i < counts_[length]; ++i, ++code, ++index) {
                unsigned reversed = 0;
                for (unsigned bit = 0; bit < length; ++bit) reversed |= (code >> bit & 1U) << (length - 1 - bit);
                const auto entry = static_cast<std::uint16_t>(symbols_[index] * 16U + length);
                for (; reversed < 1U << table_bits; reversed += 1U << length) table_[reversed] = entry;
            }
        }
    }

    std::array<std::uint16_t, max_length + 1> counts_{};
    std::array<std::uint16_t, 320> symbols_{};
    std::array<std::uint16_t, 1U << table_bits> table_{};
};

class Inflater {
  public:
    Inflater(std::span<const char> deflated, std::span<char> out) noexcept : bits_(deflated), out_(out) {}

    [[nodiscard]] bool run() noexcept {
        for (bool last = false; !last;) {
            last = bits_.take(1) != 0;
            const std::uint32_t kind = bits_.take(2);
            const bool read = kind == 0 ? stored() : kind == 1 ? fixed() : kind == 2 && dynamic();
            if (!read || bits_.overrun()) return false;
        }
        return at_ == out_.size() && bits_.rest().empty();
    }

  private:
    [[nodiscard]] bool stored() noexcept {
        const std::span<const char> rest = bits_.rest();
        if (rest.size() < 4) return false;
        const auto size = cast_to<std::size_t>(little_endian(rest.data(), 2));
        if ((size ^ little_endian(rest.data() + 2, 2)) != 0xFFFFU || rest.size() - 4 < size ||
            out_.size() - at_ < size) {
            return false;
        }
        if (size != 0) std::memcpy(out_.data() + at_, rest.data() + 4, size);
        at_ += size;
        bits_.go_to(rest.subspan(4 + size));
        return true;
    }

    [[nodiscard]] bool fixed() noexcept {
        std::array<std::uint8_t, 288> lengths{};
        for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
        if (!literals_.build(lengths.data(), lengths.size())) return false;
        lengths.fill(5);
        return distances_.build(lengths.data(), 32) && block();
    }

    [[nodiscard]] bool dynamic() noexcept {
        static constexpr std::array<std::uint8_t, 19> order = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                               11, 4,  12, 3, 13, 2, 14, 1, 15};
        const std::size_t literals = bits_.take(5) + 257;
        const std::size_t distances = bits_.take(5) + 1;
        const std::size_t codes = bits_.take(4) + 4;
        if (literals > 286 || distances > 30) return false;
        std::array<std::uint8_t, 320> lengths{};
        for (std::size_t i = 0; i < codes; ++i) lengths[order[i]] = static_cast<std::uint8_t>(bits_.take(3));
        PrefixCode& code = distances_;  // which is built later
        if (!code.build(lengths.data(), 19)) return false;
        lengths.fill(0);
        for (std::size_t i = 0; i < literals + distances;) {
            const int symbol = code.read(bits_);
            if (symbol < 0 || bits_.overrun()) return false;
            if (symbol < 16) {
                lengths[i++] = static_cast<std::uint8_t>(symbol);
                continue;
            }
            if (symbol == 16 && i == 0) return false;
            const std::uint8_t value = symbol == 16 ? lengths[i - 1] : std::uint8_t{0};
            std::size_t times = symbol == 16   ? 3 + bits_.take(2)
                                : symbol == 17 ? 3 + bits_.take(3)
                                               : 11 + bits_.take(7);
            if (times > literals + distances - i) return false;
            for (; times != 0; --times) lengths[i++] = value;
        }
        if (lengths[256] == 0) return false;  // without it the block has no end
        return literals_.build(lengths.data(), literals) && distances_.build(lengths.data() + literals, distances) &&
               block();
    }

    [[nodiscard]] bool block() noexcept {
        static constexpr std::array<std::uint16_t, 29> length_base = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                                      15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                                      67, 83, 99, 115, 131, 163, 195, 227, 258};
        static constexpr std::array<std::uint8_t, 29> length_bits = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                                     2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
        static constexpr std::array<std::uint16_t, 30> distance_base = {
            1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
            193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
        for (;;) {
            const int symbol = literals_.read(bits_);
            if (symbol < 0 || bits_.overrun()) return false;
            if (symbol < 256) {
                if (at_ == out_.size()) return false;
                out_[at_++] = static_cast<char>(symbol);
                continue;
            }
            if (symbol == 256) return true;
            const auto kind = static_cast<std::size_t>(symbol - 257);
            if (kind >= length_base.size()) return false;
            const std::size_t length = length_base[kind] + bits_.take(length_bits[kind]);
            const int distance_code = distances_.read(bits_);
            if (distance_code < 0 || distance_code >= 30) return false;
            const auto extra = static_cast<unsigned>(distance_code < 2 ? 0 : distance_code / 2 - 1);
            const std::size_t distance = distance_base[static_cast<std::size_t>(distance_code)] + bits_.take(extra);
            if (distance > at_ || length > out_.size() - at_) return false;
            copy(distance, length);
        }
    }

    // Copies what was written before; both may overlap.
    void copy(std::size_t distance, std::size_t length) noexcept {
        char* const to = out_.data() + at_;
        const char* const from = to - distance;
        if (distance >= length) {
            std::memcpy(to, from, length);
        } else {
            for (std::size_t i = 0; i < length; ++i) to[i] = from[i];
        }
        at_ += length;
    }

    BitReader bits_;
    std::span<char> out_;
    std::size_t at_ = 0;
    PrefixCode literals_;
    PrefixCode distances_;
};

// Decompresses `deflated`, which must fill `out` and end with it. Returns false for anything else, whatever its bytes
// are. Reads and writes nothing beyond both.
[[nodiscard]] inline bool inflate(std::span<const char> deflated, std::span<char> out) noexcept {
    return Inflater(deflated, out).run();
}

}  // namespace curtail::inline v0::detail
