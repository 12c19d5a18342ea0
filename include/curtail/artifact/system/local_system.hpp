// SPDX-License-Identifier: MIT
#pragma once
// The system of the machine for which the program is compiled.

#include <cstdint>

#include <curtail/core/compiled/linkage.hpp>

#if CURTAIL_DEFINITIONS
#if defined(_WIN32)
#include <curtail/artifact/system/windows_system.hpp>
#else
#include <curtail/artifact/system/posix_system.hpp>
#endif
#endif

namespace curtail::inline v0::detail {

#if defined(_WIN32)
struct WindowsSystem;
using LocalSystem = WindowsSystem;
#else
struct PosixSystem;
using LocalSystem = PosixSystem;
#endif

// Returns the id of this process.
[[nodiscard]] std::int64_t current_process() noexcept;

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
namespace curtail::inline v0::detail {

CURTAIL_INLINE std::int64_t current_process() noexcept {
    return LocalSystem::process_id();
}

}  // namespace curtail::inline v0::detail
#endif
