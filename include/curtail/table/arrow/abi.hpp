// SPDX-License-Identifier: MIT
#pragma once
// The structs of the Arrow C Data and C Stream interface, known by their shape, and an owner that releases them once.

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace curtail::inline v0::detail {

// curtail defines no Arrow struct. LightGBM, DuckDB, GDAL and Arrow itself each define them, with different include
// guards or none, and one more definition would clash with theirs.

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

// The struct that a callback of a stream fills: Out of int (*)(Stream*, Out*).
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
    requires ArrowSchemaLike<ArrowSchemaOf<S>>;
    requires ArrowArrayLike<ArrowArrayOf<S>>;
};

// Fail to compile unless the argument is such a struct that is passed by std::move, with a message that names the cure.
template <class S>
constexpr auto expect_arrow_schema() noexcept {
    using Plain = std::remove_reference_t<S>;
    static_assert(ArrowSchemaLike<Plain>,
                  "this is not an ArrowSchema: pass the struct itself, not a pointer to it, not "
                  "const, by std::move(schema)");
    static_assert(!ArrowSchemaLike<Plain> || !std::is_lvalue_reference_v<S>,
                  "the Arrow schema is taken over, and released here: pass std::move(schema)");
}
template <class A>
constexpr auto expect_arrow_array() noexcept {
    using Plain = std::remove_reference_t<A>;
    static_assert(ArrowArrayLike<Plain>,
                  "this is not an ArrowArray: pass the struct itself, not a pointer to it, not "
                  "const, by std::move(array)");
    static_assert(!ArrowArrayLike<Plain> || !std::is_lvalue_reference_v<A>,
                  "the Arrow array is taken over, and released here: pass std::move(array)");
}
template <class S>
constexpr auto expect_arrow_stream() noexcept {
    using Plain = std::remove_reference_t<S>;
    static_assert(ArrowStreamLike<Plain>,
                  "this is not an ArrowArrayStream: pass the struct itself (not a pointer to it, not const) with "
                  "get_schema, get_next, get_last_error and release, by std::move(stream); copy device arrays to the "
                  "CPU first");
    static_assert(!ArrowStreamLike<Plain> || !std::is_lvalue_reference_v<S>,
                  "the Arrow stream is taken over, and released here: pass std::move(stream)");
}

// Holds one struct of the interface and calls its release callback exactly once. A move copies the bytes and marks the
// source as released, as the interface demands.
template <class T>
class ArrowOwner {
  public:
    ArrowOwner() noexcept { value_.release = nullptr; }
    explicit ArrowOwner(T& source) noexcept : value_(source) { source.release = nullptr; }
    ArrowOwner(ArrowOwner&& other) noexcept : ArrowOwner(other.value_) {}
    ArrowOwner& operator=(ArrowOwner other) noexcept {
        std::swap(value_, other.value_);
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

    // Calls fill(T*) on a struct of zeros and returns its result: 0 or an error number. After an error nothing is
    // released, because the interface does not say what the struct then holds.
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
