// SPDX-License-Identifier: MIT
#pragma once
// Arrays of Python as the columns of a slice. All of it needs the GIL.

#include <pybind11/pybind11.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/schema.hpp>

#include "columns.hpp"
#include "errors.hpp"
#include "objects.hpp"

// Holds a slice of a table of Python, and what its cells refer to. Arrays come by Python's buffer protocol (PEP 3118),
// so that a module which was built beside one numpy works with every other.
class FrameLoader {
  public:
    FrameLoader(curtail::Schema schema, py::object describe)
        : slice_(std::move(schema)), reader_(std::move(describe)), sources_(slice_.columns().size()) {}

    [[nodiscard]] const FrameSlice& slice() const noexcept { return slice_; }

    // Takes over one tuple per column, as curtail/_columns.py makes them: a layout, and what that needs.
    void take(const py::sequence& columns) {
        if (columns.size() != sources_.size()) throw py::value_error("a slice lacks columns");
        std::size_t object_columns = 0;
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            take(slice_.columns()[i], sources_[i], columns[i].cast<py::tuple>());
            if (sources_[i].objects) ++object_columns;
        }
        object_columns = (std::max)(object_columns, std::size_t{1});
        budget_ = max_made_text / object_columns;
        max_rows_ = (std::max)(max_objects / object_columns, std::size_t{1});
    }

    // Makes rows of the slice, from `first` on, the table: at most `count`, or as many as the objects among them allow.
    // Returns how many. `number` is the number of row `first` in the whole table.
    std::size_t load(std::size_t first, std::size_t count, std::uint64_t number) {
        reader_.clear();
        count = (std::min)({count, max_rows_, likely_rows_});
        for (std::size_t i = 0; i < sources_.size(); ++i) {
            if (sources_[i].objects) {
                count = read_objects(i, first, count, number);
            } else if (first != 0) {
                skip(slice_.columns()[i], first - sources_[i].skipped);
                sources_[i].skipped = first;
            }
        }
        // Otherwise a column of short texts would be read to the end again and again beside one of long texts.
        likely_rows_ = 2 * count;
        slice_.set_rows(count);
        return count;
    }

    // Releases what the slice refers to.
    void clear() {
        reader_.clear();
        for (Source& source : sources_) source.buffers.clear();
    }

  private:
    struct Source {
        std::list<py::buffer_info> buffers;  // what the cells refer to; an empty deque has 576 bytes
        py::object categories;
        std::vector<py::object> category_texts;
        bool objects = false;
        std::size_t skipped = 0;
    };

    // Texts that Python does not hold as UTF-8, or not as texts, are made, this many bytes at a time.
    static constexpr std::size_t max_made_text = std::size_t{1} << 20U;
    // So many objects are cells at a time.
    static constexpr std::size_t max_objects = std::size_t{1} << 17U;

    static void skip(ColumnCells& column, std::size_t rows) {
        const auto by = static_cast<std::ptrdiff_t>(rows);
        column.data += by * column.stride;
        if (column.mask != nullptr) column.mask += by * column.mask_stride;
        if (column.offsets != nullptr) column.offsets += by * column.offsets_stride;
        column.forms.skip(rows);
    }

    static const py::buffer_info& buffer_of(Source& source, const py::object& values) {
        const py::buffer_info& buffer = source.buffers.emplace_back(values.cast<py::buffer>().request());
        if (buffer.ndim != 1) throw py::value_error("a column has one dimension");
        return buffer;
    }

    static void point_at(const py::buffer_info& buffer, const char*& data, std::ptrdiff_t& stride) {
        data = static_cast<const char*>(buffer.ptr);
        stride = buffer.strides[0];
    }

    void take(ColumnCells& column, Source& source, const py::tuple& parts) {
        const auto name = parts[0].cast<std::string_view>();
        source.buffers.clear();
        source.objects = false;
        source.skipped = 0;
        const py::buffer_info& data = buffer_of(source, parts[1]);
        column.mask = nullptr;
        column.offsets = nullptr;
        point_at(data, column.data, column.stride);
        if (name == "objects") {
            source.objects = true;
        } else if (name == "pandas_timestamps" || name == "pandas_durations") {
            take_pandas_times(column, name, data, parts);
        } else if (name == "local_times") {
            column.layout = Layout::local_times;
            point_at(buffer_of(source, parts[2]), column.offsets, column.offsets_stride);
        } else if (name == "codes") {
            column.layout = data.itemsize == 1   ? Layout::codes8
                            : data.itemsize == 2 ? Layout::codes16
                                                 : Layout::codes32;
            take_categories(column, source, parts[2]);
        } else {
            column.layout = name == "timestamps"  ? Layout::timestamps
                            : name == "dates"     ? Layout::dates
                            : name == "durations" ? Layout::durations
                                                  : number_layout(data);
            if (!py::object(parts[2]).is_none()) {
                point_at(buffer_of(source, parts[2]), column.mask, column.mask_stride);
            }
            if (name == "timestamps" || name == "durations") {
                column.unit = static_cast<curtail::TimeUnit>(parts[3].cast<int>());
                column.zone = parts[4].cast<std::string>();
            }
        }
    }

    static void take_pandas_times(ColumnCells& column, std::string_view name, const py::buffer_info& data,
                                  const py::tuple& parts) {
        const auto first = parts[2].cast<std::size_t>();
        column.layout = name == "pandas_timestamps" ? Layout::pandas_timestamps : Layout::pandas_durations;
        column.forms.look(column.data, column.stride, static_cast<std::size_t>(data.size), first,
                          parts[3].cast<std::size_t>(), static_cast<curtail::TimeUnit>(parts[4].cast<int>()));
        column.data += static_cast<std::ptrdiff_t>(first) * column.stride;
    }

    // The texts of the categories are made once for all slices with the same list.
    static void take_categories(ColumnCells& column, Source& source, const py::list& categories) {
        if (source.categories.is(categories)) return;
        source.categories = categories;
        source.category_texts.clear();
        column.categories.clear();
        for (const py::handle text : categories) {
            py::object encoded =
                py::reinterpret_steal<py::object>(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "strict"));
            if (!encoded) throw py::error_already_set();
            column.categories.emplace_back(PyBytes_AS_STRING(encoded.ptr()),
                                           static_cast<std::size_t>(PyBytes_GET_SIZE(encoded.ptr())));
            source.category_texts.push_back(std::move(encoded));
        }
    }

    // Returns the layout of numbers in the machine's byte order. Their format is a letter of Python's module struct,
    // with "=" before it where they are not aligned; or "g" for a long double, which on some platforms is a double.
    [[nodiscard]] static Layout number_layout(const py::buffer_info& numbers) {
        std::string_view format = numbers.format;
        if (format.starts_with('=')) format.remove_prefix(1);
        const auto is_one_of = [&](std::string_view letters) {
            return format.size() == 1 && letters.find(format[0]) != std::string_view::npos;
        };
        if (is_one_of("?")) return Layout::boolean;
        if (is_one_of("f")) return Layout::float32;
        if (is_one_of("dg") && numbers.itemsize == sizeof(double)) return Layout::float64;
        const bool is_signed = is_one_of("bhilq");
        if (!is_signed && !is_one_of("BHILQ")) throw py::type_error("no layout for format '" + numbers.format + "'");
        switch (numbers.itemsize) {
            case 1: return is_signed ? Layout::int8 : Layout::uint8;
            case 2: return is_signed ? Layout::int16 : Layout::uint16;
            case 4: return is_signed ? Layout::int32 : Layout::uint32;
            default: return is_signed ? Layout::int64 : Layout::uint64;
        }
    }

    std::size_t read_objects(std::size_t column, std::size_t first, std::size_t count, std::uint64_t number) {
        ColumnCells& cells = slice_.columns()[column];
        std::string fault;
        try {
            return reader_.read(cells, first, count, budget_);
        } catch (const py::value_error& error) {
            fault = error.what();
        } catch (py::error_already_set& error) {
            if (!error.matches(PyExc_Exception) || error.matches(PyExc_MemoryError)) throw;
            fault = short_text(error);
        }
        const bool texts = cells.layout == Layout::texts;
        const std::uint64_t row = number + (texts ? cells.texts.size() : cells.cells.size());
        const std::string& name = slice_.schema()[column].name;
        throw curtail::TableError(curtail::ErrorCode::bad_cell,
                                  "row " + std::to_string(row) + ", column '" + name + "': " + fault, name, row);
    }

    FrameSlice slice_;
    ObjectReader reader_;
    std::vector<Source> sources_;
    std::size_t budget_ = max_made_text;
    std::size_t max_rows_ = max_objects;
    std::size_t likely_rows_ = 256;
};
