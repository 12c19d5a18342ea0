// SPDX-License-Identifier: MIT
// Measures what the statistics cost per prediction: nanoseconds of CPU time per value, the best of nine runs, for
// columns of several kinds and sizes.

#include <curtail/statistics/prediction_statistics.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "pass.hpp"

namespace {

template <class T, class Add>
double nanoseconds(const std::vector<T>& values, std::size_t repeat, Add add) {
    double best = std::numeric_limits<double>::infinity();
    for (int run = 0; run < 9; ++run) {
        std::uint64_t rows = 0;
        const bench::Pass pass = bench::measure([&] {
            curtail::PredictionStatistics statistics;
            for (std::size_t i = 0; i < repeat; ++i) add(statistics);
            rows = statistics.result().n_rows;
        });
        if (rows != values.size() * repeat) return std::nan("");
        best = std::fmin(best, pass.cpu_seconds * 1e9 / static_cast<double>(rows));
    }
    return best;
}

template <class T>
void measure(const char* what, const std::vector<T>& values, std::size_t repeat = 1) {
    const double one_by_one = nanoseconds(values, repeat, [&](auto& statistics) {
        for (const auto& value : values) statistics.add(value);
    });
    const double at_once = nanoseconds(values, repeat, [&](auto& statistics) { statistics.add_all(values); });
    std::printf("%-34s %10zu values %8.2f ns per value, %8.2f as a column\n", what, values.size() * repeat, one_by_one,
                at_once);
}

template <class Make>
auto column(std::size_t size, Make make) {
    std::vector<decltype(make(std::size_t{0}))> values;
    values.reserve(size);
    for (std::size_t i = 0; i < size; ++i) values.push_back(make(i));
    return values;
}

}  // namespace

int main() {
    std::mt19937_64 random(42);
    std::normal_distribution<double> normal;
    const auto any = [&](std::size_t) { return normal(random); };

    const auto million = column(1'000'000, any);
    measure("double, random, exact median", column(100'000, any));
    measure("double, random", million);
    measure("double, random", million, 10);
    measure("double, lognormal", column(1'000'000, [&](std::size_t) { return std::exp(3 * normal(random)); }));
    measure("double, ascending", column(1'000'000, [](std::size_t i) { return static_cast<double>(i) + 0.5; }));
    measure("double, descending", column(1'000'000, [](std::size_t i) { return 0.5 - static_cast<double>(i); }));
    measure("double, constant", column(1'000'000, [](std::size_t) { return 0.25; }));
    measure("double, 0.0 and 1.0", column(1'000'000, [&](std::size_t) { return random() % 2 == 0 ? 0.0 : 1.0; }));
    measure("float, random", column(1'000'000, [&](std::size_t i) { return static_cast<float>(any(i)); }));
    measure("int32, random", column(1'000'000, [&](std::size_t) { return static_cast<std::int32_t>(random()); }));
    measure("int8, five classes",
            column(1'000'000, [&](std::size_t) { return static_cast<std::int8_t>(random() % 5); }));
    measure("int64, ten classes",
            column(1'000'000, [&](std::size_t) { return static_cast<std::int64_t>(random() % 10); }));
    measure("text, three classes", column(1'000'000, [&](std::size_t) {
                return std::string(random() % 3 == 0 ? "setosa" : random() % 2 == 0 ? "versicolor" : "virginica");
            }));
    measure("text, all distinct", column(1'000'000, [](std::size_t i) { return "row " + std::to_string(i); }));
}
