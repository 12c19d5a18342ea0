// SPDX-License-Identifier: MIT
#pragma once
// The first rows of a table, kept in no more memory than a message could use of them.

#include <algorithm>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/kept_cell.hpp>
#include <curtail/payload/sample/kept_row.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// Keeps the first `max_rows` rows of what it is offered, and of each cell as much as a message of `max_bytes` bytes
// could show: however long the cells, a few times max_bytes in all. Of a row that could not fit even with its cells cut
// to cell_floor_bytes as many columns are kept as could; one whose predictions alone could not fit ends the sample.
//
// `Keeper` decides what of a cell is kept. A template, because most files that include this keep no sample and would
// compile it all the same.
template <class Keeper>
class BasicSample {
  public:
    BasicSample(const Schema& schema, std::size_t max_rows, std::size_t max_bytes)
        : max_rows_(max_rows),
          max_bytes_(max_bytes),
          features_(schema.feature_count()),
          predictions_(schema.prediction_count()),
          keeper_(max_bytes) {
        name_columns(schema);
        full_ = max_rows_ == 0;
    }

    // The columns' names as the message spells them, as far as they could fit: valid UTF-8, and a repeated name
    // numbered as pandas.read_csv numbers it (a, a.1), because the rows are objects and an object cannot hold one key
    // twice.
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

    // The features of each row kept: as many of the first as could be shown together with all rows before, so never
    // more than in the row before.
    [[nodiscard]] const std::vector<std::vector<KeptCell>>& rows() const noexcept { return rows_; }
    // The predictions of each row kept.
    [[nodiscard]] const std::vector<std::vector<KeptCell>>& predictions() const noexcept { return prediction_rows_; }

    void offer(const BatchView& batch) {
        const std::size_t count = batch.rows();
        for (std::size_t row = 0; row < count && !full_; ++row) offer_row(RowOfBatch{batch, row, features_});
    }
    // The same for a row that was kept elsewhere: with the first columns of the table, or all, and all predictions.
    void offer(const KeptRow& row) {
        if (!full_) offer_row(RowOfCells{row});
    }

  private:
    // A row as far as it could fit, and what all rows cost together with each number of columns.
    struct Offered {
        std::vector<KeptCell> predictions;
        std::vector<KeptCell> features;
        std::vector<std::size_t> costs;  // [n]: with the first n columns; empty when the row cannot fit at all
    };

    // A row where it stands. What visit_features() calls its visitor with after the last feature is not looked at.
    struct RowOfBatch {
        const BatchView& batch;
        std::size_t row;
        std::size_t features;

        template <class Visitor>
        void visit_predictions(Visitor visit) const {
            batch.visit_row(row, features, visit);
        }
        template <class Visitor>
        void visit_features(Visitor visit) const {
            batch.visit_row(row, 0, visit);
        }
    };
    struct RowOfCells {
        const KeptRow& row;

        template <class Visitor>
        void visit_predictions(Visitor visit) const {
            for (const KeptCell& cell : row.predictions) visit(cell);
        }
        template <class Visitor>
        void visit_features(Visitor visit) const {
            for (const KeptCell& cell : row.features) visit(cell);
        }
    };

    template <class Row>
    void offer_row(const Row& row) {
        Offered offered = read_row(row);
        if (offered.costs.empty()) {
            full_ = true;
            return;
        }
        if (offered.features.size() < width_) {
            // The further cells are never shown together with this row, so they may not lower its level.
            width_ = offered.features.size();
            keeper_.clear();
            for (std::size_t i = 0; i < rows_.size(); ++i) {
                for (const KeptCell& cell : prediction_rows_[i]) keeper_.count(cell);
                for (std::size_t column = 0; column < width_; ++column) keeper_.count(rows_[i][column]);
            }
            offered = read_row(row);
        }
        // A vector grows by doubling: the first row's would be up to half empty, and later rows are as many as they
        // have room for.
        offered.features.shrink_to_fit();
        costs_ = std::move(offered.costs);
        rows_.push_back(std::move(offered.features));
        prediction_rows_.push_back(std::move(offered.predictions));
        full_ = rows_.size() == max_rows_;
    }

    template <class Row>
    [[nodiscard]] Offered read_row(const Row& row) {
        Offered offered;
        std::size_t cost = 2;
        bool fits = costs_[0] + cost < max_bytes_;
        row.visit_predictions([&](const auto& value) {
            if (!fits) return;
            offered.predictions.push_back(keeper_.keep(value));
            cost += 1 + least_size(offered.predictions.back());
            fits = costs_[0] + cost < max_bytes_;
        });
        if (!fits) return offered;
        offered.costs.push_back(costs_[0] + cost);
        row.visit_features([&](const auto& value) {
            const std::size_t column = offered.features.size();
            if (!fits || column == width_) return;
            // A column's name stands in every row; with the first row its place in the lists of names and types counts.
            cost += names_[column].size() + 4 + (rows_.empty() ? listing_size(column) : 0);
            fits = costs_[column + 1] + cost < max_bytes_;
            if (!fits) return;
            KeptCell cell = keeper_.keep(value);
            cost += least_size(cell);
            fits = costs_[column + 1] + cost < max_bytes_;
            if (!fits) return;
            offered.features.push_back(std::move(cell));
            offered.costs.push_back(costs_[column + 1] + cost);
        });
        return offered;
    }

    // No more than the cell takes in any message: a cut between two characters can fall 10 bytes short of the floor.
    [[nodiscard]] static std::size_t least_size(const KeptCell& cell) noexcept {
        if (cell.kind != SampleCell::Kind::text) return cell.text.size();
        return 2 + (cell.exact ? cell.text.size() : (std::min)(cell.text.size(), cell_floor_bytes - 10));
    }

    // A column in the lists of names and types: two strings with quotes and commas, a type of at least three letters.
    [[nodiscard]] std::size_t listing_size(std::size_t column) const noexcept { return names_[column].size() + 9; }

    void name_columns(const Schema& schema) {
        std::unordered_map<std::string, std::size_t> uses;
        std::size_t size = 0;
        for (std::size_t column = 0; column < features_; ++column) {
            if (schema[column].name.size() >= max_bytes_ - size) break;
            const std::string name = to_valid_utf8(schema[column].name);
            std::string unique = name;
            while (uses.contains(unique)) unique = name + "." + std::to_string(uses[name]++);
            uses.emplace(unique, 1);
            names_.push_back(std::move(unique));
            size += listing_size(column);
            if (size >= max_bytes_) break;
        }
        width_ = names_.size();
        costs_.assign(width_ + 1, 0);
    }

    std::size_t max_rows_;
    std::size_t max_bytes_;
    std::size_t features_;
    std::size_t predictions_;
    Keeper keeper_;
    std::vector<std::string> names_;
    std::vector<std::vector<KeptCell>> rows_;
    std::vector<std::vector<KeptCell>> prediction_rows_;
    std::size_t width_ = 0;  // columns kept of the last row
    // [n]: of the rows kept, n columns of each, every text at its floor; never overrated.
    std::vector<std::size_t> costs_;
    bool full_ = false;
};

using Sample = BasicSample<CellKeeper>;

}  // namespace curtail::inline v0::detail
