// A user's program that got curtail from a package: compiles, links and prints a failure. It includes little, because
// it is compiled once for each package.
#include <cstdio>

#include <nlohmann/json.hpp>

#include <curtail/payload/messages.hpp>
#include <curtail/payload/size_guard.hpp>

#ifndef CSV_IO_NO_THREAD
#error "the package does not define CSV_IO_NO_THREAD, so two files of a program may differ in it"
#endif

int main() {
    std::puts(curtail::failure_message("job_1", "no such model").c_str());
    return curtail::SizeGuard().accepts(nlohmann::json::array({1, 2})) ? 0 : 1;
}
