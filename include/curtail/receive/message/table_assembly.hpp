// SPDX-License-Identifier: MIT
#pragma once
// Lays the kept rows of a table out under one list of columns, and says where names and rows do not agree.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/find_text.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/list_collectors.hpp>
#include <curtail/receive/message/table_collector.hpp>
#include <curtail/receive/receiver_options.hpp>

namespace curtail::inline v0::detail {

[[nodiscard]] inline SampleCell missing_cell() {
    return SampleCell{SampleCell::Kind::missing, {}, 0};
}

// Returns "1 row" or "2 rows".
[[nodiscard]] inline ShortText counted(std::uint64_t count, std::string_view thing) noexcept {
    return {count_text(count), " ", thing, count == 1 ? "" : "s"};
}

// Adds a note of these words.
inline void add_note(std::vector<std::string>& notes, std::initializer_list<std::string_view> words) {
    notes.push_back(concat(words));
}

// Makes `to` equal to `from`. An assignment would also compile that of each element.
template <class Element>
void copy_to(std::vector<Element>& to, const std::vector<Element>& from) {
    std::vector<Element>(from).swap(to);
}

// Returns a name as notes show it.
[[nodiscard]] inline std::string quoted_name(std::string_view name) {
    const std::string_view begin = utf8_prefix(name, 64);
    return concat({"\"", begin, begin.size() < name.size() ? ellipsis : "", "\""});
}

// The columns are those of the message's list of names or, without it, of the table's own list; then come others in the
// order in which they were first seen. Columns that are the table's index are left out, and listed ones whose cells
// were not kept.
class TableAssembly {
  public:
    std::vector<std::string> columns;
    std::vector<SampleRow> sample;
    std::uint64_t columns_total = 0;
    std::vector<std::string> notes;

    // `list_name` is the key of the message's list.
    TableAssembly(const TableCollector& table, const TextListCollector& list, std::string_view list_name,
                  const ReceiverOptions& options)
        : columns(list.present() ? list.texts() : table.listed()),
          columns_total(list.present() ? list.total() : table.listed_total()),
          list_name_(list.present() ? concat({"the list ", quoted_name(list_name)}) : "the table's list of columns"),
          index_(table.index_columns()) {
        for (std::size_t i = columns.size(); i-- > 0;) {
            if (!is_index(columns[i])) continue;
            columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(i));
            --columns_total;
        }
        if (table.present()) {
            const RowsCollector& rows = table.rows();
            const bool by_position = rows.has_arrays() && (!list.present() || table.listed_total() == 0);
            if (by_position) {
                number_columns(rows, list.present());
            } else {
                place_names(table, list.present() || table.listed_total() != 0, options.max_columns);
            }
            add_rows(rows, options.max_kept_bytes);
        }
        columns_total = (std::max)(columns_total, std::uint64_t{columns.size()});
        if (const std::uint64_t extra = table.extra_keys(); extra != 0) {
            const ShortText others = extra == 1 ? ShortText() : ShortText{" and ", counted(extra - 1, "other key")};
            note({"the table also has ", quoted_name(table.first_extra_key()), others,
                  extra == 1 ? ", which is not shown" : ", which are not shown"});
        }
        for (const std::string& name : table.index_names()) {
            note({"the index of the table, ", quoted_name(name), ", is not shown"});
        }
    }

  private:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    void note(std::initializer_list<std::string_view> words) { add_note(notes, words); }

    [[nodiscard]] bool is_index(const std::string& name) const { return has_text(index_, name); }

    // Names columns by their numbers, as pandas does it, unless a list names as many as the rows have.
    void number_columns(const RowsCollector& rows, bool listed) {
        if (rows.rows().empty()) return;
        const bool ragged = rows.narrowest() != rows.widest();
        const bool differs = rows.widest() > columns_total || (rows.measured() && rows.widest() < columns_total);
        if (listed && differs) {
            note({list_name_, " names ", counted(columns_total, "column"), ", but the rows have ",
                  counted(rows.widest(), "cell"), "; the columns are numbered"});
            columns.clear();
            columns_total = 0;
        } else if (ragged) {
            note({"the rows have from ", count_text(rows.narrowest()), " to ", count_text(rows.widest()), " cells"});
        }
        std::size_t widest = 0;
        for (const SampleRow& row : rows.rows()) widest = (std::max)(widest, row.size());
        while (columns.size() < widest) columns.push_back(concat({count_text(columns.size())}));
        columns_total = (std::max)(columns_total, rows.columns_seen());
    }

