// SPDX-License-Identifier: MIT
// Calls every public function once, so that the object file holds them all: no_console.cmake asks it what they call.
// Nothing here is ever run.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "../table/arrow_structs.hpp"
#include "../table/dlpack_structs.hpp"
#include "every_header.hpp"

namespace symbols {

using namespace curtail;

struct Passenger {
    int age = 0;
    std::string city;
};

void all_of_core();
void all_of_core() {
    std::string text =
        detail::number_text(0.1) + detail::number_text(0.1F) + detail::number_text(1) + detail::number_text(2U);
    append_utf8(text, decode_utf8(text).code_point);
    text = to_valid_utf8(utf8_prefix(text, is_utf8(text) ? 1U : 2U));
    throw Error(ErrorCode::io_failed, text);
}

template <class Source>
void all_of_a_table(const Source& source) {
    CsvSink<> sink("predictions.csv", CsvSinkOptions{});
    sink.open(schema_of(source));
    sink.append(source);
    check_fits(schema_of(source), schema_of(RowSlice<Source>(source, 0, rows_of(source))));
    sink.append(RowSlice<Source>(source, 0, 1));
    if (sink.location().empty() || sink.bytes_written() == 0 || sink.rows_written() == 0) sink.abort();
    static_cast<void>(sink.finish());
}

template <class Stream>
void all_of_a_stream(Stream stream) {
    while (const auto* batch = stream.next()) all_of_a_table(*batch);
}

void all_of_table_and_artifact(const std::vector<double>& numbers, const std::vector<Passenger>& passengers);
void all_of_table_and_artifact(const std::vector<double>& numbers, const std::vector<Passenger>& passengers) {
    const auto by_column = columns(column("number", numbers));
    const auto by_row = rows(passengers, field("age", &Passenger::age), field("city", &Passenger::city));
    all_of_a_table(with_prediction(by_row, by_column, OnClash::suffix));
    const auto cells = [](std::span<Cell> row) {
        const Cell every_kind[] = {Null{}, true,           std::int64_t{1}, std::uint64_t{2}, 0.5F,
                                   0.5,    Decimal{"1.0"}, "text",          Bytes{},          Timestamp{},
                                   Date{}, TimeOfDay{},    Duration{},      Nested{},         Verbatim{}};
        row[0] = every_kind[row.size()];
        return row.empty();
    };
    const auto tuples = []() -> std::optional<std::tuple<int>> { return {}; };
    all_of_a_stream(with_prediction(generate(Schema{{"any", {}}}, cells), generate({"p"}, tuples)));
    std::string text = dtype_name(by_column.schema()[0].type) + detail::bytes_text(Bytes{});
    throw TableError(ErrorCode::invalid_schema, text);
}

void all_of_other_holders(const nlohmann::json& json, const float* numbers,
                          const std::map<std::string, std::vector<std::string>>& map);
void all_of_other_holders(const nlohmann::json& json, const float* numbers,
                          const std::map<std::string, std::vector<std::string>>& map) {
    all_of_a_table(records(json));
    all_of_a_table(records(json, {"a", "b"}));
    all_of_a_table(map_columns(map));
    all_of_a_table(map_columns(map, {"a"}));
    all_of_a_table(matrix(numbers, 2, 3, {"a", "b", "c"}, MatrixStrides{-3, 1}, {.nan_as_null = true}));
    all_of_a_table(column_major(numbers, 2, 3));
    all_of_a_table(matrix(std::span<const float>(numbers, 6)));
    all_of_a_table(tuples(std::vector<std::pair<int, std::string>>(), {"a", "b"}));
    all_of_a_table(with_prediction(row_major(numbers, 2, 3), "1"));
    all_of_a_stream(with_prediction(CsvInput("input.csv"), last_column));
    static_cast<void>(remove_formula_guard("'=1"));
}

void all_of_arrow(ArrowArrayStream stream, ArrowSchema schemas[2], ArrowArray arrays[2], const DLTensor& tensor);
void all_of_arrow(ArrowArrayStream stream, ArrowSchema schemas[2], ArrowArray arrays[2], const DLTensor& tensor) {
    // NOLINTBEGIN(performance-move-const-arg): they say who owns what
    all_of_a_stream(arrow_stream(std::move(stream)));
    all_of_a_table(arrow_batch(std::move(schemas[0]), std::move(arrays[0])));
    all_of_a_table(arrow_batch(ArrowLayout::take(std::move(schemas[1])), std::move(arrays[1])));
    // NOLINTEND(performance-move-const-arg)
    all_of_a_table(matrix(tensor, {"a"}));
}

void all_of_csv_input();
void all_of_csv_input() {
    all_of_a_stream(CsvInput("input.csv"));
    all_of_a_stream(CsvInput([](std::span<char>) { return std::size_t{0}; }));
}

void all_of_parts();
void all_of_parts() {
    const PartsDirectory parts("out", "job", PartsOptions{});
    CsvSink<PartFile> sink(parts.file(0, 1));
    sink.open(Schema());
    sink.finish_part([](const ArtifactInfo&) { return std::string(); });
    PartFile file = parts.file(0, 1);
    file.compressed_as("gz");
    if (file.committed() || file.location().empty()) file.commit();
    static_cast<void>(parts.missing(1));
    static_cast<void>(parts.summary(0));
    static_cast<void>(parts.finish(1, PartsCheck::contents));
    static_cast<void>(parts.published());
    static_cast<void>(parts.concatenate());
    PartMerger<> merger("job");
    static_cast<void>(merger.finish(parts));
    static_cast<void>(merger.finish(parts.as_one_file()));
#if __has_include(<libdeflate.h>) && __has_include(<openssl/evp.h>)
    CsvSink<GzipOutput<Sha256Output<PartFile>>> compressed(GzipOutput<Sha256Output<PartFile>>(parts.file(0, 1)));
    compressed.open(Schema());
    static_cast<void>(compressed.finish());
#endif
}

void all_of_publishing();
void all_of_publishing() {
    static_cast<void>(remove_stale_artifacts(artifact_path("out", artifact_name("job")), std::chrono::seconds(3600)));
    static_cast<void>(prune_artifacts("out", PruneOptions{}));
    AtomicFile file("predictions.csv");
    file.open_sidecar("-metadata.json");
    file.commit_with_sidecar(detail::csv_metadata(Schema(), CsvDialect(), ArtifactInfo(), file.name()));
#if __has_include(<openssl/evp.h>)
    CsvSink<Sha256File> sink("predictions.csv", {.metadata = true});
    sink.open(Schema());
    static_cast<void>(sink.finish());
#endif
#if __has_include(<libdeflate.h>)
    CsvSink<GzipFile> compressed("predictions.csv.gz", {.metadata = true});
    compressed.open(Schema());
    static_cast<void>(compressed.finish());
#endif
}

template <class Json>
void all_of_payload(const std::vector<double>& numbers) {
    const auto table = with_prediction(columns(column("number", numbers)), column("prediction", numbers));
    const ResultPayloadBuilder<Json> builder("job", PayloadOptions{});
    const SplitResult<Json> result = builder.build(table, CsvSink<>("predictions.csv", CsvSinkOptions{}));
    auto split = builder.start(table.schema(), CsvSink<>("predictions.csv", CsvSinkOptions{}));
    split.append(table);
    split.abort();
    static_cast<void>(split.finish());
    auto part = builder.start(table.schema(), CsvSink<>("part.csv", CsvSinkOptions{}));
    const PartSummary summary = part.finish_part();
    PartMerger<Json> merger("job", PayloadOptions{}, MergeOptions{});
    merger.add(summary);
    merger.add(PartSummary(summary.bytes()).bytes());
    if (merger.parts() != 1) throw PartsMissing({}, 1, 1);
    static_cast<void>(merger.finish());
    const SizeGuard guard;
    guard.check(result.data());
    guard.check(result.message());
    if (!guard.accepts(result.data()) || !guard.accepts(result.message())) throw PayloadTooLarge(2, 1);
    guard.check(failure_message("job", "why"));
    guard.check(progress_message("job", 50, "half"));
}
template void all_of_payload<nlohmann::ordered_json>(const std::vector<double>&);
template void all_of_payload<nlohmann::json>(const std::vector<double>&);

std::string all_of_receive_and_render(std::string_view message);
std::string all_of_receive_and_render(std::string_view message) {
    ResultReceiver receiver;
    receiver.feed(message);
    const ResultPayload payload = receiver.complete() ? receiver.finish() : receiver.partial();
    return render_text(payload) + render_markdown(payload) + render_telegram_html(try_parse_result(message).value()) +
           render_telegram_markdown_v2(parse_result(message)) + render_slack(payload);
}

}  // namespace symbols
