// SPDX-License-Identifier: MIT
// Reads an old message of N rows (default 1,000,000) with ResultReceiver and with the event parsers of nlohmann/json,
// Boost.JSON and RapidJSON, as far as they are installed, in turn, and prints each pass as a line of JSON; the first of
// each only warms up. The peers count events and keep nothing. Usage: receiver_bench [ROWS [PASSES]].
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <curtail/receive/result_receiver.hpp>
#include <nlohmann/json.hpp>

#if __has_include(<boost/json/basic_parser_impl.hpp>)
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#define BENCH_BOOST_JSON
#endif
#if __has_include(<rapidjson/reader.h>)
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#define BENCH_RAPIDJSON
#endif

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

bool read_by_nlohmann(std::string_view text) {
    CountingSax sax;
    return nlohmann::json::sax_parse(text, &sax);
}

#if defined(BENCH_BOOST_JSON)
struct CountingHandler {
    using error_code = boost::json::error_code;
    using view = boost::json::string_view;
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    std::size_t events = 0;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return ++events != 0; }
    bool on_object_end(std::size_t, error_code&) { return ++events != 0; }
    bool on_array_begin(error_code&) { return ++events != 0; }
    bool on_array_end(std::size_t, error_code&) { return ++events != 0; }
    bool on_key_part(view, std::size_t, error_code&) { return true; }
    bool on_key(view, std::size_t, error_code&) { return ++events != 0; }
    bool on_string_part(view, std::size_t, error_code&) { return true; }
    bool on_string(view, std::size_t, error_code&) { return ++events != 0; }
    bool on_number_part(view, error_code&) { return true; }
    bool on_int64(std::int64_t, view, error_code&) { return ++events != 0; }
    bool on_uint64(std::uint64_t, view, error_code&) { return ++events != 0; }
    bool on_double(double, view, error_code&) { return ++events != 0; }
    bool on_bool(bool, error_code&) { return ++events != 0; }
    bool on_null(error_code&) { return ++events != 0; }
    bool on_comment_part(view, error_code&) { return true; }
    bool on_comment(view, error_code&) { return true; }
};

bool read_by_boost(std::string_view text) {
    boost::json::basic_parser<CountingHandler> parser(boost::json::parse_options{});
    boost::json::error_code error;
    while (!text.empty() && !error) {
        const std::string_view piece = text.substr(0, 65536);
        text.remove_prefix(piece.size());
        parser.write_some(!text.empty(), piece.data(), piece.size(), error);
    }
    return !error && parser.done();
}
#endif

#if defined(BENCH_RAPIDJSON)
struct CountingReader : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, CountingReader> {
    std::size_t events = 0;
    bool Default() { return ++events != 0; }
};

bool read_by_rapidjson(std::string_view text) {
    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::Reader reader;
    CountingReader handler;
    return !reader.Parse(stream, handler).IsError();
}
#endif

struct Peer {
    const char* name;
    bool (*read)(std::string_view text);
};
constexpr Peer peers[] = {
    {"nlohmann/json, SAX", read_by_nlohmann},
#if defined(BENCH_BOOST_JSON)
    {"Boost.JSON, push parser, 64 KiB at a time", read_by_boost},
#endif
#if defined(BENCH_RAPIDJSON)
    {"RapidJSON, SAX", read_by_rapidjson},
#endif
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

        for (const Peer& peer : peers) {
            bool read = false;
            const bench::Pass theirs = bench::measure([&] { read = peer.read(text); });
            if (!read) return 1;
            bench::print(peer.name, theirs, seen, text.size());
        }
    }
    return 0;
}
