// SPDX-License-Identifier: MIT
// The receiver's half of python_oracle.py and result_receiver_oracle.py: reads the messages that Python wrote and
// writes down what it understood.
#include <curtail/core/text/hex.hpp>
#include <curtail/receive/result_receiver.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

std::string hex(std::string_view text) {
    std::string out = "=";
    curtail::detail::append_hex(out, text);
    return out;
}

void write_rows(std::ofstream& out, const char* name, const std::vector<curtail::SampleRow>& rows) {
    for (const curtail::SampleRow& row : rows) {
        out << name;
        for (const curtail::SampleCell& cell : row) out << ' ' << static_cast<int>(cell.kind) << hex(cell.text);
        out << '\n';
    }
}

}  // namespace

TEST_CASE("ResultReceiver: reads what Python wrote as Python reads it", "[.oracle][receive]") {
    const char* directory = std::getenv("CURTAIL_ORACLE_DIRECTORY");
    REQUIRE(directory != nullptr);
    std::mt19937_64 random(1);
    for (int number = 0;; ++number) {
        const std::string path = std::string(directory) + "/" + std::to_string(number) + ".json";
        std::ifstream input(path, std::ios::binary);
        if (!input) {
            REQUIRE(number > 0);
            break;
        }
        const std::string message{std::istreambuf_iterator<char>(input), {}};
        curtail::ResultReceiver receiver;
        for (std::size_t at = 0; at < message.size();) {
            const std::size_t size = (std::min)(message.size() - at, static_cast<std::size_t>(1 + random() % 50));
            receiver.feed(std::string_view(message).substr(at, size));
            at += size;
        }
        const curtail::ResultPayload payload = receiver.finish();
        std::ofstream out(path + ".read", std::ios::binary);
        out << "rows " << payload.rows << "\ncount " << payload.predictions_count << "\ncolumns";
        for (const std::string& column : payload.columns) out << ' ' << hex(column);
        out << "\nnotes " << payload.notes.size() << '\n';
        write_rows(out, "row", payload.sample);
        write_rows(out, "prediction", payload.predictions_sample);
        for (const curtail::OutputPart& part : payload.output_parts) {
            out << "part " << hex(part.file) << ' ' << part.rows << ' ' << part.bytes << ' ' << hex(part.host) << '\n';
        }
        if (payload.output_parts_total) out << "parts " << *payload.output_parts_total << '\n';
        if (payload.parts_missing_total > 0) {
            out << "missing " << payload.parts_missing_total;
            for (const std::uint64_t part : payload.parts_missing) out << ' ' << part;
            out << '\n';
        }
        for (const std::string& note : payload.notes) out << "note " << hex(note) << '\n';
    }
}
