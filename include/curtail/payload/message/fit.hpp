// SPDX-License-Identifier: MIT
#pragma once
// Chooses what of a table a message shows when not everything fits.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/message/json_writer.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/message/measured_cell.hpp>
#include <curtail/payload/message/wire_format.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/payload/sample/row_selection.hpp>

namespace curtail::inline v0::detail {

// At most this many cut cells are listed by name; all are counted.
inline constexpr std::size_t max_listed_cuts = 32;

// Chooses what is shown so that the whole message is strictly smaller than `limit`. Steps are taken in this order, each
// only as far as needed: the list of parts is cut to a sixteenth of the message; sample cells are cut to the largest
// common cap that fits, but not below cell_floor_bytes; then the lists of cut cells and of parts go, then rows are left
// out, then columns, then class labels and histograms, then the sample. Sizes are exact: what is never shown is never
// encoded, and what is left out would not have fitted. `limit` must hold at least the payload without sample, columns,
// labels, histograms and parts.
class Fit {
  public:
    // `whole` is the payload without sample, columns and dtypes, but with all statistics and all parts. `dtypes` are
    // parallel to the sample's names; both must outlive the fit. `rows` says which rows of the table the sample has,
    // unless they are the first ones.
    Fit(ResultPayload whole, const FirstRows& sample, const std::vector<std::string>& dtypes, JsonMeter meter,
        std::size_t limit, SelectedRows rows = {})
        : whole_(std::move(whole)),
          parts_(whole_.output_parts.size()),
          sample_(sample),
          dtypes_(dtypes),
          meter_(meter),
          cells_(meter),
          limit_(limit),
          selected_(std::move(rows)) {
        bound_lists();
        for (const std::string& name : sample.names()) name_sizes_.push_back(meter_.string(name));
        for (std::size_t row = 0; row < sample.rows().size(); ++row) {
            features_.push_back(cells_.measured(sample.rows()[row]));
            predictions_.push_back(cells_.measured(sample.predictions()[row]));
        }
        all_.rows = features_.size();
        all_.parts = whole_.output_parts.size();
        all_.columns = all_.rows == 0 ? name_sizes_.size() : features_.front().size();
        for (const PredictionStats& stats : whole_.prediction_stats) {
            all_.labels = (std::max)(all_.labels, stats.class_distribution.size());
        }
    }

    [[nodiscard]] ResultPayload choose() const {
        if (rows_with(all_.columns) == all_.rows && fits(all_)) return build(all_);
        Shown shown = smallest();
        const bool sampled = shown.rows > 0;
        shown.histograms = true;
        shown.histograms = could_fit(shown);
        // The parts grow in order of importance. Each takes as much as fits while all later parts are minimal.
        const auto fits_now = [&] { return fits(shown); };
        const auto could_fit_now = [&] { return could_fit(shown); };
        grow(shown.labels, 0, all_.labels, could_fit_now);
        grow(shown.columns, 0, all_.columns, could_fit_now);
        if (sampled) grow(shown.rows, 0, rows_with(shown.columns), could_fit_now);
        grow(shown.parts, 0, parts_before_cells(), could_fit_now);
        grow(shown.listed, 0, max_listed_cuts, fits_now);
        grow(shown.cap, cell_floor_bytes, limit_, fits_now);
        raise_cap(shown);
        grow(shown.parts, shown.parts, all_.parts, fits_now);
        return build(shown);
    }

  private:
    // How much of each part is shown.
    struct Shown {
        std::size_t rows = 0;
        std::size_t columns = 0;
        std::size_t labels = 0;  // per prediction column
        std::size_t parts = 0;
        bool histograms = true;
        std::size_t listed = max_listed_cuts;                         // cut cells that are listed by name
        std::size_t cap = (std::numeric_limits<std::size_t>::max)();  // bytes of a text cell in the message
    };

    // Returns the least that is shown: one row of one column, or its predictions alone, or no sample.
    [[nodiscard]] Shown smallest() const {
        Shown shown;
        shown.rows = (std::min)(all_.rows, std::size_t{1});
        shown.columns = (std::min)(all_.columns, std::size_t{1});
        shown.histograms = false;
        shown.listed = 0;
        shown.cap = cell_floor_bytes;
        if (could_fit(shown)) return shown;
        shown.columns = 0;
        if (!has_predictions() || !could_fit(shown)) shown.rows = 0;
        return shown;
    }

    // Lists no more parts than a reader takes.
    void bound_lists() {
        whole_.output_parts.resize((std::min)(parts_, max_listed_parts));
        std::vector<std::uint64_t>& missing = whole_.parts_missing;
        whole_.parts_missing_total = (std::max)(whole_.parts_missing_total, std::uint64_t{missing.size()});
        missing.resize((std::min)(missing.size(), max_listed_missing));
    }

