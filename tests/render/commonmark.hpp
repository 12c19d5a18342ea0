// SPDX-License-Identifier: MIT
#pragma once
// What a CommonMark implementation makes of a text: Debian's cmark and cmark-gfm.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "fault/scratch_directory.hpp"

namespace commonmark {

inline const std::vector<std::string> programs = {
    "cmark --to xml", "cmark-gfm -e table -e strikethrough -e autolink -e tasklist -e tagfilter -e footnotes --to xml"};

inline std::string output_of(const std::string& command) {
    std::string out;
    std::FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return out;
    char buffer[4096];
    for (std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe); n > 0;
         n = std::fread(buffer, 1, sizeof buffer, pipe)) {
        out.append(buffer, n);
    }
    pclose(pipe);
    return out;
}

inline bool installed(const std::string& program) {
    const std::string name = program.substr(0, program.find(' '));
    return !output_of("command -v " + name + " 2>/dev/null").empty();
}

// Returns the XML tree of `markdown`.
inline std::string parse(const std::string& program, const std::string& markdown) {
    const ScratchDirectory scratch;
    scratch.put("text.md", markdown);
    return output_of(program + " '" + scratch / "text.md" + "'");
}

struct Shown {
    std::string text;   // blocks, each ended by a line end; strong, code and code_block count as the text in them
    std::string error;  // names the first node that curtail has no reason to write
};

// Reads the tree: text, code and code_block nodes hold escaped text, and no other node does.
inline Shown shown(std::string_view xml) {
    Shown out;
    std::size_t at = xml.find("<document");
    while (at != std::string_view::npos && at < xml.size()) {
        const std::size_t end = xml.find('>', at);
        if (end == std::string_view::npos) break;
        const std::string_view tag = xml.substr(at + 1, end - at - 1);
        const std::string_view name = tag.substr(0, tag.find_first_of(" /", 1));
        const std::size_t next = xml.find('<', end);
        if (name == "text" || name == "code" || name == "code_block") {
            std::string_view raw = xml.substr(end + 1, next - end - 1);
            while (!raw.empty()) {
                const std::string_view entities[][2] = {{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""}};
                std::string_view plain = raw.substr(0, 1);
                std::size_t size = 1;
                for (const auto& entity : entities) {
                    if (raw.starts_with(entity[0])) {
                        plain = entity[1];
                        size = entity[0].size();
                    }
                }
                out.text += plain;
                raw.remove_prefix(size);
            }
        } else if (name == "/paragraph") {
            out.text += "\n";
        } else if (name != "document" && name != "/document" && name != "paragraph" && name != "strong" &&
                   name != "/strong" && name != "/text" && name != "/code" && name != "/code_block") {
            if (out.error.empty()) out.error = name;
        }
        at = next;
    }
    return out;
}

}  // namespace commonmark
