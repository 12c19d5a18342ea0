// SPDX-License-Identifier: MIT
#pragma once
// The system of the machine for which the program is compiled.

#include <curtail/core/compiled/linkage.hpp>

#if CURTAIL_DEFINITIONS
#if defined(_WIN32)
#include <curtail/artifact/file/windows_system.hpp>
#else
#include <curtail/artifact/file/posix_system.hpp>
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

}  // namespace curtail::inline v0::detail
