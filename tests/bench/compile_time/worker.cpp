// SPDX-License-Identifier: MIT
#include <curtail/worker.hpp>

#include <string>
#include <vector>

std::string publish(const std::vector<int>& ages, const std::vector<double>& scores);

std::string publish(const std::vector<int>& ages, const std::vector<double>& scores) {
    const auto table =
        curtail::with_prediction(curtail::columns(curtail::column("age", ages)), curtail::column("score", scores));
    return curtail::ResultPayloadBuilder("job_1").build(table, curtail::CsvSink("predictions.csv")).message();
}
