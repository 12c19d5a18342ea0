// SPDX-License-Identifier: MIT
#pragma once
// The units that times and durations are counted in.

#include <cstdint>

namespace curtail::inline v0 {

/// The unit of a Timestamp, a TimeOfDay or a Duration. It decides how many digits a time has in the file: none, 3, 6 or
/// 9 after the seconds.
enum class TimeUnit : std::uint8_t {
    second,       ///< 1 s.
    millisecond,  ///< 10^-3 s.
    microsecond,  ///< 10^-6 s.
    nanosecond,   ///< 10^-9 s.
};

}  // namespace curtail::inline v0
