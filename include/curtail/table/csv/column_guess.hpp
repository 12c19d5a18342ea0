// SPDX-License-Identifier: MIT
#pragma once
// Guesses the kind of a CSV column from its cells, and makes a cell of a text.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

#include <curtail/table/cell.hpp>
#include <curtail/table/number_of.hpp>

namespace curtail::inline v0::detail {

// Guesses from the leading cells of a column that are not null.
class CsvColumnGuess {
  public:
    void see(std::string_view text) noexcept {
        seen_ = true;
        if (booleans_) booleans_ = text == "True" || text == "False";
        if (!numbers_) return;
        const NumberForm form = json_number_form(text);
        if (form == NumberForm::integer) {
            signed_ = signed_ && fits<std::int64_t>(text);
            unsigned_ = unsigned_ && fits<std::uint64_t>(text);
        } else {
            integers_ = false;
            numbers_ = form == NumberForm::real || loose_number(text).has_value();
        }
    }

    // Returns any if no cell was seen, decimal for integers of which some have more than 64 bits.
    [[nodiscard]] CellKind kind() const noexcept {
        if (!seen_) return CellKind::any;
        if (booleans_) return CellKind::boolean;
        if (!numbers_) return CellKind::text;
        if (!integers_) return CellKind::float64;
        if (signed_) return CellKind::int64;
        return unsigned_ ? CellKind::uint64 : CellKind::decimal;
    }

  private:
    template <class Integer>
    [[nodiscard]] static bool fits(std::string_view text) noexcept {
        Integer value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size();
    }

    bool seen_ = false;
    bool booleans_ = true;
    bool numbers_ = true;
    bool integers_ = true;
    bool signed_ = true;
    bool unsigned_ = true;
};

// Returns the cell that a text is in a column of that kind. A number in JSON's spelling keeps its digits, any other is
// a double. A text that does not suit the column stays text. In a column of kind any each cell has its own kind.
[[nodiscard]] inline Cell csv_cell(std::string_view text, CellKind kind) noexcept {
    if (kind == CellKind::text) return text;
    if (kind == CellKind::boolean || kind == CellKind::any) {
        if (text == "True") return true;
        if (text == "False") return false;
        if (kind == CellKind::boolean) return text;
    }
    if (json_number_form(text) != NumberForm::none) return Decimal{text};
    if (const std::optional<double> number = loose_number(text)) return *number;
    return text;
}

}  // namespace curtail::inline v0::detail
