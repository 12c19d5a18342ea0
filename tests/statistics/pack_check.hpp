// SPDX-License-Identifier: MIT
#pragma once
// What every packed value must hold to.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>

#include "catch.hpp"

template <class T>
std::string packed(const T& value) {
    curtail::detail::Packer packer;
    value.pack(packer);
    return packer.take();
}

// Returns what `unpack(Unpacker&)` reads of all bytes.
template <class Unpack>
auto unpacked(std::string_view bytes, Unpack unpack) {
    curtail::detail::Unpacker in(bytes);
    auto value = unpack(in);
    in.expect_end();
    return value;
}

// Packs, unpacks and packs again; no beginning of the bytes is taken, and changed bytes are refused by MessageError or
// give a value for which `use` works. Returns what was unpacked.
template <class T, class Unpack, class Use>
T check_packed(const T& value, std::uint64_t seed, Unpack unpack, Use use) {
    const std::string bytes = packed(value);
    T back = unpacked(bytes, unpack);
    CHECK(packed(back) == bytes);
    std::mt19937_64 random(seed);
    const auto refused_or_used = [&](const std::string& changed) {
        try {
            const T other = unpacked(changed, unpack);
            use(other);
        } catch (const curtail::MessageError&) {
        }
    };
    const std::size_t step = bytes.size() / 100 + 1;
    for (std::size_t size = 0; size < bytes.size(); size += step) {
        CHECK_THROWS_AS(unpacked(std::string_view(bytes).substr(0, size), unpack), curtail::MessageError);
    }
    CHECK_THROWS_AS(unpacked(bytes + '\0', unpack), curtail::MessageError);
    for (int i = 0; i < 150 && !bytes.empty(); ++i) {
        std::string changed = bytes;
        for (std::uint64_t times = 1 + random() % 3; times > 0; --times) {
            // Half of the changes are where the counts are.
            const std::size_t at =
                random() % (random() % 2 == 0 ? bytes.size() : (std::min)(bytes.size(), std::size_t{64}));
            const auto byte = static_cast<unsigned char>(changed[at]);
            changed[at] = static_cast<char>(random() % 2 == 0 ? random() : byte ^ (std::uint64_t{1} << random() % 8));
        }
        refused_or_used(changed);
    }
    return back;
}
