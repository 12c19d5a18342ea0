// SPDX-License-Identifier: MIT
// Preprocessed only: see macros_with_curtail.cpp.
#include "foreign_headers.hpp"
