// SPDX-License-Identifier: MIT
#pragma once
// Arrow data as a table: arrow_stream(stream) for a whole stream, arrow_batch(schema, array) for one record batch.

#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/table/arrow/abi.hpp>
#include <curtail/table/arrow/bound_array.hpp>
#include <curtail/table/arrow/layout.hpp>
#include <curtail/table/arrow/nested_json.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

// One array of the Arrow C Data interface as a table; owns it and releases it once. Every cell is given as its plain
// form and nothing is copied but what must be spelled out: decimals, calendar intervals, and lists, structs and maps,
// which become JSON text. Dictionaries and run-end encoding are looked through, but a text of the column's own
// dictionary is given as a CodedText; extension types are read as their storage, a null row of the struct is nulls all
// over.
//
// The interface does not tell how large buffers are. All that can be checked is checked before it is read: throws
// TableError (bad_cell) that names the column and, where a value is at fault, the row.
template <detail::ArrowArrayLike A>
class ArrowBatch {
  public:
    static constexpr bool concurrent_reads = true;

    // Takes `array` over. Throws UsageError (wrong_state) when it was released before.
    ArrowBatch(detail::ArrowLayout layout, A& array) : layout_(std::move(layout)), array_(array) {
        if (array_.released()) {
            throw UsageError(ErrorCode::wrong_state, "the Arrow array was released, moved away or never filled");
        }
        bind(0);
    }

    [[nodiscard]] const Schema& schema() const noexcept { return layout_.schema(); }
    [[nodiscard]] std::size_t rows() const noexcept { return static_cast<std::size_t>(root_.length); }

    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit_row_from(row, 0, visit);
    }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        auto at = static_cast<std::int64_t>(row);
        const detail::ArrowColumn* columns = &root_;
        std::size_t count = 1;
        if (root_.kind == detail::ArrowKind::structure) {  // a struct is never a column here: its children are
            columns = root_.children.data();
            count = root_.children.size();
            if (root_.is_null(at)) {
                for (std::size_t column = first; column < count; ++column) visit(Null{});
                return;
            }
            at += root_.offset;
        }
        try {
            for (std::size_t column = first; column < count; ++column) detail::visit_arrow(columns[column], at, visit);
        } catch (const detail::ArrowFault& fault) {
            throw TableError(ErrorCode::bad_cell, "row " + std::to_string(first_row_ + row) + ", " + fault.text,
                             fault.column, first_row_ + row);
        }
    }

  private:
    template <detail::ArrowStreamLike S>
    friend class ArrowStream;

    explicit ArrowBatch(detail::ArrowLayout layout) noexcept : layout_(std::move(layout)) {}

    void bind(std::uint64_t first_row) {
        first_row_ = first_row;
        try {
            detail::bind_arrow(root_, layout_.root(), array_.value(), 0);
        } catch (const detail::ArrowFault& fault) {
            throw TableError(ErrorCode::bad_cell, fault.text, fault.column);
        }
    }

    detail::ArrowLayout layout_;
    detail::ArrowOwner<A> array_;
    detail::ArrowColumn root_;
    std::uint64_t first_row_ = 0;
};

// A stream of the Arrow C Stream interface as a table; owns it, and releases the stream and each of its arrays once,
// however it ends. A batch is one array and is valid until the next call of next(); empty arrays are passed over. Of
// any size, in the memory of one array.
template <detail::ArrowStreamLike S>
class ArrowStream {
  public:
    using Batch = ArrowBatch<detail::ArrowArrayOf<S>>;

    // Takes `stream` over, whatever happens. Throws UsageError (wrong_state) when it was released before, InputError
    // (unreadable_input) with the producer's reason or (malformed_input) without a schema, TableError (invalid_schema).
    explicit ArrowStream(S& stream) : stream_(stream), batch_(read_layout()) {}

    [[nodiscard]] const Schema& schema() const noexcept { return batch_.schema(); }

