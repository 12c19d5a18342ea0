// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/repeated_numbers.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/table/columns.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "seed.hpp"

namespace {

using curtail::column;
using curtail::detail::RepeatedNumbers;

constexpr std::size_t large = std::size_t{1} << 20U;

std::string spelled(double value) {
    char text[curtail::detail::max_number_chars];
    return {text, curtail::detail::write_floating(text, value)};
}

// Writes a number of column 0 as a row writer does, and returns what the cache made of it.
struct Use {
    bool tried;
    bool found;
};
Use use(RepeatedNumbers& numbers, double value, std::size_t column = 0) {
    if (!numbers.tries(column)) return {false, false};
    char text[RepeatedNumbers::copy_size];
    if (const char* const end = numbers.find(column, text, value); end != nullptr) {
        CHECK(std::string_view(text, static_cast<std::size_t>(end - text)) == spelled(value));
        return {true, true};
    }
    const std::string field = spelled(value);
    numbers.keep(value, field.data(), field.size());
    return {true, false};
}

}  // namespace

TEST_CASE("RepeatedNumbers: finds what it kept, and no other number", "[artifact]") {
    RepeatedNumbers numbers(large);
    numbers.begin_batch(1);
    const double values[] = {0.0, -0.0, 1.5, 1.0 / 3, -2.2250738585072014e-308, 5e-324, 1.7976931348623157e+308};
    for (int i = 0; i < 1024; ++i) CHECK_FALSE(use(numbers, 1.5).tried);
    for (const double value : values) CHECK_FALSE(use(numbers, value).found);
    for (const double value : values) CHECK(use(numbers, value).found == (spelled(value).size() <= 23));
}

TEST_CASE("RepeatedNumbers: a column whose numbers do not repeat is left alone, and tried again later", "[artifact]") {
    RepeatedNumbers numbers(large);
    numbers.begin_batch(2);
    std::mt19937_64 random(test_seed());
    std::size_t tried = 0;
    for (int i = 0; i < 200'000; ++i) tried += use(numbers, static_cast<double>(random()) * 0x1p-64, 0).tried ? 1 : 0;
    CHECK(tried == 4096);
    std::size_t found = 0;
    for (int i = 0; i < 200'000; ++i) found += use(numbers, static_cast<double>(random() % 100) / 4, 1).found ? 1 : 0;
    CHECK(found > 190'000);
    for (int i = 0; i < 200'000; ++i) tried += use(numbers, static_cast<double>(random() % 100) / 4, 0).tried ? 1 : 0;
    CHECK(tried > 100'000);
}

TEST_CASE("RepeatedNumbers: takes the memory that it is given", "[artifact]") {
    for (const std::size_t capacity : {std::size_t{0}, std::size_t{64}, std::size_t{1000}, large}) {
        RepeatedNumbers numbers(capacity);
        numbers.begin_batch(1);
        std::mt19937_64 random(test_seed());
        std::size_t found = 0;
        for (int i = 0; i < 9'000; ++i) found += use(numbers, static_cast<double>(random() % 300) / 8).found ? 1 : 0;
        CHECK((found > 4000) == (capacity == large));
    }
}

TEST_CASE("RepeatedNumbers: a copy caches for itself", "[artifact]") {
    RepeatedNumbers numbers(large);
    numbers.begin_batch(1);
    for (int i = 0; i < 3000; ++i) (void)use(numbers, 0.25);
    RepeatedNumbers copy(numbers);
    for (int i = 0; i < 1024; ++i) CHECK_FALSE(use(copy, 0.25).tried);
    CHECK_FALSE(use(copy, 0.25).found);
    CHECK(use(copy, 0.25).found);
}

TEST_CASE("RepeatedNumbers: the bytes of a table are those of its numbers", "[artifact]") {
    std::mt19937_64 random(test_seed());
    std::vector<double> columns[3];
    for (std::size_t row = 0; row < 30'000; ++row) {
        columns[0].push_back(static_cast<double>(random() % 1440) / 60);
        columns[1].push_back(random() % 50 == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                : std::ldexp(static_cast<double>(random() % 3 + 1), -1074 + 2 * 500));
        columns[2].push_back(row < 9'000 ? static_cast<double>(random()) : static_cast<double>(random() % 10) - 0.5);
    }
    std::string expected = "a,b,c\n";
    for (std::size_t row = 0; row < columns[0].size(); ++row) {
        for (const auto& values : columns) {
            expected += std::isnan(values[row]) ? "NaN" : spelled(values[row]);
            expected += &values == &columns[2] ? '\n' : ',';
        }
    }
    const auto table = curtail::columns(column("a", columns[0]), column("b", columns[1]), column("c", columns[2]));
    for (const std::size_t threads : {std::size_t{1}, std::size_t{3}}) {
        const MemoryOutput output;
        curtail::CsvSink sink(output, {.threads = threads});
        sink.open(table.schema());
        sink.append(table);
        (void)sink.finish();
        CHECK(output.kept->bytes == expected);
    }
}
