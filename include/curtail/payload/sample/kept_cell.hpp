// SPDX-License-Identifier: MIT
#pragma once
// A cell of the sample before it is decided how much of it is shown, and the class that makes it of a table's cell.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/json_number.hpp>
#include <curtail/payload/sample/water_level.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>
#include <curtail/table/cell/verbatim.hpp>

namespace curtail::inline v0::detail {

// No text cell is cut to fewer bytes of the message than this: enough to tell cells apart.
inline constexpr std::size_t cell_floor_bytes = 32;

// A cut cell can be this many bytes shorter than its cap. The ellipsis takes 3 of them, and the first character that is
// left out takes up to 7 bytes in the message.
inline constexpr std::size_t max_cut_shortfall = 10;

inline constexpr std::uint32_t none_replaced = static_cast<std::uint32_t>(-1);

// A cell of the sample before it is decided how much of it is shown.
struct KeptCell {
    SampleCell::Kind kind = SampleCell::Kind::null;
    bool whole = true;   // false: `text` is the beginning of something longer
    bool exact = false;  // a number or a time that only text can hold: shown whole or not at all
    // The position in `text` of the first U+FFFD that stands for bytes that are not UTF-8.
    std::uint32_t first_replaced = none_replaced;
    std::string text;         // valid UTF-8
    std::uint64_t bytes = 0;  // the size of the original text

    [[nodiscard]] bool cuttable() const noexcept { return kind == SampleCell::Kind::text && !exact; }

    // Returns the fewest bytes that the cell takes in any message.
    [[nodiscard]] std::size_t min_message_bytes() const noexcept {
        if (kind != SampleCell::Kind::text) return text.size();
        return 2 + (exact ? text.size() : (std::min)(text.size(), cell_floor_bytes - max_cut_shortfall));
    }

    friend bool operator==(const KeptCell&, const KeptCell&) = default;
};

// A row of kept cells: the first features of a row, or all, and all of its predictions.
struct KeptRow {
    std::vector<KeptCell> features;
    std::vector<KeptCell> predictions;
};

// Makes kept cells. All their texts together take about as many bytes as were given; a cell that comes early can be
// kept longer than one that comes late.
class CellKeeper {
  public:
    // Numbers and times of up to max_exact_bytes are never cut, even if that takes more than `max_bytes`. A text that
    // was kept elsewhere is not cut below `floor` bytes.
    explicit CellKeeper(std::size_t max_bytes, std::size_t floor = 0)
        : max_bytes_(max_bytes), level_(max_bytes), floor_(floor) {}

    [[nodiscard]] KeptCell keep(const Cell& value) {
        KeptCell cell;
        visit_cell(value, [&](const auto& plain) { fill(cell, plain); });
        return cell;
    }
    // Keeps as much of a cell that was kept elsewhere as would be kept of the original, or all if it has less.
    [[nodiscard]] KeptCell keep(const KeptCell& kept) {
        count(kept);
        if (!kept.cuttable()) return kept;
        const std::string_view text = utf8_prefix(kept.text, max_kept());
        const bool whole = kept.whole && text.size() == kept.text.size();
        return {kept.kind, whole, false, kept.first_replaced, std::string(text), kept.bytes};
    }

    // Returns the most bytes that would be kept of a text that comes now.
    [[nodiscard]] std::size_t max_kept() const noexcept { return (std::max)(level_.max_kept(), floor_); }

    // Forgets all cells.
    void clear() { level_ = WaterLevel(max_bytes_); }
    // Counts a cell that is kept already.
    void count(const KeptCell& cell) {
        if (cell.kind == SampleCell::Kind::text) level_.add(static_cast<std::size_t>(cell.bytes));
    }

  private:
    static void cut(KeptCell& cell, std::size_t size) {
        if (cell.text.size() <= size) return;
        cell.text.resize(utf8_prefix(cell.text, size).size());
        cell.text.shrink_to_fit();
        cell.whole = false;
    }

    void fill(KeptCell& cell, Null) { cell.text = "null"; }
    void fill(KeptCell& cell, bool value) {
        cell.kind = SampleCell::Kind::boolean;
        cell.text = value ? "true" : "false";
    }
    template <class Integer>
    requires std::is_integral_v<Integer>
    void fill(KeptCell& cell, Integer value) {
        cell.kind = SampleCell::Kind::number;
        cell.text = number_text(value);
    }
    template <class Float>
    requires std::is_floating_point_v<Float>
    void fill(KeptCell& cell, Float value) {
        if (!fill_number(cell, json_number(value))) fill(cell, Null{});
    }
    void fill(KeptCell& cell, const Decimal& value) {
        if (!fill_number(cell, json_number(value.digits))) fill_exact(cell, value.digits);
    }
    void fill(KeptCell& cell, std::string_view text) { fill_text(cell, text, 0); }
    void fill(KeptCell& cell, const Bytes& value) {
        // Spells out no more of a gigabyte of bytes than could be kept. Each byte takes two digits.
        const std::size_t size = (std::min)(value.data.size(), max_bytes_);
        fill(cell, std::string_view(bytes_text({value.data.substr(0, size)})));
        cell.whole = cell.whole && size == value.data.size();
        cell.bytes = 2 + 2 * std::uint64_t{value.data.size()};
    }
    void fill(KeptCell& cell, const Nested& value) { fill(cell, value.json); }
    void fill(KeptCell& cell, const Verbatim& value) {
        visit_meaning(value, [&](const auto& meaning) { fill(cell, meaning); });
    }
    template <TimeForm Time>
    void fill(KeptCell& cell, const Time& value) {
        fill_exact(cell, TimeText(value));
    }

    void fill_text(KeptCell& cell, std::string_view text, std::size_t floor) {
        cell.kind = SampleCell::Kind::text;
        cell.bytes = text.size();
        const std::string_view kept = utf8_prefix(text, (std::max)(level_.add(text.size()), floor));
        cell.text = to_valid_utf8(kept);
        if (cell.text != kept) {
            const auto [original, shown] = std::mismatch(kept.begin(), kept.end(), cell.text.begin(), cell.text.end());
            cell.first_replaced = static_cast<std::uint32_t>(shown - cell.text.begin());
        }
        cell.whole = kept.size() == text.size();
        // A byte that is not UTF-8 becomes three, so the text may be too long by now.
        cut(cell, (std::max)(level_.max_kept(), floor));
    }
    void fill_exact(KeptCell& cell, std::string_view text) {
        fill_text(cell, text, text.size() <= max_exact_bytes ? max_exact_bytes : 0);
        cell.exact = cell.whole && text.size() <= max_exact_bytes;
    }
    // Returns false if there is no number.
    static bool fill_number(KeptCell& cell, std::optional<std::string> number) {
        if (!number) return false;
        cell.kind = SampleCell::Kind::number;
        cell.text = *std::move(number);
        return true;
    }

    std::size_t max_bytes_;
    WaterLevel level_;
    std::size_t floor_;
};

}  // namespace curtail::inline v0::detail
