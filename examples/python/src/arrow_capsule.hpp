// SPDX-License-Identifier: MIT
#pragma once
// A table of the Arrow PyCapsule interface
// (https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html), with predictions of another owner
// beside it.

#include <pybind11/pybind11.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/arrow.hpp>
#include <curtail/table/schema.hpp>
#include <curtail/table/table.hpp>

#include "columns.hpp"

namespace py = pybind11;

// The structs as Arrow's specification prints them. They are in a namespace of their own because other extensions of
// the process have them too.
namespace arrow_abi {

struct ArrowSchema {
    const char* format;
    const char* name;
    const char* metadata;
    std::int64_t flags;
    std::int64_t n_children;
    ArrowSchema** children;
    ArrowSchema* dictionary;
    void (*release)(ArrowSchema*);
    void* private_data;
};

struct ArrowArray {
    std::int64_t length;
    std::int64_t null_count;
    std::int64_t offset;
    std::int64_t n_buffers;
    std::int64_t n_children;
    const void** buffers;
    ArrowArray** children;
    ArrowArray* dictionary;
    void (*release)(ArrowArray*);
    void* private_data;
};

struct ArrowArrayStream {
    int (*get_schema)(ArrowArrayStream*, ArrowSchema*);
    int (*get_next)(ArrowArrayStream*, ArrowArray*);
    const char* (*get_last_error)(ArrowArrayStream*);
    void (*release)(ArrowArrayStream*);
    void* private_data;
};

}  // namespace arrow_abi

using ArrowBatchOfStream = curtail::ArrowBatch<arrow_abi::ArrowArray>;

// Rows of one Arrow array. One of its columns may be the prediction, and comes last then; or the predictions are the
// columns of a slice of as many rows.
class ArrowPiece {
  public:
    static constexpr bool concurrent_reads = true;

    ArrowPiece(const curtail::Schema& schema, const ArrowBatchOfStream& batch, std::size_t first, std::size_t rows,
               std::optional<std::size_t> prediction, const FrameSlice* beside)
        : schema_(&schema), batch_(&batch), first_(first), rows_(rows), prediction_(prediction), beside_(beside) {}

    [[nodiscard]] const curtail::Schema& schema() const noexcept { return *schema_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        const std::size_t own = batch_->schema().size();
        // The prediction of the array is visited last, so it is passed over first.
        std::size_t column = prediction_ && first >= *prediction_ ? first + 1 : first;
        if (column < own) {
            curtail::visit_row_from(*batch_, first_ + row, column, [&](const auto& cell) {
                if (!prediction_ || column++ != *prediction_) visit(cell);
            });
        }
        if (prediction_) {
            bool seen = false;
            curtail::visit_row_from(*batch_, first_ + row, *prediction_, [&](const auto& cell) {
                if (!seen) visit(cell);
                seen = true;
            });
        }
        if (beside_ != nullptr) curtail::visit_row_from(*beside_, row, first > own ? first - own : 0, visit);
    }

  private:
    const curtail::Schema* schema_;
    const ArrowBatchOfStream* batch_;
    std::size_t first_;
    std::size_t rows_;
    std::optional<std::size_t> prediction_;
    const FrameSlice* beside_;
};

// The stream of a capsule, piece by piece.
class ArrowTable {
  public:
    // Takes the stream out of the capsule that `__arrow_c_stream__()` returned. `prediction` names one of its columns;
    // without it none is the prediction. Throws what arrow_stream() throws, and TableError (invalid_schema) if there
    // is no such column.
    ArrowTable(const py::capsule& capsule, const std::optional<std::string>& prediction)
        : stream_(curtail::arrow_stream(std::move(stream_of(capsule)))) {
        if (!prediction) return;
        prediction_ = stream_.schema().find(*prediction);
        if (*prediction_ < stream_.schema().size()) return;
        throw curtail::TableError(curtail::ErrorCode::invalid_schema,
                                  "there is no column '" + *prediction + "' to take as the prediction", *prediction);
    }

    // Returns the columns in the order of the file: the prediction last.
    [[nodiscard]] std::vector<curtail::ColumnSpec> columns() const {
        std::vector<curtail::ColumnSpec> columns = stream_.schema().columns();
        if (prediction_) {
            const auto at = columns.begin() + static_cast<std::ptrdiff_t>(*prediction_);
            std::rotate(at, at + 1, columns.end());
        }
        return columns;
    }

    // Goes to the next rows, at most `limit`. Returns how many there are, 0 at the end.
    std::size_t advance(std::size_t limit) {
        first_ += rows_;
        if (batch_ == nullptr || first_ == batch_->rows()) {
            batch_ = ended_ ? nullptr : stream_.next();
            ended_ = batch_ == nullptr;
            first_ = 0;
        }
        rows_ = ended_ ? 0 : (std::min)(limit, batch_->rows() - first_);
        return rows_;
    }

    // Returns `count` of these rows, with predictions beside them if there are any; to be called after advance().
    [[nodiscard]] ArrowPiece rows(const curtail::Schema& schema, std::size_t first, std::size_t count,
                                  const FrameSlice* beside) const {
        return {schema, *batch_, first_ + first, count, prediction_, beside};
    }

  private:
    static arrow_abi::ArrowArrayStream& stream_of(const py::capsule& capsule) {
        void* const stream = PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream");
        if (stream == nullptr) throw py::error_already_set();
        return *static_cast<arrow_abi::ArrowArrayStream*>(stream);
    }

    curtail::ArrowStream<arrow_abi::ArrowArrayStream> stream_;
    std::optional<std::size_t> prediction_;
    const ArrowBatchOfStream* batch_ = nullptr;
    std::size_t first_ = 0;
    std::size_t rows_ = 0;
    bool ended_ = false;
};
