// SPDX-License-Identifier: MIT
#include <curtail/table/schema.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "catch.hpp"

namespace {

using curtail::CellKind;
using curtail::ColumnType;
using curtail::Schema;
using curtail::TimeUnit;

template <class T>
std::string dtype_of() {
    return curtail::dtype_name(curtail::column_type_of<T>());
}

struct Celsius {
    float degrees;
};
enum class Small8 : std::int8_t { a };

}  // namespace

template <>
struct curtail::cell_traits<Small8> {
    static std::int8_t cell(Small8 value) { return static_cast<std::int8_t>(value); }
};
template <>
struct curtail::cell_traits<Celsius> {
    static float cell(Celsius value) { return value.degrees; }
};

TEST_CASE("column_type_of: the type follows from the C++ type", "[table]") {
    CHECK(dtype_of<bool>() == "bool");
    CHECK(dtype_of<std::int8_t>() == "int8");
    CHECK(dtype_of<std::int16_t>() == "int16");
    CHECK(dtype_of<std::int32_t>() == "int32");
    CHECK(dtype_of<std::int64_t>() == "int64");
    CHECK(dtype_of<std::uint8_t>() == "uint8");
    CHECK(dtype_of<std::uint16_t>() == "uint16");
    CHECK(dtype_of<std::uint32_t>() == "uint32");
    CHECK(dtype_of<std::uint64_t>() == "uint64");
    CHECK(dtype_of<long long>() == "int64");
    CHECK(dtype_of<float>() == "float32");
    CHECK(dtype_of<double>() == "float64");
    CHECK(dtype_of<char>() == "string");
    CHECK(dtype_of<std::string>() == "string");
    CHECK(dtype_of<const char*>() == "string");
    CHECK(dtype_of<std::filesystem::path>() == "string");
    CHECK(dtype_of<curtail::Decimal>() == "decimal");
    CHECK(dtype_of<curtail::Bytes>() == "bytes");
    CHECK(dtype_of<curtail::Nested>() == "nested");
    CHECK(dtype_of<curtail::Null>() == "null");
    CHECK(dtype_of<curtail::Cell>() == "object");
    CHECK(dtype_of<std::variant<int, std::string>>() == "object");
    CHECK(dtype_of<Celsius>() == "float32");
    CHECK(dtype_of<Small8>() == "int8");
    CHECK(dtype_of<std::vector<bool>::reference>() == "bool");
}

TEST_CASE("column_type_of: optional and pointers have the type of their value", "[table]") {
    CHECK(dtype_of<std::optional<std::uint16_t>>() == "uint16");
    CHECK(dtype_of<std::unique_ptr<std::string>>() == "string");
    CHECK(dtype_of<std::shared_ptr<const double>>() == "float64");
    CHECK(dtype_of<const float*>() == "float32");
    CHECK(dtype_of<std::optional<Celsius>>() == "float32");
    CHECK(dtype_of<std::optional<std::chrono::milliseconds>>() == "timedelta64[ms]");
    CHECK(dtype_of<std::optional<std::chrono::sys_seconds>>() == "datetime64[s]");
}

TEST_CASE("column_type_of: the values decide where each has a unit and a zone of its own", "[table]") {
    CHECK(curtail::column_type_of<curtail::Timestamp>().open());
    CHECK(curtail::column_type_of<std::optional<curtail::Duration>>().open());
    CHECK(!curtail::column_type_of<curtail::TimeOfDay>().open());
    CHECK(!curtail::column_type_of<curtail::Date>().open());
    CHECK(!curtail::column_type_of<std::chrono::sys_seconds>().open());
}

TEST_CASE("dtype_name: names the unit and the zone of times", "[table]") {
    using namespace std::chrono;
    CHECK(dtype_of<sys_time<microseconds>>() == "datetime64[us]");
    CHECK(dtype_of<system_clock::time_point>() == "datetime64[ns]");
    CHECK(dtype_of<sys_days>() == "date");
    CHECK(dtype_of<year_month_day>() == "date");
    CHECK(dtype_of<nanoseconds>() == "timedelta64[ns]");
    CHECK(dtype_of<hours>() == "timedelta64[s]");
    CHECK(dtype_of<curtail::TimeOfDay>() == "time");
    CHECK(curtail::dtype_name({CellKind::timestamp, TimeUnit::millisecond, "Europe/Zurich"}) ==
          "datetime64[ms, Europe/Zurich]");
    CHECK(curtail::dtype_name({CellKind::duration, TimeUnit::second, "ignored"}) == "timedelta64[s]");
}

