// SPDX-License-Identifier: MIT
#pragma once
// The path of a job's artifact, and which job ids may be in a file name.

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0 {
namespace detail {

inline constexpr std::size_t job_id_limit = 128;  // a file name has at most 255 bytes
inline constexpr std::string_view artifact_prefix = "predictions_";
inline constexpr std::string_view artifact_suffix = ".csv";
inline constexpr std::string_view sidecar_suffix = "-metadata.json";

constexpr bool is_job_id_byte(char byte) noexcept {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '.' || byte == '_' || byte == '-';
}

// Returns true for a name that Windows takes for a device: CON, con and con.txt alike, in any directory.
constexpr bool is_device_name(std::string_view name) noexcept {
    const std::string_view stem = name.substr(0, name.find('.'));
    const auto is = [&](std::string_view word) {
        for (std::size_t i = 0; i < word.size(); ++i) {
            const char upper = stem[i] >= 'a' && stem[i] <= 'z' ? static_cast<char>(stem[i] - 'a' + 'A') : stem[i];
            if (upper != word[i]) return false;
        }
        return true;
    };
    if (stem.size() == 3) return is("CON") || is("PRN") || is("AUX") || is("NUL");
    return stem.size() == 4 && (is("COM") || is("LPT")) && stem[3] >= '0' && stem[3] <= '9';
}

// Returns the rule that `id` breaks, as the end of a sentence, or an empty text.
constexpr std::string_view broken_job_id_rule(std::string_view id) noexcept {
    if (id.empty()) return "is empty";
    if (id.size() > job_id_limit) return "is longer than 128 bytes";
    for (const char byte : id) {
        if (!is_job_id_byte(byte)) return "holds a byte other than A-Z a-z 0-9 . _ -";
    }
    if (id.front() == '.') return "starts with a dot";
    if (id.back() == '.') return "ends with a dot, which Windows drops";
    if (is_device_name(id)) return "is the name of a device on Windows";
    return {};
}

// Returns true if it depends on the current directory, or its drive, what `path` names.
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

// Returns `text` in quotes for an error message: printable ASCII as it is, other bytes as \xNN, at most 64 bytes of it.
[[nodiscard]] std::string quoted_for_error(std::string_view text);

}  // namespace detail

/// Returns true for the ids that artifact_path() takes: 1 to 128 of [A-Za-z0-9._-], without a dot at either end and not
/// a device name of Windows (CON, nul.txt, com1). On file systems that ignore case, ids that differ only in case share
/// one file.
[[nodiscard]] constexpr bool is_job_id(std::string_view id) noexcept {
    return detail::broken_job_id_rule(id).empty();
}

/// Throws UsageError (invalid_job_id) unless is_job_id(id). The error shows the id, escaped and cut, and the rule that
/// it breaks.
void check_job_id(std::string_view id);

/// Returns the name of a job's artifact without its directory: predictions_{job_id}.csv. Throws what check_job_id()
/// throws.
[[nodiscard]] std::string artifact_name(std::string_view job_id);

/// Returns the path of a job's artifact: dir/predictions_{job_id}.csv, with the directory's bytes as they are. No job
/// id can leave `dir`. Throws UsageError: invalid_job_id, or invalid_option if `dir` is empty or holds a NUL byte.
///
///     curtail::artifact_path("/data", "job_1")  // "/data/predictions_job_1.csv"
[[nodiscard]] std::string artifact_path(std::string_view dir, std::string_view job_id);

/// Returns the same for a std::filesystem::path, or another type with string().
template <class Path>  // not std::filesystem::path itself, because <filesystem> takes 0.5 s to compile
requires(!std::convertible_to<const Path&, std::string_view>) && requires(const Path& path) {
    { path.string() } -> std::convertible_to<std::string>;
}
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

/// Returns `path` as an absolute path, by its text alone: behind `current_directory` unless it begins with a slash, and
/// without doubled slashes and "." parts. ".." stays, because its meaning depends on the symbolic links before it. On
/// Windows a drive or a share makes a path absolute, ".." is resolved, and the result has slashes: "C:/data/x.csv".
[[nodiscard]] std::string absolute_path(std::string_view path, std::string_view current_directory);

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <algorithm>

#if defined(_WIN32)
#include <curtail/artifact/file/windows_path.hpp>
#endif
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/hex.hpp>

namespace curtail::inline v0 {

CURTAIL_INLINE std::string detail::quoted_for_error(std::string_view text) {
    constexpr std::size_t max_bytes = 64;
    std::string out = "\"";
    for (const char& c : text.substr(0, max_bytes)) {
        if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
            out += c;
        } else {
            out += "\\x";
            append_hex(out, {&c, 1});
        }
    }
    out += text.size() > max_bytes ? "...\"" : "\"";
    return out;
}

CURTAIL_INLINE void check_job_id(std::string_view id) {
    const std::string_view rule = detail::broken_job_id_rule(id);
    if (rule.empty()) return;
    throw UsageError(ErrorCode::invalid_job_id,
                     detail::concat({"the job id ", detail::quoted_for_error(id), " ", rule,
                                     "; use 1 to 128 of A-Z a-z 0-9 . _ - with no dot at either end"}));
}

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
