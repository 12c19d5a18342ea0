// SPDX-License-Identifier: MIT
#pragma once
// The ladder: what of a table a message shows when not everything fits.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/message/json_writer.hpp>
#include <curtail/payload/message/wire_format.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/payload/sample/row_selection.hpp>

namespace curtail::inline v0::detail {

// At most so many cut cells are listed by name; all are counted.
inline constexpr std::size_t max_listed_cuts = 32;

// Chooses what is shown so that the whole message is strictly smaller than `limit`. In this order, each only as far as
// needed: sample cells are cut to the largest common cap that fits, but not below cell_floor_bytes; then there are
// fewer rows, then fewer columns, then fewer class labels and no histograms, then no sample. Sizes are exact: what is
// never shown is never encoded, and what is left out would not have fitted. `limit` must hold at least the payload
// without sample, columns, labels and histograms.
//
// `Meter` counts text as the message spells it. A template, because most files that include this fit nothing and would
// compile it all the same: 0.07 s.
template <class Meter>
class BasicFit {
  public:
    // `whole` is the payload without sample, columns and dtypes, but with all statistics. `dtypes` are parallel to the
    // sample's names. All three must outlive the fit. `rows` says which rows of the table the sample has, unless they
    // are the first: the first of them give way last.
    BasicFit(const ResultPayload& whole, const Sample& sample, const std::vector<std::string>& dtypes, Meter meter,
             std::size_t limit, SelectedRows rows = {})
        : whole_(whole), sample_(sample), dtypes_(dtypes), meter_(meter), limit_(limit), selected_(std::move(rows)) {
        for (const std::string& name : sample.names()) name_sizes_.push_back(meter_.string(name));
        for (std::size_t row = 0; row < sample.rows().size(); ++row) {
            features_.push_back(measured(sample.rows()[row]));
            predictions_.push_back(measured(sample.predictions()[row]));
        }
        all_.rows = features_.size();
        all_.columns = all_.rows == 0 ? name_sizes_.size() : features_.front().size();
        for (const PredictionStats& stats : whole.prediction_stats) {
            all_.labels = (std::max)(all_.labels, stats.class_distribution.size());
        }
    }

    [[nodiscard]] ResultPayload choose() const {
        if (rows_of_width(all_.columns) == all_.rows && fits(all_)) return build(all_);
        Shown shown = all_;
        // From what gives way last to what gives way first; each takes as much as the least of all after it allows.
        shown.rows = (std::min)(all_.rows, std::size_t{1});
        shown.columns = (std::min)(all_.columns, std::size_t{1});
        shown.labels = 0;
        shown.histograms = false;
        shown.listed = 0;
        shown.cap = cell_floor_bytes;
        bool sampled = could_fit(shown);
        if (!sampled && !whole_.prediction_columns.empty()) {
            shown.columns = 0;  // a prediction alone is a sample, too
            sampled = could_fit(shown);
        }
        if (!sampled) shown.rows = shown.columns = 0;
        shown.histograms = true;
        shown.histograms = could_fit(shown);
        const auto take_most = [&](std::size_t Shown::*part, std::size_t most) {
            shown.*part = largest(shown, part, 0, most);
        };
        take_most(&Shown::labels, all_.labels);
        take_most(&Shown::columns, all_.columns);
        if (sampled) take_most(&Shown::rows, rows_of_width(shown.columns));
        take_most(&Shown::listed, max_listed_cuts);
        shown.cap = largest(shown, &Shown::cap, cell_floor_bytes, limit_);
        raise_cap(shown);
        return build(shown);
    }

    // The exact size of the message that carries `payload`.
    [[nodiscard]] static std::size_t message_size(const ResultPayload& payload, const Meter& meter) {
        JsonSizeWriter counted(meter);
        write_result(counted, payload);
        return counted.size();
    }

  private:
    // How much of each kind is shown.
    struct Shown {
        std::size_t rows = 0;
        std::size_t columns = 0;
        std::size_t labels = 0;
        bool histograms = true;
        std::size_t listed = max_listed_cuts;
        std::size_t cap = (std::numeric_limits<std::size_t>::max)();
    };

    // A kept cell and the size of its text in the message, uncut and without quotes.
    struct MeasuredCell {
        const KeptCell* cell;
        std::size_t content;
    };

    static constexpr std::string_view mark = "\xE2\x80\xA6";  // U+2026

