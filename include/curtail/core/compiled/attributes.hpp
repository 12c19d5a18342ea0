// SPDX-License-Identifier: MIT
#pragma once
// What each compiler calls the advice to inline a function, or not to.

// The three macros are private. Another compiler is given no advice, and no attribute that it does not know.
#if defined(__GNUC__) || defined(__clang__)
#define CURTAIL_ALWAYS_INLINE [[gnu::always_inline]]
#define CURTAIL_NOINLINE [[gnu::noinline]]
#define CURTAIL_FLATTEN [[gnu::flatten]]
#elif defined(_MSC_VER)
#define CURTAIL_ALWAYS_INLINE [[msvc::forceinline]]
#define CURTAIL_NOINLINE [[msvc::noinline]]
#define CURTAIL_FLATTEN
#else
#define CURTAIL_ALWAYS_INLINE
#define CURTAIL_NOINLINE
#define CURTAIL_FLATTEN
#endif
