// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/typed_fields.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "artifact/page/collected_page.hpp"
#include "artifact/page/memory_view.hpp"
#include "catch.hpp"

namespace {

using curtail::CellKind;
using curtail::CsvDialect;
using curtail::FormulaGuard;
using curtail::detail::FieldText;

// Returns what a field of a column of this kind means, or "damaged". With `nulls` the column is that of a CSV input if
// somebody has described it.
std::string meaning(std::string_view text, CellKind kind, const CsvDialect& dialect = {}, bool quoted = false,
                    bool sole = false, const std::vector<std::string>& nulls = {}, bool described = true) {
    const MemoryView view("x\n");
    const curtail::detail::Content content{&view};
    const curtail::detail::RecordReader reader(content, dialect, 0);
    curtail::detail::TypedFields fields(dialect, described);
    FieldText field{text, text.size(), quoted, 7};
    curtail::ColumnSpec column{"c", kind};
    if (!nulls.empty()) column.type.null_texts = std::make_shared<const std::vector<std::string>>(nulls);
    std::string out = "damaged";
    const std::uint64_t fault = fault_of([&] { out = shown(fields.read(reader, field, column, sole)); });
    CHECK((out != "damaged" || fault == 7));
    return out;
}

const CsvDialect german{.separator = ';',
                        .null_text = "k.A.",
                        .true_text = "ja",
                        .false_text = "nein",
                        .nan_text = "keine",
                        .decimal_comma = true};

}  // namespace

TEST_CASE("TypedFields: reads a field by the type of its column", "[artifact]") {
    CHECK(meaning("-12", CellKind::int8) == "-12");
    CHECK(meaning("18446744073709551615", CellKind::uint64) == "18446744073709551615");
    CHECK(meaning("1e+16", CellKind::float64) == "1e+16");
    CHECK(meaning("0.1", CellKind::float32) == "0.1");
    CHECK(meaning("7.038531e-26", CellKind::float32) == "7.038531e-26");  // by way of a double it is the next float
    CHECK(meaning("1e-45", CellKind::float32) == "1e-45");
    CHECK(meaning("1e+39", CellKind::float32) == "1e+39");
    CHECK(meaning("NaN", CellKind::float64) == "nan");
    CHECK(meaning("-inf", CellKind::float64) == "-inf");
    CHECK(meaning("3.750", CellKind::decimal) == "3.750");
    CHECK(meaning("True", CellKind::boolean) == "true");
    CHECK(meaning("12", CellKind::text) == "'12'");
    CHECK(meaning("NA", CellKind::text) == "'NA'");
    CHECK(meaning("[1]", CellKind::nested) == "[1]");
    CHECK(meaning("2004-02-29 01:02:03", CellKind::timestamp) == "'2004-02-29 01:02:03'");
    for (const CellKind kind :
         {CellKind::int64, CellKind::float64, CellKind::boolean, CellKind::date, CellKind::text}) {
        CHECK(meaning("", kind) == "null");
    }
}

TEST_CASE("TypedFields: takes an open column cell by cell, as CsvInput does", "[artifact]") {
    CHECK(meaning("12", CellKind::any) == "12");
    CHECK(meaning("007", CellKind::any) == "'007'");
    CHECK(meaning("true", CellKind::any) == "true");
    CHECK(meaning("NaN", CellKind::any) == "nan");
    CHECK(meaning("NA", CellKind::any) == "'NA'");
    CHECK(meaning("NA", CellKind::any, {}, false, false, {"-", "NA"}) == "null");
    CHECK(meaning("NA", CellKind::any, {}, true, false, {"-", "NA"}) == "'NA'");
    CHECK(meaning("NA", CellKind::text, {}, false, false, {"-", "NA"}) == "'NA'");
    CHECK(meaning("", CellKind::any, {}, true) == "''");
}

