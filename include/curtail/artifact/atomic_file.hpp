// SPDX-License-Identifier: MIT
#pragma once
// A file that appears under its name when it is complete, and not before.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <curtail/artifact/file_options.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0 {
namespace detail {
template <class System>
class PendingFile;
template <class System>
class Sidecar;
}  // namespace detail

/// Collects bytes in a temporary file beside the final name, and publishes them under that name by commit().
///
/// Destruction without commit(), abort() and any failure discard the bytes and remove the temporary file. After kill -9
/// or a power cut nothing has the final name, and at most a hidden temporary file is left: where the file system has no
/// unnamed files, or if a file was just being replaced. remove_stale_artifacts() removes it.
///
/// Nothing exists before open(). It tries with an empty file what commit() will do with the full one, so that what a
/// directory cannot do is known before the first byte. No symbolic link is followed, except in the path of the
/// directory. If several writers use one name, exactly one publishes, and the others get artifact_exists. commit()
/// allocates all its memory before the file has its name, and looks the name up where the system says that naming
/// failed: a network file system may have done it. A failed sync is never repeated, because the kernel may have dropped
/// the bytes and would then report success. If the directory cannot be synced after the naming, the file is taken back;
/// if it has replaced another, it stays, and commit() throws although the complete file is in place: published() tells.
///
/// A process with a limit on the size of its files (RLIMIT_FSIZE) must ignore SIGXFSZ. Otherwise the signal ends the
/// process where no_space would have been thrown. An object may be used by one thread at a time, and by the process
/// that opened it: in a forked child it discards nothing, and other calls throw UsageError (wrong_state).
///
///     curtail::AtomicFile file("/data/out.csv");
///     file.open();
///     file.write(text);
///     file.commit();
///
/// Every call throws UsageError (wrong_state) when it comes out of order, and ArtifactError when a system call fails:
/// artifact_exists, no_space, no_permission, no_directory or io_failed. Its text names the cure, which depends on the
/// call and its errno. A program with options of its own can tell by operation() which of them helps:
/// AtomicFileOptions::mode (0) after "set mode", on_exists (replace) after "publish" or artifact_exists, reserve after
/// "reserve".
template <class System = detail::LocalSystem>
class BasicAtomicFile {
  public:
    /// Remembers where the file will be: `path`, relative to the current directory of now. Creates nothing. Throws
    /// UsageError (invalid_option) if the path names no file or the mode is not 0..0777, and ArtifactError if the
    /// current directory cannot be found.
    explicit BasicAtomicFile(const std::string& path, AtomicFileOptions options = {});
    /// Does the same with a system of your own, for tests.
    BasicAtomicFile(const std::string& path, AtomicFileOptions options, System system);

    /// Moves. The file moved from is empty: its other calls do nothing or throw UsageError (wrong_state).
    BasicAtomicFile(BasicAtomicFile&&) noexcept;
    /// Discards what this file has not published, then moves.
    BasicAtomicFile& operator=(BasicAtomicFile&&) noexcept;
    ~BasicAtomicFile();

    /// Returns the final path, absolute and as valid UTF-8 whatever its bytes are. Known before open().
    [[nodiscard]] std::string_view location() const noexcept;
    /// Returns the last part of the path, with its bytes as they are.
    [[nodiscard]] std::string_view name() const noexcept;
    /// Returns the number of bytes written so far.
    [[nodiscard]] std::uint64_t bytes_written() const noexcept;
    /// Returns true from the moment at which the complete file has its final name.
    [[nodiscard]] bool published() const noexcept;

    /// Says how many threads the file may use: with 1 it starts none. Otherwise a thread of its own brings the bytes to
    /// the disk while you write the next ones, from the first 8 MiB on until commit() or abort(), unless the options
    /// ask for Durability::none. So commit() waits for the last of them only. To be called before the first write().
    void limit_threads(std::size_t threads);

    /// Creates the temporary file. Fails early where only commit() would fail otherwise: if the name is taken, or if
    /// there is less space than AtomicFileOptions::reserve.
    void open();
    /// Appends bytes.
    void write(std::span<const char> bytes);
    /// Publishes: the file gets its final name, complete and as durable as the options say. Removes the description of
    /// an older file of this name.
    void commit();
    /// Discards what is not published. May be called at any time.
    void abort() noexcept { discard(); }

