// SPDX-License-Identifier: MIT
#pragma once
// Makes a ResultPayload of what was collected: prefers new keys, notes what does not agree.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/find_text.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/agreement.hpp>
#include <curtail/receive/message/message_collector.hpp>
#include <curtail/receive/message/message_form.hpp>
#include <curtail/receive/message/table_assembly.hpp>
#include <curtail/receive/parts/parts_assembly.hpp>

namespace curtail::inline v0::detail {

class PayloadAssembly {
  public:
    // Fills `out`, which is empty. All must outlive this.
    PayloadAssembly(const MessageCollector& message, const ReceiverOptions& options, ResultPayload& out)
        : message_(message), data_(message.data()), options_(options), out_(out), fields_(message, out.notes) {}

    // Takes the form that recognise() found.
    void build(ResultPayload::Form form) {
        using Form = ResultPayload::Form;
        out_.form = form;
        out_.job_id = fields_.text(Key::job_id);
        switch (form) {
            case Form::failure:
                out_.error = failure_text(message_);
                if (out_.error.empty()) out_.error = other_texts(message_);
                if (out_.error.empty()) note({"the failure has no error text"});
                break;
            case Form::progress: build_progress(); break;
            case Form::other:
                out_.type = fields_.text(Key::type);
                out_.error = failure_text(message_);
                break;
            default: build_data();
        }
    }

  private:
    void note(std::initializer_list<std::string_view> words) { add_note(out_.notes, words); }

    void build_progress() {
        out_.progress.status = fields_.text(Key::status);
        out_.progress.message = fields_.text(Key::message);
        const SampleCell* const cell = message_.field(Key::progress);
        if (cell == nullptr) return;
        const std::optional<double> percent = to_percent(*cell);
        if (!percent) return note({"progress is not a number"});
        out_.progress.percent = (std::min)((std::max)(*percent, 0.0), 100.0);
        if (*percent < 0 || *percent > 100) note({"progress is ", cell->text, ", which is not from 0 to 100"});
        if (*percent > 0 && *percent < 1) {
            note({"progress is ", cell->text, ", which may be a share of the job and not a percentage"});
        }
    }

    // Returns the number of a cell that may also be a text, such as "50" or "50 %".
    [[nodiscard]] static std::optional<double> to_percent(SampleCell cell) {
        if (cell.kind == SampleCell::Kind::text) {
            while (cell.text.ends_with(' ') || cell.text.ends_with('%')) cell.text.pop_back();
        }
        return to_double(cell);
    }

    void build_data() {
        copy_to(out_.notes, message_.texts(Key::notes).texts());
        if (const SampleCell* const error = message_.field(Key::error); says_something(error)) {
            note({"the message reports success, but also an error: ", error->text});
        }
        for (std::size_t i = 0; i < section_count; ++i) {
            const std::string_view name = key_names[field_count + i];
            if (data_.wrong_type[i]) note({name, " has an unexpected type and was ignored"});
            if (const auto& bytes = data_.text_bytes[i]) {
                note({name, " is a text of ", counted(*bytes, "byte"), " that is not JSON; it is not shown"});
            }
        }
        note_unclear(Key::dataframe_sample);
        note_unclear(Key::dataframe);
        build_file();
        build_counts();
        build_parts();
        build_predictions();
        build_table();
        build_row_numbers();
        build_truncation();
        const Claims claims{.rows = claimed_rows_,
                            .predictions = claimed_predictions_,
                            .predictions_key = predictions_key_,
                            .truncated = said_truncated_,
                            .sampled_rows = sampled_table_,
                            .sampled_predictions = sampled_predictions_};
        note_disagreements(claims, table(), predictions(), out_);
    }

    void note_unclear(Key which) {
        const TableCollector& table = message_.table(which);
        if (table.unclear()) note({key_name(which), " is ", table.description(), "; it is not shown"});
    }

