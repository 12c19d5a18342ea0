// SPDX-License-Identifier: MIT
#pragma once
// The words of the command line and the standard output, in UTF-8 and byte for byte on every system.

#include <string>
#include <vector>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <shellapi.h>
#ifdef _MSC_VER
#pragma comment(lib, "shell32")
#endif
#endif

// The words that main() is given. On Windows they would be in the code page of the process, which lacks most
// characters: there the words are taken from the system, and the standard output becomes UTF-8 without carriage
// returns.
class CommandLine {
  public:
#ifdef _WIN32
    CommandLine(int, char**) : output_code_page_(::GetConsoleOutputCP()) {
        static_cast<void>(::_setmode(1, _O_BINARY));
        ::SetConsoleOutputCP(CP_UTF8);
        int count = 0;
        wchar_t** const wide = ::CommandLineToArgvW(::GetCommandLineW(), &count);
        for (int i = 0; i < count; ++i) words_.push_back(in_utf8(wide[i]));
        ::LocalFree(wide);
        for (std::string& word : words_) pointers_.push_back(word.data());
        pointers_.push_back(nullptr);
    }
    ~CommandLine() {
        if (output_code_page_ != 0) ::SetConsoleOutputCP(output_code_page_);
    }
#else
    CommandLine(int argc, char** argv) : pointers_(argv, argv + argc) {
        pointers_.push_back(nullptr);
    }
#endif
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    [[nodiscard]] int argc() const {
        return static_cast<int>(pointers_.size()) - 1;
    }
    [[nodiscard]] char** argv() {
        return pointers_.data();
    }

  private:
#ifdef _WIN32
    static std::string in_utf8(const wchar_t* word) {
        std::string out(
            static_cast<std::size_t>(::WideCharToMultiByte(CP_UTF8, 0, word, -1, nullptr, 0, nullptr, nullptr)), '\0');
        ::WideCharToMultiByte(CP_UTF8, 0, word, -1, out.data(), static_cast<int>(out.size()), nullptr, nullptr);
        out.pop_back();  // the NUL at the end
        return out;
    }

    UINT output_code_page_;
    std::vector<std::string> words_;
#endif
    std::vector<char*> pointers_;
};
