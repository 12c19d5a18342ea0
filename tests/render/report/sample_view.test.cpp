// SPDX-License-Identifier: MIT
#include <curtail/render/report/sample_view.hpp>

#include <string>
#include <vector>

#include "catch.hpp"
#include "render/sample_payloads.hpp"

using curtail::detail::SampleView;
using Kind = curtail::detail::ShownColumn::Kind;

TEST_CASE("SampleView: predictions are the last columns of their rows", "[render]") {
    const auto payload = samples::customers();
    SampleView view(payload, 10, 40);
    CHECK(view.features() == 3);
    CHECK(view.predictions() == 1);
    CHECK(view.rows() == 10);
    CHECK(view.column(3).name == "prediction");
    CHECK(view.column(3).exact[0] == "0.73129 ");
    CHECK(view.column(2).exact[3] == "null");
    CHECK(view.column(2).kind == Kind::number);
    CHECK(view.column(1).kind == Kind::text);
}

TEST_CASE("SampleView: rows may differ in length", "[render]") {
    curtail::ResultPayload payload;
    payload.columns = {"a"};
    payload.sample = {{}, {samples::text("x"), samples::text("y")}, {{samples::Kind::missing, "", 0}}};
    payload.predictions_sample = {{samples::number("1"), samples::number("2")}};
    SampleView view(payload, 2, 40);
    CHECK(view.columns() == 4);
    CHECK(view.rows() == 2);
    CHECK(view.rows_in_message() == 3);
    CHECK(view.column(0).exact[0] == "-");
    CHECK(view.column(1).name == "column 2");
    CHECK(view.column(2).name == "prediction");
    CHECK(view.column(3).name == "prediction 2");
    CHECK(view.column(3).exact[1] == "-");
    CHECK(view.features_total() == 2);
    CHECK_FALSE(view.list_cut());
    payload.columns_total = 9;
    CHECK(SampleView(payload, 2, 40).list_cut());
}

TEST_CASE("SampleView: columns of which no row has a cell are counted and not drawn", "[render]") {
    curtail::ResultPayload payload;
    payload.columns = {"age", "city"};
    payload.predictions_sample = {{samples::number("0.9")}, {samples::number("0.1")}};
    for (const auto& sample : {std::vector<curtail::SampleRow>{}, std::vector<curtail::SampleRow>(2)}) {
        payload.sample = sample;
        SampleView view(payload, 2, 40);
        CHECK(view.features() == 0);
        CHECK(view.features_total() == 2);
        CHECK(view.columns() == 1);
        CHECK(view.rows() == 2);
        CHECK(view.column(0).name == "prediction");
        CHECK(view.column(0).exact[1] == "0.1");
    }
    payload.sample[1] = {samples::number("34")};
    CHECK(SampleView(payload, 2, 40).features() == 2);
}

TEST_CASE("SampleView: a column is of numbers, ids, times or texts", "[render]") {
    const auto kind = [](const std::vector<curtail::SampleCell>& cells) {
        curtail::ResultPayload payload;
        for (const auto& cell : cells) payload.sample.push_back({cell});
        return SampleView(payload, cells.size(), 40).column(0).kind;
    };
    const curtail::SampleCell null;
    CHECK(kind({samples::number("1"), null}) == Kind::number);
    CHECK(kind({null, null}) == Kind::text);
    CHECK(kind({samples::text("a0e5f5d5-1b2c-4d3e-8f90-9b75d7c2827c"), null}) == Kind::id);
    CHECK(kind({samples::text("00123")}) == Kind::id);
    CHECK(kind({samples::text("a0e5"), samples::text("two words 2")}) == Kind::text);
    CHECK(kind({samples::text("2024-03-01 08:15:30.123456")}) == Kind::time);
    CHECK(kind({samples::text("2024-03-01T08:15:30Z"), null}) == Kind::time);
    CHECK(kind({samples::text("08:15")}) == Kind::time);
    CHECK(kind({samples::text("8: a chapter")}) == Kind::text);
    CHECK(kind({samples::text("00:1B:44:11:3A:B7")}) == Kind::id);
    CHECK(kind({samples::text("10.0.0.1:8080")}) == Kind::id);
    CHECK(kind({samples::text("+49 30 1234567")}) == Kind::id);
    CHECK(kind({samples::text("DE89 3704 0044 0532 0130 00")}) == Kind::id);
    CHECK(kind({samples::text("12 Long Street")}) == Kind::text);
    CHECK(kind({{samples::Kind::nested, "[1,2,3]"}}) == Kind::text);
    CHECK(kind({samples::text("12 km"), samples::number("1")}) == Kind::text);
}

TEST_CASE("SampleView: numbers have all digits, six, or as many decimals as the largest", "[render]") {
    curtail::ResultPayload payload;
    payload.sample = {
        {samples::number("0.8397509101473875")}, {samples::number("0.0075501234567")}, {samples::number("0.5")}};
    SampleView view(payload, 3, 40);
    using Texts = std::vector<std::string>;
    CHECK(view.column(0).exact == Texts{"0.839751  ", "0.00755012", "0.5       "});
    CHECK(view.column(0).six == Texts{"0.839751  ", "0.00755012", "0.5       "});
    CHECK(view.column(0).even == Texts{"0.839751", "0.007550", "0.5     "});
    payload.sample = {{samples::number("52.5200066")}, {samples::number("13.404954")}};
    SampleView places(payload, 2, 40);
    CHECK(places.column(0).exact == Texts{"52.5200066", "13.404954 "});
    CHECK(places.column(0).six == Texts{"52.520", "13.405"});
}

TEST_CASE("SampleView: what all long texts begin with is left out if they differ only behind it", "[render]") {
    curtail::ResultPayload payload;
    payload.sample = {{samples::text(std::string(5000, 'x') + "a")}, {samples::text(std::string(5000, 'x') + "b")}};
    SampleView view(payload, 2, 40);
    CHECK(view.column(0).exact[0] == "\xE2\x80\xA6" + std::string(20, 'x') + "a");
    CHECK(view.column(0).exact[1] == "\xE2\x80\xA6" + std::string(20, 'x') + "b");
}

TEST_CASE("SampleView: decimals keep their scale", "[render]") {
    curtail::ResultPayload payload;
    payload.predictions_sample = {{samples::number("3.750"), samples::number("3.75"), samples::number("3.0")},
                                  {samples::number("12.125"), samples::number("1.5"), samples::number("1.0")}};
    const SampleView view(payload, 2, 40);
    CHECK(view.prediction_scale(0) == 3);
    CHECK(view.prediction_scale(1) == 0);
    CHECK(view.prediction_scale(2) == 0);
    CHECK(view.prediction_scale(3) == 0);
}
