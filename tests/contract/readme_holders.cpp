// SPDX-License-Identifier: MIT
// The README's table of holders, line by line: each with the one header that it names and nothing else of curtail's.
// readme_holders.cmake looks for the lines here and compiles each block alone.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#ifdef COLUMNS
#include <curtail/table/columns.hpp>
using namespace curtail;
auto line(const std::vector<int>& ages, std::span<const std::string> cities) {
    return columns(column("age", ages), column("city", cities));
}
#endif

#ifdef ROWS
#include <curtail/table/rows.hpp>
using namespace curtail;
struct Person {
    int age;
    std::string city;
};
auto line(const std::vector<Person>& people) {
    return rows(people, field("age", &Person::age), field("city", &Person::city));
}
#endif

#ifdef TUPLES
#include <curtail/table/rows.hpp>
using namespace curtail;
auto line(const std::vector<std::pair<long, double>>& scored) {
    return tuples(scored, {"id", "score"});
}
#endif

#ifdef MAP
#include <curtail/table/map.hpp>
using namespace curtail;
auto line(const std::map<std::string, std::vector<double>>& table) {
    return map_columns(table);
}
#endif

#ifdef POINTER
#include <curtail/table/matrix.hpp>
using namespace curtail;
auto line(const float* pointer, std::size_t rows, std::size_t columns, const std::vector<std::string>& names) {
    return row_major(pointer, rows, columns, names);
}
#endif

#ifdef MATRIX
#include <curtail/table/matrix.hpp>
using namespace curtail;
struct Matrix {
    static constexpr bool IsRowMajor = false;
    const double* data() const { return nullptr; }
    std::ptrdiff_t rows() const { return 0; }
    std::ptrdiff_t cols() const { return 0; }
    std::ptrdiff_t innerStride() const { return 1; }
    std::ptrdiff_t outerStride() const { return 1; }
};
auto line(const Matrix& object, const std::vector<std::string>& names) {
    return matrix(object, names);
}
#endif

#ifdef TENSOR
#include <curtail/table/tensor.hpp>

#include "../table/dlpack_structs.hpp"
using namespace curtail;
namespace at {
DLManagedTensor* toDLPack(const DLTensor& tensor);
}
auto line(const DLTensor& tensor, const std::vector<std::string>& names) {
    return matrix(at::toDLPack(tensor), names);
}
#endif

#ifdef RECORDS
#include <curtail/table/records.hpp>

#include <nlohmann/json.hpp>
using namespace curtail;
auto line(const nlohmann::ordered_json& json) {
    return records(json);
}
#endif

#if defined(ARROW_STREAM) || defined(ARROW_BATCH)
#include <curtail/table/arrow.hpp>

#include "../table/arrow_structs.hpp"
using namespace curtail;
#ifdef ARROW_STREAM
auto line(ArrowArrayStream& stream) {
    return arrow_stream(std::move(stream));
}
#else
auto line(ArrowSchema& schema, ArrowArray& array) {
    return arrow_batch(std::move(schema), std::move(array));
}
#endif
#endif

#ifdef CURSOR
#include <curtail/table/generate.hpp>
using namespace curtail;
auto line(bool more) {
    return generate({"id", "score"}, [&](std::span<Cell> row) {
        row[0] = 0.5;
        return more;
    });
}
#endif

#ifdef TUPLE_BY_TUPLE
#include <curtail/table/generate.hpp>
using namespace curtail;
auto line() {
    return generate({"id", "score"}, [&]() -> std::optional<std::tuple<long, double>> { return std::nullopt; });
}
#endif

#ifdef CSV_INPUT
#include <curtail/table/csv_input.hpp>
using namespace curtail;
auto line() {
    return CsvInput("input.csv");
}
#endif

#if defined(OWN_PREDICTION) || defined(OTHER_PREDICTION)
#include <curtail/table/with_prediction.hpp>
using namespace curtail;
struct Held {
    Schema columns;
    const Schema& schema() const { return columns; }
    std::size_t rows() const { return 0; }
    template <class Visitor>
    void visit_row(std::size_t, Visitor&& visit) const {
        visit(0.5);
    }
};
#ifdef OWN_PREDICTION
auto line(const Held& table) {
    return with_prediction(table, "score");
}
#else
auto line(const Held& table, const std::vector<double>& scores) {
    return with_prediction(table, column("prediction", scores));
}
#endif
#endif

#ifdef CELL_TRAITS
#include <curtail/table/cell.hpp>
struct Money {
    long cents;
};
template <>
struct curtail::cell_traits<Money> {
    static double cell(const Money& money) { return static_cast<double>(money.cents) / 100; }
};
static_assert(curtail::CellLike<Money>);
#endif

#ifdef TABLE_ADAPTER
#include <curtail/table/table.hpp>
struct Frame {};
template <>
struct curtail::table_adapter<Frame> {
    static curtail::Schema schema(const Frame&) { return {}; }
    static std::size_t rows(const Frame&) { return 0; }
    template <class Visitor>
    static void visit_row(const Frame&, std::size_t, Visitor&& visit) {
        visit(0.5);
    }
};
static_assert(curtail::Table<Frame>);
#endif
