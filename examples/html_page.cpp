// SPDX-License-Identifier: MIT
// A bot's own picture of a result: reads one message from stdin, prints an HTML page with a table and an SVG histogram.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/bot.hpp>

namespace {

using Form = curtail::ResultPayload::Form;

// Returns a text from a message as HTML in which nothing is markup or invisible. All such texts go through this.
std::string shown(std::string_view text) {
    return curtail::escape_html(curtail::safe_text(text, 80));
}

std::string histogram(const std::string& name, const curtail::Histogram& bins) {
    std::uint64_t most = 1;
    for (const std::uint64_t count : bins.counts) most = (std::max)(most, count);
    std::string svg = "<figure><svg viewBox=\"0 0 600 200\" width=\"600\" height=\"200\" role=\"img\">\n";
    const double width = 600.0 / static_cast<double>((std::max)(bins.counts.size(), std::size_t{1}));
    for (std::size_t i = 0; i < bins.counts.size(); ++i) {
        const double height = 200.0 * static_cast<double>(bins.counts[i]) / static_cast<double>(most);
        char bar[200];
        std::snprintf(bar, sizeof bar,
                      "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"steelblue\"/>\n",
                      width * static_cast<double>(i), 200 - height, width * 0.9, height);
        svg += bar;
    }
    char ends[80];
    std::snprintf(ends, sizeof ends, " from %g to %g", bins.low, bins.high);
    return svg + "</svg><figcaption>" + shown(name) + ends + "</figcaption></figure>\n";
}

std::string table(const curtail::ResultPayload& payload) {
    std::string html = "<table>\n<tr>";
    for (const auto& [column, cell, prediction] : payload.row(0)) html += "<th>" + shown(column) + "</th>";
    for (std::size_t i = 0; i < payload.rows_shown(); ++i) {
        html += "</tr>\n<tr>";
        if (i >= payload.sample.size() && !payload.sample.empty())  // a prediction without its row
            html += "<td colspan=\"" + std::to_string(payload.columns.size()) + "\"></td>";
        for (const auto& [column, cell, prediction] : payload.row(i)) {
            html += (prediction ? "<td class=\"prediction\">" : "<td>") + shown(cell.text) + "</td>";
        }
    }
    return html + "</tr>\n</table>\n";
}

std::string page(const curtail::ResultPayload& payload) {
    std::string html = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
                       shown(payload.job_id) + "</title></head><body>\n";
    if (payload.form == Form::failure || payload.form == Form::progress || payload.form == Form::other) {
        return html + "<pre>" + curtail::escape_html(curtail::render_text(payload)) + "</pre>\n</body></html>\n";
    }
    html += "<p>" + std::to_string(payload.rows_shown()) + " of " + std::to_string(payload.rows) + " rows</p>\n" +
            table(payload);
    for (std::size_t i = 0; i < payload.prediction_stats.size(); ++i) {
        const curtail::PredictionStats& stats = payload.prediction_stats[i];
        if (stats.histogram) html += histogram(payload.prediction_columns[i], *stats.histogram);
    }
    for (const std::string& note : payload.notes) html += "<p>" + shown(note) + "</p>\n";
    return html + "</body></html>\n";
}

}  // namespace

int main() try {
    curtail::ResultReceiver receiver;
    std::vector<char> block(64 * 1024);
    while (const std::size_t size = std::fread(block.data(), 1, block.size(), stdin))
        receiver.feed({block.data(), size});
    return std::fputs(page(receiver.finish()).c_str(), stdout) < 0 ? 1 : 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "html_page: %s\n", error.what());
    return 1;
}
