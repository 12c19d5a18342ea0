// SPDX-License-Identifier: MIT
// A worker that owns the loop: it predicts batch by batch, keeps the split in a job of its own, and can be stopped by
// another thread.
#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <curtail/worker.hpp>

namespace {

class Job {
  public:
    Job(const std::string& job_id, const std::string& directory, curtail::StopToken stop)
        : split_(
              curtail::ResultPayloadBuilder(job_id, {.stop_token = std::move(stop)})
                  .start(curtail::Schema({{"id", curtail::CellKind::int32}, {"score", curtail::CellKind::float64}}, 1),
                         directory)) {}

    void add(const std::vector<int>& ids) {
        std::vector<double> scores;
        for (const int id : ids) scores.push_back(id * 0.5);
        split_.append(
            curtail::with_prediction(curtail::columns(curtail::column("id", ids)), curtail::column("score", scores)));
    }
    // Publishes the file. A job that ends without it leaves nothing.
    [[nodiscard]] std::string finish() { return split_.finish().message(); }

  private:
    curtail::Split<curtail::CsvSink<>> split_;
};

}  // namespace

int main(int argc, char** argv) try {
    const std::string directory = argc > 1 ? argv[1] : ".";
    bool stop = false;  // for another thread a std::stop_source: pass its get_token()
    std::vector<Job> jobs;
    for (const char* job_id : {"first", "second", "stopped"})
        jobs.emplace_back(job_id, directory, [&] { return stop; });
    for (int batch = 0; batch < 100; ++batch) {
        for (Job& job : jobs) job.add({3 * batch, 3 * batch + 1, 3 * batch + 2});
    }
    std::puts(jobs[0].finish().c_str());
    std::puts(jobs[1].finish().c_str());
    stop = true;
    std::puts(jobs[2].finish().c_str());
} catch (const curtail::Cancelled& stopped) {
    std::fprintf(stderr, "owned_loop: %s\n", stopped.what());
} catch (const std::exception& error) {
    std::fprintf(stderr, "owned_loop: %s\n", error.what());
    return 1;
}
