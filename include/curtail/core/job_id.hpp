// SPDX-License-Identifier: MIT
#pragma once
// The rule for job ids, which the file's name and the message share.

#include <cstddef>
#include <string_view>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/ascii.hpp>

namespace curtail::inline v0 {
namespace detail {

inline constexpr std::size_t job_id_limit = 128;  // a file name has at most 255 bytes

// An artifact's name is its job id between these.
inline constexpr std::string_view artifact_prefix = "predictions_";
inline constexpr std::string_view artifact_suffix = ".csv";

constexpr bool is_job_id_byte(char byte) noexcept {
    return is_letter_or_digit(byte) || byte == '.' || byte == '_' || byte == '-';
}

// Returns true for a name that Windows takes for a device: CON, con and con.txt alike, in any directory.
constexpr bool is_device_name(std::string_view name) noexcept {
    const std::string_view stem = name.substr(0, name.find('.'));
    for (const std::string_view word : {"con", "prn", "aux", "nul"}) {
        if (is_word(stem, word)) return true;
    }
    return stem.size() == 4 && is_digit(stem[3]) &&
           (begins_in_any_case(stem, "com") || begins_in_any_case(stem, "lpt"));
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

}  // namespace detail

/// Returns true if `id` can be the id of a job: 1 to 128 of [A-Za-z0-9._-], without a dot at either end and not a
/// device name of Windows (CON, nul.txt, com1). On file systems that ignore case, ids that differ only in case share
/// one file.
[[nodiscard]] constexpr bool is_job_id(std::string_view id) noexcept {
    return detail::broken_job_id_rule(id).empty();
}

/// Throws UsageError (invalid_job_id) unless is_job_id(id). The error shows the id, escaped and cut, and the rule that
/// it breaks.
void check_job_id(std::string_view id);

/// Returns the job id in the last part of `path`, if that is `predictions_{job_id}.csv`, as artifact_path() makes it,
/// or the same with `.gz` behind it; and an empty text for any other path.
[[nodiscard]] constexpr std::string_view job_id_of(std::string_view path) noexcept {
    path.remove_prefix(path.find_last_of("/\\") + 1);  // npos + 1 is 0
    if (path.ends_with(".gz")) path.remove_suffix(3);
    constexpr std::size_t rest = detail::artifact_prefix.size() + detail::artifact_suffix.size();
    if (path.size() <= rest || !path.starts_with(detail::artifact_prefix) || !path.ends_with(detail::artifact_suffix)) {
        return {};
    }
    const std::string_view id = path.substr(detail::artifact_prefix.size(), path.size() - rest);
    return is_job_id(id) ? id : std::string_view();
}

/// Throws UsageError (invalid_job_id) if `path` names the artifact of another job than `job_id`. Accepts a path of any
/// other form, and one whose name has more before the id: `predictions_{model}_{job_id}.csv`.
void check_job_of_path(std::string_view job_id, std::string_view path);

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/quoted_text.hpp>

namespace curtail::inline v0 {

CURTAIL_INLINE void check_job_id(std::string_view id) {
    const std::string_view rule = detail::broken_job_id_rule(id);
    if (rule.empty()) return;
    throw UsageError(ErrorCode::invalid_job_id,
                     detail::concat({"the job id ", detail::quoted_for_error(id), " ", rule,
                                     "; use 1 to 128 of A-Z a-z 0-9 . _ - with no dot at either end"}));
}

CURTAIL_INLINE void check_job_of_path(std::string_view job_id, std::string_view path) {
    const std::string_view other = job_id_of(path);
    if (other.empty() || other == job_id) return;
    if (other.size() > job_id.size() && other.ends_with(job_id) && other[other.size() - job_id.size() - 1] == '_')
        return;
    throw UsageError(
        ErrorCode::invalid_job_id,
        detail::concat({"the message is of job ", detail::quoted_for_error(job_id), ", but the file's name says job ",
                        detail::quoted_for_error(other), "; use artifact_path() with the job id of the message"}));
}

}  // namespace curtail::inline v0
#endif
