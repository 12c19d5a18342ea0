// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/plain_fields.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/csv/field_writer.hpp>
#include <curtail/artifact/file/text_buffer.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::CsvDialect;
using curtail::detail::PlainFields;

// In memory of exactly `room` bytes, so that a sanitizer sees a byte written too far. "refused" when it was.
template <class Cell>
std::string plain(const PlainFields& fields, const Cell& cell, std::size_t room) {
    const std::unique_ptr<char[]> memory(new char[room]);
    const char* const end = fields.write(memory.get(), memory.get() + room, cell);
    if (end == nullptr) return "refused";
    CHECK(static_cast<std::size_t>(end - memory.get()) + PlainFields::spare <= room);
    return {memory.get(), static_cast<std::size_t>(end - memory.get())};
}

template <class Cell>
std::string in_full(const CsvDialect& dialect, const Cell& cell) {
    return text_of([&](auto& text) { curtail::detail::CsvFieldWriter(dialect).write(text, cell); });
}

// The same as CsvFieldWriter with much room, and the same or nothing with any less.
template <class Cell>
void check(const CsvDialect& dialect, const Cell& cell, std::size_t much) {
    const PlainFields fields(dialect);
    const std::string expected = in_full(dialect, cell);
    REQUIRE(plain(fields, cell, much) == expected);
    for (std::size_t room = PlainFields::spare; room < much; room += 1 + room / 16) {
        const std::string got = plain(fields, cell, room);
        if (got != "refused") REQUIRE(got == expected);
    }
}

}  // namespace

TEST_CASE("PlainFields: writes a plain cell as CsvFieldWriter does, or nothing where it may not fit") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const std::vector<CsvDialect> dialects = {{},
                                              {.separator = ';', .quote = '\'', .line_end = curtail::LineEnd::crlf},
                                              {.true_text = "T", .false_text = "no"}};
    for (const CsvDialect& dialect : dialects) {
        REQUIRE(PlainFields(dialect).serves());
        check(dialect, curtail::Null{}, 8);
        check(dialect, true, 16);
        check(dialect, false, 16);
        for (int i = 0; i < 300; ++i) {
            const std::uint64_t bits = random() >> random() % 64;
            check(dialect, bits, 80);
            check(dialect, std::bit_cast<std::int64_t>(random()) >> random() % 64, 80);
            const double number = std::bit_cast<double>(random());
            if (number - number == 0) check(dialect, number, 80);
            const float narrow = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
            if (narrow - narrow == 0) check(dialect, narrow, 80);
            std::string text(1 + random() % 150, 'x');
            for (char& c : text) {
                if (random() % 40 == 0) c = ",;'\"\n\r\xC3"[random() % 7];
            }
            check(dialect, std::string_view(text), 400);
            check(dialect, curtail::Verbatim{text, static_cast<curtail::Verbatim::Meaning>(random() % 3)}, 400);
        }
    }
}

TEST_CASE("PlainFields: leaves cells that are not plain to CsvFieldWriter") {
    const PlainFields fields{CsvDialect{}};
    CHECK(plain(fields, std::string_view(), 100) == "refused");
    CHECK(plain(fields, std::numeric_limits<double>::quiet_NaN(), 100) == "refused");
    CHECK(plain(fields, -std::numeric_limits<float>::infinity(), 100) == "refused");
    CHECK_FALSE(PlainFields::knows<curtail::Date>);
    CHECK_FALSE(PlainFields::knows<curtail::Decimal>);
    CHECK_FALSE(PlainFields::knows<curtail::Nested>);
    CHECK(plain(fields, curtail::Verbatim{"NA", curtail::Verbatim::Meaning::text}, 100) == "refused");
}

TEST_CASE("PlainFields: does not serve a dialect with other quotes, words or digits") {
    const std::vector<CsvDialect> dialects = {
        {.quote_style = curtail::QuoteStyle::all},
        {.quote_style = curtail::QuoteStyle::non_numeric},
        {.null_text = "NULL"},
        {.true_text = "certainly"},
        {.separator = ';', .decimal_comma = true},
        {.float_precision = 2},
        {.formula_guard = curtail::FormulaGuard::apostrophe},
    };
    for (const CsvDialect& dialect : dialects) CHECK_FALSE(PlainFields(dialect).serves());
}
