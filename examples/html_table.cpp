// SPDX-License-Identifier: MIT
// An HTML page of a result: reads one message from stdin, prints a table and an SVG histogram. html_page shows more.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/bot.hpp>

// Returns a text from a message as HTML in which nothing is markup or invisible. All such texts go through this.
static std::string shown(std::string_view text) {
    return curtail::escape_html(curtail::safe_text(text, 80));
}

static std::string histogram(const std::string& name, const std::vector<std::uint64_t>& counts) {
    const auto most = static_cast<double>(std::max<std::uint64_t>(1, *std::max_element(counts.begin(), counts.end())));
    std::string svg = "<figure><svg width=\"600\" height=\"200\" role=\"img\">\n";
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double height = 200.0 * static_cast<double>(counts[i]) / most;
        svg += "<rect x=\"" + std::to_string(12 * i) + "\" y=\"" + std::to_string(200 - height) +
               "\" width=\"11\" height=\"" + std::to_string(height) + "\" fill=\"steelblue\"/>\n";
    }
    return svg + "</svg><figcaption>" + shown(name) + "</figcaption></figure>\n";
}

static std::string page(const curtail::ResultPayload& payload) {
    if (payload.rows_shown() == 0) return "<pre>" + curtail::escape_html(curtail::render_text(payload)) + "</pre>\n";
    std::string html = "<p>" + shown(payload.job_id) + ": " + std::to_string(payload.rows_shown()) + " of " +
                       std::to_string(payload.rows) + " rows</p>\n<table>\n<tr>";
    for (const auto& head : payload.row(0)) html += "<th>" + shown(head.column) + "</th>";
    for (std::size_t i = 0; i < payload.rows_shown(); ++i) {
        const bool bare = i >= payload.sample.size() && !payload.sample.empty();
        html += "</tr>\n<tr>" + (bare ? "<td colspan=" + std::to_string(payload.columns.size()) + "></td>" : "");
        for (const auto& [column, cell, prediction] : payload.row(i))
            html += (prediction ? "<td class=\"prediction\">" : "<td>") + shown(cell.text) + "</td>";
    }
    html += "</tr>\n</table>\n";
    for (std::size_t i = 0; i < payload.prediction_stats.size(); ++i) {
        const auto& bins = payload.prediction_stats[i].histogram;
        if (bins && !bins->counts.empty()) html += histogram(payload.prediction_columns[i], bins->counts);
    }
    for (const std::string& note : payload.notes) html += "<p>" + shown(note) + "</p>\n";
    return html;
}

int main() try {
    curtail::ResultReceiver receiver;
    for (std::string block(65536, '\0'); std::cin.read(block.data(), 65536), std::cin.gcount() != 0;)
        receiver.feed({block.data(), static_cast<std::size_t>(std::cin.gcount())});
    std::cout << "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Result</title></head>\n" +
                     ("<body>" + page(receiver.finish()) + "</body></html>\n");
} catch (const std::exception& error) {
    return std::fprintf(stderr, "html_table: %s\n", error.what()), 1;
}
