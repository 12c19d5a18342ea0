// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/formatter.hpp>

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

using curtail::column;
using curtail::detail::make_csv_formatter;
using curtail::detail::RowSource;

const auto nothing = [] {};

}  // namespace

TEST_CASE("CsvFormatter: writes the same bytes with any number of threads and counts them", "[artifact]") {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < 200'000; ++i) numbers.push_back(static_cast<double>(i) / 7);
    const auto table = curtail::columns(column("a", numbers), column("b", numbers));
    std::string expected;
    for (const std::size_t threads : {1U, 2U, 5U}) {
        const MemoryOutput memory;
        MemoryBytes output(memory);
        const auto formatter = make_csv_formatter(output, {}, threads, false);
        formatter->start(table.schema());
        formatter->append(RowSource(table), nothing);
        formatter->append(RowSource(table), nothing);
        formatter->finish();
        if (expected.empty()) expected = memory.kept->bytes;
        const bool same = memory.kept->bytes == expected;
        CHECK(same);
        CHECK(formatter->rows_written() == 400'000);
        CHECK(formatter->bytes_written() == expected.size());
    }
}

TEST_CASE("CsvFormatter: calls come in their order or throw", "[artifact]") {
    const std::vector<int> numbers = {1};
    const auto table = curtail::columns(column("a", numbers));
    MemoryBytes output{MemoryOutput()};
    const auto formatter = make_csv_formatter(output, {}, 1, false);
    CHECK_THROWS_AS(formatter->append(RowSource(table), nothing), curtail::UsageError);
    CHECK_THROWS_AS(formatter->finish(), curtail::UsageError);
    formatter->start(table.schema());
    CHECK_THROWS_AS(formatter->start(table.schema()), curtail::UsageError);
    formatter->finish();
    CHECK_THROWS_AS(formatter->finish(), curtail::UsageError);
    CHECK_THROWS_AS(formatter->append(RowSource(table), nothing), curtail::UsageError);
    CHECK(output.output.kept->bytes == "a\n");
}

TEST_CASE("CsvFormatter: the metadata takes unit and zone of times from the values", "[artifact]") {
    using curtail::Timestamp;
    using curtail::TimeUnit;
    const auto formats_of = [](const auto& table) {
        MemoryBytes output{MemoryOutput()};
        const auto formatter = make_csv_formatter(output, {}, 1, true);
        formatter->start(table.schema());
        formatter->append(RowSource(table), nothing);
        formatter->append(RowSource(table), nothing);
        formatter->finish();
        return formatter->metadata({}, "a.csv", {});
    };
    const std::vector<Timestamp> zoned = {{0, TimeUnit::second, "Europe/Berlin"},
                                          {1, TimeUnit::second, "Europe/Berlin"}};
    const std::vector<std::optional<Timestamp>> local = {Timestamp{0, TimeUnit::millisecond}, std::nullopt};
    const std::vector<Timestamp> mixed = {{0, TimeUnit::second}, {0, TimeUnit::nanosecond}};
    const auto table = curtail::columns(column("z", zoned), column("l", local), column("m", mixed));
    const std::string text = formats_of(table);
    CHECK(
        text.find(
            R"({"name": "z", "titles": "z", "datatype": {"base": "dateTime", "format": "yyyy-MM-dd HH:mm:ssxxx"}, "schema:additionalType": "datetime64[s, Europe/Berlin]"})") !=
        std::string::npos);
    CHECK(
        text.find(
            R"({"name": "l", "titles": "l", "datatype": {"base": "dateTime", "format": "yyyy-MM-dd HH:mm:ss.SSS"}, "schema:additionalType": "datetime64[ms]"})") !=
        std::string::npos);
    CHECK(text.find(R"({"name": "m", "titles": "m"})") != std::string::npos);
}

TEST_CASE("CsvFormatter: a batch that failed ends the file, and discard() during a batch too", "[artifact]") {
    const std::vector<int> numbers = {1};
    const auto table = curtail::columns(column("a", numbers));
    MemoryBytes output{MemoryOutput()};
    const auto failed = make_csv_formatter(output, {}, 1, false);
    failed->start(table.schema());
    const auto fail = [] { throw std::runtime_error("no"); };
    CHECK_THROWS_AS(failed->append(RowSource(table), fail), std::runtime_error);
    CHECK_THROWS_AS(failed->finish(), curtail::UsageError);

    const auto discarded = make_csv_formatter(output, {}, 1, false);
    discarded->start(table.schema());
    const auto discard = [&] { discarded->discard(); };
    CHECK_THROWS_AS(discarded->append(RowSource(table), discard), curtail::UsageError);
    CHECK_THROWS_AS(discarded->finish(), curtail::UsageError);
}
