// SPDX-License-Identifier: MIT
#pragma once
// The sizes of types that hold others, for two translation units to compare.

#include <array>
#include <cstddef>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/table/schema.hpp>

using Sizes = std::array<std::size_t, 5>;

static Sizes sizes_here() {
    return {sizeof(curtail::CsvSink<>), sizeof(curtail::CsvSinkOptions), sizeof(curtail::Schema), sizeof(curtail::Cell),
            sizeof(curtail::ResultPayload)};
}
