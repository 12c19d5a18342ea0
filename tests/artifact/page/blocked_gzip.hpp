// SPDX-License-Identifier: MIT
#pragma once
// Blocked gzip without a library: its members are stored, not deflated.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/gzip/gzip_layout.hpp>
#include <curtail/artifact/gzip/inflate.hpp>

// `member_bytes` is what each member holds.
inline std::string blocked_gzip(std::string_view text, bool with_end = true,
                                std::size_t member_bytes = curtail::detail::gzip_member_bytes) {
    const auto little = [](std::uint64_t value, int bytes) {
        std::string out;
        for (; bytes != 0; --bytes, value >>= 8U) out += static_cast<char>(value & 0xFFU);
        return out;
    };
    std::string out;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, member_bytes);
        text.remove_prefix(part.size());
        const std::size_t size = 18 + 5 + part.size() + 8;
        out += std::string("\x1F\x8B\x08\x04\0\0\0\0\0\xFF\x06\0BC\x02\0", 16) + little(size - 1, 2) + '\1' +
               little(part.size(), 2) + little(~part.size(), 2);
        out += part;
        out += little(curtail::detail::gzip_crc32(part), 4) + little(part.size(), 4);
    }
    return with_end ? out + std::string(curtail::detail::gzip_end) : out;
}

// Returns where every 16th member begins.
inline std::vector<std::uint64_t> seek_points(std::string_view gzip) {
    std::vector<std::uint64_t> points;
    std::size_t members = 0;
    for (std::size_t at = 0; gzip.size() - at > curtail::detail::gzip_end.size();) {
        if (members++ % curtail::detail::members_per_seek_point == 0) points.push_back(at);
        const auto byte = [&](std::size_t i) {
            return static_cast<std::size_t>(static_cast<unsigned char>(gzip[at + i]));
        };
        at += (byte(16) | byte(17) << 8U) + 1;
    }
    return points;
}
