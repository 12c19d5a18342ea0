// SPDX-License-Identifier: MIT
// Every block of C++ in README.md after the first, compiled and run. readme_blocks.py looks for each one here, word for
// word; what comes before a block is what README tells the reader to have, what comes behind is what README says of it.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/curtail.hpp>

enum class Risk { low, high };

template <>
struct curtail::cell_traits<Risk> {
    static std::string_view cell(const Risk& risk) { return risk == Risk::high ? "high" : "low"; }
};

namespace {

void expect(bool holds, const char* promise) {
    if (!holds) throw std::logic_error(promise);
}

std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Tables of "id" and "score", 3 rows each, some times over.
class Source {
  public:
    explicit Source(int batches) : left_(batches) {}
    auto* next() { return left_-- > 0 ? &batch_ : nullptr; }

  private:
    std::vector<int> id_{1, 2, 3};
    std::vector<double> score_{0.25, 0.5, 0.75};
    int left_;
    decltype(curtail::with_prediction(curtail::columns(curtail::column("id", std::declval<std::vector<int>&>())),
                                      curtail::column("score", std::declval<std::vector<double>&>()))) batch_ =
        curtail::with_prediction(curtail::columns(curtail::column("id", id_)), curtail::column("score", score_));
};

struct Socket {
    std::vector<std::string> sent;
    void write(const std::string& message) { sent.push_back(message); }
};

void show(std::uint64_t) {}

const std::vector<int> age{34, 58, 41};
const std::vector<double> scores{0.91, 0.08, 0.5};
const std::vector<Risk> risks{Risk::high, Risk::low, Risk::low};
const std::string job_id = "job_0123456789ab";

auto small_table() {
    return curtail::with_prediction(curtail::columns(curtail::column("age", age)), curtail::column("score", scores));
}

void owned_loop(const std::string& directory) {
    Source source(2);
    const std::stop_source thread;
    const std::stop_token stop = thread.get_token();
    // [block]
    curtail::PayloadOptions options{.sample_rows = 5, .stop_token = stop};  // a stopped split throws Cancelled
    options.on_progress = [](const curtail::SplitProgress& at) { show(at.rows_done); };
    const curtail::Schema schema({"id", "score"}, 1);  // the last column is the prediction
    auto split = curtail::ResultPayloadBuilder(job_id, options).start(schema, directory);
    while (const auto* batch = source.next()) split.append(*batch);  // a batch is any table with a prediction
    auto result = split.finish();  // publishes the file; without finish() nothing is published
    // [end]
    expect(result.payload().rows == 6, "all batches are in");
    expect(result.payload().sample.size() == 5, "the sample has as many rows as asked for");
    expect(content(result.payload().output_file).starts_with("id,score\n1,0.25\n"), "the file has them");
}

void several_predictions(const std::string& directory) {
    const auto table = curtail::columns(curtail::column("age", age));
    // [block]
    auto joined = curtail::with_prediction(table, curtail::column("score", scores), curtail::column("risk", risks));
    auto result = curtail::ResultPayloadBuilder(job_id).build(joined, directory, curtail::OnExists::replace);
    // [end]
    expect(content(result.payload().output_file) == "age,score,risk\n34,0.91,high\n58,0.08,low\n41,0.5,low\n",
           "the predictions are the last columns, and an enum is written by its labels");
    expect(result.payload().prediction_stats.at(1).class_distribution.at(0).label == "low", "statistics of each");
}

void dialects(const std::string& path) {
    // [block]
    curtail::CsvSink pandas(path + "/a", {.dialect = curtail::CsvDialect::pandas()});  // bytes of to_csv(index=False)
    curtail::CsvSink excel(path + "/b", {.dialect = curtail::CsvDialect::excel()});    // BOM, CRLF, no formula runs
    curtail::CsvSink other(path + "/c", {.dialect = {.separator = ';', .null_text = "NA", .decimal_comma = true}});
    // [end]
    const curtail::ResultPayloadBuilder builder(job_id);
    const auto table = small_table();
    expect(builder.build(table, std::move(pandas)).payload().rows == 3, "three rows");
    expect(builder.build(table, std::move(excel)).payload().rows == 3, "three rows");
    expect(builder.build(table, std::move(other)).payload().rows == 3, "three rows");
    expect(content(path + "/a") == "age,score\n34,0.91\n58,0.08\n41,0.5\n", "pandas");
    expect(content(path + "/b")
               .starts_with("\xEF\xBB\xBF"
                            "age,score\r\n"),
           "excel");
    expect(content(path + "/c").ends_with("41;0,5\n"), "a decimal comma");
}

void guard() {
    const nlohmann::json json = {{"type", "heartbeat"}};
    const std::string text = json.dump();
    // [block]
    curtail::SizeGuard guard{.max_bytes = 500'000, .encoding = curtail::Encoding::base64};  // as it is carried
    if (!guard.accepts(json)) throw std::length_error("too large to send");  // or guard.check(json): PayloadTooLarge
    // [end]
    expect(guard.accepts(text), "a text is accepted as its JSON is");
    expect(!curtail::SizeGuard{.max_bytes = text.size()}.accepts(text), "the limit itself is too large");
}

void failures(const std::string& directory) {
    Socket socket;
    const auto table = small_table();
    const auto cause = [&] {
        // [block]
        try {
            socket.write(curtail::ResultPayloadBuilder(job_id).build(table, directory).message());
        } catch (const curtail::Error& error) {  // "[curtail.no_space] …": what, where, and the cure
            socket.write(curtail::failure_message(job_id, error.what()));
            if (!error.permanent()) throw;  // the same job may succeed later
        }
        // [end]
    };
    cause();
    cause();
    curtail::ResultReceiver receiver;
    receiver.feed(socket.sent.back());
    expect(receiver.finish().error.starts_with("[curtail.artifact_exists]"),
           "a file is never replaced unless asked for");
}

void pages(const std::string& directory) {
    Socket socket;
    const auto table = small_table();
    const std::string request_id = "job_b";
    const curtail::ResultPayloadBuilder builder(job_id);
    // [block]
    auto result = builder.build(table, directory, {.metadata = true});  // the metadata say where rows begin
    curtail::CsvArtifact artifact(curtail::artifact_path(directory, job_id));
    socket.write(curtail::ResultPayloadBuilder(request_id).page(artifact, 1, 10).message());  // ten from row 1 on
    // [end]
    curtail::ResultReceiver receiver;
    receiver.feed(socket.sent.back());
    const curtail::ResultPayload page = receiver.finish();
    expect(page.sample_row_numbers == std::vector<std::uint64_t>{1, 2} && page.rows == 3, "those rows, of the whole");
    expect(artifact.had_index(), "nothing had to be searched");
}

void parts(const std::string& directory) {
    std::vector<std::string> summaries;
    const std::uint64_t ranks = 2;
    const auto part = small_table();
    const curtail::ResultPayloadBuilder builder(job_id);
    const curtail::Schema schema({"age", "score"}, 1);
    const auto send = [&](const std::string& bytes) { summaries.push_back(bytes); };
    // The other worker.
    auto other = builder.start(schema, curtail::CsvSink(curtail::PartsDirectory(directory, job_id).file(1, 2)));
    other.append(part);
    send(other.finish_part().bytes());
    const std::uint64_t rank = 0;
    // [block]
    const curtail::PartsDirectory files(directory, job_id);  // shared by all workers; in each of them:
    auto split = builder.start(schema, curtail::CsvSink(files.file(rank, ranks)));
    split.append(part);
    send(split.finish_part().bytes());  // less than 1 MB, by MPI, Dask, a queue: the engine is yours

    curtail::PartMerger merger(job_id);  // in one place
    for (const std::string& bytes : summaries) merger.add(bytes);
    auto result = merger.finish(files);  // PartsMissing, or all is there, and _SUCCESS says so
    // [end]
    expect(result.payload().rows == 6 && result.payload().output_parts_total == 2, "the message of the whole");
    expect(std::filesystem::exists(result.payload().output_file + "/_SUCCESS"), "the mark of completeness");
}

void housekeeping(const std::string& directory) {
    using std::chrono::hours;
    // [block]
    if (const auto done = curtail::find_artifact(directory, job_id)) show(done->bytes);  // a job that came twice
    curtail::prune_artifacts(directory, {.max_age = hours(24 * 7), .max_files = 1000});  // the oldest go first
    curtail::remove_stale_artifacts(directory, hours(1));                                // what killed runs left behind
    // [end]
    expect(curtail::find_artifact(directory, job_id).has_value(), "nothing young is removed");
}

void bot(const std::string& message) {
    std::string_view rest = message;
    const auto read_some = [&](std::string& buffer) {
        buffer = rest.substr(0, 100);
        rest.remove_prefix(buffer.size());
        return !buffer.empty();
    };
    const auto send = [](const std::string& text) { expect(!text.empty(), "there is something to show"); };
    // [block]
    curtail::ResultReceiver receiver;  // memory does not grow with the message
    for (std::string bytes; read_some(bytes);) receiver.feed(bytes);
    curtail::ResultPayload payload = receiver.finish();
    send(curtail::render_telegram_html(payload));  // or text, Markdown, MarkdownV2, Slack
    // [end]
    expect(payload.rows == 3, "the message was read");
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2) throw std::invalid_argument("readme_blocks DIRECTORY");
    const auto fresh = [&](const char* name) {
        const std::string directory = std::string(argv[1]) + "/" + name;
        std::filesystem::create_directories(directory);
        return directory;
    };
    owned_loop(fresh("owned_loop"));
    several_predictions(fresh("several_predictions"));
    dialects(fresh("dialects"));
    guard();
    failures(fresh("failures"));
    pages(fresh("pages"));
    parts(fresh("parts"));
    housekeeping(fresh("pages"));
    bot(curtail::ResultPayloadBuilder(job_id).build(small_table(), fresh("bot")).message());
} catch (const std::exception& error) {
    std::fprintf(stderr, "readme_blocks: %s\n", error.what());
    return 1;
}
