// SPDX-License-Identifier: MIT
#include <curtail/table/csv/fault.hpp>

#include <string_view>

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
