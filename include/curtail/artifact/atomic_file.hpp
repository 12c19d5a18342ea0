// SPDX-License-Identifier: MIT
#pragma once
// A file that appears under its name when it is complete, and not before.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <curtail/artifact/file_options.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0 {
namespace detail {
struct PosixSystem;
template <class System>
class PendingFile;
}  // namespace detail

/// Collects bytes in a temporary file beside the final name, and publishes them under that name by commit().
///
/// Destruction without commit(), abort() and any failure discard the bytes and remove the temporary file. After kill -9
/// or a power cut nothing has the final name, and at most a hidden temporary file is left: where the file system has no
/// unnamed files, or if a file was just being replaced. remove_stale_artifacts() removes it.
///
/// Nothing exists before open(). No symbolic link is followed, except in the path of the directory. If several writers
/// use one name, exactly one publishes, and the others get artifact_exists. If the last steps of commit() fail after
/// publishing, it throws although the complete file is in place, because the file may not yet be on the disk;
/// published() tells. A failed sync is never repeated, because the kernel may have dropped the bytes and would then
/// report success.
///
/// A process with a limit on the size of its files (RLIMIT_FSIZE) must ignore SIGXFSZ. Otherwise the signal ends the
/// process where no_space would have been thrown. An object may be used by one thread at a time.
///
///     curtail::AtomicFile file("/data/out.csv");
///     file.open();
///     file.write(text);
///     file.commit();
///
/// Every call throws UsageError (wrong_state) when it comes out of order, and ArtifactError when a system call fails:
/// artifact_exists, no_space, no_permission, no_directory or io_failed.
template <class System = detail::PosixSystem>
class BasicAtomicFile {
  public:
    /// Remembers where the file will be: `path`, relative to the current directory of now. Creates nothing. Throws
    /// UsageError (invalid_option) if the path names no file or the mode is not 0..0777, and ArtifactError if the
    /// current directory cannot be found.
    explicit BasicAtomicFile(std::string path, AtomicFileOptions options = {});
    /// Does the same with a system of your own, for tests.
    BasicAtomicFile(std::string path, AtomicFileOptions options, System system);

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

    /// Creates the temporary file. Fails early where only commit() would fail otherwise: if the name is taken, or if
    /// there is less space than AtomicFileOptions::reserve.
    void open();
    /// Appends bytes.
    void write(std::span<const char> bytes);
    /// Publishes: the file gets its final name, complete and as durable as the options say.
    void commit();
    /// Discards what is not published. May be called at any time.
    void abort() noexcept { discard(); }

    /// Creates a second temporary file, whose name will be this file's name and `suffix`, under the same options. Call
    /// it after open().
    void open_sidecar(std::string_view suffix);
    /// Publishes this file and then the second one with the content `text`: both or neither. A killed process may leave
    /// this file without the second one, never the second one beside a file that it does not describe.
    void commit_with_sidecar(std::string_view text);

  private:
    [[nodiscard]] detail::PendingFile<System>& file() const;
    void discard() noexcept;

    std::unique_ptr<detail::PendingFile<System>> file_;  // null after a move
    std::unique_ptr<detail::PendingFile<System>> sidecar_;
};

/// A file on the local disk, for CsvSink and for your own use.
using AtomicFile = BasicAtomicFile<>;

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <utility>

#include <curtail/artifact/file/pending_file.hpp>
#include <curtail/artifact/file/sidecar.hpp>

namespace curtail::inline v0 {

template <class System>
BasicAtomicFile<System>::BasicAtomicFile(std::string path, AtomicFileOptions options, System system)
    : file_(std::make_unique<detail::PendingFile<System>>(std::move(path), options, std::move(system))) {}

template <class System>
BasicAtomicFile<System>::BasicAtomicFile(std::string path, AtomicFileOptions options)
    : BasicAtomicFile(std::move(path), options, System()) {}

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
void BasicAtomicFile<System>::open() {
    file().open();
}

template <class System>
void BasicAtomicFile<System>::write(std::span<const char> bytes) {
    file().write(bytes);
}

template <class System>
void BasicAtomicFile<System>::commit() {
    file().commit();
}

template <class System>
void BasicAtomicFile<System>::discard() noexcept {
    if (sidecar_) sidecar_->abort();
    if (file_) file_->abort();
}

template <class System>
void BasicAtomicFile<System>::open_sidecar(std::string_view suffix) {
    sidecar_ = file().sibling(suffix);
    sidecar_->open();
}

template <class System>
void BasicAtomicFile<System>::commit_with_sidecar(std::string_view text) {
    if (!sidecar_) throw UsageError(ErrorCode::wrong_state, "AtomicFile: commit_with_sidecar() before open_sidecar()");
    detail::publish_with_sidecar(file(), *sidecar_, text);
}

#if defined(CURTAIL_COMPILING)
template class BasicAtomicFile<detail::PosixSystem>;
#endif

}  // namespace curtail::inline v0
#else
namespace curtail::inline v0 {
extern template class BasicAtomicFile<detail::PosixSystem>;
}  // namespace curtail::inline v0
#endif
