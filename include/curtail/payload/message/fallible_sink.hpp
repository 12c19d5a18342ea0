// SPDX-License-Identifier: MIT
#pragma once
// A sink whose failure need not end the split: why there is no file is kept for the message.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/payload_options.hpp>

namespace curtail::inline v0::detail {

// The most that artifact_error takes inside its quotes in the encoded message: the system's reason and what helps, but
// not a path of four thousand bytes.
inline constexpr std::size_t max_artifact_error_bytes = 512;

// What the error says, within max_artifact_error_bytes of encoded text. A path that is too long for that is left out
// before the reason is cut, between two characters.
[[nodiscard]] inline std::string artifact_error_text(const ArtifactError& error, const JsonMeter& meter) {
    constexpr std::string_view mark = "\xE2\x80\xA6";
    std::string text = error.what();
    const auto too_long = [&] { return meter.content(to_valid_utf8(text)) > max_artifact_error_bytes; };
    if (const std::string path = error.path() + ": "; too_long() && text.find(path) != std::string::npos) {
        text.erase(text.find(path), path.size());
    }
    const bool cut = too_long();
    text = to_valid_utf8(text);
    if (!cut) return text;
    return std::string(meter.prefix(text, max_artifact_error_bytes - mark.size()).text) + std::string(mark);
}

// Passes everything to `Sink`. Under OnArtifactError::report the first ArtifactError is kept instead of thrown, the
// sink is aborted, and from then on nothing reaches it. Any other exception goes to the caller.
template <ArtifactSink Sink>
class FallibleSink {
  public:
    FallibleSink(Sink sink, OnArtifactError on_error) : sink_(std::move(sink)), on_error_(on_error) {}

    [[nodiscard]] std::string location() const { return std::string(sink_.location()); }
    [[nodiscard]] std::string format() const { return std::string(sink_.format()); }
    [[nodiscard]] std::uint64_t bytes_written() const { return error_ ? 0 : sink_.bytes_written(); }

    void open(const Schema& schema) {
        attempt([&] { sink_.open(schema); });
    }
    // Calls look() once in any case: while the sink works, where it can have that, else after it.
    template <Table T, std::invocable Look>
    void append(const T& batch, Look look) {
        bool looked = false;
        std::exception_ptr look_failure;
        const auto once = [&] {
            looked = true;
            try {
                look();
            } catch (...) {
                look_failure = std::current_exception();
                throw;
            }
        };
        attempt([&] {
            if constexpr (requires { sink_.append(batch, once); }) {
                sink_.append(batch, once);
            } else {
                sink_.append(batch);
            }
        });
        // Not the sink's failure, and not to be lost beside one.
        if (look_failure) std::rethrow_exception(look_failure);
        if (!looked) look();
    }
    // Nothing where there is no file.
    [[nodiscard]] std::optional<ArtifactInfo> finish() {
        std::optional<ArtifactInfo> published;
        attempt([&] { published = sink_.finish(); });
        return published;
    }
    void abort() noexcept { sink_.abort(); }

    // Why there will be no file.
    [[nodiscard]] const std::optional<ArtifactError>& error() const noexcept { return error_; }

  private:
    template <class Step>
    void attempt(Step step) {
        if (error_) return;
        try {
            step();
        } catch (const ArtifactError& error) {
            if (on_error_ == OnArtifactError::throw_error) throw;
            error_ = error;
            sink_.abort();
        }
    }

    Sink sink_;
    OnArtifactError on_error_;
    std::optional<ArtifactError> error_;
};

}  // namespace curtail::inline v0::detail
