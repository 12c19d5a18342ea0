// SPDX-License-Identifier: MIT
// A program that needs every dependency: it reads a CSV file and makes a JSON value of a message. It includes little,
// because it is compiled once for each way to get curtail.
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include <curtail/payload/payload_json.hpp>
#include <curtail/table/csv_input.hpp>

int main(int argc, char** argv) {
    if (argc != 2) return EXIT_FAILURE;
    const std::string path = argv[1];
    std::ofstream(path) << "score\n0.25\n0.75\n";
    curtail::CsvInput input(path);
    curtail::ResultPayload payload;
    while (const auto* batch = input.next()) payload.rows += batch->rows();
    return curtail::payload_to_json<nlohmann::json>(payload)["dataframe_rows"] == 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
