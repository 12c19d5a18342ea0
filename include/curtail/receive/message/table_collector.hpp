// SPDX-License-Identifier: MIT
#pragma once
// Collects the first rows of a dataframe in a layout that says what it is, and counts all of them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

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
// In any other object, nothing says whether its keys are columns or rows. It is unclear(): its keys are counted and its
// values are not read. present(), rows and names are those of a readable table, as far as it was read.
class TableCollector {
    enum class Part : std::uint8_t { none, rows, columns, schema };

    [[nodiscard]] bool in_part() const noexcept { return part_ != Part::none && level_ > (is_object_ ? 1U : 0U); }

    // Calls `act` with the collector of the current part.
    template <class Act>
    auto with_part(Act act) {
        switch (part_) {
            case Part::columns: return act(columns_);
            case Part::schema: return act(schema_);
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
        if (in_part()) return with_part([&](auto& part) { return part.value(kind, key, limits); });
        return begin_member(kind, key, limits);
    }

    void cell(SampleCell cell, Limits& limits) {
        with_part([&](auto& part) { part.cell(std::move(cell), limits); });
    }

    void enter() {
        ++level_;
        if (in_part()) with_part([](auto& part) { part.enter(); });
    }

    void leave(Limits& limits) {
        if (in_part()) with_part([&](auto& part) { part.leave(limits); });
        --level_;
        if (level_ == 1 && part_ == Part::schema && !schema_.has_fields()) foreign_ = true;
        whole_ = level_ == 0;
    }

    void skipped(std::uint64_t count) {
        if (in_part()) {
            with_part([&](auto& part) { part.skipped(count); });
        } else {
            keys_ += count;
        }
    }

    [[nodiscard]] bool present() const noexcept {
        if (!is_object_) return rows_.present();
        return !foreign_ && rows_.present() && !rows_.has_bare_cells() && (columns_.present() || schema_.has_fields());
    }
    [[nodiscard]] bool whole() const noexcept { return whole_ && present(); }

    // Returns true for an object that is not a table in a layout above.
    [[nodiscard]] bool unclear() const noexcept { return is_object_ && (whole_ || foreign_) && !present(); }
    [[nodiscard]] std::uint64_t keys() const noexcept { return keys_; }

    [[nodiscard]] const RowsCollector& rows() const noexcept { return rows_; }
    [[nodiscard]] std::uint64_t rows_seen() const noexcept { return present() ? rows_.rows_seen() : 0; }

    // Returns the names in "columns" or in the schema.
    [[nodiscard]] std::vector<std::string> listed() const {
        if (!present()) return {};
        return columns_.present() ? columns_.texts() : schema_.fields();
    }
    // Returns how many names there are, kept or not.
    [[nodiscard]] std::uint64_t listed_total() const noexcept {
        if (!present()) return 0;
        return columns_.present() ? columns_.total() : schema_.total();
    }

    // Returns the names of the columns that are the table's index.
    [[nodiscard]] std::vector<std::string> index_names() const {
        return present() ? schema_.primary_key() : std::vector<std::string>();
    }

  private:
    // Begins a member of the object. Of equal keys the last wins.
    CollectorAnswer begin_member(JsonKind kind, const KeyText& key, Limits& limits) {
        const bool array = kind == JsonKind::array;
        part_ = Part::none;
        if (array && key.text == "data") {
            rows_ = {};
            part_ = Part::rows;
        } else if (array && key.text == "columns") {
            columns_ = {};
            part_ = Part::columns;
        } else if (kind == JsonKind::object && key.text == "schema") {
            schema_ = {};
            part_ = Part::schema;
        } else if (!array || (key.text != "index" && key.text != "index_names" && key.text != "column_names")) {
            foreign_ = true;
        }
        if (foreign_) {
            part_ = Part::none;
            return CollectorAnswer::skip_rest;
        }
        ++keys_;
        if (part_ == Part::none) return CollectorAnswer::skip;
        return with_part([&](auto& part) { return part.value(kind, key, limits); });
    }

    RowsCollector rows_;
    TextListCollector columns_;
    SchemaCollector schema_;
    std::uint64_t keys_ = 0;  // of the object
    std::size_t level_ = 0;
    Part part_ = Part::none;  // the current one
    bool is_object_ = false;
    bool foreign_ = false;  // the object has a member that is part of no layout
    bool whole_ = false;
};

}  // namespace curtail::inline v0::detail
