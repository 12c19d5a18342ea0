// SPDX-License-Identifier: MIT
// The README's first code block: a worker splits its table, and the bot at the other end shows what was sent.
#include <cstdio>
#include <string>
#include <vector>

#include <curtail/curtail.hpp>

int main() {
    const std::vector<int> age{34, 58, 41};
    const std::vector<std::string> city{"Oslo", "Lima", "Kyoto, Fushimi"};
    const std::vector<double> scores{0.91, 0.08, 0.5};

    // The worker: every row goes into the file, the first ten into a message of less than 1,000,000 bytes.
    const std::string job_id = "job_0123456789ab";
    auto table = curtail::with_prediction(curtail::columns(curtail::column("age", age), curtail::column("city", city)),
                                          curtail::column("prediction", scores));
    auto result = curtail::ResultPayloadBuilder(job_id).build(table, "/tmp", curtail::OnExists::replace);

    // The bot: bytes in as they arrive, in constant memory.
    curtail::ResultReceiver receiver;
    receiver.feed(result.message());
    std::puts(curtail::render_text(receiver.finish()).c_str());
}
