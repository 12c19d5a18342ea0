// SPDX-License-Identifier: MIT
#pragma once
// Sample rows as bytes, and checked rows of any bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/json_number.hpp>
#include <curtail/payload/sample/kept_cell.hpp>

namespace curtail::inline v0::detail {

// How good a row is by the sample's strategy, and its number in the table.
struct RowPlace {
    std::uint64_t rank = 0;  // the lower, the better; of equal ranks the lower number is better
    std::uint64_t number = 0;
};

// A row of a sample.
struct RankedRow : RowPlace {
    KeptRow cells;
};

// What the first byte of a packed cell says. Low bits: the kind.
inline constexpr std::uint8_t packed_true = 8;       // of a boolean
inline constexpr std::uint8_t packed_cut = 8;        // of a text, as are those below
inline constexpr std::uint8_t packed_exact = 16;     // never cut
inline constexpr std::uint8_t packed_replaced = 32;  // some bytes of the original are not UTF-8

inline void pack_cell(Packer& packer, const KeptCell& cell) {
    auto head = static_cast<std::uint8_t>(cell.kind);
    if (cell.kind == SampleCell::Kind::boolean && cell.text == "true") head |= packed_true;
    const bool replaced = cell.first_replaced != none_replaced;
    if (cell.kind == SampleCell::Kind::text) {
        head |= static_cast<std::uint8_t>((cell.whole ? 0 : packed_cut) | (cell.exact ? packed_exact : 0) |
                                          (replaced ? packed_replaced : 0));
    }
    packer.number(head);
    if (cell.kind == SampleCell::Kind::number || cell.kind == SampleCell::Kind::text) packer.text(cell.text);
    if (cell.kind != SampleCell::Kind::text) return;
    if (replaced) packer.number(cell.first_replaced);
    if (replaced || !cell.whole) packer.number(cell.bytes);
}

[[nodiscard]] inline KeptCell unpack_text(Unpacker& in, std::uint64_t head) {
    KeptCell cell;
    cell.kind = SampleCell::Kind::text;
    cell.whole = (head & packed_cut) == 0;
    cell.exact = (head & packed_exact) != 0;
    const std::string_view text = in.text();
    in.expect(is_utf8(text), "a text that is not UTF-8");
    cell.text = text;
    const bool replaced = (head & packed_replaced) != 0;
    if (replaced) {
        in.expect(!text.empty(), "a character that is not there");
        cell.first_replaced =
            static_cast<std::uint32_t>(in.number((std::min)(text.size() - 1, std::size_t{none_replaced - 1})));
    }
    cell.bytes = replaced || !cell.whole ? in.rows() : text.size();
    // A byte that is not UTF-8 becomes three.
    in.expect(cell.bytes >= text.size() / (replaced ? 3 : 1), "a text that is longer than it was");
    in.expect(!cell.exact || (cell.whole && cell.bytes <= max_exact_bytes), "a long text that must not be cut");
    return cell;
}

[[nodiscard]] inline KeptCell unpack_cell(Unpacker& in) {
    const std::uint64_t head = in.number(packed_replaced * 2 - 1);
    const auto kind = static_cast<SampleCell::Kind>(head & 7U);
    if (kind == SampleCell::Kind::text) return unpack_text(in, head);
    KeptCell cell;
    cell.kind = kind;
    switch (kind) {
        case SampleCell::Kind::null: cell.text = "null"; break;
        case SampleCell::Kind::boolean: cell.text = (head & packed_true) != 0 ? "true" : "false"; break;
        case SampleCell::Kind::number:
            cell.text = in.text();
            in.expect(is_json_number(cell.text), "a text that is not a number");
            break;
        default: in.fail("a cell of no known kind");
    }
    in.expect(head <= (kind == SampleCell::Kind::boolean ? packed_true | 7U : 7U), "a cell of no known kind");
    return cell;
}

inline void pack_row(Packer& packer, const RankedRow& row) {
    packer.word(row.rank);
    packer.number(row.number);
    packer.number(row.cells.features.size());
    for (const KeptCell& cell : row.cells.features) pack_cell(packer, cell);
    for (const KeptCell& cell : row.cells.predictions) pack_cell(packer, cell);
}

// `max_features` is how many columns can be shown, and `predictions` how many there are.
[[nodiscard]] inline RankedRow unpack_row(Unpacker& in, std::size_t max_features, std::size_t predictions) {
    RankedRow row;
    row.rank = in.word();
    row.number = in.rows();
    const std::size_t features = in.count(1, max_features);
    row.cells.features.reserve(features);
    for (std::size_t i = 0; i < features; ++i) row.cells.features.push_back(unpack_cell(in));
    in.expect(predictions <= in.left(), "it is cut off");
    row.cells.predictions.reserve(predictions);
    for (std::size_t i = 0; i < predictions; ++i) row.cells.predictions.push_back(unpack_cell(in));
    return row;
}

}  // namespace curtail::inline v0::detail
