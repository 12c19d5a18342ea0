// SPDX-License-Identifier: MIT
#pragma once
// The text of an artifact from any offset on, plain or compressed.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <curtail/artifact/page/byte_view.hpp>
#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0::detail {

// The file behind a text. Offsets of errors are those of the file.
struct Content {
    const ByteView* file = nullptr;
    bool gzip = false;
    // Of a compressed file: where every 16th member begins, in the file.
    std::vector<std::uint64_t> seek_points = {};
};

// Returns where the member after the one at `offset` begins, or `offset` itself at the end of the file. Throws
// InputError (malformed_input) if there is no member of blocked gzip at `offset`.
[[nodiscard]] std::uint64_t next_member(const ByteView& file, std::uint64_t offset);

// Reads one member after the other, in memory that is used again.
class MemberReader {
  public:
    // Returns what the member at `offset` holds; nothing at the end of the file. Throws InputError (malformed_input) if
    // its bytes are not those that were written: its checksum tells.
    [[nodiscard]] std::string_view read(const ByteView& file, std::uint64_t offset);
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
    ContentReader(const Content& content, std::uint64_t offset);

    // Returns the next piece, valid until the next call; nothing at the end.
    [[nodiscard]] std::string_view next();

  private:
    static constexpr std::size_t plain_piece = 65'536;

    const Content& content_;
    std::uint64_t at_;           // in the file
    std::size_t skip_ = 0;       // of the next member
    bool short_member_ = false;  // after which only the end may come
    std::vector<char> piece_;    // of a plain file
    MemberReader members_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <array>

#include <curtail/artifact/gzip/gzip_layout.hpp>
#include <curtail/artifact/gzip/inflate.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/little_endian.hpp>

namespace curtail::inline v0::detail {

// Returns the size of the member that begins with `bytes`, which are those at `offset` and at least its header.
CURTAIL_INLINE std::size_t size_of_member(const ByteView& file, std::string_view bytes, std::uint64_t offset) {
    using namespace std::string_view_literals;
    if (bytes.size() < gzip_end.size()) file.malformed("the compressed file is cut off", file.bytes());
    const bool blocked = bytes.substr(0, 4) == "\x1F\x8B\x08\x04"sv && bytes.substr(10, 6) == "\x06\0BC\x02\0"sv;
    if (!blocked) {
        file.malformed(offset == 0
                           ? "this is not blocked gzip, as GzipFile and bgzip write it; only of that a page can "
                             "be read"
                           : "no member of the compressed file begins here; the file is damaged",
                       offset);
    }
    const std::size_t size = cast_to<std::size_t>(little_endian(bytes.data() + 16, 2)) + 1;
    if (size < gzip_header_bytes + gzip_trailer_bytes) file.malformed("the compressed file is damaged", offset);
    if (size > file.bytes() - offset) file.malformed("the compressed file is cut off", file.bytes());
    const bool end = bytes.substr(0, gzip_end.size()) == gzip_end;
    if (end && offset + size != file.bytes()) file.malformed("bytes follow the end of the compressed file", offset);
    if (!end && offset + size == file.bytes()) file.malformed("the compressed file is cut off", file.bytes());
    return end ? 0 : size;
}

CURTAIL_INLINE std::uint64_t next_member(const ByteView& file, std::uint64_t offset) {
    std::array<char, 28> head{};
    const std::size_t size = file.read(offset, head);
    return offset + size_of_member(file, std::string_view(head.data(), size), offset);
}

CURTAIL_INLINE std::string_view MemberReader::read(const ByteView& file, std::uint64_t offset) {
    raw_.resize(max_gzip_member);
    const std::string_view bytes(raw_.data(), file.read(offset, raw_));
    const std::size_t size = size_of_member(file, bytes, offset);
    next_ = offset + size;
    if (size == 0) return {};
    if (size > bytes.size()) file.malformed("the compressed file is cut off", file.bytes());
    const auto text_size = cast_to<std::size_t>(little_endian(bytes.data() + size - 4, 4));
    if (text_size == 0 || text_size > gzip_member_bytes) {
        file.malformed("a member of the compressed file has another size than those of GzipFile and bgzip", offset);
    }
    text_.resize(text_size);
    const std::span<const char> deflated(raw_.data() + gzip_header_bytes,
                                         size - gzip_header_bytes - gzip_trailer_bytes);
    if (!inflate(deflated, text_) || gzip_crc32(text_) != little_endian(bytes.data() + size - 8, 4)) {
        file.malformed("a member of the compressed file is damaged: its checksum does not agree", offset);
    }
    return {text_.data(), text_.size()};
}

CURTAIL_INLINE ContentReader::ContentReader(const Content& content, std::uint64_t offset)
    : content_(content), at_(offset) {
    if (!content.gzip) return;
    const std::uint64_t member = offset / gzip_member_bytes;
    const std::uint64_t point = member / members_per_seek_point;
    if (point >= content.seek_points.size()) {
        content.file->malformed("the compressed file ends before this row", content.file->bytes());
    }
    at_ = content.seek_points[static_cast<std::size_t>(point)];
    for (std::uint64_t i = member % members_per_seek_point; i != 0; --i) at_ = next_member(*content.file, at_);
    skip_ = cast_to<std::size_t>(offset % gzip_member_bytes);
}

CURTAIL_INLINE std::string_view ContentReader::next() {
    if (!content_.gzip) {
        piece_.resize(plain_piece);
        const std::size_t size = content_.file->read(at_, piece_);
        at_ += size;
        return {piece_.data(), size};
    }
    const std::uint64_t offset = at_;
    std::string_view text = members_.read(*content_.file, offset);
    if (text.empty()) return {};
    if (short_member_) content_.file->malformed("a member of the compressed file is missing before this one", offset);
    short_member_ = text.size() != gzip_member_bytes;
    at_ = members_.next();
    if (skip_ > text.size()) content_.file->malformed("the compressed file ends before this row", offset);
    text.remove_prefix(skip_);
    skip_ = 0;
    return text.empty() ? next() : text;
}

}  // namespace curtail::inline v0::detail
#endif
