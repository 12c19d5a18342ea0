// SPDX-License-Identifier: MIT
// Writes the tables that csvw_reader.py reads back; hidden, because it makes sense only when that script calls it.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/core/number/number_text.hpp>

#include "catch.hpp"

namespace {

using curtail::Cell;
using curtail::CellKind;
using curtail::CsvDialect;
using curtail::TimeUnit;
using nlohmann::ordered_json;

struct Made {
    curtail::Schema columns;
    std::size_t count = 0;
    std::vector<std::vector<Cell>> cells;  // by column
    std::deque<std::string> texts;
    ordered_json expected = ordered_json::array();  // by column: null, or what the cell is

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return count; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (const auto& column : cells) visit(column[row]);
    }
};

class Maker {
  public:
    explicit Maker(std::uint64_t seed) : random_(seed) {}

    Made table() {
        Made made;
        made.count = pick<std::size_t>({0, 1, 2, 40});
        std::vector<curtail::ColumnSpec> specs;
        for (std::size_t i = below(8) + 1; i > 0; --i) {
            const curtail::ColumnType type{
                pick<CellKind>({CellKind::boolean, CellKind::int8, CellKind::int64, CellKind::uint64, CellKind::float32,
                                CellKind::float64, CellKind::decimal, CellKind::text, CellKind::timestamp,
                                CellKind::date, CellKind::time, CellKind::nested, CellKind::duration, CellKind::any}),
                static_cast<TimeUnit>(below(4)), pick<std::string>({"", "UTC"})};
            specs.push_back({text(), type});
            auto& cells = made.cells.emplace_back();
            ordered_json expected = ordered_json::array();
            for (std::size_t row = 0; row < made.count; ++row) {
                cells.push_back(below(5) == 0 ? Cell(curtail::Null{}) : cell(made, specs.back().type, expected));
                if (expected.size() == row) expected.push_back(nullptr);
            }
            // Times whose values alone have a unit and a zone.
            if (type.kind == CellKind::timestamp && below(2) == 0) {
                specs.back().type = {.kind = type.kind, .unit = static_cast<TimeUnit>(below(4)), .guessed = true};
            }
            made.expected.push_back({{"title", specs.back().name}, {"cells", std::move(expected)}});
        }
        made.columns = curtail::Schema(std::move(specs));
        return made;
    }

    CsvDialect dialect() {
        CsvDialect dialect;
        dialect.separator = pick<char>({',', ';', '\t', '|'});
        dialect.quote = pick<char>({'"', '\''});
        dialect.line_end = pick<curtail::LineEnd>({curtail::LineEnd::lf, curtail::LineEnd::crlf});
        dialect.quote_style = pick<curtail::QuoteStyle>(
            {curtail::QuoteStyle::minimal, curtail::QuoteStyle::all, curtail::QuoteStyle::non_numeric});
        dialect.header = below(4) != 0;
        dialect.byte_order_mark = below(4) == 0;
        dialect.null_text = pick<std::string>({"", "NA", "null"});
        dialect.nan_text = pick<std::string>({"NaN", "nan"});
        dialect.true_text = pick<std::string>({"True", "yes"});
        dialect.decimal_comma = dialect.separator != ',' && below(3) == 0;
        return dialect;
    }

  private:
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
    template <class T>
    T pick(std::vector<T> choices) {
        return choices[below(choices.size())];
    }

    std::string text() {
        std::string out;
        for (std::size_t i = pick<std::size_t>({0, 1, 1, 2, 4}); i > 0; --i) {
            out += pick<std::string>({"a", "word", ",", ";", "\"", "'", "\n", "\r\n", " ", "#", "1", "NA", "\xC3\xA9",
                                      "\xF0\x9F\x98\x80", "=", "|", "%", "\\"});
        }
        return out;
    }

    template <class Float>
    Float floating() {
        using Limits = std::numeric_limits<Float>;
        return pick<Float>({0, static_cast<Float>(-0.0), static_cast<Float>(0.1), 1, static_cast<Float>(1e16),
                            Limits::max(), Limits::denorm_min(), Limits::quiet_NaN(), Limits::infinity(),
                            -Limits::infinity(), static_cast<Float>(random_()) / static_cast<Float>(3)});
    }

