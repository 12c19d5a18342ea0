// SPDX-License-Identifier: MIT
#pragma once
// The bytes that a cell of the sample takes in a message, and what of it is shown, under a cap on its bytes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/kept_cell.hpp>

namespace curtail::inline v0::detail {

// A kept cell, which must outlive this, and the size of its text in the message, uncut and without quotes.
struct MeasuredCell {
    const KeptCell* cell;
    std::size_t content;

    // Returns true if the message shows only its beginning. `cap` is the most bytes of a text cell in the message.
    [[nodiscard]] bool cut_at(std::size_t cap) const noexcept {
        return cell->cuttable() && (!cell->whole || content > cap);
    }
};

// Measures and cuts cells for one encoding. A cap is at least as long as the ellipsis.
class CellMeter {
  public:
    explicit CellMeter(JsonMeter meter) noexcept : meter_(meter) {}

    [[nodiscard]] std::vector<MeasuredCell> measured(const std::vector<KeptCell>& cells) const {
        std::vector<MeasuredCell> out;
        out.reserve(cells.size());
        for (const KeptCell& cell : cells) {
            const bool text = cell.kind == SampleCell::Kind::text;
            out.push_back({&cell, text ? meter_.content(cell.text) : cell.text.size()});
        }
        return out;
    }

    // Returns the size of the cell in the message.
    [[nodiscard]] std::size_t size(const MeasuredCell& measured, std::size_t cap) const noexcept {
        if (measured.cell->kind != SampleCell::Kind::text) return measured.content;
        const bool cut = measured.cut_at(cap);
        return meter_.string({}) + (cut ? clip(measured, cap).size + ellipsis.size() : measured.content);
    }

    // Returns true if what is shown of the cell has a replaced byte.
    [[nodiscard]] bool shows_replaced(const MeasuredCell& measured, std::size_t cap) const noexcept {
        const std::uint32_t first = measured.cell->first_replaced;
        return first != none_replaced && (!measured.cut_at(cap) || first < clip(measured, cap).text.size());
    }

    // Returns the first `count` cells as the message shows them.
    [[nodiscard]] SampleRow shown(const std::vector<MeasuredCell>& cells, std::size_t count, std::size_t cap) const {
        SampleRow row;
        row.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const KeptCell& kept = *cells[i].cell;
            SampleCell& cell = row.emplace_back();
            cell.kind = kept.kind;
            if (cells[i].cut_at(cap)) {
                cell.text = std::string(clip(cells[i], cap).text) + std::string(ellipsis);
                cell.cut_from_bytes = kept.bytes;
            } else if (kept.kind != SampleCell::Kind::null) {
                cell.text = kept.text;
            }
        }
        return row;
    }

  private:
    [[nodiscard]] JsonMeter::Prefix clip(const MeasuredCell& measured, std::size_t cap) const noexcept {
        return meter_.prefix(measured.cell->text, cap - ellipsis.size());
    }

    JsonMeter meter_;
};

}  // namespace curtail::inline v0::detail
