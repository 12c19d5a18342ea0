// SPDX-License-Identifier: MIT
#pragma once
// The library's errors as exceptions of Python.

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/error.hpp>

// Returns a str as UTF-8, with "?" for a lone surrogate. Names of files that are not UTF-8 have them, and errors have
// such names.
[[nodiscard]] inline std::string utf8_of_any(const pybind11::str& text) {
    const auto encoded =
        pybind11::reinterpret_steal<pybind11::object>(PyUnicode_AsEncodedString(text.ptr(), "utf-8", "replace"));
    if (!encoded) throw pybind11::error_already_set();
    return encoded.cast<std::string>();
}

// Returns UTF-8 as a str, with U+FFFD for what is not UTF-8. A path and a name of Arrow may hold any bytes.
[[nodiscard]] inline pybind11::object text_of_any(const std::string& bytes) {
    auto text = pybind11::reinterpret_steal<pybind11::object>(
        PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
    if (!text) throw pybind11::error_already_set();
    return text;
}

// Returns an error of Python as "type: text", without the lines of code that its what() lists.
[[nodiscard]] inline std::string short_text(const pybind11::error_already_set& error) {
    namespace py = pybind11;
    return utf8_of_any(py::str("{}: {}").format(error.type().attr("__name__"), error.value()));
}

// Returns an error's text with the options of the module in place of the library's.
inline std::string in_words_of_python(std::string text) {
    constexpr std::pair<std::string_view, std::string_view> words[] = {
        {"If an earlier attempt of this job published it, find_artifact() returns it. Otherwise use", "Use"},
        {"set on_exists to replace", "pass replace=True"},
        {"ReceiverOptions::", ""},
        {"mark one, or choose another SampleStrategy", "pass predictions, or another sample="},
        {"Set mode to 0, which leaves the permissions to the file system, or choose", "Choose"},
        {"write them with PartHeader::first", "leave gzip out of split_part(), or one_file out of merge()"},
        {"Set durability to none, or choose", "Choose"},
        {"name the batch's type in the schema, or no type",
         "give it one dtype in all batches, by astype(), or by dtype= where they are read"},
        {", by with_prediction(batch, last_column)", ""},
        {"say in the schema how many of the last columns are predictions, Schema({\"id\", \"score\"}, 1)",
         "give all batches as many predictions"},
    };
    for (const auto& [theirs, ours] : words) {
        const std::size_t at = text.find(theirs);
        if (at != std::string::npos) text.replace(at, theirs.size(), ours);
    }
    return text;
}

// Sets the exception of curtail/_errors.py that `error` is, with what the C++ one knows. Never throws.
inline void set_python_error(const curtail::Error& error) {
    namespace py = pybind11;
    using namespace pybind11::literals;
    try {
        py::dict details("code"_a = std::string(name_of(error.code())), "permanent"_a = error.permanent());
        const char* name = "Error";
        if (const auto* table = dynamic_cast<const curtail::TableError*>(&error)) {
            name = "TableError";
            details["column"] = text_of_any(table->column());
            details["row"] = py::none();
            if (table->row()) details["row"] = *table->row();
        } else if (const auto* input = dynamic_cast<const curtail::InputError*>(&error)) {
            name = "InputError";
            details["filename"] = input->path();
            details["line"] = input->line();
        } else if (const auto* artifact = dynamic_cast<const curtail::ArtifactError*>(&error)) {
            name = "ArtifactError";
            details["filename"] = artifact->path();
            details["operation"] = artifact->operation();
            details["errno"] = artifact->system_error();
            if (const auto* taken = dynamic_cast<const curtail::PartTaken*>(&error)) {
                name = "PartTaken";
                details["number"] = taken->number();
                details["summary"] = py::bytes(taken->summary());
            }
        } else if (const auto* differ = dynamic_cast<const curtail::PartsDiffer*>(&error)) {
            name = "PartsDiffer";
            details["number"] = differ->number();
        } else if (const auto* missing = dynamic_cast<const curtail::PartsMissing*>(&error)) {
            name = "PartsMissing";
            details["numbers"] = py::cast(missing->numbers());
            details["count"] = missing->count();
            details["of"] = missing->of();
        } else if (const auto* cancelled = dynamic_cast<const curtail::Cancelled*>(&error)) {
            name = "Cancelled";
            details["rows_done"] = cancelled->rows_done();
        } else if (const auto* budget = dynamic_cast<const curtail::BudgetTooSmall*>(&error)) {
            name = "BudgetTooSmall";
            details["needed"] = budget->needed();
        } else if (const auto* large = dynamic_cast<const curtail::PayloadTooLarge*>(&error)) {
            name = "PayloadTooLarge";
            details["actual"] = large->actual();
            details["limit"] = large->limit();
        } else if (const auto* message = dynamic_cast<const curtail::MessageError*>(&error)) {
            name = "MessageError";
            details["offset"] = message->offset();
        } else if (dynamic_cast<const curtail::UsageError*>(&error) != nullptr) {
            name = "UsageError";
        }
        const py::object text = text_of_any(in_words_of_python(error.what()));
        const py::object exception = py::module_::import("curtail._errors").attr("make")(name, text, **details);
        PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
    } catch (py::error_already_set& failure) {
        failure.restore();
    } catch (const std::exception& failure) {
        PyErr_SetString(PyExc_RuntimeError, failure.what());
    }
}

// Makes functions of this module raise curtail's exceptions.
inline void register_errors() {
    pybind11::register_exception_translator([](std::exception_ptr thrown) {
        try {
            if (thrown) std::rethrow_exception(thrown);
        } catch (const curtail::Error& error) {
            set_python_error(error);
        }
    });
}
