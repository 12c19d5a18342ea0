// SPDX-License-Identifier: MIT
#pragma once
// Collects the first rows of a dataframe in a layout that says what it is, and counts all of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/list_collectors.hpp>
#include <curtail/receive/message/rows_collector.hpp>
#include <curtail/receive/message/schema_collector.hpp>

namespace curtail::inline v0::detail {

// The layouts, by the names that pandas gives them:
//   records  [{name: cell}]
//   values   [[cell]]
//   split    {"columns": [name], "index": […], "data": [[cell]]}
//   tight    the same with "index_names" and "column_names"
//   table    {"schema": {"fields": [{"name": name}], "primaryKey": […]}, "data": [{name: cell}]}
// Beside these parts there may be single values and objects, such as "dtypes": columns of a table are all lists or all
// objects.
// In any other object, nothing says whether its keys are columns or rows, and a list of single values may be a column
// or a row. Such a value is unclear(), and so is one whose parts do not fit together: it is counted and described.
// present(), rows and names are those of a readable table, as far as it was read.
class TableCollector {
    enum class Part : std::uint8_t { none, rows, columns, schema, index_names, members };

    [[nodiscard]] bool in_part() const noexcept { return part_ != Part::none && level_ > (is_object_ ? 1U : 0U); }

    // Calls `act` with the collector of the current part.
    template <class Act>
    auto with_part(Act act) {
        switch (part_) {
            case Part::columns: return act(columns_);
            case Part::schema: return act(schema_);
            case Part::index_names: return act(index_names_);
            default: return act(rows_);
        }
    }

  public:
    CollectorAnswer value(JsonKind kind, const KeyText& key, Limits& limits) {
        if (level_ == 0) {
            is_object_ = kind == JsonKind::object;
            part_ = is_object_ ? Part::none : Part::rows;
            return is_object_ ? CollectorAnswer::enter : rows_.value(kind, key, limits);
        }
        if (!in_part()) return begin_member(kind, key, limits);
        if (part_ == Part::members) return CollectorAnswer::skip_rest;
        return with_part([&](auto& part) { return part.value(kind, key, limits); });
    }

    void cell(SampleCell&& cell, Limits& limits) {
        with_part([&](auto& part) { part.cell(std::move(cell), limits); });
    }

    void enter() {
        ++level_;
        if (in_part() && part_ != Part::members) with_part([](auto& part) { part.enter(); });
    }

    void leave(Limits& limits) {
        if (in_part() && part_ != Part::members) with_part([&](auto& part) { part.leave(limits); });
        --level_;
        whole_ = level_ == 0;
        if (level_ == 1 && is_object_) end_member();
    }

    void skipped(std::uint64_t count) {
        if (part_ == Part::members) {
            members_ += count;
        } else {
            with_part([&](auto& part) { part.skipped(count); });
        }
    }

    [[nodiscard]] bool present() const noexcept {
        if (!rows_.present() || !rows_.uniform()) return false;
        if (!is_object_) return true;
        if (foreign_) return false;
        if (whole_ && indexed_ && index_ != rows_.rows_seen()) return false;
        if (!columns_.present()) return schema_.has_fields() && !rows_.has_arrays();
        if (rows_.has_objects()) return false;
        // In a table every row has a cell for each column. In an object of columns, cells that are lists may have any
        // length.
        const bool measured = whole_ && rows_.has_arrays() && !rows_.rows().empty();
        return !measured || (rows_.narrowest() == columns_.total() && rows_.widest() == columns_.total());
    }
    [[nodiscard]] bool whole() const noexcept { return whole_ && present(); }

    // Returns true if the value is not a table in a layout above.
    [[nodiscard]] bool unclear() const noexcept {
        const bool certain = whole_ || foreign_ || extra_ != 0 || !rows_.uniform();
        return certain && !present() && (is_object_ || rows_.present());
    }

    // Returns what the value is if it is unclear(): "an object of 2 keys ("age", "city") with 3 values each, which may
    // be columns or rows".
    [[nodiscard]] std::string description() const {
        if (!is_object_) return description_of_list();
        std::string keys;
        for (const std::string& key : first_keys_) keys = concat({keys, keys.empty() ? " (\"" : ", \"", key, "\""});
        if (!keys.empty()) keys += keys_ > first_keys_.size() ? ", \xE2\x80\xA6)" : ")";
        ShortText values;
        if (most_ > 0) {
            const ShortText from = fewest_ == most_ ? ShortText() : ShortText{count_text(fewest_), " to "};
            values = {" with ", from, count_text(most_), most_ == 1 && fewest_ == 1 ? " value" : " values",
                      keys_ > 1 && fewest_ == most_ ? " each" : ""};
        }
        const bool parts = !foreign_ && columns_.present() && !rows_.has_bare_cells();
        return concat({"an object of ", count_text(keys_), keys_ == 1 ? " key" : " keys", keys, values,
                       parts ? ", which do not fit together" : ", which may be columns or rows"});
    }

    // Return how many keys of a table are not part of its layout, and the first of them.
    [[nodiscard]] std::uint64_t extra_keys() const noexcept { return present() ? extra_ : 0; }
    [[nodiscard]] const std::string& first_extra_key() const noexcept { return first_extra_; }

