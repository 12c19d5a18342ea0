// SPDX-License-Identifier: MIT
// Streams of one kind of thing each, made as they are read: whatever a message is full of, the process grows by less
// than 8 MB. CURTAIL_SLOW=1 makes each stream 300 MB long instead of 12 MB.
#include <curtail/receive/result_receiver.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CURTAIL_TEST_NO_RSS 1
#endif
#endif
#ifndef CURTAIL_TEST_NO_RSS

#include <sys/wait.h>
#include <unistd.h>

namespace {

// Returns a line of /proc/self/status in KiB.
std::size_t status_kib(std::string_view name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name)) return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10);
    }
    return 0;
}

struct Stream {
    const char* kind;
    std::string head;
    std::function<std::string(std::size_t)> piece;  // by its number
    std::string tail;
};

std::size_t stream_bytes() {
    return by_tier<std::size_t>(12, 300) << 20U;
}

// Reads the stream, and its payload while the receiver still lives, as a bot does. Returns the growth in KiB.
std::size_t growth_of(const Stream& stream) {
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak is that from here on
    const std::size_t before = status_kib("VmRSS");
    std::size_t columns = 0;
    {
        curtail::ResultReceiver receiver;
        receiver.feed(stream.head);
        std::string chunk;
        const std::size_t total = stream_bytes();
        for (std::size_t fed = 0, number = 0; fed < total; fed += chunk.size()) {
            chunk.clear();
            while (chunk.size() < 65536) chunk += stream.piece(number++);
            receiver.feed(chunk);
        }
        receiver.feed(stream.tail);
        const curtail::ResultPayload payload = receiver.finish();
        columns = payload.columns.size();
    }
    return columns == SIZE_MAX ? 0 : status_kib("VmHWM") - before;
}

// The same in a process of its own, so that no stream finds memory that another has left.
std::size_t growth_in_child(const Stream& stream) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        std::size_t growth = SIZE_MAX;
        try {
            growth = growth_of(stream);
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s: %s\n", stream.kind, error.what());
        }
        const bool told = write(ends[1], &growth, sizeof growth) == sizeof growth;
        _exit(told ? 0 : 1);
    }
    close(ends[1]);
    std::size_t growth = SIZE_MAX;
    REQUIRE(read(ends[0], &growth, sizeof growth) == sizeof growth);
    close(ends[0]);
    REQUIRE(waitpid(child, nullptr, 0) == child);
    return growth;
}

std::string number(std::size_t n) {
    return std::to_string(n);
}

