// SPDX-License-Identifier: MIT
// The other of two translation units that include everything, here in the other order: a function that is not inline
// fails to link, and a type that depends on what was included before it has another size.
#include "every_header_backwards.hpp"
#include "odr_sizes.hpp"

Sizes sizes_in_b();
Sizes sizes_in_b() {
    return sizes_here();
}
