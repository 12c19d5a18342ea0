// SPDX-License-Identifier: MIT
#include <curtail/receive/receiver_options.hpp>

#include <curtail/receive/result_receiver.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

// Counts the bytes of the heap in use. Each block has its size in front of it.
namespace {

constexpr std::size_t header = 16;  // keeps the alignment of malloc
std::size_t live_bytes = 0;
std::size_t peak_bytes = 0;

void* counted(std::size_t size) noexcept {
    auto* const block = static_cast<std::size_t*>(std::malloc(size + header));
    if (block == nullptr) return nullptr;
    *block = size;
    live_bytes += size;
    peak_bytes = (std::max)(peak_bytes, live_bytes);
    return reinterpret_cast<char*>(block) + header;
}

void* counted_or_throw(std::size_t size) {
    void* const memory = counted(size);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

void release(void* memory) noexcept {
    if (memory == nullptr) return;
    auto* const block = reinterpret_cast<std::size_t*>(static_cast<char*>(memory) - header);
    live_bytes -= *block;
    std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
    return counted_or_throw(size);
}
void* operator new[](std::size_t size) {
    return counted_or_throw(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return counted(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return counted(size);
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete[](void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    release(memory);
}

using curtail::ReceiverOptions;
using curtail::ResultPayload;
using curtail::ResultReceiver;

namespace {

// Feeds `head`, `times` pieces and `tail`. Checks that the heap grew by less than `max_growth`.
ResultPayload receive(std::string_view head, std::string_view piece, std::size_t times, std::string_view tail,
                      std::size_t max_growth = std::size_t{4} << 20U, ReceiverOptions options = {}) {
    std::string chunk;
    while (chunk.size() < 65536 && chunk.size() / piece.size() < times) chunk += piece;
    const std::size_t in_chunk = chunk.size() / piece.size();
    const std::size_t before = live_bytes;
    peak_bytes = live_bytes;
    ResultPayload result;
    {
        ResultReceiver receiver(options);
        receiver.feed(head);
        for (; times >= in_chunk; times -= in_chunk) receiver.feed(chunk);
        for (; times > 0; --times) receiver.feed(piece);
        receiver.feed(tail);
        result = receiver.finish();
    }
    CHECK(peak_bytes - before < max_growth);
    return result;
}

const std::string open_data = R"({"type":"result","job_id":"j","success":true,"data":{)";

constexpr std::size_t many = 4 << 20;

}  // namespace

TEST_CASE("ResultReceiver: one huge string is a cut cell, wherever it is, in constant memory", "[receive]") {
    const std::string tail = R"("}]}})";
    const ResultPayload result =
        receive(open_data + R"("dataframe":[{"a":")", std::string(1024, 'x'), 65536, tail, 128 << 10);
    CHECK(result.sample.at(0).at(0).cut_from_bytes == std::uint64_t{64} << 20U);
    CHECK(result.sample[0][0].text.size() == 1024);
    CHECK(result.sample[0][0].text.substr(1020) == "x\xE2\x80\xA6");
    CHECK(result.truncation == std::vector<std::string>{"cells"});
    CHECK(receive(open_data + R"("count":1,"unknown":")", "\\ud83d\\ude00\\n", many / 14, "\"}}").predictions_count ==
          1);
    const ResultPayload escaped =
        receive(open_data + R"("dataframe":[{"a":")", "\\ud83d\\ude00", many / 12, tail, 128 << 10);
    CHECK(escaped.sample[0][0].cut_from_bytes == many / 12 * 4);
    const ResultPayload nested = receive(open_data + R"("dataframe":[{"a":[0)", ",1", many / 4, "]}]}}", 128 << 10);
    CHECK(nested.sample[0][0].cut_from_bytes == many / 4 * 2 + 3);
    const ResultPayload failed =
        receive(R"({"type":"result","success":false,"error":")", "error ", many / 6, "\"}", 128 << 10);
    CHECK(failed.error.size() <= 16384);
    CHECK(failed.error.substr(failed.error.size() - 3) == "\xE2\x80\xA6");
}

TEST_CASE("ResultReceiver: reads a huge key and a huge number in constant memory", "[receive]") {
    const ResultPayload key = receive(open_data + R"("dataframe":[{")", "k", many, R"(":1,"b":2}]}})", 128 << 10);
    CHECK(key.columns.at(0).size() == 1024);
    CHECK(key.columns.at(1) == "b");
    CHECK(receive(open_data + R"("count":1,")", "k", many, "\":1}}", 128 << 10).predictions_count == 1);
    const ResultPayload number = receive(open_data + R"("predictions":[)", "7", many, "e5]}}", 128 << 10);
    CHECK(number.predictions_sample.at(0).at(0).cut_from_bytes == many + 2);
    CHECK(number.predictions_sample[0][0].kind == curtail::SampleCell::Kind::number);
    CHECK(receive(open_data + R"("predictions_count":)", "7", many, "}}", 128 << 10).notes.size() == 1);
}

