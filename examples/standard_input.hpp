// SPDX-License-Identifier: MIT
#pragma once
// The standard input, read as it arrives. std::fread would wait until its whole buffer is full.

#include <cerrno>
#include <cstddef>
#include <span>
#include <system_error>

#include <curtail/core/error.hpp>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#else
#include <unistd.h>
#endif

// Waits until something has arrived, and returns how many bytes of it are in `buffer`; 0 at the end. Throws InputError.
inline std::size_t read_standard_input(std::span<char> buffer) {
    const auto read_some = [&] {
#ifdef _WIN32
        static const int text_mode = _setmode(0, _O_BINARY);  // would drop carriage returns and end at byte 26
        static_cast<void>(text_mode);
        return _read(0, buffer.data(), static_cast<unsigned>(buffer.size()));
#else
        return ::read(STDIN_FILENO, buffer.data(), buffer.size());
#endif
    };
    auto size = read_some();
    while (size < 0 && errno == EINTR) size = read_some();
    if (size >= 0) return static_cast<std::size_t>(size);
    throw curtail::InputError(curtail::ErrorCode::unreadable_input, std::generic_category().message(errno),
                              "the standard input");
}
