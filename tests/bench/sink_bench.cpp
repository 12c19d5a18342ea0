// SPDX-License-Identifier: MIT
// Writes one of the benchmark tables as often as it is told, and says how long each time took.
//
//     sink_bench TABLE [MEGABYTES [FLIGHTS.csv]]      TABLE: doubles, mixed, flights, texts, quoted_texts
//
// prints the table's shape as one line of JSON, and then for each line that it reads
//
//     sink DURABILITY THREADS FILE                    CsvSink alone; DURABILITY: none, data, full; THREADS: 0 for all
//     split DURABILITY THREADS FILE                   ResultPayloadBuilder: the file, and the message with it
//     gzip DURABILITY THREADS FILE                    CsvSink to a compressed file
//     raw DURABILITY SOURCE FILE                      the bytes of SOURCE by write(2) from memory: nothing is formatted
//
// one line of JSON, {"error": …} when it failed. FILE must not exist. compare.py drives it; by hand:
//
//     echo "sink none 1 /tmp/x.csv" | sink_bench mixed
#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/gzip_output.hpp>
#include <curtail/payload/result_payload_builder.hpp>

#include "bench_tables.hpp"
#include "pass.hpp"

namespace {

curtail::Durability durability_of(const std::string& word) {
    if (word == "none") return curtail::Durability::none;
    if (word == "data") return curtail::Durability::data;
    if (word == "full") return curtail::Durability::full;
    throw std::invalid_argument("no durability '" + word + "': there are none, data, full");
}

curtail::CsvSink<> sink_to(const std::string& path, const std::string& durability, std::size_t threads) {
    return curtail::CsvSink(path, {.file = {.durability = durability_of(durability)}, .threads = threads});
}

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void write_raw(const std::string& bytes, const std::string& path, const std::string& durability) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) fail("open " + path);
    constexpr std::size_t block = std::size_t{1} << 20U;
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t written = ::write(file, bytes.data() + at, (std::min)(block, bytes.size() - at));
        if (written <= 0) fail("write " + path);
        at += static_cast<std::size_t>(written);
    }
    if (durability == "data" && ::fdatasync(file) != 0) fail("fdatasync " + path);
    if (durability == "full" && ::fsync(file) != 0) fail("fsync " + path);
    if (::close(file) != 0) fail("close " + path);
}

template <class Table>
class Driver {
  public:
    explicit Driver(const Table& table) : table_(table) {}

    void print_shape() const {
        const curtail::Schema& schema = table_.schema();
        std::string columns;
        for (const curtail::ColumnSpec& column : schema.columns()) {
            if (!columns.empty()) columns += ", ";
            columns += "[\"" + column.name + "\", \"" + curtail::dtype_name(column.type) + "\"]";
        }
        std::printf(R"({"rows": %zu, "columns": [%s]})"
                    "\n",
                    curtail::rows_of(table_), columns.c_str());
        std::fflush(stdout);
    }

    void obey(const std::string& line) {
        std::istringstream words(line);
        std::string what;
        std::string durability;
        std::string third;
        std::string path;
        words >> what >> durability >> third >> path;
        if (path.empty()) throw std::invalid_argument("four words wanted: '" + line + "'");
        curtail::ArtifactInfo info;
        bench::Pass pass{};
        if (what == "sink") {
            const std::size_t threads = std::stoul(third);
            pass = bench::measure([&] {
                auto sink = sink_to(path, durability, threads);
                sink.open(table_.schema());
                sink.append(table_);
                info = sink.finish();
            });
        } else if (what == "split") {
            const std::size_t threads = std::stoul(third);
            pass = bench::measure([&] {
                const auto result =
                    curtail::ResultPayloadBuilder("job_0").build(table_, sink_to(path, durability, threads));
                info = {path, "csv", result.payload().rows, result.payload().output_bytes.value_or(0)};
            });
        } else if (what == "gzip") {
            const std::size_t threads = std::stoul(third);
            pass = bench::measure([&] { info = write_compressed(path, durability, threads); });
        } else if (what == "raw") {
            if (source_ != third) {
                std::ifstream file(third, std::ios::binary);
                bytes_.assign(std::istreambuf_iterator<char>(file), {});
                source_ = third;
            }
            pass = bench::measure([&] { write_raw(bytes_, path, durability); });
            info = {path, "csv", curtail::rows_of(table_), bytes_.size()};
        } else {
            throw std::invalid_argument("no command '" + what + "': there are sink, split, gzip, raw");
        }
        bench::print(what.c_str(), pass, info.rows, info.bytes);
    }

  private:
    [[nodiscard]] curtail::ArtifactInfo write_compressed([[maybe_unused]] const std::string& path,
                                                         [[maybe_unused]] const std::string& durability,
                                                         [[maybe_unused]] std::size_t threads) const {
#if __has_include(<libdeflate.h>)
        curtail::CsvSink<curtail::GzipFile> sink(
            path, {.file = {.durability = durability_of(durability)}, .threads = threads});
        sink.open(table_.schema());
        sink.append(table_);
        return sink.finish();
#else
        throw std::runtime_error("libdeflate is missing: on Debian, apt-get install libdeflate-dev");
#endif
    }

    const Table& table_;
    std::string source_;
    std::string bytes_;
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc < 2) throw std::invalid_argument("usage: sink_bench TABLE [MEGABYTES [FLIGHTS.csv]]");
    const double megabytes = argc > 2 ? std::strtod(argv[2], nullptr) : 100;
    bench::with_table(argv[1], megabytes, argc > 3 ? argv[3] : "", [](const auto& table) {
        Driver driver(table);
        driver.print_shape();
        for (std::string line; std::getline(std::cin, line);) {
            try {
                driver.obey(line);
            } catch (const std::exception& error) {
                std::printf("%s\n", nlohmann::json{{"error", error.what()}}.dump().c_str());
                std::fflush(stdout);
            }
        }
    });
} catch (const std::exception& error) {
    std::fprintf(stderr, "sink_bench: %s\n", error.what());
    return 1;
}
