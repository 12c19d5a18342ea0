// SPDX-License-Identifier: MIT
// Options and cells from any bytes: what is written in a dialect that is accepted is split again, by a small reader
// that knows nothing of the writer, into the same fields, and a null stays apart from every text.
#include <curtail/artifact/csv_sink.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "input.hpp"

namespace {

using curtail::Cell;

std::string text_of(Input& in, std::int64_t longest) {
    return std::string(in.bytes(static_cast<std::size_t>(in.below(longest + 1))));
}

struct Output {
    std::string* bytes;
    void write(std::span<const char> more) { bytes->append(more.data(), more.size()); }
    void commit() {}
    void abort() noexcept {}
};

struct Grid {
    curtail::Schema columns;
    std::vector<std::vector<Cell>> cells;

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return cells.size(); }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (const Cell& cell : cells[row]) visit(cell);
    }
};

curtail::CsvDialect dialect_from(Input& in) {
    curtail::CsvDialect dialect;
    const unsigned flags = in.byte();
    if ((flags & 1U) != 0) dialect.separator = static_cast<char>(in.byte());
    if ((flags & 2U) != 0) dialect.quote = static_cast<char>(in.byte());
    if ((flags & 4U) != 0) dialect.line_end = curtail::LineEnd::crlf;
    if ((flags & 8U) != 0) dialect.null_text = text_of(in, 4);
    if ((flags & 32U) != 0) {
        dialect.true_text = text_of(in, 3);
        dialect.false_text = text_of(in, 3);
        dialect.nan_text = text_of(in, 3);
    }
    if ((flags & 64U) != 0) dialect.float_precision = static_cast<std::int8_t>(in.byte());
    const unsigned more = in.byte();
    dialect.quote_style = static_cast<curtail::QuoteStyle>((more & 3U) % 3U);
    dialect.header = (more & 4U) != 0;
    dialect.byte_order_mark = (more & 8U) != 0;
    dialect.nulls_apart = (more & 16U) == 0;
    dialect.decimal_comma = (more & 32U) != 0;
    if ((more & 64U) != 0) dialect.formula_guard = curtail::FormulaGuard::apostrophe;
    return dialect;
}

struct Field {
    std::string text;
    bool quoted;
};

// Rows of fields; aborts at what is not CSV in this dialect.
std::vector<std::vector<Field>> split(std::string_view file, const curtail::CsvDialect& dialect) {
    if (dialect.byte_order_mark) {
        require(file.starts_with("\xEF\xBB\xBF"));
        file.remove_prefix(3);
    } else {
        require(!file.starts_with("\xEF\xBB\xBF"));
    }
    const std::string_view line_end = dialect.line_end == curtail::LineEnd::lf ? "\n" : "\r\n";
    std::vector<std::vector<Field>> rows;
    while (!file.empty()) {
        rows.emplace_back();
        for (bool more = true; more;) {
            Field field{{}, file.starts_with(dialect.quote)};
            const auto take = [&] {
                require(!file.empty());
                field.text += file.front();
                file.remove_prefix(1);
            };
            if (field.quoted) {
                file.remove_prefix(1);
                for (;;) {
                    require(!file.empty());
                    if (file.front() == dialect.quote) {
                        file.remove_prefix(1);
                        if (!file.starts_with(dialect.quote)) break;
                    }
                    take();
                }
                require(file.starts_with(dialect.separator) || file.starts_with(line_end));
            } else {
                while (!file.starts_with(dialect.separator) && !file.starts_with(line_end)) {
                    take();
                    require(std::string{'\r', '\n', dialect.quote}.find(field.text.back()) == std::string::npos);
                }
            }
            more = file.starts_with(dialect.separator);
            file.remove_prefix(more ? 1 : line_end.size());
            rows.back().push_back(std::move(field));
        }
    }
    return rows;
}

