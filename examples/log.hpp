// SPDX-License-Identifier: MIT
#pragma once
// The lines that a program writes to stderr while it works.

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

#include <curtail/core/utf8.hpp>
#include <curtail/render/safe_text.hpp>

#include "secret.hpp"

// Writes lines without the secret, without control characters and of bounded length, whatever a peer put into them. On
// a terminal the last line can be a status, which the next one replaces. For one thread.
class Log {
  public:
    explicit Log(std::string program) : program_(std::move(program)) {
        const char* const kind = std::getenv("TERM");
        terminal_ = isatty(STDERR_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
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
    [[nodiscard]] std::size_t columns() const {
        winsize size{};
        if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 79;
        return size.ws_col - std::size_t{1};
    }

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
