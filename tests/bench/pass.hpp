// SPDX-License-Identifier: MIT
#pragma once
// One measured pass of a benchmark, and how it is printed: a line of JSON, for compare.py and for people.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>

namespace bench {

struct Pass {
    double seconds;      // by the clock on the wall
    double cpu_seconds;  // of all threads, the kernel's work for them included
};

template <class Work>
[[nodiscard]] Pass measure(Work work) {
    const auto cpu = [] {
        timespec now{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
    };
    const double cpu_begin = cpu();
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    return {elapsed.count(), cpu() - cpu_begin};
}

inline void print(const char* what, const Pass& pass, std::uint64_t rows, std::uint64_t bytes) {
    std::printf(R"({"what": "%s", "seconds": %.6f, "cpu_seconds": %.6f, "rows": %ju, "bytes": %ju})"
                "\n",
                what, pass.seconds, pass.cpu_seconds, static_cast<std::uintmax_t>(rows),
                static_cast<std::uintmax_t>(bytes));
    std::fflush(stdout);
}

}  // namespace bench
