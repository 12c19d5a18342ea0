// SPDX-License-Identifier: MIT
#pragma once
// The structs of the Arrow C Data and C Stream interface, known by their shape, and an owner that releases them once.

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace curtail::inline v0::detail {

// No Arrow struct is defined here: LightGBM, DuckDB, GDAL and Arrow itself each bring their own, with differing guards
// or none, and a further definition would clash with one of them whichever came first.

template <class S>
concept ArrowSchemaLike = std::is_trivially_copyable_v<S> && requires(S& schema) {
    { schema.format } -> std::convertible_to<const char*>;
    { schema.name } -> std::convertible_to<const char*>;
    { schema.n_children } -> std::convertible_to<std::int64_t>;
    { schema.children[0] } -> std::convertible_to<const S*>;
    { schema.dictionary } -> std::convertible_to<const S*>;
    schema.release(&schema);
    schema.release = nullptr;
};

template <class A>
concept ArrowArrayLike = std::is_trivially_copyable_v<A> && requires(A& array) {
    { array.length } -> std::convertible_to<std::int64_t>;
    { array.null_count } -> std::convertible_to<std::int64_t>;
    { array.offset } -> std::convertible_to<std::int64_t>;
    { array.n_buffers } -> std::convertible_to<std::int64_t>;
    { array.n_children } -> std::convertible_to<std::int64_t>;
    { array.buffers } -> std::convertible_to<const void* const*>;
    { array.children[0] } -> std::convertible_to<const A*>;
    { array.dictionary } -> std::convertible_to<const A*>;
    array.release(&array);
    array.release = nullptr;
};

// What a callback of a stream fills: Out of int (*)(Stream*, Out*).
template <class Callback>
struct ArrowCallback {
    using Out = void;
};
template <class Stream, class Filled>
struct ArrowCallback<int (*)(Stream*, Filled*)> {
    using Out = Filled;
};

template <class S>
using ArrowSchemaOf = typename ArrowCallback<decltype(S::get_schema)>::Out;
template <class S>
using ArrowArrayOf = typename ArrowCallback<decltype(S::get_next)>::Out;

template <class S>
concept ArrowStreamLike = std::is_trivially_copyable_v<S> && requires(S& stream) {
    { stream.get_last_error(&stream) } -> std::convertible_to<const char*>;
    stream.release(&stream);
    stream.release = nullptr;
    requires ArrowSchemaLike<detail::ArrowSchemaOf<S>>;
    requires ArrowArrayLike<detail::ArrowArrayOf<S>>;
};

// Holds one struct of the interface and calls its release callback exactly once. A struct moves by a copy of its bytes
// that leaves the source marked as released, as the interface demands.
template <class T>
class ArrowOwner {
  public:
    ArrowOwner() noexcept { value_.release = nullptr; }
    explicit ArrowOwner(T& source) noexcept : value_(source) { source.release = nullptr; }
    ArrowOwner(ArrowOwner&& other) noexcept : ArrowOwner(other.value_) {}
    ArrowOwner& operator=(ArrowOwner&& other) noexcept {
        if (this != &other) {
            release();
            value_ = other.value_;
            other.value_.release = nullptr;
        }
        return *this;
    }
    ~ArrowOwner() { release(); }

    [[nodiscard]] bool released() const noexcept { return value_.release == nullptr; }
    [[nodiscard]] T& value() noexcept { return value_; }
    [[nodiscard]] const T& value() const noexcept { return value_; }

    void release() noexcept {
        if (released()) return;
        value_.release(&value_);
        value_.release = nullptr;
    }

    // Calls fill(T*), which returns 0 or an error number, on a struct of zeros. What a failed call left in it is not
    // released: the interface does not say that there is anything.
    template <class Fill>
    [[nodiscard]] int refill(Fill fill) {
        release();
        value_ = T{};
        value_.release = nullptr;
        const int error = fill(&value_);
        if (error != 0) value_.release = nullptr;
        return error;
    }

  private:
    T value_{};
};

}  // namespace curtail::inline v0::detail
