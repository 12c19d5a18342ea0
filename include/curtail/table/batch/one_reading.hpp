// SPDX-License-Identifier: MIT
#pragma once
// Lets a stream be read once.

#include <utility>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// Throws UsageError (wrong_state) for a stream that was read from before.
[[noreturn]] void throw_begun();

// Refuses a second reading of a stream, which would otherwise look like a table without rows, or without its first
// rows; and a reading of one that was moved away, which would have rows of the other. A stream calls begin() and end()
// in each next().
class OneReading {
  public:
    OneReading() = default;
    OneReading(const OneReading&) = default;
    OneReading(OneReading&& other) noexcept : begun_(other.begun_), over_(std::exchange(other.over_, true)) {}
    OneReading& operator=(const OneReading&) = default;
    OneReading& operator=(OneReading&& other) noexcept {
        begun_ = other.begun_;
        over_ = std::exchange(other.over_, true);
        return *this;
    }
    ~OneReading() = default;

    // Returns true if the stream was read from.
    [[nodiscard]] bool begun() const noexcept { return begun_; }

    // Begins a call of next(). Throws UsageError (wrong_state) after the last one: the end, an error, or a move.
    void begin() {
        if (over_) throw_over();
        begun_ = over_ = true;
    }
    // Ends the call and returns the batch, or the null pointer at the end.
    template <class Batch>
    [[nodiscard]] const Batch* end(const Batch* batch) noexcept {
        over_ = batch == nullptr;
        return batch;
    }

  private:
    [[noreturn]] static void throw_over();

    bool begun_ = false;
    bool over_ = false;
};

// Returns true if `stream` was read from, as far as it can tell.
template <class Stream>
[[nodiscard]] bool is_begun(const Stream& stream) noexcept {
    if constexpr (requires { stream.begun(); }) {
        return stream.begun();
    } else {
        return false;
    }
}

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

namespace curtail::inline v0::detail {

CURTAIL_INLINE void OneReading::throw_over() {
    throw UsageError(
        ErrorCode::wrong_state,
        "this stream was read to its end, or failed, or was moved away, and cannot be read again; make a new one");
}

CURTAIL_INLINE void throw_begun() {
    throw UsageError(ErrorCode::wrong_state,
                     "this stream was read from before, so rows would be missing; make a new one, or append what is "
                     "left of it to a split of ResultPayloadBuilder::start()");
}

}  // namespace curtail::inline v0::detail

#endif
