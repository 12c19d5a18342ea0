// SPDX-License-Identifier: MIT
#pragma once
// Makes a ResultPayload of what was collected: finds its form, prefers new keys, notes what does not agree.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/message_collector.hpp>
#include <curtail/receive/message/table_assembly.hpp>

namespace curtail::inline v0::detail {

// The form of a message or, if it has no known form, the reason.
struct Recognised {
    std::optional<ResultPayload::Form> form;
    std::string_view problem;
};

[[nodiscard]] inline Recognised recognise_data(const MessageCollector& message) {
    using Form = ResultPayload::Form;
    const auto any = [&](auto... keys) { return (message.names(keys) || ...); };
    if (any(Key::predictions_sample, Key::dataframe_sample, Key::dataframe_columns, Key::predictions_count,
            Key::dataframe_rows, Key::schema_version)) {
        return {Form::bounded, {}};
    }
    if (any(Key::predictions, Key::dataframe, Key::count)) return {Form::complete, {}};
    if (any(Key::output_file, Key::row_count, Key::column_count)) return {Form::summary, {}};
    return {{}, "data has none of the keys of a prediction, a table or a file"};
}

[[nodiscard]] inline Recognised recognise(const MessageCollector& message) {
    using Form = ResultPayload::Form;
    if (!message.is_object()) return {{}, "the message is not a JSON object"};
    const SampleCell* const type = message.field(Key::type);
    const SampleCell* const success = message.field(Key::success);
    if (type != nullptr && type->text == type_progress) return {Form::progress, {}};
    if (type != nullptr && type->text != type_result) return {{}, "type is neither \"result\" nor \"progress\""};
    if (success != nullptr && success->kind == SampleCell::Kind::boolean && success->text == "false")
        return {Form::failure, {}};
    if (message.has_data()) return recognise_data(message);
    if (success == nullptr && message.field(Key::error) != nullptr) return {Form::failure, {}};
    return {{}, success != nullptr ? "a success without data" : "neither success nor data nor error"};
}

class PayloadAssembly {
  public:
    explicit PayloadAssembly(const MessageCollector& message, const ReceiverOptions& options)
        : message_(message), data_(message.data()), options_(options) {}

    // Takes the form that recognise() found.
    [[nodiscard]] ResultPayload build(ResultPayload::Form form) {
        using Form = ResultPayload::Form;
        out_.form = form;
        out_.job_id = text(Key::job_id);
        if (form == Form::failure) {
            out_.error = text(Key::error);
            if (out_.error.empty()) note("the failure has no error text");
        } else if (form == Form::progress) {
            out_.progress.status = text(Key::status);
            out_.progress.message = text(Key::message);
            if (const SampleCell* const cell = message_.field(Key::progress)) {
                const std::optional<double> percent = to_double(*cell);
                if (!percent) note("progress is not a number");
                out_.progress.percent = percent.value_or(0);
            }
        } else {
            build_data();
        }
        return std::move(out_);
    }

  private:
    // Returns a text, or a number, which some peers send for an id. An error may be any value, because each says why.
    [[nodiscard]] std::string text(Key which) {
        const SampleCell* const cell = message_.field(which);
        if (cell == nullptr) return {};
        const bool words = cell->kind == SampleCell::Kind::text || cell->kind == SampleCell::Kind::number;
        if (words || which == Key::error) return cell->text;
        note(std::string(key_name(which)) + " is not a text and was ignored");
        return {};
    }

    void note(std::string sentence) { out_.notes.push_back(std::move(sentence)); }

    std::optional<std::uint64_t> count(Key which) {
        const SampleCell* const cell = message_.field(which);
        if (cell == nullptr) return {};
        const std::optional<std::uint64_t> value = to_count(*cell);
        if (!value) note(std::string(key_name(which)) + " is not a count and was ignored");
        return value;
    }

    void build_data() {
        out_.notes = data_.notes.texts();
        for (std::size_t i = 0; i < section_count; ++i) {
            if (data_.wrong_type[i])
                note(std::string(key_names[field_count + i]) + " has an unexpected type and was ignored");
        }
        note_unclear(Key::dataframe_sample);
        note_unclear(Key::dataframe);
        build_file();
        build_counts();
        build_predictions();
        build_table();
        build_row_numbers();
        build_truncation();
        compare();
    }

    void note_unclear(Key which) {
        const TableCollector& table = message_.table(which);
        if (!table.unclear()) return;
        note(std::string(key_name(which)) + " is an object of " + std::to_string(table.keys()) +
             (table.keys() == 1 ? " key" : " keys") + ", which may be columns or rows; it is not shown");
    }

