// SPDX-License-Identifier: MIT
#pragma once
// Python objects as cells: texts as views of what Python holds, other objects by their type. All of it needs the GIL.

#include <pybind11/pybind11.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/table/cell.hpp>

#include "columns.hpp"

namespace py = pybind11;

// Memory for texts that Python does not hold as UTF-8. What it gave stays where it is until clear().
class TextArena {
  public:
    // Returns room for `size` bytes; used() says how many of them were taken.
    [[nodiscard]] char* room(std::size_t size) {
        if (blocks_.empty() || capacity_ - used_ < size) {
            capacity_ = size < block_size ? block_size : size;
            blocks_.push_back(std::make_unique<char[]>(capacity_));
            used_ = 0;
        }
        return blocks_.back().get() + used_;
    }
    void used(std::size_t size) noexcept {
        used_ += size;
        bytes_ += size;
    }
    // Returns the number of bytes that it holds.
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    void clear() noexcept {
        blocks_.clear();
        used_ = capacity_ = bytes_ = 0;
    }

  private:
    static constexpr std::size_t block_size = std::size_t{1} << 16U;

    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t used_ = 0;
    std::size_t capacity_ = 0;
    std::size_t bytes_ = 0;
};

inline char* put_utf8(char* at, std::uint32_t code_point) {
    const auto put = [&](std::uint32_t byte) { *at++ = static_cast<char>(byte); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xC0 | code_point >> 6U);
        put(0x80 | (code_point & 0x3FU));
    } else if (code_point < 0x10000) {
        if (code_point >= 0xD800 && code_point <= 0xDFFF) {
            throw py::value_error(
                "a lone surrogate is not text, nor are bytes that are not UTF-8: decode them first, or pass bytes as "
                "objects to have them written in hexadecimal");
        }
        put(0xE0 | code_point >> 12U);
        put(0x80 | (code_point >> 6U & 0x3FU));
        put(0x80 | (code_point & 0x3FU));
    } else {
        put(0xF0 | code_point >> 18U);
        put(0x80 | (code_point >> 12U & 0x3FU));
        put(0x80 | (code_point >> 6U & 0x3FU));
        put(0x80 | (code_point & 0x3FU));
    }
    return at;
}

// Returns a str as UTF-8: of the str itself if it is ASCII, else in the arena. PyUnicode_AsUTF8() would leave a copy in
// every str of the caller's table. Throws py::value_error for a lone surrogate.
inline std::string_view utf8_of(PyObject* text, TextArena& arena) {
#if PY_VERSION_HEX < 0x030C0000
    if (PyUnicode_READY(text) != 0) throw py::error_already_set();
#endif
    const auto length = static_cast<std::size_t>(PyUnicode_GET_LENGTH(text));
    if (PyUnicode_IS_COMPACT_ASCII(text)) return {static_cast<const char*>(PyUnicode_DATA(text)), length};
    const auto kind = static_cast<std::size_t>(PyUnicode_KIND(text));
    const void* const data = PyUnicode_DATA(text);
    char* const begin = arena.room(length * (kind == 1 ? 2 : kind == 2 ? 3 : 4) + 1);
    char* at = begin;
    for (std::size_t i = 0; i < length; ++i) {
        at = put_utf8(at, PyUnicode_READ(static_cast<int>(kind), data, static_cast<Py_ssize_t>(i)));
    }
    arena.used(static_cast<std::size_t>(at - begin));
    return {begin, static_cast<std::size_t>(at - begin)};
}

// Prefetches an object that is read soon, because texts are scattered over the heap. Saves 11 of 88 ns per text, for
// 100,000 different ones.
inline void prefetch_object([[maybe_unused]] const PyObject* object) noexcept {
#if defined(__GNUC__)
    __builtin_prefetch(object);
    __builtin_prefetch(reinterpret_cast<const char*>(object) + 64);
#endif
}

// References to objects that cells refer to.
class HeldObjects {
  public:
    HeldObjects() = default;
    HeldObjects(const HeldObjects&) = delete;
    HeldObjects& operator=(const HeldObjects&) = delete;
    ~HeldObjects() { clear(); }

    void hold(PyObject* object) {
        objects_.push_back(object);
        Py_INCREF(object);
    }
    void clear() noexcept {
        for (PyObject* const object : objects_) Py_DECREF(object);
        objects_.clear();
    }

  private:
    std::vector<PyObject*> objects_;
};

// Makes cells of objects. While the GIL is free another thread may take objects out of the table, so that those of
// which the cells are views are held until clear().
class ObjectReader {
  public:
    // `describe` is called with an object that is not a str, plain float, bool or int of 64 bits, and returns one of
    // these, None, or a pair of a name and what it is of that name: see cell_of_pair().
    explicit ObjectReader(py::object describe) : describe_(std::move(describe)) {}

