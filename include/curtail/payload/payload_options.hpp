// SPDX-License-Identifier: MIT
#pragma once
// The options of a split, and its reports of progress.

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/part_options.hpp>
#include <curtail/statistics/statistics_options.hpp>

namespace curtail::inline v0 {

/// Which rows the message shows.
enum class SampleStrategy : std::uint8_t {
    /// The first rows.
    head,
    /// The last rows.
    tail,
    /// Random rows: every set of rows is equally likely. Shown in the table's order.
    random,
    /// The rows with the highest numbers in the first prediction column, the highest first. Equal numbers keep the
    /// table's order; nulls, NaN and what is not a number come last.
    highest_predictions,
    /// The rows with the lowest numbers there, the lowest first.
    lowest_predictions,
};

/// The progress of a split.
struct SplitProgress {
    /// Rows of the table that were read.
    std::uint64_t rows_done = 0;
    /// Rows of the whole table. Known for tables in memory, and by PayloadOptions::rows_total.
    std::optional<std::uint64_t> rows_total = {};
    /// Bytes given to the file, as far as the sink counts them.
    std::uint64_t bytes_written = 0;
    /// The time since the split began.
    std::chrono::milliseconds elapsed{0};
};

namespace detail {

// A function, whatever its type; copies share it. std::function needs <functional>, which costs 5 % of a file that
// links curtail::compiled.
template <class Signature>
class SharedFunction;
template <class Result, class... Arguments>
class SharedFunction<Result(Arguments...)> {
  public:
    SharedFunction() = default;
    template <class F>
    requires(!std::same_as<F, SharedFunction>) explicit SharedFunction(F function)
        : function_(std::make_shared<F>(std::move(function))),
          call_([](void* kept, Arguments... arguments) -> Result { return (*static_cast<F*>(kept))(arguments...); }) {}

    [[nodiscard]] explicit operator bool() const noexcept { return call_ != nullptr; }
    Result operator()(Arguments... arguments) const { return call_(function_.get(), arguments...); }

  private:
    std::shared_ptr<void> function_;
    Result (*call_)(void*, Arguments...) = nullptr;
};

// Returns true for a null pointer to a function and for an empty std::function.
template <class F>
[[nodiscard]] bool is_empty_function(const F& function) noexcept {
    if constexpr (requires { static_cast<bool>(function == nullptr); }) {
        return static_cast<bool>(function == nullptr);
    } else {
        return false;
    }
}

}  // namespace detail

/// The function that is called to report progress. It takes a `const SplitProgress&` and returns nothing, or a bool:
/// false stops the split.
class ProgressCallback {
  public:
    /// Nothing is called.
    ProgressCallback() = default;
    /// Nothing is called.
    ProgressCallback(std::nullptr_t) noexcept {}
    /// Keeps the function; copies of the callback share it. An empty std::function means that nothing is called.
    template <class F>
    requires(!std::same_as<F, ProgressCallback>) ProgressCallback(F function) {
        if (detail::is_empty_function(function)) return;
        if constexpr (std::is_invocable_r_v<bool, F&, const SplitProgress&>) {
            function_ = detail::SharedFunction<bool(const SplitProgress&)>(std::move(function));
        } else if constexpr (std::is_invocable_v<F&, const SplitProgress&>) {
            function_ = detail::SharedFunction<bool(const SplitProgress&)>(
                [kept = std::move(function)](const SplitProgress& progress) mutable {
                    kept(progress);
                    return true;
                });
        } else {
            static_assert(std::is_invocable_v<F&, const SplitProgress&>,
                          "on_progress takes a function of a const curtail::SplitProgress& that returns nothing, or "
                          "false to stop");
        }
    }

    /// Returns true if there is a function to call.
    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(function_); }
    /// Calls the function, which must be there. Returns false if the split shall stop.
    [[nodiscard]] bool operator()(const SplitProgress& progress) const { return function_(progress); }

  private:
    detail::SharedFunction<bool(const SplitProgress&)> function_;
};

