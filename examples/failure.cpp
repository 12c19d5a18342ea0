// SPDX-License-Identifier: MIT
// What a worker does when a job fails: it answers in any case, and tells what a retry can cure from what it cannot.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <curtail/worker.hpp>

namespace {

// Returns the message to send. `again` is true if the same job can succeed later.
std::string answer(const std::string& job_id, const std::string& directory, const std::vector<double>& scores,
                   bool& again) try {
    again = false;
    const std::vector<int> ids{1, 2, 3};
    const auto table =
        curtail::with_prediction(curtail::columns(curtail::column("id", ids)), curtail::column("score", scores));
    return curtail::ResultPayloadBuilder(job_id).build(table, directory).message();
} catch (const curtail::ArtifactError& error) {  // a full disk, a missing directory, a name that is taken
    again = !error.permanent();
    return curtail::failure_message(job_id, error.what());
} catch (const curtail::Error& error) {  // a table or an option that cannot work
    again = !error.permanent();
    return curtail::failure_message(job_id, error.what());
} catch (const std::exception& error) {  // what the source or the model throws
    return curtail::failure_message(job_id, error.what());
}

void show(const char* what, const std::string& message, bool again) {
    std::printf("%s, %s: %s\n", what, again ? "try again" : "final", message.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    const std::string directory = argc > 1 ? argv[1] : ".";
    bool again = false;
    std::string message = answer("good", directory, {0.91, 0.08, 0.5}, again);
    show("a good job", message, again);
    message = answer("good", directory, {0.91, 0.08, 0.5}, again);
    show("the same job again", message, again);
    message = answer("short", directory, {0.91}, again);
    show("a prediction too few", message, again);
    message = answer("../../etc/passwd", directory, {0.91, 0.08, 0.5}, again);
    show("an id that is a path", message, again);
    message = answer("lost", directory + "/missing", {0.91, 0.08, 0.5}, again);
    show("no such directory", message, again);
}