    // Finds or makes a column for each name of the rows, or of the table's own list if rows go by position or none is
    // kept.
    void place_names(const TableCollector& table, bool listed, std::size_t max_columns) {
        const RowsCollector& rows = table.rows();
        std::vector<std::string> names;
        const bool no_rows = rows.rows().empty();
        const bool by_list = rows.has_arrays() || no_rows;
        if (by_list) {
            names = table.listed();
        } else {
            for (const ColumnName& name : rows.names()) names.push_back(std::string(name.text));
        }
        const std::uint64_t seen = by_list ? table.listed_total() : rows.columns_seen();
        const bool all_listed = columns.size() == columns_total;
        const bool all_kept = seen == names.size();
        // Two long names may be cut to the same text: each column serves one of them.
        std::vector<bool> used(columns.size(), false);
        std::vector<std::size_t> unlisted;
        std::uint64_t index_columns = 0;
        std::size_t guess = 0;
        for (std::size_t i = 0; i < names.size(); ++i) {
            std::size_t& column = column_of_.emplace_back(nowhere);
            if (is_index(names[i])) {
                ++index_columns;
                continue;
            }
            for (std::size_t tried = 0; tried < used.size() && column == nowhere; ++tried, ++guess) {
                if (guess >= used.size()) guess = 0;
                if (!used[guess] && columns[guess] == names[i]) column = guess;
            }
            if (column == nowhere) {
                unlisted.push_back(i);
            } else {
                used[column] = true;
            }
        }
        columns_total = (std::max)(columns_total, seen - index_columns);
        if (listed && table.whole()) {
            if (all_listed && !unlisted.empty()) {
                note({no_rows ? "the table names " : "the rows have ", first_of(names[unlisted[0]], unlisted.size()),
                      ", which ", list_name_, " does not name"});
            }
            if (all_kept && !no_rows) note_unseen(used);
        }
        if (!all_kept) drop_unseen(used);
        for (const std::size_t i : unlisted) {
            if (columns.size() >= max_columns) break;
            column_of_[i] = columns.size();
            columns.push_back(names[i]);
        }
    }

    void note_unseen(const std::vector<bool>& used) {
        const auto unseen = static_cast<std::size_t>(std::count(used.begin(), used.end(), false));
        if (unseen == 0) return;
        const auto first = static_cast<std::size_t>(std::find(used.begin(), used.end(), false) - used.begin());
        note({list_name_, " names ", first_of(columns[first], unseen), ", which none of the first rows has"});
    }

    // Leaves out the listed columns that are not `used`. Where cells of the rows were not kept, they would look as if
    // the rows did not have them.
    void drop_unseen(const std::vector<bool>& used) {
        std::vector<std::string> kept;
        std::vector<std::size_t> place;
        for (std::size_t i = 0; i < used.size(); ++i) {
            place.push_back(kept.size());
            if (used[i]) kept.push_back(std::move(columns[i]));
        }
        columns.swap(kept);
        for (std::size_t& column : column_of_) column = column == nowhere ? nowhere : place[column];
    }

    // Returns '"age" and 2 others' for three names.
    [[nodiscard]] static std::string first_of(std::string_view first, std::size_t count) {
        if (count == 1) return quoted_name(first);
        return concat({quoted_name(first), " and ", counted(count - 1, "other")});
    }

    void add_rows(const RowsCollector& rows, std::size_t max_bytes) {
        // Cells that a list of names adds to each row were not charged when the rows were kept.
        std::size_t kept = rows.names().size();
        for (const SampleRow& row : rows.rows()) kept = (std::max)(kept, row.size());
        const std::size_t added = columns.size() > kept ? columns.size() - kept : 0;
        const std::size_t fits = added == 0 ? nowhere : max_bytes / (added * sizeof(SampleCell));
        for (const SampleRow& row : rows.rows()) {
            if (sample.size() == fits) return;
            SampleRow& out = sample.emplace_back();
            out = SampleRow(columns.size(), missing_cell());
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::size_t column = column_of_.empty() ? i : i < column_of_.size() ? column_of_[i] : nowhere;
                if (column < out.size()) out[column] = row[i];
            }
        }
    }

    std::string list_name_;
    std::vector<std::string> index_;
    std::vector<std::size_t> column_of_;  // by the name's index in the table
};

}  // namespace curtail::inline v0::detail
