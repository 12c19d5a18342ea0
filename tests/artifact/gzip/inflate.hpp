// SPDX-License-Identifier: MIT
#pragma once
// Reads blocked gzip by zlib's rules alone, and takes its members apart.

#include <libdeflate.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

// Returns the lowest byte first.
inline std::size_t number_at(std::string_view bytes, std::size_t at, std::size_t count) {
    std::size_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes.at(at + i));
    return value;
}

struct Member {
    std::size_t size;  // compressed
    std::string text;
};

// Goes from member to member by the lengths that they state, and checks each.
inline std::vector<Member> members_of(std::string_view bytes) {
    std::vector<Member> members;
    libdeflate_decompressor* const state = libdeflate_alloc_decompressor();
    REQUIRE(state != nullptr);
    while (!bytes.empty()) {
        REQUIRE(bytes.size() >= 28);
        REQUIRE(bytes.substr(12, 4) == std::string_view("BC\x02\0", 4));
        const std::size_t size = number_at(bytes, 16, 2) + 1;
        REQUIRE(size <= bytes.size());
        Member member{size, std::string(number_at(bytes, size - 4, 4), '\0')};
        std::size_t used = 0;
        std::size_t made = 0;
        REQUIRE(libdeflate_gzip_decompress_ex(state, bytes.data(), size, member.text.data(), member.text.size(), &used,
                                              &made) == LIBDEFLATE_SUCCESS);
        REQUIRE(used == size);
        REQUIRE(made == member.text.size());
        members.push_back(std::move(member));
        bytes.remove_prefix(size);
    }
    libdeflate_free_decompressor(state);
    return members;
}

inline std::string text_of(const std::vector<Member>& members) {
    std::string text;
    for (const Member& member : members) text += member.text;
    return text;
}
