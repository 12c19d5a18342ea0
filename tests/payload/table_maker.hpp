// SPDX-License-Identifier: MIT
#pragma once
// Tables of every kind for property tests: all cell types, all sizes, hostile text, extreme numbers.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/table/table.hpp>

namespace table_maker {

// A table in memory that owns the texts its cells look at.
struct MadeTable {
    curtail::Schema columns;
    std::vector<std::vector<curtail::Cell>> cells;
    std::deque<std::string> texts;  // a deque, so that views of short strings survive the next one

    MadeTable() = default;
    MadeTable(MadeTable&&) = default;
    MadeTable& operator=(MadeTable&&) = default;

    [[nodiscard]] const curtail::Schema& schema() const noexcept { return columns; }
    [[nodiscard]] std::size_t rows() const noexcept { return cells.size(); }
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        for (std::size_t column = first; column < cells[row].size(); ++column) visit(cells[row][column]);
    }

    std::string_view own(std::string text) { return texts.emplace_back(std::move(text)); }

    void add_row(std::vector<curtail::Cell> row) { cells.push_back(std::move(row)); }
};

// The largest table that may be made.
struct Shape {
    std::size_t max_rows = 12;
    std::size_t max_features = 8;
    std::size_t max_predictions = 3;
    std::size_t max_text = 200;  // bytes; one text in twelve may have them all
    std::size_t max_name = 40;
};

class TableMaker {
  public:
    explicit TableMaker(std::uint64_t seed) : random_(seed) {}

