// SPDX-License-Identifier: MIT
// A user's first program: predictions become a file and a message, and the file is read back.
#include <curtail/curtail.hpp>
#include <curtail/table/csv_input.hpp>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

int main(int argc, char** argv) {
    if (argc != 2) return EXIT_FAILURE;
    const std::string path = argv[1];
    const std::vector<int> ages = {22, 38};
    const std::vector<double> scores = {0.25, 0.75};

    const auto table =
        curtail::with_prediction(curtail::columns(curtail::column("age", ages)), curtail::column("prediction", scores));
    const auto result = curtail::ResultPayloadBuilder("job_1").build(table, curtail::CsvSink(path));
    if (!curtail::SizeGuard().accepts(result.message()) || result.data()["predictions_count"] != 2) return EXIT_FAILURE;

    const curtail::ResultPayload received = curtail::parse_result(result.message());
    if (received.rows != 2 || curtail::render_text(received).empty()) return EXIT_FAILURE;

    curtail::CsvInput input(path);
    std::size_t rows = 0;
    while (const auto* batch = input.next()) rows += batch->rows();
    return rows == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