TEST_CASE("Schema: predictions are the last columns", "[table]") {
    const Schema schema({{"a", {CellKind::int64}}, {"b", {CellKind::text}}, {"p", {CellKind::float64}}}, 1);
    CHECK(schema.size() == 3);
    CHECK(schema.feature_count() == 2);
    CHECK(schema.prediction_count() == 1);
    CHECK(schema[2].name == "p");
    CHECK(schema.find("b") == 1);
    CHECK(schema.find("B") == 3);
    CHECK(Schema().size() == 0);
    CHECK(Schema({{"a"}, {"a"}}).find("a") == 0);
}

TEST_CASE("Schema: cannot have more predictions than columns", "[table]") {
    try {
        const Schema schema({{"a"}}, 2);
        FAIL("accepted " << schema.prediction_count());
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_schema);
    }
    CHECK(Schema({{"a"}}, 1).feature_count() == 0);
}

TEST_CASE("Schema: a batch fits when names, types, units, zones and the number of predictions are the same",
          "[table]") {
    const Schema header({{"a", {CellKind::int64}}, {"t", {CellKind::timestamp, TimeUnit::microsecond, "UTC"}}}, 1);
    const Schema same = header;
    CHECK(header.fits(same));
    CHECK(header == same);
    const Schema others[] = {
        Schema({{"a", {CellKind::int64}}}, 1),
        Schema({{"a", {CellKind::int64}}, {"t", {CellKind::timestamp, TimeUnit::microsecond, "UTC"}}}, 0),
        Schema({{"b", {CellKind::int64}}, {"t", {CellKind::timestamp, TimeUnit::microsecond, "UTC"}}}, 1),
        Schema({{"a", {CellKind::int32}}, {"t", {CellKind::timestamp, TimeUnit::microsecond, "UTC"}}}, 1),
        Schema({{"a", {CellKind::int64}}, {"t", {CellKind::timestamp, TimeUnit::nanosecond, "UTC"}}}, 1),
        Schema({{"a", {CellKind::int64}}, {"t", {CellKind::timestamp, TimeUnit::microsecond}}}, 1),
        Schema({{"t", {CellKind::timestamp, TimeUnit::microsecond, "UTC"}}, {"a", {CellKind::int64}}}, 1),
        Schema({{"at", {CellKind::int64}}, {"", {CellKind::timestamp, TimeUnit::microsecond, "UTC"}}}, 1),
    };
    for (const Schema& other : others) {
        CHECK_FALSE(header.fits(other));
        CHECK_FALSE(header == other);
    }
    CHECK(Schema().fits(Schema()));
}

TEST_CASE("Schema: a unit and a zone of a kind that has none do not count", "[table]") {
    for (const CellKind kind : {CellKind::any, CellKind::int64, CellKind::text, CellKind::date}) {
        const Schema plain{{"a", ColumnType{kind}}};
        const Schema with_unit{{"a", ColumnType{kind, TimeUnit::nanosecond, "UTC"}}};
        CHECK(plain.fits(with_unit));
        CHECK(plain == with_unit);
    }
    for (const CellKind kind : {CellKind::timestamp, CellKind::time, CellKind::duration}) {
        CHECK_FALSE(Schema{{"a", ColumnType{kind}}}.fits(Schema{{"a", ColumnType{kind, TimeUnit::nanosecond}}}));
    }
}

TEST_CASE("Schema: fits() tells {\"ab\", \"c\"} from {\"a\", \"bc\"}", "[table]") {
    CHECK_FALSE(Schema({{"ab"}, {"c"}}).fits(Schema({{"a"}, {"bc"}})));
    CHECK_FALSE(Schema({{"ab"}, {""}}).fits(Schema({{""}, {"ab"}})));
}

TEST_CASE("Schema: is made of names, of names and types, or of both", "[table]") {
    using curtail::CellKind;
    const std::string name = "b";
    const Schema names{"a", name};
    CHECK(names.size() == 2);
    CHECK(names[1].name == "b");
    CHECK(names[0].type.kind == CellKind::any);
    CHECK(names.prediction_count() == 0);
    CHECK(names == Schema({"a", "b"}));
    CHECK(names == Schema{{"a", "b"}});
    CHECK(names == Schema{{"a"}, {"b"}});
    CHECK(names == Schema(std::vector<std::string>{"a", "b"}));
    CHECK(Schema{"a"}.size() == 1);
    CHECK(Schema{"a", "b", "c"}[2].name == "c");
    const Schema mixed{"a", {"b", {CellKind::float64}}};
    CHECK(mixed[0].type.kind == CellKind::any);
    CHECK(mixed[1].type.kind == CellKind::float64);
    const Schema predicted({"a", "b"}, 1);
    CHECK(predicted.prediction_count() == 1);
    CHECK(predicted.columns() == names.columns());
}
