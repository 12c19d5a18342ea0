// SPDX-License-Identifier: MIT
#include <curtail/payload/message/expect_call.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/csv_input.hpp>

#include "catch.hpp"
#include "payload/null_sink.hpp"

// What the texts say for a wrong call, contract/must_not_compile.cpp shows: a test that runs shows what is taken.
namespace {

using curtail::PayloadOptions;
using curtail::Schema;
using curtail::detail::BuilderArguments;
using curtail::detail::PlacedCall;
using curtail::detail::StartCall;
using Builder = curtail::ResultPayloadBuilder<>;
using Table = decltype(curtail::columns(curtail::column("n", std::vector<int>())));

static_assert(BuilderArguments<Builder, const char*> && BuilderArguments<Builder, std::string, PayloadOptions>);
static_assert(BuilderArguments<Builder, Builder>);  // a copy
static_assert(!BuilderArguments<Builder> && !BuilderArguments<Builder, int>);
static_assert(!BuilderArguments<Builder, PayloadOptions, std::string>);
static_assert(!BuilderArguments<Builder, std::string, PayloadOptions, int>);

static_assert(PlacedCall<Table, NullSink> && PlacedCall<const Table&, NullSink&> && PlacedCall<Table, std::string>);
static_assert(PlacedCall<Table, const char*> && PlacedCall<Table, std::string_view>);
static_assert(PlacedCall<Table, std::filesystem::path, curtail::CsvSinkOptions>);
static_assert(!PlacedCall<Table> && !PlacedCall<Table, int> && !PlacedCall<Table, Table>);
static_assert(!PlacedCall<Table, NullSink, curtail::CsvSinkOptions>);  // a sink has its own options

static_assert(StartCall<Schema, NullSink> && StartCall<const Schema&, std::string, curtail::CsvSinkOptions>);
static_assert(!StartCall<Schema> && !StartCall<Table, NullSink> && !StartCall<NullSink, Schema>);

}  // namespace

TEST_CASE("expect_own_sink: takes what can be taken over, and refuses nothing that is right", "[payload]") {
    curtail::detail::expect_own_sink<NullSink>();
    curtail::detail::expect_own_sink<const NullSink&>();  // can be copied
    curtail::detail::expect_own_sink<curtail::CsvSink<>>();
    curtail::detail::expect_split<Table, curtail::CsvSink<>>();
    curtail::detail::expect_split<const Table&, NullSink&>();
    curtail::detail::expect_batch<Table>();
    SUCCEED("that it compiles is the test");
}
