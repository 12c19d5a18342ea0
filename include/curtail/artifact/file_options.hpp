// SPDX-License-Identifier: MIT
#pragma once
// How a file is published.

#include <cstdint>

namespace curtail::inline v0 {

// What to do when the final name is taken at the time of publishing.
enum class OnExists : std::uint8_t {
    error,    // the old file stays, the new one is discarded, ArtifactError (artifact_exists)
    replace,  // the new file takes the name in one step; readers of the old one keep it
};

// What a power cut may still take after commit() has returned.
enum class Durability : std::uint8_t {
    none,  // the file, or bytes of it: nothing waits for the disk
    data,  // nothing: contents and name are on the disk (fdatasync, then the directory)
    full,  // nothing, times and owner included (fsync, then the directory)
};

struct AtomicFileOptions {
    // A second file of the same name. Default: an error, so that two workers with one job id don't pass unnoticed.
    OnExists on_exists = OnExists::error;

    // Permissions of the published file, whatever the umask. 0 takes what the file system makes of 0600 and the umask,
    // for those without permissions (FAT, some network shares), which refuse to set any. Default: the owner only.
    unsigned mode = 0600;

    // How much commit() waits for. Default: data, some 16 ms for 40 MB on a local disk.
    Durability durability = Durability::data;

    // Bytes that are expected. open() fails with no_space when the file system, the quota or the file size limit cannot
    // hold them, and sets them aside where it can. Fewer or more may be written. Default: 0, no check.
    std::uint64_t reserve = 0;
};

}  // namespace curtail::inline v0
