// SPDX-License-Identifier: MIT
#include <curtail/render/render.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/utf8.hpp>
#include <curtail/render/report/markup.hpp>

#include "catch.hpp"
#include "render/golden.hpp"
#include "render/sample_payloads.hpp"
#include "render/slack_parser.hpp"

using curtail::render_slack;
using curtail::ResultPayload;

namespace {

// Returns the text without blank lines, with backticks for the letter that stands for them.
std::string comparable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i).starts_with("\xCB\x8B")) {
            out += '`';
            ++i;
        } else if (text[i] != '\n' || !out.ends_with('\n')) {
            out += text[i];
        }
    }
    return out;
}

ResultPayload hostile(std::size_t alphabet, std::size_t columns) {
    const auto& words = samples::alphabets[alphabet];
    ResultPayload payload = samples::made_of(words, 5, columns);
    payload.job_id = words.back();
    payload.output_file = "/" + words[0] + "/" + words.back();
    payload.output_format = words[1];
    payload.output_parts = {{words[0], 1, 1, {}, words.back()}, {words.back(), 1, 1, {}, words[0] + "`"}};
    payload.output_parts_total = 5;
    payload.parts_missing = {1, 2};
    payload.parts_missing_total = 2;
    payload.output_uncompressed_bytes = 7;
    payload.notes = {words[0], words.back() + "```" + words[1]};
    payload.truncation = {"rows", words[2 % words.size()]};
    payload.prediction_stats[0].class_distribution = {
        {words[0], 1, 50}, {words[2 % words.size()], 1, 50}, {"``", 1, 1}};
    return payload;
}

}  // namespace

TEST_CASE("render_slack: writes the golden text", "[render]") {
    CHECK(golden::matches("render_slack.txt",
                          golden::joined([](const ResultPayload& payload) { return render_slack(payload); })));
}

TEST_CASE("render_slack: shows what the plain text shows, with no mark from the message", "[render]") {
    for (std::size_t alphabet = 0; alphabet < samples::alphabets.size(); ++alphabet) {
        for (const std::size_t columns : {1U, 4U, 12U}) {
            const ResultPayload payload = hostile(alphabet, columns);
            const slack::Shown shown = slack::shown(render_slack(payload));
            INFO(render_slack(payload));
            CHECK(shown.error.empty());
            CHECK(comparable(shown.text) == comparable(curtail::render_text(payload)));
            ResultPayload failure = samples::failed();
            failure.error = payload.job_id + "\n```\n" + payload.output_file + "\n    x````````y";
            const slack::Shown failed = slack::shown(render_slack(failure));
            CHECK(failed.error.empty());
            CHECK(comparable(failed.text) == comparable(curtail::render_text(failure)));
            ResultPayload progress = samples::saving();
            progress.progress.message = payload.job_id + " <!channel> <@U123>";
            CHECK(slack::shown(render_slack(progress)).error.empty());
        }
    }
}

TEST_CASE("render_slack: mentions and links come out as text", "[render]") {
    ResultPayload payload = samples::customers();
    payload.notes = {"<!channel> <@U024BE7LH> <https://example.com|click> &lt;"};
    CHECK(render_slack(payload).ends_with(
        "Note: `&lt;!channel&gt; &lt;@U024BE7LH&gt; &lt;https://example.com|click&gt; &amp;lt;`"));
}

TEST_CASE("render_slack: the limit counts the text with its marks", "[render]") {
    for (std::size_t alphabet = 0; alphabet < samples::alphabets.size(); ++alphabet) {
        const ResultPayload payload = hostile(alphabet, 8);
        for (std::size_t limit = 0; limit < 2500; limit += limit < 4 ? 1 : 97) {
            const std::string text = render_slack(payload, {.limit = limit});
            INFO(text);
            CHECK(curtail::detail::count_units(text, curtail::LimitUnit::code_points) <= limit);
            CHECK(curtail::is_utf8(text));
            CHECK(slack::shown(text).error.empty());
        }
        CHECK(curtail::detail::count_units(render_slack(payload), curtail::LimitUnit::code_points) <= 4000);
    }
}
