// SPDX-License-Identifier: MIT
#pragma once
// The names of files that readers do not see: what a run is writing, and what a sweep has set aside.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/hex.hpp>

namespace curtail::inline v0::detail {

// The parts of .{stem}.{process}-{16 hex digits}{ending}. The process is 0 if a name is none of these.
struct HiddenName {
    std::string_view stem;
    std::int64_t process = 0;
};

[[nodiscard]] constexpr HiddenName hidden_name(std::string_view name, std::string_view ending) noexcept {
    const auto all_of = [](std::string_view text, std::string_view allowed) {
        return text.find_first_not_of(allowed) == std::string_view::npos;
    };
    const std::size_t tail = std::string_view("-0123456789abcdef").size() + ending.size();
    if (!name.starts_with('.') || !name.ends_with(ending) || name.size() <= tail + 1) return {};
    name.remove_prefix(1);
    if (name[name.size() - tail] != '-' || !all_of(name.substr(name.size() - tail + 1, 16), hex_digits)) return {};
    name.remove_suffix(tail);
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return {};
    const std::string_view pid = name.substr(dot + 1);
    if (pid.empty() || pid.size() > 10 || pid.front() == '0' || !all_of(pid, "0123456789")) return {};
    std::int64_t value = 0;
    for (const char digit : pid) value = value * 10 + (digit - '0');
    return value <= INT32_MAX ? HiddenName{name.substr(0, dot), value} : HiddenName{};
}

// Returns ".stem.4711-0123456789abcdef.tmp": hidden, with the process id, and hard to guess.
template <class System>
[[nodiscard]] std::string new_hidden_name(System& system, std::string_view stem, std::string_view ending) {
    return concat({".", stem, ".", std::to_string(system.process_id()), "-", hex_text(system.random()), ending});
}

}  // namespace curtail::inline v0::detail
