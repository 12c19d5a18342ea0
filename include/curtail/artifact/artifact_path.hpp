// SPDX-License-Identifier: MIT
#pragma once
// The path of a job's artifact.

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/job_id.hpp>

namespace curtail::inline v0 {
namespace detail {

inline constexpr std::string_view sidecar_suffix = "-metadata.json";

// Returns true if the meaning of `path` depends on the current directory or its drive.
constexpr bool needs_current_directory([[maybe_unused]] std::string_view path) noexcept {
#if defined(_WIN32)
    return true;
#else
    return !path.starts_with('/');
#endif
}

// Returns true if no separator is needed between `path` and a name. "C:" is the current directory of that drive.
constexpr bool ends_with_separator(std::string_view path) noexcept {
#if defined(_WIN32)
    return path.ends_with('/') || path.ends_with('\\') || (path.size() == 2 && path[1] == ':');
#else
    return path.ends_with('/');
#endif
}

// A std::filesystem::path, or another type with string(). Not named, because <filesystem> takes 0.5 s to compile.
template <class P>
concept PathObject = !std::convertible_to<const P&, std::string_view> && requires(const P& path) {
    { path.string() } -> std::convertible_to<std::string>;
};

}  // namespace detail

/// Returns the name of a job's artifact without its directory: predictions_{job_id}.csv. Throws what check_job_id()
/// throws.
[[nodiscard]] std::string artifact_name(std::string_view job_id);

/// Returns the path of a job's artifact: dir/predictions_{job_id}.csv, with the directory's bytes as they are. No job
/// id can leave `dir`. Throws UsageError: invalid_job_id, or invalid_option if `dir` is empty or holds a NUL byte.
///
///     curtail::artifact_path("/data", "job_1")  // "/data/predictions_job_1.csv"
[[nodiscard]] std::string artifact_path(std::string_view dir, std::string_view job_id);

/// Returns the same for a std::filesystem::path, or another type with string().
template <detail::PathObject Path>
[[nodiscard]] std::string artifact_path(const Path& dir, std::string_view job_id) {
#if defined(_WIN32)
    // string() there is in the code page of the process, which lacks most characters.
    if constexpr (requires { dir.u8string(); }) {
        const auto text = dir.u8string();
        return artifact_path(std::string(text.begin(), text.end()), job_id);
    }
#endif
    const std::string text = dir.string();
    return artifact_path(std::string_view(text), job_id);
}

// For any other type: fails to compile, with a message that names the cure.
template <class Wrong>
requires(!std::convertible_to<const Wrong&, std::string_view> &&
         !detail::PathObject<Wrong>) auto artifact_path(const Wrong&, std::string_view) {
    static_assert(std::convertible_to<const Wrong&, std::string_view>,
                  "the directory of an artifact is a text or a std::filesystem::path");
}

/// Returns `path` as an absolute path, by its text alone: after `current_directory` unless it begins with a slash, and
/// without doubled slashes and "." parts. ".." stays, because its meaning depends on the symbolic links before it. On
/// Windows a drive or a share makes a path absolute, ".." is resolved, and the result has slashes: "C:/data/x.csv".
[[nodiscard]] std::string absolute_path(std::string_view path, std::string_view current_directory);

namespace detail {

// Returns `path` as an absolute path. Returns an empty text, with errno set, if the current directory is needed and
// cannot be found.
template <class System>
[[nodiscard]] std::string absolute_path_now(std::string_view path, System& system) {
    if (!needs_current_directory(path)) return absolute_path(path, {});
    const std::string current = system.current_directory();
    return current.empty() ? std::string() : absolute_path(path, current);
}

// Returns the directory of an absolute path.
[[nodiscard]] constexpr std::string_view parent_of(std::string_view path) noexcept {
    const std::size_t slash = path.rfind('/');
    return path.substr(0, slash == 0 ? 1 : slash);
}

}  // namespace detail

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <algorithm>

#if defined(_WIN32)
#include <curtail/artifact/system/windows_path.hpp>
#endif
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/quoted_text.hpp>

namespace curtail::inline v0 {

CURTAIL_INLINE std::string artifact_name(std::string_view job_id) {
    check_job_id(job_id);
    return detail::concat({detail::artifact_prefix, job_id, detail::artifact_suffix});
}

CURTAIL_INLINE std::string artifact_path(std::string_view dir, std::string_view job_id) {
    const std::string name = artifact_name(job_id);
    if (dir.empty()) {
        throw UsageError(ErrorCode::invalid_option,
                         "the artifact's directory is empty; write \".\" for the current one");
    }
    if (dir.find('\0') != std::string_view::npos) {
        throw UsageError(
            ErrorCode::invalid_option,
            detail::concat({"the artifact's directory ", detail::quoted_for_error(dir), " holds a NUL byte"}));
    }
    return detail::concat({dir, detail::ends_with_separator(dir) ? "" : "/", name});
}

#if defined(_WIN32)
CURTAIL_INLINE std::string absolute_path(std::string_view path, std::string_view current_directory) {
    return detail::absolute_windows_path(path, current_directory);
}
#else
CURTAIL_INLINE std::string absolute_path(std::string_view path, std::string_view current_directory) {
    std::string out;
    const auto add_parts = [&](std::string_view text) {
        while (!text.empty()) {
            const std::size_t slash = (std::min)(text.find('/'), text.size());
            const std::string_view part = text.substr(0, slash);
            if (!part.empty() && part != ".") {
                out += '/';
                out += part;
            }
            text.remove_prefix((std::min)(slash + 1, text.size()));
        }
    };
    if (!path.starts_with('/')) add_parts(current_directory);
    add_parts(path);
    return out.empty() ? "/" : out;
}
#endif

}  // namespace curtail::inline v0
#endif