    // Returns how many parts take at most a sixteenth of the message. Listing these matters more than uncut texts.
    [[nodiscard]] std::size_t parts_before_cells() const {
        std::size_t count = 0;
        JsonSizeWriter counted(meter_);
        for (; count < all_.parts; ++count) {
            write_part(counted, whole_.output_parts[count]);
            if (counted.size() > limit_ / 16) break;
        }
        return count;
    }

    [[nodiscard]] bool has_predictions() const noexcept { return !whole_.prediction_columns.empty(); }

    // Sets `part` to the largest number from `min` to `max` for which `fits` is true. It is true for `min`, and sizes
    // grow with each part.
    template <class Fits>
    static void grow(std::size_t& part, std::size_t min, std::size_t max, Fits fits) {
        part = max;
        if (fits()) return;
        while (max - min > 1) {
            part = min + (max - min) / 2;
            (fits() ? min : max) = part;
        }
        part = min;
    }

    [[nodiscard]] bool fits(const Shown& shown) const { return measure(shown) < limit_; }

    // Returns true if it fits with minimal cells, or with no cell cut: listing a cut takes more bytes than a small cut
    // saves.
    [[nodiscard]] bool could_fit(Shown shown) const {
        if (fits(shown)) return true;
        shown.cap = limit_;
        return fits(shown);
    }

    // Raises the cap beyond what grow() found. At a cap where a cut cell becomes whole, the cell is no longer listed as
    // cut, so the message can be shorter than at a lower cap. Tries each such cap, until the cells that are still cut
    // grow by more than all of the list takes.
    void raise_cap(Shown& shown) const {
        const std::vector<std::size_t> lengths = lengths_of_cut_cells(shown);
        for (std::size_t i = 0; i < lengths.size(); ++i) {
            if (lengths[i] <= shown.cap) continue;
            const std::size_t rise = lengths[i] - shown.cap;
            if (rise > max_cut_shortfall + max_list_bytes() / (lengths.size() - i)) return;
            Shown raised = shown;
            raised.cap = lengths[i];
            if (!fits(raised)) continue;
            const auto next = std::upper_bound(lengths.begin(), lengths.end(), lengths[i]);
            const std::size_t max_cap = next == lengths.end() ? limit_ : *next - 1;
            grow(raised.cap, lengths[i], max_cap, [&] { return fits(raised); });
            shown = raised;
        }
    }

    // Returns the sizes that the cut cells would have if they were whole, the smallest first, as far as they are known.
    [[nodiscard]] std::vector<std::size_t> lengths_of_cut_cells(const Shown& shown) const {
        std::vector<std::size_t> lengths;
        const auto collect = [&](const MeasuredCell& cell) {
            if (cell.cell->whole && cell.cut_at(shown.cap)) lengths.push_back(cell.content);
        };
        for (std::size_t row = 0; row < shown.rows; ++row) {
            for (std::size_t column = 0; column < shown.columns; ++column) collect(features_[row][column]);
            for (const MeasuredCell& cell : predictions_[row]) collect(cell);
        }
        std::sort(lengths.begin(), lengths.end());
        return lengths;
    }

    // The names in the list of cut cells take at most this many bytes before they are escaped.
    [[nodiscard]] std::size_t max_listed_name_bytes() const noexcept { return limit_ / 64; }

    // Returns the most that the list of cut cells can take in the message. A byte of a name takes up to 7 bytes: a
    // control character in a JSON string inside another. The rest of an entry,
    // {"row":…,"column":"","bytes":…,"prediction":true}, takes up to 100.
    [[nodiscard]] std::size_t max_list_bytes() const noexcept {
        return max_listed_name_bytes() * 7 + max_listed_cuts * 100;
    }

    // Returns how many rows of the sample have that many columns.
    [[nodiscard]] std::size_t rows_with(std::size_t columns) const noexcept {
        std::size_t rows = features_.size();
        while (rows > 0 && features_[rows - 1].size() < columns) --rows;
        return rows;
    }

    // Returns the exact size of the message. Once that is over the limit, it may stop counting.
    [[nodiscard]] std::size_t measure(const Shown& shown) const {
        std::size_t size = message_size(describe(shown), meter_);
        const auto commas = [](std::size_t count) { return count == 0 ? 0 : count - 1; };
        // Two lists of columns (names, types) and two of rows (sample, predictions); without a prediction column the
        // last is empty.
        size += 2 * commas(shown.columns) + (has_predictions() ? 2U : 1U) * commas(shown.rows);
        for (std::size_t column = 0; column < shown.columns; ++column) {
            size += name_sizes_[column] + meter_.string(dtypes_[column]);
        }
        for (std::size_t row = 0; row < shown.rows && size < limit_; ++row) {
            const std::size_t brackets = predictions_[row].size() > 1 ? 2 : 0;
            size += 2 + commas(shown.columns) + brackets + commas(predictions_[row].size());
            for (const MeasuredCell& cell : predictions_[row]) size += cells_.size(cell, shown.cap);
            for (std::size_t column = 0; column < shown.columns && size < limit_; ++column) {
                size += name_sizes_[column] + 1 + cells_.size(features_[row][column], shown.cap);
            }
        }
        return size;
    }

