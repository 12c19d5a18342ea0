// SPDX-License-Identifier: MIT
#pragma once
// Lays the kept rows of a table out under one list of columns.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/list_collectors.hpp>

namespace curtail::inline v0::detail {

[[nodiscard]] inline SampleCell missing_cell() {
    return SampleCell{SampleCell::Kind::missing, {}, 0};
}

// Columns come in the order of the message's list of names, or of the table's own, and then of first
// appearance. Columns that are the table's index are left out.
struct TableAssembly {
    std::vector<std::string> columns;
    std::vector<SampleRow> sample;
    std::uint64_t columns_total = 0;

    template <class Table>
    TableAssembly(const Table& table, const TextListCollector& list, std::size_t max_columns) {
        const std::vector<std::string>& index = table.index_names();
        const auto is_index = [&](const std::string& name) {
            return std::find(index.begin(), index.end(), name) != index.end();
        };
        columns = list.present() ? list.texts() : table.listed();
        std::uint64_t total = list.present() ? list.total() : table.listed_total();
        const auto before = columns.size();
        if (!index.empty()) columns.erase(std::remove_if(columns.begin(), columns.end(), is_index), columns.end());
        total -= before - columns.size();

        // Two long names may be cut to the same text: each place in the list serves one of them.
        constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
        std::vector<bool> used(columns.size(), false);
        std::vector<std::size_t> place(table.names().size(), nowhere);
        std::uint64_t index_columns = 0;
        std::size_t guess = 0;
        for (std::size_t i = 0; i < place.size(); ++i) {
            const std::string& name = table.names()[i].text;
            if (is_index(name)) {
                ++index_columns;
                continue;
            }
            for (std::size_t tried = 0; tried < used.size() && place[i] == nowhere; ++tried, ++guess) {
                if (guess >= used.size()) guess = 0;
                if (!used[guess] && columns[guess] == name) place[i] = guess;
            }
            if (place[i] != nowhere) {
                used[place[i]] = true;
            } else if (columns.size() < max_columns) {
                place[i] = columns.size();
                columns.push_back(name);
            }
        }

        std::size_t widest = 0;
        for (const SampleRow& row : table.rows()) widest = (std::max)(widest, row.size());
        if (place.empty()) {
            // Rows without names: by position, and numbered as pandas numbers them where the list is too
            // short.
            while (columns.size() < widest) columns.push_back(std::to_string(columns.size()));
        }
        for (const SampleRow& row : table.rows()) {
            SampleRow& out = sample.emplace_back(columns.size(), missing_cell());
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::size_t to = place.empty() ? i : i < place.size() ? place[i] : nowhere;
                if (to != nowhere) out[to] = row[i];
            }
        }
        columns_total = (std::max)({total, table.columns_seen() - index_columns, std::uint64_t{columns.size()}});
    }
};

}  // namespace curtail::inline v0::detail
