// SPDX-License-Identifier: MIT
#include <curtail/table/prediction/joined.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/table/columns.hpp>

#include "catch.hpp"
#include "error_code.hpp"
#include "seed.hpp"
#include "table/described.hpp"

namespace {

using curtail::column;
using curtail::columns;
using curtail::ErrorCode;
using curtail::Schema;
using curtail::detail::JoinedStream;
using curtail::detail::JoinedTable;

const std::vector<int> ids = {1, 2, 3};
const std::vector<double> scores = {0.25, 0.5, 0.75};
const Schema both({{"id"}, {"name"}, {"p"}, {"q"}}, 2);

auto left_columns() {
    return columns(column("id", ids), column("name", std::vector<std::string>{"a", "b", "c"}));
}
// A table whose schema is made when it is asked for; counts how often.
struct SchemaMaker {
    std::size_t* made;

    Schema schema() const {
        ++*made;
        return {"id", "name"};
    }
    std::size_t rows() const { return 3; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        curtail::visit_row(left_columns(), row, visit);
    }
};
// The same rows, of a table that is read by rows alone.
struct RowsOnly {
    decltype(left_columns()) table = left_columns();

    const Schema& schema() const { return table.schema(); }
    std::size_t rows() const { return table.rows(); }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        curtail::visit_row(table, row, visit);
    }
};
auto right_columns() {
    return columns(column("p", scores), column("q", std::vector<int>{7, 8, 9}));
}

template <class Left, class Right>
auto joined(Left left, Right right) {
    return JoinedTable<Left, Right>(std::move(left), std::move(right), both);
}

template <class T>
DescribedRow described_column(const T& table, std::size_t column, std::size_t first, std::size_t count) {
    DescribedRow out;
    table.visit_column(column, first, count, [&](const auto& values) {
        for (const auto& value : values) out.push_back(described(value));
    });
    return out;
}

// The integers from 0 on under one name, in batches of the given sizes; counts the calls of next().
class Batches {
  public:
    explicit Batches(std::vector<std::size_t> sizes) : sizes_(std::move(sizes)) {}

    struct Batch {
        Schema columns{{{"n", {curtail::CellKind::int64}}}};
        std::int64_t first = 0;
        std::size_t count = 0;

        const Schema& schema() const { return columns; }
        std::size_t rows() const { return count; }
        template <class Visitor>
        void visit_row(std::size_t row, Visitor&& visit) const {
            visit(first + static_cast<std::int64_t>(row));
        }
    };

    const Schema& schema() const { return batch_.columns; }
    bool begun() const { return begun_; }
    const Batch* next() {
        begun_ = true;
        if (at_ == sizes_.size()) return nullptr;
        batch_.first += static_cast<std::int64_t>(batch_.count);
        batch_.count = sizes_[at_++];
        return &batch_;
    }

  private:
    Batch batch_;
    std::vector<std::size_t> sizes_;
    std::size_t at_ = 0;
    bool begun_ = false;
};

JoinedStream<Batches, Batches> joined_streams(std::vector<std::size_t> left, std::vector<std::size_t> right) {
    return {Batches(std::move(left)), Batches(std::move(right)), Schema({{"n"}, {"p"}}, 1)};
}

}  // namespace

TEST_CASE("JoinedTable: a row is that of the left table, then that of the right one", "[table]") {
    const auto check = [](const auto& table) {
        CHECK(table.rows() == 3);
        CHECK(table.schema() == both);
        CHECK(described_rows(table)[2] == DescribedRow{"int64 3", "text c", "float64 0.75", "int64 9"});
        for (std::size_t first = 0; first <= 4; ++first) {
            const DescribedRow whole = described_row(table, 1);
            CHECK(described_row(table, 1, first) ==
                  DescribedRow(whole.begin() + static_cast<std::ptrdiff_t>(first), whole.end()));
        }
    };
    check(joined(left_columns(), right_columns()));
    check(joined(RowsOnly(), right_columns()));
}

TEST_CASE("JoinedTable: a column has the same cells whichever table holds it, and however that holds it", "[table]") {
    const auto check = [](const auto& table) {
        CHECK(described_column(table, 0, 0, 3) == DescribedRow{"int64 1", "int64 2", "int64 3"});
        CHECK(described_column(table, 1, 1, 2) == DescribedRow{"text b", "text c"});
        CHECK(described_column(table, 2, 1, 1) == DescribedRow{"float64 0.5"});
        CHECK(described_column(table, 3, 0, 3) == DescribedRow{"int64 7", "int64 8", "int64 9"});
        for (std::size_t index = 0; index < 4; ++index) CHECK(described_column(table, index, 3, 0).empty());
    };
    check(joined(left_columns(), right_columns()));
    check(joined(RowsOnly(), right_columns()));
}