    /// Creates a second temporary file, whose name will be this file's name and `suffix`, under the same options. Call
    /// it after open() and before write().
    void open_sidecar(std::string_view suffix);
    /// Publishes this file and the second one, which describes it: `text`, a JSON object, and in it which file that is.
    /// find_artifact() compares, so that no description passes for that of another run's file, and no damaged one for
    /// any. The second file gets its name first; so this one is never without it, and a killed run leaves what was
    /// there before, or both. Throws UsageError (invalid_option) if `text` is not an object.
    void commit_with_sidecar(std::string_view text);

  private:
    [[nodiscard]] detail::PendingFile<System>& file() const;
    void discard() noexcept;

    std::unique_ptr<detail::PendingFile<System>> file_;  // null after a move
    std::unique_ptr<detail::Sidecar<System>> sidecar_;
};

/// A file on the local disk, for CsvSink and for your own use.
using AtomicFile = BasicAtomicFile<>;

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <utility>

#include <curtail/artifact/file/pending_file.hpp>
#include <curtail/artifact/pair/sidecar.hpp>

namespace curtail::inline v0 {

template <class System>
BasicAtomicFile<System>::BasicAtomicFile(const std::string& path, AtomicFileOptions options, System system)
    : file_(std::make_unique<detail::PendingFile<System>>(path, options, std::move(system))) {}

template <class System>
BasicAtomicFile<System>::BasicAtomicFile(const std::string& path, AtomicFileOptions options)
    : BasicAtomicFile(path, options, System()) {}

template <class System>
BasicAtomicFile<System>::BasicAtomicFile(BasicAtomicFile&&) noexcept = default;

template <class System>
BasicAtomicFile<System>& BasicAtomicFile<System>::operator=(BasicAtomicFile&&) noexcept = default;

template <class System>
BasicAtomicFile<System>::~BasicAtomicFile() = default;

template <class System>
detail::PendingFile<System>& BasicAtomicFile<System>::file() const {
    if (!file_) throw UsageError(ErrorCode::wrong_state, "AtomicFile: the file was moved to another object");
    return *file_;
}

template <class System>
std::string_view BasicAtomicFile<System>::location() const noexcept {
    return file_ ? file_->location() : std::string_view();
}

template <class System>
std::string_view BasicAtomicFile<System>::name() const noexcept {
    return file_ ? file_->name() : std::string_view();
}

template <class System>
std::uint64_t BasicAtomicFile<System>::bytes_written() const noexcept {
    return file_ ? file_->bytes_written() : 0;
}

template <class System>
bool BasicAtomicFile<System>::published() const noexcept {
    return file_ && file_->published();
}

template <class System>
void BasicAtomicFile<System>::limit_threads(std::size_t threads) {
    file().limit_threads(threads);
}

template <class System>
void BasicAtomicFile<System>::open() {
    file().open();
}

template <class System>
void BasicAtomicFile<System>::write(std::span<const char> bytes) {
    file().write(bytes);
}

template <class System>
void BasicAtomicFile<System>::commit() {
    detail::publish_alone(file());
}

template <class System>
void BasicAtomicFile<System>::discard() noexcept {
    if (sidecar_) sidecar_->abort();
    if (file_) file_->abort();
}

template <class System>
void BasicAtomicFile<System>::open_sidecar(std::string_view suffix) {
    sidecar_ = std::make_unique<detail::Sidecar<System>>(file(), suffix);
}

template <class System>
void BasicAtomicFile<System>::commit_with_sidecar(std::string_view text) {
    if (!sidecar_) throw UsageError(ErrorCode::wrong_state, "AtomicFile: commit_with_sidecar() before open_sidecar()");
    sidecar_->publish(file(), text);
}

#if defined(CURTAIL_COMPILING)
template class BasicAtomicFile<detail::LocalSystem>;
#endif

}  // namespace curtail::inline v0
#else
namespace curtail::inline v0 {
extern template class BasicAtomicFile<detail::LocalSystem>;
}  // namespace curtail::inline v0
#endif