/// Says when a split shall stop: a std::stop_token, anything else with stop_requested(), or a function that returns
/// true then. It is called on the thread of the split. What it reads may be set by another thread or a signal handler.
///
///     static volatile std::sig_atomic_t interrupted = 0;     // set by the handler of SIGINT
///     curtail::PayloadOptions options{.stop_token = [] { return interrupted != 0; }};
class StopToken {
  public:
    /// The split never stops.
    StopToken() = default;
    /// Keeps the token or the function; copies share it. With an empty std::function the split never stops.
    template <class T>
    requires(!std::same_as<T, StopToken>) StopToken(T token) {
        if (detail::is_empty_function(token)) return;
        if constexpr (requires { static_cast<bool>(std::as_const(token).stop_requested()); }) {
            requested_ = detail::SharedFunction<bool()>(
                [kept = std::move(token)] { return static_cast<bool>(kept.stop_requested()); });
        } else {
            static_assert(std::is_invocable_r_v<bool, T&>,
                          "stop_token takes a std::stop_token, or a function that returns true when the split shall "
                          "stop; of a std::jthread pass get_stop_token()");
            if constexpr (std::is_invocable_r_v<bool, T&>)
                requested_ = detail::SharedFunction<bool()>(std::move(token));
        }
    }

    /// Returns true if the split shall stop.
    [[nodiscard]] bool stop_requested() const { return requested_ && requested_(); }

  private:
    detail::SharedFunction<bool()> requested_;
};

/// What happens if the file cannot be written.
enum class OnArtifactError : std::uint8_t {
    /// The ArtifactError goes to the caller, who can send a failure_message() with its what().
    throw_error,
    /// The table is read to its end, and the message has everything but the file. Its output_file is null,
    /// artifact_error says why, and artifact_error_permanent says if the same job would fail again.
    report,
};

/// The options of a split. Give only those that differ from their default:
///
///     curtail::ResultPayloadBuilder builder(job_id, {.sample_rows = 20, .max_bytes = curtail::budgets::jetty});
struct PayloadOptions {
    /// The maximum number of rows in the message. 0 shows none. If they do not all fit, long texts are cut first, then
    /// rows are left out, so a larger number never shows fewer rows or columns. At the default budget a split of any
    /// table takes less than 40 MB of memory for ten rows, and less than 48 MB for a hundred; of usual tables a few MB.
    /// Default: 10.
    std::size_t sample_rows = 10;

    /// Which rows these are. With any strategy but head the message names the strategy and numbers the rows, and rows
    /// are copied until the end of the table is known. The prediction strategies need a prediction column: without one
    /// a split throws UsageError (invalid_option). Default: head.
    SampleStrategy sample_strategy = SampleStrategy::head;

    /// Chooses the rows of a random sample: with the same seed and number of rows, the same rows. Any number.
    /// Default: 0.
    std::uint64_t sample_seed = 0;

    /// The encoded message is strictly smaller than this many bytes. A split throws UsageError (invalid_option)
    /// for 0, because there is no unlimited budget, and BudgetTooSmall (budget_too_small) if counts, statistics and the
    /// file's location alone need more. With one prediction column they need about 1,200 bytes, and 1,600 if the
    /// message must also have room for OnArtifactError::report. Default: 1,000,000.
    std::size_t max_bytes = budgets::one_megabyte;

    /// What the transport puts the message into before it meets the limit. Default: raw.
    Encoding encoding = Encoding::raw;

    /// Called on the calling thread between rows, at most once per `progress_interval`, and once at the end. If it
    /// returns false, the split throws Cancelled (cancelled) and nothing is published. If it throws, that goes to the
    /// caller, and nothing is published either. Default: not called.
    ProgressCallback on_progress = {};

    /// The shortest time between two calls of `on_progress`. A negative time counts as 0, more than a year as a year.
    /// Default: 250 ms.
    std::chrono::milliseconds progress_interval{250};

    /// Called between rows, some ten times per second and at least once per batch, and once before the file is
    /// published. Once it requests a stop, the split throws Cancelled (cancelled) and nothing is published. Default:
    /// never stops.
    StopToken stop_token = {};

    /// The number of rows of a stream, for SplitProgress. It is only reported, never checked. Default: unknown.
    std::optional<std::uint64_t> rows_total = {};

    /// What happens if the file cannot be written: a full disk, a refused directory, a name that is taken. Errors of
    /// the source, of the table's shape, and Cancelled end the split in any case. Default: throw_error.
    OnArtifactError on_artifact_error = OnArtifactError::throw_error;

    /// How the statistics of the predictions are bounded. Default: see StatisticsOptions.
    StatisticsOptions statistics = {};

    /// Which part of a table this is, if several workers write one each and end by Split::finish_part(). Default: the
    /// whole table, or what the sink says.
    PartOptions part = {};
};

}  // namespace curtail::inline v0
