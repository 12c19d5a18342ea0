// SPDX-License-Identifier: MIT
#pragma once
// The layout of a blocked gzip file, for its writer and its reader.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace curtail::inline v0::detail {

// The layout of BGZF (SAM format specification, section 4.1): members of gzip (RFC 1952) that are at most 64 KiB long
// and say their own length in an extra field, and an empty one at the end. So every gzip reader reads the whole, and a
// reader that knows the layout goes to any member. 65,280 bytes of any content fit in one.
inline constexpr std::size_t gzip_member_bytes = 65'280;
inline constexpr std::size_t max_gzip_member = 65'536;
inline constexpr std::size_t gzip_header_bytes = 18;
inline constexpr std::size_t gzip_trailer_bytes = 8;

// The metadata say where each 16th member begins. A reader finds the others by at most 15 headers.
inline constexpr std::uint64_t members_per_seek_point = 16;

// The empty member that ends a file. Readers of BGZF take a file without it for cut off.
inline constexpr std::string_view gzip_end("\x1F\x8B\x08\x04\0\0\0\0\0\xFF\x06\0BC\x02\0\x1B\0\x03\0\0\0\0\0\0\0\0\0",
                                           28);

}  // namespace curtail::inline v0::detail
