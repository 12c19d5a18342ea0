// SPDX-License-Identifier: MIT
#pragma once
// Publishes a file and a small one that describes it, so that the two of two runs never pass for a pair.

#include <cerrno>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/file/naming.hpp>
#include <curtail/artifact/file/pending_file.hpp>
#include <curtail/artifact/pair/description.hpp>
#include <curtail/artifact/pair/find_pair.hpp>
#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

// Holds the lock of a directory, if it is free within ten seconds. A file that fails closes the directory, which
// unlocks it.
template <class System>
class Turn {
  public:
    explicit Turn(Naming<System>& naming) : naming_(naming) {
        constexpr int patience_ms = 10'000;
        (void)naming_.system().lock(naming_.directory(), patience_ms);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
        if (naming_.directory() >= 0) (void)naming_.system().unlock(naming_.directory());
    }

  private:
    Naming<System>& naming_;
};

// Publishes a file without a description. Removes the one that is there of an older file of this name, replaced now or
// gone before, because it describes nothing any more, and whoever reads the new file would take it for a damaged one.
template <class System>
void publish_alone(PendingFile<System>& file) {
    Naming<System>& naming = file.naming();
    const std::string older = concat({naming.name(), sidecar_suffix});
    const auto is_described = [&] { return is_description(naming.system(), naming.directory(), older); };
    if (!naming.replaces() && !is_described()) return file.commit();
    if (!file.prepared()) file.prepare();
    {
        const Turn turn(naming);
        const bool is_outdated = is_described();
        file.publish();
        if (is_outdated) (void)naming.system().remove(naming.directory(), older.c_str());
    }
    file.settle();
    file.abort();
}

// The description of one file.
//
// It gets its name before the file gets its own: so a file of a run with a description always has it, and the file's
// name is the one step by which the run is published. A description alone describes nothing; a later run replaces it.
// Where an older file is replaced, a description of both has the name during that step. Killed before, the run leaves
// the older file with its description inside; killed after, the new one with its own.
//
// Runs that publish one name in one directory at the same time take turns by the directory's lock. Where there is none,
// or after ten seconds, they go on: then a file may lose its description to another run, and find_pair() sees that.
template <class System>
class Sidecar {
  public:
    // Creates the temporary files of the description of `file`, which is open and empty. Its name will be the file's
    // and `suffix`.
    Sidecar(PendingFile<System>& file, std::string_view suffix) : description_(file.sibling(suffix)) {
        description_->open(PendingFile<System>::Taken::error_unless_description);
        if (file.naming().replaces()) {
            of_both_ = file.sibling(suffix);
            of_both_->open();
        }
        file.start_checksum();
    }

    // Publishes `file` and the JSON object `text`, to which it adds what description.hpp says. After an exception
    // neither has its name, and what they were to replace is as it was. There are two exceptions: after two faults at
    // once find_pair() still finds it, and after a fault that follows the naming the same holds as for commit().
    //
    // All that may fail because of space or the disk is done before the first name changes.
    void publish(PendingFile<System>& file, std::string_view text) {
        try {
            file.prepare();
            const std::string described = with_identifier(text, file.identifier());
            description_->write(std::span<const char>(described));
            description_->prepare();
            const Turn turn(description_->naming());
            if (!write_both(file, described)) {
                of_both_.reset();
                remove_orphan(file);
            }
            publish_pair(file);
            settle(file);
        } catch (...) {
            abort();
            file.abort();
            throw;
        }
        abort();
        file.abort();
    }

    void abort() noexcept {
        description_->abort();
        if (of_both_) of_both_->abort();
    }

  private:
    // Writes the description of the older file and the new one. Returns false if there is no older description.
    [[nodiscard]] bool write_both(PendingFile<System>& file, const std::string& described) {
        FileEntry found;
        if (!of_both_ || (description_->naming().look_up(found) < 0 && errno == ENOENT)) return false;
        std::string both = described;
        Naming<System>& naming = description_->naming();
        if (const auto older = read_description(naming.system(), naming.directory(), naming.name().c_str())) {
            FileEntry older_file;
            (void)file.naming().look_up(older_file);
            both = with_replaced(described, description_of(*older, older_file));
        }
        of_both_->write(std::span<const char>(both));
        of_both_->prepare();
        of_both_->naming().keep_old();
        return true;
    }

    // Removes a description that a killed run left without its file.
    void remove_orphan(PendingFile<System>& file) {
        FileEntry found;
        if (description_->naming().replaces() || file.naming().look_up(found) == 0 || errno != ENOENT) return;
        Naming<System>& naming = description_->naming();
        if (is_description(naming.system(), naming.directory(), naming.name())) naming.remove_final();
    }

    void publish_pair(PendingFile<System>& file) {
        (of_both_ ? of_both_ : description_)->publish();
        try {
            file.publish();
        } catch (...) {
            if (file.naming().unknown()) throw;
            if (of_both_) {
                of_both_->naming().restore_old();
            } else {
                description_->withdraw();
            }
            throw;
        }
        // If it fails, the description of both stays, which is valid as well.
        if (of_both_) (void)description_->try_publish();
    }

    void settle(PendingFile<System>& file) {
        try {
            file.settle();
        } catch (...) {
            if (!file.published()) description_->withdraw();
            throw;
        }
    }

    std::unique_ptr<PendingFile<System>> description_;
    std::unique_ptr<PendingFile<System>> of_both_;  // null where nothing may be replaced
};

}  // namespace curtail::inline v0::detail
