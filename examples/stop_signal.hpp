// SPDX-License-Identifier: MIT
#pragma once
// SIGINT and SIGTERM for a program that works on one thread and calls stop_signal() a few times per second.

#include <csignal>

#ifndef _WIN32
#include <unistd.h>
#endif

// Returns the signal that asks the program to stop, or 0.
inline volatile std::sig_atomic_t& stop_signal() {
    static volatile std::sig_atomic_t signal_number = 0;
    return signal_number;
}

// Handles both signals from now on. The first one sets stop_signal() and interrupts a read that waits. A second one, or
// two seconds after the first, ends the process with the exit code 128 + signal. Process 1 of a container needs the
// handlers, because the kernel does not deliver signals to it that have none. On Windows only a second signal ends the
// process.
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
