// SPDX-License-Identifier: MIT
// Measures the memory that a split needs beside the caller's own data, while it writes tables of any size: a stream of
// rows, and a table that is read on all cores. Neither is in memory, so whatever the process gains is curtail's. Prints
// a line of JSON per run. The exit code is 1 if a run gained more than 32 MB. Usage: memory_bench [DIRECTORY
// [GIGABYTES…]].
#include <sys/statvfs.h>
#include <unistd.h>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/with_prediction.hpp>

#include "pass.hpp"

namespace {

constexpr double allowed_megabytes = 32;
constexpr double row_bytes = 48;

// Computes the value of a row from its number alone, so that any thread can read any row.
std::uint64_t mixed(std::uint64_t row, std::uint64_t column) {
    std::uint64_t x = row * 0x9E3779B97F4A7C15U + column * 0xD1B54A32D192ED03U;
    x = (x ^ x >> 32U) * 0xD6E8FEB86659FD93U;
    return x ^ x >> 32U;
}
std::int64_t id_of(std::uint64_t row) {
    return static_cast<std::int64_t>(row);
}
double share_of(std::uint64_t row) {
    return static_cast<double>(mixed(row, 1) >> 11U) * 0x1p-53;
}
double score_of(std::uint64_t row) {
    return static_cast<double>(mixed(row, 2) % 1'000'000) / 1000;
}
std::string_view city_of(std::uint64_t row) {
    static constexpr std::string_view cities[] = {"Berlin", "Buenos Aires", "Nairobi", "\"Ulaanbaatar\", MN",
                                                  "Reykjavik"};
    return cities[mixed(row, 3) % 5];
}

// A container of `rows` values, each computed when it is looked at.
template <auto Value>
struct Computed {
    struct Iterator {
        auto operator[](std::ptrdiff_t row) const { return Value(static_cast<std::uint64_t>(row)); }
    };
    [[nodiscard]] std::size_t size() const { return rows; }
    [[nodiscard]] Iterator begin() const { return {}; }
    [[nodiscard]] Iterator end() const { return {}; }

    std::size_t rows;
};

// Returns a value of Linux's /proc/self/status in MB: VmRSS is the memory of this process, VmHWM the most since the
// last reset.
double status_megabytes(const std::string& key) {
    std::ifstream status("/proc/self/status");
    double kilobytes = 0;
    for (std::string word; status >> word;) {
        if (word == key && status >> kilobytes) return kilobytes * 1024 / 1e6;
    }
    throw std::runtime_error("no " + key + " in /proc/self/status: this needs Linux");
}
void reset_peak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

template <class Table>
bool measure(const char* what, Table table, const std::string& path, double before) {
    reset_peak();
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    const bench::Pass pass = bench::measure([&] {
        const auto result = curtail::ResultPayloadBuilder("job_0").build(table, curtail::CsvSink(path));
        rows = result.payload().rows;
        bytes = result.payload().output_bytes.value_or(0);
    });
    const double gained = status_megabytes("VmHWM:") - before;
    ::unlink(path.c_str());
    std::printf(R"({"what": "%s", "rows": %ju, "bytes": %ju, "seconds": %.3f, "megabytes_more": %.1f, "allowed": %.0f})"
                "\n",
                what, static_cast<std::uintmax_t>(rows), static_cast<std::uintmax_t>(bytes), pass.seconds, gained,
                allowed_megabytes);
    std::fflush(stdout);
    return gained <= allowed_megabytes;
}

bool measure_size(double gigabytes, const std::string& directory, double before) {
    const auto rows = static_cast<std::size_t>(gigabytes * 1e9 / row_bytes);
    const std::string path = directory + "/memory_bench." + std::to_string(::getpid()) + ".csv";
    struct statvfs disk {};
    if (::statvfs(directory.c_str(), &disk) != 0) throw std::runtime_error("no directory '" + directory + "'");
    const double free = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
    if (free < 1.5e9 * gigabytes) {
        throw std::runtime_error("'" + directory + "' has only " + std::to_string(free / 1e9) + " GB free");
    }
    using curtail::column;
    std::uint64_t row = 0;
    const bool stream_fits =
        measure("stream",
                curtail::generate(curtail::Schema({{"id", curtail::column_type_of<std::int64_t>()},
                                                   {"share", curtail::column_type_of<double>()},
                                                   {"city", curtail::column_type_of<std::string_view>()},
                                                   {"score", curtail::column_type_of<double>()}},
                                                  1),
                                  [&](std::span<curtail::Cell> cells) {
                                      if (row == rows) return false;
                                      cells[0] = id_of(row);
                                      cells[1] = share_of(row);
                                      cells[2] = city_of(row);
                                      cells[3] = score_of(row);
                                      ++row;
                                      return true;
                                  }),
                path, before);
    const bool table_fits =
        measure("table",
                curtail::with_prediction(
                    curtail::columns(column("id", Computed<&id_of>{rows}), column("share", Computed<&share_of>{rows}),
                                     column("city", Computed<&city_of>{rows})),
                    column("score", Computed<&score_of>{rows})),
                path, before);
    return stream_fits && table_fits;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::string directory = argc > 1 ? argv[1] : ".";
    std::vector<double> sizes;
    for (int i = 2; i < argc; ++i) sizes.push_back(std::strtod(argv[i], nullptr));
    if (sizes.empty()) sizes = {0.01, 10};
    const double before = status_megabytes("VmRSS:");
    bool fits = true;
    for (const double gigabytes : sizes) fits = measure_size(gigabytes, directory, before) && fits;
    if (!fits) std::fprintf(stderr, "memory_bench: more than %.0f MB\n", allowed_megabytes);
    return fits ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "memory_bench: %s\n", error.what());
    return 1;
}
