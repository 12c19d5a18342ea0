// SPDX-License-Identifier: MIT
#pragma once
// Catch2, whichever of its two layouts is installed: 3.x (upstream) or 2.13 (Debian).
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
