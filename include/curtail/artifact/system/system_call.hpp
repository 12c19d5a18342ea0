// SPDX-License-Identifier: MIT
#pragma once
// How the result of a system call is read, whatever the system.

#include <cerrno>

namespace curtail::inline v0::detail {

// Repeats a system call that a signal interrupted. Not for sync, close, link and rename: they may have done their work.
template <class Call>
auto uninterrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

// Returns true if `error` means that the system or the file system does not have the call.
inline bool is_unsupported(int error) noexcept {
    return error == ENOSYS || error == EINVAL || error == ENOTSUP || error == EOPNOTSUPP;
}

// Closes a descriptor at the end of a scope, also after an exception, if it is open. Keeps errno, because a call that
// failed before has set it.
template <class System>
class Closing {
  public:
    Closing(System& system, int descriptor) noexcept : system_(system), descriptor_(descriptor) {}
    Closing(const Closing&) = delete;
    Closing& operator=(const Closing&) = delete;
    ~Closing() {
        if (descriptor_ < 0) return;
        const int error = errno;
        (void)system_.close(descriptor_);
        errno = error;
    }

  private:
    System& system_;
    int descriptor_;
};

}  // namespace curtail::inline v0::detail