    void build_file() {
        out_.output_file = text(Key::output_file);
        out_.output_format = text(Key::output_format);
        out_.output_bytes = count(Key::output_bytes);
        out_.output_sha256 = text(Key::output_sha256);
        if (!out_.output_sha256.empty() && !is_sha256(out_.output_sha256)) {
            note("output_sha256 is not a SHA-256 digest and was ignored");
            out_.output_sha256.clear();
        }
        out_.artifact_error = text(Key::artifact_error);
        const SampleCell* const permanent = message_.field(Key::artifact_error_permanent);
        if (permanent != nullptr && permanent->kind == SampleCell::Kind::boolean) {
            out_.artifact_error_permanent = permanent->text == "true";
        }
        if (const std::optional<std::uint64_t> version = count(Key::schema_version)) {
            out_.schema_version = static_cast<std::int64_t>((std::min)(*version, std::uint64_t{INT64_MAX}));
        }
    }

    [[nodiscard]] static bool is_sha256(std::string_view text) noexcept {
        return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    }

    void build_counts() {
        sampled_table_ = message_.table(Key::dataframe_sample).present();
        sampled_predictions_ = data_.predictions_sample.present();
        claimed_rows_ = count(Key::dataframe_rows);
        const std::optional<std::uint64_t> old_rows = count(Key::rows);
        const std::optional<std::uint64_t> joined_rows = count(Key::row_count);
        if (!claimed_rows_) claimed_rows_ = old_rows ? old_rows : joined_rows;
        claimed_predictions_ = count(Key::predictions_count);
        const std::optional<std::uint64_t> old_count = count(Key::count);
        if (!claimed_predictions_) claimed_predictions_ = old_count;
        out_.predictions_count = claimed_predictions_.value_or(predictions().seen());
        const std::uint64_t seen = table().present() ? table().rows_seen() : 0;
        // A sample does not show how many rows the table has. Without a count, the predictions may be more.
        const bool is_whole_table = table().present() && !sampled_table_;
        out_.rows = claimed_rows_.value_or(is_whole_table ? seen : (std::max)(seen, out_.predictions_count));
    }

    void build_predictions() {
        out_.prediction_columns = data_.prediction_column.texts();
        out_.predictions_sample = predictions().rows();
        out_.prediction_stats = data_.prediction_stats.stats();
        std::size_t width = out_.prediction_stats.size();
        for (const SampleRow& row : out_.predictions_sample) width = (std::max)(width, row.size());
        for (std::size_t i = out_.prediction_columns.size(); i < width; ++i) {
            out_.prediction_columns.push_back(width == 1 ? "prediction" : "prediction_" + std::to_string(i + 1));
        }
        for (SampleRow& row : out_.predictions_sample) row.resize(out_.prediction_columns.size(), missing_cell());
        if (!out_.prediction_stats.empty() && out_.prediction_stats.size() < out_.prediction_columns.size()) {
            note("prediction_stats has entries for " + std::to_string(out_.prediction_stats.size()) + " of " +
                 std::to_string(out_.prediction_columns.size()) + " prediction columns and was ignored");
            out_.prediction_stats.clear();
        }
    }

    void build_table() {
        const TextListCollector& list = data_.dataframe_columns.present() ? data_.dataframe_columns : data_.columns;
        TableAssembly assembled(table(), list, options_.max_columns);
        out_.columns = std::move(assembled.columns);
        out_.sample = std::move(assembled.sample);
        std::optional<std::uint64_t> total = count(Key::dataframe_columns_total);
        const std::optional<std::uint64_t> joined_total = count(Key::column_count);
        if (!total) total = joined_total;
        out_.columns_total = (std::max)(total.value_or(assembled.columns_total), std::uint64_t{out_.columns.size()});
        if (!data_.dataframe_dtypes.present()) return;
        if (data_.dataframe_dtypes.total() != (list.present() ? list.total() : out_.columns.size())) {
            note("dataframe_dtypes does not have one entry per column and was ignored");
            return;
        }
        out_.dtypes = data_.dataframe_dtypes.texts();
        if (!out_.dtypes.empty()) out_.dtypes.resize(out_.columns.size());
    }

    void build_row_numbers() {
        out_.sample_strategy = text(Key::sample_strategy);
        if (out_.sample_strategy == "head") out_.sample_strategy.clear();
        const CountListCollector& numbers = data_.sample_row_numbers;
        if (!numbers.whole()) return;
        if (!numbers.valid()) return note("sample_row_numbers has entries that are not counts and was ignored");
        const std::uint64_t rows = table().present() ? table().rows_seen() : predictions().seen();
        const std::size_t kept = (std::max)(out_.sample.size(), out_.predictions_sample.size());
        if (numbers.total() != rows || numbers.counts().size() < kept) {
            return note("sample_row_numbers does not have one entry per row and was ignored");
        }
        out_.sample_row_numbers = numbers.counts();
        out_.sample_row_numbers.resize(kept);
    }

