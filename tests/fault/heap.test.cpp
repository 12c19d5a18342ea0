// SPDX-License-Identifier: MIT
#include "fault/heap.hpp"

#include <cstddef>
#include <memory>
#include <new>

#include "catch.hpp"

void* operator new(std::size_t size) {
    void* const block = heap::allocate(size);
    if (block == nullptr) throw std::bad_alloc();
    return block;
}
void* operator new[](std::size_t size) {
    return operator new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return heap::allocate(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return heap::allocate(size);
}
void operator delete(void* block) noexcept {
    heap::release(block);
}
void operator delete[](void* block) noexcept {
    heap::release(block);
}
void operator delete(void* block, std::size_t) noexcept {
    heap::release(block);
}
void operator delete[](void* block, std::size_t) noexcept {
    heap::release(block);
}

bool heap::installed() noexcept {
    return true;
}

TEST_CASE("heap: counts what is in use, and fails the allocation that it is told to", "[fault]") {
    const auto before = heap::live_blocks.load();
    auto kept = std::make_unique<std::size_t>(1);
    CHECK(heap::live_blocks == before + 1);
    kept.reset();
    CHECK(heap::live_blocks == before);

    heap::allocations = 0;
    heap::failing = 1;
    bool thrown = false;
    try {
        kept = std::make_unique<std::size_t>(2);
    } catch (const std::bad_alloc&) {
        thrown = true;
    }
    heap::failing = 0;
    CHECK(thrown);

    heap::allowed = 0;
    std::size_t* const none = new (std::nothrow) std::size_t(3);
    heap::allowed = -1;
    CHECK(none == nullptr);
    delete none;
}
