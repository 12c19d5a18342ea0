// SPDX-License-Identifier: MIT
// Reads an old message of N rows (default 1,000,000) with ResultReceiver and with nlohmann's SAX parser, in turn, and
// prints each pass as a line of JSON; the first of each only warms up. Usage: receiver_bench [ROWS [PASSES]].
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <curtail/receive/result_receiver.hpp>
#include <nlohmann/json.hpp>

#include "pass.hpp"

namespace {

// Returns a message as Python's json.dumps writes it, with predictions and records of four columns.
std::string old_message(long rows) {
    std::string text = R"({"type": "result", "job_id": "job_0123456789ab", "success": true, "data": {"predictions": [)";
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
        std::snprintf(piece, sizeof piece, R"(%s{"age": %lu, "income": %lu.%02lu, "city": "%s", "score": -%lu.5e-3})",
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
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }
};

}  // namespace

int main(int argc, char** argv) {
    const long rows = argc > 1 ? std::atol(argv[1]) : 1'000'000;
    const long passes = argc > 2 ? std::atol(argv[2]) : 6;
    const std::string text = old_message(rows);
    for (long pass = 0; pass < passes; ++pass) {
        curtail::ResultReceiver receiver;
        std::uint64_t seen = 0;
        const bench::Pass ours = bench::measure([&] {
            for (std::string_view rest = text; !rest.empty();
                 rest.remove_prefix((std::min)(rest.size(), std::size_t{65536}))) {
                receiver.feed(rest.substr(0, 65536));
            }
            seen = receiver.finish().rows;
        });
        if (seen != static_cast<std::uint64_t>(rows)) return 1;
        bench::print("curtail", ours, seen, text.size());

        CountingSax sax;
        bool read = false;
        const bench::Pass theirs = bench::measure([&] { read = nlohmann::json::sax_parse(text, &sax); });
        if (!read) return 1;
        bench::print("nlohmann", theirs, seen, text.size());
    }
    return 0;
}
