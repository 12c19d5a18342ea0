// SPDX-License-Identifier: MIT
// Writes into the directory of the first argument what curtail makes of tables that are the same everywhere: the files,
// the messages, and what a reader is shown. Run on two platforms, the directories must be equal byte for byte.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/curtail.hpp>
#include <curtail/table/csv_input.hpp>

namespace {

using namespace curtail;

// SplitMix64, which gives the same numbers everywhere.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t operator()() {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    std::uint64_t below(std::uint64_t bound) { return (*this)() % bound; }
    // Any bits, so also NaN, infinities and subnormal numbers.
    double any_double() { return std::bit_cast<double>((*this)()); }
    // Between 2^-20 and 2^20, of either sign.
    double usual_double() {
        const std::uint64_t bits = (*this)();
        const std::uint64_t exponent = 1023 - 20 + bits % 40;
        return std::bit_cast<double>((bits & 0x800F'FFFF'FFFF'FFFFU) | exponent << 52U);
    }
    std::string text() {
        static constexpr std::string_view pieces[] = {
            "a",  ",", "\"", "\n",          "\xC3\xA9", "\xE4\xBA\xAC", "=", "1.", "<b>x</b>", "\xF0\x9F\x98\x80",
            "_*", " ", "0",  "longer words"};
        std::string out;
        for (std::uint64_t n = below(9); n != 0; --n) out += pieces[below(std::size(pieces))];
        return out;
    }

  private:
    std::uint64_t state_;
};

// A row of every kind of cell, with the column `kind` of each.
class EveryKind {
  public:
    static Schema schema() {
        return Schema{{"bool", CellKind::boolean},  {"int", CellKind::int64},      {"uint", CellKind::uint64},
                      {"float", CellKind::float32}, {"double", CellKind::float64}, {"decimal", CellKind::decimal},
                      {"text", CellKind::text},     {"bytes", CellKind::bytes},    {"stamp", CellKind::timestamp},
                      {"date", CellKind::date},     {"time", CellKind::time},      {"duration", CellKind::duration},
                      {"nested", CellKind::nested}};
    }

    bool next(std::span<Cell> row) {
        if (rows_++ == 3000) return false;
        text_ = random_.text();
        bytes_ = random_.text();
        decimal_ = std::to_string(random_.below(1'000'000'007));
        decimal_ += "." + std::to_string(10 + random_.below(90)) + "0";
        row[0] = random_.below(2) != 0;
        row[1] = std::bit_cast<std::int64_t>(random_()) >> random_.below(64);
        row[2] = random_() >> random_.below(64);
        row[3] = std::bit_cast<float>(static_cast<std::uint32_t>(random_()));
        row[4] = random_.any_double();
        row[5] = Decimal{decimal_};
        row[6] = std::string_view(text_);
        row[7] = Bytes{bytes_};
        row[8] = Timestamp{static_cast<std::int64_t>(random_.below(2'000'000'000'000)), TimeUnit::millisecond, "UTC"};
        row[9] = Date{static_cast<std::int32_t>(random_.below(60'000)) - 20'000};
        row[10] = TimeOfDay{static_cast<std::int64_t>(random_.below(86'400'000'000)), TimeUnit::microsecond};
        row[11] = Duration{static_cast<std::int64_t>(random_.below(1U << 30U)) - (1 << 29), TimeUnit::second};
        row[12] = Nested{R"([1,{"a":null}])"};
        if (const std::uint64_t empty = random_.below(40); empty < row.size()) row[empty] = Null{};
        return true;
    }

  private:
    Random random_{20};
    int rows_ = 0;
    std::string text_;
    std::string bytes_;
    std::string decimal_;
};

// Takes the bytes of the file for a message whose location is the same everywhere.
struct Kept {
    std::shared_ptr<std::string> bytes = std::make_shared<std::string>();
    void write(std::span<const char> more) { bytes->append(more.data(), more.size()); }
    void commit() {}
    void abort() noexcept {}
    [[nodiscard]] static std::string location() { return "/worker/predictions.csv"; }
};

void require(bool held, const char* what) {
    if (held) return;
    std::fprintf(stderr, "bytes: %s\n", what);
    std::exit(1);
}

std::string file_bytes(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

class Results {
  public:
    explicit Results(std::string dir) : dir_(std::move(dir)) {}

    // Keeps the message of a split, and all that can be shown of it.
    void keep(const std::string& name, const std::string& message) const {
        put(name + ".json", message);
        ResultReceiver receiver;
        for (std::size_t at = 0; at < message.size(); at += 7) receiver.feed(std::string_view(message).substr(at, 7));
        const ResultPayload payload = receiver.finish();
        put(name + ".txt", render_text(payload));
        put(name + ".md", render_markdown(payload));
        put(name + ".html", render_telegram_html(payload));
        put(name + ".tg.md", render_telegram_markdown_v2(payload));
    }

    // Writes `table` to a file from several threads, and splits it; both must have the same bytes.
    template <class Table>
    void split(const std::string& name, const Table& table, PayloadOptions options = {}) const {
        CsvSink sink(artifact_path(dir_, name), {.file = {.on_exists = OnExists::replace}, .threads = 3});
        sink.open(table.schema());
        sink.append(table);
        static_cast<void>(sink.finish());
        Kept kept;
        const auto result = ResultPayloadBuilder(name, options).build(table, CsvSink(kept));
        require(file_bytes(artifact_path(dir_, name)) == *kept.bytes, "the file is not what the split wrote");
        keep(name, result.message());
    }

    template <class Stream>
    void split_stream(const std::string& name, Stream stream) const {
        Kept kept;
        const auto result = ResultPayloadBuilder(name, PayloadOptions{}).build(std::move(stream), CsvSink(kept));
        put(name + ".csv", *kept.bytes);
        keep(name, result.message());
    }

    void put(const std::string& name, const std::string& bytes) const {
        std::ofstream out(dir_ + "/" + name, std::ios::binary);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        require(out.good(), "a result cannot be stored");
    }

    [[nodiscard]] std::string artifact(const std::string& name) const { return artifact_path(dir_, name); }

  private:
    std::string dir_;
};

template <class Make>
auto made(std::size_t rows, std::uint64_t seed, Make make) {
    Random random(seed);
    std::vector<decltype(make(random))> out;
    out.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i) out.push_back(make(random));
    return out;
}

}  // namespace

int main(int argc, char** argv) try {
    require(argc == 2, "give a directory");
    const Results results(argv[1]);
    constexpr std::size_t rows = 30'000;

    EveryKind kinds;
    results.split_stream("kinds", generate(EveryKind::schema(), [&](std::span<Cell> row) { return kinds.next(row); }));

    const auto any = made(rows, 1, [](Random& r) { return r.any_double(); });
    const auto usual = made(rows, 2, [](Random& r) { return r.usual_double(); });
    const auto floats = made(rows, 3, [](Random& r) { return static_cast<float>(r.usual_double()); });
    const auto close_by = made(rows, 4, [](Random& r) { return 1e9 + static_cast<double>(r.below(1000)) * 1e-7; });
    const auto whole = made(rows, 5, [](Random& r) { return static_cast<int>(r.below(7)) - 3; });
    const auto large = made(rows, 6, [](Random& r) { return r(); });
    const auto texts = made(rows, 7, [](Random& r) { return r.text(); });
    const auto labels =
        made(rows, 8, [](Random& r) { return "class " + std::to_string(r.below(r.below(20'000) + 1)); });
    const auto few =
        made(rows, 9, [](Random& r) { return std::string(r.below(3) != 0 ? "cat" : "a dog, or another animal"); });
    const auto features = columns(column("any", any), column("float", floats), column("text", texts));
    const PayloadOptions highest = {.sample_rows = 20, .sample_strategy = SampleStrategy::highest_predictions};
    const PayloadOptions picked = {.sample_rows = 12, .sample_strategy = SampleStrategy::random};
    results.split("any", with_prediction(features, column("prediction", any)));
    results.split("usual", with_prediction(features, column("prediction", usual)), highest);
    results.split("near", with_prediction(features, column("prediction", close_by)), picked);
    results.split("float", with_prediction(features, column("prediction", floats)));
    results.split("small", with_prediction(features, column("prediction", whole)));
    results.split("large", with_prediction(features, column("prediction", large)));
    results.split("labels", with_prediction(features, column("prediction", labels)));
    results.split("few", with_prediction(features, column("prediction", few)));
    results.split("again", with_prediction(columns(column("a", usual), column("b", few)), column("p", usual)));

    // What was written is read again, so that numbers go both ways.
    results.split_stream("read", with_prediction(CsvInput(results.artifact("again")), last_column));
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "bytes: %s\n", error.what());
    return 1;
}
