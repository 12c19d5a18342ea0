// SPDX-License-Identifier: MIT
#pragma once
// How a file is published.

#include <cstdint>

#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

/// What happens if a file of the final name exists when the new one is published.
enum class OnExists : std::uint8_t {
    error,    ///< The old file stays, the new one is discarded, and ArtifactError (artifact_exists) is thrown.
    replace,  ///< The new file takes the name in one step. Programs that read the old one keep it. A directory, a
              ///< device, a pipe and a socket are never replaced: they are artifact_exists.
};

/// What a power cut may still take after commit() has returned.
enum class Durability : std::uint8_t {
    none,  ///< The file, or bytes of it: commit() does not wait for the disk.
    data,  ///< Nothing: contents and name are on the disk (fdatasync, then a sync of the directory).
    full,  ///< Nothing, and times and owner are on the disk too (fsync, then a sync of the directory).
};

/// How AtomicFile publishes.
struct AtomicFileOptions {
    /// What happens if the final name is taken. Default: an error, so that two workers with one job id are noticed.
    OnExists on_exists = OnExists::error;

    /// Permissions of the published file, whatever the umask is: 0 to 0777. With 0 none are set, and the file system
    /// derives them from 0600 and the umask; use it where open() says that they cannot be set (some network shares).
    /// Where they cannot, but the file has what is asked for, or its owner more than that (FAT), it is published as it
    /// is. Default: 0600, the owner only.
    unsigned mode = 0600;

    /// What commit() waits for. Default: data, which takes about 16 ms for 40 MB on a local disk.
    Durability durability = Durability::data;

    /// The number of bytes that you expect to write; fewer or more may follow. open() throws ArtifactError (no_space)
    /// if the file system, the quota or the file size limit cannot hold them, and reserves the space where it can.
    /// Default: 0, which checks and reserves nothing.
    std::uint64_t reserve = 0;
};

/// Which files of a table in parts begin with the header line.
enum class PartHeader : std::uint8_t {
    every,  ///< Each part is a CSV file of its own, as readers of directories expect.
    first,  ///< The first part alone, with the byte order mark if the dialect has one, so that the files one after the
            ///< other are one CSV file.
};

/// How the parts of a table are published.
struct PartsOptions {
    /// Which parts have the header. Default: every.
    PartHeader header = PartHeader::every;

    /// Permissions of the files, as in AtomicFileOptions. The directory gets the same, those who may read the files may
    /// search it, and its owner may make files in it. Workers of other users need to write there, too: 0660 or 0666.
    /// Default: 0600, the owner only.
    unsigned mode = 0600;

    /// What the commit of a part waits for. Default: data.
    Durability durability = Durability::data;

    /// The number of bytes that you expect to write to each part, as in AtomicFileOptions. Default: 0.
    std::uint64_t reserve = 0;
};

}  // namespace curtail::inline v0
