// SPDX-License-Identifier: MIT
#include <curtail/table/arrow/abi.hpp>

#include <utility>

#include "catch.hpp"

namespace {

// The members that an owner needs.
struct Counted {
    int value = 0;
    int* releases = nullptr;
    void (*release)(Counted*) = nullptr;
};

Counted counted(int& releases, int value = 0) {
    return {value, &releases, [](Counted* self) {
                ++*self->releases;
                self->release = nullptr;
            }};
}

struct Schema {
    const char* format;
    const char* name;
    long long n_children;
    Schema** children;
    Schema* dictionary;
    void (*release)(Schema*);
};
struct DeviceArray {
    Schema array;
    int device_type;
};
struct DeviceStream {
    int (*get_schema)(DeviceStream*, Schema*);
    int (*get_next)(DeviceStream*, DeviceArray*);
    const char* (*get_last_error)(DeviceStream*);
    void (*release)(DeviceStream*);
};

using Owner = curtail::detail::ArrowOwner<Counted>;

}  // namespace

TEST_CASE("ArrowSchemaLike: recognises a struct by its members, whatever header defined it", "[table]") {
    static_assert(curtail::detail::ArrowSchemaLike<Schema>);
    static_assert(!curtail::detail::ArrowSchemaLike<const Schema>);
    static_assert(!curtail::detail::ArrowArrayLike<Schema>);
    static_assert(!curtail::detail::ArrowStreamLike<int>);
    static_assert(!curtail::detail::ArrowStreamLike<Schema>);
    // An array on a device is not an array that can be read.
    static_assert(!curtail::detail::ArrowStreamLike<DeviceStream>);
}

TEST_CASE("ArrowOwner: takes a struct over and releases it once, wherever it was moved", "[table]") {
    int releases = 0;
    Counted source = counted(releases, 7);
    {
        Owner first(source);
        CHECK(source.release == nullptr);
        CHECK(first.value().value == 7);
        Owner second(std::move(first));
        CHECK(first.released());
        CHECK_FALSE(second.released());
        Owner third;
        CHECK(third.released());
        third = std::move(second);
        CHECK(second.released());
        Owner& same = third;
        third = std::move(same);
        CHECK_FALSE(third.released());
        CHECK(releases == 0);
    }
    CHECK(releases == 1);
}

TEST_CASE("ArrowOwner: releases what it holds before it is filled again", "[table]") {
    int releases = 0;
    Counted source = counted(releases);
    Owner owner(source);
    CHECK(owner.refill([&](Counted* out) {
        CHECK(releases == 1);
        CHECK(out->value == 0);
        *out = counted(releases, 9);
        return 0;
    }) == 0);
    CHECK(owner.value().value == 9);
    owner.release();
    owner.release();
    CHECK(releases == 2);
}

TEST_CASE("ArrowOwner: does not release what a failed call left in a struct", "[table]") {
    int releases = 0;
    Owner owner;
    CHECK(owner.refill([&](Counted* out) {
        *out = counted(releases);
        return 22;
    }) == 22);
    CHECK(owner.released());
    owner.release();
    CHECK(releases == 0);
}
