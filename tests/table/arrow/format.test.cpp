// SPDX-License-Identifier: MIT
#include <curtail/table/arrow/format.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

using curtail::dtype_name;
using curtail::TimeUnit;
using curtail::detail::ArrowKind;
using curtail::detail::column_type;
using curtail::detail::parse_arrow_format;

TEST_CASE("parse_arrow_format: knows every format of the interface", "[table]") {
    const auto dtype = [](const char* format) {
        const auto type = parse_arrow_format(format);
        REQUIRE(type.has_value());
        return dtype_name(column_type(*type));
    };
    const std::vector<std::pair<const char*, const char*>> expected = {
        {"n", "null"},
        {"b", "bool"},
        {"c", "int8"},
        {"C", "uint8"},
        {"s", "int16"},
        {"S", "uint16"},
        {"i", "int32"},
        {"I", "uint32"},
        {"l", "int64"},
        {"L", "uint64"},
        {"e", "float32"},
        {"f", "float32"},
        {"g", "float64"},
        {"u", "string"},
        {"U", "string"},
        {"vu", "string"},
        {"z", "bytes"},
        {"Z", "bytes"},
        {"vz", "bytes"},
        {"w:16", "bytes"},
        {"d:38,10", "decimal"},
        {"d:9,2,32", "decimal"},
        {"tdD", "date"},
        {"tdm", "date"},
        {"tts", "time"},
        {"ttm", "time"},
        {"ttu", "time"},
        {"ttn", "time"},
        {"tss:", "datetime64[s]"},
        {"tsm:", "datetime64[ms]"},
        {"tsu:UTC", "datetime64[us, UTC]"},
        {"tsn:Europe/Berlin", "datetime64[ns, Europe/Berlin]"},
        {"tDs", "timedelta64[s]"},
        {"tDm", "timedelta64[ms]"},
        {"tDu", "timedelta64[us]"},
        {"tDn", "timedelta64[ns]"},
        {"tiM", "string"},
        {"tiD", "string"},
        {"tin", "string"},
        {"+l", "nested"},
        {"+L", "nested"},
        {"+vl", "nested"},
        {"+vL", "nested"},
        {"+w:3", "nested"},
        {"+s", "nested"},
        {"+m", "nested"},
        {"+ud:0,1", "object"},
        {"+us:", "object"},
    };
    for (const auto& [format, name] : expected) {
        INFO(format);
        CHECK(dtype(format) == name);
    }
}

TEST_CASE("column_type: times keep their unit and timestamps their zone", "[table]") {
    CHECK(column_type(*parse_arrow_format("ttm")).unit == TimeUnit::millisecond);
    CHECK(column_type(*parse_arrow_format("ttn")).unit == TimeUnit::nanosecond);
    CHECK(column_type(*parse_arrow_format("tsn:+05:30")) ==
          curtail::ColumnType{curtail::CellKind::timestamp, TimeUnit::nanosecond, "+05:30"});
    CHECK(column_type(*parse_arrow_format("tss:")) ==
          curtail::ColumnType{curtail::CellKind::timestamp, TimeUnit::second, ""});
}

TEST_CASE("parse_arrow_format: reads decimals of all widths and signs of scale", "[table]") {
    const auto plain = parse_arrow_format("d:20,4");
    REQUIRE(plain);
    CHECK(plain->width == 16);
    CHECK(plain->scale == 4);
    CHECK(parse_arrow_format("d:9,2,32")->width == 4);
    CHECK(parse_arrow_format("d:18,2,64")->width == 8);
    CHECK(parse_arrow_format("d:38,0,128")->width == 16);
    CHECK(parse_arrow_format("d:76,-3,256")->width == 32);
    CHECK(parse_arrow_format("d:76,-3,256")->scale == -3);
}

TEST_CASE("parse_arrow_format: reads the type ids of a union's children", "[table]") {
    const auto type = parse_arrow_format("+us:5,0,127");
    REQUIRE(type);
    CHECK(type->kind == ArrowKind::sparse_union);
    CHECK(type->type_ids == std::vector<std::int8_t>{5, 0, 127});
}

TEST_CASE("parse_arrow_format: refuses a text that is not a format", "[table]") {
    for (const char* format : {"",
                               "x",
                               "uu",
                               "nn",
                               "t",
                               "ts",
                               "tsu",
                               "tsu,",
                               "tsx:",
                               "td",
                               "tdX",
                               "ttx",
                               "tD",
                               "tix",
                               "d",
                               "d:",
                               "d:5",
                               "d:5,",
                               "d:,2",
                               "d:5,2,",
                               "d:5,2,16",
                               "d:5,2,128,1",
                               "d:0,0",
                               "d:a,b",
                               "d: 5,2",
                               "d:5,99999999999",
                               "w",
                               "w:",
                               "w:-1",
                               "w:1x",
                               "w:99999999999",
                               "+",
                               "+x",
                               "+w",
                               "+w:",
                               "+w:-2",
                               "+u",
                               "+ud",
                               "+ud",
                               "+ud:1,",
                               "+ud:,1",
                               "+ud:1,1",
                               "+ud:128",
                               "+ud:-1",
                               "+us:a",
                               "+vx",
                               "v",
                               "vU",
                               " i",
                               "i "}) {
        INFO("'" << format << "'");
        CHECK_FALSE(parse_arrow_format(format).has_value());
    }
}
