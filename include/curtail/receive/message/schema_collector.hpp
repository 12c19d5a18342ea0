// SPDX-License-Identifier: MIT
#pragma once
// Collects the names of the columns from the schema that pandas writes in its layout "table".

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/find_text.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/list_collectors.hpp>

namespace curtail::inline v0::detail {

// {"fields": [{"name": …}], "primaryKey": […]}, by the Table Schema of the Data Package standard. The primary key names
// the fields that are pandas' index.
class SchemaCollector {
  public:
    CollectorAnswer value(JsonKind kind, const KeyText& key, const Limits& limits) {
        if (level_ == 0) return kind == JsonKind::object ? CollectorAnswer::enter : CollectorAnswer::skip;
        if (level_ == 1) return begin_member(kind, key, limits);
        if (in_primary_key_) return primary_key_.value(kind, key, limits);
        if (level_ == 3) return key.text == "name" ? CollectorAnswer::name : CollectorAnswer::skip;
        if (kind != JsonKind::object) return CollectorAnswer::skip;
        named_ = false;
        const bool fits = fields_.size() < limits.options.max_columns && !limits.spent();
        return fits ? CollectorAnswer::enter : CollectorAnswer::skip_rest;
    }
    void cell(SampleCell&& cell, Limits& limits) {
        if (in_primary_key_) {
            primary_key_.cell(std::move(cell), limits);
        } else if (std::exchange(named_, true)) {
            limits.refund_text(fields_.back());
            limits.spend_text(cell.text);
            fields_.back() = std::move(cell.text);
        } else {
            limits.spend(cell.text);
            fields_.push_back(std::move(cell.text));
        }
    }
    void enter() {
        ++level_;
        if (in_primary_key_) primary_key_.enter();
    }
    void leave(const Limits& limits) {
        if (--level_ == 0) return;
        if (in_primary_key_) primary_key_.leave(limits);
    }
    void skipped(std::uint64_t count) noexcept {
        if (!in_primary_key_) skipped_ += count;
    }

    [[nodiscard]] bool has_fields() const noexcept { return has_fields_; }
    [[nodiscard]] const std::vector<std::string>& fields() const noexcept { return fields_; }

    // Returns the fields without the index, whose fields are the first of their names: a column may have the name of
    // the index, such as "index".
    [[nodiscard]] std::vector<std::string> columns() const {
        std::vector<std::string> names = fields_;
        for (const std::string& key : primary_key()) {
            const std::size_t found = find_text(names, key);
            if (found < names.size()) names.erase(names.begin() + static_cast<std::ptrdiff_t>(found));
        }
        return names;
    }
    // Returns how many fields are the index.
    [[nodiscard]] std::uint64_t index_fields() const { return fields_.size() - columns().size(); }

    // Returns the keys of the index in the rows. Where a column has the name of the index, pandas numbers the index.
    [[nodiscard]] std::vector<std::string> index_keys() const {
        const std::vector<std::string> names = columns();
        std::vector<std::string> keys = primary_key();
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (has_text(names, keys[i])) keys[i] = concat({"level_", count_text(i)});
        }
        return keys;
    }
    [[nodiscard]] std::uint64_t total() const noexcept { return fields_.size() + skipped_; }
    [[nodiscard]] const std::vector<std::string>& primary_key() const noexcept { return primary_key_.texts(); }

  private:
    CollectorAnswer begin_member(JsonKind kind, const KeyText& key, const Limits& limits) {
        in_primary_key_ = key.text == "primaryKey";
        if (in_primary_key_) {
            primary_key_ = {};
            return primary_key_.value(kind, key, limits);
        }
        if (key.text != "fields" || kind != JsonKind::array) return CollectorAnswer::skip;
        fields_.clear();
        skipped_ = 0;
        has_fields_ = true;
        return CollectorAnswer::enter;
    }

    std::vector<std::string> fields_;
    TextListCollector primary_key_;
    std::uint64_t skipped_ = 0;
    std::size_t level_ = 0;
    bool has_fields_ = false;
    bool in_primary_key_ = false;
    bool named_ = false;  // the current field has a name
};

}  // namespace curtail::inline v0::detail