    void build_file() {
        out_.output_file = fields_.text(Key::output_file);
        out_.output_format = fields_.text(Key::output_format);
        out_.output_bytes = fields_.count(Key::output_bytes);
        out_.output_uncompressed_bytes = fields_.count(Key::output_uncompressed_bytes);
        out_.output_attachable = fields_.truth(Key::output_attachable);
        out_.output_sha256 = fields_.text(Key::output_sha256);
        if (!out_.output_sha256.empty() && !is_sha256(out_.output_sha256)) {
            note({"output_sha256 is not a SHA-256 digest and was ignored"});
            out_.output_sha256.clear();
        }
        out_.artifact_error = fields_.text(Key::artifact_error);
        out_.artifact_error_permanent = fields_.truth(Key::artifact_error_permanent);
        if (const std::optional<std::uint64_t> version = fields_.count(Key::schema_version)) {
            out_.schema_version = static_cast<std::int64_t>((std::min)(*version, std::uint64_t{INT64_MAX}));
        }
    }

    void build_counts() {
        sampled_table_ = message_.table(Key::dataframe_sample).present();
        claimed_rows_ = fields_.count(Key::dataframe_rows);
        const std::optional<std::uint64_t> old_rows = fields_.count(Key::rows);
        const std::optional<std::uint64_t> joined_rows = fields_.count(Key::row_count);
        if (!claimed_rows_) claimed_rows_ = old_rows ? old_rows : joined_rows;
        claimed_predictions_ = fields_.count(Key::predictions_count);
        const std::optional<std::uint64_t> old_count = fields_.count(Key::count);
        predictions_key_ = claimed_predictions_ ? Key::predictions_count : Key::count;
        if (!claimed_predictions_) claimed_predictions_ = old_count;
        // New keys win if they are present, even if they hold nothing.
        sampled_predictions_ = data_.predictions_sample.present();
        predictions_ = sampled_predictions_ ? &data_.predictions_sample : &data_.predictions;
        if (!predictions_are_clear()) {
            note({key_name(sampled_predictions_ ? Key::predictions_sample : Key::predictions), " is an object of ",
                  counted(predictions_->seen(), "key"),
                  predictions_->is_reordered() ? ", which are numbers of rows in another order"
                                               : ", and nothing says that each is a row",
                  "; it is not shown"});
            predictions_ = &no_predictions_;
        }
        out_.predictions_count = claimed_predictions_.value_or(predictions().seen());
        const std::uint64_t seen = table().present() ? table().rows_seen() : 0;
        // A sample does not show how many rows the table has. Without a count, the predictions may be more.
        const bool is_whole_table = table().present() && !sampled_table_;
        out_.rows = claimed_rows_.value_or(is_whole_table ? seen : (std::max)(seen, out_.predictions_count));
    }

    void build_parts() {
        const std::vector<std::string>& cut = message_.texts(Key::truncation).texts();
        const PartClaims claims{.total = fields_.count(Key::output_parts_total),
                                .missing_total = fields_.count(Key::parts_missing_total),
                                .rows = claimed_rows_,
                                .list_cut = has_text(cut, truncation_parts)};
        PartsAssembly(data_.output_parts, data_.parts_missing, claims, out_);
    }

    // Labelled predictions, as pandas writes a Series, are the rows if their number says so. Otherwise they could be
    // the probabilities of one row's classes.
    [[nodiscard]] bool predictions_are_clear() const {
        if (!predictions_->is_object()) return true;
        if (!predictions_->whole() || predictions_->has_containers() || predictions_->is_reordered()) return false;
        const bool has_rows = table().whole() && sampled_table_ == sampled_predictions_;
        const std::optional<std::uint64_t> rows = has_rows ? table().rows_seen() : claimed_rows_;
        const std::optional<std::uint64_t> count = claimed_predictions_ ? claimed_predictions_ : rows;
        const auto agrees = [&](const auto& number) { return !number || *number == predictions_->seen(); };
        return count && agrees(count) && agrees(rows);
    }

