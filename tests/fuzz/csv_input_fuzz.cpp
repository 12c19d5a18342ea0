// SPDX-License-Identifier: MIT
// Feeds CsvInput any bytes: it must read them or throw InputError, and do the same however the bytes arrive.
// Build: clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -DCSV_IO_NO_THREAD -Iinclude
//        tests/fuzz/csv_input_fuzz.cpp
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/number_of.hpp>

#include "input.hpp"

namespace {

// All cells as one text, or "line N" of the error.
std::string outcome(std::string_view text, std::size_t step, const curtail::CsvInputOptions& options) {
    const auto read = [text, step](std::span<char> room) mutable {
        const std::size_t size = (std::min)({room.size(), step, text.size()});
        if (size != 0) std::memcpy(room.data(), text.data(), size);
        text.remove_prefix(size);
        return size;
    };
    try {
        curtail::CsvInput input(read, "text", options);
        std::string out;
        while (const auto* batch = input.next()) {
            for (std::size_t row = 0; row < batch->rows(); ++row) {
                curtail::visit_row(*batch, row, [&](const curtail::Cell& cell) {
                    out += static_cast<char>('A' + cell.index());
                    if (const auto* held = std::get_if<std::string_view>(&cell)) out += *held;
                    if (const auto* held = std::get_if<curtail::Verbatim>(&cell)) out += held->text;
                    if (curtail::number_of(cell).has_value()) out += '#';
                });
            }
        }
        return out;
    } catch (const curtail::InputError& error) {
        require(!std::string_view(error.what()).ends_with(": "));  // refused with a reason
        return "line " + std::to_string(error.line());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const curtail::CsvInputOptions options{.separator = ",;\t|"[data[0] % 4U],
                                           .max_record_bytes = 1U + data[0],
                                           .batch_rows = 1U + data[0] % 5U,
                                           .require_utf8 = data[0] % 3U == 0};
    const std::string_view text = bytes_of(data, size).substr(1);
    require(outcome(text, 1, options) == outcome(text, size, options));
    return 0;
}
