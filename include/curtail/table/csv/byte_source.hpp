// SPDX-License-Identifier: MIT
#pragma once
// Reads the bytes of an input: from a file, or through any callback that fills a buffer.

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include <curtail/core/error.hpp>
#if defined(_WIN32)
#include <share.h>
#include <wchar.h>

#include <curtail/core/text/utf16.hpp>
#endif

namespace curtail::inline v0::detail {

// A callable `std::size_t read(std::span<char> buffer)` that fills what it can of `buffer` and returns how many bytes
// that was; 0 only at the end.
template <class R>
concept ReadCallback = std::is_invocable_r_v<std::size_t, R&, std::span<char>>;

// Any ReadCallback behind one type. It may be move-only, which std::function does not allow.
class ByteSource {
  public:
    template <ReadCallback Read>
    explicit ByteSource(Read callback)
        : callback_(std::make_shared<Read>(std::move(callback))),
          read_([](void* read, std::span<char> buffer) -> std::size_t { return (*static_cast<Read*>(read))(buffer); }) {
    }

    [[nodiscard]] std::size_t read(std::span<char> buffer) { return read_(callback_.get(), buffer); }

  private:
    std::shared_ptr<void> callback_;
    std::size_t (*read_)(void*, std::span<char>);
};

#if defined(_WIN32)
// Returns a path in UTF-8 as UTF-16, because fopen() takes the code page of the process, which lacks most characters.
// A path of 240 characters or more gets the prefix \\?\, because Windows takes other paths up to 260 characters only.
[[nodiscard]] inline std::wstring windows_path(const std::string& path) {
    std::wstring given = to_utf16<wchar_t>(path);
    if (given.size() < 240 || given.starts_with(L"\\\\?")) return given;
    std::wstring full(32768, L'\0');
    if (::_wfullpath(full.data(), given.c_str(), full.size()) == nullptr) return given;
    full.resize(full.find(L'\0'));
    return full.starts_with(L"\\\\") ? L"\\\\?\\UNC" + full.substr(1) : L"\\\\?\\" + full;
}
#endif

// Reads a file from its beginning. Throws InputError (unreadable_input) with the system's reason.
class FileReader {
  public:
    explicit FileReader(std::string path) : path_(std::move(path)) {
        if (path_.empty()) throw InputError(ErrorCode::unreadable_input, "the path of the input is empty", {});
        if (path_.find('\0') != std::string::npos) {
            throw InputError(ErrorCode::unreadable_input, "the path holds a NUL byte",
                             path_.substr(0, path_.find('\0')));
        }
        errno = 0;
#if defined(_WIN32)
        file_.reset(::_wfsopen(windows_path(path_).c_str(), L"rb", _SH_DENYNO));
#else
        file_.reset(std::fopen(path_.c_str(), "rb"));
#endif
        if (file_ == nullptr) fail("cannot be opened");
        // Without stdio's buffer, which would only copy the large blocks. If this fails, reading is slower.
        static_cast<void>(std::setvbuf(file_.get(), nullptr, _IONBF, 0));
    }

    std::size_t operator()(std::span<char> buffer) {
        for (;;) {
            errno = 0;
            std::clearerr(file_.get());  // a signal may have come behind the last bytes
            const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), file_.get());
            if (size != 0 || std::ferror(file_.get()) == 0) return size;
            if (errno != EINTR) fail("cannot be read");
        }
    }

  private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { static_cast<void>(std::fclose(file)); }
    };

    [[noreturn]] void fail(const char* what) const {
        throw InputError(ErrorCode::unreadable_input, std::string(what) + ": " + std::generic_category().message(errno),
                         path_);
    }

    std::string path_;
    std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace curtail::inline v0::detail
