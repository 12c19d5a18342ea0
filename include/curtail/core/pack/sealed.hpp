// SPDX-License-Identifier: MIT
#pragma once
// Packed bytes with what tells them from others: a mark, a version, their number and a checksum.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/little_endian.hpp>
#include <curtail/core/number/split_mix.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>

namespace curtail::inline v0::detail {

// The most that seal() adds to a body.
inline constexpr std::size_t max_seal_bytes = 48;

// Returns a checksum. It finds accidental changes of the bytes, not deliberate ones.
[[nodiscard]] std::uint64_t checksum_of(std::string_view bytes);

// Packs `mark` (at most 16 bytes), the version, the size of the body, the body (`first` and `rest`), and a checksum of
// all that. Forgets what was packed before, and allocates nothing if that was as long.
void seal(Packer& packer, std::string_view mark, std::uint64_t version, std::string_view first, std::string_view rest);

// What seal() was given.
struct Unsealed {
    std::uint64_t version;
    std::uint64_t checksum;
    Unpacker body;
};

// Returns what seal() packed with the same mark. Throws MessageError: newer_version for a version above `newest`,
// part_damaged for all else.
[[nodiscard]] Unsealed unseal(std::string_view mark, std::uint64_t newest, std::string_view bytes);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE std::uint64_t checksum_of(std::string_view bytes) {
    std::uint64_t sum = split_mix(bytes.size());
    while (!bytes.empty()) {
        const std::size_t count = bytes.size() < 8 ? bytes.size() : 8;
        sum = (sum ^ little_endian(bytes.data(), count)) * 0x9E3779B97F4A7C15U;
        sum ^= sum >> 32U;
        bytes.remove_prefix(count);
    }
    return split_mix(sum);
}

CURTAIL_INLINE void seal(Packer& packer, std::string_view mark, std::uint64_t version, std::string_view first,
                         std::string_view rest) {
    packer.clear();
    packer.raw(mark);
    packer.number(version);
    packer.number(first.size() + rest.size());
    packer.raw(first);
    packer.raw(rest);
    packer.word(checksum_of(packer.bytes()));
}

CURTAIL_INLINE Unsealed unseal(std::string_view mark, std::uint64_t newest, std::string_view bytes) {
    if (!bytes.starts_with(mark)) {
        throw MessageError(
            ErrorCode::part_damaged,
            mark.starts_with(bytes) ? "a part's summary is cut off" : "these bytes are not a part's summary", 0);
    }
    Unpacker head(bytes.substr(mark.size()), mark.size());
    const std::uint64_t version = head.number();
    if (version > newest) {
        throw MessageError(ErrorCode::newer_version,
                           concat({"a part's summary has version ", std::to_string(version),
                                   ", and this program reads versions up to ", std::to_string(newest),
                                   ": update the program that merges first"}),
                           mark.size());
    }
    const std::uint64_t size = head.number();
    const std::size_t begin = bytes.size() - head.left();
    if (head.left() < 8 || size > head.left() - 8) {
        throw MessageError(ErrorCode::part_damaged, "a part's summary is cut off", bytes.size());
    }
    const std::string_view body = head.raw(cast_to<std::size_t>(size));
    const std::size_t end = begin + body.size();
    const std::uint64_t checksum = head.word();
    head.expect_end();
    if (checksum != checksum_of(bytes.substr(0, end))) {
        throw MessageError(ErrorCode::part_damaged,
                           "the checksum of a part's summary is wrong: it was changed on the way", end);
    }
    return {version, checksum, Unpacker(body, begin)};
}

}  // namespace curtail::inline v0::detail

#endif
