// SPDX-License-Identifier: MIT
#include <curtail/artifact/index/row_index.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

using curtail::detail::row_index_step;
using curtail::detail::RowIndex;
using curtail::detail::RowIndexWriter;
using curtail::detail::RowStart;

namespace {

// What the index of rows that end there must hold.
std::vector<RowStart> expected_starts(std::uint64_t first, const std::vector<std::uint64_t>& ends) {
    std::vector<RowStart> starts;
    if (ends.empty()) return starts;
    starts.push_back({0, first});
    for (std::size_t row = 1; row < ends.size(); ++row) {
        const std::uint64_t begin = ends[row - 1];
        if (begin / row_index_step != starts.back().offset / row_index_step) starts.push_back({row, begin});
    }
    return starts;
}

// What the index holds, found from the last row to the first; nothing if it cannot be one.
std::optional<std::vector<RowStart>> starts_of(const RowIndex& index, std::uint64_t rows) {
    std::vector<RowStart> starts;
    while (rows != 0) {
        const auto start = index.before(rows - 1);
        if (!start) return std::nullopt;
        starts.push_back(*start);
        rows = start->row;
    }
    std::reverse(starts.begin(), starts.end());
    return starts;
}

}  // namespace

TEST_CASE("RowIndexWriter: has the first row of each step, however its rows come", "[artifact]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < by_tier(40, 400); ++round) {
        const std::uint64_t longest = std::uint64_t{2} << random() % 20;
        const std::uint64_t first = random() % 3 == 0 ? 0 : random() % 200'000;
        std::vector<std::uint64_t> ends(random() % 3000);
        std::uint64_t at = first;
        for (std::uint64_t& end : ends) end = at += 1 + random() % longest;
        const std::uint64_t rows = ends.size();

        RowIndexWriter one_by_one(first);
        for (std::size_t row = 0; row < ends.size(); ++row) {
            if (ends[row] >= one_by_one.wanted()) one_by_one.add({row + 1, ends[row]});
        }
        RowIndexWriter in_runs(first);
        for (std::size_t row = 0; row < ends.size();) {
            const std::size_t size = (std::min)(ends.size() - row, std::size_t{1} + random() % 500);
            const std::uint64_t base = row == 0 ? first : ends[row - 1];
            std::vector<std::uint64_t> run;
            for (std::size_t i = 0; i < size; ++i) run.push_back(ends[row + i] - base);
            in_runs.add_run(row, base, run);
            row += size;
        }
        CHECK(one_by_one.text(rows) == in_runs.text(rows));
        const RowIndex index(std::string(in_runs.text(rows)), rows, at);
        CHECK(starts_of(index, rows) == expected_starts(first, ends));
        if (longest < std::uint64_t{1} << 17U) CHECK(in_runs.text(rows).size() <= 6 * (at / row_index_step + 1));
        for (int i = 0; rows != 0 && i < 20; ++i) {
            const std::uint64_t row = random() % rows;
            const RowStart start = index.before(row).value();
            CHECK(start.row <= row);
            const std::uint64_t begin = row == 0 ? first : ends[static_cast<std::size_t>(row) - 1];
            CHECK(start.offset / row_index_step == begin / row_index_step);
        }
    }
}

TEST_CASE("RowIndex: refuses a text that is not of such a file", "[artifact]") {
    RowIndexWriter writer(10);
    writer.add({1000, 65'300});
    writer.add({2000, 130'570});
    const std::string text(writer.text(3000));
    const auto sound = [](std::string_view index, std::uint64_t rows, std::uint64_t bytes) {
        return RowIndex(std::string(index), rows, bytes).before(rows - 1).has_value();
    };
    CHECK(sound(text, 3000, 200'000));
    CHECK_FALSE(sound(text, 2000, 200'000));  // a row that is not there
    CHECK_FALSE(sound(text, 3000, 130'570));  // behind the end
    CHECK_FALSE(sound("", 3000, 200'000));    // no row 0
    CHECK_FALSE(sound(text.substr(1), 3000, 200'000));
    CHECK_FALSE(sound(text + "A", 3000, 200'000));   // half an entry
    CHECK_FALSE(sound(text + "AA", 3000, 200'000));  // the same row again
    CHECK_FALSE(sound("B" + text.substr(1), 3000, 200'000));
    CHECK_FALSE(RowIndex("", 5, 10).before(0));
    CHECK_FALSE(RowIndex(text + "A", 3000, 200'000).before(2999));
    CHECK(RowIndex(text + "A", 3000, 200'000).before(1500) == RowStart{1000, 65'300});
}

TEST_CASE("RowIndexWriter: leaves out a row that never begins", "[artifact]") {
    RowIndexWriter writer(0);
    writer.add({7, 70'000});
    CHECK(RowIndex(std::string(writer.text(7)), 7, 70'000).before(6) == RowStart{0, 0});
    CHECK(RowIndex(std::string(writer.text(8)), 8, 70'002).before(7) == RowStart{7, 70'000});
    CHECK(RowIndexWriter(5).text(0).empty());
}
