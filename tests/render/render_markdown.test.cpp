// SPDX-License-Identifier: MIT
#include <curtail/render/render.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/utf8.hpp>

#include "catch.hpp"
#include "render/commonmark.hpp"
#include "render/golden.hpp"
#include "render/sample_payloads.hpp"

using curtail::ResultPayload;

namespace {

// Returns the lines that are not blank, without the spaces at their ends, which CommonMark drops.
std::string lines_with_text(std::string_view text) {
    std::string out;
    while (true) {
        const std::size_t end = (std::min)(text.find('\n'), text.size());
        std::string line(text.substr(0, end));
        line.resize(line.find_last_not_of(' ') + 1);
        if (!line.empty()) out += line + "\n";
        if (end == text.size()) return out;
        text.remove_prefix(end + 1);
    }
}

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("render_markdown: writes the golden text", "[render]") {
    CHECK(golden::matches("render_markdown.txt", golden::joined([](const ResultPayload& payload) {
                              return curtail::render_markdown(payload);
                          })));
}

TEST_CASE("render_markdown: a CommonMark implementation shows what the plain text shows", "[render]") {
    for (const std::string& program : commonmark::programs) {
        if (!commonmark::installed(program)) {
            WARN("skipped, not installed: " << program);
            continue;
        }
        for (const auto& alphabet : samples::alphabets) {
            for (std::size_t shift = 0; shift < alphabet.size(); shift += 3) {
                ResultPayload payload = samples::made_of(alphabet, 8, 5);
                const auto& word = [&](std::size_t i) { return alphabet[(shift + i) % alphabet.size()]; };
                payload.job_id = word(0);
                payload.output_file = "/" + word(1) + "/" + word(2);
                payload.output_format = word(2);
                payload.prediction_columns = {word(0) + word(1)};
                payload.prediction_stats[0].class_distribution = {{word(0), 1, 50}, {word(1), 1, 50}};
                payload.notes = {word(0) + " " + word(1), word(2)};
                payload.truncation = {"rows", word(0)};
                payload.output_parts = {{word(1), 1, 1, {}, word(0)}, {word(2), 1, 1, {}, word(2)}};
                payload.output_parts_total = 5;
                payload.parts_missing = {1, 2};
                payload.parts_missing_total = 2;
                const commonmark::Shown shown =
                    commonmark::shown(commonmark::parse(program, curtail::render_markdown(payload)));
                CHECK(shown.error.empty());
                CHECK(lines_with_text(shown.text) == lines_with_text(curtail::render_text(payload)));

                ResultPayload failure = samples::failed();
                failure.error = word(0) + "\n" + word(1) + "\n    " + word(2);
                const auto failed = commonmark::shown(commonmark::parse(program, curtail::render_markdown(failure)));
                CHECK(failed.error.empty());
                CHECK(lines_with_text(failed.text) == lines_with_text(curtail::render_text(failure)));

                ResultPayload progress = samples::saving();
                progress.progress.status = word(0);
                progress.progress.message = word(1);
                const auto running = commonmark::shown(commonmark::parse(program, curtail::render_markdown(progress)));
                CHECK(running.error.empty());
                CHECK(running.text.find("Job running") == 0);
            }
        }
    }
}

TEST_CASE("render_markdown: the limit counts the Markdown itself", "[render]") {
    for (const auto& alphabet : samples::alphabets) {
        const ResultPayload payload = samples::made_of(alphabet, 10, 8);
        for (std::size_t limit = 0; limit < 2500; limit += limit < 4 ? 1 : 251) {
            const std::string text = curtail::render_markdown(payload, {.limit = limit});
            CHECK(code_points(text) <= limit);
            CHECK(curtail::is_utf8(text));
            CHECK(curtail::render_markdown(payload, {.limit = limit, .unit = curtail::LimitUnit::bytes}).size() <=
                  limit);
        }
    }
}