void check_cell(const Cell& cell, const Field& field, const curtail::CsvDialect& dialect, bool sole) {
    const bool like_null = !field.quoted && field.text == dialect.null_text;
    if (std::holds_alternative<curtail::Null>(cell)) {
        require(like_null || (sole && dialect.null_text.empty() && field.quoted && field.text.empty()));
        return;
    }
    if (dialect.nulls_apart) require(!like_null);
    const bool number = !std::holds_alternative<std::string_view>(cell) && !std::holds_alternative<bool>(cell) &&
                        !std::holds_alternative<curtail::Timestamp>(cell);
    if (dialect.quote_style == curtail::QuoteStyle::all) {
        require(field.quoted || (number && field.text == dialect.null_text));
    }
    if (dialect.quote_style == curtail::QuoteStyle::non_numeric && !number) require(field.quoted);
    if (const auto* text = std::get_if<std::string_view>(&cell)) {
        if (dialect.formula_guard == curtail::FormulaGuard::apostrophe) {
            require(curtail::remove_formula_guard(field.text) == *text);
            require(field.text.empty() || std::string_view("=+-@\t\r\n\0", 8).find(field.text[0]) == std::string::npos);
        } else {
            require(field.text == *text);
        }
    }
    if (const auto* truth = std::get_if<bool>(&cell)) {
        require(field.text == (*truth ? dialect.true_text : dialect.false_text));
    }
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) require(field.text == std::to_string(*whole));
    if (const auto* real = std::get_if<double>(&cell)) {
        if (*real != *real) {
            require(field.text == dialect.nan_text);
        } else {
            std::string text = field.text;
            if (dialect.decimal_comma) std::replace(text.begin(), text.end(), ',', '.');
            if (text.find_first_not_of("0123456789+-.e") == std::string::npos && !dialect.float_precision) {
                require(std::strtod(text.c_str(), nullptr) == *real);
            }
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input in(data, size);
    const curtail::CsvDialect dialect = dialect_from(in);
    const std::size_t width = 1 + in.byte() % 3U;
    std::vector<curtail::ColumnSpec> names;
    for (std::size_t i = 0; i < width; ++i) names.push_back({text_of(in, 6)});
    std::vector<std::string> texts;
    texts.reserve(3 * 8);
    Grid grid{curtail::Schema(std::move(names)), {}};
    while (!in.empty() && grid.cells.size() < 8) {
        grid.cells.emplace_back();
        for (std::size_t i = 0; i < width; ++i) {
            const unsigned kind = in.byte();
            const auto number = static_cast<std::int8_t>(in.byte());
            switch (kind % 8U) {
                case 0: grid.cells.back().push_back(curtail::Null{}); break;
                case 1: grid.cells.back().push_back(number > 0); break;
                case 2: grid.cells.back().push_back(std::int64_t{number}); break;
                case 3: grid.cells.back().push_back(number / 16.0 * (kind > 127 ? 1e300 : 1)); break;
                case 4: grid.cells.back().push_back(0.0 / (number == 0 ? 1.0 : 0.0)); break;
                case 5: grid.cells.back().push_back(curtail::Timestamp{number, curtail::TimeUnit::millisecond}); break;
                default: grid.cells.back().push_back(std::string_view(texts.emplace_back(text_of(in, 40))));
            }
        }
    }

    std::string file;
    try {
        curtail::CsvSink sink(Output{&file}, {.dialect = dialect});
        sink.open(grid.columns);
        for (std::size_t row = 0; row < grid.cells.size(); ++row) sink.append(curtail::RowSlice(grid, row, 1));
        sink.finish();
    } catch (const curtail::UsageError& error) {
        require(error.code() == curtail::ErrorCode::invalid_option && file.empty());
        return 0;
    }
    const auto rows = split(file, dialect);
    const std::size_t header = dialect.header ? 1 : 0;
    require(rows.size() == header + grid.cells.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        require(rows[row].size() == width);
        for (std::size_t i = 0; i < width; ++i) {
            const Field& field = rows[row][i];
            if (row < header) {
                const bool guarded = dialect.formula_guard == curtail::FormulaGuard::apostrophe;
                require((guarded ? curtail::remove_formula_guard(field.text) : field.text) == grid.columns[i].name);
            } else {
                check_cell(grid.cells[row - header][i], field, dialect, width == 1);
            }
        }
    }
    return 0;
}
