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
using curtail::detail::is_builder_call;
using curtail::detail::is_placed_call;
using curtail::detail::is_start_call;
using Builder = curtail::ResultPayloadBuilder<>;
using Table = decltype(curtail::columns(curtail::column("n", std::vector<int>())));

static_assert(is_builder_call<Builder, const char*> && is_builder_call<Builder, std::string, PayloadOptions>);
static_assert(is_builder_call<Builder, Builder>);  // a copy
static_assert(!is_builder_call<Builder> && !is_builder_call<Builder, int>);
static_assert(!is_builder_call<Builder, PayloadOptions, std::string>);
static_assert(!is_builder_call<Builder, std::string, PayloadOptions, int>);

static_assert(is_placed_call<Table, NullSink> && is_placed_call<const Table&, NullSink&> &&
              is_placed_call<Table, std::string>);
static_assert(is_placed_call<Table, const char*> && is_placed_call<Table, std::string_view>);
static_assert(is_placed_call<Table, std::filesystem::path, curtail::CsvSinkOptions>);
static_assert(!is_placed_call<Table> && !is_placed_call<Table, int> && !is_placed_call<Table, Table>);
static_assert(!is_placed_call<Table, NullSink, curtail::CsvSinkOptions>);  // a sink has its own options

static_assert(is_start_call<Schema, NullSink> && is_start_call<const Schema&, std::string, curtail::CsvSinkOptions>);
static_assert(!is_start_call<Schema> && !is_start_call<Table, NullSink> && !is_start_call<NullSink, Schema>);

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