    // The next rows; a null pointer at the end, as often as asked. Throws InputError (unreadable_input) with the
    // producer's reason, TableError (bad_cell) for an array that makes no sense; after either the stream is over.
    [[nodiscard]] const Batch* next() {
        if (failed_) throw UsageError(ErrorCode::wrong_state, "ArrowStream: next() after an error");
        failed_ = true;  // stays so when anything below throws
        const Batch* batch = nullptr;
        while (batch == nullptr && advance()) {
            if (batch_.rows() != 0) batch = &batch_;
        }
        failed_ = false;
        return batch;
    }

  private:
    // True with an array in the batch, false at the end.
    bool advance() {
        const std::uint64_t first_row = batch_.first_row_ + batch_.rows();
        batch_.root_.length = 0;
        batch_.array_.release();
        if (stream_.released()) return false;
        S& stream = stream_.value();
        const int error = batch_.array_.refill([&](auto* array) { return stream.get_next(&stream, array); });
        if (error != 0) fail("get_next", error);
        if (batch_.array_.released()) {
            stream_.release();
            return false;
        }
        batch_.bind(first_row);
        return true;
    }

    detail::ArrowLayout read_layout() {
        if (stream_.released()) {
            throw UsageError(ErrorCode::wrong_state, "the Arrow stream was released, moved away or never filled");
        }
        S& stream = stream_.value();
        if (stream.get_schema == nullptr || stream.get_next == nullptr || stream.get_last_error == nullptr) {
            throw UsageError(ErrorCode::wrong_state,
                             "the Arrow stream lacks a callback; it was not filled by a producer");
        }
        detail::ArrowOwner<detail::ArrowSchemaOf<S>> schema;
        const int error = schema.refill([&](auto* out) { return stream.get_schema(&stream, out); });
        if (error != 0) fail("get_schema", error);
        if (schema.released()) {
            throw InputError(ErrorCode::malformed_input, "get_schema gave no schema; the producer is broken",
                             "Arrow stream");
        }
        return detail::ArrowLayout::take(schema.value());
    }

    [[noreturn]] void fail(const std::string& call, int error) {
        std::string text = call + " failed: " + std::generic_category().message(error);
        if (const char* reason = stream_.value().get_last_error(&stream_.value()); reason != nullptr) {
            text += std::string(" (") + reason + ")";
        }
        throw InputError(ErrorCode::unreadable_input, text, "Arrow stream");
    }

    detail::ArrowOwner<S> stream_;
    Batch batch_;
    bool failed_ = false;
};

// A stream (ArrowArrayStream by whoever's definition) as a table that is read batch by batch. The stream is taken over,
// as by every importer of the interface: it is marked as released, and the caller has nothing left to do.
template <class S>
[[nodiscard]] auto arrow_stream(S&& stream) {
    using Plain = std::remove_reference_t<S>;
    static_assert(
        detail::ArrowStreamLike<Plain>,
        "this is no ArrowArrayStream: pass the struct itself (not a pointer to it, not const) with get_schema, "
        "get_next, get_last_error and release; for device arrays copy to the CPU first");
    if constexpr (detail::ArrowStreamLike<Plain>) return ArrowStream<Plain>(stream);
}

// One record batch (ArrowSchema and ArrowArray by whoever's definition) as a table in memory. Both are taken over.
template <class S, class A>
requires detail::ArrowSchemaLike<std::remove_reference_t<S>>
[[nodiscard]] auto arrow_batch(S&& schema, A&& array) {
    using Plain = std::remove_reference_t<A>;
    static_assert(detail::ArrowArrayLike<Plain>,
                  "this is no ArrowArray: pass the struct itself, not a pointer to it, not const");
    detail::ArrowOwner<Plain> owned(array);
    return ArrowBatch<Plain>(detail::ArrowLayout::take(schema), owned.value());
}

// The same for many batches under one schema: ArrowLayout::take(schema) once, then this for each array.
template <class A>
[[nodiscard]] auto arrow_batch(const detail::ArrowLayout& layout, A&& array) {
    using Plain = std::remove_reference_t<A>;
    static_assert(detail::ArrowArrayLike<Plain>,
                  "this is no ArrowArray: pass the struct itself, not a pointer to it, not const");
    return ArrowBatch<Plain>(layout, array);
}

}  // namespace curtail::inline v0