    void build_truncation() {
        const SampleCell* const flag = message_.field(Key::truncated);
        out_.truncated = flag != nullptr && flag->kind == SampleCell::Kind::boolean && flag->text == "true";
        out_.truncation = data_.truncation.texts();
        out_.cells_truncated = data_.cells_truncated.cells();
        out_.cells_truncated_total = count(Key::cells_truncated_total).value_or(data_.cells_truncated.total());
        for (const TruncatedCell& cut : out_.cells_truncated) {
            if (cut.prediction) {
                mark(out_.predictions_sample, out_.prediction_columns, cut);
            } else {
                mark(out_.sample, out_.columns, cut);
            }
        }
        if (out_.form == ResultPayload::Form::summary) return;
        // A reader of the payload misses what the receiver left out as much as what the sender left out.
        const bool has_table = table().present() || table().unclear();
        add_reason(truncation_rows, has_table ? out_.rows > out_.sample.size()
                                              : out_.predictions_count > out_.predictions_sample.size());
        add_reason(truncation_cells, any_cut(out_.sample) || any_cut(out_.predictions_sample));
        add_reason(truncation_columns, out_.columns_total > out_.columns.size());
        add_reason(truncation_stats, data_.prediction_stats.dropped_labels());
    }

    void add_reason(std::string_view reason, bool holds) {
        if (!holds) return;
        out_.truncated = true;
        if (std::find(out_.truncation.begin(), out_.truncation.end(), reason) == out_.truncation.end()) {
            out_.truncation.emplace_back(reason);
        }
    }

    static bool any_cut(const std::vector<SampleRow>& rows) {
        for (const SampleRow& row : rows) {
            for (const SampleCell& cell : row) {
                if (cell.cut_from_bytes != 0) return true;
            }
        }
        return false;
    }

    // Gives a cell that the sender cut the size that it had before.
    static void mark(std::vector<SampleRow>& rows, const std::vector<std::string>& columns, const TruncatedCell& cut) {
        const auto found = std::find(columns.begin(), columns.end(), cut.column);
        if (found == columns.end() || cut.row >= rows.size()) return;
        SampleCell& cell = rows[static_cast<std::size_t>(cut.row)][static_cast<std::size_t>(found - columns.begin())];
        if (cell.kind != SampleCell::Kind::missing) cell.cut_from_bytes = (std::max)(cell.cut_from_bytes, cut.bytes);
    }

    // Notes counts that differ from what the message carries.
    void compare() {
        const auto differ = [&](const char* key, std::uint64_t claimed, std::uint64_t seen, const char* what) {
            note(std::string(key) + " is " + std::to_string(claimed) + ", but the message carries " +
                 std::to_string(seen) + " " + what);
        };
        const std::uint64_t predictions_seen = predictions().seen();
        const std::uint64_t rows_seen = table().rows_seen();
        if (claimed_predictions_ && predictions().whole() &&
            (sampled_predictions_ ? predictions_seen > *claimed_predictions_
                                  : predictions_seen != *claimed_predictions_)) {
            differ(message_.field(Key::predictions_count) != nullptr ? "predictions_count" : "count",
                   *claimed_predictions_, predictions_seen, "predictions");
        }
        if (claimed_rows_ && table().whole() &&
            (sampled_table_ ? rows_seen > *claimed_rows_ : rows_seen != *claimed_rows_)) {
            differ("the number of rows", *claimed_rows_, rows_seen, "rows");
        }
        // A table without a prediction says so: it has none and carries none.
        const bool unpredicted = claimed_predictions_ == std::uint64_t{0} && predictions_seen == 0;
        if (predictions().whole() && table().whole() && sampled_table_ == sampled_predictions_ &&
            predictions_seen != rows_seen && !unpredicted) {
            note("the message carries " + std::to_string(predictions_seen) + " predictions for " +
                 std::to_string(rows_seen) + " rows");
        }
    }

    // New keys win if they are present, even if they hold nothing.
    [[nodiscard]] const TableCollector& table() const {
        return message_.table(sampled_table_ ? Key::dataframe_sample : Key::dataframe);
    }
    [[nodiscard]] const PredictionCollector& predictions() const {
        return sampled_predictions_ ? data_.predictions_sample : data_.predictions;
    }

    const MessageCollector& message_;
    const DataParts& data_;
    const ReceiverOptions& options_;
    ResultPayload out_;
    std::optional<std::uint64_t> claimed_rows_;
    std::optional<std::uint64_t> claimed_predictions_;
    bool sampled_table_ = false;
    bool sampled_predictions_ = false;
};

}  // namespace curtail::inline v0::detail
