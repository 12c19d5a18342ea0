// SPDX-License-Identifier: MIT
#include <curtail/artifact/system/file_entry.hpp>

#include <cstdint>

#include "catch.hpp"

using curtail::detail::FileEntry;
using curtail::detail::FileTime;
using curtail::detail::is_older;

TEST_CASE("FileTime: is ordered by seconds, then by their fraction, before and after 1970", "[artifact]") {
    CHECK(FileTime{-1, 999'999'999} < FileTime{0, 0});
    CHECK(FileTime{-2, 999'999'999} < FileTime{-1, 0});
    CHECK(FileTime{7, 1} < FileTime{7, 2});
    CHECK(FileTime{INT64_MIN, 0} < FileTime{INT64_MAX, 0});
}

TEST_CASE("is_older: counts whole seconds and cannot overflow", "[artifact]") {
    const FileTime now{1'700'000'000, 500};
    CHECK_FALSE(is_older(now, now, 0));
    CHECK(is_older({1'700'000'000, 499}, now, 0));
    CHECK_FALSE(is_older({1'700'000'000, 499}, now, 1));
    CHECK(is_older({1'699'999'999, 500}, now, 1));
    CHECK_FALSE(is_older({1'699'999'999, 501}, now, 1));
    CHECK_FALSE(is_older({1'700'000'001, 0}, now, 0));
    CHECK_FALSE(is_older({INT64_MAX, 999'999'999}, now, 0));
    CHECK(is_older({INT64_MIN, 0}, {INT64_MAX, 0}, UINT64_MAX));
    CHECK_FALSE(is_older({INT64_MIN, 1}, {INT64_MAX, 0}, UINT64_MAX));
    CHECK(is_older({INT64_MIN, 0}, now, 1'700'000'000));
    CHECK_FALSE(is_older({0, 0}, now, UINT64_MAX));
}

TEST_CASE("FileEntry: a file is known by its device and inode alone", "[artifact]") {
    const FileEntry file{.regular = true, .bytes = 1, .device = 2, .inode = 3};
    CHECK(file.is({.bytes = 9, .device = 2, .inode = 3}));
    CHECK_FALSE(file.is({.regular = true, .bytes = 1, .device = 2, .inode = 4}));
    CHECK_FALSE(file.is({.regular = true, .bytes = 1, .device = 1, .inode = 3}));
}
