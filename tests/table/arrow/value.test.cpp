// SPDX-License-Identifier: MIT
#include <curtail/table/arrow/value.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"
#include "table/arrow_builder.hpp"

using arrow_test::batch;
using arrow_test::bits;
using arrow_test::Buffer;
using arrow_test::cells_of;
using arrow_test::column;
using arrow_test::contains;
using arrow_test::Node;
using arrow_test::read_error;
using arrow_test::table_of;
using arrow_test::text_column;
using arrow_test::values;
using Cells = std::vector<std::string>;

namespace {

std::string view(const std::string& text) {
    std::string out(16, '\0');
    const auto size = static_cast<std::int32_t>(text.size());
    std::memcpy(out.data(), &size, 4);
    std::memcpy(out.data() + 4, text.data(), text.size());
    return out;
}

std::string far_view(std::int32_t size, const std::string& prefix, std::int32_t buffer, std::int32_t offset) {
    std::string out(16, '\0');
    std::memcpy(out.data(), &size, 4);
    std::memcpy(out.data() + 4, prefix.data(), 4);
    std::memcpy(out.data() + 8, &buffer, 4);
    std::memcpy(out.data() + 12, &offset, 4);
    return out;
}

// Ten values, so that their bits cross a byte at every offset.
Node letters(std::string format, Buffer validity) {
    return text_column("t", std::move(format), {"a", "bb", "", "dddd", "e", "f", "gg", "h", "i", "jj"},
                       std::move(validity));
}

}  // namespace

TEST_CASE("visit_arrow: integers of every width are exact, at any alignment", "[table]") {
    for (const std::size_t skew : {0U, 1U, 3U}) {
        CHECK(cells_of(column<std::int8_t>("x", "c", {-128, 127}), skew) == Cells{"int64 -128", "int64 127"});
        CHECK(cells_of(column<std::uint8_t>("x", "C", {255}), skew) == Cells{"uint64 255"});
        CHECK(cells_of(column<std::int16_t>("x", "s", {-32768}), skew) == Cells{"int64 -32768"});
        CHECK(cells_of(column<std::uint16_t>("x", "S", {65535}), skew) == Cells{"uint64 65535"});
        CHECK(cells_of(column<std::int32_t>("x", "i", {INT32_MIN}), skew) == Cells{"int64 -2147483648"});
        CHECK(cells_of(column<std::uint32_t>("x", "I", {UINT32_MAX}), skew) == Cells{"uint64 4294967295"});
        CHECK(cells_of(column<std::int64_t>("x", "l", {INT64_MIN, INT64_MAX}), skew) ==
              Cells{"int64 -9223372036854775808", "int64 9223372036854775807"});
        CHECK(cells_of(column<std::uint64_t>("x", "L", {UINT64_MAX}), skew) == Cells{"uint64 18446744073709551615"});
    }
}

TEST_CASE("visit_arrow: floating-point numbers keep their width", "[table]") {
    CHECK(cells_of(column<std::uint16_t>("x", "e", {0x3C00, 0xC100}), 1) == Cells{"float32 1.0", "float32 -2.5"});
    CHECK(cells_of(column<float>("x", "f", {0.1F}), 1) == Cells{"float32 0.1"});
    CHECK(cells_of(column<double>("x", "g", {0.1, -0.0}), 1) == Cells{"float64 0.1", "float64 -0.0"});
}

TEST_CASE("visit_arrow: a bool is a bit, also across bytes", "[table]") {
    Node node{.format = "b", .name = "x", .length = 10, .buffers = {std::nullopt, bits("1000 0001 10")}};
    CHECK(cells_of(node) == Cells{"bool true", "bool false", "bool false", "bool false", "bool false", "bool false",
                                  "bool false", "bool true", "bool true", "bool false"});
    node.offset = 7;
    node.length = 3;
    node.buffers[0] = bits("0000 0001 01");
    CHECK(cells_of(node) == Cells{"bool true", "null", "bool false"});
}

