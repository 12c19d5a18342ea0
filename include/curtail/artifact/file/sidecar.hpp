// SPDX-License-Identifier: MIT
#pragma once
// Publishes a file and a small one that describes it: both or neither.

#include <span>
#include <string_view>

#include <curtail/artifact/file/pending_file.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

// Gives the sidecar its name. If that fails, removes the file that `entry` describes.
template <class System>
void publish_sidecar(PendingFile<System>& file, const typename System::Entry& entry, PendingFile<System>& sidecar) {
    try {
        sidecar.publish();
    } catch (const ArtifactError& error) {
        if (sidecar.published() || file.withdraw(entry)) throw;
        throw ArtifactError(error.code(),
                            concat({error.what(),
                                    "; the artifact beside it could not be taken back: it is complete, but without "
                                    "its mark"}),
                            error.path(), error.operation(), error.system_error());
    } catch (...) {
        if (!sidecar.published()) static_cast<void>(file.withdraw(entry));
        throw;
    }
}

// Publishes `file` and then `sidecar` with the content `text`. After an exception neither has its name, except after
// two faults at once, which the error's text says, and after faults behind the publishing, as for commit().
//
// All that may fail because of space or the disk is done before `file` gets its name. Then three names change: an older
// sidecar is removed first, if it may be replaced, so that it never describes the wrong file; then `file` gets its
// name, then `sidecar`. A run that is killed between these leaves a file without a sidecar.
template <class System>
void publish_with_sidecar(PendingFile<System>& file, PendingFile<System>& sidecar, std::string_view text) {
    try {
        typename System::Entry entry;
        sidecar.write(std::span<const char>(text));
        sidecar.prepare();
        file.prepare();
        sidecar.remove_old();
        file.publish(&entry);
        publish_sidecar(file, entry, sidecar);
    } catch (...) {
        sidecar.abort();
        file.abort();
        throw;
    }
    sidecar.abort();
    file.abort();
}

}  // namespace curtail::inline v0::detail
