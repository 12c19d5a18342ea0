// SPDX-License-Identifier: MIT
#pragma once
// The structs of Arrow's C Data and C Stream interface, as its specification prints them, and a producer of a stream:
// what DuckDB, polars, pyarrow, GDAL and ADBC bring themselves. curtail knows them by their members and defines none.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

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

// A stream of `batches` arrays of a hundred rows: id, an int64, and score, a float64.
class ArrowProducer {
  public:
    explicit ArrowProducer(int batches) : left_(batches) {
        for (std::int64_t i = 0; i < 100; ++i) {
            ids_.push_back(i);
            scores_.push_back(static_cast<double>(i) / 8);
        }
    }

    // Fills the stream, which refers to the producer.
    void export_to(ArrowArrayStream* out) {
        *out = {.get_schema = schema,
                .get_next = next,
                .get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; },
                .release = [](ArrowArrayStream* stream) { stream->release = nullptr; },
                .private_data = this};
    }

  private:
    static ArrowSchema type(const char* format, const char* name) {
        ArrowSchema type{};
        type.format = format;
        type.name = name;
        type.release = [](ArrowSchema* released) { released->release = nullptr; };
        return type;
    }
    static ArrowArray array(std::int64_t buffers, const void** list) {
        ArrowArray array{};
        array.length = 100;
        array.n_buffers = buffers;
        array.buffers = list;
        array.release = [](ArrowArray* released) { released->release = nullptr; };
        return array;
    }
    static int schema(ArrowArrayStream* stream, ArrowSchema* out) {
        auto& self = *static_cast<ArrowProducer*>(stream->private_data);
        self.types_ = {type("l", "id"), type("g", "score")};
        *out = type("+s", "");
        out->n_children = 2;
        out->children = self.type_list_.data();
        return 0;
    }
    static int next(ArrowArrayStream* stream, ArrowArray* out) {
        auto& self = *static_cast<ArrowProducer*>(stream->private_data);
        *out = {};  // released: the end
        if (self.left_-- <= 0) return 0;
        self.buffers_ = {nullptr, self.ids_.data(), nullptr, self.scores_.data(), nullptr};
        self.columns_ = {array(2, &self.buffers_[0]), array(2, &self.buffers_[2])};
        *out = array(1, &self.buffers_[4]);
        out->n_children = 2;
        out->children = self.column_list_.data();
        return 0;
    }

    int left_;
    std::vector<std::int64_t> ids_;
    std::vector<double> scores_;
    std::array<ArrowSchema, 2> types_{};
    std::array<ArrowArray, 2> columns_{};
    std::array<ArrowSchema*, 2> type_list_{&types_[0], &types_[1]};
    std::array<ArrowArray*, 2> column_list_{&columns_[0], &columns_[1]};
    std::array<const void*, 5> buffers_{};
};