    [[nodiscard]] std::vector<MeasuredCell> measured(const std::vector<KeptCell>& cells) const {
        std::vector<MeasuredCell> out;
        out.reserve(cells.size());
        for (const KeptCell& cell : cells) {
            const bool text = cell.kind == SampleCell::Kind::text;
            out.push_back({&cell, text ? meter_.content(cell.text) : cell.text.size()});
        }
        return out;
    }

    [[nodiscard]] bool fits(const Shown& shown) const { return measure(shown) < limit_; }

    // Whether it fits with cells at the floor, or uncut: to cut a single cell by a byte is to say so in ten.
    [[nodiscard]] bool could_fit(Shown shown) const {
        if (fits(shown)) return true;
        shown.cap = limit_;
        return fits(shown);
    }

    // The most of one part, from `low` (which fits) up to `most`, that fits with the rest as it is, found by halving:
    // sizes grow with each part.
    [[nodiscard]] std::size_t largest(Shown shown, std::size_t Shown::*part, std::size_t low, std::size_t most) const {
        const bool final = part == &Shown::cap || part == &Shown::listed;
        const auto fits_with = [&](std::size_t much) {
            shown.*part = much;
            return final ? fits(shown) : could_fit(shown);
        };
        if (fits_with(most)) return most;
        for (std::size_t high = most; high - low > 1;) {
            const std::size_t middle = low + (high - low) / 2;
            (fits_with(middle) ? low : high) = middle;
        }
        return low;
    }

    // Where a cell becomes whole, it is no longer listed as cut, and the message can be shorter than under a lower cap.
    // So the caps at which that happens are tried, until what the others gain is more than all of the list.
    void raise_cap(Shown& shown) const {
        std::vector<std::size_t> contents;
        const auto collect = [&](const MeasuredCell& cell) {
            if (cell.cell->whole && is_cut(cell, shown.cap)) contents.push_back(cell.content);
        };
        for (std::size_t row = 0; row < shown.rows; ++row) {
            for (std::size_t column = 0; column < shown.columns; ++column) collect(features_[row][column]);
            for (const MeasuredCell& cell : predictions_[row]) collect(cell);
        }
        std::sort(contents.begin(), contents.end());
        const std::size_t list = limit_ / 64 * 7 + max_listed_cuts * 80;
        for (std::size_t i = 0; i < contents.size(); ++i) {
            if (contents[i] <= shown.cap) continue;
            if ((contents[i] - shown.cap) > 10 + list / (contents.size() - i)) return;
            Shown raised = shown;
            raised.cap = contents[i];
            if (!fits(raised)) continue;
            const auto next = std::upper_bound(contents.begin(), contents.end(), contents[i]);
            shown.cap = largest(raised, &Shown::cap, contents[i], next == contents.end() ? limit_ : *next - 1);
        }
    }

    // How many rows the sample has that wide.
    [[nodiscard]] std::size_t rows_of_width(std::size_t columns) const noexcept {
        std::size_t rows = features_.size();
        while (rows > 0 && features_[rows - 1].size() < columns) --rows;
        return rows;
    }

    [[nodiscard]] static bool is_cut(const MeasuredCell& measured, std::size_t cap) noexcept {
        return measured.cell->cuttable() && (!measured.cell->whole || measured.content > cap);
    }

    [[nodiscard]] auto clip(const MeasuredCell& measured, std::size_t cap) const noexcept {
        return meter_.prefix(measured.cell->text, cap - mark.size());
    }

    [[nodiscard]] std::size_t cell_size(const MeasuredCell& measured, std::size_t cap) const noexcept {
        if (measured.cell->kind != SampleCell::Kind::text) return measured.content;
        const std::size_t content = is_cut(measured, cap) ? clip(measured, cap).size + mark.size() : measured.content;
        return content + meter_.string({});
    }

    // The exact size of the message. Once over the limit it may stop counting.
    [[nodiscard]] std::size_t measure(const Shown& shown) const {
        std::size_t size = message_size(describe(shown), meter_);
        const auto separated = [](std::size_t count) { return count == 0 ? 0 : count - 1; };
        size += 2 * separated(shown.columns) + 2 * separated(shown.rows);
        for (std::size_t column = 0; column < shown.columns; ++column) {
            size += name_sizes_[column] + meter_.string(dtypes_[column]);
        }
        for (std::size_t row = 0; row < shown.rows && size < limit_; ++row) {
            const std::size_t brackets = predictions_[row].size() == 1 ? 0 : 2;
            size += 2 + separated(shown.columns) + brackets + separated(predictions_[row].size());
            for (const MeasuredCell& cell : predictions_[row]) size += cell_size(cell, shown.cap);
            for (std::size_t column = 0; column < shown.columns && size < limit_; ++column) {
                size += name_sizes_[column] + 1 + cell_size(features_[row][column], shown.cap);
            }
        }
        return size;
    }

