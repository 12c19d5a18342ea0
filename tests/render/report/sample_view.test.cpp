// SPDX-License-Identifier: MIT
#include <curtail/render/report/sample_view.hpp>

#include "catch.hpp"
#include "render/sample_payloads.hpp"

using curtail::detail::SampleView;

TEST_CASE("SampleView: predictions are the last columns of their rows", "[render]") {
    const auto payload = samples::customers();
    SampleView view(payload, 10, 40);
    CHECK(view.features() == 3);
    CHECK(view.predictions() == 1);
    CHECK(view.rows() == 10);
    CHECK(view.column(3).name.text == "prediction");
    CHECK(view.column(3).cells[0].text == "0.73129");
    CHECK(view.column(1).cells[1].width == 4);
    CHECK(view.column(2).cells[3].text == "null");
    CHECK(view.column(2).cells[3].empty);
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
    CHECK(view.column(0).cells[0].text == "-");
    CHECK(view.column(1).name.text == "column 2");
    CHECK(view.column(2).name.text == "prediction");
    CHECK(view.column(3).name.text == "prediction 2");
    CHECK(view.column(3).cells[1].empty);
    CHECK(view.features_total() == 2);
    CHECK_FALSE(view.list_cut());
    payload.columns_total = 9;
    CHECK(SampleView(payload, 2, 40).list_cut());
}

TEST_CASE("ShownCell: a number is cut as a number, a text as a text", "[render]") {
    curtail::ResultPayload payload;
    payload.sample = {{samples::number("1.23456789e-05"), samples::text("some\ntext"), samples::text("")}};
    SampleView view(payload, 1, 40);
    CHECK(view.column(0).cells[0].clipped(8) ==
          "1.2\xE2\x80\xA6"
          "e-05");
    CHECK(view.column(1).cells[0].clipped(6) == "some\xE2\x8F\x8E\xE2\x80\xA6");
    CHECK(view.column(2).cells[0].clipped(6).empty());
}
