// SPDX-License-Identifier: MIT
// The bot's half of the module: receiver, payload, renderers and guard.

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/budget.hpp>
#include <curtail/payload/messages.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/size_guard.hpp>
#include <curtail/receive/result_receiver.hpp>
#include <curtail/render/render.hpp>

#include "errors.hpp"
#include "module.hpp"
#include "options.hpp"
#include "payload_state.hpp"

namespace {

using curtail::ResultPayload;
using Form = ResultPayload::Form;

// Returns an integer; its digits as a str if they are more than Python makes an int of, which are 4,300 by default.
[[nodiscard]] py::object integer_of(const py::str& digits) {
    auto integer = py::reinterpret_steal<py::object>(PyLong_FromUnicodeObject(digits.ptr(), 10));
    if (integer) return integer;
    PyErr_Clear();
    return digits;
}

[[nodiscard]] py::object from_json(const std::string& json) {
    using namespace pybind11::literals;
    const py::object loads = py::module_::import("json").attr("loads");
    try {
        return loads(py::bytes(json));
    } catch (py::error_already_set& error) {
        if (!error.matches(PyExc_ValueError)) throw;
    }
    return loads(py::bytes(json), "parse_int"_a = py::cpp_function(&integer_of));
}

// Returns a cell as Python has it: None, bool, int, float, str, list or dict. A cell that was cut is a str, and an
// integer with too many digits for an int.
[[nodiscard]] py::object value_of(const curtail::SampleCell& cell) {
    using Kind = curtail::SampleCell::Kind;
    switch (cell.kind) {
        case Kind::boolean: return py::bool_(cell.text == "true");
        case Kind::text: return py::str(cell.text);
        case Kind::number:
        case Kind::nested: return cell.cut_from_bytes == 0 ? from_json(cell.text) : py::str(cell.text);
        case Kind::missing:
        case Kind::null: break;
    }
    return py::none();
}

[[nodiscard]] py::list rows_of(const std::vector<curtail::SampleRow>& rows, const std::vector<std::string>& names) {
    py::list list;
    for (const curtail::SampleRow& row : rows) {
        py::dict named;
        for (std::size_t i = 0; i < row.size() && i < names.size(); ++i) {
            if (row[i].kind != curtail::SampleCell::Kind::missing) named[py::str(names[i])] = value_of(row[i]);
        }
        list.append(named);
    }
    return list;
}

[[nodiscard]] std::string form_name(const ResultPayload& payload) {
    switch (payload.form) {
        case Form::bounded: return "bounded";
        case Form::complete: return "complete";
        case Form::summary: return "summary";
        case Form::failure: return "failure";
        case Form::progress: return "progress";
        case Form::other: break;
    }
    return "other";
}

[[nodiscard]] bool is_result(const ResultPayload& payload) {
    return payload.form == Form::bounded || payload.form == Form::complete || payload.form == Form::summary;
}

// Returns a message as a dict: what json.loads() gives of a message of curtail's workers, whatever form this one had.
[[nodiscard]] py::dict message_of(const ResultPayload& payload) {
    using namespace pybind11::literals;
    if (is_result(payload)) return from_json(curtail::result_message(payload));
    if (payload.form == Form::failure) return from_json(curtail::failure_message(payload.job_id, payload.error));
    if (payload.form == Form::progress) {
        const curtail::ProgressReport& progress = payload.progress;
        return from_json(
            curtail::progress_message(payload.job_id, progress.percent, progress.message, progress.status));
    }
    return py::dict("type"_a = payload.type, "job_id"_a = payload.job_id);
}

// Returns the "data" of a result, else the whole message.
[[nodiscard]] py::dict dict_of(const ResultPayload& payload) {
    const py::dict message = message_of(payload);
    return is_result(payload) ? message["data"].cast<py::dict>() : message;
}

[[nodiscard]] py::object statistics_of(const ResultPayload& payload) {
    const py::dict data = message_of(payload);
    if (!is_result(payload) || !data["data"].contains("prediction_stats")) return py::list();
    py::object stats = data["data"]["prediction_stats"];
    if (py::isinstance<py::list>(stats)) return stats;
    py::list one;
    one.append(stats);
    return one;
}

[[nodiscard]] py::list parts_of(const ResultPayload& payload) {
    using namespace pybind11::literals;
    py::list parts;
    for (const curtail::OutputPart& part : payload.output_parts) {
        parts.append(py::dict("file"_a = part.file, "rows"_a = part.rows, "bytes"_a = part.bytes,
                              "sha256"_a = part.sha256, "host"_a = part.host));
    }
    return parts;
}

[[nodiscard]] std::string rendered(const ResultPayload& payload, const std::string& name,
                                   std::optional<std::size_t> limit, const std::optional<std::string>& unit,
                                   std::optional<std::size_t> max_bytes, std::optional<std::size_t> max_width,
                                   std::optional<std::size_t> max_rows, std::optional<std::uint64_t> attach_limit) {
    using Renderer = std::string (*)(const ResultPayload&, const curtail::RenderOptions&);
    using curtail::LimitUnit;
    curtail::RenderOptions options{.limit = limit,
                                   .max_bytes = max_bytes,
                                   .max_width = max_width,
                                   .max_rows = max_rows,
                                   .attach_limit = attach_limit};
    if (unit) {
        options.unit = named<LimitUnit>("unit", *unit,
                                        {{"bytes", LimitUnit::bytes},
                                         {"code_points", LimitUnit::code_points},
                                         {"utf16_units", LimitUnit::utf16_units}});
    }
    return named<Renderer>("renderer", name,
                           {{"text", curtail::render_text},
                            {"telegram-html", curtail::render_telegram_html},
                            {"telegram-markdown", curtail::render_telegram_markdown_v2},
                            {"markdown", curtail::render_markdown},
                            {"slack", curtail::render_slack}})(payload, options);
}

// Calls `use` with the bytes of a str, bytes, bytearray or memoryview.
template <class Use>
auto with_bytes(const py::object& data, const Use& use) {
    if (PyUnicode_Check(data.ptr())) {
        const py::object encoded =
            py::reinterpret_steal<py::object>(PyUnicode_AsEncodedString(data.ptr(), "utf-8", "strict"));
        if (!encoded) throw py::error_already_set();
        return use(encoded.cast<std::string_view>());
    }
    if (PyBytes_Check(data.ptr())) return use(data.cast<std::string_view>());
    Py_buffer view;
    if (PyObject_GetBuffer(data.ptr(), &view, PyBUF_SIMPLE) != 0) throw py::error_already_set();
    struct Release {
        Py_buffer* view;
        ~Release() { PyBuffer_Release(view); }
    } release{&view};
    return use(std::string_view(static_cast<const char*>(view.buf), static_cast<std::size_t>(view.len)));
}

// Returns the message itself, or the JSON that json.dumps() would send of a value.
[[nodiscard]] py::object text_of(const py::object& message) {
    using namespace pybind11::literals;
    if (PyUnicode_Check(message.ptr()) || PyObject_CheckBuffer(message.ptr())) return message;
    return py::module_::import("json").attr("dumps")(message);
}

// Returns the value of an argument that must be a whole number. Throws the UsageError of Python if it is not.
[[nodiscard]] std::size_t whole_number(const char* name, const py::object& value) {
    py::module_::import("curtail._checks").attr("expect_whole")(name, value);
    return value.cast<std::size_t>();
}

[[nodiscard]] curtail::SizeGuard guard_of(const py::object& max_bytes, const std::string& encoding) {
    using curtail::Encoding;
    return {whole_number("max_bytes", max_bytes),
            named<Encoding>(
                "encoding", encoding,
                {{"raw", Encoding::raw}, {"json_string", Encoding::json_string}, {"base64", Encoding::base64}})};
}

void register_payload(py::module_& module) {
    py::class_<ResultPayload>(
        module, "Payload",
        "What a message says: never the table, only what a person is shown of it. Made by Receiver, and by a split.\n\n"
        "form: \"bounded\", \"complete\" (of an old worker, with all rows), \"summary\", \"failure\", \"progress\" or "
        "\"other\".\n"
        "success: True for the first three. sample: the shown rows as dicts; predictions_sample: theirs.\n"
        "to_dict(): the \"data\" of the message in the keys of a new worker, whatever form it had; of a message "
        "without a result all of it. to_message(): the whole message.")
        .def_property_readonly("form", &form_name)
        .def_property_readonly("success", &is_result)
        .def_readonly("job_id", &ResultPayload::job_id)
        .def_readonly("type", &ResultPayload::type)
        .def_readonly("error", &ResultPayload::error)
        .def_property_readonly("status", [](const ResultPayload& payload) { return payload.progress.status; })
        .def_property_readonly("percent", [](const ResultPayload& payload) { return payload.progress.percent; })
        .def_property_readonly("progress_text", [](const ResultPayload& payload) { return payload.progress.message; })
        .def_readonly("columns", &ResultPayload::columns)
        .def_readonly("dtypes", &ResultPayload::dtypes)
        .def_readonly("columns_total", &ResultPayload::columns_total)
        .def_property_readonly("sample",
                               [](const ResultPayload& payload) { return rows_of(payload.sample, payload.columns); })
        .def_readonly("rows", &ResultPayload::rows)
        .def_readonly("sample_strategy", &ResultPayload::sample_strategy)
        .def_readonly("sample_row_numbers", &ResultPayload::sample_row_numbers)
        .def_readonly("prediction_columns", &ResultPayload::prediction_columns)
        .def_property_readonly("predictions_sample",
                               [](const ResultPayload& payload) {
                                   return rows_of(payload.predictions_sample, payload.prediction_columns);
                               })
        .def_readonly("predictions_count", &ResultPayload::predictions_count)
        .def_property_readonly("prediction_stats", &statistics_of)
        .def_readonly("output_file", &ResultPayload::output_file)
        .def_readonly("output_format", &ResultPayload::output_format)
        .def_readonly("output_bytes", &ResultPayload::output_bytes)
        .def_readonly("output_sha256", &ResultPayload::output_sha256)
        .def_readonly("output_uncompressed_bytes", &ResultPayload::output_uncompressed_bytes)
        .def_readonly("output_attachable", &ResultPayload::output_attachable)
        .def_property_readonly("output_parts", &parts_of)
        .def_readonly("output_parts_total", &ResultPayload::output_parts_total)
        .def_readonly("parts_missing", &ResultPayload::parts_missing)
        .def_readonly("parts_missing_total", &ResultPayload::parts_missing_total)
        .def_readonly("artifact_error", &ResultPayload::artifact_error)
        .def_readonly("artifact_error_permanent", &ResultPayload::artifact_error_permanent)
        .def_readonly("schema_version", &ResultPayload::schema_version)
        .def_readonly("truncated", &ResultPayload::truncated)
        .def_readonly("truncation", &ResultPayload::truncation)
        .def_readonly("notes", &ResultPayload::notes)
        .def("to_dict", &dict_of)
        .def("to_message", &message_of)
        .def(
            "__eq__", [](const ResultPayload& a, const ResultPayload& b) { return a == b; }, py::is_operator())
        .def(py::pickle([](const ResultPayload& payload) { return state_of(payload); },
                        [](const py::object& state) { return value_from<ResultPayload>(state); }))
        .def("__repr__", [](const ResultPayload& payload) {
            return "<curtail.Payload " + form_name(payload) + " of " + std::to_string(payload.rows) + " rows>";
        });
}

void register_receiver(py::module_& module) {
    using curtail::ResultReceiver;
    const auto make = [](const py::object& sample_rows, const py::object& max_columns, const py::object& max_cell_bytes,
                         const py::object& max_kept_bytes, const py::object& max_depth) {
        return ResultReceiver({.sample_rows = whole_number("sample_rows", sample_rows),
                               .max_columns = whole_number("max_columns", max_columns),
                               .max_cell_bytes = whole_number("max_cell_bytes", max_cell_bytes),
                               .max_kept_bytes = whole_number("max_kept_bytes", max_kept_bytes),
                               .max_depth = whole_number("max_depth", max_depth)});
    };
    const curtail::ReceiverOptions standard;
    py::class_<ResultReceiver>(
        module, "Receiver",
        "Reads one message in pieces of any size, in memory that does not grow with the message.\n\n"
        "    receiver = curtail.Receiver()\n"
        "    for chunk in chunks:\n"
        "        receiver.feed(chunk)\n"
        "    payload = receiver.finish()\n\n"
        "A chunk is bytes, bytearray, memoryview or str. For several messages in one stream: feed_some() returns how "
        "many bytes it took, up to the end of a message; complete is True then, and take() returns the payload and "
        "begins the next. partial() returns what was understood so far. Raises MessageError.")
        .def(py::init(make), py::kw_only(), py::arg("sample_rows") = standard.sample_rows,
             py::arg("max_columns") = standard.max_columns, py::arg("max_cell_bytes") = standard.max_cell_bytes,
             py::arg("max_kept_bytes") = standard.max_kept_bytes, py::arg("max_depth") = standard.max_depth)
        .def(
            "feed",
            [](ResultReceiver& receiver, const py::object& chunk) {
                with_bytes(chunk, [&](std::string_view bytes) { receiver.feed(bytes); });
            },
            py::arg("chunk"))
        .def(
            "feed_some",
            [](ResultReceiver& receiver, const py::object& chunk) {
                return with_bytes(chunk, [&](std::string_view bytes) { return receiver.feed_some(bytes); });
            },
            py::arg("chunk"))
        .def("finish", &ResultReceiver::finish)
        .def("take", &ResultReceiver::take)
        .def("partial", &ResultReceiver::partial)
        .def("reset", &ResultReceiver::reset)
        .def_property_readonly("complete", &ResultReceiver::complete)
        .def_property_readonly("begun", &ResultReceiver::begun)
        .def_property_readonly("offset", &ResultReceiver::offset);
}

void register_guard(py::module_& module) {
    using curtail::SizeGuard;
    py::class_<SizeGuard>(
        module, "SizeGuard",
        "Refuses every message that is not strictly smaller than max_bytes.\n\n"
        "A message is bytes, a str, or a value as json.dumps() would send it. encoding: what the transport puts it "
        "into: \"raw\", \"json_string\" or \"base64\". check() raises PayloadTooLarge, accepts() asks.")
        .def(py::init(&guard_of), py::arg("max_bytes") = curtail::budgets::one_megabyte, py::kw_only(),
             py::arg("encoding") = "raw")
        .def_readonly("max_bytes", &SizeGuard::max_bytes)
        .def(
            "check",
            [](const SizeGuard& guard, const py::object& message) {
                with_bytes(text_of(message), [&](std::string_view text) { guard.check(text); });
            },
            py::arg("message"))
        .def(
            "accepts",
            [](const SizeGuard& guard, const py::object& message) {
                return with_bytes(text_of(message), [&](std::string_view text) { return guard.accepts(text); });
            },
            py::arg("message"));
}

}  // namespace

void register_receive(py::module_& module) {
    register_payload(module);
    register_receiver(module);
    register_guard(module);
    module.def("render", &rendered);
    module.def(
        "failure_message",
        [](const py::str& job_id, const py::str& error) {
            return py::bytes(curtail::failure_message(utf8_of_any(job_id), utf8_of_any(error)));
        },
        py::arg("job_id"), py::arg("error"),
        "Returns the message that says that a job failed. Any texts; long ones are cut.");
    module.def(
        "progress_message",
        [](const py::str& job_id, double percent, const py::str& text, const py::str& status) {
            return py::bytes(
                curtail::progress_message(utf8_of_any(job_id), percent, utf8_of_any(text), utf8_of_any(status)));
        },
        py::arg("job_id"), py::arg("percent"), py::arg("text"), py::arg("status") = "saving",
        "Returns the message that says how far a job is: percent is 0 to 100, status a word for programs.");
}
