// SPDX-License-Identifier: MIT
#pragma once
// A sink whose failure need not end the split: keeps the error for the message.

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/callback/callback.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

[[nodiscard]] std::shared_ptr<const ArtifactError> copy_of(const ArtifactError& error);

// Passes everything to `Sink`. Under OnArtifactError::report the first ArtifactError is kept instead of thrown, the
// sink is aborted, and later calls do not reach it. Any other exception goes to the caller.
template <ArtifactSink Sink>
class FallibleSink {
  public:
    FallibleSink(Sink sink, OnArtifactError on_error) : sink_(std::move(sink)), on_error_(on_error) {}

    [[nodiscard]] std::string location() const { return std::string(sink_.location()); }
    [[nodiscard]] std::string format() const { return std::string(sink_.format()); }
    [[nodiscard]] std::optional<PartPlace> part() const {
        if constexpr (requires { sink_.part(); }) return sink_.part();
        return std::nullopt;
    }
    [[nodiscard]] std::uint64_t bytes_written() const { return error_ ? 0 : sink_.bytes_written(); }

    void open(const Schema& schema) {
        attempt([&] { sink_.open(schema); });
    }
    // Calls look() once in any case: while the sink works if it can do that, else after it.
    template <Table T>
    void append(const T& batch, Callback<> look) {
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
        // Not the sink's failure, so it is thrown even if the sink failed too.
        if (look_failure) std::rethrow_exception(look_failure);
        if (!looked) look();
    }
    // Publishes the artifact; returns nothing if there is no file.
    [[nodiscard]] std::optional<ArtifactInfo> finish() {
        std::optional<ArtifactInfo> published;
        attempt([&] { published = sink_.finish(); });
        return published;
    }
    // Publishes one part of a table, and what `summarize(info)` returns where the sink publishes that too. Throws what
    // either throws, whatever is to happen on an error: a part needs its file.
    template <class Summarize>
    void finish_part(Summarize summarize) {
        if (error_) throw ArtifactError(*error_);
        if constexpr (requires { sink_.finish_part(summarize); }) {
            sink_.finish_part(summarize);
        } else {
            static_cast<void>(summarize(sink_.finish()));
        }
    }
    void abort() noexcept { sink_.abort(); }

    // Returns why there will be no file.
    [[nodiscard]] const std::shared_ptr<const ArtifactError>& error() const noexcept { return error_; }

  private:
    template <class Step>
    void attempt(Step step) {
        if (error_) return;
        try {
            step();
        } catch (const ArtifactError& error) {
            if (on_error_ == OnArtifactError::throw_error) throw;
            error_ = copy_of(error);
            sink_.abort();
        }
    }

    Sink sink_;
    OnArtifactError on_error_;
    std::shared_ptr<const ArtifactError> error_;  // null: none
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

namespace curtail::inline v0::detail {

CURTAIL_INLINE std::shared_ptr<const ArtifactError> copy_of(const ArtifactError& error) {
    return std::make_shared<const ArtifactError>(error);
}

}  // namespace curtail::inline v0::detail

#endif
