// SPDX-License-Identifier: MIT
#pragma once
// The command line of an example: named options with values, and what main() does if something is wrong.

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <curtail/core/version.hpp>

#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

#include "command_line.hpp"
#include "own_words.hpp"
#include "secret.hpp"

// A mistake in the command line. The program prints it and the usage, and exits with 2.
class UsageMistake : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// The options "--name value" or "--name=value", of the given names, and the positional arguments. Options named in
// `repeatable` may be given more than once, those in `flags` have no value.
class Arguments {
  public:
    using Names = std::initializer_list<std::string_view>;

    Arguments(int argc, char** argv, Names names, std::size_t positionals, Names repeatable = {}, Names flags = {}) {
        const auto is_in = [](Names list, const std::string& name) {
            return std::find(list.begin(), list.end(), name) != list.end();
        };
        for (int i = 1; i < argc; ++i) {
            const std::string_view word = argv[i];
            if (!word.starts_with("--")) {
                if (positionals_.size() == positionals)
                    throw UsageMistake("unexpected argument '" + std::string(word) + "'");
                positionals_.emplace_back(word);
                continue;
            }
            const std::string name(word.substr(0, word.find('=')));
            const bool flag = is_in(flags, name);
            if (!flag && !is_in(names, name) && !is_in(repeatable, name)) throw UsageMistake("unknown option " + name);
            if (values_.contains(name) && !is_in(repeatable, name)) throw UsageMistake(name + " is given twice");
            std::vector<std::string>& values = values_[name];
            if (flag && name.size() < word.size()) throw UsageMistake(name + " takes no value");
            if (flag) {
                values.emplace_back();
            } else if (name.size() < word.size()) {
                values.emplace_back(word.substr(name.size() + 1));
            } else if (++i < argc) {
                values.emplace_back(argv[i]);
            } else {
                throw UsageMistake(name + " needs a value");
            }
        }
        if (positionals_.size() < positionals) throw UsageMistake("an argument is missing");
    }

    [[nodiscard]] const std::string& positional(std::size_t index) const { return positionals_.at(index); }

    [[nodiscard]] std::optional<std::string> find(const std::string& name) const {
        const auto found = values_.find(name);
        if (found == values_.end()) return {};
        return found->second.back();
    }

    // Returns true if a flag is given.
    [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }

    // Returns the values of a repeatable option, in their order.
    [[nodiscard]] std::vector<std::string> all(const std::string& name) const {
        const auto found = values_.find(name);
        return found == values_.end() ? std::vector<std::string>() : found->second;
    }

    [[nodiscard]] std::string get(const std::string& name, const std::string& fallback) const {
        return find(name).value_or(fallback);
    }

    [[nodiscard]] std::string required(const std::string& name) const {
        if (auto value = find(name)) return *value;
        throw UsageMistake(name + " is missing");
    }

    // Returns a whole number in [min_value, max_value], or `fallback` if the option is not given.
    [[nodiscard]] std::size_t number(const std::string& name, std::size_t fallback, std::size_t min_value = 0,
                                     std::size_t max_value = no_maximum) const {
        const std::optional<std::string> text = find(name);
        if (!text) return fallback;
        std::size_t value = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
        if (error != std::errc() || end != text->data() + text->size() || value < min_value || value > max_value) {
            throw UsageMistake(
                name + " must be a whole number" + (min_value > 0 ? " from " + std::to_string(min_value) : "") +
                (max_value < no_maximum ? " up to " + std::to_string(max_value) : "") + ", not '" + *text + "'");
        }
        return value;
    }

    // Returns permissions in octal digits, 0 to 777.
    [[nodiscard]] unsigned mode(const std::string& name, unsigned fallback) const {
        const std::optional<std::string> text = find(name);
        if (!text) return fallback;
        unsigned value = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value, 8);
        if (error != std::errc() || end != text->data() + text->size() || value > 0777) {
            throw UsageMistake(name + " must be permissions in octal, such as 644, not '" + *text + "'");
        }
        return value;
    }

  private:
    static constexpr std::size_t no_maximum = (std::numeric_limits<std::size_t>::max)();

    std::map<std::string, std::vector<std::string>> values_;
    std::vector<std::string> positionals_;
};

// Opens each closed standard stream on /dev/null, in the wrong direction, so that using it is an error. Otherwise the
// next file that is opened would take its number, and what is printed would go into that file.
inline void hold_standard_streams() {
#ifndef _WIN32  // where a closed stream's number is not given to the next file
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(stream, F_GETFD) < 0) static_cast<void>(open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY));
    }
#endif
}

// Returns the name under which a program was called, without folders: curtail-split once split is installed.
inline std::string called_name(const char* path, std::string_view otherwise) {
    std::string name(path == nullptr ? "" : path);
    name.erase(0, name.find_last_of("/\\") + 1);
    if (name.ends_with(".exe")) name.resize(name.size() - 4);
    return name.empty() ? std::string(otherwise) : name;
}

// Writes a line to stdout. Throws std::system_error if that fails, for example because of a full disk.
inline void print_line(std::string_view text) {
    const bool written =
        std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fputc('\n', stdout) != EOF;
    if (!written || std::fflush(stdout) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot write to the standard output");
    }
}

// Answers --help and --version. Returns true if there was one of them.
inline bool print_about(const std::string& name, std::string usage, int argc, char** argv) {
    const auto is_given = [&](std::string_view option) {
        return std::find(argv + 1, argv + (std::max)(argc, 1), option) != argv + (std::max)(argc, 1);
    };
    if (is_given("--help")) {
        const std::size_t options_end = (std::min)(usage.find("\nexit code"), usage.size());
        usage.insert(options_end, "\n  --help        print this text\n  --version     print the version");
        print_line("usage: " + usage);
        return true;
    }
    if (!is_given("--version")) return false;
    constexpr int version = CURTAIL_VERSION;
    print_line(name + " (curtail) " + std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) +
               "." + std::to_string(version % 100));
    return true;
}

// Runs `body(argc, argv)` with the words in UTF-8, and returns its exit code. Prints an error as one line on stderr and
// returns 1. Prints a UsageMistake with the usage and returns 2. `usage` begins with `name`, which is replaced by the
// name of the call. Words of the library in an error are replaced by `own_words`, then by words_without_options.
template <class Body>
int run_program(std::string_view name, std::string_view usage, int argc, char** argv, Body body,
                std::span<const OwnWords> own_words = {}) {
    hold_standard_streams();
#ifdef SIGXFSZ
    std::signal(SIGXFSZ, SIG_IGN);  // so that a file over the size limit is an error, not the end of the process
#endif
    CommandLine words(argc, argv);
    const std::string called = called_name(words.argc() > 0 ? words.argv()[0] : nullptr, name);
    const std::string called_usage = called + std::string(usage.substr(name.size()));
    const auto complain = [&](const std::exception& error, const std::string& more) {
        const std::string text =
            in_own_words(in_own_words(without_secret(error.what()), own_words), words_without_options);
        std::fprintf(stderr, "%s: %s\n%s", called.c_str(), text.c_str(), more.c_str());
    };
    try {
        return print_about(called, called_usage, words.argc(), words.argv()) ? 0 : body(words.argc(), words.argv());
    } catch (const UsageMistake& mistake) {
        complain(mistake, "usage: " + called_usage + "\n");
        return 2;
    } catch (const std::exception& error) {
        complain(error, "");
        return 1;
    }
}