TEST_CASE("visit_arrow: without a bitmap or with a null count of 0 no value is null", "[table]") {
    Node node = column<std::int32_t>("x", "i", {1, 2, 3}, bits("101"));
    CHECK(cells_of(node) == Cells{"int64 1", "null", "int64 3"});
    node.null_count = 1;
    CHECK(cells_of(node) == Cells{"int64 1", "null", "int64 3"});
    node.null_count = 0;  // the producer says that the bitmap need not be read
    CHECK(cells_of(node) == Cells{"int64 1", "int64 2", "int64 3"});
    node.null_count = -1;
    node.buffers[0] = std::nullopt;
    CHECK(cells_of(node) == Cells{"int64 1", "int64 2", "int64 3"});
}

TEST_CASE("visit_arrow: a missing bitmap is not read at an offset either", "[table]") {
    Node node = column<std::int32_t>("x", "i", {1, 2, 3});
    node.offset = 2;
    node.length = 1;
    CHECK(cells_of(node) == Cells{"int64 3"});
}

TEST_CASE("visit_arrow: a column of nulls needs no values", "[table]") {
    CHECK(cells_of({.format = "n", .name = "x", .length = 2}) == Cells{"null", "null"});
    // Old producers give the null type a bitmap.
    CHECK(cells_of({.format = "n", .name = "x", .length = 1, .buffers = {std::nullopt}}) == Cells{"null"});
    CHECK(cells_of(column<std::int32_t>("x", "i", {0, 0}, bits("00"))) == Cells{"null", "null"});
}

TEST_CASE("visit_arrow: text and bytes may begin anywhere in their buffer", "[table]") {
    const std::vector<std::string> list = {"", "a", "\xC3\xBC\n"};
    for (const std::string format : {"u", "U"}) {
        CHECK(cells_of(text_column("x", format, list, bits("111"), "what came before"), 1) ==
              Cells{"text ", "text a", "text \xC3\xBC\n"});
        CHECK(cells_of(text_column("x", format, list, bits("101"))) == Cells{"text ", "null", "text \xC3\xBC\n"});
    }
    for (const std::string format : {"z", "Z"}) {
        CHECK(cells_of(text_column("x", format, list, {}, "before"), 1) ==
              Cells{"bytes ", "bytes a", "bytes \xC3\xBC\n"});
    }
}

TEST_CASE("visit_arrow: a buffer without bytes may be missing", "[table]") {
    for (const std::string format : {"u", "U", "z", "Z"}) {
        Node node = text_column("x", format, {"", ""}, bits("10"), "abc");
        node.buffers[2] = std::nullopt;
        CHECK(cells_of(node) == Cells{format == "u" || format == "U" ? "text " : "bytes ", "null"});
        node = {.format = format, .name = "x", .length = 0, .buffers = {std::nullopt, std::nullopt, std::nullopt}};
        CHECK(cells_of(node).empty());
    }
}

TEST_CASE("visit_arrow: refuses offsets that go back or beyond the last one, and names column and row", "[table]") {
    for (const std::string format : {"u", "z", "U", "Z"}) {
        const bool large = format == "U" || format == "Z";
        const auto offsets = [&](std::initializer_list<std::int32_t> list) {
            if (!large) return values(list);
            std::string bytes;
            for (const std::int64_t offset : list) bytes.append(reinterpret_cast<const char*>(&offset), 8);
            return Buffer(bytes);
        };
        Node node{.format = format, .name = "x", .length = 3, .buffers = {std::nullopt, offsets({0, 2, 1, 3}), "abc"}};
        CHECK(contains(read_error(node), "row 1, column 'x': the offsets of a value run from 2 to 1"));
        node.buffers[1] = offsets({0, 1, 9, 3});
        CHECK(contains(read_error(node), "row 1"));
        node.buffers[1] = offsets({0, -1, 2, 3});
        CHECK(contains(read_error(node), "row 0"));
        node.buffers[1] = offsets({3, 2, 2, 2});
        CHECK(contains(read_error(node), "run from 3 to 2"));
        node.buffers[1] = offsets({-1, 2, 2, 3});
        CHECK(contains(read_error(node), "run from -1 to 3"));
        node.buffers[1] = offsets({0, 1, 2, 3});
        node.buffers[2] = std::nullopt;
        CHECK(contains(read_error(node), "data buffer is missing"));
    }
}

