// SPDX-License-Identifier: MIT
#pragma once
// One rank's share of the records of a CSV file that all ranks can read.

#include <mpi.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The header, and the bytes from `begin` to `end` of the file, which are whole records.
struct CsvSlice {
    std::string header;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t first_row = 0;  // the records before it
};

// What a rank sees of its bytes before it knows whether they begin inside of quotes.
struct SliceScan {
    unsigned char odd_quotes = 0;            // 1 if it has an odd number of them
    std::uint64_t begins[2] = {none, none};  // the first record, if its bytes begin outside and inside of quotes
    std::uint64_t records[2] = {};           // how many begin in it, in the same two cases
    static constexpr std::uint64_t none = UINT64_MAX;
};

inline std::ifstream open_csv(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(path + ": cannot be opened");
    return in;
}

// The record with the names and its line end, and the byte behind it.
struct CsvHeader {
    std::string text;
    std::uint64_t end = 0;
};

// Returns true for a record that CsvInput passes over before the names: a blank line, or one that names the comma.
inline bool is_passed_over(std::string_view record) {
    if (record.starts_with("\xEF\xBB\xBF")) record.remove_prefix(3);
    record = record.substr(0, record.find_last_not_of("\r\n") + 1);
    if (record.size() == 7 && record.front() == '"' && record.back() == '"') record = record.substr(1, 5);
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    constexpr std::string_view hint = "sep=,";
    return record.empty() || std::equal(record.begin(), record.end(), hint.begin(), hint.end(),
                                        [&](char a, char b) { return lower(a) == b; });
}

// Returns no text for a file without names.
inline CsvHeader read_header(const std::string& path) {
    std::ifstream in = open_csv(path);
    CsvHeader header;
    bool quoted = false;
    for (char c = 0; in.get(c);) {
        header.text += c;
        ++header.end;
        quoted = quoted != (c == '"');
        if (c != '\n' || quoted) continue;
        if (!is_passed_over(header.text)) break;
        header.text.clear();
    }
    return header;
}

// Looks for records that begin in [first, last): behind a line end that is not inside of quotes. As CsvInput does,
// counts a blank line only in a table of one column, where it is a null.
inline SliceScan scan_slice(const std::string& path, std::uint64_t first, std::uint64_t last, bool counts_blank) {
    SliceScan scan;
    std::ifstream in = open_csv(path);
    in.seekg(static_cast<std::streamoff>(first - 1));
    std::vector<char> block(std::size_t{1} << 18U);
    bool line_ended[2] = {};
    // From the byte before the first to the last one, which is the next share's to look for quotes and line ends.
    for (std::uint64_t at = first - 1; first != last && at < last;) {
        const auto size = static_cast<std::size_t>((std::min)(last - at, std::uint64_t{block.size()}));
        if (!in.read(block.data(), static_cast<std::streamsize>(size))) throw std::runtime_error(path + ": ends early");
        for (std::size_t i = 0; i < size; ++i) {
            const bool blank = block[i] == '\n' || block[i] == '\r';
            for (const std::size_t how : {std::size_t{0}, std::size_t{1}}) {
                if (std::exchange(line_ended[how], false) && (counts_blank || !blank)) ++scan.records[how];
            }
            if (at + i + 1 == last) break;
            if (block[i] == '"') scan.odd_quotes ^= 1U;
            if (block[i] != '\n') continue;
            line_ended[scan.odd_quotes] = true;
            std::uint64_t& begin = scan.begins[scan.odd_quotes];
            if (begin == SliceScan::none) begin = at + i + 1;
        }
        at += size;
    }
    return scan;
}

// Returns true if the header has one name.
inline bool has_one_column(const std::string& header) {
    bool quoted = false;
    return std::none_of(header.begin(), header.end(), [&](char c) {
        quoted = quoted != (c == '"');
        return c == ',' && !quoted;
    });
}

// Says that this rank's share is not known, because another rank could not read its own.
struct OtherRankFailed : std::exception {};

// Divides the file among all ranks, each of which must call it. Each reads its share once; whether that begins inside
// of quotes depends on the quotes of all ranks before. Throws what went wrong in this rank, or else OtherRankFailed if
// something went wrong in another one, after all ranks have met.
inline CsvSlice divide_csv(const std::string& path, int rank, int ranks) {
    CsvSlice slice;
    SliceScan scan;
    std::exception_ptr failure;
    std::uint64_t size = 0;
    try {
        CsvHeader header = read_header(path);
        slice.header = std::move(header.text);
        size = std::filesystem::file_size(path);
        const auto border = [&](int of) {
            const std::uint64_t rows = size - header.end;
            const auto count = static_cast<std::uint64_t>(ranks);
            return header.end + rows / count * static_cast<std::uint64_t>(of) +
                   rows % count * static_cast<std::uint64_t>(of) / count;
        };
        if (!slice.header.empty()) {
            scan = scan_slice(path, border(rank), border(rank + 1), has_one_column(slice.header));
        }
    } catch (...) {
        failure = std::current_exception();
    }
    unsigned char quoted = 0;
    MPI_Exscan(&scan.odd_quotes, &quoted, 1, MPI_UNSIGNED_CHAR, MPI_BXOR, MPI_COMM_WORLD);
    if (rank == 0) quoted = 0;
    MPI_Exscan(&scan.records[quoted], &slice.first_row, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    if (rank == 0) slice.first_row = 0;
    std::vector<std::uint64_t> begins(static_cast<std::size_t>(ranks));
    MPI_Allgather(&scan.begins[quoted], 1, MPI_UINT64_T, begins.data(), 1, MPI_UINT64_T, MPI_COMM_WORLD);
    int failed = failure ? 1 : 0;
    MPI_Allreduce(MPI_IN_PLACE, &failed, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    if (failure) std::rethrow_exception(failure);
    if (failed != 0) throw OtherRankFailed();
    // A rank in whose share no record begins has none.
    slice.begin = slice.end = (std::min)(begins[static_cast<std::size_t>(rank)], size);
    if (slice.begin == size) return slice;
    slice.end = size;
    for (auto next = begins.rbegin(); next != begins.rend() - rank - 1; ++next)
        slice.end = (std::min)(slice.end, *next);
    return slice;
}

// Returns a function for CsvInput, which reads the header and then the slice.
inline auto read_slice(const std::string& path, CsvSlice slice) {
    auto in = std::make_shared<std::ifstream>(open_csv(path));
    in->seekg(static_cast<std::streamoff>(slice.begin));
    return [in, slice = std::move(slice), header_read = std::size_t{0}](std::span<char> to) mutable -> std::size_t {
        if (header_read < slice.header.size()) {
            const std::size_t size = (std::min)(to.size(), slice.header.size() - header_read);
            std::copy_n(slice.header.data() + header_read, size, to.data());
            header_read += size;
            return size;
        }
        const std::uint64_t size = (std::min)(std::uint64_t{to.size()}, slice.end - slice.begin);
        in->read(to.data(), static_cast<std::streamsize>(size));
        if (static_cast<std::uint64_t>(in->gcount()) != size) throw std::runtime_error("the file became shorter");
        slice.begin += size;
        return static_cast<std::size_t>(size);
    };
}
