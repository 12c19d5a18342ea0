// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/header_names.hpp>

#include <string>
#include <string_view>

#include <curtail/core/error.hpp>

#include "artifact/page/memory_view.hpp"
#include "catch.hpp"

using curtail::CsvDialect;
using curtail::detail::Content;
using curtail::detail::FieldText;
using curtail::detail::RecordReader;

namespace {

// Returns what is wrong with a file whose header is one field, or nothing.
std::string separator_fault(std::string_view text) {
    const MemoryView view{std::string(text)};
    const Content content{&view};
    const CsvDialect dialect;
    RecordReader reader(content, dialect, 0);
    FieldText header;
    REQUIRE_FALSE(reader.field(1000, header));
    try {
        curtail::detail::expect_separator(dialect, header.text, reader);
    } catch (const curtail::InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("column_name: is the field of the header without its guard, or a number", "[artifact]") {
    CsvDialect dialect;
    CHECK(curtail::detail::column_name(dialect, "'=a", 0) == "'=a");
    dialect.formula_guard = curtail::FormulaGuard::apostrophe;
    CHECK(curtail::detail::column_name(dialect, "'=a", 0) == "=a");
    dialect.header = false;
    CHECK(curtail::detail::column_name(dialect, "17", 2) == "column_3");
}

TEST_CASE("expect_separator: refuses a header and a row that have another one", "[artifact]") {
    CHECK(separator_fault("a;b\n1;2\n").find("a semicolon") != std::string::npos);
    CHECK(separator_fault("a\tb\n1\t2\n").find("give the dialect of the file") != std::string::npos);
    for (const std::string_view sound : {"a\n1;2\n", "a;b\n12\n", "a;b\n\"1;2\"\n", "a;b\n", "a;b\n1,2\n"}) {
        INFO(sound);
        CHECK(separator_fault(sound).empty());
    }
}
