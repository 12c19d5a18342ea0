// SPDX-License-Identifier: MIT
// Mistakes, one a block. must_not_compile.cmake compiles this file without any of them, which must succeed, and with
// each of them, which must fail and say what the line behind #ifdef expects.
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/arrow.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/map.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/records.hpp>
#include <curtail/table/rows.hpp>
#include <curtail/table/select_prediction.hpp>
#include <curtail/table/with_prediction.hpp>

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

struct Opaque {
    int secret = 0;
};

struct Holder {
    Opaque opaque;
};

enum class Risk { low, high };

struct Money {
    int cents = 0;
};

struct BadOutput {
    void write(std::span<const char>) {}
};

inline const std::vector<double> numbers = {1.0};
inline const auto table = curtail::columns(curtail::column("n", numbers));

#ifdef COLUMN_OF_NO_CELLS
// expect: specialise curtail::cell_traits
inline const std::vector<Opaque> opaques;
inline const auto mistake = curtail::column("o", opaques);
#endif

#ifdef FIELD_THAT_IS_NO_CELL
// expect: specialise curtail::cell_traits
inline const std::vector<Holder> holders;
inline const auto mistake = curtail::rows(holders, curtail::field("o", &Holder::opaque));
#endif

#ifdef TUPLE_ELEMENT_THAT_IS_NO_CELL
// expect: specialise curtail::cell_traits
inline const auto mistake = curtail::generate({"a", "b"}, [] { return std::optional<std::tuple<int, Opaque>>(); });
#endif

#ifdef TUPLE_OF_A_RANGE_THAT_IS_NO_CELL
// expect: curtail does not know how to write this type as a cell: specialise curtail::cell_traits
inline const std::vector<std::pair<int, Opaque>> pairs;
inline const auto mistake = curtail::tuples(pairs, {"a", "b"});
#endif

#ifdef ARRAY_OF_NO_CELLS
// expect: curtail does not know how to write this type as a cell: specialise curtail::cell_traits
inline const std::vector<std::array<Opaque, 2>> arrays;
inline const auto mistake = curtail::tuples(arrays, {"a", "b"});
#endif

#ifdef MATRIX_OF_NO_CELLS
// expect: curtail does not know how to write this type as a cell: specialise curtail::cell_traits
inline const Opaque opaque;
inline const auto mistake = curtail::row_major(&opaque, 1, 1);
#endif

#ifdef FLAT_MATRIX_OF_NO_CELLS
// expect: curtail does not know how to write this type as a cell: specialise curtail::cell_traits
inline const std::vector<Opaque> opaques;
inline const auto mistake = curtail::matrix(opaques);
#endif

#ifdef MAP_OF_NO_CELLS
// expect: curtail does not know how to write this type as a cell: specialise curtail::cell_traits
inline const std::map<std::string, std::vector<Opaque>> map;
inline const auto mistake = curtail::map_columns(map);
#endif

#ifdef MAP_OF_NO_COLUMNS
// expect: MappedColumn|ColumnMap
inline const std::map<std::string, double> map;
inline const auto mistake = curtail::map_columns(map);
#endif

#ifdef RECORDS_OF_NO_JSON
// expect: JsonRecords
inline const std::vector<Opaque> opaques;
inline const auto mistake = curtail::records(opaques);
#endif

#ifdef STREAM_THAT_IS_A_POINTER
// expect: this is not an ArrowArrayStream: pass the struct itself
inline void mistake(Opaque* stream) {
    static_cast<void>(curtail::arrow_stream(stream));
}
#endif

#ifdef BATCH_THAT_IS_NO_ARRAY
// expect: this is not an ArrowArray: pass the struct itself
inline void mistake(const curtail::ArrowLayout& layout, const Opaque& array) {
    static_cast<void>(curtail::arrow_batch(layout, array));
}
#endif

#ifdef OPTIONAL_OF_NO_CELL
// expect: specialise curtail::cell_traits
inline const std::vector<std::optional<Opaque>> opaques;
inline const auto mistake = curtail::column("o", opaques);
#endif

#ifdef VARIANT_WITH_NO_CELL
// expect: specialise curtail::cell_traits
inline void mistake() {
    curtail::visit_cell(std::variant<int, Opaque>(1), [](const auto&) {});
}
#endif

