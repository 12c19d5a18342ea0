// SPDX-License-Identifier: MIT
#include <curtail/render/render_options.hpp>

#include <curtail/render/render.hpp>
#include <curtail/render/report/markup.hpp>

#include <cstddef>
#include <string>
#include <type_traits>

#include "catch.hpp"
#include "render/sample_payloads.hpp"

using curtail::LimitUnit;
using curtail::no_limit;
using curtail::RenderOptions;
using curtail::ResultPayload;

namespace {

static_assert(std::is_aggregate_v<RenderOptions>);
static_assert(curtail::telegram_message_units == 4096);
static_assert(curtail::telegram_caption_units == 1024);
static_assert(curtail::telegram_request_bytes == 32'768);
static_assert(curtail::slack_message_characters == 4000);
static_assert(curtail::can_attach(0));
static_assert(curtail::can_attach(curtail::telegram_upload_bytes));
static_assert(!curtail::can_attach(curtail::telegram_upload_bytes + 1));
static_assert(curtail::can_attach(2'000'000'000, curtail::telegram_local_server_upload_bytes));
static_assert(!curtail::can_attach(2'000'000'001, curtail::telegram_local_server_upload_bytes));
static_assert(curtail::can_attach(0, 0) && !curtail::can_attach(1, 0));

const RenderOptions telegram_defaults{.limit = 4096,
                                      .unit = LimitUnit::utf16_units,
                                      .max_bytes = 32'768,
                                      .max_width = 40,
                                      .max_rows = 10,
                                      .attach_limit = 50'000'000};
const RenderOptions other_defaults{.limit = no_limit,
                                   .unit = LimitUnit::code_points,
                                   .max_bytes = no_limit,
                                   .max_width = 100,
                                   .max_rows = 10,
                                   .attach_limit = 0};
const RenderOptions slack_defaults{.limit = 4000,
                                   .unit = LimitUnit::code_points,
                                   .max_bytes = no_limit,
                                   .max_width = 100,
                                   .max_rows = 10,
                                   .attach_limit = 0};

// Returns a payload that reaches every one of the limits.
ResultPayload wide(std::size_t alphabet) {
    return samples::made_of(samples::alphabets[alphabet], 30, 40);
}

}  // namespace

TEST_CASE("RenderOptions: every field is empty by default", "[render]") {
    const RenderOptions options;
    CHECK_FALSE(options.limit.has_value());
    CHECK_FALSE(options.unit.has_value());
    CHECK_FALSE(options.max_bytes.has_value());
    CHECK_FALSE(options.max_width.has_value());
    CHECK_FALSE(options.max_rows.has_value());
    CHECK_FALSE(options.attach_limit.has_value());
}

TEST_CASE("RenderOptions: an empty field takes the default of the renderer", "[render]") {
    for (std::size_t alphabet = 0; alphabet < samples::alphabets.size(); ++alphabet) {
        for (const ResultPayload& payload : {wide(alphabet), samples::churn(), samples::failed()}) {
            CHECK(curtail::render_telegram_html(payload) == curtail::render_telegram_html(payload, telegram_defaults));
            CHECK(curtail::render_telegram_markdown_v2(payload) ==
                  curtail::render_telegram_markdown_v2(payload, telegram_defaults));
            CHECK(curtail::render_text(payload) == curtail::render_text(payload, other_defaults));
            CHECK(curtail::render_markdown(payload) == curtail::render_markdown(payload, other_defaults));
            CHECK(curtail::render_slack(payload) == curtail::render_slack(payload, slack_defaults));
        }
    }
}

TEST_CASE("RenderOptions: a field changes what it names and nothing else", "[render]") {
    const ResultPayload payload = wide(0);
    const std::string given = curtail::render_telegram_html(payload);
    RenderOptions expected = telegram_defaults;
    const auto same = [&](const RenderOptions& alone) {
        const std::string text = curtail::render_telegram_html(payload, alone);
        CHECK(text != given);
        CHECK(text == curtail::render_telegram_html(payload, expected));
        expected = telegram_defaults;
    };
    expected.limit = 600;
    same({.limit = 600});
    expected.max_bytes = 700;
    same({.max_bytes = 700});
    expected.max_width = 80;
    same({.max_width = 80});
    expected.max_rows = 4;
    same({.max_rows = 4});
    expected.attach_limit = 0;
    same({.attach_limit = 0});
}

TEST_CASE("RenderOptions: the unit decides how long a text is", "[render]") {
    const ResultPayload payload = wide(2);
    const auto length = [&](LimitUnit unit) {
        const std::string text = curtail::render_text(payload, {.limit = 900, .unit = unit});
        CHECK(curtail::detail::count_units(text, unit) <= 900);
        return text.size();
    };
    CHECK(length(LimitUnit::bytes) < length(LimitUnit::utf16_units));
    CHECK(length(LimitUnit::utf16_units) <= length(LimitUnit::code_points));
    CHECK(length(LimitUnit::bytes) <= 900);
    CHECK(length(LimitUnit::code_points) > 900);
}

TEST_CASE("RenderOptions: max_bytes and limit both hold", "[render]") {
    const ResultPayload payload = wide(1);
    const std::string bytes = curtail::render_text(payload, {.limit = no_limit, .max_bytes = 500});
    CHECK(bytes.size() <= 500);
    const std::string units = curtail::render_text(payload, {.limit = 300, .max_bytes = no_limit});
    CHECK(curtail::detail::count_units(units, LimitUnit::code_points) <= 300);
    CHECK(curtail::render_text(payload, {.max_bytes = 0}).empty());
    CHECK(curtail::render_text(payload, {.limit = 0}).empty());
}

TEST_CASE("telegram_caption: is a limit of 1024 units and nothing else", "[render]") {
    CHECK(curtail::telegram_caption.limit == curtail::telegram_caption_units);
    CHECK_FALSE(curtail::telegram_caption.unit.has_value());
    CHECK_FALSE(curtail::telegram_caption.max_bytes.has_value());
    CHECK_FALSE(curtail::telegram_caption.max_width.has_value());
    CHECK_FALSE(curtail::telegram_caption.max_rows.has_value());
    CHECK_FALSE(curtail::telegram_caption.attach_limit.has_value());
    RenderOptions expected = telegram_defaults;
    expected.limit = 1024;
    const ResultPayload payload = wide(2);
    CHECK(curtail::render_telegram_html(payload, curtail::telegram_caption) ==
          curtail::render_telegram_html(payload, expected));
}
