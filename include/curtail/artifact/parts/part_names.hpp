// SPDX-License-Identifier: MIT
#pragma once
// The names of a job's directory of parts and of the files in it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/artifact/housekeeping/hidden_name.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

// predictions_{job}/part-00003.csv               the file of a part: committed, complete
// predictions_{job}/_SUCCESS                     the manifest: all parts are committed
// predictions_{job}/.part-00003.summary          a record of the part: its commit
// predictions_{job}/.part-00003.{pid}-{hex}.tmp  the file of an attempt, or a record that is being written
// predictions_{job}/.parts                       how many parts the job has

// Five digits, so that the order of the names is the order of the parts.
inline constexpr std::uint64_t part_count_limit = 100'000;
inline constexpr std::size_t part_digits = 5;

inline constexpr std::string_view parts_mark = ".parts";
inline constexpr std::string_view manifest_name = "_SUCCESS";
inline constexpr std::string_view part_prefix = "part-";
inline constexpr std::string_view record_ending = ".summary";
inline constexpr std::string_view attempt_ending = ".tmp";

// Returns "part-00003".
[[nodiscard]] inline std::string part_stem(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    return concat({part_prefix, std::string(part_digits - (std::min)(digits.size(), part_digits), '0'), digits});
}

// Returns ".part-00003.summary".
[[nodiscard]] inline std::string record_name(std::uint64_t number) {
    return concat({".", part_stem(number), record_ending});
}

// Returns the number in a stem, if it is one.
[[nodiscard]] constexpr std::optional<std::uint64_t> number_of_stem(std::string_view stem) noexcept {
    if (!stem.starts_with(part_prefix) || stem.size() != part_prefix.size() + part_digits) return {};
    std::uint64_t number = 0;
    for (const char digit : stem.substr(part_prefix.size())) {
        if (digit < '0' || digit > '9') return {};
        number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return number;
}

// Returns the number of the part whose file, record or attempt has this name, if it is such a name.
[[nodiscard]] constexpr std::optional<std::uint64_t> number_of_part_file(std::string_view name) noexcept {
    if (name.ends_with(".gz")) name.remove_suffix(3);
    if (!name.ends_with(artifact_suffix)) return {};
    return number_of_stem(name.substr(0, name.size() - artifact_suffix.size()));
}
[[nodiscard]] constexpr std::optional<std::uint64_t> number_of_record(std::string_view name) noexcept {
    if (!name.starts_with('.') || !name.ends_with(record_ending)) return {};
    return number_of_stem(name.substr(1, name.size() - 1 - record_ending.size()));
}
[[nodiscard]] constexpr std::optional<std::uint64_t> number_of_attempt(std::string_view name) noexcept {
    const HiddenName hidden = hidden_name(name, attempt_ending);
    return hidden.process != 0 ? number_of_stem(hidden.stem) : std::nullopt;
}

// Returns the process that writes this file of a directory of parts under a temporary name; 0 for other names.
[[nodiscard]] constexpr std::int64_t part_writer(std::string_view name) noexcept {
    const HiddenName hidden = hidden_name(name, attempt_ending);
    const bool known =
        number_of_stem(hidden.stem) || hidden.stem == parts_mark.substr(1) || hidden.stem == manifest_name;
    return known ? hidden.process : 0;
}

// Returns true for the names that a directory of parts may hold.
[[nodiscard]] constexpr bool is_name_of_parts(std::string_view name) noexcept {
    return name == parts_mark || name == manifest_name || number_of_part_file(name) || number_of_record(name) ||
           part_writer(name) != 0;
}

// Returns true for "predictions_job_1": the name of a directory of parts.
[[nodiscard]] constexpr bool is_parts_directory_name(std::string_view name) noexcept {
    return name.starts_with(artifact_prefix) && is_job_id(name.substr(artifact_prefix.size()));
}

}  // namespace curtail::inline v0::detail
