// SPDX-License-Identifier: MIT
#include <curtail/table/with_prediction.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/table/generate.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/rows.hpp>

#include "catch.hpp"
#include "seed.hpp"
#include "table/described.hpp"

namespace {

using curtail::column;
using curtail::columns;
using curtail::ErrorCode;
using curtail::OnClash;
using curtail::Schema;
using curtail::TableError;
using curtail::with_prediction;

const std::vector<int> ids = {1, 2};
const std::vector<double> scores = {0.25, 0.75};

// The integers from `first` on under one name, in batches of the given sizes.
class Chunked {
  public:
    Chunked(std::string name, std::vector<std::size_t> sizes, std::int64_t first = 0)
        : batch_{{{std::move(name), {curtail::CellKind::int64}}}, first, 0}, sizes_(std::move(sizes)) {}

    struct Batch {
        Schema columns;
        std::int64_t first;
        std::size_t count;

        const Schema& schema() const { return columns; }
        std::size_t rows() const { return count; }
        template <class Visitor>
        void visit_row(std::size_t row, Visitor&& visit) const {
            visit(first + static_cast<std::int64_t>(row));
        }
        template <class Visitor>
        void visit_column(std::size_t, std::size_t begin, std::size_t size, Visitor&& visit) const {
            std::vector<std::int64_t> values(size);
            std::iota(values.begin(), values.end(), first + static_cast<std::int64_t>(begin));
            visit(values);
        }
    };

    const Schema& schema() const { return batch_.columns; }
    const Batch* next() {
        if (at_ == sizes_.size()) return nullptr;
        batch_.first += static_cast<std::int64_t>(batch_.count);
        batch_.count = sizes_[at_++];
        return &batch_;
    }

  private:
    Batch batch_;
    std::vector<std::size_t> sizes_;
    std::size_t at_ = 0;
};

std::vector<std::size_t> random_split(std::mt19937_64& random, std::size_t total) {
    std::vector<std::size_t> sizes;
    while (total > 0) {
        const std::size_t size = (std::min)(static_cast<std::size_t>(random() % 5), total);  // empty batches too
        sizes.push_back(size);
        total -= size;
    }
    return sizes;
}

}  // namespace

TEST_CASE("with_prediction: predictions stand last and are marked as such", "[table]") {
    const auto table = with_prediction(columns(column("id", ids)), column("prediction", scores));
    static_assert(curtail::Table<decltype(table)>);
    CHECK(table.schema() ==
          Schema({{"id", {curtail::CellKind::int32}}, {"prediction", {curtail::CellKind::float64}}}, 1));
    CHECK(table.rows() == 2);
    CHECK(described_rows(table) == std::vector<DescribedRow>{{"int64 1", "float64 0.25"}, {"int64 2", "float64 0.75"}});
}

TEST_CASE("with_prediction: several prediction columns, as columns or as a table", "[table]") {
    const std::vector<std::string> labels = {"no", "yes"};
    const auto by_columns =
        with_prediction(columns(column("id", ids)), column("score", scores), column("label", labels));
    CHECK(by_columns.schema().prediction_count() == 2);
    CHECK(described_row(by_columns, 1) == DescribedRow{"int64 2", "float64 0.75", "text yes"});

    const auto by_table =
        with_prediction(columns(column("id", ids)), columns(column("score", scores), column("label", labels)));
    CHECK(by_table.schema() == by_columns.schema());
    CHECK(described_rows(by_table) == described_rows(by_columns));
}

TEST_CASE("with_prediction: a joined table can be joined again: the predictions add up", "[table]") {
    const auto once = with_prediction(columns(column("id", ids)), column("p", scores));
    const auto twice = with_prediction(once, column("q", scores));
    CHECK(twice.schema().prediction_count() == 2);
    CHECK(twice.schema().feature_count() == 1);
    CHECK(described_row(twice, 0) == DescribedRow{"int64 1", "float64 0.25", "float64 0.25"});
}

TEST_CASE("with_prediction: a joined row can be read from any column on", "[table]") {
    const auto table =
        with_prediction(columns(column("a", ids), column("b", ids)), column("p", scores), column("q", scores));
    CHECK(described_row(table, 0, 0).size() == 4);
    CHECK(described_row(table, 0, 1) == DescribedRow{"int64 1", "float64 0.25", "float64 0.25"});
    CHECK(described_row(table, 0, 2) == DescribedRow{"float64 0.25", "float64 0.25"});
    CHECK(described_row(table, 0, 3) == DescribedRow{"float64 0.25"});
    CHECK(described_row(table, 0, 4).empty());
}

