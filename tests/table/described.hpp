// SPDX-License-Identifier: MIT
#pragma once
// Cells and tables as text that names the plain form each cell took: "int64 5", "text a", "null".

#include <curtail/table/table.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/number/number_text.hpp>

struct Describe {
    std::string* out;

    void operator()(curtail::Null) const { *out = "null"; }
    void operator()(bool value) const { *out = value ? "bool true" : "bool false"; }
    void operator()(std::int64_t value) const { *out = "int64 " + std::to_string(value); }
    void operator()(std::uint64_t value) const { *out = "uint64 " + std::to_string(value); }
    void operator()(float value) const { *out = "float32 " + curtail::detail::number_text(value); }
    void operator()(double value) const { *out = "float64 " + curtail::detail::number_text(value); }
    void operator()(const curtail::Decimal& value) const { *out = "decimal " + std::string(value.digits); }
    void operator()(std::string_view value) const { *out = "text " + std::string(value); }
    void operator()(const curtail::Bytes& value) const { *out = "bytes " + std::string(value.data); }
    void operator()(const curtail::Timestamp& value) const {
        *out = "timestamp " + std::to_string(value.count) + unit(value.unit) + std::string(value.zone);
    }
    void operator()(const curtail::Date& value) const { *out = "date " + std::to_string(value.days); }
    void operator()(const curtail::TimeOfDay& value) const {
        *out = "time " + std::to_string(value.count) + unit(value.unit);
    }
    void operator()(const curtail::Duration& value) const {
        *out = "duration " + std::to_string(value.count) + unit(value.unit);
    }
    void operator()(const curtail::Nested& value) const { *out = "nested " + std::string(value.json); }
    void operator()(const curtail::Verbatim& value) const {
        constexpr const char* meanings[] = {"null", "boolean", "number", "text"};
        *out = std::string("verbatim ") + meanings[static_cast<std::size_t>(value.meaning)] + " " +
               std::string(value.text);
    }

    static std::string unit(curtail::TimeUnit unit) {
        constexpr const char* names[] = {"s", "ms", "us", "ns"};
        return names[static_cast<std::size_t>(unit)];
    }
};

template <class T>
std::string described(const T& value) {
    std::string out = "nothing was visited";
    curtail::visit_cell(value, Describe{&out});
    return out;
}

using DescribedRow = std::vector<std::string>;

template <class T>
DescribedRow described_row(const T& table, std::size_t row, std::size_t first_column = 0) {
    DescribedRow cells;
    curtail::visit_row_from(table, row, first_column, [&](const auto& cell) { cells.push_back(described(cell)); });
    return cells;
}

// Returns true if the table's columns, read whole and in two parts, hold what its rows hold.
template <class T>
bool columns_agree(const T& table, const std::vector<DescribedRow>& rows) {
    const std::size_t columns = rows.empty() ? curtail::schema_of(table).size() : rows[0].size();
    for (std::size_t column = 0; column < columns; ++column) {
        for (const std::size_t part : {rows.size(), rows.size() / 3}) {
            DescribedRow cells;
            const auto take = [&](const auto& values) {
                for (const auto& cell : values) cells.push_back(described(cell));
            };
            curtail::visit_column(table, column, 0, part, take);
            curtail::visit_column(table, column, part, rows.size() - part, take);
            if (cells.size() != rows.size()) return false;
            for (std::size_t row = 0; row < rows.size(); ++row) {
                if (cells[row] != rows[row][column]) return false;
            }
        }
    }
    return true;
}

template <class T>
std::vector<DescribedRow> described_rows(const T& table) {
    std::vector<DescribedRow> rows(curtail::rows_of(table));
    for (std::size_t row = 0; row < rows.size(); ++row) {
        curtail::visit_row(table, row, [&](const auto& cell) { rows[row].push_back(described(cell)); });
    }
    if constexpr (curtail::ColumnTable<T>) {
        if (!columns_agree(table, rows)) rows.push_back({"the columns hold something else"});
    }
    return rows;
}

template <class Stream>
std::vector<DescribedRow> described_stream(Stream& stream) {
    std::vector<DescribedRow> all;
    while (const auto* batch = stream.next()) {
        for (DescribedRow& row : described_rows(*batch)) all.push_back(std::move(row));
    }
    return all;
}
