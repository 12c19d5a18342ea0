// SPDX-License-Identifier: MIT
#include <curtail/render/render.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/utf8.hpp>

#include "catch.hpp"
#include "render/golden.hpp"
#include "render/sample_payloads.hpp"
#include "render/telegram_parser.hpp"

using curtail::RenderOptions;
using curtail::ResultPayload;

namespace {

// Returns the lines that are not blank: the two kinds of text differ in blank lines only.
std::string without_blank_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end != 0) out += std::string(text.substr(0, end)) + "\n";
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return out;
}

// Returns what a reader sees of `text`, which must be sound and within the limits.
std::string checked(const std::string& text, const telegram::Parsed& parsed, std::size_t limit) {
    INFO(text);
    REQUIRE(parsed.error.empty());
    REQUIRE(curtail::is_utf8(text));
    REQUIRE(text.size() <= 32'768);
    REQUIRE(telegram::utf16_units(parsed.text) <= limit);
    return parsed.text;
}

std::string html(const ResultPayload& payload, const RenderOptions& options, std::size_t limit) {
    const std::string text = curtail::render_telegram_html(payload, options);
    return checked(text, telegram::parse_html(text), limit);
}

std::string markdown_v2(const ResultPayload& payload, const RenderOptions& options, std::size_t limit) {
    const std::string text = curtail::render_telegram_markdown_v2(payload, options);
    return checked(text, telegram::parse_markdown_v2(text), limit);
}

void check_both(const ResultPayload& payload, const RenderOptions& options, std::size_t limit) {
    (void)html(payload, options, limit);
    (void)markdown_v2(payload, options, limit);
}

}  // namespace

TEST_CASE("render_telegram: writes the golden texts", "[render]") {
    CHECK(golden::matches("render_telegram_html.txt", golden::joined([](const ResultPayload& payload) {
                              return curtail::render_telegram_html(payload);
                          })));
    CHECK(golden::matches("render_telegram_markdown_v2.txt", golden::joined([](const ResultPayload& payload) {
                              return curtail::render_telegram_markdown_v2(payload);
                          })));
}

TEST_CASE("render_telegram: any table in any script is sound, within every limit, and has its counts", "[render]") {
    constexpr std::size_t limits[] = {4096, 1024, 300};
    for (std::size_t columns = 1; columns <= 50; columns += columns < 12 ? 1 : 5) {
        for (std::size_t rows = 1; rows <= 20; ++rows) {
            const std::size_t alphabet = (rows + columns) % samples::alphabets.size();
            const std::size_t limit = limits[(rows + columns / 2) % 3];
            const ResultPayload payload = samples::made_of(samples::alphabets[alphabet], rows, columns);
            const std::string text = (rows % 2 == 0 ? html : markdown_v2)(payload, {.limit = limit}, limit);
            INFO(text);
            REQUIRE(text.find(" of 1,234,567 rows") != std::string::npos);
            REQUIRE(text.find(" of " + std::to_string(columns) + " column") != std::string::npos);
            REQUIRE(text.find("mean 0.50312 \xC2\xB7 std 0.28871") != std::string::npos);
            REQUIRE(text.find("\xE2\x96\x81") != std::string::npos);
            REQUIRE(text.find("File on the worker's machine: /data/predictions_job_0123456789ab.csv") !=
                    std::string::npos);
        }
    }
}

TEST_CASE("render_telegram: keeps the smallest limits", "[render]") {
    for (std::size_t alphabet = 0; alphabet < samples::alphabets.size(); ++alphabet) {
        ResultPayload payload = samples::made_of(samples::alphabets[alphabet], 5, 6);
        payload.output_file = "/" + samples::alphabets[alphabet][0] + payload.output_file;
        for (std::size_t limit = 0; limit < 420; limit += limit < 12 ? 1 : 29)
            check_both(payload, {.limit = limit}, limit);
        for (const std::size_t bytes : {0U, 1U, 20U, 200U, 700U}) {
            CHECK(curtail::render_telegram_html(payload, {.max_bytes = bytes}).size() <= bytes);
            CHECK(curtail::render_telegram_markdown_v2(payload, {.max_bytes = bytes}).size() <= bytes);
        }
    }
    CHECK(curtail::render_telegram_html(samples::customers(), {.limit = 0}).empty());
}

