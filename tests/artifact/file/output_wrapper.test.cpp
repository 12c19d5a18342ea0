// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/output_wrapper.hpp>

#include <memory>
#include <utility>

#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/file/byte_output.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

namespace {

template <class Output>
using Wrapper = curtail::detail::OutputWrapper<curtail::detail::OwnedOutput<Output>>;

struct Wrapped : Wrapper<MemoryOutput> {
    explicit Wrapped(const MemoryOutput& output) : OutputWrapper(std::make_unique<MemoryBytes>(output), false) {}
    void complete() { complete_ = true; }
};

template <class W>
concept OnFiles = requires(W& wrapper) {
    wrapper.location();
    wrapper.open_sidecar("x");
    wrapper.commit_with_sidecar("x");
};

}  // namespace

TEST_CASE("OutputWrapper: has what its output has", "[artifact]") {
    STATIC_REQUIRE(OnFiles<Wrapper<curtail::AtomicFile>>);
    STATIC_REQUIRE_FALSE(OnFiles<Wrapper<MemoryOutput>>);
}

TEST_CASE("OutputWrapper: publishes once it is complete, and not where it was moved away from", "[artifact]") {
    const MemoryOutput output;
    Wrapped wrapped(output);
    CHECK_THROWS_AS(wrapped.commit(), curtail::UsageError);
    wrapped.complete();
    Wrapped moved = std::move(wrapped);
    CHECK_THROWS_AS(wrapped.commit(), curtail::UsageError);  // NOLINT(bugprone-use-after-move)
    wrapped.abort();
    CHECK(output.kept->aborts == 0);
    moved.commit();
    moved.abort();
    CHECK(output.kept->commits == 1);
    CHECK(output.kept->aborts == 1);
}
