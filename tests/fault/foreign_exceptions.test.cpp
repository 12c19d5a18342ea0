// SPDX-License-Identifier: MIT
// Whatever a user's own code throws, at whichever of its calls: the exception arrives, and nothing is left behind.
#include <curtail/payload/result_payload_builder.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"

namespace {

using curtail::column;
using curtail::OnArtifactError;
using curtail::PayloadOptions;
using curtail::ResultPayloadBuilder;

const std::string job = "job_0123456789ab";

// Not a std::exception, so that nothing catches it by chance.
struct Foreign {};

// Throws at one of its calls, which count from 0.
class Fuse {
  public:
    explicit Fuse(std::size_t at) : at_(at) {}
    void call() {
        if (calls_++ == at_) throw Foreign();
    }
    [[nodiscard]] bool burnt() const { return calls_ > at_; }

  private:
    std::size_t at_;
    std::size_t calls_ = 0;
};

// Some 2 MB as CSV, so that several threads have work.
const std::vector<std::string>& texts() {
    static const std::vector<std::string> values(2000, std::string(1000, 't'));
    return values;
}

auto table() {
    static const std::vector<double> scores(2000, 0.5);
    return curtail::with_prediction(curtail::columns(column("text", texts())), column("score", scores));
}

// What happened to a sink. The test keeps it, because the sink goes into the split.
struct Log {
    bool opened = false;
    bool published = false;
};

// A user's sink, every call of which can throw.
struct FusedSink {
    std::shared_ptr<Fuse> fuse;
    std::shared_ptr<Log> log;

    [[nodiscard]] std::string location() const {
        fuse->call();
        return "/data/out.csv";
    }
    [[nodiscard]] std::string format() const {
        fuse->call();
        return "csv";
    }
    [[nodiscard]] std::uint64_t bytes_written() const {
        fuse->call();
        return 1;
    }
    void open(const curtail::Schema&) {
        fuse->call();
        log->opened = true;
    }
    template <curtail::Table T>
    void append(const T&) {
        fuse->call();
    }
    curtail::ArtifactInfo finish() {
        fuse->call();
        log->published = true;
        return {"/data/out.csv", "csv", 2000, 1};
    }
    void abort() noexcept {}
};

// Calls `run` with a fuse for the first call, the second, and so on, until none throws. Returns how many did.
template <class Run>
std::size_t burn_each(Run run) {
    std::size_t thrown = 0;
    for (std::size_t at = 0;; ++at) {
        const auto fuse = std::make_shared<Fuse>(at);
        INFO("call " << at);
        bool arrived = false;
        bool ended = false;
        try {
            run(fuse);
            ended = true;
        } catch (const Foreign&) {
            arrived = true;
        }
        REQUIRE(arrived == fuse->burnt());
        REQUIRE(ended != arrived);
        if (ended) return thrown;
        ++thrown;
    }
}

}  // namespace

TEST_CASE("PayloadOptions::on_progress: leaves nothing behind when it throws, at whichever call", "[fault]") {
    const ScratchDirectory scratch(ScratchDirectory::fast_parent());
    const std::string path = curtail::artifact_path(scratch.path(), job);
    for (const std::size_t threads : {1U, 4U}) {
        for (const OnArtifactError on_error : {OnArtifactError::throw_error, OnArtifactError::report}) {
            const std::size_t thrown = burn_each([&](const std::shared_ptr<Fuse>& fuse) {
                REQUIRE(scratch.names().empty());
                const PayloadOptions options{.on_progress =
                                                 [&](const curtail::SplitProgress&) {
                                                     fuse->call();
                                                     return true;
                                                 },
                                             .progress_interval = std::chrono::milliseconds(0),
                                             .on_artifact_error = on_error};
                auto split = ResultPayloadBuilder(job, options)
                                 .start(curtail::Schema(curtail::schema_of(table())),
                                        curtail::CsvSink(path, {.threads = threads, .metadata = true}));
                for (int batch = 0; batch < 3; ++batch) split.append(table());
                static_cast<void>(split.finish());
            });
            CHECK(thrown >= 4);  // after each batch and at the end
            CHECK(scratch.names().size() == 2);
            for (const std::string& name : scratch.names()) std::filesystem::remove(scratch / name);
        }
    }
}

