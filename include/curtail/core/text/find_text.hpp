// SPDX-License-Identifier: MIT
#pragma once
// Looks for a text in a list of texts.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/compiled/attributes.hpp>

namespace curtail::inline v0::detail {

// Returns the index of the first of `texts` that equals `text`, or their number if none does. A call, where std::find()
// is compiled in each place: 500 bytes.
[[nodiscard]] CURTAIL_NOINLINE inline std::size_t find_text(const std::vector<std::string>& texts,
                                                            std::string_view text) noexcept {
    std::size_t i = 0;
    while (i < texts.size() && texts[i] != text) ++i;
    return i;
}

// Returns true if `texts` has such a text.
[[nodiscard]] inline bool has_text(const std::vector<std::string>& texts, std::string_view text) noexcept {
    return find_text(texts, text) != texts.size();
}

}  // namespace curtail::inline v0::detail
