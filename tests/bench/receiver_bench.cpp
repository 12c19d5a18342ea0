// SPDX-License-Identifier: MIT
// Reads an old message of N rows (default 1,000,000) with ResultReceiver and with nlohmann's SAX parser, in
// turns, and prints the best of several runs of each.
//   receiver_bench [ROWS [RUNS]]
#include <curtail/receive/result_receiver.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace {

// What Python's json.dumps makes of predictions and records of four columns.
std::string old_message(long rows) {
    std::string text =
        R"({"type": "result", "job_id": "job_0123456789ab", "success": true, "data": {"predictions": [)";
    char piece[160];
    unsigned long state = 1;
    const auto next = [&] { return (state = state * 6364136223846793005UL + 1442695040888963407UL) >> 33U; };
    for (long i = 0; i < rows; ++i) {
        std::snprintf(piece, sizeof piece, "%s0.%08lu", i == 0 ? "" : ", ", next() % 100000000UL);
        text += piece;
    }
    text += "], \"count\": " + std::to_string(rows) + ", \"dataframe\": [";
    constexpr const char* cities[] = {"Lyon", "Paris", "Clermont-Ferrand", "Nice"};
    for (long i = 0; i < rows; ++i) {
        std::snprintf(piece, sizeof piece,
                      R"(%s{"age": %lu, "income": %lu.%02lu, "city": "%s", "score": -%lu.5e-3})",
                      i == 0 ? "" : ", ", next() % 90, next() % 100000, next() % 100, cities[next() % 4],
                      next() % 1000);
        text += piece;
    }
    return text + "]}}";
}

struct CountingSax : nlohmann::json_sax<nlohmann::json> {
    std::size_t events = 0;
    bool null() override { return ++events != 0; }
    bool boolean(bool) override { return ++events != 0; }
    bool number_integer(number_integer_t) override { return ++events != 0; }
    bool number_unsigned(number_unsigned_t) override { return ++events != 0; }
    bool number_float(number_float_t, const string_t&) override { return ++events != 0; }
    bool string(string_t&) override { return ++events != 0; }
    bool binary(binary_t&) override { return ++events != 0; }
    bool start_object(std::size_t) override { return ++events != 0; }
    bool key(string_t&) override { return ++events != 0; }
    bool end_object() override { return ++events != 0; }
    bool start_array(std::size_t) override { return ++events != 0; }
    bool end_array() override { return ++events != 0; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
        return false;
    }
};

template <class Act>
double seconds_of(Act act) {
    const auto begin = std::chrono::steady_clock::now();
    act();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

long peak_kilobytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

}  // namespace

int main(int argc, char** argv) {
    const long rows = argc > 1 ? std::atol(argv[1]) : 1'000'000;
    const long runs = argc > 2 ? std::atol(argv[2]) : 5;
    const std::string text = old_message(rows);
    const double megabytes = static_cast<double>(text.size()) / 1e6;
    double ours = 1e9;
    double theirs = 1e9;
    const long before = peak_kilobytes();
    for (long run = 0; run < runs; ++run) {
        ours = (std::min)(ours, seconds_of([&] {
                              curtail::ResultReceiver receiver;
                              for (std::string_view rest = text; !rest.empty();
                                   rest.remove_prefix((std::min)(rest.size(), std::size_t{65536}))) {
                                  receiver.feed(rest.substr(0, 65536));
                              }
                              if (receiver.finish().rows != static_cast<std::uint64_t>(rows)) std::exit(1);
                          }));
        if (run == 0) std::printf("receiver: %ld kB more memory\n", peak_kilobytes() - before);
        theirs = (std::min)(theirs, seconds_of([&] {
                                CountingSax sax;
                                if (!nlohmann::json::sax_parse(text, &sax)) std::exit(1);
                            }));
    }
    std::printf("message:  %.1f MB, %ld rows, best of %ld runs\n", megabytes, rows, runs);
    std::printf("receiver: %.3f s, %.0f MB/s\n", ours, megabytes / ours);
    std::printf("nlohmann: %.3f s, %.0f MB/s (SAX)\n", theirs, megabytes / theirs);
    std::printf("ratio:    %.2f\n", theirs / ours);
    return 0;
}
