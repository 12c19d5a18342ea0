// SPDX-License-Identifier: MIT
#pragma once
// The text of an artifact from any offset on, plain or compressed.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <curtail/artifact/gzip/gzip_layout.hpp>
#include <curtail/artifact/gzip/inflate.hpp>
#include <curtail/artifact/page/byte_view.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/little_endian.hpp>

namespace curtail::inline v0::detail {

// The file behind a text. Offsets of errors are those of the file.
struct Content {
    const ByteView* file = nullptr;
    bool gzip = false;
    // Of a compressed file: where every 16th member begins, in the file.
    std::vector<std::uint64_t> seek_points = {};
    // The same in the text, of a file whose members hold any numbers of bytes; only a scan finds them, and before it
    // the first of both is known. Empty if each member but the last holds gzip_member_bytes.
    std::vector<std::uint64_t> text_points = {};
};

[[nodiscard]] inline bool begins_member(std::string_view bytes) {
    using namespace std::string_view_literals;
    return bytes.substr(0, 4) == "\x1F\x8B\x08\x04"sv && bytes.size() >= 16 &&
           bytes.substr(10, 6) == "\x06\0BC\x02\0"sv;
}

// Returns true if a member follows the one that ends at `offset`. An end in the middle is that of a file which was
// joined to others.
[[nodiscard]] inline bool goes_on(const ByteView& file, std::uint64_t offset) {
    std::array<char, 28> head{};
    return begins_member(std::string_view(head.data(), file.read(offset, head)));
}

// Returns the size of the member that begins with `bytes`, which are those at `offset` and at least its header; 0 for
// the end of the file.
[[nodiscard]] inline std::size_t size_of_member(const ByteView& file, std::string_view bytes, std::uint64_t offset) {
    if (bytes.size() < gzip_end.size()) file.malformed("the compressed file is cut off", file.bytes());
    if (!begins_member(bytes)) {
        file.malformed(offset == 0
                           ? "this is not blocked gzip, as GzipFile and bgzip write it; only of that a page can be "
                             "read: decompress it"
                           : "no member of the compressed file begins here; the file is damaged",
                       offset);
    }
    const std::size_t size = cast_to<std::size_t>(little_endian(bytes.data() + 16, 2)) + 1;
    if (size < gzip_header_bytes + gzip_trailer_bytes) file.malformed("the compressed file is damaged", offset);
    if (size > file.bytes() - offset) file.malformed("the compressed file is cut off", file.bytes());
    const bool end = bytes.substr(0, gzip_end.size()) == gzip_end;
    const bool last = offset + size == file.bytes();
    if (end && !last && !goes_on(file, offset + size)) {
        file.malformed("bytes follow the end of the compressed file", offset);
    }
    if (!end && last) file.malformed("the compressed file is cut off", file.bytes());
    return end && last ? 0 : size;
}

// Returns where the member after the one at `offset` begins, or `offset` itself at the end of the file. Throws
// InputError (malformed_input) if there is no member of blocked gzip at `offset`.
[[nodiscard]] inline std::uint64_t next_member(const ByteView& file, std::uint64_t offset) {
    std::array<char, 28> head{};
    const std::size_t size = file.read(offset, head);
    return offset + size_of_member(file, std::string_view(head.data(), size), offset);
}

// Reads one member after the other, in memory that is used again.
class MemberReader {
  public:
    // Returns what the member at `offset` holds: nothing for an empty member, and nothing at the end of the file, where
    // next() is `offset`. Throws InputError (malformed_input) if its bytes do not have its checksum.
    [[nodiscard]] std::string_view read(const ByteView& file, std::uint64_t offset) {
        raw_.resize(max_gzip_member);
        const std::string_view bytes(raw_.data(), file.read(offset, raw_));
        const std::size_t size = size_of_member(file, bytes, offset);
        next_ = offset + size;
        if (size == 0) return {};
        if (size > bytes.size()) file.malformed("the compressed file is cut off", file.bytes());
        const auto text_size = cast_to<std::size_t>(little_endian(bytes.data() + size - 4, 4));
        if (text_size > max_gzip_member) {
            file.malformed("a member of the compressed file is larger than one of blocked gzip can be", offset);
        }
        text_.resize(text_size);
        const std::span<const char> deflated(raw_.data() + gzip_header_bytes,
                                             size - gzip_header_bytes - gzip_trailer_bytes);
        if (!inflate(deflated, text_) || gzip_crc32(text_) != little_endian(bytes.data() + size - 8, 4)) {
            file.malformed("a member of the compressed file is damaged: its checksum does not agree", offset);
        }
        return {text_.data(), text_.size()};
    }
    // Returns where the next one begins.
    [[nodiscard]] std::uint64_t next() const noexcept { return next_; }

  private:
    std::vector<char> raw_;
    std::vector<char> text_;
    std::uint64_t next_ = 0;
};

// Reads a text piece by piece.
class ContentReader {
  public:
    // Begins at `offset` of the text, which must be in it or its end. Of a compressed file the seek points must be
    // known.
    ContentReader(const Content& content, std::uint64_t offset) : content_(content), at_(offset) {
        if (content.gzip) go_to(offset);
    }

    // Returns the next piece, valid until the next call; nothing at the end.
    [[nodiscard]] std::string_view next() {
        if (!content_.gzip) {
            piece_.resize(65'536);
            const std::size_t size = content_.file->read(at_, piece_);
            at_ += size;
            return {piece_.data(), size};
        }
        for (;;) {
            const std::uint64_t offset = at_;
            std::string_view text = members_.read(*content_.file, offset);
            at_ = members_.next();
            if (at_ == offset) return {};
            const bool even = content_.text_points.empty();
            if (even && short_member_) content_.file->malformed("a member of the compressed file is missing", offset);
            short_member_ = text.size() != gzip_member_bytes;
            if (even && skip_ > text.size())
                content_.file->malformed("the compressed file ends before this row", offset);
            const std::uint64_t skipped = (std::min)(skip_, std::uint64_t{text.size()});
            text.remove_prefix(static_cast<std::size_t>(skipped));
            skip_ -= skipped;
            if (!text.empty()) return text;
        }
    }

  private:
    void go_to(std::uint64_t offset) {
        if (const auto& points = content_.text_points; !points.empty()) {
            const auto behind = std::upper_bound(points.begin() + 1, points.end(), offset);
            at_ = content_.seek_points[static_cast<std::size_t>(behind - points.begin()) - 1];
            skip_ = offset - *(behind - 1);
            return;
        }
        const std::uint64_t member = offset / gzip_member_bytes;
        const std::uint64_t point = member / members_per_seek_point;
        if (point >= content_.seek_points.size()) {
            content_.file->malformed("the compressed file ends before this row", content_.file->bytes());
        }
        at_ = content_.seek_points[static_cast<std::size_t>(point)];
        for (std::uint64_t i = member % members_per_seek_point; i != 0; --i) at_ = next_member(*content_.file, at_);
        skip_ = offset % gzip_member_bytes;
    }

    const Content& content_;
    std::uint64_t at_;           // in the file
    std::uint64_t skip_ = 0;     // of the text from there on
    bool short_member_ = false;  // after which only the end may come
    std::vector<char> piece_;    // of a plain file
    MemberReader members_;
};

}  // namespace curtail::inline v0::detail
