// SPDX-License-Identifier: MIT
// DLPack tensors of any shape, stride and type: made into a table or refused with a TableError, in no time and memory
// to speak of; and what lies within the elements that there are is read.
#include <curtail/table/tensor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "../table/dlpack_structs.hpp"
#include "input.hpp"

namespace {

std::int64_t number(Input& in) {
    const std::uint8_t choice = in.byte();
    if (choice < 160) return choice % 8;
    if (choice < 200) return -(choice % 8);
    const std::int64_t power = std::int64_t{1} << (choice % 63);
    return choice % 2 == 0 ? power : in.byte() % 2 == 0 ? -power : power - 1;
}

// Returns true if all elements lie within `bytes` bytes.
bool lies_within(const DLTensor& tensor, std::int64_t bytes) {
    __extension__ using Wide = __int128;
    const std::int64_t width = tensor.dtype.bits / 8;
    Wide low = 0;
    Wide high = 0;
    Wide dense = 1;
    for (std::int32_t i = tensor.ndim; i-- > 0;) {
        if (tensor.shape[i] <= 0) return true;
        const Wide stride = tensor.strides != nullptr ? Wide{tensor.strides[i]} : dense;
        dense *= tensor.shape[i];
        const Wide reach = (Wide{tensor.shape[i]} - 1) * stride;
        (reach < 0 ? low : high) += reach;
    }
    const Wide begin = static_cast<Wide>(tensor.byte_offset);
    return low * width + begin >= 0 && (high + 1) * width + begin <= bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input in(data, size);
    constexpr std::int64_t bytes = 256;
    const auto memory = std::make_unique<char[]>(bytes);
    std::array<std::int64_t, 2> shape = {number(in), number(in)};
    std::array<std::int64_t, 2> strides = {number(in), number(in)};
    constexpr std::uint8_t widths[] = {8, 16, 32, 64, 1, 0, 128};
    DLTensor tensor{};
    tensor.data = in.byte() < 250 ? memory.get() : nullptr;
    tensor.device = {in.byte() < 250 ? kDLCPU : kDLCUDA, 0};
    tensor.ndim = in.byte() < 250 ? 1 + in.byte() % 2 : in.byte() - 128;
    tensor.dtype = {static_cast<std::uint8_t>(in.byte() % 8), widths[in.byte() % 7],
                    static_cast<std::uint16_t>(in.byte() < 250 ? 1 : in.byte())};
    tensor.shape = in.byte() < 250 ? shape.data() : nullptr;
    tensor.strides = in.byte() < 128 ? strides.data() : nullptr;
    tensor.byte_offset = in.byte() < 200 ? 0 : static_cast<std::uint64_t>(number(in));
    try {
        const auto table = curtail::matrix(tensor);
        if (table.rows() == 0 || table.schema().size() == 0 || !lies_within(tensor, bytes)) return 0;
        std::size_t cells = 0;
        for (const std::size_t row : {std::size_t{0}, table.rows() - 1}) {
            curtail::visit_row(table, row,
                               [&](const auto& cell) { curtail::visit_cell(cell, [&](const auto&) { ++cells; }); });
        }
        require(cells == 2 * table.schema().size());
    } catch (const curtail::TableError& error) {
        require(error.code() == curtail::ErrorCode::invalid_schema);
    }
    return 0;
}
