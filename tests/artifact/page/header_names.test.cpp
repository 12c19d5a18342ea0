// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/header_names.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>
#include <curtail/table/schema.hpp>

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
        curtail::detail::expect_separator(dialect.separator, header.text, reader);
    } catch (const curtail::InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("expect_separator: refuses a header and a row that have another one", "[artifact]") {
    CHECK(separator_fault("a;b\n1;2\n").find("a semicolon") != std::string::npos);
    CHECK(separator_fault("a\tb\n1\t2\n").find("give the dialect of the file") != std::string::npos);
    for (const std::string_view sound : {"a\n1;2\n", "a;b\n12\n", "a;b\n\"1;2\"\n", "a;b\n", "a;b\n1,2\n"}) {
        INFO(sound);
        CHECK(separator_fault(sound).empty());
    }
}

TEST_CASE("expect_column: names the column and both names", "[artifact]") {
    const curtail::Schema schema({{"id"}, {"b\xFF"}});
    const MemoryView view{"id,x\n"};
    const Content content{&view};
    const RecordReader reader(content, CsvDialect(), 0);
    const auto fault = [&](std::size_t index, std::string_view name) {
        try {
            curtail::detail::expect_column(schema, index, name, "the metadata", reader, {.offset = 3});
        } catch (const curtail::InputError& error) {
            CHECK(error.offset() == 3U);
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(fault(0, "id").empty());
    CHECK(fault(1, "b\xEF\xBF\xBD").empty());
    CHECK(fault(0, "x").find("column 0 of the header is \"x\"; by the metadata it is \"id\"") != std::string::npos);
    CHECK(fault(2, "y").find("column 2 of the header is \"y\"; by the metadata there is none") != std::string::npos);
}
