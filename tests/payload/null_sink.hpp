// SPDX-License-Identifier: MIT
#pragma once
// A sink that keeps nothing.

#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/artifact/artifact_sink.hpp>

struct NullSink {
    std::string path = "/data/out.csv";
    std::uint64_t rows = 0;

    [[nodiscard]] std::string_view location() const { return path; }
    [[nodiscard]] std::string_view format() const { return "csv"; }
    [[nodiscard]] std::uint64_t bytes_written() const { return rows; }
    void open(const curtail::Schema&) {}
    template <curtail::Table T>
    void append(const T& batch) {
        rows += curtail::rows_of(batch);
    }
    curtail::ArtifactInfo finish() { return {path, "csv", rows, rows}; }
    void abort() noexcept {}
};
