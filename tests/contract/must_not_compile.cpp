// SPDX-License-Identifier: MIT
// Mistakes, one per block. must_not_compile.cmake compiles this file without any of them, which must succeed, and with
// each of them, which must fail, and the first error must say what the line behind #ifdef expects.
#include <curtail/curtail.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "../table/arrow_structs.hpp"
#include "../table/dlpack_structs.hpp"

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

struct Person {
    int age = 0;
    std::vector<float> marks;

  private:
    [[maybe_unused]] int secret_ = 0;
};

struct BadOutput {
    void write(std::span<const char>) {}
};

struct GoodOutput {
    void write(std::span<const char>) {}
    void commit() {}
    void abort() noexcept {}
};

struct Torch {
    float* data_ptr() const { return nullptr; }
};

// A sink with all that one must have; a mistake lacks one of them.
struct WholeSink {
#ifndef SINK_WITHOUT_LOCATION
    std::string location() const {
        return {};
    }
#endif
    std::string_view format() const {
        return "x";
    }
    std::uint64_t bytes_written() const {
        return 0;
    }
    void open(const curtail::Schema&) {}
#ifndef SINK_WITHOUT_APPEND
    template <curtail::Table T>
    void append(const T&) {}
#endif
    curtail::ArtifactInfo finish() {
        return {};
    }
#ifdef SINK_WHOSE_ABORT_THROWS
    void abort() {}
#else
    void abort() noexcept {}
#endif
};

inline const std::vector<double> numbers = {1.0};
inline const std::list<double> listed = {1.0};
inline const std::vector<Person> people(1);
inline const auto table = curtail::columns(curtail::column("n", numbers));
inline const curtail::ResultPayloadBuilder builder("job_1");

inline auto rows_of_ints() {
    return curtail::generate({"p"}, [] { return std::optional<std::tuple<int>>(); });
}

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
// expect: map_columns.. takes a map of names to containers
inline const std::map<std::string, double> map;
inline const auto mistake = curtail::map_columns(map);
#endif

#ifdef RECORDS_OF_NO_JSON
// expect: records.. takes a nlohmann::json or a std::vector of them
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
// expect: an output of bytes has write.*, commit.., and abort
inline void mistake(BadOutput output) {
    curtail::CsvSink sink(std::move(output));
}
#endif

#ifdef SPLIT_OF_NO_TABLE
// expect: does not know this type as a table: specialise curtail::table_adapter
inline void mistake() {
    static_cast<void>(curtail::ResultPayloadBuilder("job").build(Opaque{}, curtail::CsvSink("predictions.csv")));
}
#endif

#ifdef CHOICE_OF_NO_TABLE
// expect: does not know this type as a table: specialise curtail::table_adapter
inline void mistake() {
    static_cast<void>(curtail::with_prediction(Opaque{}, "score"));
}
#endif

#ifdef PREDICTION_WITHOUT_A_NAME
// expect: columns with a name: with_prediction.table, column
inline void mistake() {
    auto joined = curtail::with_prediction(table, numbers);
}
#endif

