// SPDX-License-Identifier: MIT
#pragma once
// An output that compresses. Needs libdeflate; curtail.hpp leaves it out.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/file/byte_output.hpp>
#include <curtail/artifact/file/output_wrapper.hpp>
#include <curtail/artifact/gzip/gzip_layout.hpp>
#include <curtail/artifact/index/number_text_list.hpp>
#include <curtail/core/error.hpp>
#if __has_include(<libdeflate.h>)
#include <curtail/artifact/gzip/gzip_stream.hpp>
#endif

namespace curtail::inline v0 {

/// How GzipOutput compresses.
struct GzipOptions {
    /// From 1, the fastest, to 12, the smallest. Default: 5, which made every table of the benchmark smaller than
    /// `pigz -6` does, in a third of its CPU time. 1 takes a third of that, for files that are up to 20 % larger.
    int level = 5;

    /// The number of threads that compress, 1 to 64; 0 means one per core. With 1 no thread is started. The bytes are
    /// the same for any number. Default: 0.
    std::size_t threads = 0;
};

#if __has_include(<libdeflate.h>)

namespace detail {

// An output, what it has taken, and the stream that compresses for it.
template <class Output>
struct GzipParts final : ByteOutput {
    explicit GzipParts(Output owned) : output(std::move(owned)) {}

    // Is called once per member, in their order.
    void write(std::span<const char> member) override {
        if (members++ % members_per_seek_point == 0) {
            append_vlq(seek_points, bytes - last_point);
            last_point = bytes;
        }
        output.write(member);
        bytes += member.size();
    }

    Output output;
    std::uint64_t bytes = 0;
    std::uint64_t members = 0;
    std::uint64_t last_point = 0;
    std::string seek_points;
    std::unique_ptr<GzipStream> stream;  // between open() and finish()
};

}  // namespace detail

/// Wraps any output and compresses what it gets, as gzip in members of at most 64 KiB that say their own length (BGZF,
/// SAM format specification, section 4.1). Every gzip reader reads it whole: gzip, zcat, pandas, polars, DuckDB,
/// Python; bgzip reads any part of it. The same bytes for any number of threads, as long as libdeflate is the same.
/// Link -ldeflate.
///
///     curtail::CsvSink<curtail::GzipFile> sink("predictions.csv.gz");
template <class Output>
class GzipOutput : public detail::OutputWrapper<detail::GzipParts<Output>> {
  public:
    /// What a sink adds to the name of its format.
    static constexpr std::string_view compression = "gz";

    /// Takes the arguments of Output's constructor. Throws what that throws.
    template <class... Arguments>
    requires std::constructible_from<Output, Arguments...>
    explicit GzipOutput(Arguments&&... arguments) : GzipOutput(GzipOptions(), std::forward<Arguments>(arguments)...) {}
    /// Does the same with options. Throws UsageError (invalid_option) if they are out of range.
    template <class... Arguments>
    requires std::constructible_from<Output, Arguments...>
    explicit GzipOutput(const GzipOptions& options, Arguments&&... arguments)
        : GzipOutput::OutputWrapper(
              std::make_unique<detail::GzipParts<Output>>(Output(std::forward<Arguments>(arguments)...)), false),
          options_(options) {
        if (options.level < 1 || options.level > 12) {
            throw UsageError(ErrorCode::invalid_option, "gzip's level is 1 (fastest) to 12 (smallest)");
        }
        if constexpr (requires(Output & output) { output.compressed_as(compression); }) {
            this->output().compressed_as(compression);
        }
    }

    /// Sets the number of threads where the options leave it open, and tells the output. To be called before open().
    void limit_threads(std::size_t threads) {
        if (options_.threads == 0) options_.threads = threads;
        if constexpr (requires(Output & output) { output.limit_threads(threads); }) {
            this->output().limit_threads(threads);
        }
    }

    /// Opens the output, if it has open(). Throws what that throws.
    void open() {
        if constexpr (requires(Output & output) { output.open(); }) this->output().open();
        const std::size_t wanted = options_.threads != 0 ? options_.threads : std::thread::hardware_concurrency();
        this->parts_->stream = std::make_unique<detail::GzipStream>(
            *this->parts_, options_.level, std::clamp(wanted, std::size_t{1}, detail::GzipStream::max_threads));
    }

    /// Compresses bytes. Throws what the output throws, and ArtifactError (io_failed) if libdeflate refuses.
    void write(std::span<const char> bytes) { stream().write(bytes); }

    /// Ends the compressed stream: nothing can be written after it. Throws as write() does.
    void finish() {
        stream().finish();
        this->parts_->stream.reset();
        this->complete_ = true;
    }

    /// Discards the output.
    void abort() noexcept {
        if (!this->parts_) return;
        this->parts_->stream.reset();
        this->output().abort();
    }

    /// Returns the number of compressed bytes that the output has taken; all of them after finish().
    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return this->parts_ ? this->parts_->bytes : 0; }
    /// Returns where the compressed members begin, every 16th of them, for the metadata. To be called after finish().
    [[nodiscard]] std::string seek_points() const { return this->parts_->seek_points; }
    /// Returns the digest of the compressed bytes, if the output has one.
    [[nodiscard]] std::string sha256() const requires requires(const Output& output) { output.sha256(); }
    { return this->output().sha256(); }

  private:
    [[nodiscard]] detail::GzipStream& stream() {
        if (!this->parts_ || !this->parts_->stream) {
            throw UsageError(ErrorCode::wrong_state,
                             "GzipOutput: write() and finish() come after open(), and finish() once");
        }
        return *this->parts_->stream;
    }

    GzipOptions options_;
};

#else

template <class Output>
class GzipOutput {
    static_assert(
        sizeof(Output) == 0,
        "a compressed file needs libdeflate: install its headers (Debian: libdeflate-dev) and link -ldeflate");
};

#endif

/// A compressed local file: CsvSink<GzipFile>("predictions.csv.gz").
using GzipFile = GzipOutput<AtomicFile>;

}  // namespace curtail::inline v0
