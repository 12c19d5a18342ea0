// SPDX-License-Identifier: MIT
#pragma once
// Chooses the seed of a property test: a new one per run, or the one that a failed run printed.

#include <cstdint>
#include <cstdlib>
#include <random>

inline std::uint64_t test_seed() {
    const char* const given = std::getenv("CURTAIL_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}