#ifdef PREDICTION_THAT_STREAMS_FOR_A_TABLE
// expect: a table in memory and a stream have no common batches
inline void mistake() {
    curtail::with_prediction(table, rows_of_ints());
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
inline void mistake(const curtail::SplitResult<>& result) {
    static_cast<void>(result.data());
}
#endif

#ifdef FIELD_WITH_MANY_VALUES
// expect: a cell holds one value and this type holds many
inline void mistake() {
    auto rows = curtail::rows(people, curtail::field("m", &Person::marks));
}
#endif

#ifdef COLUMN_OF_VECTORS
// expect: a cell holds one value and this type holds many
inline void mistake() {
    auto made = curtail::column("v", std::vector<std::vector<double>>());
}
#endif

#ifdef COLUMN_OF_A_LIST
// expect: read by index: std::vector.*copy a std::list
inline void mistake() {
    auto made = curtail::columns(curtail::column("l", listed));
}
#endif

#ifdef COLUMN_OF_A_SET
// expect: read by index: std::vector.*copy a std::list or a std::set
inline void mistake() {
    auto made = curtail::column("s", std::set<int>{1});
}
#endif

#ifdef COLUMN_WITHOUT_A_NAME
// expect: a column has a name and its values: column
inline void mistake() {
    auto made = curtail::columns(curtail::column(numbers));
}
#endif

#ifdef COLUMN_WITH_THE_NAME_LAST
// expect: a column has a name and its values: column
inline void mistake() {
    auto made = curtail::column(numbers, "n");
}
#endif

#ifdef COLUMN_WITHOUT_VALUES
// expect: a column has a name and its values: column
inline void mistake() {
    auto made = curtail::column("n");
}
#endif

#ifdef COLUMN_OF_ONE_TEXT
// expect: a text is one cell
inline void mistake() {
    auto made = curtail::column("city", "Oslo");
}
#endif

#ifdef COLUMN_OF_A_POINTER
// expect: for a pointer std::span
inline void mistake(const double* pointer) {
    auto made = curtail::column("n", pointer);
}
#endif

#ifdef COLUMN_OF_ONE_NUMBER
// expect: the values of a column are a container
inline void mistake() {
    auto made = curtail::column("n", 1.5);
}
#endif

#ifdef BARE_CONTAINERS
// expect: columns.. takes named columns: columns.column
inline void mistake() {
    auto made = curtail::columns(numbers, numbers);
}
#endif

#ifdef TABLES_AS_COLUMNS
// expect: with_prediction.table, other. sets two tables side by side
inline void mistake() {
    auto made = curtail::columns(table, table);
}
#endif

#ifdef ROWS_OF_A_LIST
// expect: read by index: std::vector.*copy a std::list
inline void mistake() {
    auto made = curtail::rows(std::list<Person>(), curtail::field("age", &Person::age));
}
#endif

#ifdef ROWS_OF_BARE_MEMBERS
// expect: a column of structs is a field with a name: rows
inline void mistake() {
    auto made = curtail::rows(people, &Person::age);
}
#endif

#ifdef FIELD_OF_ANOTHER_STRUCT
// expect: a getter of field.. does not take the elements of this range
inline void mistake() {
    auto made = curtail::rows(people, curtail::field("c", &Money::cents));
}
#endif

#ifdef FIELD_WITHOUT_A_NAME
// expect: a field has a name and a getter: field
inline void mistake() {
    auto made = curtail::rows(people, curtail::field(&Person::age));
}
#endif

#ifdef FIELD_THAT_RETURNS_NOTHING
// expect: returns nothing, and must return the cell
inline void mistake() {
    auto made = curtail::rows(people, curtail::field("a", [](const Person&) {}));
}
#endif

#ifdef PRIVATE_FIELD
// expect: private
inline void mistake() {
    auto made = curtail::rows(people, curtail::field("s", &Person::secret_));
}
#endif

#ifdef TUPLES_OF_STRUCTS
// expect: not tuples: rows.. takes structs
inline void mistake() {
    auto made = curtail::tuples(people, {"age"});
}
#endif

#ifdef TUPLES_OF_A_LIST
// expect: read by index: std::vector.*copy a std::list
inline void mistake() {
    auto made = curtail::tuples(std::list<std::pair<int, int>>(), {"a", "b"});
}
#endif

#ifdef TUPLES_WITHOUT_NAMES
// expect: needs the names of the columns too: tuples
inline void mistake() {
    auto made = curtail::tuples(std::vector<std::pair<int, int>>());
}
#endif

#ifdef MATRIX_OF_A_POINTER
// expect: a pointer does not know its sides: row_major
inline void mistake(const double* pointer) {
    auto made = curtail::matrix(pointer);
}
#endif

#ifdef MATRIX_OF_VECTORS
// expect: a cell holds one value and this type holds many
inline void mistake() {
    auto made = curtail::matrix(std::vector<std::vector<double>>());
}
#endif

#ifdef MATRIX_OF_NO_MATRIX
// expect: does not know this type as a matrix: pass a pointer
inline void mistake() {
    auto made = curtail::matrix(Opaque{});
}
#endif

#ifdef MATRIX_OF_A_TORCH_TENSOR
// expect: matrix.at::toDLPack.tensor
inline void mistake() {
    auto made = curtail::matrix(Torch{});
}
#endif

#ifdef MANAGED_TENSOR_THAT_STAYS
// expect: pass std::move.managed..*and pass managed->dl_tensor
inline void mistake(DLManagedTensor* managed) {
    auto made = curtail::matrix(managed);
}
#endif

#ifdef MANAGED_TENSOR_BY_VALUE
// expect: a managed tensor is passed by its address, or as managed.dl_tensor
inline void mistake(const DLManagedTensor& managed) {
    auto made = curtail::matrix(managed);
}
#endif

#ifdef ROWS_OF_A_CONTAINER
// expect: takes a pointer to the first element: row_major.values.data
inline void mistake() {
    auto made = curtail::row_major(numbers, 1, 1);
}
#endif

#ifdef COLUMNS_OF_A_CONTAINER
// expect: takes a pointer to the first element
inline void mistake() {
    auto made = curtail::column_major(numbers, 1, 1);
}
#endif

#ifdef RECORDS_OF_TEXT
// expect: records.. takes parsed JSON: records.nlohmann::ordered_json::parse
inline void mistake() {
    auto made = curtail::records(std::string("[]"));
}
#endif

#ifdef RECORDS_OF_STRUCTS
// expect: structs are for rows
inline void mistake() {
    auto made = curtail::records(people);
}
#endif

#ifdef CALLBACK_THAT_RETURNS_NOTHING
// expect: returns bool: true for a row, false at the end
inline void mistake() {
    auto made = curtail::generate({"a"}, [](std::span<curtail::Cell>) {});
}
#endif

#ifdef CALLBACK_WITHOUT_AN_END
// expect: std::optional<std::tuple<...>>: a row, or nothing at the end
inline void mistake() {
    auto made = curtail::generate({"a"}, [] { return std::tuple(1); });
}
#endif

#ifdef CALLBACK_OF_A_VECTOR
// expect: takes a callback bool.std::span<curtail::Cell> row
inline void mistake() {
    auto made = curtail::generate({"a"}, [](std::vector<curtail::Cell>&) { return true; });
}
#endif

#ifdef CALLBACK_WITHOUT_NAMES
// expect: the names of the columns, then the callback
inline void mistake() {
    auto made = curtail::generate([] { return std::optional(std::tuple(1)); });
}
#endif

#ifdef NAMES_BEHIND_THE_CALLBACK
// expect: the names of the columns, then the callback
inline void mistake() {
    auto made = curtail::generate([] { return true; }, std::string("a"));
}
#endif

#ifdef ARROW_STREAM_THAT_STAYS
// expect: the Arrow stream is taken over.*: pass std::move.stream
inline void mistake(ArrowArrayStream& stream) {
    auto made = curtail::arrow_stream(stream);
}
#endif

#ifdef ARROW_STREAM_THAT_IS_CONST
// expect: not a pointer to it, not const
inline void mistake(const ArrowArrayStream& stream) {
    auto made = curtail::arrow_stream(stream);
}
#endif

#ifdef ARROW_SCHEMA_THAT_STAYS
// expect: the Arrow schema is taken over.*: pass std::move.schema
inline void mistake(ArrowSchema& schema, ArrowArray& array) {
    auto made = curtail::arrow_batch(schema, std::move(array));
}
#endif

#ifdef ARROW_ARRAY_THAT_STAYS
// expect: the Arrow array is taken over.*: pass std::move.array
inline void mistake(ArrowSchema& schema, ArrowArray& array) {
    auto made = curtail::arrow_batch(std::move(schema), array);
}
#endif

#ifdef ARROW_LAYOUT_OF_A_SCHEMA_THAT_STAYS
// expect: the Arrow schema is taken over.*: pass std::move.schema
inline void mistake(ArrowSchema& schema) {
    auto made = curtail::ArrowLayout::take(schema);
}
#endif

#ifdef ARROW_BATCH_IN_ANOTHER_ORDER
// expect: this is not an ArrowSchema
inline void mistake(ArrowSchema& schema, ArrowArray& array) {
    auto made = curtail::arrow_batch(std::move(array), std::move(schema));
}
#endif

#ifdef PREDICTION_WITH_NAME_AND_VALUES
// expect: columns with a name: with_prediction.table, column
inline void mistake() {
    auto made = curtail::with_prediction(table, "prediction", numbers);
}
#endif

#ifdef NO_PREDICTION
// expect: with_prediction.. needs the prediction too
inline void mistake() {
    auto made = curtail::with_prediction(table);
}
#endif

#ifdef PREDICTION_BY_ITS_INDEX
// expect: predictions are the name of a column that the table has
inline void mistake() {
    auto made = curtail::with_prediction(table, 2);
}
#endif

#ifdef STREAM_THAT_STAYS
// expect: a stream is taken over: pass std::move.stream
inline void mistake() {
    auto stream = rows_of_ints();
    auto made = curtail::with_prediction(stream, "p");
}
#endif

#ifdef PREDICTION_COLUMN_FOR_A_STREAM
// expect: a table in memory and a stream have no common batches
inline void mistake() {
    auto made = curtail::with_prediction(rows_of_ints(), curtail::column("q", numbers));
}
#endif

#ifdef CLASH_BEFORE_THE_PREDICTION
// expect: OnClash comes last
inline void mistake() {
    auto made = curtail::with_prediction(table, curtail::OnClash::suffix, curtail::column("q", numbers));
}
#endif

#ifdef BUILDER_WITHOUT_A_JOB
// expect: a builder is made of the job's id and options
inline void mistake() {
    const curtail::ResultPayloadBuilder made;
}
#endif

#ifdef BUILDER_WITH_A_NUMBER
// expect: a builder is made of the job's id and options
inline void mistake() {
    const curtail::ResultPayloadBuilder made(42);
}
#endif

#ifdef BUILDER_WITH_OPTIONS_FIRST
// expect: a builder is made of the job's id and options
inline void mistake() {
    const curtail::ResultPayloadBuilder made(curtail::PayloadOptions{}, "job_1");
}
#endif

#ifdef BUILDER_OF_A_TABLE
// expect: a builder is made of the job's id and options
inline void mistake() {
    const curtail::ResultPayloadBuilder made("job_1", table);
}
#endif

#ifdef SPLIT_TO_NOWHERE
// expect: build.. needs the place of the file too
inline void mistake() {
    auto made = builder.build(table);
}
#endif

#ifdef SPLIT_OF_NOTHING
// expect: build.. needs the place of the file too
inline void mistake() {
    auto made = builder.build();
}
#endif

#ifdef SINK_BEFORE_TABLE
// expect: the table comes first
inline void mistake() {
    auto made = builder.build(curtail::CsvSink("x.csv"), table);
}
#endif

#ifdef DIRECTORY_BEFORE_TABLE
// expect: the table comes first
inline void mistake() {
    auto made = builder.build("/data", table);
}
#endif

#ifdef SPLIT_INTO_A_NUMBER
// expect: a table is written into a directory or to a sink
inline void mistake() {
    auto made = builder.build(table, 1);
}
#endif

#ifdef SPLIT_INTO_OPTIONS
// expect: a table is written into a directory or to a sink
inline void mistake() {
    auto made = builder.build(table, curtail::CsvSinkOptions{});
}
#endif

#ifdef SINK_THAT_STAYS
// expect: a sink is used up by one split: pass std::move.sink
inline void mistake() {
    curtail::CsvSink sink("x.csv");
    auto made = builder.build(table, sink);
}
#endif

#ifdef SINK_THAT_IS_CONST
// expect: a sink is used up by one split: pass std::move.sink
inline void mistake() {
    const curtail::CsvSink sink("x.csv");
    auto made = builder.build(table, std::move(sink));
}
#endif

#ifdef SINK_THAT_STAYS_WITH_A_SPLIT
// expect: a sink is used up by one split: pass std::move.sink
inline void mistake() {
    curtail::CsvSink sink("x.csv");
    auto made = builder.start({"n"}, sink);
}
#endif

#ifdef POINTER_TO_A_SINK
// expect: a pointer to a sink: pass the sink itself
inline void mistake() {
    auto made = builder.build(table, std::make_unique<curtail::CsvSink<>>("x.csv"));
}
#endif

#ifdef OUTPUT_IN_PLACE_OF_A_SINK
// expect: an output takes bytes, not tables: pass curtail::CsvSink
inline void mistake() {
    auto made = builder.build(table, GoodOutput{});
}
#endif

#ifdef FILE_IN_PLACE_OF_A_SINK
// expect: an output takes bytes, not tables: pass curtail::CsvSink
inline void mistake() {
    auto made = builder.build(table, curtail::AtomicFile("x.csv"));
}
#endif

#ifdef OPTIONS_BEHIND_A_SINK
// expect: a sink has its own options: build.table, curtail::CsvSink.path, options
inline void mistake() {
    auto made = builder.build(table, curtail::CsvSink("x.csv"), curtail::OnExists::replace);
}
#endif

#ifdef SINK_BEHIND_A_DIRECTORY
// expect: a sink of your own takes the directory's place
inline void mistake() {
    auto made = builder.build(table, "/data", curtail::CsvSink("x.csv"));
}
#endif

#ifdef OTHER_OPTIONS_BEHIND_A_DIRECTORY
// expect: takes curtail::CsvSinkOptions, or OnExists::replace
inline void mistake() {
    auto made = builder.build(table, "/data", curtail::PayloadOptions{});
}
#endif

#ifdef TWO_TABLES
// expect: build.. takes one table: curtail::with_prediction
inline void mistake() {
    auto made = builder.build(table, table, "/data");
}
#endif

#ifdef STREAM_THAT_IS_CONST
// expect: a stream changes while it is read: it must not be const
inline void mistake() {
    const auto stream = rows_of_ints();
    auto made = builder.build(stream, "/data");
}
#endif

#ifdef STREAM_THAT_IS_CONST_INTO_A_SINK
// expect: a stream changes while it is read: it must not be const
inline void mistake() {
    const auto stream = rows_of_ints();
    auto made = builder.build(stream, curtail::CsvSink("x.csv"));
}
#endif

#ifdef POINTER_TO_A_TABLE
// expect: a pointer to a table: pass the table itself
inline void mistake() {
    auto made = builder.build(&table, "/data");
}
#endif

#ifdef RANGE_IN_PLACE_OF_A_TABLE
// expect: hand over what it holds by columns
inline void mistake() {
    auto made = builder.build(numbers, "/data");
}
#endif

#ifdef STRUCTS_IN_PLACE_OF_A_TABLE
// expect: hand over what it holds by columns
inline void mistake() {
    auto made = builder.build(people, curtail::CsvSink("x.csv"));
}
#endif

#ifdef SINK_WITHOUT_LOCATION
// expect: this sink lacks location
inline void mistake() {
    auto made = builder.build(table, WholeSink{});
}
#endif

#ifdef SINK_WITHOUT_APPEND
// expect: this sink lacks open.*or append
inline void mistake() {
    auto made = builder.build(table, WholeSink{});
}
#endif

#ifdef SINK_WHOSE_ABORT_THROWS
// expect: this sink lacks finish.*or abort.., which is noexcept
inline void mistake() {
    auto made = builder.build(table, WholeSink{});
}
#endif

#ifdef RESULT_THAT_IS_IGNORED
// expect: nodiscard|ignoring return value
inline void mistake() {
    builder.build(table, "/data");
}
#endif

#ifdef BATCH_IN_PLACE_OF_A_SCHEMA
// expect: start.. takes the schema of the batches, not a batch
inline void mistake() {
    auto made = builder.start(table, curtail::CsvSink("x.csv"));
}
#endif

#ifdef STREAM_IN_PLACE_OF_A_SCHEMA
// expect: start.. takes a schema: start.stream.schema
inline void mistake() {
    auto made = builder.start(rows_of_ints(), "/data");
}
#endif

#ifdef SINK_BEFORE_SCHEMA
// expect: start.. takes the names of the columns first
inline void mistake() {
    auto made = builder.start(curtail::CsvSink("x.csv"), curtail::Schema{"n"});
}
#endif

#ifdef SPLIT_WITHOUT_A_PLACE
// expect: start.. needs the place of the file too
inline void mistake() {
    auto made = builder.start(curtail::Schema{"n"});
}
#endif

#ifdef SPLIT_INTO_NO_PLACE
// expect: a table is written into a directory or to a sink
inline void mistake() {
    auto made = builder.start(curtail::Schema{"n"}, 7);
}
#endif

#ifdef STREAM_THAT_IS_APPENDED
// expect: a stream is appended batch by batch
inline void mistake(curtail::Split<curtail::CsvSink<>>& split) {
    split.append(rows_of_ints());
}
#endif

#ifdef POINTER_THAT_IS_APPENDED
// expect: a pointer to a batch: split.append..batch
inline void mistake(curtail::Split<curtail::CsvSink<>>& split) {
    split.append(&table);
}
#endif

#ifdef COLUMN_THAT_IS_APPENDED
// expect: hand over what it holds by columns
inline void mistake(curtail::Split<curtail::CsvSink<>>& split) {
    split.append(numbers);
}
#endif

#ifdef SPLIT_THAT_IS_COPIED
// expect: deleted
inline void mistake(curtail::Split<curtail::CsvSink<>>& split) {
    auto copy = split;
}
#endif

#ifdef PROGRESS_OF_ANOTHER_TYPE
// expect: on_progress takes a function of a const curtail::SplitProgress
inline void mistake() {
    const curtail::PayloadOptions options{.on_progress = [](const std::string&) {}};
}
#endif

#ifdef STOP_OF_ANOTHER_TYPE
// expect: stop_token takes a std::stop_token, or a function that returns true
inline void mistake() {
    const curtail::PayloadOptions options{.stop_token = 5};
}
#endif

#ifdef JSON_MEMBER_WITHOUT_JSON
// expect: a JSON value needs #include <nlohmann/json.hpp>
inline void mistake(const curtail::SplitResult<>& result) {
    static_cast<void>(result.data()["predictions_count"]);
}
#endif

#ifdef JSON_COPY_WITHOUT_JSON
// expect: a JSON value needs #include <nlohmann/json.hpp>
inline void mistake(const curtail::SplitResult<>& result) {
    auto data = result.data();
}
#endif

#ifdef JSON_OF_A_PAYLOAD_WITHOUT_JSON
// expect: a JSON value needs #include <nlohmann/json.hpp>
inline void mistake(const curtail::ResultPayload& payload) {
    auto data = curtail::payload_to_json(payload);
}
#endif

#ifdef SINK_IN_PLACE_OF_A_DIRECTORY
// expect: the directory of an artifact is a text or a std::filesystem::path
inline void mistake() {
    auto path = curtail::artifact_path(curtail::CsvSink("x.csv"), "job_1");
}
#endif

#ifdef TEXT_THAT_IS_RENDERED
// expect: feed.. a message to a curtail::ResultReceiver
inline void mistake(const std::string& message) {
    auto text = curtail::render_text(message);
}
#endif

#ifdef RESULT_THAT_IS_RENDERED
// expect: by its payload: result.payload
inline void mistake(const curtail::SplitResult<>& result) {
    auto text = curtail::render_telegram_html(result);
}
#endif

#ifdef SINK_WITH_OPTIONS_OF_A_SPLIT
// expect: a CSV sink is made of a path and its options
inline void mistake() {
    const curtail::CsvSink sink("x.csv", curtail::PayloadOptions{});
}
#endif

#ifdef SINK_WITHOUT_A_PATH
// expect: a CSV sink is made of a path and its options
inline void mistake() {
    const curtail::CsvSink sink;
}
#endif

#ifdef ELEMENTS_WITHOUT_A_TYPE
// expect: a void. does not know its elements: cast it
inline void mistake(const void* data) {
    auto made = curtail::row_major(data, 1, 1);
}
#endif

#ifdef ROWS_WITH_NAMES
// expect: tuples and pairs are for tuples.pairs
inline void mistake() {
    auto made = curtail::rows(std::vector<std::pair<int, int>>(), {"a", "b"});
}
#endif

#ifdef OPTIONS_IN_ANOTHER_ORDER
// expect: designator order|declaration order|ISO C..20 requires|reorder
inline void mistake() {
    const curtail::PayloadOptions options{.max_bytes = 5, .sample_rows = 4};
}
#endif

#ifdef SPLIT_THAT_IS_CONST
// expect: a split changes with each batch: it must not be const
inline void mistake(const curtail::Split<curtail::CsvSink<>>& split) {
    split.append(table);
}
#endif

#ifdef ROWS_WITHOUT_FIELDS
// expect: rows.. needs the columns too: rows.people, field
inline void mistake() {
    auto made = curtail::rows(people);
}
#endif

#ifdef DIALECT_IN_PLACE_OF_OPTIONS
// expect: name an option, ..dialect = d
inline void mistake() {
    auto made = builder.build(table, "/data", curtail::CsvDialect::excel());
}
#endif

#ifdef SINK_WITH_A_DIALECT
// expect: curtail::CsvSink.path, ..dialect = curtail::CsvDialect::excel
inline void mistake() {
    const curtail::CsvSink sink("x.csv", curtail::CsvDialect::excel());
}
#endif

#ifdef COLUMN_FOR_A_STREAM_OF_BATCHES
// expect: give each batch its predictions, split.append.with_prediction
inline void mistake() {
    auto made = curtail::with_prediction(rows_of_ints(), curtail::column("q", numbers));
}
#endif

#ifdef PAGE_OF_A_PATH
// expect: page.. reads a file that was published before: page.curtail::CsvArtifact.path
inline void mistake() {
    auto made = builder.page("x.csv", 0, 10);
}
#endif

#ifdef PAGE_OF_A_TABLE
// expect: page.. reads a file that was published before
inline void mistake() {
    auto made = builder.page(table, 0, 10);
}
#endif

#ifdef ARTIFACT_OF_A_JOB
// expect: an artifact is opened by its path: curtail::CsvArtifact.artifact_path
inline void mistake() {
    const curtail::CsvArtifact made("/data", "job_1");
}
#endif

#ifdef PREDICTIONS_BEHIND_THE_NAMES
// expect: the schema has the number of predictions: start.curtail::Schema
inline void mistake() {
    auto made = builder.start({"id", "score"}, 1, "/data");
}
#endif

#ifdef MESSAGE_IN_A_VECTOR
// expect: feed.. takes one text: feed..buffer.data.., size
inline void mistake(curtail::ResultReceiver& receiver, const std::vector<char>& buffer) {
    receiver.feed(buffer);
}
#endif

#ifdef MESSAGE_BY_POINTER_AND_SIZE
// expect: feed.. takes one text: feed..buffer.data.., size
inline void mistake(curtail::ResultReceiver& receiver, const char* buffer, std::size_t size) {
    receiver.feed(buffer, size);
}
#endif

#ifdef FAILURE_OF_AN_ERROR
// expect: failure_message.job_id, error.what
inline void mistake(const curtail::Error& error) {
    auto made = curtail::failure_message("job_1", error);
}
#endif

#ifdef RESULT_THAT_IS_MERGED
// expect: add.. takes what split.finish_part.. returns
inline void mistake(curtail::PartMerger<>& merger, const curtail::SplitResult<>& result) {
    merger.add(result);
}
#endif

#ifdef PARTS_FINISHED_INTO_A_PATH
// expect: finish.curtail::PartsDirectory.directory, job_id
inline void mistake(curtail::PartMerger<>& merger) {
    auto made = merger.finish("/data");
}
#endif
