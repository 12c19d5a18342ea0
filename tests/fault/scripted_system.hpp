// SPDX-License-Identifier: MIT
#pragma once
// A system whose calls fail on command, to test publishing under every fault.

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/system/local_system.hpp>
#if defined(_WIN32)
#include <curtail/artifact/system/windows_system.hpp>
#else
#include <curtail/artifact/system/posix_system.hpp>
#endif

// The system calls that the machine does not have, and those that fail.
struct Script {
    bool has_unnamed = true;
    bool has_rename_exclusive = true;
    bool has_link = true;
    bool has_lock = true;
    bool has_copy = true;

    int fail_from = -1;  // index of the first failing call
    int fail_until = -1;
    int error = 0;                     // 0: a write takes nothing
    std::string_view only;             // fail calls of this name only, whatever their index
    bool acts = false;                 // a failing call does its work first, as when a network loses the answer
    std::size_t max_write = SIZE_MAX;  // bytes that a write takes at most
    bool storm = false;                // a signal interrupts every other call that it can interrupt

    int kill_at = -1;                  // index of the call before which the process is killed
    std::function<void(int)> on_call;  // called before each call, with its index

    // Of what follows and of what fails, because a file may sync on a thread of its own.
    std::shared_ptr<std::mutex> mutex = std::make_shared<std::mutex>();
    std::vector<std::string_view> calls;
    int open_descriptors = 0;
    int open_queues = 0;  // of syncs

    // Returns true if the call is to fail.
    bool fails(std::string_view call) {
        int index = 0;
        {
            const std::scoped_lock lock(*mutex);
            index = static_cast<int>(calls.size());
            calls.push_back(call);
        }
#if !defined(_WIN32)  // where no test asks for it
        if (index == kill_at) std::raise(SIGKILL);
#endif
        if (on_call) on_call(index);
        const std::scoped_lock lock(*mutex);
        return only.empty() ? index >= fail_from && index < fail_until : call == only;
    }

    [[nodiscard]] int count(std::string_view call) const {
        int n = 0;
        for (const std::string_view name : calls) n += name == call ? 1 : 0;
        return n;
    }
};

// The real system, changed by the script. Syncs are counted and not made, because they would take minutes.
class ScriptedSystem {
  public:
    using Real = curtail::detail::LocalSystem;
    using FileEntry = curtail::detail::FileEntry;

    ScriptedSystem() = default;  // needed by the constructor of BasicAtomicFile without a system
    explicit ScriptedSystem(Script* script) : script_(script) {}

