// SPDX-License-Identifier: MIT
#pragma once
// The version of this copy of curtail: the only public macro, so that a user can ask at preprocessing time.

/// major * 10000 + minor * 100 + patch. CMakeLists.txt reads this line, so the number is written once.
#define CURTAIL_VERSION 200
