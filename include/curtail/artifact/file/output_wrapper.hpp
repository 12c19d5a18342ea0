// SPDX-License-Identifier: MIT
#pragma once
// What an output that wraps another one passes on to it.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// Has those of the members listed in the comment of the concept ArtifactOutput that the wrapped output has. That is the
// member `output` of a `Parts`, which is on the heap, so that threads may write to it wherever the wrapper moves.
template <class Parts>
class OutputWrapper {
    using Output = decltype(Parts::output);

  public:
    // Returns the wrapped output.
    [[nodiscard]] Output& output() noexcept { return parts_->output; }
    [[nodiscard]] const Output& output() const noexcept { return parts_->output; }

    void commit() {
        expect_complete();
        output().commit();
    }
    void abort() noexcept {
        if (parts_) output().abort();
    }

    [[nodiscard]] decltype(auto) location() const requires requires(const Output& output) { output.location(); }
    { return output().location(); }
    [[nodiscard]] std::string_view name() const noexcept requires requires(const Output& output) { output.name(); }
    { return output().name(); }

    void open_sidecar(std::string_view suffix) requires requires(Output& output) { output.open_sidecar(suffix); }
    { output().open_sidecar(suffix); }
    void commit_with_sidecar(std::string_view text) requires requires(Output& output) {
        output.commit_with_sidecar(text);
    }
    {
        expect_complete();
        output().commit_with_sidecar(text);
    }

    [[nodiscard]] PartPlace part() const requires requires(const Output& output) { output.part(); }
    { return output().part(); }
    [[nodiscard]] bool has_header() const requires requires(const Output& output) { output.has_header(); }
    { return output().has_header(); }
    void describe_part(std::uint64_t header_bytes, std::string table) requires
        requires(Output& output, std::string text) {
        output.describe_part(header_bytes, std::move(text));
    }
    { output().describe_part(header_bytes, std::move(table)); }
    void commit_part(const ArtifactInfo& info, std::string_view summary) requires requires(Output& output) {
        output.commit_part(info, summary);
    }
    {
        expect_complete();
        output().commit_part(info, summary);
    }

  protected:
    // Nothing may be published before `complete` is true.
    OutputWrapper(std::unique_ptr<Parts> parts, bool complete) : complete_(complete), parts_(std::move(parts)) {}

    bool complete_;
    std::unique_ptr<Parts> parts_;  // null where the wrapper was moved away

  private:
    void expect_complete() const {
        if (!parts_ || !complete_) {
            throw UsageError(ErrorCode::wrong_state,
                             "an output is published after finish(), and not where it was moved away from");
        }
    }
};

}  // namespace curtail::inline v0::detail
