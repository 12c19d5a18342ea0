// SPDX-License-Identifier: MIT
#pragma once
// Keeps the rows of a page, each cell as a text that tells its kind.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/verbatim.hpp>

// Returns a cell as text: null, true, 1, 0.5, 'text', {json}.
inline std::string shown(const curtail::Cell& cell) {
    std::string out;
    curtail::detail::visit_value(cell, [&](const auto& value) {
        using Value = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, curtail::Null>) {
            out = "null";
        } else if constexpr (std::is_same_v<Value, bool>) {
            out = value ? "true" : "false";
        } else if constexpr (std::is_floating_point_v<Value>) {
            const bool nan = std::bit_cast<std::uint64_t>(static_cast<double>(value)) << 12U != 0;
            if (curtail::detail::is_finite(value)) {
                out = curtail::detail::number_text(value);
            } else {
                out = nan ? "nan" : value < 0 ? "-inf" : "inf";
            }
        } else if constexpr (std::is_arithmetic_v<Value>) {
            out = curtail::detail::number_text(value);
        } else if constexpr (std::is_same_v<Value, curtail::Decimal>) {
            out = value.digits;
        } else if constexpr (std::is_same_v<Value, curtail::Nested>) {
            out = value.json;
        } else if constexpr (std::is_same_v<Value, std::string_view>) {
            out = "'" + std::string(value) + "'";
        } else {
            out = "?";
        }
    });
    return out;
}

struct CollectedPage final : curtail::PageReceiver {
    void begin_row(std::uint64_t number) override {
        numbers.push_back(number);
        rows.emplace_back();
    }
    std::size_t text_limit() override { return limit; }
    void cell(const curtail::Cell& cell, std::uint64_t bytes) override {
        rows.back().push_back(shown(cell));
        largest = bytes > largest ? bytes : largest;
    }
    bool end_row() override { return rows.size() < most; }

    std::size_t limit = 1'000'000;
    std::size_t most = static_cast<std::size_t>(-1);
    std::vector<std::uint64_t> numbers;
    std::vector<std::vector<std::string>> rows;
    std::uint64_t largest = 0;
};

inline std::vector<std::size_t> all_columns(const curtail::Schema& schema) {
    std::vector<std::size_t> columns(schema.size());
    std::iota(columns.begin(), columns.end(), std::size_t{0});
    return columns;
}

template <class Source>
CollectedPage page_of(const Source& source, std::uint64_t first, std::uint64_t count) {
    CollectedPage page;
    source.read_page(first, count, all_columns(source.schema()), page);
    return page;
}
