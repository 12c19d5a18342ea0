// SPDX-License-Identifier: MIT
#pragma once
// Arrow data as a table: arrow_stream(std::move(stream)) for a whole stream, arrow_batch(std::move(schema),
// std::move(array)) for one record batch.

#include <concepts>
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
#include <curtail/table/batch/one_reading.hpp>
#include <curtail/table/cell/domain.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

/// The columns of Arrow data, read once for many batches. `ArrowLayout::take(std::move(schema))` reads an
/// `ArrowSchema` and releases it in any case. Cheap to copy. take() throws UsageError (wrong_state) if the schema was
/// released before, and TableError (invalid_schema), which names the column, if it is broken or has an unknown type.
using ArrowLayout = detail::ArrowLayout;

/// One array of the Arrow C Data interface as a table in memory. Owns the array and releases it once. Made by
/// arrow_batch(); also the batch of an ArrowStream.
///
/// - Cells are read where they are. Only decimals, calendar intervals, and lists, structs and maps are copied; the last
///   three become JSON text.
/// - The largest count of a timestamp or a date, and its negative, are infinity and -infinity, as DuckDB exports them.
/// - Dictionaries, run-end encoding and unions give the values that they refer to. A text of the column's own
///   dictionary is a CodedText. Extension types give their storage.
/// - An array that is not a struct is a table of one column. A null row of a struct is null in every column.
///
/// The interface does not say how large buffers are. All that can be checked is checked before it is read: throws
/// TableError (bad_cell), which names the column and, if a value is wrong, the row. Offsets must rise; a nested cell
/// has at most 16 MiB of JSON, because lists may share their elements; and rows that take no memory are at most 2^32.
template <detail::ArrowArrayLike A>
class ArrowBatch {
  public:
    /// Several threads may read the batch at once.
    static constexpr bool concurrent_reads = true;

    /// Takes `array` over, in any case. Throws UsageError (wrong_state) if it was released before, and TableError
    /// (bad_cell) if it does not fit the layout.
    ArrowBatch(ArrowLayout layout, A& array) : layout_(std::move(layout)), array_(array) {
        if (array_.released()) {
            throw UsageError(ErrorCode::wrong_state, "the Arrow array was released, moved away or never filled");
        }
        bind(0);
    }

    /// Returns the names and types of the columns. A union is CellKind::any: each cell has its own type.
    [[nodiscard]] const Schema& schema() const noexcept { return layout_.schema(); }
    /// Returns the number of rows.
    [[nodiscard]] std::size_t rows() const noexcept { return static_cast<std::size_t>(root_.length); }

    /// Calls `visit` with the cells of a row from column `first` on. Throws TableError (bad_cell) for a value that is
    /// out of bounds.
    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        auto at = static_cast<std::int64_t>(row);
        const detail::ArrowColumn* columns = &root_;
        std::size_t count = 1;
        if (root_.kind == detail::ArrowKind::structure) {
            columns = root_.children.data();
            count = root_.children.size();
            if (root_.is_null(at)) {
                for (std::size_t column = first; column < count; ++column) visit(Null{});
                return;
            }
            at += root_.offset;
        }
        std::size_t column = first;
        try {
            for (; column < count; ++column) detail::visit_arrow(columns[column], at, visit);
        } catch (const detail::ArrowFault& fault) {
            fail(row, fault);
        } catch (const detail::CellFault& fault) {
            fail(row, detail::arrow_fault(*columns[column].type, fault.text()));
        }
    }

  private:
    [[noreturn]] void fail(std::size_t row, const detail::ArrowFault& fault) const {
        throw TableError(ErrorCode::bad_cell, "row " + std::to_string(first_row_ + row) + ", " + fault.text,
                         fault.column, first_row_ + row);
    }

    template <detail::ArrowStreamLike S>
    friend class ArrowStream;

    explicit ArrowBatch(ArrowLayout layout) noexcept : layout_(std::move(layout)) {}

    void bind(std::uint64_t first_row) {
        first_row_ = first_row;
        try {
            detail::bind_arrow_batch(root_, layout_.root(), array_.value());
        } catch (const detail::ArrowFault& fault) {
            if (fault.row >= 0) fail(static_cast<std::size_t>(fault.row), fault);
            throw TableError(ErrorCode::bad_cell, fault.text, fault.column);
        }
    }

    ArrowLayout layout_;
    detail::ArrowOwner<A> array_;
    detail::ArrowColumn root_;
    std::uint64_t first_row_ = 0;
};

