// SPDX-License-Identifier: MIT
#pragma once
// Decides whether the definitions of plain functions are compiled in this file or come from the library
// curtail::compiled. Included before all other code, so it also says which language that is.

#if (defined(_MSVC_LANG) ? _MSVC_LANG : __cplusplus) < 202002L
#error "curtail is written in C++20: compile with -std=c++20, /std:c++20, or target_compile_features(app cxx_std_20)"
#endif

// Both macros are private. Header-only use (the default) has the definitions, and they are inline. Users of
// curtail::compiled, whose target defines CURTAIL_COMPILED, have declarations alone, and include nothing that only
// definitions need. The one source file of that library, which includes <curtail/compiled.hpp>, has them not inline.
#if defined(CURTAIL_COMPILED) && !defined(CURTAIL_COMPILING)
#define CURTAIL_DEFINITIONS 0
#else
#define CURTAIL_DEFINITIONS 1
#endif

#if defined(CURTAIL_COMPILING)
#define CURTAIL_INLINE
#else
#define CURTAIL_INLINE inline
#endif