TEST_CASE("JoinedTable: does not ask for a schema per row", "[table]") {
    std::size_t made = 0;
    const auto table = joined(SchemaMaker{&made}, right_columns());
    const std::size_t before = made;
    CHECK(described_row(table, 2, 1) == DescribedRow{"text c", "float64 0.75", "int64 9"});
    CHECK(described_column(table, 0, 0, 3).size() == 3);
    CHECK(made == before);
}

TEST_CASE("JoinedTable: is read by several threads only if both tables may be", "[table]") {
    using Plain = decltype(left_columns());
    static_assert(curtail::ConcurrentTable<JoinedTable<Plain, Plain>> == curtail::ConcurrentTable<Plain>);
    static_assert(!curtail::ColumnTable<RowsOnly>);
    static_assert(!curtail::ConcurrentTable<JoinedTable<Plain, Batches::Batch>>);
    static_assert(!curtail::ConcurrentTable<JoinedTable<Batches::Batch, Plain>>);
    SUCCEED("that it compiles is the test");
}

TEST_CASE("JoinedTable: refuses tables of unequal length, and says both lengths", "[table]") {
    const auto shorter = [] {
        return joined(left_columns(),
                      columns(column("p", std::vector<double>{1, 2}), column("q", std::vector<int>{1, 2})));
    };
    CHECK(code_of(shorter) == ErrorCode::row_count_mismatch);
    try {
        static_cast<void>(shorter());
    } catch (const curtail::TableError& error) {
        const std::string_view text = error.what();
        CHECK(text.find("the table has 3 rows and the predictions have 2") != std::string_view::npos);
    }
}

TEST_CASE("JoinedStream: gives every row once and in order, however both sides are divided", "[table]") {
    std::mt19937_64 random(test_seed());
    for (int round = 0; round < 200; ++round) {
        const std::size_t total = random() % 40;
        const auto sizes = [&] {
            std::vector<std::size_t> out;
            for (std::size_t left = total; left > 0; left -= out.back()) out.push_back(random() % (left + 1));
            if (random() % 3 == 0) out.push_back(0);
            return out;
        };
        auto stream = joined_streams(sizes(), sizes());
        CHECK_FALSE(stream.begun());
        std::int64_t expected = 0;
        while (const auto* batch = stream.next()) {
            REQUIRE(batch->rows() > 0);
            REQUIRE(&batch->schema() == &stream.schema());
            for (std::size_t row = 0; row < batch->rows(); ++row, ++expected) {
                const std::string number = "int64 " + std::to_string(expected);
                REQUIRE(described_row(*batch, row) == DescribedRow{number, number});
                REQUIRE(described_row(*batch, row, 1) == DescribedRow{number});
            }
        }
        CHECK(expected == static_cast<std::int64_t>(total));
        CHECK(stream.begun());
        CHECK(code_of([&] { return stream.next(); }) == ErrorCode::wrong_state);
    }
}

TEST_CASE("JoinedStream: the end of the shorter side is an error that says both lengths", "[table]") {
    const auto check = [](std::vector<std::size_t> left, std::vector<std::size_t> right, std::string_view lengths) {
        auto stream = joined_streams(std::move(left), std::move(right));
        try {
            while (stream.next() != nullptr) {
            }
            FAIL("took sides of unequal length");
        } catch (const curtail::TableError& error) {
            CHECK(error.code() == ErrorCode::row_count_mismatch);
            CHECK(std::string_view(error.what()).find(lengths) != std::string_view::npos);
        }
        CHECK(code_of([&] { return stream.next(); }) == ErrorCode::wrong_state);
    };
    check({2, 3}, {1, 1, 1}, "has 5 rows and the predictions have 3");
    check({1}, {0, 1, 0, 4, 2}, "has 1 rows and the predictions have 7");
    check({}, {1}, "has 0 rows and the predictions have 1");
    check({0, 3}, {}, "has 3 rows and the predictions have 0");
}

TEST_CASE("JoinedStream: has begun where a side was read before it was joined", "[table]") {
    Batches read({1, 2});
    static_cast<void>(read.next());
    const Schema schema({{"n"}, {"p"}}, 1);
    CHECK(JoinedStream<Batches, Batches>(read, Batches({2}), schema).begun());
    CHECK(JoinedStream<Batches, Batches>(Batches({2}), read, schema).begun());
    CHECK_FALSE(JoinedStream<Batches, Batches>(Batches({2}), Batches({2}), schema).begun());
}