    [[nodiscard]] const RowsCollector& rows() const noexcept { return rows_; }
    [[nodiscard]] std::uint64_t rows_seen() const noexcept { return present() ? rows_.rows_seen() : 0; }

    // Returns the names in "columns", or those in the schema that are not the index.
    [[nodiscard]] std::vector<std::string> listed() const {
        if (!present()) return {};
        return columns_.present() ? columns_.texts() : schema_.columns();
    }
    // Returns how many names there are, kept or not.
    [[nodiscard]] std::uint64_t listed_total() const noexcept {
        if (!present()) return 0;
        return columns_.present() ? columns_.total() : schema_.total() - schema_.index_fields();
    }

    // Returns the keys of the rows that are the table's index.
    [[nodiscard]] std::vector<std::string> index_columns() const {
        return present() ? schema_.index_keys() : std::vector<std::string>();
    }

    // Returns the names of the table's index that somebody gave: not null, "index" or "level_0".
    [[nodiscard]] std::vector<std::string> index_names() const {
        std::vector<std::string> names;
        if (!present()) return names;
        for (const std::string& name : index_names_.present() ? index_names_.texts() : schema_.primary_key()) {
            const std::string_view text = name;
            if (!text.empty() && text != "index" && !text.starts_with("level_")) names.push_back(concat({text}));
        }
        return names;
    }

  private:
    static constexpr std::size_t max_first_keys = 3;
    static constexpr std::size_t max_first_key_bytes = 32;

    [[nodiscard]] std::string description_of_list() const {
        const std::uint64_t seen = rows_.rows_seen();
        if (rows_.has_objects() || rows_.has_arrays()) {
            return concat({"a list of ", count_text(seen), " different things"});
        }
        return concat({"a list of ", count_text(seen), seen == 1 ? " single value" : " single values",
                       ", which may be a column or a row"});
    }

    // Begins a member of the object. Of equal keys the last wins.
    CollectorAnswer begin_member(JsonKind kind, const KeyText& key, Limits& limits) {
        const bool array = kind == JsonKind::array;
        ++keys_;
        if (first_keys_.size() < max_first_keys && !limits.spent()) {
            const std::string_view begin = utf8_prefix(key.text, max_first_key_bytes);
            first_keys_.push_back(concat({begin, begin.size() < key.text.size() ? ellipsis : ""}));
            limits.spend(first_keys_.back());
        }
        part_ = Part::members;
        members_ = 0;
        if (!foreign_) choose_part(kind, key.text);
        if (part_ != Part::members) return with_part([&](auto& part) { return part.value(kind, key, limits); });
        if (array || kind == JsonKind::object) return CollectorAnswer::enter;
        // A single value under a key.
        note_size(1);
        return CollectorAnswer::skip;
    }

    // Finds out which part of a layout begins, if any.
    void choose_part(JsonKind kind, std::string_view key) {
        const bool array = kind == JsonKind::array;
        index_begins_ = false;
        if (array && key == "data") {
            rows_ = {};
            part_ = Part::rows;
        } else if (array && key == "columns") {
            columns_ = {};
            part_ = Part::columns;
        } else if (kind == JsonKind::object && key == "schema") {
            schema_ = {};
            part_ = Part::schema;
        } else if (array && key == "index_names") {
            index_names_ = {};
            part_ = Part::index_names;
        } else if (array && key == "index") {
            index_begins_ = true;
        } else if (array ? key != "column_names" : is_part(key)) {
            foreign_ = true;
        } else if (!array && extra_++ == 0) {
            first_extra_ = utf8_prefix(key, max_first_key_bytes);
        }
    }

    [[nodiscard]] static bool is_part(std::string_view key) noexcept {
        return key == "data" || key == "columns" || key == "schema" || key == "index" || key == "index_names" ||
               key == "column_names";
    }

    void end_member() {
        switch (part_) {
            case Part::rows: return note_size(rows_.rows_seen());
            case Part::columns: return note_size(columns_.total());
            case Part::index_names: return note_size(index_names_.total());
            case Part::schema:
                if (schema_.has_fields()) return note_size(schema_.total());
                foreign_ = true;
                return;
            default:
                if (index_begins_) index_ = members_;
                indexed_ = indexed_ || index_begins_;
                index_begins_ = false;
                note_size(members_);
        }
    }

    void note_size(std::uint64_t size) noexcept {
        fewest_ = (std::min)(fewest_, size);
        most_ = (std::max)(most_, size);
    }

    RowsCollector rows_;
    TextListCollector columns_;
    TextListCollector index_names_;
    SchemaCollector schema_;
    std::vector<std::string> first_keys_;
    std::string first_extra_;
    std::uint64_t extra_ = 0;    // keys of the object that are neither part of a layout nor a list
    std::uint64_t keys_ = 0;     // of the object
    std::uint64_t members_ = 0;  // of the current member that is not a part
    std::uint64_t index_ = 0;    // length of "index"
    std::uint64_t fewest_ = UINT64_MAX;
    std::uint64_t most_ = 0;  // values under a key
    std::size_t level_ = 0;
    Part part_ = Part::none;  // the current one
    bool is_object_ = false;
    bool indexed_ = false;  // "index" was read
    bool index_begins_ = false;
    bool foreign_ = false;  // the object has a member that is part of no layout
    bool whole_ = false;
};

}  // namespace curtail::inline v0::detail
