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
        std::error_code ignored;
        const std::filesystem::path memory = "/dev/shm";
        const auto writable = std::filesystem::perms::others_write;
        return (std::filesystem::status(memory, ignored).permissions() & writable) == writable
                   ? memory
                   : std::filesystem::temp_directory_path();
    }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

    [[nodiscard]] std::vector<std::string> names() const { return names_in(path_); }

    [[nodiscard]] static std::vector<std::string> names_in(const std::string& path) {
        std::vector<std::string> out;
        for (const auto& entry : std::filesystem::directory_iterator(path))
            out.push_back(entry.path().filename().string());
        std::sort(out.begin(), out.end());
        return out;
    }

    [[nodiscard]] std::string read(std::string_view name) const {
        std::ifstream in(std::filesystem::path(*this / name), std::ios::binary | std::ios::ate);
        if (!in) return {};
        std::string bytes(static_cast<std::size_t>(in.tellg()), '\0');
        in.seekg(0).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return bytes;
    }

    void put(std::string_view name, std::string_view bytes) const {
        std::ofstream(std::filesystem::path(*this / name), std::ios::binary)
            .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }

  private:
    std::string path_;
};
