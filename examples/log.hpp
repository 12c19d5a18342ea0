// SPDX-License-Identifier: MIT
#pragma once
// The lines that a program writes to stderr while it works.

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#ifdef _WIN32
#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

#include <curtail/core/utf8.hpp>
#include <curtail/render/safe_text.hpp>

#include "secret.hpp"

#ifdef _WIN32
inline bool stderr_is_terminal() {
    return _isatty(2) != 0;
}
#else
inline bool stderr_is_terminal() {
    return isatty(STDERR_FILENO) == 1;
}
#endif

// Returns the width of the terminal; 0 if it is unknown, as on Windows.
inline std::size_t stderr_columns() {
#ifdef _WIN32
    return 0;
#else
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : std::size_t{0};
#endif
}

// Writes lines without the secret, without control characters and of bounded length, whatever a peer put into them. On
// a terminal the last line can be a status, which the next one replaces. For one thread.
class Log {
  public:
    explicit Log(std::string program) : program_(std::move(program)) {
        const char* const kind = std::getenv("TERM");
        terminal_ = stderr_is_terminal() && kind != nullptr && std::string_view(kind) != "dumb";
    }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    ~Log() { clear_status(); }

    void line(std::string_view text) {
        clear_status();
        std::fprintf(stderr, "%s: %s\n", program_.c_str(), cleaned(text).c_str());
    }

    [[nodiscard]] bool is_terminal() const noexcept { return terminal_; }

    // Returns how many characters a status may have.
    [[nodiscard]] std::size_t columns() const { return stderr_columns() < 20 ? 79 : stderr_columns() - 1; }

    // Shows the status, of ASCII characters, on a terminal.
    void status(std::string_view text) {
        if (!terminal_) return;
        clear_status();
        std::fprintf(stderr, "%s", cleaned(text).substr(0, columns()).c_str());
        std::fflush(stderr);
        has_status_ = true;
    }

  private:
    static constexpr std::size_t max_bytes = 2000;

    [[nodiscard]] static std::string cleaned(std::string_view text) {
        return curtail::safe_text(curtail::utf8_prefix(without_secret(text), max_bytes));
    }

    void clear_status() {
        if (has_status_) std::fputs("\r\x1b[K", stderr);
        has_status_ = false;
    }

    std::string program_;
    bool terminal_ = false;
    bool has_status_ = false;
};
