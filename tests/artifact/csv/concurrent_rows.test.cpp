// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/concurrent_rows.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::column;
using curtail::detail::BlockWriter;
using curtail::detail::CsvRowWriter;
using curtail::detail::RowSource;
using curtail::detail::TextBlock;

constexpr auto nothing = [] {};

std::string alone(const auto& table, const curtail::CsvDialect& dialect, std::size_t first) {
    return text_of([&](curtail::detail::TextBuffer& text) {
        CsvRowWriter rows(dialect);
        rows.write_header(text, table.schema());
        rows.begin_batch(table.rows());
        rows.write_rows(text, RowSource(table), first, table.rows(), 0);
    });
}

struct Outcome {
    std::string bytes;
    std::uint64_t formatted = 0;
    std::uint64_t guarded = 0;
};

template <class Meanwhile = decltype(nothing)>
Outcome together(const auto& table, const curtail::CsvDialect& dialect, std::size_t threads, std::size_t block,
                 std::size_t first, MemoryOutput output = {}, Meanwhile meanwhile = {}) {
    MemoryBytes to(output);
    BlockWriter writer(to, threads, block);
    CsvRowWriter rows(dialect);
    MemoryBlocks blocks(output);
    curtail::detail::TextBuffer head(blocks);
    rows.write_header(head, table.schema());
    head.drain();
    rows.begin_batch(table.rows());
    const RowSource batch(table);
    curtail::detail::ConcurrentRows work(writer, threads, batch, first, 0, 10, nullptr, 0);
    const std::uint64_t formatted = work.run(rows, meanwhile);
    writer.finish(TextBlock());
    return {output.kept->bytes, formatted, rows.guarded()};
}

// A table that cannot be read at some rows.
struct Broken {
    static constexpr bool concurrent_reads = true;

    curtail::Schema columns = {{"a"}};
    std::vector<std::size_t> holes;

    [[nodiscard]] const curtail::Schema& schema() const noexcept { return columns; }
    [[nodiscard]] std::size_t rows() const noexcept { return 5000; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        if (std::find(holes.begin(), holes.end(), row) != holes.end()) throw std::out_of_range(std::to_string(row));
        visit(row);
    }
};

}  // namespace

TEST_CASE("ConcurrentRows: any number of threads and any block size give the bytes of one thread") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 30; ++round) {
        const std::size_t count = random() % 2000;
        std::vector<std::int64_t> numbers(count);
        std::vector<std::string> texts(count);
        std::vector<double> doubles(count);
        for (std::size_t row = 0; row < count; ++row) {
            numbers[row] = static_cast<std::int64_t>(random());
            doubles[row] = static_cast<double>(random() >> 11U) * 0x1p-53;
            // Some rows are far longer than a block.
            texts[row].assign(random() % 200 == 0 ? random() % 5000 : random() % 20, '\0');
            for (char& c : texts[row]) c = "ab,\"\n=-"[random() % 7];
        }
        const auto table = curtail::columns(column("n", numbers), column("t", texts), column("d", doubles));
        curtail::CsvDialect dialect;
        if (round % 2 != 0) dialect.formula_guard = curtail::FormulaGuard::apostrophe;
        const std::size_t first = count == 0 ? 0 : random() % count;
        const std::string expected = alone(table, dialect, first);
        const std::uint64_t guarded = together(table, dialect, 1, 4096, first).guarded;
        for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
            const std::size_t block = 64U << random() % 10;
            INFO(threads << " threads, blocks of " << block << ", rows " << first << " to " << count);
            const Outcome outcome = together(table, dialect, threads, block, first);
            const bool same = outcome.bytes == expected;
            CHECK(same);
            CHECK(outcome.formatted == expected.size() - std::string("n,t,d\n").size());
            CHECK(outcome.guarded == guarded);
        }
    }
}

TEST_CASE("ConcurrentRows: throws the error of the first row at fault, for any number of threads") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 20; ++round) {
        Broken table;
        for (int i = 0; i < 5; ++i) table.holes.push_back(random() % table.rows());
        const std::size_t first_hole = *std::min_element(table.holes.begin(), table.holes.end());
        for (const std::size_t threads : {1U, 2U, 8U}) {
            try {
                static_cast<void>(together(table, {}, threads, 64U << random() % 8, 0));
                FAIL("rows were lost without a word");
            } catch (const std::out_of_range& error) {
                CHECK(error.what() == std::to_string(first_hole));
            }
        }
    }
}

TEST_CASE(
    "ConcurrentRows: calls meanwhile() once on the caller's thread, and throws its error after all threads ended") {
    const Broken table;
    for (const std::size_t threads : {1U, 2U, 8U}) {
        int calls = 0;
        const auto caller = std::this_thread::get_id();
        const auto count = [&] { calls += std::this_thread::get_id() == caller ? 1 : 100; };
        const std::string expected = alone(table, {}, 0);
        const bool same = together(table, {}, threads, 256, 0, {}, count).bytes == expected;
        CHECK(same);
        CHECK(calls == 1);
        const auto fail = [] { throw std::logic_error("meanwhile"); };
        CHECK_THROWS_AS(together(table, {}, threads, 256, 0, {}, fail), std::logic_error);
        Broken broken;
        broken.holes = {4000};
        CHECK_THROWS_AS(together(broken, {}, threads, 256, 0, {}, fail), std::out_of_range);
    }
}

TEST_CASE("ConcurrentRows: an output that fails ends all threads with its error") {
    const Broken table;
    for (const std::size_t threads : {1U, 2U, 8U}) {
        for (const std::size_t at : {0U, 1U, 2U, 40U}) {
            MemoryOutput output;
            output.kept->fail_at_write = at;
            CHECK_THROWS_AS(together(table, {}, threads, 256, 0, output), std::runtime_error);
        }
    }
}