    int open_directory(const char* path) {
        return opened("open_directory", [&] { return Real::open_directory(path); });
    }
    int make_directory(const char* path) {
        return made("make_directory", [&] { return Real::make_directory(path); });
    }
    int remove_directory(int dir, const char* name) {
        return made("remove_directory", [&] { return Real::remove_directory(dir, name); });
    }
    int open_unnamed(int dir) {
        return lacks(script_->has_unnamed) ? -1 : opened("open_unnamed", [&] { return Real::open_unnamed(dir); });
    }
    int open_exclusive(int dir, const char* name) {
        return opened("open_exclusive", [&] { return Real::open_exclusive(dir, name); });
    }
    int open_to_read(int dir, const char* name) {
        return opened("open_to_read", [&] { return Real::open_to_read(dir, name); });
    }
    int open_to_lock(int dir, const char* name) {
        return opened("open_to_lock", [&] { return Real::open_to_lock(dir, name); });
    }
    int look_up(int dir, const char* name, FileEntry& entry) {
        return script_->fails("look_up") ? failed() : Real::look_up(dir, name, entry);
    }
    int describe(int file, FileEntry& entry) {
        return script_->fails("describe") ? failed() : Real::describe(file, entry);
    }
    int check_replaceable(int dir, const char* name) {
        return script_->fails("check_replaceable") ? failed() : Real::check_replaceable(dir, name);
    }
    std::ptrdiff_t read(int file, char* bytes, std::size_t size) {
        return script_->fails("read") ? failed() : Real::read(file, bytes, size);
    }
    std::ptrdiff_t read_at(int file, char* bytes, std::size_t size, std::uint64_t offset) {
        return script_->fails("read_at") ? failed() : Real::read_at(file, bytes, size, offset);
    }
    std::ptrdiff_t write(int file, const char* bytes, std::size_t size) {
        if (script_->fails("write")) return script_->error == 0 ? 0 : failed();
        if (script_->storm && script_->calls.size() % 2 == 0) {
            errno = EINTR;
            return -1;
        }
        return Real::write(file, bytes, (std::min)(size, script_->max_write));
    }
    std::ptrdiff_t copy(int from, int to, std::size_t size) {
        if (lacks(script_->has_copy)) return -1;
        if (script_->fails("copy")) return script_->error == 0 ? 0 : failed();
        return Real::copy(from, to, (std::min)(size, script_->max_write));
    }
    int reserve(int file, std::uint64_t bytes) {
        return made("reserve", [&] { return Real::reserve(file, bytes); });
    }
    int truncate(int file, std::uint64_t bytes) {
        return made("truncate", [&] { return Real::truncate(file, bytes); });
    }
    int check_mode(unsigned mode) { return script_->fails("check_mode") ? failed() : Real::check_mode(mode); }
    int set_mode(int file, unsigned mode) {
        return made("set_mode", [&] { return Real::set_mode(file, mode); });
    }
    int start_writeback(int, std::uint64_t, std::uint64_t) { return script_->fails("start_writeback") ? failed() : 0; }
    int start_sync(int, curtail::detail::SyncQueue& queue) {
        if (script_->fails("start_sync")) return failed();
        if (queue.id == 0) ++script_->open_queues;
        queue.id = 1;
        return 0;
    }
    // Who does not wait is told every other time that the sync is under way.
    int end_sync(curtail::detail::SyncQueue&, bool wait) {
        if (script_->fails("end_sync")) return failed();
        return wait || script_->count("end_sync") % 2 == 0 ? 0 : 1;
    }
    void close_queue(curtail::detail::SyncQueue& queue) {
        if (queue.id != 0) --script_->open_queues;
        queue.id = 0;
    }
    int sync_early(int) { return script_->fails("sync_early") ? failed() : 0; }
    int sync_data(int) { return script_->fails("sync_data") ? failed() : 0; }
    int sync_all(int) { return script_->fails("sync_all") ? failed() : 0; }
    int sync_directory(int) { return script_->fails("sync_directory") ? failed() : 0; }
    int close(int descriptor) {
        --script_->open_descriptors;
        Real::close(descriptor);  // as in Linux: closed also when it fails
        return script_->fails("close") ? failed() : 0;
    }
    int lock(int descriptor, int wait_ms) {
        if (lacks(script_->has_lock)) return -1;
        return made("lock", [&] { return Real::lock(descriptor, wait_ms); });
    }
    int lock_shared(int descriptor, int wait_ms) {
        if (lacks(script_->has_lock)) return -1;
        return made("lock_shared", [&] { return Real::lock_shared(descriptor, wait_ms); });
    }
    int unlock(int descriptor) {
        return made("unlock", [&] { return Real::unlock(descriptor); });
    }
    int link_unnamed(int file, int dir, const char* name) {
        return made("link_unnamed", [&] { return Real::link_unnamed(file, dir, name); });
    }
    int link(int dir, const char* from, const char* to) {
        if (lacks(script_->has_link)) return -1;
        return made("link", [&] { return Real::link(dir, from, to); });
    }
    int rename(int dir, const char* from, const char* to) {
        return made("rename", [&] { return Real::rename(dir, from, to); });
    }
    int rename_exclusive(int dir, const char* from, const char* to) {
        if (lacks(script_->has_rename_exclusive)) return -1;
        return made("rename_exclusive", [&] { return Real::rename_exclusive(dir, from, to); });
    }
    int remove(int dir, const char* name) {
        return made("remove", [&] { return Real::remove(dir, name); });
    }
    int free_bytes(int dir, std::uint64_t& bytes) {
        return script_->fails("free_bytes") ? failed() : Real::free_bytes(dir, bytes);
    }
    int list(int dir, std::vector<std::string>& names) {
        return script_->fails("list") ? failed() : Real::list(dir, names);
    }
    std::uint64_t file_size_limit() { return Real::file_size_limit(); }
    std::uint64_t random() { return Real::random(); }
    std::int64_t process_id() { return Real::process_id(); }
    bool process_is_alive(std::int64_t process) { return Real::process_is_alive(process); }
    curtail::detail::FileTime now() { return Real::now(); }
    std::string current_directory() {
        if (!script_->fails("current_directory")) return Real::current_directory();
        errno = script_->error;
        return {};
    }

  private:
    static bool lacks(bool has) {
        if (!has) errno = ENOTSUP;
        return !has;
    }

    int failed() {
        errno = script_->error;
        return -1;
    }

    template <class Call>
    int made(std::string_view call, Call real) {
        if (!script_->fails(call)) return real();
        if (script_->acts) (void)real();
        return failed();
    }

    template <class Open>
    int opened(std::string_view call, Open open) {
        const bool fails = script_->fails(call);
        const int descriptor = fails && !script_->acts ? -1 : open();
        if (!fails && descriptor >= 0) ++script_->open_descriptors;
        if (!fails) return descriptor;
        if (descriptor >= 0) Real::close(descriptor);
        return failed();
    }

    Script* script_ = nullptr;
};
