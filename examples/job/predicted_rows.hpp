// SPDX-License-Identifier: MIT
#pragma once
// A stream of your own: the rows of a CSV file, each with a model's prediction, one batch in memory.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/number_of.hpp>

#include "linear_model.hpp"

// Reads the file `repeat` times. A row that lacks a feature (null, such as NA, or "") has a null prediction. A feature
// that is not a number is an error that names row and column.
class PredictedRows {
  public:
    static constexpr const char* prediction_name = "prediction";

    PredictedRows(std::string path, LinearModel model, std::size_t repeat)
        : path_(std::move(path)), model_(std::move(model)), repeat_(repeat), input_(path_) {
        const curtail::Schema& columns = input_.schema();
        for (const std::string& feature : model_.features) feature_columns_.push_back(find_column(columns, feature));
        if (columns.find(prediction_name) < columns.size()) {
            throw curtail::TableError(
                curtail::ErrorCode::column_clash,
                path_ + " already has a column 'prediction': rename it, because the model's prediction has that name",
                prediction_name);
        }
        std::vector<curtail::ColumnSpec> all = columns.columns();
        all.push_back({prediction_name, curtail::column_type_of<double>()});
        schema_ = curtail::Schema(std::move(all), 1);
    }

    class Batch {
      public:
        [[nodiscard]] const curtail::Schema& schema() const noexcept { return *schema_; }
        [[nodiscard]] std::size_t rows() const noexcept { return predictions_.size(); }
        template <class Visitor>
        void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
            if (first < schema_->feature_count()) features_->visit_row_from(row, first, visit);
            visit(predictions_[row]);
        }

      private:
        friend class PredictedRows;
        const curtail::Schema* schema_ = nullptr;
        const curtail::CsvInput::Batch* features_ = nullptr;
        std::vector<std::optional<double>> predictions_;
    };

    [[nodiscard]] const curtail::Schema& schema() const noexcept { return schema_; }
    [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_before_ + input_.bytes_read(); }

    [[nodiscard]] const Batch* next() {
        while ((batch_.features_ = input_.next()) == nullptr) {
            if (++rounds_ >= repeat_) return nullptr;
            start_again();
        }
        batch_.schema_ = &schema_;
        batch_.predictions_.resize(batch_.features_->rows());
        for (std::size_t row = 0; row < batch_.predictions_.size(); ++row) batch_.predictions_[row] = predict(row);
        rows_ += batch_.predictions_.size();
        return &batch_;
    }

  private:
    [[nodiscard]] std::size_t find_column(const curtail::Schema& columns, const std::string& feature) const {
        const std::size_t column = columns.find(feature);
        if (column < columns.size()) return column;
        std::string known;
        for (std::size_t i = 0; i < (std::min)(columns.size(), std::size_t{20}); ++i) {
            known += (i == 0 ? "'" : ", '") + columns[i].name + "'";
        }
        if (columns.size() > 20) known += " and " + std::to_string(columns.size() - 20) + " more";
        throw std::runtime_error("the feature '" + feature + "' is not a column of " + path_ + ", which has " + known);
    }

    void start_again() {
        const curtail::Schema before = input_.schema();
        bytes_before_ += input_.bytes_read();
        input_ = curtail::CsvInput(path_);
        if (input_.schema() != before) throw std::runtime_error(path_ + " was changed while it was read");
    }

    [[nodiscard]] std::optional<double> predict(std::size_t row) const {
        double sum = model_.intercept;
        for (std::size_t i = 0; i < feature_columns_.size(); ++i) {
            const curtail::Cell& cell = batch_.features_->cell(row, feature_columns_[i]);
            const std::optional<double> value = curtail::number_of(cell);
            if (!value) {
                const auto* text = std::get_if<std::string_view>(&cell);
                if (curtail::is_null(cell) || (text != nullptr && text->empty())) return {};
                fail_at(row, i, cell);
            }
            sum += model_.coefficients[i] * *value;
        }
        if (std::isnan(sum)) return {};
        return sum;
    }

    [[noreturn]] void fail_at(std::size_t row, std::size_t feature, const curtail::Cell& cell) const {
        const auto* text = std::get_if<std::string_view>(&cell);
        const std::string shown = text != nullptr ? " '" + std::string(curtail::utf8_prefix(*text, 100)) + "'" : "";
        throw std::runtime_error("row " + std::to_string(rows_ + row + 1) + " of " + path_ + ", column '" +
                                 model_.features[feature] + "':" + shown + " is not a number");
    }

    std::string path_;
    LinearModel model_;
    std::size_t repeat_;
    curtail::CsvInput input_;
    curtail::Schema schema_;
    std::vector<std::size_t> feature_columns_;  // parallel to the model's features
    Batch batch_;
    std::size_t rounds_ = 0;
    std::uint64_t rows_ = 0;
    std::uint64_t bytes_before_ = 0;
};