    // Returns the payload without sample, columns and dtypes.
    [[nodiscard]] ResultPayload describe(const Shown& shown) const {
        ResultPayload payload = whole_;
        payload.output_parts.resize(shown.parts);
        const bool stats_cut = cut_stats(payload.prediction_stats, shown);
        const bool replaced = list_cuts(payload, shown) || sample_.first_replaced() < shown.columns;
        const std::vector<std::string>& notes = payload.notes;
        const bool noted = std::find(notes.begin(), notes.end(), note_replaced) != notes.end();
        if (replaced && !noted) payload.notes.emplace_back(note_replaced);
        if (sample_.first_renamed() < shown.columns) payload.notes.emplace_back(note_renamed);
        const auto say = [&](bool cut, std::string_view what) {
            if (cut) payload.truncation.emplace_back(what);
        };
        say(shown.rows < whole_.rows, truncation_rows);
        say(payload.cells_truncated_total > 0, truncation_cells);
        say(shown.columns < whole_.columns_total, truncation_columns);
        say(stats_cut, truncation_stats);
        say(shown.parts < parts_ || whole_.parts_missing_total > 0, truncation_parts);
        payload.truncated = !payload.truncation.empty();
        return payload;
    }

    // Returns true if anything was left out.
    static bool cut_stats(std::vector<PredictionStats>& all_stats, const Shown& shown) {
        bool cut = false;
        for (PredictionStats& stats : all_stats) {
            while (stats.class_distribution.size() > shown.labels) {
                stats.other_count += stats.class_distribution.back().count;
                stats.class_distribution.pop_back();
                cut = true;
            }
            if (!shown.histograms && stats.histogram) {
                stats.histogram.reset();
                cut = true;
            }
        }
        return cut;
    }

    // Numbers the rows, lists and counts the cut cells, and returns true if any cell shows a replaced byte.
    bool list_cuts(ResultPayload& payload, const Shown& shown) const {
        bool replaced = false;
        std::size_t name_bytes_left = max_listed_name_bytes();
        const std::vector<std::size_t> order = display_order(shown.rows);
        for (std::size_t position = 0; position < order.size(); ++position) {
            const std::size_t row = order[position];
            if (!selected_.numbers.empty()) payload.sample_row_numbers.push_back(selected_.numbers[row]);
            const auto count_cut = [&](const MeasuredCell& cell, const std::string& name, bool prediction) {
                replaced = replaced || cells_.shows_replaced(cell, shown.cap);
                if (!cell.cut_at(shown.cap)) return;
                ++payload.cells_truncated_total;
                if (payload.cells_truncated.size() >= shown.listed || name.size() > name_bytes_left) return;
                name_bytes_left -= name.size();
                payload.cells_truncated.push_back({position, name, cell.cell->bytes, prediction});
            };
            for (std::size_t column = 0; column < shown.columns; ++column) {
                count_cut(features_[row][column], sample_.names()[column], false);
            }
            for (std::size_t i = 0; i < predictions_[row].size(); ++i) {
                count_cut(predictions_[row][i], whole_.prediction_columns[i], true);
            }
        }
        return replaced;
    }

    // Returns the first `rows` rows of the sample in the order in which they are shown.
    [[nodiscard]] std::vector<std::size_t> display_order(std::size_t rows) const {
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
        for (const std::size_t row : display_order(shown.rows)) {
            payload.sample.push_back(cells_.shown(features_[row], shown.columns, shown.cap));
            if (!has_predictions()) continue;
            payload.predictions_sample.push_back(cells_.shown(predictions_[row], predictions_[row].size(), shown.cap));
        }
        return payload;
    }

    ResultPayload whole_;  // lists no more parts than a message can
    std::size_t parts_;    // that could be listed
    const FirstRows& sample_;
    const std::vector<std::string>& dtypes_;
    JsonMeter meter_;
    CellMeter cells_;
    std::size_t limit_;
    SelectedRows selected_;
    std::vector<std::size_t> name_sizes_;
    std::vector<std::vector<MeasuredCell>> features_;
    std::vector<std::vector<MeasuredCell>> predictions_;
    Shown all_;
};

}  // namespace curtail::inline v0::detail
