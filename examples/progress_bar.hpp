// SPDX-License-Identifier: MIT
#pragma once
// How far a job is, for people: a bar on a terminal, else a line every other second.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "log.hpp"

// What is known of a job under way.
struct JobProgress {
    std::optional<double> percent;  // unknown for an input without a size
    std::uint64_t rows = 0;
    double seconds = 0;  // since the job began
};

// Returns how much of an input was read; nothing if its size is 0 or unknown. An input that grows meanwhile is never
// read to more than 100 percent.
inline std::optional<double> percent_of(std::uint64_t bytes_read, std::uint64_t size) {
    if (size == 0) return {};
    return (std::min)(100.0, 100.0 * static_cast<double>(bytes_read) / static_cast<double>(size));
}

// Returns the number with a comma between thousands.
inline std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
    return text;
}

// Returns "1,234,567 rows, 512,000 rows/s, 3 s left".
inline std::string progress_text(const JobProgress& progress) {
    std::string text = grouped(progress.rows) + " rows";
    if (progress.seconds < 0.5) return text;
    text +=
        ", " + grouped(static_cast<std::uint64_t>(static_cast<double>(progress.rows) / progress.seconds)) + " rows/s";
    const double percent = progress.percent.value_or(0);
    if (percent < 1) return text;
    const auto left = static_cast<std::uint64_t>(std::ceil(progress.seconds * (100 - percent) / percent));
    return text + ", " + (left < 120 ? std::to_string(left) + " s" : std::to_string(left / 60) + " min") + " left";
}

class ProgressBar {
  public:
    ProgressBar(Log& log, std::string title) : log_(log), title_(std::move(title)) {}

    // Shows the progress, at most ten times per second on a terminal and every other second elsewhere.
    void show(const JobProgress& progress) {
        if (progress.seconds < next_) return;
        next_ = progress.seconds + (log_.is_terminal() ? 0.1 : 2.0);
        char percent[16] = "";
        if (progress.percent) std::snprintf(percent, sizeof percent, "%3.0f %% ", *progress.percent);
        const std::string text = progress_text(progress);
        if (!log_.is_terminal()) return log_.line(title_ + ": " + percent + text);
        std::string bar;
        const std::size_t used = title_.size() + text.size() + 12;
        if (progress.percent && used + 10 <= log_.columns()) {
            const std::size_t width = (std::min)(log_.columns() - used, std::size_t{40});
            const double part = (std::min)((std::max)(*progress.percent / 100, 0.0), 1.0);
            const auto done = static_cast<std::size_t>(part * static_cast<double>(width));
            bar = "[" + std::string(done, '#') + std::string(width - done, '.') + "] ";
        }
        log_.status(title_ + ": " + percent + bar + text);
    }

  private:
    Log& log_;
    std::string title_;
    double next_ = log_.is_terminal() ? 0.0 : 2.0;
};
