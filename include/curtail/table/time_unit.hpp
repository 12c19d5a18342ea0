// SPDX-License-Identifier: MIT
#pragma once
// The units that times and durations are counted in.

#include <cstdint>

namespace curtail::inline v0 {

/// The unit of a Timestamp, a TimeOfDay or a Duration. It decides how many digits a time has in the file: none, 3, 6 or
/// 9 behind the second.
enum class TimeUnit : std::uint8_t { second, millisecond, microsecond, nanosecond };

}  // namespace curtail::inline v0
