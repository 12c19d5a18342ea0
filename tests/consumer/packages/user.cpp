// A user's program that got curtail from a package: compiles, links and shows a failure.
#include <cstdio>

#include <nlohmann/json.hpp>

#include <curtail/bot.hpp>

#ifndef CSV_IO_NO_THREAD
#error "the package does not define CSV_IO_NO_THREAD, so two files of a program may differ in it"
#endif

int main() {
    curtail::ResultReceiver receiver;
    receiver.feed(curtail::failure_message("job_1", "no such model"));
    std::puts(curtail::render_text(receiver.finish()).c_str());
    return curtail::SizeGuard().accepts(nlohmann::json::array({1, 2})) ? 0 : 1;
}
