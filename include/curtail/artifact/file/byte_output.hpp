// SPDX-License-Identifier: MIT
#pragma once
// The output of a sink behind one plain type, for code that need not be compiled for each output.

#include <span>
#include <utility>

namespace curtail::inline v0::detail {

class ByteOutput {
  public:
    virtual void write(std::span<const char> bytes) = 0;

  protected:
    ByteOutput() = default;
    ByteOutput(const ByteOutput&) = delete;
    ByteOutput& operator=(const ByteOutput&) = delete;
    ~ByteOutput() = default;
};

// Owns a user's output.
template <class Output>
struct OwnedOutput final : ByteOutput {
    explicit OwnedOutput(Output owned) : output(std::move(owned)) {}
    void write(std::span<const char> bytes) override { output.write(bytes); }

    Output output;
};

}  // namespace curtail::inline v0::detail