    void build_predictions() {
        copy_to(out_.prediction_columns, message_.texts(Key::prediction_column).texts());
        copy_to(out_.predictions_sample, predictions().rows());
        copy_to(out_.prediction_stats, data_.prediction_stats.stats());
        std::size_t width = out_.prediction_stats.size();
        for (const SampleRow& row : out_.predictions_sample) width = (std::max)(width, row.size());
        const std::uint64_t names = message_.texts(Key::prediction_column).total();
        if (predictions().widest() != predictions().narrowest()) {
            note({"the rows have from ", count_text(predictions().narrowest()), " to ",
                  count_text(predictions().widest()), " predictions"});
        } else if (names != 0 && !out_.predictions_sample.empty() && predictions().widest() != names) {
            note({"prediction_column names ", counted(names, "column"), ", but each row has ",
                  counted(predictions().widest(), "prediction")});
        }
        for (std::size_t i = out_.prediction_columns.size(); i < width; ++i) {
            const ShortText number = width == 1 ? ShortText() : ShortText{"_", count_text(i + 1)};
            out_.prediction_columns.push_back(concat({"prediction", number}));
        }
        for (SampleRow& row : out_.predictions_sample) {
            while (row.size() < out_.prediction_columns.size()) row.push_back(missing_cell());
        }
        if (!out_.prediction_stats.empty() && out_.prediction_stats.size() < out_.prediction_columns.size()) {
            note({"prediction_stats has entries for ", count_text(out_.prediction_stats.size()), " of ",
                  count_text(out_.prediction_columns.size()), " prediction columns and was ignored"});
            out_.prediction_stats.clear();
        }
    }

    void build_table() {
        const bool newer = message_.texts(Key::dataframe_columns).present();
        const Key list_key = newer ? Key::dataframe_columns : Key::columns;
        const TextListCollector& list = message_.texts(list_key);
        const TextListCollector& dtypes = message_.texts(Key::dataframe_dtypes);
        TableAssembly assembled(table(), list, key_name(list_key), options_);
        out_.columns = std::move(assembled.columns);
        out_.sample = std::move(assembled.sample);
        for (std::string& note : assembled.notes) out_.notes.push_back(std::move(note));
        std::optional<std::uint64_t> total = fields_.count(Key::dataframe_columns_total);
        const std::optional<std::uint64_t> joined_total = fields_.count(Key::column_count);
        const bool newer_total = total.has_value();
        if (!total) total = joined_total;
        out_.columns_total = (std::max)(total.value_or(assembled.columns_total), assembled.columns_total);
        // A list of names, and the rows of a sample, may show only some of the columns.
        const bool all_shown = table().whole() && !sampled_table_;
        if (total && (all_shown ? *total != assembled.columns_total : *total < assembled.columns_total)) {
            note({key_name(newer_total ? Key::dataframe_columns_total : Key::column_count), " is ", count_text(*total),
                  ", but the message names ", counted(assembled.columns_total, "column")});
        }
        if (!dtypes.present()) return;
        if (dtypes.total() != (list.present() ? list.total() : assembled.columns_total)) {
            return note({"dataframe_dtypes does not have one entry per column and was ignored"});
        }
        // The types are those of the listed columns, which may not be the ones that are shown.
        const std::vector<std::string>& listed = list.present() ? list.texts() : out_.columns;
        const bool same =
            listed.size() <= out_.columns.size() && std::equal(listed.begin(), listed.end(), out_.columns.begin());
        if (!same) return;
        copy_to(out_.dtypes, dtypes.texts());
        if (!out_.dtypes.empty()) out_.dtypes.resize(out_.columns.size());
    }

    void build_row_numbers() {
        out_.sample_strategy = fields_.text(Key::sample_strategy);
        if (out_.sample_strategy == "head") out_.sample_strategy.clear();
        const CountListCollector& numbers = data_.sample_row_numbers;
        if (!numbers.whole()) {
            if (out_.sample_strategy == page_strategy) note({"the message does not say which rows its page has"});
            return;
        }
        if (!numbers.valid()) return note({"sample_row_numbers has entries that are not counts and was ignored"});
        const std::uint64_t rows = table().present() ? table().rows_seen() : predictions().seen();
        const std::size_t kept = (std::max)(out_.sample.size(), out_.predictions_sample.size());
        if (numbers.total() != rows || numbers.counts().size() < kept) {
            return note({"sample_row_numbers does not have one entry per row and was ignored"});
        }
        copy_to(out_.sample_row_numbers, numbers.counts());
        out_.sample_row_numbers.resize(kept);
        const auto beyond = [&](std::uint64_t number) { return claimed_rows_ && number >= *claimed_rows_; };
        const auto wrong = std::find_if(out_.sample_row_numbers.begin(), out_.sample_row_numbers.end(), beyond);
        if (wrong == out_.sample_row_numbers.end()) return;
        note({"sample_row_numbers has ", count_text(*wrong), ", but there are ", counted(*claimed_rows_, "row"),
              ", numbered from 0"});
    }