    // Returns a text that Python's float() reads as the number in the file.
    template <class Float>
    static std::string float_text(Float value) {
        if (std::isnan(value)) return "nan";
        if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
        return curtail::detail::number_text(value);
    }

    Cell cell(Made& made, const curtail::ColumnType& type, ordered_json& expected) {
        const auto count = [&] {
            return static_cast<std::int64_t>(random_() >> 1U) / pick<std::int64_t>({1, 1'000'000});
        };
        const auto keep = [&](std::string value) -> std::string_view {
            return made.texts.emplace_back(std::move(value));
        };
        switch (type.kind) {
            case CellKind::boolean: {
                const bool value = below(2) == 0;
                expected.push_back(value);
                return value;
            }
            case CellKind::int8:
            case CellKind::int64: {
                const std::int64_t value = type.kind == CellKind::int8 ? static_cast<std::int64_t>(below(256)) - 128
                                                                       : static_cast<std::int64_t>(random_());
                expected.push_back(value);
                return value;
            }
            case CellKind::uint64: {
                const std::uint64_t value = random_();
                expected.push_back(value);
                return value;
            }
            case CellKind::float32: {
                const auto value = floating<float>();
                expected.push_back(float_text(value));
                return value;
            }
            case CellKind::float64: {
                const auto value = floating<double>();
                expected.push_back(float_text(value));
                return value;
            }
            case CellKind::decimal: {
                const std::string_view value =
                    keep(pick<std::string>({"1.50", "-0.001", "12345678901234567890.1", "7"}));
                expected.push_back(std::string(value));
                return curtail::Decimal{value};
            }
            case CellKind::timestamp: {
                const std::int64_t per_second[] = {1, 1'000, 1'000'000, 1'000'000'000};
                const std::int64_t unit = per_second[static_cast<std::size_t>(type.unit)];
                const std::int64_t value = (static_cast<std::int64_t>(below(4'000'000'000)) - 2'000'000'000) * unit +
                                           static_cast<std::int64_t>(below(static_cast<std::size_t>(unit)));
                expected.push_back(value * (1'000'000'000 / unit));
                return curtail::Timestamp{value, type.unit, type.zone.empty() ? "" : "UTC"};
            }
            case CellKind::date: {
                const auto value = static_cast<std::int32_t>(below(80'000)) - 40'000;
                expected.push_back(value);
                return curtail::Date{value};
            }
            case CellKind::time: {
                const auto value = static_cast<std::int64_t>(below(86'400));
                expected.push_back(value);
                return curtail::TimeOfDay{value, TimeUnit::second};
            }
            case CellKind::nested: {
                expected.push_back({{"a", {1, "x,\"y"}}});
                return curtail::Nested{keep(expected.back().dump())};
            }
            case CellKind::duration: {
                expected.push_back("1 days 00:00:01");
                return curtail::Duration{86'401, TimeUnit::second};
            }
            case CellKind::any: {
                const std::int64_t value = count();
                expected.push_back(std::to_string(value));
                return value;
            }
            default: {
                const std::string_view value = keep(text());
                expected.push_back(std::string(value));
                return value;
            }
        }
    }

    std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("csv_metadata: writes the tables for csvw_reader.py", "[artifact][.csvw]") {
    const char* const directory = std::getenv("CURTAIL_CSVW_DIRECTORY");
    const char* const seed = std::getenv("CURTAIL_SEED");
    REQUIRE((directory != nullptr && seed != nullptr));
    Maker maker(std::strtoull(seed, nullptr, 10));
    for (int i = 0; i < 200; ++i) {
        const std::string path = std::string(directory) + "/table " + std::to_string(i) + "%.csv";
        const Made made = maker.table();
        curtail::CsvSink sink(path, {.dialect = maker.dialect(), .metadata = true});
        sink.open(made.columns);
        sink.append(made);
        sink.finish();
        std::ofstream(path + ".expected") << made.expected.dump();
    }
}