TEST_CASE("TypedFields: knows the words of the dialect", "[artifact]") {
    CHECK(meaning("k.A.", CellKind::int64, german) == "null");
    CHECK(meaning("k.A.", CellKind::text, german, true) == "'k.A.'");
    CHECK(meaning("", CellKind::text, german) == "''");
    CHECK(meaning("ja", CellKind::boolean, german) == "true");
    CHECK(meaning("True", CellKind::boolean, german) == "damaged");
    CHECK(meaning("1,5", CellKind::float64, german) == "1.5");
    CHECK(meaning("1,50", CellKind::decimal, german) == "1.50");
    CHECK(meaning("keine", CellKind::float32, german) == "nan");
    CHECK(meaning("12", CellKind::int64, {.quote_style = curtail::QuoteStyle::all}, true) == "12");
    // Only floating-point numbers can be NaN.
    const CsvDialect sentinel{.nan_text = "-999"};
    CHECK(meaning("-999", CellKind::float64, sentinel) == "nan");
    CHECK(meaning("-999", CellKind::int64, sentinel) == "-999");
    CHECK(meaning("-999", CellKind::decimal, sentinel) == "-999");
}

TEST_CASE("TypedFields: knows the words of the dialect in an open column, but not of a CSV input", "[artifact]") {
    const std::vector<std::string> nulls{"NA"};
    for (const auto& [text, value] : {std::pair{"ja", "true"}, std::pair{"nein", "false"}, std::pair{"keine", "nan"},
                                      std::pair{"-1,5e+16", "-1.5e+16"}, std::pair{"1.5", "1.5"}}) {
        CHECK(meaning(text, CellKind::any, german) == value);
        CHECK(meaning(text, CellKind::any, german, true) == value);
        CHECK(meaning(text, CellKind::any, german, false, false, nulls, false) == value);
    }
    for (const std::string text : {"ja", "nein", "keine", "1,5"}) {
        CHECK(meaning(text, CellKind::any, german, false, false, nulls) == "'" + text + "'");
    }
    for (const std::string text : {"1,234,5", "jaja", "1,5 m", ",", ""}) {
        CHECK(meaning(text, CellKind::any, german, true) == "'" + text + "'");
    }
    CHECK(meaning("1", CellKind::any, {.true_text = "1", .false_text = "0"}) == "1");
    CHECK(meaning("", CellKind::any, CsvDialect::pandas(), true) == "''");
}

TEST_CASE("TypedFields: takes the formula guard off texts alone", "[artifact]") {
    const CsvDialect guard{.formula_guard = FormulaGuard::apostrophe};
    CHECK(meaning("'=1+1", CellKind::text, guard) == "'=1+1'");
    CHECK(meaning("''x", CellKind::any, guard) == "''x'");
    CHECK(meaning("-1", CellKind::int64, guard) == "-1");
    CHECK(meaning("'=1+1", CellKind::text) == "''=1+1'");
}

TEST_CASE("TypedFields: tells a null that is its row's only field from the empty text by the type", "[artifact]") {
    CHECK(meaning("", CellKind::int64, {}, true, true) == "null");
    for (const CellKind kind : {CellKind::nested, CellKind::bytes, CellKind::null})
        CHECK(meaning("", kind, {}, true, true) == "null");
    for (const CellKind kind : {CellKind::text, CellKind::any}) CHECK(meaning("", kind, {}, true, true) == "''");
    CHECK(meaning("", CellKind::int64, {}, true, false) == "damaged");
}

TEST_CASE("TypedFields: refuses a field that is not of its column", "[artifact]") {
    CHECK(meaning("1x", CellKind::int64) == "damaged");
    CHECK(meaning("O.5", CellKind::float64) == "damaged");
    CHECK(meaning("yes", CellKind::boolean) == "damaged");
    CHECK(meaning("", CellKind::date, {.null_text = "NA"}) == "damaged");
    CHECK(meaning("", CellKind::date, {}, true) == "''");  // the empty text of a source that gives it for a date
    // Cells of a source that gives another kind of number than it declared.
    CHECK(meaning("1.5", CellKind::int64) == "1.5");
}