#ifdef WIDE_CHARACTERS
// expect: specialise curtail::cell_traits
inline const std::vector<std::wstring> words;
inline const auto mistake = curtail::column("w", words);
#endif

#ifdef LONG_DOUBLES
// expect: specialise curtail::cell_traits
inline const std::vector<long double> wide;
inline const auto mistake = curtail::column("l", wide);
#endif

#ifdef CELL_VISIT_OF_NO_CELL
// expect: specialise curtail::cell_traits
inline void mistake() {
    curtail::visit_cell(Opaque{}, [](const auto&) {});
}
#endif

#ifdef ENUM_WITHOUT_LABELS
// expect: curtail writes an enum by its labels: specialise curtail::cell_traits
inline const std::vector<Risk> risks;
inline const auto mistake = curtail::column("r", risks);
#endif

#ifdef FIELD_THAT_IS_AN_ENUM
// expect: curtail writes an enum by its labels: specialise curtail::cell_traits
struct Case {
    std::optional<Risk> risk;
};
inline const std::vector<Case> cases;
inline const auto mistake = curtail::rows(cases, curtail::field("r", &Case::risk));
#endif

#ifdef ENUM_WITH_MISSPELT_TRAITS
// expect: this specialisation of curtail::cell_traits.* lacks a static cell
template <>
struct curtail::cell_traits<Risk> {
    static const char* to_cell(Risk) { return "low"; }
};
inline const std::vector<Risk> risks;
inline const auto mistake = curtail::column("r", risks);
#endif

#ifdef TRAITS_WITHOUT_CELL
// expect: this specialisation of curtail::cell_traits.* lacks a static cell
template <>
struct curtail::cell_traits<Money> {
    static int value(const Money& money) { return money.cents; }
};
inline const std::vector<Money> sums;
inline const auto mistake = curtail::column("m", sums);
#endif

#ifdef TRAITS_OF_NO_CELL
// expect: this specialisation of curtail::cell_traits.* lacks a static cell.* that returns a number
template <>
struct curtail::cell_traits<Money> {
    static Opaque cell(const Money&) { return {}; }
};
inline void mistake() {
    curtail::visit_cell(Money{}, [](const auto&) {});
}
#endif

#ifdef TIME_SINCE_THE_MACHINE_STARTED
// expect: this clock does not count from 1970: convert the time
inline const std::vector<std::chrono::steady_clock::time_point> times;
inline const auto mistake = curtail::column("t", times);
#endif

#ifdef SINK_INTO_NO_OUTPUT
// expect: ArtifactOutput|commit
inline curtail::CsvSink<BadOutput>* mistake = nullptr;
#endif

#ifdef SPLIT_OF_NO_TABLE
// expect: does not know this type as a table: specialise curtail::table_adapter
#include <curtail/payload/result_payload_builder.hpp>
inline void mistake() {
    static_cast<void>(curtail::ResultPayloadBuilder("job").build(Opaque{}, curtail::CsvSink("predictions.csv")));
}
#endif

#ifdef CHOICE_OF_NO_TABLE
// expect: does not know this type as a table: specialise curtail::table_adapter
inline void mistake() {
    curtail::select_prediction(Opaque{}, "score");
}
#endif

#ifdef PREDICTION_WITHOUT_A_NAME
// expect: columns with a name: with_prediction.table, column
inline void mistake() {
    curtail::with_prediction(table, numbers);
}
#endif

#ifdef PREDICTION_THAT_STREAMS_FOR_A_TABLE
// expect: a table in memory and a stream have no common batches
inline void mistake() {
    curtail::with_prediction(table, curtail::generate({"p"}, [] { return std::optional<std::tuple<int>>(); }));
}
#endif

#ifdef PREDICTION_FOR_NO_TABLE
// expect: does not know this type as a table: specialise curtail::table_adapter
inline void mistake() {
    curtail::with_prediction(Opaque{}, curtail::column("p", numbers));
}
#endif

#ifdef IGNORED_TABLE
// expect: nodiscard|ignoring return value
inline void mistake() {
    curtail::columns(curtail::column("n", numbers));
}
#endif

#ifdef JSON_VALUE_WITHOUT_JSON
// expect: a JSON value needs #include <nlohmann/json.hpp>
#include <curtail/payload/result_payload_builder.hpp>
inline void mistake(const curtail::SplitResult<>& result) {
    static_cast<void>(result.data());
}
#endif
