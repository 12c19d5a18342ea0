// SPDX-License-Identifier: MIT
#pragma once
// One member of a blocked gzip file. Needs libdeflate.

#include <libdeflate.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>

#include <curtail/artifact/gzip/gzip_layout.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0::detail {

// Compresses members, one after another. Not for several threads at a time.
class GzipCompressor {
  public:
    // `level` is 1 to 12. Throws std::bad_alloc.
    explicit GzipCompressor(int level) : state_(libdeflate_alloc_compressor(level)) {
        if (!state_) throw std::bad_alloc();
    }

    // Writes the member of at most gzip_member_bytes bytes to `out`, which has room for max_gzip_member, and returns
    // its size. Throws ArtifactError (io_failed) if libdeflate refuses.
    std::size_t compress(std::span<const char> bytes, char* out) {
        // Time 0 and system 255 (unknown), so that equal bytes make equal members.
        static constexpr unsigned char head[gzip_header_bytes] = {0x1F, 0x8B, 8, 4,   0,   0, 0, 0, 0,
                                                                  0xFF, 6,    0, 'B', 'C', 2, 0, 0, 0};
        std::memcpy(out, head, gzip_header_bytes);
        const std::size_t size =
            libdeflate_deflate_compress(state_.get(), bytes.data(), bytes.size(), out + gzip_header_bytes,
                                        max_gzip_member - gzip_header_bytes - gzip_trailer_bytes);
        if (size == 0) {
            throw ArtifactError(ErrorCode::io_failed, "libdeflate could not compress the file; nothing was published",
                                {}, "compress");
        }
        const std::size_t member = gzip_header_bytes + size + gzip_trailer_bytes;
        put(out + gzip_header_bytes - 2, member - 1, 2);
        put(out + gzip_header_bytes + size, libdeflate_crc32(0, bytes.data(), bytes.size()), 4);
        put(out + gzip_header_bytes + size + 4, bytes.size(), 4);
        return member;
    }

  private:
    struct Free {
        void operator()(libdeflate_compressor* state) const noexcept { libdeflate_free_compressor(state); }
    };

    // Writes the low `count` bytes of `value`, the lowest first.
    static void put(char* out, std::size_t value, std::size_t count) noexcept {
        for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<char>(value >> (8 * i) & 0xFFU);
    }

    std::unique_ptr<libdeflate_compressor, Free> state_;
};

}  // namespace curtail::inline v0::detail
