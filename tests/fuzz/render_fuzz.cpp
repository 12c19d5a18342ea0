// SPDX-License-Identifier: MIT
// Renders any payload within any limit: every rendering keeps its limits, is UTF-8 without control characters and
// with balanced isolates, and its markup is sound.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/render/render.hpp>

#include "../render/slack_parser.hpp"
#include "../render/telegram_parser.hpp"
#include "input.hpp"

namespace {

class PayloadInput : public Input {
  public:
    using Input::Input;

    std::uint64_t count() {
        std::uint64_t value = byte();
        for (int i = byte() % 8; i > 0; --i) value = value << 8U | byte();
        return value;
    }

    double real() {
        const std::uint64_t bits = count() << (byte() % 64);
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }

    std::string text() {
        std::size_t size = byte();
        if (size > 250) size *= 40;
        std::string value(bytes(size));
        for (int times = byte() % 16 == 15 ? 6 : 0; times > 0; --times) value += value;
        return value.substr(0, 100'000);
    }
};

curtail::SampleRow row_of(PayloadInput& in) {
    curtail::SampleRow row;
    for (int cells = in.byte() % 24; cells > 0; --cells) {
        row.push_back({static_cast<curtail::SampleCell::Kind>(in.byte() % 6), in.text(), in.byte()});
    }
    return row;
}

curtail::PredictionStats stats_of(PayloadInput& in) {
    curtail::PredictionStats stats;
    stats.n_rows = in.count();
    stats.n_null = in.count();
    const std::uint8_t which = in.byte();
    if ((which & 1U) != 0) stats.mean = in.real();
    if ((which & 2U) != 0) stats.std = in.real();
    if ((which & 4U) != 0) stats.min = stats.max = in.real();
    if ((which & 8U) != 0) stats.median = in.real();
    if ((which & 16U) != 0) stats.median_rank_error = in.real();
    if ((which & 32U) != 0) {
        stats.histogram = curtail::Histogram{in.real(), in.real(), {}};
        for (int bins = in.byte(); bins > 0; --bins) stats.histogram->counts.push_back(in.count());
    }
    for (int classes = in.byte() % 12; classes > 0; --classes)
        stats.class_distribution.push_back({in.text(), in.count(), in.real()});
    stats.classes_total = in.count();
    stats.other_count = in.count();
    stats.class_counts_are_lower_bounds = in.byte() % 2 == 1;
    return stats;
}

curtail::ResultPayload payload_of(PayloadInput& in) {
    curtail::ResultPayload payload;
    payload.form = static_cast<curtail::ResultPayload::Form>(in.byte() % 6);
    payload.job_id = in.text();
    payload.output_file = in.text();
    payload.output_format = in.text();
    if (in.byte() % 2 == 0) payload.output_bytes = in.count();
    payload.output_sha256 = in.text();
    payload.error = in.text();
    payload.type = in.text();
    payload.progress = {in.text(), in.real(), in.text()};
    payload.rows = in.count();
    payload.columns_total = in.count();
    payload.predictions_count = in.count();
    payload.truncated = in.byte() % 2 == 0;
    for (int i = in.byte() % 24; i > 0; --i) payload.columns.push_back(in.text());
    for (int i = in.byte() % 4; i > 0; --i) payload.prediction_columns.push_back(in.text());
    for (int i = in.byte() % 3; i > 0; --i) payload.prediction_stats.push_back(stats_of(in));
    for (int i = in.byte() % 18; i > 0; --i) payload.sample.push_back(row_of(in));
    for (int i = in.byte() % 18; i > 0; --i) payload.predictions_sample.push_back(row_of(in));
    for (int i = in.byte() % 4; i > 0; --i) payload.truncation.push_back(in.text());
    for (int i = in.byte() % 4; i > 0; --i) payload.cells_truncated.push_back({in.byte(), in.text(), in.count()});
    for (int i = in.byte() % 8; i > 0; --i) payload.notes.push_back(in.text());
    if (in.byte() % 2 == 1) payload.output_uncompressed_bytes = in.count();
    if (in.byte() % 2 == 1) payload.output_attachable = in.byte() % 2 == 1;
    if (in.byte() % 2 == 1) payload.output_parts_total = in.count();
    for (int i = in.byte() % 8; i > 0; --i) {
        payload.output_parts.push_back({in.text(), in.count(), in.count(), in.text(), in.text()});
    }
    for (int i = in.byte() % 40; i > 0; --i) payload.parts_missing.push_back(in.count());
    payload.parts_missing_total = in.count();
    payload.sample_strategy = in.byte() % 2 == 1 ? "page" : in.text();
    const std::uint64_t first = in.count();
    for (std::uint64_t i = in.byte() % 18; i > 0; --i)
        payload.sample_row_numbers.push_back(first + i * (in.byte() % 2));
    return payload;
}

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

// No control character is there, and isolates are those that curtail puts around a line and its parts.
void check_characters(std::string_view text) {
    require(curtail::is_utf8(text));
    int depth = 0;
    while (!text.empty()) {
        const curtail::Utf8Step step = curtail::decode_utf8(text);
        const std::uint32_t c = step.code_point;
        require(c == '\n' || (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0)));
        require(!(c >= 0x202A && c <= 0x202E) && c != 0x2067 && c != 0x200E && c != 0x200F && c != 0x61C);
        depth += c == 0x2066 || c == 0x2068 ? 1 : c == 0x2069 ? -1 : 0;
        require(depth >= 0 && depth <= 2 && (c != '\n' || depth == 0));
        text.remove_prefix(step.size);
    }
    require(depth == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    PayloadInput in(data, size);
    curtail::RenderOptions options;
    options.max_width = in.byte();
    options.max_rows = in.byte() % 20;
    const std::size_t small_limit = in.byte() * std::size_t{4};
    const curtail::ResultPayload payload = payload_of(in);
    for (const std::size_t limit : {small_limit, std::size_t{1024}, std::size_t{4096}}) {
        options.limit = limit;
        const std::string html = curtail::render_telegram_html(payload, options);
        const std::string markdown_v2 = curtail::render_telegram_markdown_v2(payload, options);
        const std::string markdown = curtail::render_markdown(payload, options);
        const std::string text = curtail::render_text(payload, options);
        const std::string mrkdwn = curtail::render_slack(payload, options);
        for (const std::string& any : {html, markdown_v2, markdown, text, mrkdwn}) check_characters(any);
        const telegram::Parsed from_html = telegram::parse_html(html);
        const telegram::Parsed from_markdown = telegram::parse_markdown_v2(markdown_v2);
        require(from_html.error.empty() && telegram::utf16_units(from_html.text) <= limit && html.size() <= 32'768);
        require(from_markdown.error.empty() && telegram::utf16_units(from_markdown.text) <= limit &&
                markdown_v2.size() <= 32'768);
        require(code_points(markdown) <= limit);
        require(code_points(text) <= limit);
        require(code_points(mrkdwn) <= limit && slack::shown(mrkdwn).error.empty());
    }
    return 0;
}
