// SPDX-License-Identifier: MIT
// A worker: connects to a bot, predicts the files it is asked for, and answers each job with one bounded message.
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/ip/host_name.hpp>

#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/messages.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/render/safe_text.hpp>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "peak_memory.hpp"
#include "predict_job.hpp"
#include "websocket_client.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr const char* usage =
    "worker --url ws://HOST:PORT/ --token T --model FILE [--out DIR] [--jobs N] [--repeat K]\n"
    "       [--file-error fail|answer]\n"
    "  --model   a linear model, such as examples/data/penguins-model.json; read again for each job\n"
    "  --out     where the CSV files are published (default: the current directory)\n"
    "  --jobs    exit after this many jobs (default: serve until the bot closes the connection)\n"
    "  --repeat  read each input this many times (default: 1)\n"
    "  --file-error  if the CSV file cannot be written: fail the job, or answer with all but the file (default: "
    "fail)";

class Worker {
  public:
    Worker(const WebSocketUrl& url, std::string model, std::string out, std::size_t repeat,
           curtail::OnArtifactError on_artifact_error)
        : client_(url),
          model_(std::move(model)),
          out_(std::move(out)),
          repeat_(repeat),
          on_artifact_error_(on_artifact_error) {}

    // Throws std::runtime_error if the bot refuses the token.
    void authenticate(const std::string& token) {
        client_.send(curtail::message_text(
            Json{{"type", "auth"}, {"token", token}, {"machine_id", boost::asio::ip::host_name()}}));
        const Json answer = Json::parse(next_message("before it answered the token"), nullptr, false);
        const std::string type = type_of(answer);
        if (type == "auth_failed" || (type == "auth_response" && answer.value("success", Json()) != true)) {
            const Json why = answer.value("error", Json());
            throw std::runtime_error("the bot refused the token" +
                                     (why.is_string() ? ": " + shortened(why.get<std::string>()) : ""));
        }
        if (type != "auth_response") throw std::runtime_error("the bot answered the token with something else");
        std::fprintf(stderr, "worker: connected\n");
    }

    // Serves `jobs` jobs (0: any number) or until the bot closes. Throws if the connection breaks.
    void serve(std::size_t jobs) {
        for (std::size_t done = 0; jobs == 0 || done < jobs;) {
            const std::optional<std::string> text = client_.receive();
            if (!text) {
                if (!client_.problem().empty()) throw std::runtime_error("the connection broke: " + client_.problem());
                std::fprintf(stderr, "worker: the bot closed the connection\n");
                return;
            }
            const Json message = Json::parse(*text, nullptr, false);
            const std::string type = type_of(message);
            if (type == "connected") continue;
            if (!type.empty() && type != "job") {
                std::fprintf(stderr, "worker: ignoring a message of type '%s'\n", shortened(type).c_str());
                continue;
            }
            client_.send(answer(message));
            if (!client_.flush()) throw std::runtime_error("the connection broke: " + client_.problem());
            ++done;
        }
        client_.close();
    }

  private:
    [[nodiscard]] static std::string type_of(const Json& message) {
        if (!message.is_object()) return {};
        const Json type = message.value("type", Json());
        return type.is_string() ? type.get<std::string>() : std::string();
    }

    // Returns a text of the peer, cut and safe for a terminal.
    [[nodiscard]] static std::string shortened(std::string_view text) {
        return curtail::safe_text(curtail::utf8_prefix(text, 500));
    }

    [[nodiscard]] std::string next_message(const char* when) {
        if (auto text = client_.receive()) return *std::move(text);
        throw std::runtime_error("the bot closed the connection " + std::string(when) +
                                 (client_.problem().empty() ? "" : ": " + client_.problem()));
    }

    // Returns the result message of a job: its result or its failure.
    [[nodiscard]] std::string answer(const Json& message) {
        const std::string job_id = job_id_of(message);
        try {
            const PredictJob job = parse_predict_job(message);
            const Clock::time_point begin = Clock::now();
            JobOutcome outcome =
                run_predict_job(job, model_, out_, repeat_, on_artifact_error_,
                                [&](double percent, const std::string& text) { return report(job_id, percent, text); });
            std::fprintf(stderr,
                         "worker: %s: %llu rows, %llu bytes on disk, a message of %zu bytes, %.2f s, peak memory %s\n",
                         job_id.c_str(), static_cast<unsigned long long>(outcome.rows),
                         static_cast<unsigned long long>(outcome.file_bytes), outcome.message.size(),
                         std::chrono::duration<double>(Clock::now() - begin).count(), peak_memory().c_str());
            if (!outcome.no_file.empty()) {
                std::fprintf(stderr, "worker: %s: answered without a file: %s\n", job_id.c_str(),
                             shortened(outcome.no_file).c_str());
            }
            return std::move(outcome.message);
        } catch (const curtail::Cancelled&) {
            throw std::runtime_error("the connection broke during " + job_id + ": " + client_.problem());
        } catch (const std::exception& error) {
            std::fprintf(stderr, "worker: %s failed: %s\n", job_id.empty() ? "a job" : shortened(job_id).c_str(),
                         shortened(error.what()).c_str());
            return curtail::failure_message(job_id, error.what());
        }
    }

    // Sends progress, at most four messages per second and none while another is being sent. Also keeps the connection
    // alive during a job. Returns false if it is gone.
    bool report(const std::string& job_id, double percent, const std::string& text) {
        const Clock::time_point now = Clock::now();
        if (client_.is_idle() && now >= next_report_) {
            next_report_ = now + std::chrono::milliseconds(250);
            client_.send(curtail::progress_message(job_id, percent, text));
        }
        return client_.poll();
    }

    WebSocketClient client_;
    std::string model_;
    std::string out_;
    std::size_t repeat_;
    curtail::OnArtifactError on_artifact_error_;
    Clock::time_point next_report_{};
};

int work(int argc, char** argv) {
    const Arguments arguments(argc, argv,
                              {"--url", "--token", "--model", "--out", "--jobs", "--repeat", "--file-error"}, 0);
    const WebSocketUrl url = WebSocketUrl::parse(arguments.required("--url"));
    const std::string token = arguments.required("--token");
    const std::string model = arguments.required("--model");
    const std::size_t jobs = arguments.number("--jobs", 0, 1);
    const std::size_t repeat = arguments.number("--repeat", 1, 1);
    const std::string file_error = arguments.get("--file-error", "fail");
    if (file_error != "fail" && file_error != "answer") throw UsageMistake("--file-error must be fail or answer");
    Worker worker(url, model, arguments.get("--out", "."), repeat,
                  file_error == "answer" ? curtail::OnArtifactError::report : curtail::OnArtifactError::throw_error);
    worker.authenticate(token);
    worker.serve(jobs);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
#ifdef SIGXFSZ
    std::signal(SIGXFSZ, SIG_IGN);  // so that a file over the size limit is an error, not the end of the process
#endif
    return run_program("worker", usage, argc, argv, work);
}
