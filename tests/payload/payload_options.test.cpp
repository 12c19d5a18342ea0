// SPDX-License-Identifier: MIT
#include <curtail/payload/payload_options.hpp>

#include <chrono>
#include <functional>
#include <utility>
#include <version>

#ifdef __cpp_lib_jthread
#include <stop_token>
#endif

#include "catch.hpp"

TEST_CASE("PayloadOptions: have the documented defaults", "[payload]") {
    const curtail::PayloadOptions options;
    CHECK(options.sample_rows == 10);
    CHECK(options.sample_strategy == curtail::SampleStrategy::head);
    CHECK(options.max_bytes == 1'000'000);
    CHECK(options.encoding == curtail::Encoding::raw);
    CHECK_FALSE(options.on_progress);
    CHECK(options.progress_interval == std::chrono::milliseconds(250));
    CHECK_FALSE(options.stop_token.stop_requested());
    CHECK_FALSE(options.rows_total);
}

TEST_CASE("ProgressCallback: takes functions that answer and functions that do not", "[payload]") {
    using curtail::ProgressCallback;
    using curtail::SplitProgress;
    int calls = 0;
    const ProgressCallback silent = [&calls](const SplitProgress& progress) {
        calls += static_cast<int>(progress.rows_done);
    };
    CHECK(silent({.rows_done = 3}));
    CHECK(calls == 3);
    const ProgressCallback stopping = [](SplitProgress) { return false; };
    CHECK_FALSE(stopping({}));
    const ProgressCallback generic = [&calls, count = 0](const auto&) mutable { calls = ++count; };
    CHECK(generic({}));
    CHECK(generic({}));
    CHECK(calls == 2);
    CHECK_FALSE(ProgressCallback());
    CHECK_FALSE(ProgressCallback(nullptr));
    CHECK_FALSE(ProgressCallback(std::function<bool(const SplitProgress&)>()));
    CHECK_FALSE(ProgressCallback(std::function<void(const SplitProgress&)>()));
    const ProgressCallback copied = silent;
    CHECK(copied);
}

TEST_CASE("StopToken: takes functions and whatever has stop_requested()", "[payload]") {
    using curtail::StopToken;
    CHECK_FALSE(StopToken().stop_requested());
    CHECK_FALSE(StopToken(std::function<bool()>()).stop_requested());
    CHECK_FALSE(StopToken(static_cast<bool (*)()>(nullptr)).stop_requested());
    bool stop = false;
    const StopToken function = [&stop] { return stop; };
    struct Token {
        const bool* requested;
        [[nodiscard]] bool stop_requested() const noexcept { return *requested; }
    };
    const StopToken token = Token{&stop};
    const StopToken copied = token;  // NOLINT(performance-unnecessary-copy-initialization)
    CHECK_FALSE(function.stop_requested());
    CHECK_FALSE(copied.stop_requested());
    stop = true;
    CHECK(function.stop_requested());
    CHECK(copied.stop_requested());
#ifdef __cpp_lib_jthread
    std::stop_source source;
    const StopToken standard = source.get_token();
    CHECK_FALSE(standard.stop_requested());
    source.request_stop();
    CHECK(standard.stop_requested());
    CHECK_FALSE(StopToken(std::stop_token()).stop_requested());
#endif
}
