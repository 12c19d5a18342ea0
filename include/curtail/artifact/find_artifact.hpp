// SPDX-License-Identifier: MIT
#pragma once
// Asks whether an artifact is there: for a job that is delivered a second time, and for readers of artifacts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

/// An artifact that is there. It is complete, because an incomplete one never has the name.
struct PublishedArtifact {
    /// Its path, absolute and as valid UTF-8: what the message called `output_file`. For a table in parts, their
    /// directory. Where your directory's path is not UTF-8, open the file by the last name of this path in it.
    std::string path;

    /// Its size; the sum of all parts.
    std::uint64_t bytes = 0;

    /// The text of its metadata file, JSON as CSV on the Web defines it, where CsvSinkOptions::metadata asked for one.
    /// Nothing if there is none, or only one of another run: artifact and metadata of two runs never pass for a pair.
    /// For a table in parts, their manifest.
    std::optional<std::string> metadata = std::nullopt;
};

namespace detail {
// Returns the artifact of this path; or of this path and ".gz"; or the directory of parts of this path without ".csv".
[[nodiscard]] std::optional<PublishedArtifact> find_in_any_form(std::string_view path);
}  // namespace detail

/// Returns a job's artifact in `dir`, plain, compressed, or in parts that are all there, and nothing if it or the
/// directory is missing. A worker asks when a job is delivered again, before it computes, or after artifact_exists:
///
///     if (const auto done = curtail::find_artifact("/data", job_id)) answer(done->path, done->bytes);
///
/// Reads the metadata file alone. Only a copied artifact, whose times are others, is read as well, once, to compare its
/// checksum with the one in its metadata. Throws UsageError as artifact_path() does, and ArtifactError (no_permission
/// or io_failed) if the directory cannot be looked into.
[[nodiscard]] std::optional<PublishedArtifact> find_artifact(std::string_view dir, std::string_view job_id);

/// Returns the same for a std::filesystem::path, or another type with string().
template <detail::PathObject Path>
[[nodiscard]] std::optional<PublishedArtifact> find_artifact(const Path& dir, std::string_view job_id) {
    return detail::find_in_any_form(artifact_path(dir, job_id));
}

/// Returns the artifact of this path, whatever its name, if it is there.
[[nodiscard]] std::optional<PublishedArtifact> find_artifact(std::string_view path);

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <cerrno>
#include <utility>

#include <curtail/artifact/file/file_error.hpp>
#include <curtail/artifact/file/naming.hpp>
#include <curtail/artifact/pair/find_pair.hpp>
#include <curtail/artifact/parts/manifest.hpp>
#include <curtail/artifact/parts/parts_job.hpp>
#include <curtail/artifact/system/local_system.hpp>
#include <curtail/artifact/system/system_call.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0 {
namespace detail {

template <class System>
std::optional<PublishedArtifact> find_artifact(std::string_view given, System system) {
    if (given.find('\0') != std::string_view::npos) {
        throw UsageError(ErrorCode::invalid_option, "the artifact's path holds a NUL byte");
    }
    const std::string path = absolute_path_now(given, system);
    const auto missing = [&](std::string_view operation) {
        const int error = errno;
        if (error == ENOENT || error == ENOTDIR) return std::nullopt;
        throw artifact_failure(to_valid_utf8(path.empty() ? given : path), operation, error,
                               "whether the artifact is there is not known");
    };
    if (path.empty()) return missing("find current directory");
    const std::string directory(parent_of(path));
    const std::string name = path.substr(path.rfind('/') + 1);
    const int dir = uninterrupted([&] { return system.open_directory(directory.c_str()); });
    if (dir < 0) return missing("open directory");
    const Closing closing(system, dir);
    auto found = find_pair(system, dir, name, concat({name, sidecar_suffix}));
    if (!found) return missing("look up");
    return PublishedArtifact{to_valid_utf8(path), found->file.bytes, std::move(found->description)};
}

// Returns the directory of parts of this path, if its manifest is there.
template <class System>
std::optional<PublishedArtifact> find_parts(std::string_view path, System system) {
    std::string absolute = file_path(path, {}, system);
    PartsJob<System> job(std::move(system), absolute, {});
    auto text = job.manifest();
    const std::string location = to_valid_utf8(absolute);
    const auto manifest = text ? read_manifest(*text, location) : std::nullopt;
    if (!manifest) return {};
    return PublishedArtifact{location, manifest->whole.bytes, std::move(text)};
}

}  // namespace detail

CURTAIL_INLINE std::optional<PublishedArtifact> find_artifact(std::string_view path) {
    return detail::find_artifact(path, detail::LocalSystem());
}

CURTAIL_INLINE std::optional<PublishedArtifact> detail::find_in_any_form(std::string_view path) {
    auto found = curtail::find_artifact(path);
    if (!found) found = curtail::find_artifact(concat({path, ".gz"}));
    return found ? std::move(found) : find_parts(path.substr(0, path.size() - artifact_suffix.size()), LocalSystem());
}

CURTAIL_INLINE std::optional<PublishedArtifact> find_artifact(std::string_view dir, std::string_view job_id) {
    return detail::find_in_any_form(artifact_path(dir, job_id));
}

}  // namespace curtail::inline v0
#endif
