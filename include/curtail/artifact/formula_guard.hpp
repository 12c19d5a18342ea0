// SPDX-License-Identifier: MIT
#pragma once
// Text that a spreadsheet would run as a formula, and the apostrophe that keeps it from doing so.

#include <string_view>

namespace curtail::inline v0 {

namespace detail {

// The first characters that OWASP's page on CSV injection and ASVS 1.2.10 name, and the apostrophe itself: because that
// one is guarded too, the apostrophe of the guard can be told from one of the data.
[[nodiscard]] constexpr bool needs_guard(std::string_view text) noexcept {
    constexpr std::string_view starts("=+-@\t\r\n\0'", 9);
    return !text.empty() && starts.find(text.front()) != std::string_view::npos;
}

}  // namespace detail

// What a text was before FormulaGuard::apostrophe: for every text cell and column name of a file written with it.
[[nodiscard]] constexpr std::string_view unguard(std::string_view text) noexcept {
    if (text.starts_with('\'')) text.remove_prefix(1);
    return text;
}

}  // namespace curtail::inline v0
