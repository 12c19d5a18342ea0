// SPDX-License-Identifier: MIT
// Feeds CsvArtifact any bytes as a file, plain or compressed, and its metadata any text: it must read them or throw
// InputError with a reason, and hold to its promises in between.
// Build: clang++ -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Iinclude tests/fuzz/csv_artifact_fuzz.cpp
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <curtail/artifact/csv/metadata.hpp>
#include <curtail/artifact/csv_artifact.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/gzip/inflate.hpp>
#include <curtail/artifact/index/number_text_list.hpp>
#include <curtail/artifact/page/description_reader.hpp>
#include <curtail/artifact/pair/content_hash.hpp>
#include <curtail/artifact/pair/description.hpp>
#include <curtail/core/error.hpp>

#include "input.hpp"

namespace {

// Rows must come in order, whole, and no more than there are.
struct Receiver final : curtail::PageReceiver {
    explicit Receiver(std::size_t columns, std::uint64_t first) : width(columns), next(first) {}
    void begin_row(std::uint64_t number) override { require(number == next++ && cells == 0); }
    std::size_t text_limit() override { return 100; }
    void cell(const curtail::Cell& cell, std::uint64_t bytes) override {
        ++cells;
        const auto* const text = std::get_if<std::string_view>(&cell);
        // As many bytes are kept as a number can have, and one character.
        require(text == nullptr || (text->size() <= curtail::detail::max_fixed_chars + 4 && bytes >= text->size()));
    }
    bool end_row() override {
        require(cells == width);
        cells = 0;
        return true;
    }

    std::size_t width;
    std::uint64_t next;
    std::size_t cells = 0;
};

const std::string& path() {
    static const std::string path = "/tmp/curtail_fuzz_" + std::to_string(::getpid()) + ".csv";
    return path;
}

void read_pages(const curtail::CsvArtifactOptions& options, std::uint64_t first) {
    try {
        const curtail::CsvArtifact artifact(path(), options);
        std::vector<std::size_t> columns(artifact.schema().size());
        std::iota(columns.begin(), columns.end(), std::size_t{0});
        for (const std::uint64_t from : {std::uint64_t{0}, first % (artifact.rows() + 1), artifact.rows()}) {
            Receiver receiver(columns.size(), from);
            artifact.read_page(from, 3, columns, receiver);
            require(receiver.next - from == (artifact.rows() - from < 3 ? artifact.rows() - from : 3));
        }
    } catch (const curtail::InputError& error) {
        require(!std::string_view(error.what()).ends_with(": "));  // refused with a reason
    }
}

// Writes metadata that describe the file, with any index and any number of rows.
void describe(std::string_view file, std::string_view index, std::uint64_t rows, bool compressed) {
    using namespace curtail::detail;
    std::string starts;
    for (const char c : index) starts += vlq_digits[static_cast<unsigned char>(c) % 64U];
    curtail::ArtifactInfo info{.path = path(), .format = "csv", .rows = rows, .bytes = file.size()};
    if (compressed) info.uncompressed_bytes = 200'000;
    const curtail::Schema schema({{"a", {curtail::CellKind::int64}}, {"b"}}, 1);
    const curtail::CsvDialect dialect{.header = rows % 2 == 0};
    ContentHash hash;
    hash.update(file);
    const std::string text = csv_metadata(schema, dialect, info, "x.csv", {starts, compressed ? starts : ""});
    std::ofstream(path() + "-metadata.json")
        << with_identifier(text, file_identifier(FileEntry{.bytes = file.size()}, hash.value()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view bytes = bytes_of(data, size).substr(2);
    // As metadata, and as the deflated part of a member.
    (void)curtail::detail::read_description_text(bytes);
    std::string room(std::size_t{data[1]} * 16, '\0');
    (void)curtail::detail::inflate(bytes, room);
    std::ofstream(path(), std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    curtail::CsvArtifactOptions options{.threads = 1U + data[0] % 2U};
    if (data[0] % 3 == 1) options.dialect = curtail::CsvDialect{.separator = ';', .quote = '\'', .header = false};
    if (data[0] % 3 == 2) options.dialect = curtail::CsvDialect::excel();
    std::error_code ignored;
    if (data[0] >= 0x80U && !options.dialect) {
        describe(bytes, bytes.substr(0, data[1] % 16U), data[1], data[0] % 2U != 0);
        read_pages(options, data[1]);
        std::filesystem::remove(path() + "-metadata.json", ignored);
    }
    read_pages(options, data[1]);
    std::filesystem::remove(path(), ignored);
    return 0;
}
