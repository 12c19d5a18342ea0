// SPDX-License-Identifier: MIT
#include <curtail/receive/message/rows_collector.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::ReceiverOptions;
using curtail::SampleCell;
using curtail::SampleRow;
using curtail::detail::RowsCollector;

namespace {

RowsCollector rows_of(std::string_view text, const ReceiverOptions& options = {}) {
    return collect<RowsCollector>(text, options);
}

// Returns the names, then the kept rows, with '-' for a missing cell.
std::string shown(const RowsCollector& found) {
    std::string out;
    for (const auto& name : found.names()) out += name.text + ";";
    for (const SampleRow& row : found.rows()) {
        out += '|';
        for (const SampleCell& cell : row) out += (cell.kind == SampleCell::Kind::missing ? "-" : cell.text) + ";";
    }
    return out;
}

}  // namespace

TEST_CASE("RowsCollector: keeps records under the union of their keys, arrays by position", "[receive]") {
    CHECK(shown(rows_of(R"([{"a":1,"b":2},{"b":3,"c":4},{}])")) == "a;b;c;|1;2;|-;3;4;|");
    CHECK(shown(rows_of("[[1,2],[],[3]]")) == "|1;2;||3;");
    CHECK(shown(rows_of(R"([{"a":1,"a":2}])")) == "a;|2;");
    CHECK(shown(rows_of("[]")).empty());
}

TEST_CASE("RowsCollector: keeps sample_rows and max_columns, and counts the others", "[receive]") {
    const ReceiverOptions options{.sample_rows = 2, .max_columns = 2};
    const RowsCollector records = rows_of(R"([{"a":1,"b":2,"c":3,"d":4},{"c":5,"e":6,"f":7},{"g":8},{}])", options);
    CHECK(shown(records) == "a;b;|1;2;|");
    CHECK(records.rows_seen() == 4);
    CHECK(records.columns_seen() == 5);
    const RowsCollector arrays = rows_of("[[1,2,3,4],[5],[6,7,8,9,10,11]]", options);
    CHECK(shown(arrays) == "|1;2;|5;");
    CHECK(arrays.rows_seen() == 3);
    CHECK(arrays.columns_seen() == 4);
    const RowsCollector none = rows_of("[[1],[2]]", {.sample_rows = 0});
    CHECK(none.rows().empty());
    CHECK(none.rows_seen() == 2);
}

TEST_CASE("RowsCollector: counts alike, wherever the text is divided", "[receive]") {
    const std::string_view text = "[[1,2,3,4,5],[6],[7],[8]]";
    for (std::size_t at = 0; at <= text.size(); ++at) {
        const curtail::ReceiverOptions options{.sample_rows = 2, .max_columns = 2};
        OwningReader<curtail::detail::CellReader<RowsCollector>> reader(options, options);
        reader.feed(text.substr(0, at));
        reader.feed(text.substr(at));
        CHECK(reader.handler().collector().columns_seen() == 5);
        CHECK(reader.handler().collector().rows_seen() == 4);
    }
}

TEST_CASE("RowsCollector: keeps no further row once max_kept_bytes are spent", "[receive]") {
    const RowsCollector found = rows_of(R"([["0123456789"],["0123456789"],["0123456789"]])", {.max_kept_bytes = 100});
    CHECK(found.rows().size() == 2);
    CHECK(found.rows_seen() == 3);
    CHECK(found.rows()[1][0].cut_from_bytes == 10);
}

TEST_CASE("RowsCollector: is present once it has begun, and whole once it has ended", "[receive]") {
    CHECK_FALSE(rows_of("").present());
    CHECK(rows_of("[").present());
    CHECK_FALSE(rows_of("[[1]").whole());
    CHECK(rows_of("[[1]]").whole());
    for (const char* text : {"7", "null", "{}", "\"[]\""}) CHECK_FALSE(rows_of(text).present());
}

TEST_CASE("RowsCollector: knows whether rows are objects, arrays, neither or some of each", "[receive]") {
    const auto kinds = [](const char* text, const ReceiverOptions& options = {}) {
        const RowsCollector found = rows_of(text, options);
        CHECK(found.uniform() == (!found.has_bare_cells() && !(found.has_objects() && found.has_arrays())));
        return std::string(found.has_objects() ? "o" : "") + (found.has_arrays() ? "a" : "") +
               (found.has_bare_cells() ? "b" : "");
    };
    CHECK(kinds("[]").empty());
    CHECK(kinds(R"([{},{"a":1}])") == "o");
    CHECK(kinds("[[],[1]]") == "a");
    CHECK(kinds(R"([[1],{"a":1}])") == "oa");
    CHECK(kinds("[[1],2]") == "ab");
    CHECK(kinds(R"([{},null])") == "ob");
    for (const char* bare : {"[2]", "[null]", "[\"x\"]", "[true]"}) CHECK(kinds(bare, {.sample_rows = 0}) == "b");
    CHECK(rows_of("[1,2,3]").rows_seen() == 3);
    CHECK(rows_of("[[1],2,{}]").rows_seen() == 3);
}

TEST_CASE("RowsCollector: measures the kept rows that were read to their end", "[receive]") {
    const RowsCollector found = rows_of("[[1,2,3],[4],[],[5,6,7,8,9],[1", {.max_columns = 4});
    CHECK(found.measured());
    CHECK(found.narrowest() == 0);
    CHECK(found.widest() == 5);
    CHECK_FALSE(rows_of("[[1,2").measured());
    CHECK(rows_of("[[1,2").widest() == 2);
    CHECK_FALSE(rows_of("[{}]").measured());
}

TEST_CASE("RowsCollector: charges rows without cells and missing cells", "[receive]") {
    std::string rows = "[{}";
    for (int i = 0; i < 999; ++i) rows += ",{}";
    CHECK(rows_of(rows + "]", {.sample_rows = 1000, .max_kept_bytes = 240}).rows().size() == 240 / sizeof(SampleRow));
    CHECK(rows_of(R"([{"a":1,"b":2})" + rows.substr(3) + "]", {.sample_rows = 1000, .max_kept_bytes = 1000})
              .rows()
              .size() < 1000 / (2 * sizeof(SampleCell)) + 2);
}
