// SPDX-License-Identifier: MIT
#pragma once
// SplitMix64 (Steele, Lea, Flood 2014): random-looking bits from a counter, the same on every machine.

#include <cstdint>

namespace curtail::inline v0::detail {

// The generator's n-th number from the state s is split_mix(s + n * split_mix_step).
inline constexpr std::uint64_t split_mix_step = 0x9E37'79B9'7F4A'7C15U;

[[nodiscard]] constexpr std::uint64_t split_mix(std::uint64_t state) noexcept {
    state = (state ^ (state >> 30U)) * 0xBF58'476D'1CE4'E5B9U;
    state = (state ^ (state >> 27U)) * 0x94D0'49BB'1331'11EBU;
    return state ^ (state >> 31U);
}

}  // namespace curtail::inline v0::detail