TEST_CASE("ResultReceiver: counts many small things in constant memory", "[receive]") {
    CHECK(receive(open_data + R"("predictions":[0)", ",[]", many / 3, "]}}", 128 << 10).predictions_count ==
          many / 3 + 1);
    CHECK(receive(open_data + R"("dataframe":[{})", ",{}", many / 3, "]}}", 128 << 10).rows == many / 3 + 1);
    CHECK(receive(open_data + R"("dataframe":[[0)", ",0", many / 2, "]]}}", 256 << 10).columns_total == many / 2 + 1);
    CHECK(receive(open_data + R"("dataframe_columns":["")", ",\"c\"", many / 4, "]}}", 256 << 10).columns_total ==
          many / 4 + 1);
    CHECK(receive(open_data + R"("cells_truncated":[{})", ",{\"row\":1}", many / 10, R"(],"count":1}})", 256 << 10)
              .cells_truncated_total == many / 10 + 1);
    CHECK(
        receive(open_data + R"("dataframe":{"a":{"0":1})", ",\"b\":[0]", many / 8, R"(},"rows":7}})", 128 << 10).rows ==
        7);
    CHECK(receive(open_data + R"("dataframe":{"a":{"0":1)", ",\"0\":1", many / 6, R"(}},"rows":7}})", 128 << 10).rows ==
          7);
    CHECK(receive(open_data + R"("dataframe":{"data":[[0])", ",[0]", many / 4, R"(],"columns":["a"]}}})", 128 << 10)
              .rows == many / 4 + 1);
    CHECK(receive(open_data + R"("dataframe":"[{})", ",{}", many / 3, "]\"}}", 128 << 10).rows == many / 3 + 1);
    CHECK(receive("{\"type\":\"result\",\"data\":{\"count\":1}", ",\"x\":[]", many / 7, "}", 128 << 10)
              .predictions_count == 1);
}

