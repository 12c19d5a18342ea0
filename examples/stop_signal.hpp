// SPDX-License-Identifier: MIT
#pragma once
// SIGINT and SIGTERM for a program that works on one thread and asks stop_signal() a few times per second.

#include <csignal>

#ifndef _WIN32
#include <unistd.h>
#endif

// Returns the signal that asks the program to stop, or 0.
inline volatile std::sig_atomic_t& stop_signal() {
    static volatile std::sig_atomic_t signal_number = 0;
    return signal_number;
}

// The first signal asks, and interrupts a read that waits. A second one, or two seconds in which nobody noticed, end
// the process with the exit code 128 + signal. Process 1 of a container needs this more than others: the kernel keeps
// signals without a handler from it. On Windows a second one ends the process; there is no time limit.
inline void catch_stop_signals() {
    stop_signal() = 0;
#ifdef _WIN32
    const auto handler = +[](int number) { stop_signal() = number; };  // which Windows takes away once it is called
    for (const int number : {SIGINT, SIGTERM}) std::signal(number, handler);
#else
    const auto handler = +[](int number) {
        if (stop_signal() != 0) _exit(128 + stop_signal());
        stop_signal() = number;
        alarm(2);
    };
    struct sigaction action {};
    action.sa_handler = handler;
    for (const int number : {SIGINT, SIGTERM, SIGALRM}) sigaction(number, &action, nullptr);
#endif
}
