// SPDX-License-Identifier: MIT
#pragma once
// The seed of every property test, and how much it searches.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

// Returns the seed of this run: CURTAIL_SEED if it is set, otherwise a random one. Prints a random seed at once,
// because a test that crashes prints nothing later.
inline std::uint64_t test_seed() {
    static const std::uint64_t seed = [] {
        if (const char* const given = std::getenv("CURTAIL_SEED"))
            return std::uint64_t{std::strtoull(given, nullptr, 10)};
        const std::uint64_t random = std::random_device{}();
        std::fprintf(stderr, "CURTAIL_SEED=%llu repeats this run\n", static_cast<unsigned long long>(random));
        return random;
    }();
    return seed;
}

// Returns how often a test repeats what it does: `slow` times if CURTAIL_SLOW is set, otherwise `quick` times.
template <class Count>
[[nodiscard]] Count by_tier(Count quick, Count slow) {
    return std::getenv("CURTAIL_SLOW") != nullptr ? slow : quick;
}

// The calls of a run that a sweep tries, one after the other: each fails, or is the last before a kill.
struct Sweep {
    int first;
    int step;
};

// Returns all calls if CURTAIL_SLOW is set, otherwise each third one. The first one changes with the seed and with
// `part`, so that three parts of a test together try every call.
[[nodiscard]] inline Sweep sweep_of(std::uint64_t part) {
    const int step = by_tier(3, 1);
    return {static_cast<int>((test_seed() + part) % static_cast<std::uint64_t>(step)), step};
}