TEST_CASE("ResultReceiver: memory is bounded for many columns and for rows with keys of their own", "[receive]") {
    std::string row = "{";
    for (int i = 0; i < 100'000; ++i) row += (i ? ",\"c" : "\"c") + std::to_string(i) + "\":0";
    row += "},";
    const ResultPayload wide = receive(open_data + "\"dataframe\":[", row, 2, "{}]}}", 1 << 20);
    CHECK(wide.columns.size() == 256);
    CHECK(wide.columns_total == 100'000);
    CHECK(wide.rows == 3);
    std::string rows;
    for (int i = 0; i < 20'000; ++i) rows += "{\"key" + std::to_string(i) + "\":0},";
    const ResultPayload ragged = receive(open_data + "\"dataframe\":[", rows, 5, "{}]}}", 1 << 20);
    CHECK(ragged.rows == 100'001);
    CHECK(ragged.columns.size() == 10);
    std::string columns;
    for (int i = 0; i < 20'000; ++i) columns += "\"col" + std::to_string(i) + "\",";
    const ResultPayload many_columns =
        receive(open_data + R"("dataframe":{"columns":[)", columns, 1, R"("z"],"data":[]}}})", 1 << 20);
    CHECK(many_columns.columns_total == 20'001);
    CHECK(many_columns.columns.size() == 256);
    std::string labels;
    for (int i = 0; i < 20'000; ++i) labels += "\"label" + std::to_string(i) + "\":{\"count\":2},";
    const ResultPayload classes =
        receive(open_data + R"("dataframe_rows":1,"prediction_stats":{"class_distribution":{)", labels, 1,
                "\"z\":1}}}}", 1 << 20);
    CHECK(classes.prediction_stats.at(0).class_distribution.size() == 256);
    CHECK(classes.prediction_stats[0].classes_total == 20'001);
    CHECK(classes.prediction_stats[0].other_count == (20'000 - 256) * 2 + 1);
}

TEST_CASE("ReceiverOptions: max_kept_bytes bounds all kept cells, however many large ones there are", "[receive]") {
    std::string row = "{";
    for (int i = 0; i < 200; ++i)
        row += (i ? ",\"" : "\"") + std::to_string(i) + "\":\"" + std::string(2000, 'x') + "\"";
    row += "},";
    const ResultPayload result = receive(open_data + "\"dataframe\":[", row, 50, "{}]}}", 2 << 20,
                                         {.sample_rows = 40, .max_kept_bytes = 500'000});
    std::size_t kept = 0;
    for (const auto& cells : result.sample) {
        for (const auto& cell : cells) kept += cell.text.size();
    }
    CHECK(kept <= 510'000);
    CHECK(kept >= 400'000);
    CHECK(result.sample.size() < 40);
    CHECK(result.rows == 51);
    CHECK(result.truncation == std::vector<std::string>{"rows", "cells"});
}

TEST_CASE("ReceiverOptions: what a message says in one text is kept, whatever room is left and how much there is",
          "[receive]") {
    const std::string failure =
        R"({"data":{"dataframe":[{"a":"0123456789"}]},"success":false,"error":"no such model"})";
    for (const std::size_t room : {std::size_t{0}, std::size_t{1}, std::size_t{100}, SIZE_MAX})
        CHECK(curtail::parse_result(failure, {.max_kept_bytes = room}).error == "no such model");
    const std::string result = open_data + R"("dataframe":[{"a":"0123456789"}],"output_file":"/f.csv"}})";
    CHECK(curtail::parse_result(result, {.max_kept_bytes = 0}).output_file == "/f.csv");
    CHECK(curtail::parse_result(result, {.max_kept_bytes = 0}).rows == 1);
    CHECK(curtail::parse_result(result, {.max_kept_bytes = SIZE_MAX}).sample.at(0).at(0).text == "0123456789");
}

TEST_CASE("ReceiverOptions: a name that there is no room for hides nothing behind it", "[receive]") {
    for (const char* key : {"prediction_column", "dataframe_columns", "columns", "truncation", "notes"}) {
        for (const std::size_t room : {std::size_t{0}, std::size_t{100}}) {
            INFO(key << ", room for " << room << " bytes");
            const ResultPayload result = curtail::parse_result(
                open_data + "\"" + key + R"(":"p","dataframe_rows":7,"predictions_count":7,"output_bytes":70}})",
                {.max_kept_bytes = room});
            CHECK(result.rows == 7);
            CHECK(result.predictions_count == 7);
            CHECK(result.output_bytes == 70U);
            if (key == std::string("columns") || key == std::string("dataframe_columns")) {
                CHECK(result.columns_total == 1);
            }
        }
    }
    const std::string table =
        R"("dataframe":{"schema":{"primaryKey":"i","fields":[{"name":"i"},{"name":"a"}]},"data":[]})";
    CHECK(curtail::parse_result(open_data + table + "}}", {.max_kept_bytes = 0}).columns_total >= 1);
}

TEST_CASE("ReceiverOptions: max_kept_bytes bounds names, labels, bins and cut cells as well", "[receive]") {
    const std::string name(1000, 'n');
    std::string labels = "{\"class_distribution\":{\"x\":1";
    for (int i = 0; i < 300; ++i) labels += ",\"" + std::to_string(i) + name + "\":1";
    const ResultPayload stats =
        receive(open_data + R"("dataframe_rows":1,"prediction_stats":[)", labels + "}},", 50, R"({}]}})", 10 << 20);
    CHECK(stats.prediction_stats.size() == 51);
    CHECK(stats.prediction_stats[49].classes_total == 301);
    CHECK(stats.prediction_stats[49].other_count == 301);
    CHECK(stats.truncation == std::vector<std::string>{"stats"});

    std::string bins = R"({"histogram":{"low":0,"high":1,"counts":[0)";
    for (int i = 0; i < 1000; ++i) bins += ",1";
    const ResultPayload histograms = receive(open_data + R"("dataframe_rows":1,"prediction_stats":[)", bins + "]}},",
                                             200, "{}]}}", 1 << 20, {.max_kept_bytes = 100'000});
    CHECK(histograms.prediction_stats[0].histogram.has_value());
    CHECK(histograms.prediction_stats.size() == 64);
    CHECK_FALSE(histograms.prediction_stats[63].histogram.has_value());

    const ResultPayload names = receive(open_data + R"("dataframe_rows":1,"dataframe_columns":[)", "\"" + name + "\",",
                                        100, R"("z"]}})", 128 << 10, {.max_kept_bytes = 20'000});
    CHECK(names.columns.size() < 25);
    CHECK(names.columns_total == 101);
    const ResultPayload cut =
        receive(open_data + R"("dataframe_rows":1,"cells_truncated":[)", R"({"column":")" + name + "\"},", 500, "{}]}}",
                128 << 10, {.max_kept_bytes = 20'000});
    CHECK(cut.cells_truncated.size() < 25);
    CHECK(cut.cells_truncated_total == 501);
}