TEST_CASE("render_telegram: keeps its limits whatever is said of parts, and says that some are missing", "[render]") {
    for (std::size_t alphabet = 0; alphabet < samples::alphabets.size(); ++alphabet) {
        const auto& words = samples::alphabets[alphabet];
        for (const bool machines : {false, true}) {
            ResultPayload payload = samples::made_of(words, 12, 4);
            payload.output_parts_total = machines ? 18'446'744'073'709'551'615U : 100;
            for (std::size_t part = 0; part < 100; ++part) {
                const std::string& word = words[part % words.size()];
                payload.output_parts.push_back({word, part, part, word, machines ? word : ""});
            }
            if (machines) payload.output_file.clear();
            payload.parts_missing.assign(32, 18'446'744'073'709'551'615U);
            payload.parts_missing_total = 18'446'744'073'709'551'615U - (machines ? 200 : 0);
            payload.output_uncompressed_bytes = payload.parts_missing_total;
            for (const std::size_t limit : {4096U, 500U, 300U, 40U}) {
                const bool as_html = (alphabet + limit / 100) % 2 == 0;
                const std::string text = (as_html ? html : markdown_v2)(payload, {.limit = limit}, limit);
                INFO(text);
                if (limit >= 300) REQUIRE(text.find(" parts are missing") != std::string::npos);
            }
        }
    }
}

TEST_CASE("render_telegram: both markups say what the plain text says after parsing", "[render]") {
    for (const auto& alphabet : samples::alphabets) {
        const ResultPayload payload = samples::made_of(alphabet, 10, 4);
        const RenderOptions plain{.max_width = 40, .attach_limit = curtail::telegram_upload_bytes};
        const std::string expected = without_blank_lines(curtail::render_text(payload, plain));
        CHECK(without_blank_lines(telegram::parse_html(curtail::render_telegram_html(payload)).text) == expected);
        CHECK(without_blank_lines(telegram::parse_markdown_v2(curtail::render_telegram_markdown_v2(payload)).text) ==
              expected);
    }
}

TEST_CASE("render_telegram: an emoji, a flag and a letter with its mark are whole or absent", "[render]") {
    for (std::size_t limit = 40; limit < 900; limit += 97) {
        for (std::size_t width = 12; width < 44; width += 5) {
            const ResultPayload payload = samples::made_of(samples::alphabets[2], 4, 5);
            std::string text = html(payload, {.limit = limit, .max_width = width}, limit);
            for (const std::string& whole : {samples::family, samples::flag}) {
                for (std::size_t at = text.find(whole); at != std::string::npos; at = text.find(whole))
                    text.erase(at, whole.size());
            }
            INFO(text);
            REQUIRE(text.find("\xE2\x80\x8D") == std::string::npos);      // a lone joiner
            REQUIRE(text.find("\xF0\x9F\x91\xA9") == std::string::npos);  // a woman without her family
            REQUIRE(text.find("\xF0\x9F\x87") == std::string::npos);      // half a flag
        }
    }
}

TEST_CASE("render_telegram: a caption has 1024 units, and a line says whether the file can be attached", "[render]") {
    const ResultPayload payload = samples::churn();
    check_both(payload, curtail::telegram_caption, 1024);
    CHECK(curtail::render_telegram_html(payload).find("1.2 GB \xC2\xB7 too large to attach (over 50 MB)") !=
          std::string::npos);
    const RenderOptions local{.attach_limit = curtail::telegram_local_server_upload_bytes};
    CHECK(curtail::render_telegram_html(payload, local).find("1.2 GB \xC2\xB7 small enough to attach\n") !=
          std::string::npos);
    CHECK(curtail::render_telegram_html(payload, {.attach_limit = 0}).find("attach") == std::string::npos);
    CHECK(curtail::can_attach(50'000'000));
    CHECK_FALSE(curtail::can_attach(50'000'001));
}

TEST_CASE("render_telegram: a long path is cut in its middle and keeps the name of the file", "[render]") {
    ResultPayload payload = samples::customers();
    payload.output_file = "/" + std::string(5000, 'd') + "/predictions_job_3f2a9c11d0be.csv";
    const std::string text = telegram::parse_html(curtail::render_telegram_html(payload)).text;
    CHECK(text.find("File on the worker's machine: /ddd") != std::string::npos);
    CHECK(text.find("\xE2\x80\xA6") != std::string::npos);
    CHECK(text.find("d/predictions_job_3f2a9c11d0be.csv") != std::string::npos);
    CHECK(text.find("10 of 1,234,567 rows") != std::string::npos);
}

TEST_CASE("render_telegram: an error of any length is shown with its last line", "[render]") {
    ResultPayload payload = samples::failed();
    payload.error.clear();
    for (int i = 0; i < 2000; ++i) payload.error += "  File \"<stdin>\", line " + std::to_string(i) + "\n";
    payload.error += "ValueError: <the reason>\n";
    for (const std::size_t limit : {4096U, 1024U, 200U, 60U, 20U, 3U}) check_both(payload, {.limit = limit}, limit);
    const std::string text = telegram::parse_html(curtail::render_telegram_html(payload)).text;
    CHECK(text.find("Job failed") == 0);
    CHECK(text.find("\nValueError: <the reason>") != std::string::npos);
    CHECK(telegram::utf16_units(text) > 3000);
    payload.error = std::string(10'000, '\n') + "x" + std::string(10'000, '\n');
    check_both(payload, {}, 4096);
}