/// A stream of the Arrow C Stream interface as a table that is read batch by batch. Owns the stream, and releases it
/// and each of its arrays once, however reading ends. Needs the memory of one array, whatever the size of the stream.
/// Made by arrow_stream().
template <detail::ArrowStreamLike S>
class ArrowStream {
  public:
    /// One array of the stream.
    using Batch = ArrowBatch<detail::ArrowArrayOf<S>>;

    /// Takes `stream` over, in any case, and reads its schema. Throws UsageError (wrong_state) if the stream was
    /// released before or lacks a callback, InputError (unreadable_input) with the producer's reason if it cannot give
    /// a schema, InputError (malformed_input) if it gives none, and TableError (invalid_schema) if the schema is broken
    /// or has an unknown type.
    explicit ArrowStream(S& stream) : stream_(stream), batch_(read_layout()) {}

    /// Returns the names and types of the columns.
    [[nodiscard]] const Schema& schema() const noexcept { return batch_.schema(); }

    /// Returns true once next() was called: the rows that are left are not all of them.
    [[nodiscard]] bool begun() const noexcept { return reading_.begun(); }

    /// Returns the next array, which is valid until the next call, or a null pointer at the end. Skips empty arrays.
    /// Throws InputError (unreadable_input) with the producer's reason, TableError (bad_cell) for a broken array, and
    /// UsageError (wrong_state) in a call after the end or an error.
    [[nodiscard]] const Batch* next() {
        reading_.begin();
        const Batch* batch = nullptr;
        while (batch == nullptr && advance()) {
            if (batch_.rows() != 0) batch = &batch_;
        }
        return reading_.end(batch);
    }

  private:
    // Returns true with an array in the batch, false at the end.
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

    ArrowLayout read_layout() {
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
        return ArrowLayout::take(std::move(schema.value()));
    }

    [[noreturn]] void fail(const std::string& call, int error) {
        // The interface demands an errno, but many producers return 1, whose text would mislead.
        const char* const reason = stream_.value().get_last_error(&stream_.value());
        const bool told = reason != nullptr && *reason != '\0';
        throw InputError(ErrorCode::unreadable_input,
                         call + " failed: " + (told ? reason : std::generic_category().message(error)), "Arrow stream");
    }

    detail::ArrowOwner<S> stream_;
    Batch batch_;
    detail::OneReading reading_;
};

/// Returns an Arrow stream as a table that is read batch by batch. `stream` is an `ArrowArrayStream` of any definition:
/// of DuckDB, polars, pyarrow, GDAL, ADBC, nanoarrow. It is taken over and marked as released, so the caller must not
/// release it. Throws as the constructor of ArrowStream does.
///
///     ArrowArrayStream stream;
///     producer.export_to(&stream);
///     const auto result = builder.build(curtail::arrow_stream(std::move(stream)), directory);
template <class S>
[[nodiscard]] auto arrow_stream(S&& stream) {
    using Plain = std::remove_reference_t<S>;
    detail::expect_arrow_stream<S>();
    if constexpr (detail::ArrowStreamLike<Plain>) return ArrowStream<Plain>(stream);
}

/// Returns one record batch, an `ArrowSchema` and an `ArrowArray` of any definition, as a table in memory. Both are
/// taken over and marked as released: arrow_batch(std::move(schema), std::move(array)). Throws UsageError (wrong_state)
/// if either was released before, as the schema of a second batch is, TableError (invalid_schema) for the schema, and
/// TableError (bad_cell) for the array.
template <class S, class A>
requires(!std::same_as<std::remove_cvref_t<S>, ArrowLayout>) [[nodiscard]] auto arrow_batch(S&& schema, A&& array) {
    using Plain = std::remove_reference_t<A>;
    detail::expect_arrow_schema<S>();
    detail::expect_arrow_array<A>();
    if constexpr (detail::ArrowSchemaLike<std::remove_reference_t<S>> && detail::ArrowArrayLike<Plain>) {
        detail::ArrowOwner<Plain> owned(array);
        return ArrowBatch<Plain>(ArrowLayout::take(std::forward<S>(schema)), owned.value());
    }
}

/// Returns one of many record batches with the same schema as a table in memory.
///
///     const auto layout = curtail::ArrowLayout::take(std::move(schema));
///     for (ArrowArray& array : arrays) split.append(curtail::arrow_batch(layout, std::move(array)));
template <class A>
[[nodiscard]] auto arrow_batch(const ArrowLayout& layout, A&& array) {
    using Plain = std::remove_reference_t<A>;
    detail::expect_arrow_array<A>();
    if constexpr (detail::ArrowArrayLike<Plain>) return ArrowBatch<Plain>(layout, array);
}

}  // namespace curtail::inline v0
