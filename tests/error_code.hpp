// SPDX-License-Identifier: MIT
#pragma once
// Asks which typed error a call ends in.

#include <optional>

#include <curtail/core/error.hpp>

// Returns the code of the error that `call` throws, and nothing if it throws none. Other exceptions pass.
template <class Call>
[[nodiscard]] std::optional<curtail::ErrorCode> code_of(Call&& call) {
    try {
        static_cast<void>(call());
    } catch (const curtail::Error& error) {
        return error.code();
    }
    return {};
}
