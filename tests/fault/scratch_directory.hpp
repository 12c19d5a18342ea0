// SPDX-License-Identifier: MIT
#pragma once
// A new directory for one test case, removed with everything in it.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

class ScratchDirectory {
  public:
    explicit ScratchDirectory(const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
        std::random_device random;
        do path_ = (parent / ("curtail." + std::to_string(random()))).generic_string();
        while (!std::filesystem::create_directory(path_));
    }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    ~ScratchDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    // Returns a directory in memory, if there is one, for tests that make thousands of files.
    static std::filesystem::path fast_parent() {
#if defined(_WIN32)
        return std::filesystem::temp_directory_path();
#else
        std::error_code ignored;
        const std::filesystem::path memory = "/dev/shm";
        const auto writable = std::filesystem::perms::others_write;
        return (std::filesystem::status(memory, ignored).permissions() & writable) == writable
                   ? memory
                   : std::filesystem::temp_directory_path();
#endif
    }

    [[nodiscard]] const std::string& path() const noexcept {
        return path_;
    }
    [[nodiscard]] std::string operator/(std::string_view name) const {
        return path_ + "/" + std::string(name);
    }

    [[nodiscard]] std::vector<std::string> names() const {
        return names_in(path_);
    }

    [[nodiscard]] static std::vector<std::string> names_in(const std::string& path) {
        std::vector<std::string> out;
        for (const auto& entry : std::filesystem::directory_iterator(path))
            out.push_back(in_utf8(entry.path().filename()));
        std::sort(out.begin(), out.end());
        return out;
    }

    [[nodiscard]] std::string read(std::string_view name) const {
        std::ifstream in(path_of(*this / name), std::ios::binary | std::ios::ate);
        if (!in) return {};
        std::string bytes(static_cast<std::size_t>(in.tellg()), '\0');
        in.seekg(0).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return bytes;
    }

    void put(std::string_view name, std::string_view bytes) const {
        std::ofstream(path_of(*this / name), std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }

  private:
    // On Windows, where paths are UTF-16, a text is taken for one of the process's code page.
#if defined(_WIN32)
    static std::filesystem::path path_of(const std::string& text) {
        return std::filesystem::path(std::u8string(text.begin(), text.end()));
    }
    static std::string in_utf8(const std::filesystem::path& path) {
        const std::u8string text = path.u8string();
        return {text.begin(), text.end()};
    }
#else
    static const std::string& path_of(const std::string& text) {
        return text;
    }
    static std::string in_utf8(const std::filesystem::path& path) {
        return path.string();
    }
#endif

    std::string path_;
};
