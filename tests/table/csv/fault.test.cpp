// SPDX-License-Identifier: MIT
#include <curtail/table/csv/fault.hpp>

#include <string_view>
#include <utility>

#include "catch.hpp"

using curtail::detail::CsvFaultKind;
using namespace std::string_view_literals;

namespace {

void check_fault(std::string_view text, CsvFaultKind kind, std::size_t offset) {
    CAPTURE(text);
    const curtail::detail::CsvFault fault = curtail::detail::find_csv_fault(text, ',');
    CHECK(fault.kind == kind);
    CHECK(fault.offset == offset);
}

}  // namespace

TEST_CASE("foreign_format: names what people give in place of CSV", "[table]") {
    using curtail::detail::foreign_format;
    const std::pair<std::string_view, std::string_view> formats[] = {
        {"\xFF\xFE"sv, "UTF-16"},      {"\xFE\xFF"sv, "UTF-16"},
        {"\x1F\x8B\x08"sv, "gzip"},    {"\x28\xB5\x2F\xFD"sv, "zstd"},
        {"PK\x03\x04\x14"sv, "ZIP"},   {"\xD0\xCF\x11\xE0"sv, "Excel"},
        {"PAR1\x15\x04"sv, "Parquet"}, {"ARROW1\0\0"sv, "Arrow"},
        {"[{\"a\":1}]"sv, "JSON"},     {"{\"a\":1}"sv, "JSON"},
        {"[[1,2]]"sv, "JSON"},         {"[\n  {\n"sv, "JSON"},
        {"{\r\n"sv, "JSON"},           {"\xFD\x37zXZ\0"sv, "xz"},
        {"BZh91AY&SY"sv, "bzip2"},     {"SQLite format 3\0"sv, "SQLite"},
    };
    for (const auto& [head, name] : formats) {
        INFO(name);
        CHECK(foreign_format(head).find(name) != std::string_view::npos);
    }
    for (const auto header :
         {""sv, "id"sv, "PAR1,ARROW1\n"sv, "PK\n"sv, "[{\n"sv, "{id},[\n"sv, "[,{\n"sv, "BZh9\n"sv, "\"{\"\"\"\n"sv}) {
        INFO(header);
        CHECK(foreign_format(header).empty());
    }
}

TEST_CASE("find_csv_fault: a sound text has no fault", "[table]") {
    for (const auto text : {""sv, "a,b"sv, "\"a\"\"b\",c\r\nd,\"\r\""sv, "\"\",\"\"\"\""sv, ",\n,"sv}) {
        check_fault(text, CsvFaultKind::none, 0);
    }
}

TEST_CASE("find_csv_fault: the first fault is found where it is", "[table]") {
    check_fault("a\0b"sv, CsvFaultKind::nul_byte, 1);
    check_fault("\"a\0\""sv, CsvFaultKind::nul_byte, 2);
    check_fault("x,5\" pipe,\"", CsvFaultKind::stray_quote, 3);
    check_fault("\"a\"b", CsvFaultKind::text_behind_quote, 3);
    check_fault("\"a\" ,b", CsvFaultKind::text_behind_quote, 3);
    check_fault("a\rb", CsvFaultKind::lone_carriage_return, 1);
    check_fault("a\r\r\n", CsvFaultKind::lone_carriage_return, 1);
    check_fault("\"a\"\r", CsvFaultKind::lone_carriage_return, 3);
    check_fault("a,\"b,\"\"c", CsvFaultKind::unclosed_quote, 2);
}

TEST_CASE("describe_fault: explains every fault", "[table]") {
    for (const auto kind : {CsvFaultKind::nul_byte, CsvFaultKind::stray_quote, CsvFaultKind::text_behind_quote,
                            CsvFaultKind::lone_carriage_return, CsvFaultKind::unclosed_quote}) {
        CHECK_FALSE(curtail::detail::describe_fault(kind).empty());
    }
}