    // Everything but sample, columns and dtypes.
    [[nodiscard]] ResultPayload describe(const Shown& shown) const {
        ResultPayload payload = whole_;
        bool stats_cut = false;
        for (PredictionStats& stats : payload.prediction_stats) {
            while (stats.class_distribution.size() > shown.labels) {
                stats.other_count += stats.class_distribution.back().count;
                stats.class_distribution.pop_back();
                stats_cut = true;
            }
            if (!shown.histograms && stats.histogram) {
                stats.histogram.reset();
                stats_cut = true;
            }
        }
        std::size_t name_room = limit_ / 64;
        const std::vector<std::size_t> order = order_of(shown.rows);
        for (std::size_t at = 0; at < order.size(); ++at) {
            const std::size_t row = order[at];
            if (!selected_.numbers.empty()) payload.sample_row_numbers.push_back(selected_.numbers[row]);
            const auto count_cut = [&](const MeasuredCell& cell, const std::string& name) {
                if (!is_cut(cell, shown.cap)) return;
                ++payload.cells_truncated_total;
                if (payload.cells_truncated.size() >= shown.listed || name.size() > name_room) return;
                name_room -= name.size();
                payload.cells_truncated.push_back({at, name, cell.cell->bytes});
            };
            for (std::size_t column = 0; column < shown.columns; ++column) {
                count_cut(features_[row][column], sample_.names()[column]);
            }
            for (std::size_t i = 0; i < predictions_[row].size(); ++i) {
                count_cut(predictions_[row][i], whole_.prediction_columns[i]);
            }
        }
        if (shown.rows < whole_.rows) payload.truncation.emplace_back("rows");
        if (payload.cells_truncated_total > 0) payload.truncation.emplace_back("cells");
        if (shown.columns < whole_.columns_total) payload.truncation.emplace_back("columns");
        if (stats_cut) payload.truncation.emplace_back("stats");
        payload.truncated = !payload.truncation.empty();
        return payload;
    }

    // The first `rows` rows of the sample in the order in which they are shown.
    [[nodiscard]] std::vector<std::size_t> order_of(std::size_t rows) const {
        std::vector<std::size_t> order(rows);
        for (std::size_t row = 0; row < rows; ++row) order[row] = row;
        if (selected_.in_table_order && !selected_.numbers.empty()) {
            std::sort(order.begin(), order.end(),
                      [&](std::size_t a, std::size_t b) { return selected_.numbers[a] < selected_.numbers[b]; });
        }
        return order;
    }

    [[nodiscard]] ResultPayload build(const Shown& shown) const {
        ResultPayload payload = describe(shown);
        const auto count = static_cast<std::ptrdiff_t>(shown.columns);
        payload.columns.assign(sample_.names().begin(), sample_.names().begin() + count);
        payload.dtypes.assign(dtypes_.begin(), dtypes_.begin() + count);
        for (const std::size_t row : order_of(shown.rows)) {
            payload.sample.push_back(shown_cells(features_[row], shown.columns, shown.cap));
            payload.predictions_sample.push_back(shown_cells(predictions_[row], predictions_[row].size(), shown.cap));
        }
        return payload;
    }

    [[nodiscard]] SampleRow shown_cells(const std::vector<MeasuredCell>& cells, std::size_t count,
                                        std::size_t cap) const {
        SampleRow row;
        row.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const KeptCell& kept = *cells[i].cell;
            SampleCell cell{kept.kind, std::string(kept.text), 0};
            if (kept.kind == SampleCell::Kind::null) cell.text.clear();
            if (is_cut(cells[i], cap)) {
                cell.text = std::string(clip(cells[i], cap).text) + std::string(mark);
                cell.cut_from_bytes = kept.bytes;
            }
            row.push_back(std::move(cell));
        }
        return row;
    }

    const ResultPayload& whole_;
    const Sample& sample_;
    const std::vector<std::string>& dtypes_;
    Meter meter_;
    std::size_t limit_;
    SelectedRows selected_;
    std::vector<std::size_t> name_sizes_;
    std::vector<std::vector<MeasuredCell>> features_;
    std::vector<std::vector<MeasuredCell>> predictions_;
    Shown all_;
};

using Fit = BasicFit<JsonMeter>;

}  // namespace curtail::inline v0::detail
