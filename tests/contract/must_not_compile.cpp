// SPDX-License-Identifier: MIT
// Mistakes, one a block. must_not_compile.cmake compiles this file without any of them, which must succeed, and with
// each of them, which must fail and say what the line behind #ifdef expects.
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/rows.hpp>
#include <curtail/table/with_prediction.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

struct Opaque {
    int secret = 0;
};

struct Holder {
    Opaque opaque;
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

#ifdef CELL_VISIT_OF_NO_CELL
// expect: specialise curtail::cell_traits
inline void mistake() {
    curtail::visit_cell(Opaque{}, [](const auto&) {});
}
#endif

#ifdef SINK_INTO_NO_OUTPUT
// expect: ArtifactOutput|commit
inline curtail::CsvSink<BadOutput>* mistake = nullptr;
#endif

#ifdef PREDICTION_FOR_NO_TABLE
// expect: Table
inline const auto mistake = curtail::with_prediction(Opaque{}, curtail::column("p", numbers));
#endif

#ifdef IGNORED_TABLE
// expect: nodiscard|ignoring return value
inline void mistake() {
    curtail::columns(curtail::column("n", numbers));
}
#endif
