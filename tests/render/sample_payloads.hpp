// SPDX-License-Identifier: MIT
#pragma once
// Payloads to render: friendly ones for the golden outputs, hostile ones for the guarantees.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/payload/result_payload.hpp>

namespace samples {

using curtail::ResultPayload;
using Kind = curtail::SampleCell::Kind;

inline curtail::SampleCell text(std::string value) {
    return {Kind::text, std::move(value)};
}
inline curtail::SampleCell number(std::string value) {
    return {Kind::number, std::move(value)};
}

inline const std::string family = "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
inline const std::string flag = "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA";

// The texts that names and cells of one payload are made of.
inline const std::vector<std::vector<std::string>> alphabets = {
    {"alpha", "b", "some longer words here", "x_1", "Z-9"},
    {"\xE6\x9D\xB1\xE4\xBA\xAC",
     "\xE5\xA4\xA7\xE9\x98\xAA\xE5\xBA\x9C\xE5\xA4\xA7\xE9\x98\xAA\xE5\xB8\x82\xE5\x8C\x97\xE5\x8C\xBA",
     "\xEA\xB0\x80\xEB\x82\x98", "\xEF\xBC\xA1"},
    {family, family + family + family + family + family + family + family, flag + flag + flag,
     "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD ok"},
    {"\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D",
     "\xD9\x85\xD8\xB1\xD8\xAD\xD8\xA8\xD8\xA7 \xD8\xA8\xD9\x83\xD9\x85 "
     "\xD8\xAC\xD9\x85\xD9\x8A\xD8\xB9\xD8\xA7"},
    {"<b>bold</b>",     "</pre><script>", "```",     "`a``b```c", "| x | y |",   "&lt;&amp;", "*_~[x](http://x)~_*",
     "\\`\\",           "![i](u)",        "# h",     "    four",  "a ``````` b", "</code>",   "\"q\"",
     "www.example.com", "<http://x>",     "- [ ] t", "&#60;",     " `",          "` ",        "@all a@b.org"},
    {"\x1B[31mred\x1B[0m", "two\nlines\r\nand\ttab", "\xE2\x80\xAEreversed", "\xE2\x81\xA6iso\xE2\x81\xA9",
     "a\xE2\x80\x8B"
     "b",
     std::string("nul\0", 4), "\xCC\x81mark", "\xFF\xFE", "\xE2\x80\xA8",
     "\xC2\x9B"
     "1m"},
};

inline curtail::PredictionStats statistics(std::uint64_t rows) {
    curtail::PredictionStats stats;
    stats.n_rows = rows;
    stats.mean = 0.50312;
    stats.std = 0.28871;
    stats.min = 0.0012;
    stats.max = 0.99999;
    stats.median = 0.5;
    stats.histogram = curtail::Histogram{0, 1, {5, 20, 90, 300, 700, 900, 800, 400, 200, 90, 10, 0, 0, 1}};
    return stats;
}

// Returns a payload of `rows` x `columns` whose texts are of one alphabet; every third column has numbers.
inline ResultPayload made_of(const std::vector<std::string>& alphabet, std::size_t rows, std::size_t columns) {
    ResultPayload payload;
    payload.job_id = "job_0123456789ab";
    payload.rows = 1'234'567;
    payload.predictions_count = payload.rows;
    payload.columns_total = columns;
    const auto word = [&](std::size_t i) { return alphabet[i % alphabet.size()]; };
    for (std::size_t c = 0; c < columns; ++c)
        payload.columns.push_back(word(c) + (c % 2 == 0 ? "" : std::to_string(c)));
    payload.prediction_columns = {word(columns + 1)};
    for (std::size_t r = 0; r < rows; ++r) {
        curtail::SampleRow row;
        for (std::size_t c = 0; c < columns; ++c) {
            row.push_back(c % 3 == 2 ? number(std::to_string(r * 1000 + c) + ".25") : text(word(r + c) + word(r * c)));
        }
        payload.sample.push_back(std::move(row));
        payload.predictions_sample.push_back({number("0." + std::to_string(r + 1))});
    }
    payload.prediction_stats = {statistics(payload.rows)};
    payload.output_file = "/data/predictions_job_0123456789ab.csv";
    payload.output_format = "csv";
    payload.output_bytes = 1'234'567'890;
    payload.truncated = true;
    payload.truncation = {"rows"};
    return payload;
}

// Returns a result as a worker would send it.
inline ResultPayload customers() {
    ResultPayload payload = made_of(alphabets[0], 0, 0);
    payload.job_id = "job_3f2a9c11d0be";
    payload.columns = {"age", "city", "income"};
    payload.columns_total = 3;
    payload.prediction_columns = {"prediction"};
    const char* cities[] = {"Berlin", "\xE6\x9D\xB1\xE4\xBA\xAC", "S\xC3\xA3o Paulo", "Z\xC3\xBCrich", "Oslo"};
    for (int i = 0; i < 10; ++i) {
        payload.sample.push_back({number(std::to_string(20 + 7 * i)), text(cities[i % 5]),
                                  i == 3 ? curtail::SampleCell{} : number(std::to_string(31000 + 1713 * i) + ".5")});
        payload.predictions_sample.push_back({number("0." + std::to_string(73129 * (i + 1)))});
    }
    payload.output_file = "/data/jobs/predictions_job_3f2a9c11d0be.csv";
    return payload;
}

// Returns a wide result with classes, parts of it cut.
inline ResultPayload churn() {
    ResultPayload payload = made_of(alphabets[0], 4, 57);
    payload.columns_total = 2000;
    for (std::size_t c = 0; c < payload.columns.size(); ++c) payload.columns[c] = "feature_" + std::to_string(c);
    payload.prediction_columns = {"churn"};
    const char* labels[] = {"stays", "leaves", "stays", "unsure"};
    for (std::size_t r = 0; r < 4; ++r) payload.predictions_sample[r] = {text(labels[r])};
    curtail::PredictionStats stats;
    stats.n_rows = payload.rows;
    stats.n_null = 12;
    stats.class_distribution = {{"stays", 740'733, 60.0}, {"leaves", 493'810, 39.999}, {"unsure", 12, 0.001}};
    stats.classes_total = 3;
    payload.prediction_stats = {stats};
    payload.truncation = {"rows", "columns", "cells"};
    payload.cells_truncated = {{0, "feature_1", 1'200'000'000}, {2, "feature_4", 5000}};
    payload.cells_truncated_total = 2;
    payload.notes = {"1,943 columns are not in the message"};
    return payload;
}

// Returns a table that twelve workers wrote.
inline ResultPayload in_parts() {
    ResultPayload payload = customers();
    payload.output_file = "/data/jobs/predictions_job_3f2a9c11d0be";
    payload.output_bytes = 5'600'000'000;
    payload.output_parts_total = 12;
    for (int part = 0; part < 12; ++part) {
        payload.output_parts.push_back({"part-000" + std::to_string(10 + part) + ".csv", 102'880, 466'666'666, {}, {}});
    }
    return payload;
}

// Returns the same with two parts missing, and with class counts that are lower bounds.
inline ResultPayload with_missing_parts() {
    ResultPayload payload = in_parts();
    payload.output_parts.resize(10);
    payload.parts_missing = {3, 7};
    payload.parts_missing_total = 2;
    payload.truncation = {"rows", "parts"};
    payload.prediction_stats[0].class_distribution = {{"Berlin", 4000, 0.4}, {"Oslo", 900, 0.1}};
    payload.prediction_stats[0].classes_total = 20'013;
    payload.prediction_stats[0].other_count = 1'229'667;
    payload.prediction_stats[0].class_counts_are_lower_bounds = true;
    return payload;
}

// Returns a table whose parts have no directory in common.
inline ResultPayload on_machines() {
    ResultPayload payload = in_parts();
    payload.output_file.clear();
    payload.output_parts_total = 3;
    payload.output_parts.resize(3);
    for (std::size_t part = 0; part < 3; ++part) {
        payload.output_parts[part].file = "/scratch/part-0000" + std::to_string(part) + ".csv";
        payload.output_parts[part].host = part == 1 ? "node-2" : "node-1";
    }
    return payload;
}

// Returns ten rows from the middle of a table, of which a compressed file has all.
inline ResultPayload page() {
    ResultPayload payload = customers();
    payload.rows = payload.predictions_count = 10'320'000;
    payload.prediction_stats.clear();
    payload.sample_strategy = "page";
    for (std::uint64_t row = 9'000'000; row < 9'000'010; ++row) payload.sample_row_numbers.push_back(row);
    payload.output_file += ".gz";
    payload.output_format = "csv.gz";
    payload.output_bytes = 80'000'000;
    payload.output_uncompressed_bytes = 312'000'000;
    payload.output_attachable = false;
    return payload;
}

inline ResultPayload failed() {
    ResultPayload payload;
    payload.form = ResultPayload::Form::failure;
    payload.job_id = "job_3f2a9c11d0be";
    payload.error =
        "Traceback (most recent call last):\n  File \"worker.py\", line 12, in <module>\n"
        "ValueError: could not convert string to float: 'abc'\n";
    return payload;
}

inline ResultPayload heartbeat() {
    ResultPayload payload;
    payload.form = ResultPayload::Form::other;
    payload.type = "heartbeat";
    return payload;
}

inline ResultPayload saving() {
    ResultPayload payload;
    payload.form = ResultPayload::Form::progress;
    payload.job_id = "job_3f2a9c11d0be";
    payload.progress = {"saving", 42.5, "512 MB of 1.2 GB"};
    return payload;
}

}  // namespace samples