TEST_CASE("with_prediction: temporaries of either side are owned", "[table]") {
    auto table = with_prediction(columns(column("id", std::vector<int>{1})), column("p", std::vector<double>{0.5}));
    const auto moved = std::move(table);
    CHECK(described_rows(moved) == std::vector<DescribedRow>{{"int64 1", "float64 0.5"}});
}

TEST_CASE("with_prediction: a prediction may not have the name of a column", "[table]") {
    try {
        const auto table = with_prediction(columns(column("a", ids), column("p", ids)), column("p", scores));
        FAIL("accepted " << table.rows());
    } catch (const TableError& error) {
        CHECK(error.code() == ErrorCode::column_clash);
        CHECK(error.column() == "p");
    }
    CHECK_THROWS_AS(with_prediction(columns(column("a", ids)), column("p", scores), column("p", scores)), TableError);
}

TEST_CASE("with_prediction: with the suffix policy a clashing prediction takes the first free name", "[table]") {
    const auto one = with_prediction(columns(column("p", ids)), column("p", scores), OnClash::suffix);
    CHECK(one.schema()[1].name == "p_1");
    const auto two =
        with_prediction(columns(column("p", ids), column("p_1", ids)), column("p", scores), OnClash::suffix);
    CHECK(two.schema()[2].name == "p_2");
    const auto free = with_prediction(columns(column("a", ids)), column("p", scores), OnClash::suffix);
    CHECK(free.schema()[1].name == "p");
    const auto both =
        with_prediction(columns(column("p", ids)), columns(column("p", scores), column("p", scores)), OnClash::suffix);
    CHECK(both.schema()[1].name == "p_1");
    CHECK(both.schema()[2].name == "p_2");
}

TEST_CASE("with_prediction: finds clashes among many columns in a time that grows as their number", "[table]") {
    constexpr std::size_t count = 100'000;
    const std::vector<float> cells(count);
    std::vector<std::string> names(count);
    for (std::size_t i = 0; i < count; ++i) names[i] = "x" + std::to_string(i);
    const auto features = curtail::row_major(cells.data(), 1, count, names);
    const auto same = curtail::row_major(cells.data(), 1, count, std::vector<std::string>(count, "x0"));
    const std::clock_t start = std::clock();
    const auto table = with_prediction(features, same, OnClash::suffix);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    CHECK(table.schema()[count].name == "x0_1");
    CHECK(table.schema()[2 * count - 1].name == "x0_" + std::to_string(count));
    CHECK(seconds < 30);  // of the processor: a fraction of one; the bound only tells it from the square
}

TEST_CASE("with_prediction: two columns of the table may have the same name", "[table]") {
    const auto table = with_prediction(columns(column("a", ids), column("a", ids)), column("p", scores));
    CHECK(table.schema().size() == 3);
}

TEST_CASE("with_prediction: unequal lengths are an error that names both", "[table]") {
    const std::vector<double> three = {1, 2, 3};
    try {
        const auto table = with_prediction(columns(column("id", ids)), column("p", three));
        FAIL("accepted " << table.rows());
    } catch (const TableError& error) {
        CHECK(error.code() == ErrorCode::row_count_mismatch);
        CHECK(std::string(error.what()) ==
              "[curtail.row_count_mismatch] the table has 2 rows and the predictions have 3");
    }
}

TEST_CASE("with_prediction: streams of different batch sizes are joined row by row", "[table]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 300; ++round) {
        const std::size_t total = random() % 30;
        auto stream =
            with_prediction(Chunked("a", random_split(random, total)), Chunked("p", random_split(random, total), 1000));
        static_assert(curtail::TableStream<decltype(stream)>);
        REQUIRE(stream.schema().prediction_count() == 1);
        const auto rows = described_stream(stream);
        REQUIRE(rows.size() == total);
        for (std::size_t row = 0; row < total; ++row) {
            REQUIRE(rows[row] == DescribedRow{"int64 " + std::to_string(row), "int64 " + std::to_string(1000 + row)});
        }
        REQUIRE_THROWS_AS(stream.next(), curtail::UsageError);
    }
}

TEST_CASE("with_prediction: batches of joined streams can be read by column and from any column on", "[table]") {
    auto stream = with_prediction(Chunked("a", {5, 2}), Chunked("p", {2, 4, 1}, 10));
    using Batch = std::remove_cvref_t<decltype(*stream.next())>;
    static_assert(curtail::ColumnTable<Batch>);
    REQUIRE(stream.next()->rows() == 2);
    const Batch& batch = *stream.next();
    REQUIRE(batch.rows() == 3);
    CHECK(described_rows(batch) ==
          std::vector<DescribedRow>{{"int64 2", "int64 12"}, {"int64 3", "int64 13"}, {"int64 4", "int64 14"}});
    CHECK(described_row(batch, 1, 1) == DescribedRow{"int64 13"});
    CHECK(described_row(batch, 1, 2).empty());
}

