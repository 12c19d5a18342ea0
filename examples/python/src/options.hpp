// SPDX-License-Identifier: MIT
#pragma once
// The keyword arguments of curtail.split() as the library's options.

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/payload/payload_options.hpp>

namespace py = pybind11;

// Returns the value of a name. Throws UsageError (invalid_option), which lists the names.
template <class Value>
[[nodiscard]] Value named(const std::string& what, const std::string& name,
                          std::initializer_list<std::pair<const char*, Value>> known) {
    std::string names;
    for (const auto& [each, value] : known) {
        if (name == each) return value;
        names += (names.empty() ? "'" : ", '") + std::string(each) + "'";
    }
    throw curtail::UsageError(curtail::ErrorCode::invalid_option,
                              "there is no " + what + " '" + name + "'; there are " + names);
}

[[nodiscard]] inline char one_byte(const std::string& option, const std::string& text) {
    if (text.size() == 1) return text.front();
    throw curtail::UsageError(curtail::ErrorCode::invalid_option,
                              "the dialect's " + option + " is one ASCII character, not '" + text + "'");
}

inline void set_dialect_option(curtail::CsvDialect& dialect, const std::string& option, const py::handle& value) {
    using namespace curtail;
    if (option == "separator") {
        dialect.separator = one_byte(option, value.cast<std::string>());
    } else if (option == "quote") {
        dialect.quote = one_byte(option, value.cast<std::string>());
    } else if (option == "quote_style") {
        dialect.quote_style = named<QuoteStyle>(
            "quote_style", value.cast<std::string>(),
            {{"minimal", QuoteStyle::minimal}, {"all", QuoteStyle::all}, {"non_numeric", QuoteStyle::non_numeric}});
    } else if (option == "line_end") {
        dialect.line_end =
            named<LineEnd>("line_end", value.cast<std::string>(), {{"lf", LineEnd::lf}, {"crlf", LineEnd::crlf}});
    } else if (option == "formula_guard") {
        dialect.formula_guard = value.cast<bool>() ? FormulaGuard::apostrophe : FormulaGuard::off;
    } else if (option == "header") {
        dialect.header = value.cast<bool>();
    } else if (option == "byte_order_mark") {
        dialect.byte_order_mark = value.cast<bool>();
    } else if (option == "null_text") {
        dialect.null_text = value.cast<std::string>();
    } else if (option == "nulls_apart") {
        dialect.nulls_apart = value.cast<bool>();
    } else if (option == "true_text") {
        dialect.true_text = value.cast<std::string>();
    } else if (option == "false_text") {
        dialect.false_text = value.cast<std::string>();
    } else if (option == "nan_text") {
        dialect.nan_text = value.cast<std::string>();
    } else if (option == "float_precision") {
        const auto digits = value.cast<std::optional<std::uint64_t>>();
        if (digits) dialect.float_precision = static_cast<int>((std::min<std::uint64_t>)(*digits, INT_MAX));
    } else {
        dialect.decimal_comma = value.cast<bool>();
    }
}

// `dialect` is the name of a preset, or a dict of fields of CsvDialect with, if wanted, the name of the preset that
// they change as "preset".
[[nodiscard]] inline curtail::CsvDialect dialect_of(const py::object& dialect) {
    using curtail::CsvDialect;
    const bool is_name = py::isinstance<py::str>(dialect);
    std::string preset = "default";
    if (is_name) preset = dialect.cast<std::string>();
    if (!is_name && dialect.contains("preset")) preset = py::object(dialect["preset"]).cast<std::string>();
    CsvDialect chosen = named<CsvDialect (*)()>("dialect", preset,
                                                {{"default", [] { return CsvDialect(); }},
                                                 {"pandas", &CsvDialect::pandas},
                                                 {"rfc4180", &CsvDialect::rfc4180},
                                                 {"excel", &CsvDialect::excel}})();
    if (is_name) return chosen;
    for (const auto& [option, value] : py::dict(dialect)) {
        const auto name = option.cast<std::string>();
        if (name != "preset") set_dialect_option(chosen, name, value);
    }
    return chosen;
}

[[nodiscard]] inline curtail::PayloadOptions payload_options(const py::dict& options) {
    using curtail::SampleStrategy;
    curtail::PayloadOptions payload;
    payload.sample_rows = options["sample_rows"].cast<std::size_t>();
    payload.sample_seed = options["sample_seed"].cast<std::uint64_t>();
    payload.max_bytes = options["max_bytes"].cast<std::size_t>();
    payload.sample_strategy = named<SampleStrategy>("sample", options["sample"].cast<std::string>(),
                                                    {{"head", SampleStrategy::head},
                                                     {"tail", SampleStrategy::tail},
                                                     {"random", SampleStrategy::random},
                                                     {"highest_predictions", SampleStrategy::highest_predictions},
                                                     {"lowest_predictions", SampleStrategy::lowest_predictions}});
    return payload;
}

[[nodiscard]] inline curtail::CsvSinkOptions sink_options(const py::dict& options) {
    curtail::CsvSinkOptions sink;
    sink.dialect = dialect_of(options["dialect"]);
    sink.threads = options["threads"].cast<std::size_t>();
    sink.metadata = options["metadata"].cast<bool>();
    if (options["replace"].cast<bool>()) sink.file.on_exists = curtail::OnExists::replace;
    return sink;
}
