// SPDX-License-Identifier: MIT
// The README's first example: a worker that holds its table in memory, and the bot that shows what it sent.
#include <cstdio>
#include <string>
#include <vector>

#include <curtail/curtail.hpp>

int main() {
    const std::vector<int> age{34, 58, 41};
    const std::vector<std::string> city{"Oslo", "Lima", "Kyoto, Fushimi"};
    const std::vector<double> scores{0.91, 0.08, 0.5};

    // The worker: every row goes to predictions_job_0123456789ab.csv, the message stays under 1,000,000 bytes.
    const auto table = curtail::with_prediction(
        curtail::columns(curtail::column("age", age), curtail::column("city", city)),
        curtail::column("prediction", scores));
    const std::string job_id = "job_0123456789ab";
    const std::string path = curtail::artifact_path(".", job_id);
    const auto result = curtail::ResultPayloadBuilder(job_id).build(
        table, curtail::CsvSink(path, {.file = {.on_exists = curtail::OnExists::replace}}));

    // The bot: bytes in as they arrive, in constant memory, and out comes what a person reads.
    curtail::ResultReceiver receiver;
    receiver.feed(result.message());
    std::fputs(curtail::render_text(receiver.finish()).c_str(), stdout);
}
