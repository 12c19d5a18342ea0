// SPDX-License-Identifier: MIT
#pragma once
// Tells what a CSV field means: a null, a bool, a number or its text.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/table/cell.hpp>
#include <curtail/table/cell/verbatim.hpp>

namespace curtail::inline v0::detail {

// Returns the texts that pandas 1.5.3 takes for nulls (read_csv's na_values).
[[nodiscard]] inline std::vector<std::string> pandas_null_texts() {
    return {"#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
            "<NA>", "N/A",      "NA",  "NULL",    "NaN",      "n/a",  "nan",  "null"};
}

// The texts that are nulls, besides the empty one. The first byte and the length of most other fields exclude them.
class NullTexts {
  public:
    explicit NullTexts(const std::vector<std::string>& texts) : sizes_(256, 0) {
        for (const std::string& text : texts) {
            const std::string_view plain = trimmed(text);
            if (plain.empty()) continue;
            sizes_[static_cast<unsigned char>(plain.front())] |= size_bit(plain);
            texts_.emplace_back(plain);
        }
    }

    [[nodiscard]] bool operator()(std::string_view text) const noexcept {
        if (text.empty()) return true;
        if ((sizes_[static_cast<unsigned char>(text.front())] & size_bit(text)) == 0) return false;
        return std::find(texts_.begin(), texts_.end(), text) != texts_.end();
    }

  private:
    [[nodiscard]] static std::uint64_t size_bit(std::string_view text) noexcept {
        return std::uint64_t{1} << (std::min)(text.size(), std::size_t{63});
    }

    std::vector<std::uint64_t> sizes_;  // by the first byte, one bit per length
    std::vector<std::string> texts_;
};

// Returns what NullTexts does, for callers that ask for few fields: builds no index. Without `texts` only the empty
// text is a null.
[[nodiscard]] inline bool is_null_text(const std::vector<std::string>* texts, std::string_view text) noexcept {
    if (text.empty() || texts == nullptr) return text.empty();
    return std::any_of(texts->begin(), texts->end(), [&](const std::string& null) { return trimmed(null) == text; });
}

// Returns true for the spellings that pandas takes for a bool.
[[nodiscard]] constexpr bool is_bool_word(std::string_view text) noexcept {
    if (text.size() == 4) return text == "True" || text == "true" || text == "TRUE";
    return text == "False" || text == "false" || text == "FALSE";
}

// Returns the cell that a field means by its own text, whatever its column holds, so that no order of the rows changes
// it. Spaces and tabs around a null, a bool or a number do not count. Quotes make a text of a null, and change nothing
// else. is_null(text) tells nulls.
template <class IsNull>
[[nodiscard]] Cell csv_cell(std::string_view text, bool quoted, const IsNull& is_null) noexcept {
    using Meaning = Verbatim::Meaning;
    if (text.empty()) return quoted ? Cell(text) : Cell(Null{});
    const std::string_view plain = trimmed(text);
    if (is_null(plain)) return Verbatim{text, quoted ? Meaning::text : Meaning::null};
    if (is_bool_word(plain)) return Verbatim{text, Meaning::boolean};
    if (number_spelling(plain) != NumberSpelling::none) return Verbatim{text, Meaning::number};
    return text;
}

}  // namespace curtail::inline v0::detail
