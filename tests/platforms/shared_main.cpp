// SPDX-License-Identifier: MIT
// Uses both libraries, and catches by their type the errors that they throw.
#include <cstdio>
#include <string>
#include <string_view>

#include <curtail/core/error.hpp>

std::string send(const std::string& dir, const std::string& job_id);
std::string show(std::string_view message);

int main(int, char** argv) {
    const std::string text = show(send(argv[1], "shared"));
    std::puts(text.c_str());
    int caught = 0;
    try {
        send(std::string(argv[1]) + "/nowhere", "shared");
    } catch (const curtail::ArtifactError& error) {
        caught += error.code() == curtail::ErrorCode::no_directory ? 1 : 0;
    }
    try {
        show("{");
    } catch (const curtail::MessageError&) {
        ++caught;
    }
    try {
        send(argv[1], "../x");
    } catch (const curtail::Error&) {
        ++caught;
    }
    return caught == 3 && text.find("2 rows") != std::string::npos ? 0 : 1;
}
