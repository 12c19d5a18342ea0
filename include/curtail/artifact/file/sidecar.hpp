// SPDX-License-Identifier: MIT
#pragma once
// A small file that stands beside an artifact and marks it as complete: published after it, or neither of them is.

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// An output beside whose file another may be published, such as AtomicFile. prepare() is all of commit() but the
// naming; beside(suffix) makes that other file, whose older one remove_old() removes; withdraw() takes the own one back
// after commit(), false when it may have stayed.
template <class O>
concept AccompaniedOutput = requires(O& output, std::string_view suffix) {
    { output.name() } -> std::convertible_to<std::string_view>;
    { output.withdraw() } -> std::same_as<bool>;
    output.prepare();
    output.beside(suffix).prepare();
    output.beside(suffix).remove_old();
    { output.beside(suffix).published() } -> std::same_as<bool>;
};

// The sidecar of an output; for outputs that can have none it can only stay closed.
//
// Whatever may fail for want of space or of a disk that works is done before the artifact gets its name. What is left
// is to name three things: an older sidecar of the name goes first, when it may be replaced, so that none ever stands
// beside what it does not describe; then the artifact gets its name, then the sidecar. A run that is killed in between
// leaves an artifact without its mark. Where only the last step fails, the artifact is taken back.
template <class Output>
class Sidecar {
  public:
    // Creates the still unnamed file. Fails early, as the artifact's own file does.
    void open(Output& output, std::string_view suffix) requires AccompaniedOutput<Output> {
        file_.emplace(output.beside(suffix));
        file_->open();
    }

    // Publishes `output` and then the sidecar with `text`. After an exception neither stands under its name, but for
    // two faults at once, of which the error's text speaks, and for those after publishing, as in commit().
    void publish(Output& output, std::string_view text) requires AccompaniedOutput<Output> {
        try {
            file_->write(std::span<const char>(text));
            file_->prepare();
            output.prepare();
            file_->remove_old();
            output.commit();
            commit_or_withdraw(output);
        } catch (...) {
            abort();
            output.abort();
            throw;
        }
        output.abort();  // lets go of the directory, which withdraw() would have needed
    }

    void abort() noexcept {
        if constexpr (AccompaniedOutput<Output>) {
            if (file_) file_->abort();
        }
    }

  private:
    template <class O>
    struct FileOf : std::type_identity<bool> {};
    template <AccompaniedOutput O>
    struct FileOf<O> : std::type_identity<decltype(std::declval<O&>().beside(std::string_view()))> {};

    void commit_or_withdraw(Output& output) requires AccompaniedOutput<Output> {
        try {
            file_->commit();
        } catch (const ArtifactError& error) {
            if (!file_->published() && !output.withdraw()) throw_left_alone(error);
            throw;
        } catch (...) {
            if (!file_->published()) static_cast<void>(output.withdraw());
            throw;
        }
    }

    [[noreturn]] static void throw_left_alone(const ArtifactError& error) {
        throw ArtifactError(
            error.code(),
            std::string(error.what()) +
                "; the artifact beside it could not be taken back: it is complete, but without its mark",
            error.path(), error.operation(), error.system_error());
    }

    std::optional<typename FileOf<Output>::type> file_;
};

}  // namespace curtail::inline v0::detail
