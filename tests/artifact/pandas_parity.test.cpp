// SPDX-License-Identifier: MIT
// Writes the frame that pandas_parity.py describes; hidden, because it makes sense only when that script calls it.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>

#include "catch.hpp"

namespace {

using curtail::Cell;
using curtail::TimeUnit;

std::string from_hex(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    }
    return out;
}

struct Frame {
    curtail::Schema columns;
    std::size_t count = 0;
    std::vector<std::vector<Cell>> cells;  // by column
    std::deque<std::string> texts;

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return count; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (const auto& column : cells) visit(column[row]);
    }
};

Cell cell_of(Frame& frame, const std::string& kind, const std::string& line) {
    if (line == "-") return curtail::Null{};
    const auto unit = [&] { return static_cast<TimeUnit>(kind.back() - '0'); };
    if (kind == "text") return std::string_view(frame.texts.emplace_back(from_hex(line.substr(1))));
    if (kind == "bool") return line == "1";
    if (kind == "uint") return std::uint64_t{std::stoull(line)};
    if (kind == "double") return std::bit_cast<double>(std::uint64_t{std::stoull(line, nullptr, 16)});
    if (kind == "float") return std::bit_cast<float>(static_cast<std::uint32_t>(std::stoul(line, nullptr, 16)));
    if (kind == "nested") return curtail::Nested{frame.texts.emplace_back(from_hex(line.substr(1)))};
    if (kind == "bytes") return curtail::Bytes{frame.texts.emplace_back(from_hex(line.substr(1)))};
    if (kind == "decimal") return curtail::Decimal{frame.texts.emplace_back(from_hex(line.substr(1)))};
    const auto number = std::int64_t{std::stoll(line)};
    if (kind == "int") return number;
    if (kind == "date") return curtail::Date{static_cast<std::int32_t>(number)};
    if (kind.starts_with("stamp")) return curtail::Timestamp{number, unit()};
    if (kind.starts_with("zoned")) return curtail::Timestamp{number, unit(), "UTC"};
    if (kind.starts_with("berlin")) return curtail::Timestamp{number, unit(), "Europe/Berlin"};
    if (kind.starts_with("duration")) return curtail::Duration{number, unit()};
    throw std::runtime_error("no such kind: " + kind);
}

// "<rows>" and then for each column its kind, its name in hexadecimal behind an x, and a line for each cell.
void read_frame(Frame& frame, std::istream& in) {
    std::string line;
    std::getline(in, line);
    frame.count = std::stoul(line);
    std::vector<curtail::ColumnSpec> specs;
    for (std::string kind; std::getline(in, kind);) {
        std::getline(in, line);
        specs.push_back({from_hex(line.substr(1))});
        frame.cells.emplace_back();
        for (std::size_t row = 0; row < frame.count; ++row) {
            std::getline(in, line);
            frame.cells.back().push_back(cell_of(frame, kind, line));
        }
    }
    frame.columns = curtail::Schema(std::move(specs));
}

// The dialects by which pandas_parity.py asks for the frame.
curtail::CsvDialect dialect_named(const std::string& name) {
    using curtail::CsvDialect;
    using curtail::QuoteStyle;
    CsvDialect dialect = name.starts_with("pandas") ? CsvDialect::pandas() : CsvDialect{};
    if (name == "pandas_2f") dialect.float_precision = 2;
    if (name == "pandas_all") dialect.quote_style = QuoteStyle::all;
    if (name == "pandas_non_numeric") dialect.quote_style = QuoteStyle::non_numeric;
    return dialect;
}

}  // namespace

TEST_CASE("CsvSink: writes the frame of pandas_parity.py in the dialects that it names", "[artifact][.parity]") {
    const char* path = std::getenv("CURTAIL_PARITY_FRAME");
    const char* names = std::getenv("CURTAIL_PARITY_DIALECTS");
    REQUIRE(path != nullptr);
    REQUIRE(names != nullptr);
    std::ifstream in(path, std::ios::binary);
    Frame frame;
    read_frame(frame, in);
    std::istringstream words(names);
    for (std::string name; words >> name;) {
        curtail::CsvSink sink(path + ("." + name),
                              {.dialect = dialect_named(name), .file = {.on_exists = curtail::OnExists::replace}});
        sink.open(frame.columns);
        const std::size_t half = frame.count / 2;
        sink.append(curtail::RowSlice(frame, 0, half));
        sink.append(curtail::RowSlice(frame, half, frame.count - half));
        sink.finish();
    }
}
