// SPDX-License-Identifier: MIT
// libFuzzer target: any bytes are read or refused in pieces, whose sizes the bytes determine, as in one piece, as one
// message and as a stream of them, and what is kept stays small. Build: clang++ -fsanitize=fuzzer,address,undefined
#include <curtail/receive/result_receiver.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "input.hpp"

namespace {

struct Outcome {
    curtail::ResultPayload payload;
    std::optional<curtail::ErrorCode> error;
    std::uint64_t offset = 0;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

constexpr curtail::ReceiverOptions options{.sample_rows = 3,
                                           .max_columns = 4,
                                           .max_cell_bytes = 16,
                                           .max_name_bytes = 32,
                                           .max_text_bytes = 32,
                                           .max_classes = 2,
                                           .max_kept_bytes = 2048,
                                           .max_depth = 8};

// Reads the text in one piece if `whole`, otherwise in pieces of 1 to 64 bytes.
Outcome read(std::string_view text, bool whole) {
    Outcome outcome;
    curtail::ResultReceiver receiver(options);
    try {
        std::uint32_t state = static_cast<std::uint32_t>(text.size());
        while (!text.empty()) {
            state = (state ^ static_cast<unsigned char>(text.front())) * 16777619U;
            const std::string_view piece = whole ? text : text.substr(0, 1 + (state >> 16U) % 64U);
            receiver.feed(piece);
            text.remove_prefix(piece.size());
        }
        outcome.payload = receiver.finish();
    } catch (const curtail::MessageError& error) {
        outcome.error = error.code();
        outcome.offset = error.offset();
        outcome.payload = receiver.partial();
    }
    return outcome;
}

// Reads the text as a stream of messages. Returns those before the first error, and how many bytes were taken.
std::vector<Outcome> read_stream(std::string_view text, bool whole) {
    std::vector<Outcome> outcomes;
    curtail::ResultReceiver receiver(options);
    std::uint64_t taken = 0;
    try {
        std::uint32_t state = static_cast<std::uint32_t>(text.size());
        while (!text.empty()) {
            state = (state ^ static_cast<unsigned char>(text.front())) * 16777619U;
            std::string_view piece = whole ? text : text.substr(0, 1 + (state >> 16U) % 64U);
            text.remove_prefix(piece.size());
            while (!piece.empty()) {
                const std::size_t size = receiver.feed_some(piece);
                require(size <= piece.size());
                require(size == piece.size() || receiver.complete());
                piece.remove_prefix(size);
                taken += size;
                if (receiver.complete()) outcomes.push_back({receiver.take(), std::nullopt, taken});
            }
        }
        outcomes.push_back({receiver.partial(), std::nullopt, taken});
    } catch (const curtail::MessageError& error) {
        outcomes.push_back({receiver.partial(), error.code(), error.offset()});
    }
    return outcomes;
}

constexpr std::string_view message =
    R"({"type":"result","job_id":"j","success":true,"data":{"predictions_sample":[1,"b"],"predictions_count":9,)"
    R"("dataframe_sample":[{"a":1},{"a":"x\u20ac"}],"dataframe_rows":9,"dataframe_columns":["a"],"truncated":true,)"
    R"("truncation":["rows","parts"],"cells_truncated":[{"row":1,"column":"a","bytes":70}],"prediction_column":"p",)"
    R"("prediction_stats":{"n_rows":9,"histogram":{"low":0,"high":1,"counts":[4,5]},"class_distribution":{"b":{"count":9,)"
    R"("percentage":100}},"class_counts_are_lower_bounds":true},"output_bytes":10,"output_uncompressed_bytes":70,)"
    R"("output_attachable":true,"output_parts":[{"file":"a","rows":4,"bytes":5,"host":"n"},{"file":"b","rows":5,)"
    R"("bytes":5,"sha256":"ab"}],"output_parts_total":4,"parts_missing":[3,7],"parts_missing_total":2,)"
    R"("sample_strategy":"page","sample_row_numbers":[7,8],"notes":["n"]}})";

// What is kept is small, and what is missing never looks complete.
void check(const curtail::ResultPayload& payload) {
    std::size_t kept = 0;
    for (const auto& row : payload.sample) {
        require(row.size() == payload.columns.size());
        for (const auto& cell : row) kept += cell.text.size();
    }
    require(kept <= 2048 + 16 * 4 * 3 && payload.sample.size() <= 3);
    require(payload.output_parts.size() * sizeof(curtail::OutputPart) <= 2048 + sizeof(curtail::OutputPart));
    require(payload.output_parts.size() <= payload.output_parts_total.value_or(0));
    require(payload.parts_missing.size() <= 32 && payload.parts_missing.size() <= payload.parts_missing_total);
    require(payload.parts_missing_total == 0 || payload.truncated);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = bytes_of(data, size);
    const Outcome whole = read(text, true);
    require(read(text, false) == whole);
    require(read_stream(text, true) == read_stream(text, false));
    check(whole.payload);
    // The same as the members of a result's data.
    const std::string result = R"({"success":true,"data":{"dataframe_rows":9,)" + std::string(text) + "}}";
    const Outcome of_data = read(result, true);
    require(read(result, false) == of_data);
    check(of_data.payload);
    // The same in place of some bytes of a message that has every kind of list.
    if (text.size() < 3) return 0;
    const std::size_t at = (data[0] * std::size_t{256} + data[1]) % message.size();
    const std::string changed = std::string(message.substr(0, at)) + std::string(text.substr(3)) +
                                std::string(message.substr((std::min)(message.size(), at + data[2] % 64U)));
    const Outcome of_changed = read(changed, true);
    require(read(changed, false) == of_changed);
    check(of_changed.payload);
    return 0;
}
