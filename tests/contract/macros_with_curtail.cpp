// SPDX-License-Identifier: MIT
// Preprocessed only: no_macro_leaks.cmake compares its macros with those of macros_without_curtail.cpp.
#include "foreign_headers.hpp"

#include "every_header.hpp"
