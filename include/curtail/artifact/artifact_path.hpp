// SPDX-License-Identifier: MIT
#pragma once
// Where a job's artifact lies: which job ids may name a file, and the name they get.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>

namespace curtail::inline v0 {
namespace detail {

inline constexpr std::size_t job_id_limit = 128;  // with every prefix and suffix well below a name's 255 bytes
inline constexpr std::string_view artifact_prefix = "predictions_";
inline constexpr std::string_view artifact_suffix = ".csv";
inline constexpr std::string_view sidecar_suffix = "-metadata.json";

constexpr bool is_job_id_byte(char byte) noexcept {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '.' || byte == '_' || byte == '-';
}

// Windows opens a device for CON, con and con.txt alike, in any directory.
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

// The rule that `id` breaks, as the end of a sentence; empty when it breaks none.
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

// `text` for an error message: printable ASCII as it is, any other byte as \xNN, at most 64 bytes of it.
inline std::string quoted_for_error(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text.substr(0, 64)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F && c != '"' && c != '\\') {
            out += c;
        } else {
            out += "\\x";
            out += digits[byte >> 4U];
            out += digits[byte & 0x0FU];
        }
    }
    out += text.size() > 64 ? "...\"" : "\"";
    return out;
}

}  // namespace detail

// True for the ids that artifact_path() takes: 1 to 128 of [A-Za-z0-9._-], no dot at either end, no device name of
// Windows (CON, nul.txt, com1). On file systems that ignore case, ids that differ in case only share one file.
[[nodiscard]] constexpr bool is_job_id(std::string_view id) noexcept {
    return detail::broken_job_id_rule(id).empty();
}

// Throws UsageError (invalid_job_id) that shows the id, escaped and cut, and names the rule it breaks.
inline void check_job_id(std::string_view id) {
    const std::string_view rule = detail::broken_job_id_rule(id);
    if (rule.empty()) return;
    throw UsageError(ErrorCode::invalid_job_id, "the job id " + detail::quoted_for_error(id) + " " + std::string(rule) +
                                                    "; use 1 to 128 of A-Z a-z 0-9 . _ - with no dot at either end");
}

// The name of a job's artifact, without its directory.
[[nodiscard]] inline std::string artifact_name(std::string_view job_id) {
    check_job_id(job_id);
    std::string name(detail::artifact_prefix);
    name += job_id;
    name += detail::artifact_suffix;
    return name;
}

// dir/predictions_{job_id}.csv: the path to open, with the directory's bytes as they are. No job id leaves `dir`.
[[nodiscard]] inline std::string artifact_path(std::string_view dir, std::string_view job_id) {
    const std::string name = artifact_name(job_id);
    if (dir.empty()) {
        throw UsageError(ErrorCode::invalid_option,
                         "the artifact's directory is empty; write \".\" for the current one");
    }
    if (dir.find('\0') != std::string_view::npos) {
        throw UsageError(ErrorCode::invalid_option,
                         "the artifact's directory " + detail::quoted_for_error(dir) + " holds a NUL byte");
    }
    std::string path(dir);
    if (path.back() != '/') path += '/';
    return path + name;
}

// The same for std::filesystem::path and its like; asking for string() spares everyone else <filesystem> (0.5 s).
template <class Path>
requires(!std::convertible_to<const Path&, std::string_view>) && requires(const Path& path) {
    { path.string() } -> std::convertible_to<std::string>;
}
[[nodiscard]] std::string artifact_path(const Path& dir, std::string_view job_id) {
    const std::string text = dir.string();
    return artifact_path(std::string_view(text), job_id);
}

// `path` made absolute by its text alone: put behind `current_directory` unless it begins with a slash, without doubled
// slashes and "." parts. ".." stays, because what it means depends on the symbolic links before it.
[[nodiscard]] inline std::string absolute_path(std::string_view path, std::string_view current_directory) {
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

}  // namespace curtail::inline v0