    // Fills `column` with `count` of its objects, from number `first` on, or with fewer, but at least one: it stops
    // once the texts that had to be made take `budget` bytes. Returns how many it read.
    std::size_t read(ColumnCells& column, std::size_t first, std::size_t count, std::size_t budget) {
        const std::size_t stop = made_bytes() + budget;
        column.layout = Layout::texts;
        column.texts.clear();
        column.cells.clear();
        column.texts.reserve(count);
        std::size_t row = 0;
        for (; row < count && (row == 0 || made_bytes() < stop); ++row) {
            PyObject* const object = column.at<PyObject*>(first + row);
            if (row + ahead < count) prefetch_object(column.at<PyObject*>(first + row + ahead));
            if (PyUnicode_Check(object)) {
                column.texts.push_back(text_of(object));
            } else if (is_missing(object)) {
                column.texts.emplace_back();
            } else {
                break;
            }
        }
        if (row == count || (row != 0 && made_bytes() >= stop)) return row;
        column.layout = Layout::cells;
        column.cells.reserve(count);
        for (const std::string_view text : column.texts) {
            column.cells.push_back(text.data() == nullptr ? curtail::Cell() : curtail::Cell(text));
        }
        for (; row < count && (row == 0 || made_bytes() < stop); ++row) {
            column.cells.push_back(cell_of(column.at<PyObject*>(first + row), true));
        }
        return row;
    }

    // Releases all that the cells read so far refer to.
    void clear() {
        arena_.clear();
        held_.clear();
        described_bytes_ = 0;
    }

  private:
    static constexpr std::size_t ahead = 8;

    // Returns how large the texts are that are not the caller's: copies, and what objects were described as.
    [[nodiscard]] std::size_t made_bytes() const noexcept { return arena_.bytes() + described_bytes_; }

    [[nodiscard]] static bool is_missing(PyObject* object) {
        return object == nullptr || object == Py_None ||
               (PyFloat_Check(object) && std::isnan(PyFloat_AS_DOUBLE(object)));
    }

    // Returns true for a float of Python or numpy, and not for one of a class that may have another str().
    [[nodiscard]] static bool is_plain_float(PyObject* object) {
        return PyFloat_Check(object) && !PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_HEAPTYPE);
    }

    [[nodiscard]] std::string_view text_of(PyObject* object) {
        if (PyUnicode_IS_COMPACT_ASCII(object)) held_.hold(object);
        return utf8_of(object, arena_);
    }

    [[nodiscard]] curtail::Cell cell_of(PyObject* object, bool may_describe) {
        if (is_missing(object)) return curtail::Null{};
        if (PyUnicode_Check(object)) return text_of(object);
        if (is_plain_float(object)) return PyFloat_AS_DOUBLE(object);
        if (PyBool_Check(object)) return object == Py_True;
        if (PyLong_CheckExact(object)) {
            int overflow = 0;
            const long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
            if (overflow == 0) return static_cast<std::int64_t>(value);
        }
        if (!may_describe) return cell_of_pair(py::reinterpret_borrow<py::tuple>(object));
        const py::object described = describe_(py::handle(object));
        held_.hold(described.ptr());
        described_bytes_ += size_of(described);
        return cell_of(described.ptr(), false);
    }

    // Returns the size of the text or the bytes in what describe() returned.
    [[nodiscard]] static std::size_t size_of(const py::object& described) {
        const py::object value = py::isinstance<py::tuple>(described) ? described[py::int_(1)] : described;
        const bool is_sized = PyUnicode_Check(value.ptr()) || PyBytes_Check(value.ptr());
        return is_sized ? py::len(value) : 0;
    }

    // A pair is one of ("decimal", digits), ("float32", float), ("number", text), ("json", text), ("bytes", bytes),
    // ("date", days), ("time", count, unit), ("duration", count, unit) and ("timestamp", count, unit, zone), with units
    // as in TimeUnit.
    [[nodiscard]] curtail::Cell cell_of_pair(const py::tuple& pair) {
        const auto name = pair[0].cast<std::string>();
        const py::object value = pair[1];
        const auto text = [&] { return text_of(value.ptr()); };
        const auto count = [&] { return value.cast<std::int64_t>(); };
        if (name == "decimal") return curtail::Decimal{text()};
        if (name == "float32") return static_cast<float>(value.cast<double>());
        if (name == "number") return curtail::Verbatim{text(), curtail::Verbatim::Meaning::number};
        if (name == "json") return curtail::Nested{text()};
        if (name == "bytes") return curtail::Bytes{value.cast<std::string_view>()};
        if (name == "date") return curtail::Date{value.cast<std::int32_t>()};
        const auto unit = static_cast<curtail::TimeUnit>(pair[2].cast<int>());
        if (name == "time") return curtail::TimeOfDay{count(), unit};
        if (name == "duration") return curtail::Duration{count(), unit};
        return curtail::Timestamp{count(), unit, text_of(py::object(pair[3]).ptr())};
    }

    py::object describe_;
    TextArena arena_;
    HeldObjects held_;
    std::size_t described_bytes_ = 0;
};
