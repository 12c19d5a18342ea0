// SPDX-License-Identifier: MIT
#include <curtail/curtail.hpp>
