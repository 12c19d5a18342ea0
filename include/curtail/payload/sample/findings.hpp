// SPDX-License-Identifier: MIT
#pragma once
// What was found in a table, as far as its message can say it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/payload/sample/row_selection.hpp>
#include <curtail/statistics/prediction_statistics.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

struct Findings {
    // `limit` is that of the message. Throws UsageError (invalid_option) if there is no prediction to choose rows by.
    Findings(const Schema& schema, const PayloadOptions& options, std::size_t limit)
        : sample(schema, options.sample_rows, limit),
          statistics(schema.prediction_count(), PredictionStatistics(options.statistics)) {
        if (options.sample_strategy != SampleStrategy::head) {
            selection.emplace(schema, options.sample_strategy, options.sample_seed, options.sample_rows, limit, sample);
        }
    }

    std::uint64_t rows = 0;
    FirstRows sample;
    std::optional<RowSelection> selection;  // unless the sample is the first rows
    std::vector<PredictionStatistics> statistics;
};

}  // namespace curtail::inline v0::detail