    // Returns a number in [0, bound).
    std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : random_() % bound; }
    bool one_in(std::uint64_t n) { return below(n) == 0; }
    // Returns a number in [low, high]. All orders of magnitude are equally likely.
    std::size_t spread(std::size_t low, std::size_t high) {
        const double position = static_cast<double>(below(1'000'001)) / 1e6;
        const double ratio = static_cast<double>(high) / static_cast<double>(low);
        const auto chosen = static_cast<std::size_t>(static_cast<double>(low) * std::pow(ratio, position));
        return chosen < low ? low : chosen > high ? high : chosen;
    }

    // Returns text of `bytes` bytes or a few more, of one kind or of all mixed; not always UTF-8.
    std::string text(std::size_t bytes) {
        static constexpr std::string_view pieces[][6] = {
            {"a", "b", "c", "d", "e", " "},
            {"\"", "\\", "/", "\"", "\\", "x"},
            {"\n", "\t", "\r", "\b", "\f", "y"},
            {std::string_view("\0", 1), "\x01", "\x1F", "\x7F", "\x0B", "z"},
            {"\xC3\xA9", "\xDF\xBF", "\xC2\x80", "\xE2\x80\xA6", "\xE4\xB8\xAD", "\xEF\xBF\xBF"},
            {"\xF0\x9F\x98\x80", "\xF0\x9F\xA4\x97", "\xF4\x8F\xBF\xBF", "\xF0\x90\x80\x80", "\xF0\x9F\x87\xA9", "o"},
            {"\xFF", "\x80", "\xE2\x82", "\xF0\x9F\x98", "\xC0\xAF", "\xED\xA0\x80"},
            {"https://example.org/", "?q=", "&amp;", "%20", "#", "1234567890"},
        };
        const std::size_t flavour = below(std::size(pieces) + 1);
        std::string out;
        out.reserve(bytes + 20);
        std::uint64_t draw = 0;
        while (out.size() < bytes) {
            if (draw < 64) draw = random_();
            const auto& set = pieces[flavour < std::size(pieces) ? flavour : (draw >> 3U) % std::size(pieces)];
            out += set[draw % 6];
            draw /= 64;
        }
        return out;
    }

    // Returns a text that is mostly short, often about as long as the shortest cut, sometimes up to `longest`.
    std::string any_text(std::size_t longest) {
        switch (below(12)) {
            case 0: return text(spread(1, longest < 1 ? 1 : longest));
            case 1:
            case 2: return text(26 + below(14));
            case 3:
            case 4: return text(below(100));
            case 5: return {};
            default: return text(below(12));
        }
    }

    double any_double() {
        static constexpr double extremes[] = {0.0,
                                              -0.0,
                                              0.1,
                                              1.0,
                                              1e23,
                                              5e-324,
                                              1e16,
                                              1e-5,
                                              (std::numeric_limits<double>::max)(),
                                              std::numeric_limits<double>::lowest(),
                                              (std::numeric_limits<double>::min)(),
                                              std::numeric_limits<double>::infinity(),
                                              -std::numeric_limits<double>::infinity(),
                                              std::numeric_limits<double>::quiet_NaN(),
                                              -2.2250738585072014e-308,
                                              9007199254740993.0};
        if (one_in(3)) return extremes[below(std::size(extremes))];
        return std::ldexp(static_cast<double>(static_cast<std::int64_t>(random_())),
                          static_cast<int>(below(300)) - 200);
    }

    std::string any_decimal() {
        static constexpr std::string_view some[] = {"0",
                                                    "-0",
                                                    "-0.0",
                                                    "0.10",
                                                    "1.50",
                                                    "12345678901234567890",
                                                    "123456789012345678901234567890",
                                                    "0.1234567890123456789",
                                                    "1e400",
                                                    "1e-400",
                                                    "-1E+5",
                                                    "100000000000000000000000",
                                                    "18446744073709551615",
                                                    "-9223372036854775808",
                                                    "3.14159265358979323846264338327950288419716939937510582097494459"};
        if (one_in(2)) return std::string(some[below(std::size(some))]);
        return std::to_string(static_cast<std::int64_t>(random_())) + "." + std::to_string(below(1000));
    }

    curtail::Cell cell(MadeTable& table, curtail::CellKind kind, std::size_t longest) {
        using curtail::CellKind;
        const auto integer = [&]() -> std::int64_t {
            static constexpr std::int64_t extremes[] = {0, -1, INT64_MAX, INT64_MIN, 9007199254740993};
            return one_in(4) ? extremes[below(std::size(extremes))] : static_cast<std::int64_t>(below(1000)) - 500;
        };
        const auto count = [&] { return (std::max)(integer(), std::int64_t{-INT64_MAX}); };  // INT64_MIN is not a time
        if (one_in(11)) return curtail::Null{};
        const auto unit = static_cast<curtail::TimeUnit>(below(4));
        switch (kind) {
            case CellKind::boolean: return one_in(2);
            case CellKind::int64: return integer();
            case CellKind::uint64: return one_in(4) ? UINT64_MAX : below(100000);
            case CellKind::float32: return one_in(3) ? 0.1F : static_cast<float>(any_double());
            case CellKind::float64: return any_double();
            case CellKind::decimal: return curtail::Decimal{table.own(any_decimal())};
            case CellKind::bytes: return curtail::Bytes{table.own(any_text(longest))};
            case CellKind::timestamp:
                return curtail::Timestamp{count(), unit, one_in(2) ? std::string_view("UTC") : std::string_view()};
            case CellKind::date: return curtail::Date{static_cast<std::int32_t>(below(200000)) - 100000};
            case CellKind::time: return curtail::TimeOfDay{static_cast<std::int64_t>(below(86400)), unit};
            case CellKind::duration: return curtail::Duration{count(), unit};
            case CellKind::nested:
                return curtail::Nested{table.own("{\"k\":[1,\"" + std::string(below(60), 'n') + "\"]}")};
            case CellKind::null: return curtail::Null{};
            case CellKind::any: {
                static constexpr CellKind kinds[] = {CellKind::boolean, CellKind::int64, CellKind::float64,
                                                     CellKind::text};
                return cell(table, kinds[below(std::size(kinds))], longest);
            }
            default: return table.own(any_text(longest));
        }
    }

    curtail::CellKind any_kind() {
        using curtail::CellKind;
        static constexpr CellKind kinds[] = {
            CellKind::text,   CellKind::text,      CellKind::text,    CellKind::text,    CellKind::int64,
            CellKind::uint64, CellKind::float32,   CellKind::float64, CellKind::boolean, CellKind::decimal,
            CellKind::bytes,  CellKind::timestamp, CellKind::date,    CellKind::time,    CellKind::duration,
            CellKind::nested, CellKind::null,      CellKind::any};
        return kinds[below(std::size(kinds))];
    }

    MadeTable table(const Shape& shape) {
        MadeTable made;
        const std::size_t features = below(shape.max_features + 1);
        const std::size_t predictions = below(shape.max_predictions + 1);
        const bool same_names = one_in(8);
        std::vector<curtail::ColumnSpec> columns;
        for (std::size_t i = 0; i < features + predictions; ++i) {
            // Names of predictions are part of what is never dropped, so they stay short.
            std::string name = i >= features ? text(below(12))
                               : one_in(10)  ? text(spread(1, shape.max_name < 1 ? 1 : shape.max_name))
                               : same_names  ? std::string("same")
                               : one_in(3)   ? text(below(10))
                                             : "c" + std::to_string(i);
            columns.push_back({std::move(name), {any_kind()}});
        }
        made.columns = curtail::Schema(std::move(columns), predictions);
        const std::size_t rows = below(shape.max_rows + 1);
        const std::size_t classes = 1 + below(80);  // few distinct text predictions make class distributions
        for (std::size_t row = 0; row < rows; ++row) {
            std::vector<curtail::Cell> cells;
            cells.reserve(features + predictions);
            for (std::size_t i = 0; i < features + predictions; ++i) {
                const curtail::CellKind kind = made.columns[i].type.kind;
                if (i >= features && kind == curtail::CellKind::text && !one_in(10)) {
                    cells.emplace_back(made.own("class " + std::to_string(below(classes))));
                } else {
                    cells.push_back(cell(made, kind, shape.max_text));
                }
            }
            made.add_row(std::move(cells));
        }
        return made;
    }

  private:
    std::mt19937_64 random_;
};

}  // namespace table_maker
