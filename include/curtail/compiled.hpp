// SPDX-License-Identifier: MIT
#pragma once
// The one source of the library curtail::compiled: a file that includes this header alone.

// Define CURTAIL_COMPILED for that file and for all files that link it; the CMake target curtail::compiled does.
#ifdef CURTAIL_COMPILED
#ifdef CURTAIL_DEFINITIONS
#error "<curtail/compiled.hpp> is included alone, in one file of its own"
#endif
#define CURTAIL_COMPILING
#endif

#include <curtail/curtail.hpp>
