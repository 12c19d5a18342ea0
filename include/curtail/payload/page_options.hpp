// SPDX-License-Identifier: MIT
#pragma once
// The options of a page.

#include <string>
#include <vector>

namespace curtail::inline v0 {

/// The options of a page, besides those of PayloadOptions that bound its message.
struct PageOptions {
    /// The columns to show, by the names that the message has for them, in this order. A name of a prediction column
    /// has no effect, because predictions are always shown; nor has a name that comes again. The message says how many
    /// columns there are, and names those that it shows. Default: all.
    std::vector<std::string> columns = {};
};

}  // namespace curtail::inline v0
