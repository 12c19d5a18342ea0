// SPDX-License-Identifier: MIT
#pragma once
// XXH64, a fast checksum of a file's bytes: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <curtail/core/number/little_endian.hpp>

namespace curtail::inline v0::detail {

// The XXH64 (seed 0) of bytes that come in parts. It tells files apart that differ by accident; it is not a defence
// against someone who makes two files with one checksum.
class ContentHash {
  public:
    void update(std::span<const char> bytes) noexcept {
        total_ += bytes.size();
        if (kept_ != 0) {
            const std::size_t taken = (std::min)(bytes.size(), stripe - kept_);
            std::copy_n(bytes.begin(), taken, rest_.begin() + static_cast<std::ptrdiff_t>(kept_));
            kept_ += taken;
            bytes = bytes.subspan(taken);
            if (kept_ < stripe) return;
            add_stripe(rest_.data());
            kept_ = 0;
        }
        for (; bytes.size() >= stripe; bytes = bytes.subspan(stripe)) add_stripe(bytes.data());
        std::copy(bytes.begin(), bytes.end(), rest_.begin());
        kept_ = bytes.size();
    }

    // Returns the checksum of all bytes so far.
    [[nodiscard]] std::uint64_t value() const noexcept {
        std::uint64_t hash = lanes_[2] + prime5;
        if (total_ >= stripe) {
            hash =
                std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) + std::rotl(lanes_[3], 18);
            for (const std::uint64_t lane : lanes_) hash = (hash ^ round(0, lane)) * prime1 + prime4;
        }
        hash += total_;
        std::size_t at = 0;
        for (; at + 8 <= kept_; at += 8)
            hash = std::rotl(hash ^ round(0, little_endian(&rest_[at], 8)), 27) * prime1 + prime4;
        if (at + 4 <= kept_) {
            hash = std::rotl(hash ^ (little_endian(&rest_[at], 4) * prime1), 23) * prime2 + prime3;
            at += 4;
        }
        for (; at < kept_; ++at) hash = std::rotl(hash ^ (little_endian(&rest_[at], 1) * prime5), 11) * prime1;
        hash = (hash ^ (hash >> 33U)) * prime2;
        hash = (hash ^ (hash >> 29U)) * prime3;
        return hash ^ (hash >> 32U);
    }

  private:
    static constexpr std::size_t stripe = 32;
    static constexpr std::uint64_t prime1 = 0x9E3779B185EBCA87U;
    static constexpr std::uint64_t prime2 = 0xC2B2AE3D27D4EB4FU;
    static constexpr std::uint64_t prime3 = 0x165667B19E3779F9U;
    static constexpr std::uint64_t prime4 = 0x85EBCA77C2B2AE63U;
    static constexpr std::uint64_t prime5 = 0x27D4EB2F165667C5U;

    static constexpr std::uint64_t round(std::uint64_t lane, std::uint64_t input) noexcept {
        return std::rotl(lane + input * prime2, 31) * prime1;
    }

    void add_stripe(const char* bytes) noexcept {
        for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i] = round(lanes_[i], little_endian(bytes + 8 * i, 8));
    }

    std::array<std::uint64_t, 4> lanes_ = {prime1 + prime2, prime2, 0, 0 - prime1};
    std::array<char, stripe> rest_{};
    std::size_t kept_ = 0;  // bytes in rest_
    std::uint64_t total_ = 0;
};

// Returns the checksum of a text.
[[nodiscard]] inline std::uint64_t content_hash(std::string_view text) noexcept {
    ContentHash hash;
    hash.update(text);
    return hash.value();
}

}  // namespace curtail::inline v0::detail
