// SPDX-License-Identifier: MIT
#pragma once
// The system of the machine for which the program is compiled.

#include <curtail/core/compiled/linkage.hpp>

#if CURTAIL_DEFINITIONS
#include <curtail/artifact/file/posix_system.hpp>
#endif

namespace curtail::inline v0::detail {

struct PosixSystem;
using LocalSystem = PosixSystem;

}  // namespace curtail::inline v0::detail
