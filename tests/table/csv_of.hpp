// SPDX-License-Identifier: MIT
#pragma once
// The CSV file of a table or a stream, as text.

#include <string>
#include <utility>

#include <curtail/artifact/csv_sink.hpp>

#include "artifact/memory_output.hpp"

template <class Source>
std::string csv_of(Source&& source) {
    MemoryOutput output;
    const auto kept = output.kept;
    curtail::CsvSink sink(std::move(output));
    sink.open(source.schema());
    if constexpr (requires { source.next(); }) {
        while (const auto* batch = source.next()) sink.append(*batch);
    } else {
        sink.append(source);
    }
    static_cast<void>(sink.finish());
    return kept->bytes;
}
