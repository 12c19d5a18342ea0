// SPDX-License-Identifier: MIT
#pragma once
// A heap whose allocations fail on command. heap.test.cpp puts it in the place of the program's own.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace heap {

// Of this thread: how many allocations there were, and the number of the one that fails; 0 for none.
inline thread_local std::size_t allocations = 0;
inline thread_local std::size_t failing = 0;

// Of all threads: blocks in use; how many allocations still succeed, where a negative number means that none fails;
// whether all fail after the first that does; how many have failed.
inline std::atomic<std::int64_t> live_blocks{0};
inline std::atomic<std::int64_t> allowed{-1};
inline std::atomic<bool> for_ever{false};
inline std::atomic<std::int64_t> failed{0};

inline bool fails_now() noexcept {
    if (++allocations == failing) return true;
    if (allowed.load() < 0) return false;
    const std::int64_t left = allowed.fetch_sub(1);
    if (left > 0) return false;
    if (left == 0 || for_ever.load()) {
        if (for_ever.load()) allowed = 0;
        ++failed;
        return true;
    }
    return false;
}

inline void* allocate(std::size_t size) noexcept {
    if (fails_now()) return nullptr;
    void* const block = std::malloc(size == 0 ? 1 : size);
    if (block != nullptr) ++live_blocks;
    return block;
}

inline void release(void* block) noexcept {
    if (block != nullptr) --live_blocks;
    std::free(block);
}

// Returns true. Programs that use this heap without heap.test.cpp do not link.
[[nodiscard]] bool installed() noexcept;

}  // namespace heap