std::vector<Stream> streams() {
    const std::string data = R"({"type":"result","job_id":"j","success":true,"data":{)";
    const std::string counted = data + R"("dataframe_rows":9,)";
    const std::string kilobyte(1000, 'x');
    const auto always = [](const std::string& text) { return [text](std::size_t) { return text; }; };
    const auto label = [=](std::size_t n) { return "\"" + number(n) + kilobyte + "\""; };
    const auto stats_of_labels = [=](std::size_t n) {
        std::string out = "{\"class_distribution\":{\"first\":1";
        for (std::size_t i = 0; i < 256; ++i) out += "," + label(n * 256 + i) + ":{\"count\":1,\"percentage\":0.1}";
        return out + "}},";
    };
    const auto bins = [](std::size_t) {
        std::string out = R"({"histogram":{"low":0,"high":1,"counts":[0)";
        for (int i = 0; i < 1000; ++i) out += ",1";
        return out + "]}},";
    };
    const auto wide_row = [=](std::size_t n) {
        std::string out = "{";
        for (std::size_t i = 0; i < 256; ++i) out += (i == 0 ? "" : ",") + label(n * 256 + i) + ":" + label(i);
        return out + "},";
    };
    return {
        {"statistics with long labels", counted + R"("prediction_stats":[)", stats_of_labels, "{}]}}"},
        {"statistics with short labels", counted + R"("prediction_stats":[)",
         [](std::size_t n) {
             std::string out = "{\"class_distribution\":{\"\":1";
             for (std::size_t i = 0; i < 256; ++i) out += ",\"" + number(n * 256 + i) + "\":1";
             return out + "}},";
         },
         "{}]}}"},
        {"one column of long labels", counted + R"("prediction_stats":{"class_distribution":{"":1)",
         [=](std::size_t n) { return "," + label(n) + ":1"; }, "}}}}"},
        {"statistics, empty", counted + R"("prediction_stats":[{})", always(",{}"), "]}}"},
        {"bins of histograms", counted + R"("prediction_stats":[)", bins, "{}]}}"},
        {"names of columns", counted + R"("dataframe_columns":[)", [=](std::size_t n) { return label(n) + ","; },
         R"("z"]}})"},
        {"names of columns, types, predictions",
         counted + R"("columns":["a"],"dataframe_dtypes":["x"],"prediction_column":[)",
         [=](std::size_t n) { return label(n) + ","; }, R"("z"],"truncation":["rows"]}})"},
        {"reasons of truncation", counted + R"("truncation":[)", [=](std::size_t n) { return label(n) + ","; },
         R"("z"]}})"},
        {"cells_truncated", counted + R"("cells_truncated":[)",
         [=](std::size_t n) { return R"({"row":1,"bytes":2,"column":)" + label(n) + "},"; }, "{}]}}"},
        {"wide rows with names of their own", data + R"("dataframe":[)", wide_row, "{}]}}"},
        {"wide rows by position", data + R"("dataframe":[)",
         [=](std::size_t n) {
             std::string out = "[" + label(n);
             for (std::size_t i = 0; i < 256; ++i) out += "," + label(i);
             return out + "],";
         },
         "[]]}}"},
        {"one row", data + R"("dataframe":[[0)", [=](std::size_t n) { return "," + label(n); }, "]]}}"},
        {"empty rows", data + R"("dataframe":[{})", always(",{}"), "]}}"},
        {"predictions, many a row", data + R"("predictions":[)",
         [=](std::size_t n) {
             std::string out = "[" + label(n);
             for (std::size_t i = 0; i < 256; ++i) out += "," + label(i);
             return out + "],";
         },
         "[]]}}"},
        {"predictions, one row", data + R"("predictions":[[0)", [=](std::size_t n) { return "," + label(n); }, "]]}}"},
        {"predictions, empty lists", data + R"("predictions":[[])", always(",[]"), "]}}"},
        {"labelled predictions", data + R"("count":3,"predictions":{"":0)",
         [=](std::size_t n) { return "," + label(n) + ":1"; }, "}}}"},
        {"nested lists in a cell", data + R"("dataframe":[{"a":[0)", always(",[[[[1]]]]"), "]}]}}"},
        {"nested objects in a prediction", data + R"("predictions":[{"a":0)",
         [=](std::size_t n) { return "," + label(n) + ":{}"; }, "}]}}"},
        {"an object of columns", data + R"("dataframe":{"":[])",
         [=](std::size_t n) { return "," + label(n) + ":[1,2,3]"; }, "}}}"},
        {"split, a long index", data + R"("dataframe":{"columns":["a"],"data":[[1]],"index":[0)",
         [=](std::size_t n) { return "," + label(n); }, "]}}}"},
        {"tight, long index names", data + R"("dataframe":{"columns":["a"],"data":[[1]],"index_names":[null)",
         [=](std::size_t n) { return "," + label(n); }, "]}}}"},
        {"table, many fields", data + R"("dataframe":{"schema":{"fields":[{"name":"a"})",
         [=](std::size_t n) { return ",{\"name\":" + label(n) + "}"; }, "]},\"data\":[]}}}"},
        {"table, one field of many names", data + R"("dataframe":{"schema":{"fields":[{"name":"a")",
         [](std::size_t n) { return ",\"name\":\"" + number(n) + "\""; }, "}]},\"data\":[]}}}"},
        {"table, a long primary key", data + R"("dataframe":{"schema":{"fields":[{"name":"a"}],"primaryKey":["a")",
         [=](std::size_t n) { return "," + label(n); }, "]},\"data\":[]}}}"},
        {"a table in a text", data + R"("dataframe":"[{})",
         [=](std::size_t n) { return R"(,{\")" + number(n) + R"(\":\")" + kilobyte + R"(\"})"; }, "]\"}}"},
        {"a text that is not a table", data + R"("count":1,"dataframe":"[1)", always(",2?"), "\"}}"},
        {"a message in a text", R"("{\"type\":\"result\",\"success\":true,\"data\":{\"predictions\":[0)",
         always(",1,\\\"x\\\""), R"(]}}")"},
        {"one long string", data + R"("dataframe":[{"a":")", always(kilobyte), "\"}]}}"},
        {"one long key", data + R"("count":1,")", always(kilobyte), "\":1}}"},
        {"one long name of a column", data + R"("dataframe":[{")", always(kilobyte), "\":1}]}}"},
        {"one long number", data + R"("predictions":[1)", always("7777777777777777"), "]}}"},
        {"one long count", data + R"("count":1)", always("7777777777777777"), "}}"},
        {"one long error", R"({"success":false,"error":")", always(kilobyte), "\"}"},
        {"one long error with parts", R"({"success":false,"error":[0)", [=](std::size_t n) { return "," + label(n); },
         "]}"},
        {"one long path", data + R"("output_file":")", always(kilobyte), "\"}}"},
        {"one long type", R"({"type":")", always(kilobyte), "\"}"},
        {"one long progress message", R"({"type":"progress","message":")", always(kilobyte), "\"}"},
        {"keys of no meaning", data + R"("count":1)", [=](std::size_t n) { return "," + label(n) + ":[{\"a\":[1]}]"; },
         "}}"},
        {"parts", data + R"("dataframe_rows":9,"output_parts":[0)",
         [=](std::size_t n) { return R"(,{"file":)" + label(n) + R"(,"host":)" + label(n) + R"(,"rows":1})"; }, "]}}"},
        {"one part", data + R"("dataframe_rows":9,"output_parts":[{"rows":1)",
         [=](std::size_t n) { return R"(,"file":)" + label(n); }, "}]}}"},
        {"missing parts", data + R"("dataframe_rows":9,"parts_missing":[0)",
         [](std::size_t n) { return "," + number(n); }, "]}}"},
        {"a list of no meaning", data + R"("count":1,"files":[0)",
         [=](std::size_t n) { return R"(,{"file":)" + label(n) + R"(,"rows":1})"; }, "]}}"},
        {"keys again and again", data + R"("count":1)",
         [=](std::size_t n) {
             return R"(,"dataframe":[{"a":)" + label(n) + R"(}],"columns":[)" + label(n) +
                    R"(],"count":"x","job_id":2)";
         },
         "}}"},
        {"data again and again", R"({"success":true)",
         [=](std::size_t n) { return R"(,"data":{"dataframe":[{"a":)" + label(n) + "}]}"; }, "}"},
        {"everything at once",
         data + R"("dataframe_sample":[)" + wide_row(0) + wide_row(1) + "{}]," + R"("dataframe":[)" + wide_row(2) +
             "{}]," + R"("prediction_stats":[)",
         stats_of_labels, R"({}],"output_file":")" + std::string(20'000, 'f') + "\"}}"},
        {"white space", data + R"("count":1)", always(std::string(1000, ' ')), "}}"},
    };
}

}  // namespace

TEST_CASE("ResultReceiver: the process grows by less than 8 MB, whatever a message is full of", "[receive][heavy]") {
    for (const Stream& stream : streams()) {
        const std::size_t kib = growth_in_child(stream);
        if (std::getenv("CURTAIL_MEMORY_TABLE") != nullptr)
            std::printf("%-45s %8.2f MB\n", stream.kind, static_cast<double>(kib) / 1000);
        INFO(stream.kind << ": " << kib << " KiB");
        CHECK(kib < 8'000'000 / 1024);
    }
}

#endif
#endif