TEST_CASE("visit_arrow: a missing data buffer is never read, whatever the offsets say", "[table]") {
    for (const std::string format : {"u", "z", "U", "Z"}) {
        const bool large = format == "U" || format == "Z";
        const auto missing = [&](Buffer validity) {
            return Node{
                .format = format,
                .name = "x",
                .length = 2,
                .buffers = {std::move(validity),
                            large ? values<std::int64_t>({5, 0, 5}) : values<std::int32_t>({5, 0, 5}), std::nullopt}};
        };
        CHECK(contains(read_error(missing(bits("01"))), "row 0, column 'x': the offsets of a value run from 5 to 0"));
        CHECK(contains(read_error(missing(std::nullopt)), "run from 5 to 0"));
        // The values of a dictionary and of runs are read one by one.
        Node codes = column<std::int8_t>("x", "c", {1});
        codes.dictionary = {missing(bits("01"))};
        CHECK(contains(read_error(codes), "its data buffer is missing"));
        Node runs{.format = "+r", .name = "x", .length = 2};
        runs.children = {column<std::int32_t>("", "i", {1, 2}), missing(bits("01"))};
        CHECK(contains(read_error(runs), "its data buffer is missing"));
        Node view{.format = "+vl",
                  .name = "x",
                  .length = 1,
                  .buffers = {std::nullopt, values<std::int32_t>({1}), values<std::int32_t>({1})},
                  .children = {missing(bits("01"))}};
        CHECK(contains(read_error(view), "its data buffer is missing"));
    }
}

