// SPDX-License-Identifier: MIT
#pragma once
// A payload as values of Python and back, for pickle and copy.

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload.hpp>

namespace py = pybind11;

template <class T, class Of>
concept MaybeConst = std::same_as<std::remove_const_t<T>, Of>;

// Returns references to all members.
template <MaybeConst<curtail::SampleCell> T>
auto members(T& cell) {
    return std::tie(cell.kind, cell.text, cell.cut_from_bytes);
}
template <MaybeConst<curtail::TruncatedCell> T>
auto members(T& cell) {
    return std::tie(cell.row, cell.column, cell.bytes, cell.prediction);
}
template <MaybeConst<curtail::OutputPart> T>
auto members(T& part) {
    return std::tie(part.file, part.rows, part.bytes, part.sha256, part.host);
}
template <MaybeConst<curtail::ProgressReport> T>
auto members(T& report) {
    return std::tie(report.status, report.percent, report.message);
}
template <MaybeConst<curtail::ClassCount> T>
auto members(T& label) {
    return std::tie(label.label, label.count, label.percentage);
}
template <MaybeConst<curtail::Histogram> T>
auto members(T& histogram) {
    return std::tie(histogram.low, histogram.high, histogram.counts);
}
template <MaybeConst<curtail::PredictionStats> T>
auto members(T& stats) {
    return std::tie(stats.n_rows, stats.n_null, stats.mean, stats.std, stats.min, stats.max, stats.median,
                    stats.median_rank_error, stats.histogram, stats.class_distribution, stats.classes_total,
                    stats.other_count, stats.class_counts_are_lower_bounds);
}
template <MaybeConst<curtail::ResultPayload> T>
auto members(T& payload) {
    return std::tie(payload.form, payload.job_id, payload.type, payload.error, payload.progress, payload.columns,
                    payload.dtypes, payload.columns_total, payload.sample, payload.rows, payload.sample_strategy,
                    payload.sample_row_numbers, payload.prediction_columns, payload.predictions_sample,
                    payload.predictions_count, payload.prediction_stats, payload.output_file, payload.output_format,
                    payload.output_bytes, payload.output_sha256, payload.output_uncompressed_bytes,
                    payload.output_attachable, payload.output_parts, payload.output_parts_total, payload.parts_missing,
                    payload.parts_missing_total, payload.artifact_error, payload.artifact_error_permanent,
                    payload.schema_version, payload.truncated, payload.truncation, payload.cells_truncated,
                    payload.cells_truncated_total, payload.notes);
}

template <class T>
inline constexpr T last_value{};
template <>
inline constexpr auto last_value<curtail::SampleCell::Kind> = curtail::SampleCell::Kind::nested;
template <>
inline constexpr auto last_value<curtail::ResultPayload::Form> = curtail::ResultPayload::Form::other;

template <class T>
concept HasMembers = requires(T& value) {
    members(value);
};
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

// Returns a value in tuples, lists, texts and numbers.
template <class T>
[[nodiscard]] py::object state_of(const T& value) {
    if constexpr (HasMembers<const T>) {
        const auto pack = [](const auto&... each) { return py::make_tuple(state_of(each)...); };
        return std::apply(pack, members(value));
    } else if constexpr (is_vector<T>) {
        py::list list;
        for (const auto& each : value) list.append(state_of(each));
        return list;
    } else if constexpr (is_optional<T>) {
        return value ? state_of(*value) : py::none();
    } else if constexpr (std::is_enum_v<T>) {
        return py::int_(static_cast<int>(value));
    } else if constexpr (std::same_as<T, curtail::Extreme>) {
        return py::make_tuple(value.value(), value.text());
    } else {
        return py::cast(value);
    }
}

inline void expect_state(bool condition) {
    if (!condition) throw py::value_error("this is not the state of a payload of this version of curtail");
}

// Returns the value that state_of() was given. Throws py::value_error or py::cast_error for the state of none.
template <class T>
[[nodiscard]] T value_from(const py::handle& state) {
    if constexpr (HasMembers<T>) {
        T value;
        expect_state(py::isinstance<py::tuple>(state));
        const auto tuple = py::reinterpret_borrow<py::tuple>(state);
        const auto unpack = [&](auto&... each) {
            expect_state(tuple.size() == sizeof...(each));
            std::size_t i = 0;
            ((each = value_from<std::remove_reference_t<decltype(each)>>(tuple[i++])), ...);
        };
        std::apply(unpack, members(value));
        return value;
    } else if constexpr (is_vector<T>) {
        T value;
        expect_state(py::isinstance<py::list>(state));
        for (const py::handle each : py::reinterpret_borrow<py::list>(state)) {
            value.push_back(value_from<typename T::value_type>(each));
        }
        return value;
    } else if constexpr (is_optional<T>) {
        if (state.is_none()) return {};
        return value_from<typename T::value_type>(state);
    } else if constexpr (std::is_enum_v<T>) {
        const int number = state.cast<int>();
        expect_state(number >= 0 && number <= static_cast<int>(last_value<T>));
        return static_cast<T>(number);
    } else if constexpr (std::same_as<T, curtail::Extreme>) {
        expect_state(py::isinstance<py::tuple>(state));
        const auto pair = py::reinterpret_borrow<py::tuple>(state);
        expect_state(pair.size() == 2);
        return curtail::Extreme(value_from<double>(pair[0]), value_from<std::string>(pair[1]));
    } else {
        // Bytes would pass for a text.
        expect_state((std::same_as<T, std::string> && py::isinstance<py::str>(state)) || std::is_arithmetic_v<T>);
        return state.cast<T>();
    }
}
