// SPDX-License-Identifier: MIT
#pragma once
// Makes what a summary says of a small part.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/pack/sealed.hpp>
#include <curtail/payload/part/fit_part.hpp>
#include <curtail/payload/part/part_content.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/table/columns.hpp>

namespace content_maker {

inline curtail::detail::PartHead head_of(std::size_t number, std::size_t of, std::size_t rows) {
    return {.artifact = {.path = "/data/predictions_job_1/part-" + std::to_string(number) + ".csv",
                         .format = "csv",
                         .rows = rows,
                         .bytes = 10 * rows},
            .host = {},
            .job_id = "job_1",
            .place = {.number = number, .of = of}};
}

// Returns part `number` of `of` with one text, which counts from `first_row` on, and one prediction, for each row.
inline curtail::detail::PartContent content_of(std::size_t number, std::size_t of, std::size_t rows,
                                               std::size_t first_row = 0) {
    curtail::detail::PartContent part;
    part.head = head_of(number, of, rows);
    part.first_row = first_row;
    part.features_total = 1;
    part.features.push_back({"text", {}});
    part.predictions.push_back({"score", {}});
    part.statistics.resize(1);
    std::vector<std::string> texts;
    std::vector<double> scores;
    for (std::size_t row = first_row; row < first_row + rows; ++row) {
        texts.push_back("row " + std::to_string(row));
        scores.push_back(static_cast<double>(row) / 4);
        part.statistics[0].add(scores.back());
    }
    const auto table = curtail::columns(curtail::column("text", texts), curtail::column("score", scores));
    const curtail::Schema schema(table.schema().columns(), 1);
    part.names_hash = curtail::detail::hash_of_names(schema);
    curtail::detail::FirstRows sample(schema, part.options.sample_rows, part.options.max_bytes);
    sample.offer(curtail::detail::BatchView(table));
    for (auto& row : sample.take()) part.sample.push_back({{0, part.sample.size()}, std::move(row)});
    return part;
}

// Returns the bytes of its summary.
inline std::string summary_of(const curtail::detail::PartContent& part) {
    return curtail::detail::PartWriter(part.head, part).take();
}

}  // namespace content_maker
