// SPDX-License-Identifier: MIT
// Compiled with -ffast-math, which lets the compiler assume that there is no NaN and no infinity. The file has them all
// the same, so CsvSink must tell them by their bits. A program of its own, because the flag holds for a whole program.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/columns.hpp>

namespace {

struct Output {
    std::string* bytes;
    void write(std::span<const char> more) { bytes->append(more.data(), more.size()); }
    void commit() {}
    void abort() noexcept {}
};

// NaN of both signs, the infinities, 1.
const std::uint64_t doubles[] = {0x7FF8000000000000U, 0xFFF800000000BEEFU, 0x7FF0000000000000U, 0xFFF0000000000000U,
                                 0x3FF0000000000000U};
const std::uint32_t floats[] = {0x7FC00000U, 0xFFC00001U, 0x7F800000U, 0xFF800000U, 0x3F800000U};

}  // namespace

int main() {
    std::vector<double> wide(5);
    std::memcpy(wide.data(), doubles, sizeof doubles);
    std::vector<float> narrow(5);
    std::memcpy(narrow.data(), floats, sizeof floats);
    const auto table = curtail::columns(curtail::column("d", wide), curtail::column("f", narrow));
    std::string bytes;
    curtail::CsvSink sink(Output{&bytes});
    sink.open(table.schema());
    sink.append(table);
    sink.finish();
    std::fputs(bytes.c_str(), stdout);
    return bytes == "d,f\nNaN,NaN\nNaN,NaN\ninf,inf\n-inf,-inf\n1.0,1.0\n" ? 0 : 1;
}