TEST_CASE("PayloadOptions::on_progress: leaves nothing behind when it stops the run, at whichever call", "[fault]") {
    const ScratchDirectory scratch(ScratchDirectory::fast_parent());
    const std::string path = curtail::artifact_path(scratch.path(), job);
    for (int stop = 0;; ++stop) {
        int calls = 0;
        const PayloadOptions options{.on_progress = [&](const curtail::SplitProgress&) { return calls++ != stop; },
                                     .progress_interval = std::chrono::milliseconds(0)};
        try {
            static_cast<void>(ResultPayloadBuilder(job, options)
                                  .build(table(), curtail::CsvSink(path, {.threads = 4, .metadata = true})));
            break;
        } catch (const curtail::Cancelled&) {
            REQUIRE(scratch.names().empty());
        }
    }
    CHECK(scratch.names().size() == 2);
}

TEST_CASE("Split: publishes nothing when a call of the user's sink throws", "[fault]") {
    for (const OnArtifactError on_error : {OnArtifactError::throw_error, OnArtifactError::report}) {
        auto log = std::make_shared<Log>();
        const std::size_t thrown = burn_each([&](const std::shared_ptr<Fuse>& fuse) {
            CHECK_FALSE(log->published);
            log = std::make_shared<Log>();
            static_cast<void>(
                ResultPayloadBuilder(job, {.on_artifact_error = on_error}).build(table(), FusedSink{fuse, log}));
        });
        CHECK(thrown >= 6);
        CHECK(log->published);
    }
}

namespace {

// A user's output below a CsvSink, every call of which can throw.
struct FusedOutput {
    std::shared_ptr<Fuse> fuse;
    std::shared_ptr<Log> log;

    void open() {
        fuse->call();
        log->opened = true;
    }
    [[nodiscard]] std::string location() const {
        fuse->call();
        return "/data/out.csv";
    }
    void write(std::span<const char>) { fuse->call(); }
    [[nodiscard]] std::string sha256() {
        fuse->call();
        return std::string(64, 'a');
    }
    void commit() {
        fuse->call();
        log->published = true;
    }
    void abort() noexcept {}
};

}  // namespace

TEST_CASE("CsvSink: calls nothing of the user's output after commit()", "[fault]") {
    for (const std::size_t threads : {1U, 4U}) {
        auto log = std::make_shared<Log>();
        const std::size_t thrown = burn_each([&](const std::shared_ptr<Fuse>& fuse) {
            CHECK_FALSE(log->published);
            log = std::make_shared<Log>();
            const auto result = ResultPayloadBuilder(job).build(
                table(), curtail::CsvSink(FusedOutput{fuse, log}, {.threads = threads}));
            CHECK(result.payload().output_sha256 == std::string(64, 'a'));
        });
        CHECK(thrown >= 6);
        CHECK(log->published);
    }
}

namespace {

// What a JSON type needs so that a value can be made, every part of which can throw.
std::shared_ptr<Fuse> json_fuse = std::make_shared<Fuse>(SIZE_MAX);

template <class T>
struct FusedAllocator : std::allocator<T> {
    FusedAllocator() = default;
    template <class U>
    FusedAllocator(const FusedAllocator<U>&) {}
    template <class U>
    struct rebind {
        using other = FusedAllocator<U>;
    };
    T* allocate(std::size_t count) {
        json_fuse->call();
        return std::allocator<T>::allocate(count);
    }
};

using FusedJson = nlohmann::basic_json<nlohmann::ordered_map, std::vector, std::string, bool, std::int64_t,
                                       std::uint64_t, double, FusedAllocator>;

}  // namespace

TEST_CASE("SplitResult::data: leaves result and file alone when the JSON type throws, and can be called again",
          "[fault]") {
    const ScratchDirectory scratch(ScratchDirectory::fast_parent());
    const std::string path = curtail::artifact_path(scratch.path(), job);
    json_fuse = std::make_shared<Fuse>(0);  // also what build() would call
    const auto result = ResultPayloadBuilder<FusedJson>(job).build(table(), curtail::CsvSink(path));
    CHECK_FALSE(json_fuse->burnt());
    const std::size_t thrown = burn_each([&](const std::shared_ptr<Fuse>& fuse) {
        json_fuse = fuse;
        static_cast<void>(result.data());
    });
    json_fuse = std::make_shared<Fuse>(SIZE_MAX);
    CHECK(thrown > 10);
    CHECK(result.data().dump() == nlohmann::ordered_json::parse(result.message())["data"].dump());
    CHECK(scratch.names() == std::vector<std::string>{"predictions_" + job + ".csv"});
}