TEST_CASE("with_prediction: streams of unequal length are an error that names both lengths, whichever ends first",
          "[table]") {
    const auto lengths = [](std::vector<std::size_t> left, std::vector<std::size_t> right) -> std::string {
        auto stream = with_prediction(Chunked("a", std::move(left)), Chunked("p", std::move(right)));
        try {
            while (stream.next() != nullptr) continue;
            return "accepted";
        } catch (const TableError& error) {
            CHECK(error.code() == ErrorCode::row_count_mismatch);
            return error.what();
        }
    };
    const std::string prefix = "[curtail.row_count_mismatch] the table has ";
    CHECK(lengths({3, 4}, {5}) == prefix + "7 rows and the predictions have 5");
    CHECK(lengths({5}, {3, 4}) == prefix + "5 rows and the predictions have 7");
    CHECK(lengths({}, {1, 1}) == prefix + "0 rows and the predictions have 2");
    CHECK(lengths({1, 1}, {}) == prefix + "2 rows and the predictions have 0");
    CHECK(lengths({2}, {2, 0, 1}) == prefix + "2 rows and the predictions have 3");
    CHECK(lengths({2, 0}, {0, 2}) == "accepted");
    CHECK(lengths({}, {}) == "accepted");
}

TEST_CASE("with_prediction: streams may not share a name either", "[table]") {
    CHECK_THROWS_AS(with_prediction(Chunked("a", {1}), Chunked("a", {1})), TableError);
    auto stream = with_prediction(Chunked("a", {1}), Chunked("a", {1}), OnClash::suffix);
    CHECK(stream.schema()[1].name == "a_1");
}

TEST_CASE("with_prediction: a stream that owns its callback can be given away", "[table]") {
    int at = 0;
    auto numbers = curtail::generate({"n"}, [&]() -> std::optional<std::tuple<int>> {
        return at < 2 ? std::optional(std::tuple(at++)) : std::nullopt;
    });
    auto stream = with_prediction(std::move(numbers), Chunked("p", {2}));
    CHECK(described_stream(stream) == std::vector<DescribedRow>{{"int64 0", "int64 0"}, {"int64 1", "int64 1"}});
}

TEST_CASE("with_prediction: a joined table may be read by several threads when both sides may", "[table]") {
    struct Alone {
        curtail::Schema columns = {{"a"}};
        [[nodiscard]] const curtail::Schema& schema() const { return columns; }
        [[nodiscard]] std::size_t rows() const { return 0; }
        void visit_row(std::size_t, curtail::detail::AnyVisitor) const {}
    };
    const std::vector<int> numbers;
    const auto shared = curtail::columns(curtail::column("n", numbers));
    const auto joined = curtail::with_prediction(shared, curtail::column("p", numbers));
    CHECK(curtail::ConcurrentTable<decltype(joined)>);
    const Alone alone;
    const auto half = curtail::with_prediction(alone, curtail::column("p", numbers));
    CHECK_FALSE(curtail::ConcurrentTable<decltype(half)>);
}

TEST_CASE("with_prediction: tables and named columns are joined in their order", "[table]") {
    const auto left = columns(column("id", ids));
    const auto probabilities = columns(column("no", scores), column("yes", scores));
    const std::vector<std::string> labels = {"yes", "no"};
    const auto table = with_prediction(left, probabilities, column("label", labels));
    CHECK(table.schema().prediction_count() == 3);
    CHECK(described_row(table, 0) == DescribedRow{"int64 1", "float64 0.25", "float64 0.25", "text yes"});
    const auto turned = with_prediction(left, column("label", labels), probabilities);
    CHECK(described_row(turned, 1) == DescribedRow{"int64 2", "text no", "float64 0.75", "float64 0.75"});
}

TEST_CASE("with_prediction: OnClash comes last, behind any number of predictions", "[table]") {
    const auto left = columns(column("id", ids));
    const auto table = with_prediction(left, column("id", scores), column("id", ids), OnClash::suffix);
    CHECK(table.schema()[1].name == "id_1");
    CHECK(table.schema()[2].name == "id_2");
    const auto mixed = with_prediction(left, left, column("id", ids), OnClash::suffix);
    CHECK(mixed.schema()[2].name == "id_2");
    CHECK_THROWS_AS(with_prediction(left, column("a", ids), column("a", ids), OnClash::error), TableError);
}
