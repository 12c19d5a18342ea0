// SPDX-License-Identifier: MIT
// One of two translation units that include everything: see odr_b.cpp.
#include "every_header.hpp"
#include "odr_sizes.hpp"

Sizes sizes_in_b();

int main() {
    return sizes_here() == sizes_in_b() ? 0 : 1;
}
