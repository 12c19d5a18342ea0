// SPDX-License-Identifier: MIT
// How fast a table becomes a file: CsvSink with and without syncing, the whole split, and a raw write(2) of the same
// bytes, in turn on the same tables. Prints medians and ratios. Usage: sink_bench [DIRECTORY [ROWS [RUNS]]].
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

namespace {

using Clock = std::chrono::steady_clock;

struct Settings {
    std::string directory = ".";
    std::size_t rows = 500'000;
    std::size_t runs = 7;

    [[nodiscard]] std::string file() const { return directory + "/curtail_sink_bench.csv"; }
};

curtail::CsvSink<> sink_to(const std::string& path, curtail::Durability durability) {
    return curtail::CsvSink(path, {.file = {.on_exists = curtail::OnExists::replace, .durability = durability}});
}

template <class Work>
double seconds_of(Work work) {
    const Clock::time_point begin = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// One table, every way of writing it in turn, so that a change of the machine's speed meets them all alike. The first
// round only warms the page cache: fresh pages made the same write(2) ten times slower on a virtual machine.
template <class Table>
void measure(const char* name, const Settings& settings, const Table& table) {
    const std::string path = settings.file();
    const auto write = [&](curtail::Durability durability) {
        auto sink = sink_to(path, durability);
        sink.open(curtail::schema_of(table));
        sink.append(table);
        (void)sink.finish();
    };
    std::vector<double> quick;
    std::vector<double> durable;
    std::vector<double> split;
    std::vector<double> raw;
    std::size_t size = 0;
    for (std::size_t run = 0; run <= settings.runs; ++run) {
        const double quick_seconds = seconds_of([&] { write(curtail::Durability::none); });
        const double durable_seconds = seconds_of([&] { write(curtail::Durability::data); });
        const double split_seconds = seconds_of([&] {
            (void)curtail::ResultPayloadBuilder("job_0").build(table, sink_to(path, curtail::Durability::none));
        });
        std::ifstream input(path, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(input), {}};
        size = bytes.size();
        const double raw_seconds = seconds_of([&] {
            curtail::AtomicFile file(path, {.on_exists = curtail::OnExists::replace, .durability = curtail::Durability::none});
            file.open();
            constexpr std::size_t block = std::size_t{1} << 20U;
            for (std::size_t at = 0; at < bytes.size(); at += block) {
                file.write(std::span(bytes).subspan(at, (std::min)(block, bytes.size() - at)));
            }
            file.commit();
        });
        if (run == 0) continue;
        quick.push_back(quick_seconds);
        durable.push_back(durable_seconds);
        split.push_back(split_seconds);
        raw.push_back(raw_seconds);
    }
    const double megabytes = static_cast<double>(size) * 1e-6;
    std::printf("%-22s %7.1f MB  sink %6.0f MB/s  synced %6.0f MB/s  split/sink %.2f  raw write %6.0f MB/s\n", name,
                megabytes, megabytes / median(quick), megabytes / median(durable), median(split) / median(quick),
                megabytes / median(raw));
}

}  // namespace

int main(int argc, char** argv) {
    using curtail::column;
    Settings settings;
    if (argc > 1) settings.directory = argv[1];
    if (argc > 2) settings.rows = std::strtoull(argv[2], nullptr, 10);
    if (argc > 3) settings.runs = std::strtoull(argv[3], nullptr, 10);

    std::mt19937_64 random(20261122);
    const auto unit = [&] { return static_cast<double>(random() >> 11U) * 0x1p-53; };
    std::vector<std::vector<double>> doubles(11);
    for (auto& values : doubles) {
        for (std::size_t row = 0; row < settings.rows; ++row) values.push_back(unit());
    }
    const auto& d = doubles;
    measure("11 random doubles", settings,
            curtail::with_prediction(
                curtail::columns(column("a", d[0]), column("b", d[1]), column("c", d[2]), column("d", d[3]),
                                 column("e", d[4]), column("f", d[5]), column("g", d[6]), column("h", d[7]),
                                 column("i", d[8]), column("j", d[9])),
                column("k", d[10])));

    std::vector<std::int64_t> id;
    std::vector<double> price;
    std::vector<double> share;
    std::vector<double> score;
    std::vector<float> weight;
    std::vector<int> year;
    std::vector<std::string> city;
    std::vector<std::string> code;
    std::vector<bool> active;
    const char* const cities[] = {"Berlin", "Buenos Aires", "Nairobi", "Ulaanbaatar", "Reykjavik"};
    for (std::size_t row = 0; row < settings.rows; ++row) {
        id.push_back(static_cast<std::int64_t>(random() >> 1U));
        price.push_back(static_cast<double>(random() % 10'000'000) / 100);
        share.push_back(unit());
        score.push_back(unit() * 1000);
        weight.push_back(static_cast<float>(unit()));
        year.push_back(static_cast<int>(1950 + random() % 77));
        city.emplace_back(cities[random() % 5]);
        code.push_back("item-" + std::to_string(random() % 100'000));
        active.push_back(random() % 2 == 0);
    }
    measure("mixed, 9 columns", settings,
            curtail::with_prediction(
                curtail::columns(column("id", id), column("price", price), column("share", share), column("weight", weight),
                                 column("year", year), column("city", city), column("code", code), column("active", active)),
                column("score", score)));

    std::vector<std::string> plain;
    std::vector<std::string> quoted;
    for (std::size_t row = 0; row < settings.rows / 4; ++row) {
        plain.emplace_back(200 + random() % 200, 'x');
        quoted.push_back(plain.back());
        for (int i = 0; i < 4; ++i) quoted.back()[random() % quoted.back().size()] = i % 2 == 0 ? '"' : ',';
    }
    measure("long strings", settings, curtail::columns(column("text", plain)));
    measure("long quoted strings", settings, curtail::columns(column("text", quoted)));
    std::remove(settings.file().c_str());
}
