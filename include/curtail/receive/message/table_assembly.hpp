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
#include <curtail/receive/message/table_collector.hpp>

namespace curtail::inline v0::detail {

[[nodiscard]] inline SampleCell missing_cell() {
    return SampleCell{SampleCell::Kind::missing, {}, 0};
}

// The columns are those of the message's list of names or, without it, of the table's own list; then come others in the
// order in which they were first seen. Columns that are the table's index are left out.
class TableAssembly {
  public:
    std::vector<std::string> columns;
    std::vector<SampleRow> sample;
    std::uint64_t columns_total = 0;

    TableAssembly(const TableCollector& table, const TextListCollector& list, std::size_t max_columns)
        : columns(list.present() ? list.texts() : table.listed()),
          columns_total(list.present() ? list.total() : table.listed_total()),
          index_(table.index_names()) {
        columns_total -= std::erase_if(columns, [&](const std::string& name) { return is_index(name); });
        if (table.present()) {
            const std::uint64_t index_columns = add_named_columns(table.rows().names(), max_columns);
            columns_total = (std::max)(columns_total, table.rows().columns_seen() - index_columns);
            add_rows(table.rows());
        }
        columns_total = (std::max)(columns_total, std::uint64_t{columns.size()});
    }

  private:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    [[nodiscard]] bool is_index(const std::string& name) const {
        return std::find(index_.begin(), index_.end(), name) != index_.end();
    }

    // Finds or makes a column for each name, and returns how many names are those of the index.
    std::uint64_t add_named_columns(const std::vector<ColumnName>& names, std::size_t max_columns) {
        // Two long names may be cut to the same text: each column serves one of them.
        std::vector<bool> used(columns.size(), false);
        std::uint64_t index_columns = 0;
        std::size_t guess = 0;
        for (const ColumnName& name : names) {
            std::size_t& column = column_of_.emplace_back(nowhere);
            if (is_index(name.text)) {
                ++index_columns;
                continue;
            }
            for (std::size_t tried = 0; tried < used.size() && column == nowhere; ++tried, ++guess) {
                if (guess >= used.size()) guess = 0;
                if (!used[guess] && columns[guess] == name.text) column = guess;
            }
            if (column != nowhere) {
                used[column] = true;
            } else if (columns.size() < max_columns) {
                column = columns.size();
                columns.push_back(name.text);
            }
        }
        return index_columns;
    }

    void add_rows(const RowsCollector& rows) {
        std::size_t widest = 0;
        for (const SampleRow& row : rows.rows()) widest = (std::max)(widest, row.size());
        if (column_of_.empty()) {
            // Rows go by position. Columns without a name are numbered, as pandas does it.
            while (columns.size() < widest) columns.push_back(std::to_string(columns.size()));
        }
        for (const SampleRow& row : rows.rows()) {
            SampleRow& out = sample.emplace_back(columns.size(), missing_cell());
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::size_t column = column_of_.empty() ? i : i < column_of_.size() ? column_of_[i] : nowhere;
                if (column != nowhere) out[column] = row[i];
            }
        }
    }

    std::vector<std::string> index_;
    std::vector<std::size_t> column_of_;  // by the name's index in the table
};

}  // namespace curtail::inline v0::detail
