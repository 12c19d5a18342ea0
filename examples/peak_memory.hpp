// SPDX-License-Identifier: MIT
#pragma once
// The most memory this process has had at once, for a log line.

#include <cstdio>
#include <fstream>
#include <string>

#include <sys/resource.h>

// Returns "4.2 MB". Reads VmHWM on Linux, because getrusage() also counts the memory of the parent process there.
inline std::string peak_memory() {
    double bytes = 0;
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        if (word == "VmHWM:" && status >> bytes) bytes *= 1024;
    }
    rusage usage{};
    if (bytes == 0 && getrusage(RUSAGE_SELF, &usage) == 0) {
#ifdef __APPLE__
        bytes = static_cast<double>(usage.ru_maxrss);
#else
        bytes = static_cast<double>(usage.ru_maxrss) * 1024;
#endif
    }
    char text[32];
    std::snprintf(text, sizeof text, "%.1f MB", bytes / 1e6);
    return text;
}
