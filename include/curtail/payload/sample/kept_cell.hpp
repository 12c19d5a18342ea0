// SPDX-License-Identifier: MIT
#pragma once
// A cell of the sample before it is decided how much of it is shown, and what makes one of a table's cell.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/compact_text.hpp>
#include <curtail/payload/sample/json_number.hpp>
#include <curtail/payload/sample/water_level.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>

namespace curtail::inline v0::detail {

// The shortest a text cell is ever cut to, in bytes of the message: enough to tell cells apart.
inline constexpr std::size_t cell_floor_bytes = 32;

// Decimals and times up to this length are never cut: a 256-bit decimal has 79 bytes. Longer digits are no number that
// anybody computes with, and bounding them is what the message is for.
inline constexpr std::size_t max_exact_bytes = 80;

// A cell of the sample before it is decided how much of it is shown.
struct KeptCell {
    SampleCell::Kind kind = SampleCell::Kind::null;
    bool whole = true;        // false: `text` is the beginning of something longer
    bool exact = false;       // a number or a time that only text can hold: shown whole or not at all
    CompactText text;         // valid UTF-8
    std::uint64_t bytes = 0;  // size of the original text

    [[nodiscard]] bool cuttable() const noexcept { return kind == SampleCell::Kind::text && !exact; }

    friend bool operator==(const KeptCell&, const KeptCell&) = default;
};

static_assert(sizeof(KeptCell) <= 16 + sizeof(std::uint64_t), "a sample may be half a million cells");

// Makes kept cells, of whose texts together as much is kept as fits `room` bytes; a cell that comes early can be kept
// longer than one that comes late.
class CellKeeper {
  public:
    // With `floored`, no text is cut below cell_floor_bytes and no number or time below max_exact_bytes, whatever room
    // there is.
    explicit CellKeeper(std::size_t room, bool floored = false)
        : room_(room),
          level_(room),
          least_(floored ? cell_floor_bytes : 0),
          least_exact_(floored ? max_exact_bytes : 0) {}

    template <class T>
    [[nodiscard]] KeptCell keep(const T& value) {
        KeptCell cell;
        visit_cell(value, [&](const auto& plain) { fill(cell, plain); });
        return cell;
    }
    // What was kept before, as far as there is room now.
    [[nodiscard]] KeptCell keep(const KeptCell& kept) {
        if (kept.kind != SampleCell::Kind::text) return kept;
        const std::size_t room = (std::max)(level_.add(kept.text.size()), kept.exact ? least_exact_ : least_);
        const std::string_view text = utf8_prefix(kept.text, room);
        const bool all = text.size() == kept.text.size();
        return {kept.kind, kept.whole && all, kept.exact && all, text, kept.bytes};
    }

    // Cuts a cell that was kept when there was more room.
    void recut(KeptCell& cell) const {
        if (cell.cuttable()) cut(cell, (std::max)(level_.most(), least_));
    }

    // Forgets all cells, and what each took of the room.
    void clear() { level_ = WaterLevel(room_); }
    // Counts a cell that is kept already.
    void count(const KeptCell& cell) {
        if (cell.cuttable()) level_.add(static_cast<std::size_t>(cell.bytes));
    }

  private:
    static void cut(KeptCell& cell, std::size_t room) {
        if (cell.text.size() <= room) return;
        cell.text.cut(utf8_prefix(cell.text, room).size());
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
        fill_number(cell, json_number(value));
        if (cell.kind != SampleCell::Kind::number) fill(cell, Null{});
    }
    void fill(KeptCell& cell, const Decimal& value) {
        fill_number(cell, json_number(value.digits));
        if (cell.kind != SampleCell::Kind::number) fill_exact(cell, value.digits);
    }
    void fill(KeptCell& cell, std::string_view text) { fill_text(cell, text, least_); }
    void fill(KeptCell& cell, const Bytes& value) {
        // Two digits a byte: no more of a gigabyte of bytes is spelled out than could be kept.
        const std::size_t room = (std::min)(value.data.size(), (std::max)(room_, least_));
        fill(cell, std::string_view(bytes_text({value.data.substr(0, room)})));
        cell.whole = cell.whole && room == value.data.size();
        cell.bytes = 2 + 2 * static_cast<std::uint64_t>(value.data.size());
    }
    void fill(KeptCell& cell, const Nested& value) { fill(cell, value.json); }
    void fill(KeptCell& cell, const Timestamp& value) {
        fill_short(cell, [&](char* out) { return write_timestamp(out, value); });
    }
    void fill(KeptCell& cell, const Date& value) {
        fill_short(cell, [&](char* out) { return write_date(out, value.days); });
    }
    void fill(KeptCell& cell, const TimeOfDay& value) {
        fill_short(cell, [&](char* out) { return write_time(out, value); });
    }
    void fill(KeptCell& cell, const Duration& value) {
        fill_short(cell, [&](char* out) { return write_duration(out, value); });
    }

    void fill_text(KeptCell& cell, std::string_view text, std::size_t least) {
        cell.kind = SampleCell::Kind::text;
        cell.bytes = text.size();
        const std::size_t room = (std::max)(level_.add(text.size()), least);
        const std::string_view kept = utf8_prefix(text, room);
        cell.text = to_valid_utf8(kept);
        cell.whole = kept.size() == text.size();
        // What is not UTF-8 triples; no more of that than of other text can be shown.
        cut(cell, (std::max)(level_.most(), least));
    }
    template <class Write>
    void fill_short(KeptCell& cell, Write write) {
        char text[max_time_chars];
        fill_exact(cell, std::string_view(text, static_cast<std::size_t>(write(text) - text)));
    }
    void fill_exact(KeptCell& cell, std::string_view text) {
        fill_text(cell, text, text.size() <= max_exact_bytes ? least_exact_ : least_);
        cell.exact = cell.whole && text.size() <= max_exact_bytes;
    }
    static void fill_number(KeptCell& cell, const std::optional<std::string>& number) {
        if (!number) return;
        cell.kind = SampleCell::Kind::number;
        cell.text = *number;
    }

    std::size_t room_;
    WaterLevel level_;
    std::size_t least_;
    std::size_t least_exact_;
};

}  // namespace curtail::inline v0::detail
