// SPDX-License-Identifier: MIT
#pragma once
// A row of kept cells, and the same pack_row into one string: a cell takes 24 bytes and more, pack_row a few.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/sample/kept_cell.hpp>

namespace curtail::inline v0::detail {

struct KeptRow {
    std::vector<KeptCell> features;  // the first so many
    std::vector<KeptCell> predictions;

    friend bool operator==(const KeptRow&, const KeptRow&) = default;
};

// Seven bits a byte, the lowest first.
inline void pack_number(std::string& out, std::uint64_t number) {
    for (; number >= 128; number >>= 7U) out.push_back(static_cast<char>(number | 128U));
    out.push_back(static_cast<char>(number));
}

[[nodiscard]] inline std::uint64_t unpack_number(std::string_view& in) noexcept {
    std::uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(in.front());
        in.remove_prefix(1);
        number |= std::uint64_t{byte & 127U} << shift;
        if (byte < 128) return number;
    }
}

inline void pack_cells(std::string& out, const std::vector<KeptCell>& cells) {
    pack_number(out, cells.size());
    for (const KeptCell& cell : cells) {
        const auto kind = static_cast<unsigned>(cell.kind);
        out.push_back(static_cast<char>(kind * 4 + (cell.whole ? 2U : 0U) + (cell.exact ? 1U : 0U)));
        pack_number(out, cell.text.size());
        out += cell.text;
        if (cell.kind == SampleCell::Kind::text) pack_number(out, cell.bytes);
    }
}

[[nodiscard]] inline std::vector<KeptCell> unpack_cells(std::string_view& in) {
    std::vector<KeptCell> cells(static_cast<std::size_t>(unpack_number(in)));
    for (KeptCell& cell : cells) {
        const auto head = static_cast<unsigned char>(in.front());
        in.remove_prefix(1);
        cell.kind = static_cast<SampleCell::Kind>(head / 4);
        cell.whole = (head & 2U) != 0;
        cell.exact = (head & 1U) != 0;
        const auto size = static_cast<std::size_t>(unpack_number(in));
        cell.text = in.substr(0, size);
        in.remove_prefix(size);
        if (cell.kind == SampleCell::Kind::text) cell.bytes = unpack_number(in);
    }
    return cells;
}

[[nodiscard]] inline std::string pack_row(const KeptRow& row) {
    std::string out;
    detail::pack_cells(out, row.features);
    detail::pack_cells(out, row.predictions);
    out.shrink_to_fit();
    return out;
}

// `text` is what pack_row() gave.
[[nodiscard]] inline KeptRow unpack_row(std::string_view text) {
    std::vector<KeptCell> features = detail::unpack_cells(text);
    return {std::move(features), detail::unpack_cells(text)};
}

}  // namespace curtail::inline v0::detail
