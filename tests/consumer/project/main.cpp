// SPDX-License-Identifier: MIT
// A program that needs every dependency: it writes a CSV file, reads it back, and makes a JSON value of a message.
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
    const std::vector<double> scores = {0.25, 0.75};
    const auto table = curtail::columns(curtail::column("score", scores));
    curtail::CsvSink sink(path);
    sink.open(table.schema());
    sink.append(table);
    curtail::ResultPayload payload;
    payload.rows = sink.finish().rows;
    if (curtail::payload_to_json<nlohmann::json>(payload)["dataframe_rows"] != 2) return EXIT_FAILURE;

    curtail::CsvInput input(path);
    std::size_t rows = 0;
    while (const auto* batch = input.next()) rows += batch->rows();
    return rows == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