namespace {

std::string bind_error(const Node& node) {
    try {
        static_cast<void>(table_of(node));
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::bad_cell);
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("visit_arrow: rows that no memory holds are refused, as many as they are claimed to be", "[table]") {
    constexpr std::int64_t many = (std::int64_t{1} << 32U) + 1;
    const Node nulls{.format = "n", .name = "x", .length = many};
    CHECK(contains(bind_error(batch(many, {})), "4294967297 rows of no memory"));
    CHECK(contains(bind_error(batch(many, {nulls})), "rows of no memory"));
    CHECK(contains(bind_error(nulls), "rows of no memory"));
    const Node bytes{.format = "w:0", .name = "x", .length = many, .buffers = {std::nullopt, std::nullopt}};
    CHECK(contains(bind_error(batch(many, {nulls, bytes})), "rows of no memory"));
    Node runs{.format = "+r", .name = "x", .length = many};
    runs.children = {column<std::int64_t>("", "l", {many}), column<std::int8_t>("", "c", {1})};
    CHECK(contains(bind_error(batch(many, {runs})), "rows of no memory"));
    CHECK(table_of(batch(many - 1, {})).rows() == static_cast<std::size_t>(many - 1));
}

TEST_CASE("visit_arrow: reads views of up to 12 bytes in place and longer ones in a data buffer", "[table]") {
    const std::string twelve = "twelve bytes";
    const std::string thirteen = "thirteen byte";
    Node node{
        .format = "vu",
        .name = "x",
        .length = 4,
        .buffers = {std::nullopt, view("") + view(twelve) + far_view(13, "thir", 1, 2) + far_view(14, "four", 0, 0),
                    "fourteen bytes", "__" + thirteen, values<std::int64_t>({14, 15})}};
    for (const std::size_t skew : {0U, 1U}) {
        CHECK(cells_of(node, skew) == Cells{"text ", "text " + twelve, "text " + thirteen, "text fourteen bytes"});
    }
    node.format = "vz";
    node.buffers[0] = bits("0101");
    CHECK(cells_of(node) == Cells{"null", "bytes " + twelve, "null", "bytes fourteen bytes"});
    node.offset = 3;
    node.length = 1;
    CHECK(cells_of(node) == Cells{"bytes fourteen bytes"});
    // Without any data buffer.
    CHECK(cells_of({.format = "vu", .name = "x", .length = 1, .buffers = {std::nullopt, view("ab"), std::nullopt}}) ==
          Cells{"text ab"});
}

TEST_CASE("visit_arrow: refuses a view outside its data buffer", "[table]") {
    const auto with = [](const std::string& bad) {
        return Node{.format = "vu",
                    .name = "x",
                    .length = 1,
                    .buffers = {std::nullopt, bad, "fourteen bytes", std::nullopt, values<std::int64_t>({14, 0})}};
    };
    CHECK(read_error(with(far_view(14, "four", 0, 0))) == "no error");
    CHECK(contains(read_error(with(far_view(14, "four", 0, 1))), "a view of 14 bytes at 1 of buffer 0"));
    CHECK(contains(read_error(with(far_view(13, "four", 1, 0))), "outside the 2 data buffers"));
    CHECK(contains(read_error(with(far_view(13, "four", 2, 0))), "buffer 2"));
    CHECK(contains(read_error(with(far_view(13, "four", -1, 0))), "buffer -1"));
    CHECK(contains(read_error(with(far_view(13, "four", 0, -1))), "at -1"));
    CHECK(contains(read_error(with(far_view(-1, "four", 0, 0))), "a view of -1 bytes"));
    CHECK(contains(read_error(with(far_view(INT32_MAX, "four", 0, INT32_MAX))), "row 0, column 'x'"));
    // The value of a null is not read.
    Node null = with(far_view(-1, "four", 77, -5));
    null.buffers[0] = bits("0");
    CHECK(cells_of(null) == Cells{"null"});
}

TEST_CASE("visit_arrow: fixed-size bytes have the size of their format, also 0", "[table]") {
    CHECK(cells_of({.format = "w:3", .name = "x", .length = 2, .buffers = {bits("11"), "abcdef"}}, 1) ==
          Cells{"bytes abc", "bytes def"});
    CHECK(cells_of({.format = "w:3", .name = "x", .length = 1, .buffers = {bits("11"), "abcdef"}, .offset = 1}) ==
          Cells{"bytes def"});
    CHECK(cells_of({.format = "w:0", .name = "x", .length = 1, .buffers = {std::nullopt, std::nullopt}}) ==
          Cells{"bytes "});
}

TEST_CASE("visit_arrow: decimals of every width are exact text", "[table]") {
    CHECK(cells_of(column<std::int32_t>("x", "d:9,2,32", {-5, 123456789}), 1) ==
          Cells{"decimal -0.05", "decimal 1234567.89"});
    CHECK(cells_of(column<std::int64_t>("x", "d:18,3,64", {-1234}), 1) == Cells{"decimal -1.234"});
    CHECK(cells_of({.format = "d:38,0", .name = "x", .length = 1, .buffers = {bits("1"), std::string(16, '\xFF')}},
                   1) == Cells{"decimal -1"});
    CHECK(cells_of({.format = "d:38,2,128",
                    .name = "x",
                    .length = 2,
                    .buffers = {bits("01"), std::string(16, '\0') + std::string(16, '\xFF')}}) ==
          Cells{"null", "decimal -0.01"});
    CHECK(cells_of(
              {.format = "d:76,-2,256", .name = "x", .length = 1, .buffers = {std::nullopt, std::string(32, '\xFF')}},
              1) == Cells{"decimal -100"});
}

TEST_CASE("visit_arrow: dates count days, or milliseconds of whole days", "[table]") {
    CHECK(cells_of(column<std::int32_t>("x", "tdD", {-1, INT32_MAX}), 1) == Cells{"date -1", "date 2147483647"});
    CHECK(cells_of(column<std::int64_t>("x", "tdm", {-86'400'000, 172'800'000}), 1) == Cells{"date -1", "date 2"});
    CHECK(contains(read_error(column<std::int64_t>("x", "tdm", {0, 1})),
                   "row 1, column 'x': a date of 1 ms is not a whole day"));
    CHECK(contains(read_error(column<std::int64_t>("x", "tdm", {86'400'000LL * (1LL << 31)})),
                   "cast the column to a timestamp"));
}

TEST_CASE("visit_arrow: times of day keep their unit and lie between 00:00 and 24:00", "[table]") {
    CHECK(cells_of(column<std::int32_t>("x", "tts", {86'400}), 1) == Cells{"time 86400s"});
    CHECK(cells_of(column<std::int32_t>("x", "ttm", {1}), 1) == Cells{"time 1ms"});
    CHECK(cells_of(column<std::int64_t>("x", "ttu", {1}), 1) == Cells{"time 1us"});
    CHECK(cells_of(column<std::int64_t>("x", "ttn", {86'400'000'000'000}), 1) == Cells{"time 86400000000000ns"});
    CHECK(contains(read_error(column<std::int32_t>("x", "tts", {86'401})), "outside the day"));
    CHECK(contains(read_error(column<std::int64_t>("x", "ttn", {-1})), "cast the column to a duration"));
}

TEST_CASE("visit_arrow: timestamps and durations keep their unit, timestamps their zone", "[table]") {
    CHECK(cells_of(column<std::int64_t>("x", "tss:", {-1}), 1) == Cells{"timestamp -1s"});
    CHECK(cells_of(column<std::int64_t>("x", "tsm:UTC", {5})) == Cells{"timestamp 5msUTC"});
    CHECK(cells_of(column<std::int64_t>("x", "tsu:Europe/Berlin", {5})) == Cells{"timestamp 5usEurope/Berlin"});
    CHECK(cells_of(column<std::int64_t>("x", "tsn:+05:30", {INT64_MIN + 2})) ==
          Cells{"timestamp -9223372036854775806ns+05:30"});
    CHECK(cells_of(column<std::int64_t>("x", "tDs", {7})) == Cells{"duration 7s"});
    CHECK(cells_of(column<std::int64_t>("x", "tDn", {-7}), 1) == Cells{"duration -7ns"});
}

TEST_CASE("visit_arrow: what producers write for infinity stays infinity, and for a missing value is not a time",
          "[table]") {
    for (const char* format : {"tss:", "tsm:", "tsu:UTC", "tsn:Europe/Oslo"}) {
        const auto cells = cells_of(column<std::int64_t>("x", format, {INT64_MAX, -INT64_MAX}), 1);
        CHECK(cells[0].starts_with("timestamp 9223372036854775807"));
        CHECK(cells[1].starts_with("timestamp -9223372036854775807"));
        CHECK(contains(read_error(column<std::int64_t>("x", format, {INT64_MIN})), "row 0, column 'x': the smallest"));
    }
    const Cells infinite{"date 2147483647", "date -2147483647"};
    CHECK(cells_of(column<std::int32_t>("x", "tdD", {INT32_MAX, -INT32_MAX}), 1) == infinite);
    CHECK(cells_of(column<std::int64_t>("x", "tdm", {INT64_MAX, -INT64_MAX}), 1) == infinite);
    CHECK(contains(read_error(column<std::int32_t>("x", "tdD", {0, INT32_MIN})), "row 1, column 'x': the smallest"));
    // Neither a day nor infinity: no other count of milliseconds may be taken for it.
    for (const std::int64_t days : {std::int64_t{INT32_MAX}, -std::int64_t{INT32_MAX}, std::int64_t{INT32_MIN}}) {
        CHECK(contains(read_error(column<std::int64_t>("x", "tdm", {days * 86'400'000})), "too far away"));
    }
    CHECK(contains(read_error(column<std::int64_t>("x", "tdm", {INT64_MIN})), "too far away"));
    CHECK(contains(read_error(column<std::int64_t>("x", "tDn", {INT64_MIN})), "is not a duration"));
}

TEST_CASE("visit_arrow: calendar intervals are text", "[table]") {
    CHECK(cells_of(column<std::int32_t>("x", "tiM", {13, -1}), 1) == Cells{"text 13 months", "text -1 months"});
    CHECK(
        cells_of(
            {.format = "tiD", .name = "x", .length = 2, .buffers = {std::nullopt, values<std::int32_t>({1, 2, 3, -4})}},
            1) == Cells{"text 1 days 00:00:00.002", "text 3 days -00:00:00.004"});
    std::string months;
    for (const std::int32_t value : {0, 0, 0, 0, 14, 3, 1'000'000'000, 0}) {
        months.append(reinterpret_cast<const char*>(&value), 4);
    }
    CHECK(cells_of({.format = "tin", .name = "x", .length = 1, .buffers = {std::nullopt, months}, .offset = 1}, 1) ==
          Cells{"text 14 months 3 days 00:00:01"});
}

TEST_CASE("resolve_arrow: follows indices of any integer type, with null indices and null values", "[table]") {
    const Node words = text_column("", "u", {"zero", "one", "two", "three"}, bits("1101"));
    const auto check = [&]<class T>(const char* format, T) {
        Node node = column<T>("x", format, {T{3}, T{1}, T{0}, T{2}}, bits("1011"));
        node.dictionary = {words};
        INFO(format);
        for (const std::size_t skew : {0U, 1U}) {
            CHECK(cells_of(node, skew) == Cells{"text three", "null", "text zero", "null"});
        }
        CHECK(table_of(batch(0, {node})).schema()[0].type.kind == curtail::CellKind::text);
    };
    check("c", std::int8_t{});
    check("C", std::uint8_t{});
    check("s", std::int16_t{});
    check("S", std::uint16_t{});
    check("i", std::int32_t{});
    check("I", std::uint32_t{});
    check("l", std::int64_t{});
    check("L", std::uint64_t{});
}

TEST_CASE("resolve_arrow: adds the offset of a dictionary", "[table]") {
    Node node = column<std::int8_t>("x", "c", {9, 0, 1}, bits("111"));
    node.offset = 1;
    node.length = 2;
    node.dictionary = {text_column("", "U", {"-", "a", "b"}, bits("111"))};
    node.dictionary[0].offset = 1;
    node.dictionary[0].length = 2;
    CHECK(cells_of(node) == Cells{"text a", "text b"});
}

TEST_CASE("resolve_arrow: refuses an index outside the dictionary unless it is null", "[table]") {
    Node node = column<std::int32_t>("x", "i", {0, 7, -1}, bits("100"));
    node.dictionary = {column<double>("", "g", {0.5})};
    CHECK(cells_of(node) == Cells{"float64 0.5", "null", "null"});
    node.buffers[0] = bits("110");
    CHECK(contains(read_error(node), "row 1, column 'x': the index 7 lies outside a dictionary of 1 values"));
    node.buffers[0] = bits("101");
    CHECK(contains(read_error(node), "row 2, column 'x': the index -1"));
    node = column<std::uint64_t>("x", "L", {UINT64_MAX});
    node.dictionary = {column<double>("", "g", {0.5})};
    CHECK(contains(read_error(node), "outside a dictionary"));
    node = column<std::uint32_t>("x", "I", {0});
    node.dictionary = {column<double>("", "g", {})};
    CHECK(contains(read_error(node), "a dictionary of 0 values"));
}

TEST_CASE("resolve_arrow: follows run-end encoding at any offset", "[table]") {
    Node node{.format = "+r",
              .name = "x",
              .length = 7,
              .children = {column<std::int16_t>("run_ends", "s", {2, 3, 7}),
                           column<double>("values", "g", {0.5, 0, 2.5}, bits("101"))}};
    const Cells all = {"float64 0.5", "float64 0.5", "null",       "float64 2.5",
                       "float64 2.5", "float64 2.5", "float64 2.5"};
    CHECK(cells_of(node, 1) == all);
    CHECK(table_of(batch(0, {node})).schema()[0].type.kind == curtail::CellKind::float64);
    for (std::int64_t offset = 0; offset < 7; ++offset) {
        node.offset = offset;
        node.length = 7 - offset;
        CHECK(cells_of(node) == Cells(all.begin() + offset, all.end()));
    }
    node.children[0] = column<std::int64_t>("run_ends", "l", {2, 3, 7});
    CHECK(cells_of(node) == Cells(all.begin() + 6, all.end()));
    node.children[0] = column<std::int32_t>("run_ends", "i", {2, 3, 7});
    CHECK(cells_of(node) == Cells(all.begin() + 6, all.end()));
}

TEST_CASE("resolve_arrow: refuses runs that do not reach the last row", "[table]") {
    Node node{.format = "+r",
              .name = "x",
              .length = 7,
              .children = {column<std::int16_t>("run_ends", "s", {2, 6}), column<double>("values", "g", {0.5, 1.5})}};
    CHECK(contains(read_error(node), "2 runs that end at 6 and 2 values do not make 7 rows"));
    node.children[0] = column<std::int16_t>("run_ends", "s", {2, 6, 7});
    CHECK(contains(read_error(node), "3 runs that end at 7 and 2 values"));
    node.children[0] = column<std::int16_t>("run_ends", "s", {});
    CHECK(contains(read_error(node), "0 runs"));
    node.children[0] = column<std::int16_t>("run_ends", "s", {3, 7}, bits("11"));
    CHECK(contains(read_error(node), "column 'x'"));
    // Unsorted ends give wrong values, but nothing outside is read.
    node.children[0] = column<std::int16_t>("run_ends", "s", {9, -3, 1, 7});
    node.children[1] = column<double>("values", "g", {0, 1, 2, 3});
    CHECK(cells_of(node).size() == 7);
}

TEST_CASE("resolve_arrow: a union's cell is that of the child that the row names", "[table]") {
    Node dense{.format = "+ud:4,9",
               .name = "x",
               .length = 4,
               .buffers = {values<std::int8_t>({9, 4, 9, 4}), values<std::int32_t>({1, 0, 0, 1})},
               .children = {column<std::int32_t>("n", "i", {5, 0}, bits("10")), text_column("t", "u", {"a", "b"})}};
    CHECK(cells_of(dense, 1) == Cells{"text b", "int64 5", "text a", "null"});
    Node sparse{
        .format = "+us:4,9",
        .name = "x",
        .length = 3,
        .buffers = {values<std::int8_t>({4, 9, 4, 9})},
        .offset = 1,
        .children = {column<std::int32_t>("n", "i", {1, 2, 3, 4}), text_column("t", "u", {"a", "b", "c", "d"})}};
    CHECK(cells_of(sparse) == Cells{"text b", "int64 3", "text d"});
    CHECK(table_of(batch(0, {sparse})).schema()[0].type.kind == curtail::CellKind::any);
}

TEST_CASE("resolve_arrow: refuses a type id that no child has and an offset outside the child", "[table]") {
    Node node{.format = "+ud:0",
              .name = "x",
              .length = 1,
              .buffers = {values<std::int8_t>({1}), values<std::int32_t>({0})},
              .children = {column<std::int32_t>("n", "i", {5})}};
    CHECK(contains(read_error(node), "the type id 1 is not one of the union's"));
    node.buffers[0] = values<std::int8_t>({-1});
    CHECK(contains(read_error(node), "the type id -1"));
    node.buffers = {values<std::int8_t>({0}), values<std::int32_t>({1})};
    CHECK(contains(read_error(node), "the offset 1 lies outside"));
    node.buffers = {values<std::int8_t>({0}), values<std::int32_t>({-1})};
    CHECK(contains(read_error(node), "the offset -1 lies outside"));
    Node sparse{.format = "+us:0",
                .name = "x",
                .length = 2,
                .buffers = {values<std::int8_t>({0, 0})},
                .children = {column<std::int32_t>("n", "i", {5})}};
    CHECK(contains(read_error(sparse), "1 rows, but 2 are needed"));
}

TEST_CASE("visit_arrow: a slice gives the same rows as the whole, at offsets around those of bytes and words",
          "[table]") {
    const auto slice_is_part = [](Node node) {
        const Cells all = cells_of(node);
        REQUIRE(all.size() == static_cast<std::size_t>(node.length));
        for (const std::int64_t offset : {1, 7, 8, 9}) {
            node.offset = offset;
            node.length = static_cast<std::int64_t>(all.size()) - offset;
            INFO(node.format << " from " << offset);
            CHECK(cells_of(node) == Cells(all.begin() + offset, all.end()));
        }
    };
    for (const char* validity : {"1111 1111 11", "1011 0110 01", ""}) {
        const Buffer bitmap = *validity == '\0' ? Buffer() : bits(validity);
        for (const std::string format : {"u", "U", "z", "Z"}) slice_is_part(letters(format, bitmap));
        slice_is_part(column<std::int16_t>("x", "s", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, bitmap));
        slice_is_part(column<double>("x", "g", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, bitmap));
        slice_is_part({.format = "b", .name = "x", .length = 10, .buffers = {bitmap, bits("0110 1001 10")}});
        slice_is_part({.format = "w:2", .name = "x", .length = 10, .buffers = {bitmap, "aabbccddeeffgghhiijj"}});
        Node coded = column<std::int8_t>("x", "c", {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, bitmap);
        coded.dictionary = {letters("u", bits("1111 0111 11"))};
        slice_is_part(coded);
    }
    // 63 and 64, on a bitmap of nine bytes.
    std::string bitmap;
    std::string words;
    for (int i = 0; i < 70; ++i) {
        bitmap += i % 3 == 0 ? '0' : '1';
        words += i % 5 == 0 ? '0' : '1';
    }
    Node node{.format = "b", .name = "x", .length = 70, .buffers = {bits(bitmap), bits(words)}};
    const Cells all = cells_of(node);
    for (const std::int64_t offset : {63, 64, 65}) {
        node.offset = offset;
        node.length = 70 - offset;
        CHECK(cells_of(node) == Cells(all.begin() + offset, all.end()));
    }
}

TEST_CASE("visit_arrow: random indices, offsets and views are read or refused, and nothing outside is read",
          "[table]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const auto number = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
    const auto words = [&](std::size_t count, int low, int high) {
        std::string bytes;
        for (std::size_t i = 0; i < count; ++i) {
            const std::int32_t word = number(0, 19) == 0 ? static_cast<std::int32_t>(random()) : number(low, high);
            bytes.append(reinterpret_cast<const char*>(&word), 4);
        }
        return bytes;
    };
    const auto validity = [&] {
        return number(0, 1) == 0 ? Buffer() : Buffer(std::string(1, static_cast<char>(number(0, 255))));
    };
    const auto set = [](std::string& bytes, std::size_t index, std::int32_t word) {
        std::memcpy(bytes.data() + 4 * index, &word, 4);
    };
    const Node letters_of_five = text_column("item", "u", {"a", "bc", "", "d", "e"});

    int read = 0;
    int refused = 0;
    const auto look_at = [&](const Node& node) {
        try {
            cells_of(node, static_cast<std::size_t>(number(0, 1)));
            ++read;
        } catch (const curtail::TableError&) {
            ++refused;
        }
    };
    for (int round = 0; round < 300; ++round) {
        Node coded{.format = "i", .name = "x", .length = 3, .buffers = {validity(), words(3, -1, 5)}};
        coded.dictionary = {letters_of_five};
        look_at(coded);

        std::string offsets = words(4, -1, 6);
        set(offsets, 3, 5);  // the last offset is the size of the data, which only the producer knows
        look_at({.format = "z", .name = "x", .length = 3, .buffers = {validity(), offsets, "abcde"}});
        look_at({.format = "+l",
                 .name = "x",
                 .length = 3,
                 .buffers = {validity(), offsets},
                 .children = {letters_of_five}});
        look_at({.format = "+l",
                 .name = "x",
                 .length = 3,
                 .buffers = {validity(), words(4, 0, 6)},
                 .children = {letters_of_five}});
        look_at({.format = "+vl",
                 .name = "x",
                 .length = 3,
                 .buffers = {validity(), words(3, -1, 5), words(3, -1, 5)},
                 .children = {letters_of_five}});

        std::string views = words(8, 0, 2);
        set(views, 0, number(-1, 20));
        set(views, 4, number(-1, 20));
        look_at({.format = "vu",
                 .name = "x",
                 .length = 2,
                 .buffers = {validity(), views, "sixteen bytes ok", "one", values<std::int64_t>({16, 3})}});

        std::string ids(3, '\0');
        for (char& id : ids) id = static_cast<char>(number(-1, 2));
        look_at({.format = "+ud:0,1",
                 .name = "x",
                 .length = 3,
                 .buffers = {ids, words(3, -1, 5)},
                 .children = {letters_of_five, coded}});
        look_at(
            {.format = "+us:0,1", .name = "x", .length = 3, .buffers = {ids}, .children = {letters_of_five, coded}});

        std::string ends = words(5, -1, 8);
        set(ends, 4, number(6, 9));
        Node runs{.format = "+r", .name = "x", .length = 7, .children = {coded, letters_of_five}};
        runs.children[0] = {.format = "i", .length = 5, .buffers = {std::nullopt, ends}};
        look_at(runs);
    }
    CHECK(read > 300);
    CHECK(refused > 300);
}