    void build_truncation() {
        said_truncated_ = fields_.truth(Key::truncated);
        out_.truncated = said_truncated_.value_or(false);
        copy_to(out_.truncation, message_.texts(Key::truncation).texts());
        copy_to(out_.cells_truncated, data_.cells_truncated.cells());
        out_.cells_truncated_total = fields_.count(Key::cells_truncated_total).value_or(data_.cells_truncated.total());
        for (const TruncatedCell& cut : out_.cells_truncated) {
            // Only entries for predictions say what they are for, and messages before version 1 not even these.
            const bool is_feature = mark(out_.sample, out_.columns, cut, !cut.prediction);
            mark(out_.predictions_sample, out_.prediction_columns, cut, cut.prediction || !is_feature);
        }
        add_reason(truncation_parts,
                   out_.parts_missing_total > 0 || out_.output_parts.size() < out_.output_parts_total.value_or(0));
        if (out_.form == ResultPayload::Form::summary) return;
        // A reader of the payload misses what the receiver left out as much as what the sender left out.
        const bool has_table = table().present() || hides_table();
        add_reason(truncation_rows, has_table ? out_.rows > out_.sample.size()
                                              : out_.predictions_count > out_.predictions_sample.size());
        add_reason(truncation_cells, any_cut(out_.sample) || any_cut(out_.predictions_sample));
        add_reason(truncation_columns, out_.columns_total > out_.columns.size() || hides_table());
        add_reason(truncation_stats, data_.prediction_stats.dropped_labels());
    }

    // Returns true if the message has a table that cannot be shown.
    [[nodiscard]] bool hides_table() const {
        const auto unreadable = [&](Key which) {
            const std::size_t i = section_index(which);
            return message_.table(which).unclear() || data_.wrong_type[i] || data_.text_bytes[i];
        };
        return unreadable(Key::dataframe_sample) || (!sampled_table_ && unreadable(Key::dataframe));
    }

    void add_reason(std::string_view reason, bool holds) {
        if (!holds) return;
        out_.truncated = true;
        if (!has_text(out_.truncation, reason)) out_.truncation.push_back(std::string(reason));
    }

    static bool any_cut(const std::vector<SampleRow>& rows) {
        for (const SampleRow& row : rows) {
            for (const SampleCell& cell : row) {
                if (cell.cut_from_bytes != 0) return true;
            }
        }
        return false;
    }

    // Gives a cell that the sender cut the size that it had before. Returns false if there is no such column.
    static bool mark(std::vector<SampleRow>& rows, const std::vector<std::string>& columns, const TruncatedCell& cut,
                     bool here) {
        const std::size_t found = find_text(columns, cut.column);
        if (!here || found == columns.size()) return false;
        if (cut.row >= rows.size()) return true;
        SampleCell& cell = rows[static_cast<std::size_t>(cut.row)][found];
        if (cell.kind != SampleCell::Kind::missing) cell.cut_from_bytes = (std::max)(cell.cut_from_bytes, cut.bytes);
        return true;
    }

    [[nodiscard]] const TableCollector& table() const {
        return message_.table(sampled_table_ ? Key::dataframe_sample : Key::dataframe);
    }
    [[nodiscard]] const PredictionCollector& predictions() const { return *predictions_; }

    const MessageCollector& message_;
    const DataParts& data_;
    const ReceiverOptions& options_;
    ResultPayload& out_;
    FieldReader fields_;
    std::optional<std::uint64_t> claimed_rows_;
    std::optional<std::uint64_t> claimed_predictions_;
    Key predictions_key_ = Key::count;  // that states the number above
    std::optional<bool> said_truncated_;
    PredictionCollector no_predictions_;
    const PredictionCollector* predictions_ = &no_predictions_;
    bool sampled_table_ = false;
    bool sampled_predictions_ = false;
};

}  // namespace curtail::inline v0::detail
