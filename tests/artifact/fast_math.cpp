// SPDX-License-Identifier: MIT
// Compiled with -O3 -ffast-math, which lets the compiler assume that there is no NaN and no infinity. There are
// all the same: in tables, in the file, in messages. So curtail tells them by their bits or their text, and file,
// message, statistics and receiver have what they have without the flag. A program of its own, because the flag holds
// for a whole program.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/receive/result_receiver.hpp>
#include <curtail/render/render.hpp>
#include <curtail/statistics/prediction_statistics.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/number_of.hpp>
#include <curtail/table/with_prediction.hpp>

namespace {

int failures = 0;

void expect(bool holds, const char* what) {
    if (!holds) {
        std::printf("wrong: %s\n", what);
        ++failures;
    }
}

void expect_text(std::string_view text, std::string_view part, const char* what) {
    expect(text.find(part) != std::string_view::npos, what);
}

struct Output {
    std::string* bytes;
    void write(std::span<const char> more) { bytes->append(more.data(), more.size()); }
    void commit() {}
    void abort() noexcept {}
};

// NaN of both signs, the infinities, 1.
const std::uint64_t doubles[] = {0x7FF8000000000000U, 0xFFF800000000BEEFU, 0x7FF0000000000000U, 0xFFF0000000000000U,
                                 0x3FF0000000000000U};
const std::uint32_t floats[] = {0x7FC00000U, 0xFFC00001U, 0x7F800000U, 0xFF800000U, 0x3F800000U};

template <class Table>
std::string message_of(Table table, std::string& file) {
    return curtail::ResultPayloadBuilder("job", {}).build(std::move(table), curtail::CsvSink(Output{&file})).message();
}

void check_columns() {
    std::vector<double> wide(5);
    std::memcpy(wide.data(), doubles, sizeof doubles);
    std::vector<float> narrow(5);
    std::memcpy(narrow.data(), floats, sizeof floats);
    std::string file;
    const std::string message =
        message_of(curtail::with_prediction(curtail::columns(curtail::column("f", narrow), curtail::column("d", wide)),
                                            curtail::last_column),
                   file);
    expect(file == "f,d\nNaN,NaN\nNaN,NaN\ninf,inf\n-inf,-inf\n1.0,1.0\n", "file of doubles and floats");
    expect_text(message, R"("predictions_sample":[null,null,null,null,1.0])", "sample of doubles");
    expect_text(message, R"([{"f":null},{"f":null},{"f":null},{"f":null},{"f":1.0}])", "sample of floats");
    expect_text(message, R"("n_rows":5,"n_null":2,"mean":null,"std":null,"min":null,"max":null,"median":1.0)",
                "statistics in the message");
}

void check_matrices() {
    std::vector<double> wide(5);
    std::memcpy(wide.data(), doubles, sizeof doubles);
    std::vector<float> narrow(5);
    std::memcpy(narrow.data(), floats, sizeof floats);
    std::string file;
    const auto table = curtail::with_prediction(curtail::matrix(narrow, {"f"}, {.nan_as_null = true}),
                                                curtail::matrix(wide, {"d"}, {.nan_as_null = true}));
    const std::string message = message_of(table, file);
    expect(file == "f,d\n,\n,\ninf,inf\n-inf,-inf\n1.0,1.0\n", "file of matrices whose NaN are nulls");
    expect_text(message, R"("n_rows":5,"n_null":2)", "statistics of a matrix whose NaN are nulls");
}

void check_sample() {
    const std::vector<double> zeros = {-0.0, 0.0, -0.0};
    std::string file;
    const auto result =
        curtail::ResultPayloadBuilder("job", {.sample_strategy = curtail::SampleStrategy::highest_predictions})
            .build(curtail::with_prediction(curtail::columns(curtail::column("p", zeros)), "p"),
                   curtail::CsvSink(Output{&file}));
    expect(result.payload().sample_row_numbers == std::vector<std::uint64_t>{0, 1, 2}, "order of equal predictions");
}

void check_text_input() {
    const auto read = [at = std::string_view("x,p\nNaN,nan\nInf,inf\n+1,-Infinity\n.5,1e400\nNan,0.25\n")](
                          std::span<char> room) mutable {
        const std::size_t size = at.copy(room.data(), room.size());
        at.remove_prefix(size);
        return size;
    };
    std::string file;
    const std::string message =
        message_of(curtail::with_prediction(curtail::CsvInput(read), curtail::last_column), file);
    expect(file == "x,p\nNaN,nan\nInf,inf\n+1,-Infinity\n.5,1e400\nNan,0.25\n", "file of a text input");
    expect_text(message, R"("predictions_sample":[null,null,null,"1e400",0.25])", "sample of a text input");
    expect_text(message, R"("n_rows":5,"n_null":1,"mean":null,"std":null,"min":null,"max":null,"median":null)",
                "statistics of a text input");
}

void check_statistics() {
    curtail::PredictionStatistics none;
    expect(none.result() == curtail::PredictionStats(), "statistics of nothing");
    std::vector<double> values(300'000, 2.0);
    values[1] = 4.0;
    std::memcpy(&values[7], doubles, sizeof(double));
    curtail::PredictionStatistics many;
    many.add_all(values);
    const curtail::PredictionStats stats = many.result();
    expect(stats.n_null == 1 && stats.min == 2.0 && stats.max == 4.0 && stats.median == 2.0, "statistics of many");
    expect(stats.histogram && stats.histogram->low == 2.0 && stats.histogram->high == 4.0, "histogram of many");
    std::memcpy(&values[8], doubles + 2, sizeof(double));
    curtail::PredictionStatistics infinite;
    infinite.add_all(values);
    const curtail::PredictionStats some = infinite.result();
    expect(!some.mean && !some.std && !some.max && some.min == 2.0 && some.n_null == 1, "statistics with an infinity");
    curtail::PredictionStatistics whole;
    for (std::int64_t i = 0; i < 1000; ++i) whole.add(INT64_C(1'700'000'000'000'000'000) + i);
    const curtail::PredictionStats large = whole.result();
    expect(large.std && *large.std > 288.8194 && *large.std < 288.8195, "deviation of large integers");
    expect(large.max && large.max->text() == "1700000000000000999", "maximum of large integers");
    const std::optional<double> word = curtail::read_number("-inf");
    std::uint64_t bits = 0;
    if (word) std::memcpy(&bits, &*word, sizeof bits);
    expect(bits == doubles[3], "read_number");
}

void check_receiver() {
    curtail::ResultReceiver receiver;
    receiver.feed(
        R"({"type":"result","job_id":"j","success":true,"data":{"predictions_sample":[NaN,-Infinity,Infinity,1.5],)"
        R"("predictions_count":4,"dataframe_sample":[{"a":NaN},{"a":Infinity},{"a":-Infinity},{"a":1e999}],)"
        R"("dataframe_rows":4,"dataframe_columns":["a"],"output_file":"/f.csv","prediction_column":"p",)"
        R"("prediction_stats":{"n_rows":4,"n_null":1,"mean":NaN,"std":Infinity,"min":-Infinity,"max":1e999}}})");
    const curtail::ResultPayload payload = receiver.finish();
    expect(payload.predictions_sample.size() == 4 && payload.predictions_sample[0][0].text == "NaN" &&
               payload.predictions_sample[1][0].text == "-Infinity" && payload.predictions_sample[3][0].text == "1.5",
           "predictions of a message");
    expect(
        payload.sample.size() == 4 && payload.sample[1][0].text == "Infinity" && payload.sample[3][0].text == "1e999",
        "cells of a message");
    expect(payload.prediction_stats.size() == 1, "statistics of a message");
    const curtail::PredictionStats& stats = payload.prediction_stats[0];
    expect(!stats.mean && !stats.std && !stats.min && !stats.max, "numbers that are none");
    expect_text(curtail::render_text(payload), "1.5", "rendering");
}

}  // namespace

int main() {
    check_columns();
    check_matrices();
    check_sample();
    check_text_input();
    check_statistics();
    check_receiver();
    return failures == 0 ? 0 : 1;
}
