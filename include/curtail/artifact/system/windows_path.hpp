// SPDX-License-Identifier: MIT
#pragma once
// Paths of Windows, by their text alone.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/job_id.hpp>
#include <curtail/core/text/ascii.hpp>

namespace curtail::inline v0::detail {

[[nodiscard]] constexpr bool has_drive(std::string_view path) noexcept {
    return path.size() >= 2 && path[1] == ':' &&
           ((path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z'));
}

// Returns `path` with slashes for backslashes and without the prefix by which Windows takes a path literally.
[[nodiscard]] inline std::string with_slashes(std::string_view path) {
    std::string out(path);
    std::replace(out.begin(), out.end(), '\\', '/');
    if (out.starts_with("//?/UNC/")) return "/" + out.substr(7);
    if (out.starts_with("//?/")) return out.substr(4);
    return out;
}

// Returns the size of the root of `path`, which has slashes: "C:/" or "//server/share/", or 0 if it is relative to the
// current directory, drive or the drive's directory.
[[nodiscard]] inline std::size_t windows_root(std::string_view path) noexcept {
    if (has_drive(path)) return path.size() > 2 && path[2] == '/' ? 3 : 0;
    if (!path.starts_with("//")) return 0;
    const std::size_t share = path.find('/', 2);
    if (share == std::string_view::npos) return path.size();
    return (std::min)(path.find('/', share + 1), path.size() - 1) + 1;
}

// Returns an absolute path with slashes, without "." and ".." parts, which Windows resolves by the text as well.
[[nodiscard]] inline std::string absolute_windows_path(std::string_view given, std::string_view current_directory) {
    std::string path = with_slashes(given);
    const std::string current = with_slashes(current_directory);
    if (windows_root(path) == 0) {
        const bool same_drive = has_drive(path) && has_drive(current) && (path[0] | 0x20) == (current[0] | 0x20);
        if (path.starts_with('/')) {
            path = current.substr(0, windows_root(current)) + path;
        } else if (!has_drive(path)) {
            path = current + "/" + path;
        } else {
            path = (same_drive ? current : path.substr(0, 2)) + "/" + path.substr(2);
        }
    }
    const std::size_t root = windows_root(path);
    std::string out = path.substr(0, root);
    std::vector<std::size_t> starts;  // where the parts begin, to go back to by ".."
    std::string_view rest = std::string_view(path).substr(root);
    while (!rest.empty()) {
        const std::size_t slash = (std::min)(rest.find('/'), rest.size());
        const std::string_view part = rest.substr(0, slash);
        if (part == "..") {
            if (!starts.empty()) {
                out.resize(starts.back());
                starts.pop_back();
            }
        } else if (!part.empty() && part != ".") {
            starts.push_back(out.size());
            if (!out.empty() && out.back() != '/') out += '/';
            out += part;
        }
        rest.remove_prefix((std::min)(slash + 1, rest.size()));
    }
    return out;
}

// Returns what keeps `name` from being the name of a file on Windows, as the end of a sentence, or an empty text.
[[nodiscard]] inline std::string_view broken_windows_name_rule(std::string_view name) noexcept {
    if (name.find_first_of("<>:\"|?*\\/") != std::string_view::npos)
        return " holds one of <>:\"|?*, as no name may there";
    for (const char c : name) {
        if (static_cast<unsigned char>(c) < 0x20) return " holds a control character, as no name may there";
    }
    if (name.ends_with('.') || name.ends_with(' ')) return " ends with a dot or a space, which Windows drops";
    std::string_view stem = name.substr(0, name.find('.'));
    while (stem.ends_with(' ')) stem.remove_suffix(1);
    if (is_device_name(stem)) return " is the name of a device on Windows";
    for (const std::string_view word : {"conin$", "conout$", "com\xC2\xB9", "com\xC2\xB2", "com\xC2\xB3", "lpt\xC2\xB9",
                                        "lpt\xC2\xB2", "lpt\xC2\xB3"}) {
        if (is_word(stem, word)) return " is the name of a device on Windows";
    }
    return {};
}

}  // namespace curtail::inline v0::detail
