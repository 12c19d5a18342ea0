// SPDX-License-Identifier: MIT
// A worker: connects to a bot, predicts the files it is asked for, and answers each job with one bounded message, at
// least once.
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <curtail/core/utf8.hpp>
#include <curtail/payload/messages.hpp>
#include <curtail/payload/payload_options.hpp>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "backoff.hpp"
#include "conversation.hpp"
#include "job/job_queue.hpp"
#include "job/predict_job.hpp"
#include "job/results.hpp"
#include "log.hpp"
#include "peak_memory.hpp"
#include "progress_bar.hpp"
#include "token.hpp"
#include "websocket/connection.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

const std::string usage =
    std::string(
        "worker --url ws[s]://HOST:PORT/ [--token-file FILE] --model FILE [--out DIR] [--jobs N] [--repeat K]\n"
        "       [--file-error fail|answer] [--ca FILE] [--retries N] [--timeout SECONDS] [--idle SECONDS]\n") +
    token_usage +
    "  --model       a linear model, such as examples/data/penguins-model.json; read again for each job\n"
    "  --out         where the CSV files are published (default: the current directory)\n"
    "  --jobs        exit after this many jobs (default: serve until the bot says goodbye)\n"
    "  --repeat      read each input this many times (default: 1)\n"
    "  --file-error  if the CSV file cannot be written: fail the job, or answer with all but the file (default: fail)\n"
    "  --ca          the certificates to trust with wss:// (default: those of the system)\n"
    "  --retries     connect again after a failure this many times in a row (default: 5, about 12 seconds)\n"
    "  --timeout     for each step of the bot's: connecting, handshakes, authentication, closing (default: 15)\n"
    "  --idle        for any sign of life from the bot, such as the answer to a ping (default: 60)\n"
    "exit code: 0 after all jobs, the bot's goodbye or an orderly stop; 1 if something failed; 2 for a wrong command";

struct WorkerOptions {
    WebSocketUrl url;
    std::shared_ptr<TlsContext> tls;
    ConnectionLimits limits;
    std::string token;
    std::size_t jobs = 0;  // 0: any number
    std::size_t retries = 5;
    PredictOptions predict;
};

// Everything but the running job happens on one thread, that of the io_context.
class Worker {
  public:
    Worker(boost::asio::io_context& io, Log& log, WorkerOptions options)
        : io_(io),
          log_(log),
          options_(std::move(options)),
          backoff_(options_.retries),
          signals_(io, SIGINT, SIGTERM),
          timer_(io),
          jobs_(
              io, options_.predict, [this](const JobProgress& progress) { show_progress(progress); },
              [this](const std::string& id, const JobQueue::Ended& ended) { end_job(id, ended); }) {}

    // Returns the exit code.
    int run() {
        wait_for_signal();
        connect();
        io_.run();
        signals_.clear();  // from here on a signal ends the process by itself
        log_undelivered();
        return exit_code_;
    }

  private:
    // --- the connection ----------------------------------------------------------------------------------------------

    void connect() {
        authenticated_ = false;
        message_.clear();
        message_bytes_ = 0;
        connected_at_ = Clock::now();
        connection_ = connect_to(io_, options_.url, options_.tls, options_.limits);
        connection_->start(
            {.on_open = [this] { connection_->send(auth_message(options_.token, boost::asio::ip::host_name())); },
             .on_piece = [this](std::string_view piece, bool last) { take_piece(piece, last); },
             .on_end = [this](const ConnectionEnd& end) { ended(end); }});
    }

    void ended(const ConnectionEnd& end) {
        connection_.reset();
        const bool owed = results_.is_owed();
        if (refused_) return finish(1);
        if (leaving_ && !owed) return finish(0);
        log_.line(end.text);
        if (stopping_) return finish(1);
        if (end.code == 1000 && !owed && !jobs_.is_busy()) {
            log_.line("the bot said goodbye");
            return finish(0);
        }
        connect_again(end);
    }

    void connect_again(const ConnectionEnd& end) {
        if (!end.may_pass()) {
            log_.line("not connecting again, because that would be refused again");
            return finish(1);
        }
        if (authenticated_ && Clock::now() - connected_at_ > std::chrono::seconds(30)) backoff_.reset();
        const auto pause = backoff_.next();
        if (!pause) {
            log_.line("giving up: " + std::to_string(backoff_.used() + 1) + " in a row failed");
            return finish(1);
        }
        char text[100];
        std::snprintf(text, sizeof text, "connecting again in %.1f s (%zu of %zu)",
                      static_cast<double>(pause->count()) / 1000, backoff_.used(), options_.retries);
        log_.line(text);
        leaving_ = false;
        timer_.expires_after(*pause);
        timer_.async_wait([this](boost::system::error_code error) {
            if (!error) connect();
        });
    }

    // --- messages ----------------------------------------------------------------------------------------------------

    void take_piece(std::string_view piece, bool last) {
        message_bytes_ += piece.size();
        if (message_bytes_ <= max_message_bytes) message_ += piece;
        if (!last) return;
        const std::string text = std::move(message_);
        const std::size_t bytes = message_bytes_;
        message_.clear();
        message_bytes_ = 0;
        if (bytes > max_message_bytes) {
            return log_.line("passing over a message of " + grouped(bytes) + " bytes; a job has at most 1 MiB");
        }
        take_message(text);
    }

    void take_message(const std::string& text) {
        const Json message = Json::parse(text, nullptr, false);
        const std::string type = text_of(message, "type");
        if (!authenticated_) {
            if (type == "auth_response" && message.value("success", Json()) == true) return authentication_succeeded();
            if (type == "auth_failed" || type == "auth_response") return authentication_failed(message);
        } else if (type == "cancel") {
            return cancel(text_of(message, "job_id"));
        } else if (type == "job" || (type.empty() && names_job(message, text))) {
            return take_job(message, text);  // without a type it may be a broken job, whose sender waits for an answer
        }
        if (type == "connected") return;
        log_.line("passing over a message " +
                  (type.empty() ? "that names no job" : "of type '" + shortened(type) + "'"));
    }

    void authentication_succeeded() {
        authenticated_ = true;
        connection_->established();
        log_.line("connected");
        for (const auto& result : results_.untaken()) deliver(result);
        go_on();
    }

    void authentication_failed(const Json& message) {
        const std::string why = text_of(message, "error");
        log_.line("the bot refused the token" + (why.empty() ? "" : ": " + shortened(why)));
        refused_ = true;
        connection_->close(1000, "");
    }

    [[nodiscard]] static bool names_job(const Json& message, const std::string& text) {
        return message.is_object() ? message.contains("job_id") : text.find("job_id") != std::string::npos;
    }

    void take_job(const Json& message, const std::string& text) {
        const std::string id = message.is_discarded() ? job_id_in(text) : job_id_of(message);
        if (!jobs_.add({id, message})) fail_job(id, "too many jobs are waiting");
        go_on();
    }

    // Cancels the job of that id, whether it runs or waits. Without an id it is the running one.
    void cancel(const std::string& id) {
        const std::size_t waiting = jobs_.remove(id);
        const bool running = jobs_.is_running() && (id.empty() || id == jobs_.running_id());
        log_.line("cancel " + shortened(id) + (waiting > 0 || running ? "" : ": there is no such job"));
        for (std::size_t i = 0; i < waiting; ++i) fail_job(id, cancelled_by_bot, true);
        if (running) jobs_.stop();
        go_on();
    }

    // --- jobs --------------------------------------------------------------------------------------------------------

    // Starts the next job, or leaves after the last one.
    void go_on() {
        if (jobs_.is_running()) return;
        if (stopping_ || (options_.jobs != 0 && answered_ >= options_.jobs)) return leave();
        const auto job = jobs_.take();
        if (!job) return;
        const bool predicts = text_of(job->message, "action") == "predict";  // other requests may reuse its id
        if (const auto known = predicts ? results_.find(job->id) : nullptr) {
            log_.line(job->id + ": received again; its file is complete: " + known->file);
            known->taken = false;
            answer(known);
            return go_on();
        }
        bar_.emplace(log_, job->id);
        jobs_.run(*job);
    }

    void end_job(const std::string& id, const JobQueue::Ended& ended) {
        bar_.reset();
        if (finished_) return io_.stop();
        if (ended.error.empty()) {
            log_outcome(id, ended);
            answer({.job_id = id, .message = ended.outcome.message, .file = ended.outcome.file, .success = true});
        } else {
            const bool by_bot = ended.cancelled && !stopping_;
            fail_job(id, by_bot ? cancelled_by_bot : ended.cancelled ? worker_stopped : ended.error, by_bot);
        }
        go_on();
    }

    void log_outcome(const std::string& id, const JobQueue::Ended& done) {
        char text[200];
        std::snprintf(text, sizeof text, ": %s%s rows, %s bytes on disk, a message of %s bytes, peak memory %s",
                      done.found ? "received again, and its file is complete: " : "",
                      grouped(done.outcome.rows).c_str(), grouped(done.outcome.file_bytes).c_str(),
                      grouped(done.outcome.message.size()).c_str(), peak_memory().c_str());
        log_.line(id + text + (done.outcome.file.empty() ? "" : ", file " + done.outcome.file));
        if (!done.outcome.no_file.empty()) {
            log_.line(id + ": answered without a file: " + shortened(done.outcome.no_file));
        }
    }

    void fail_job(const std::string& id, const std::string& error, bool cancelled = false) {
        log_.line((id.empty() ? "a job" : shortened(id)) + " failed: " + shortened(error));
        answer({.job_id = id, .message = curtail::failure_message(id, error), .cancelled = cancelled});
    }

    // Shows progress, and sends it at most four times per second and only while nothing else waits to be sent.
    void show_progress(const JobProgress& progress) {
        if (bar_) bar_->show(progress);
        const Clock::time_point now = Clock::now();
        if (!authenticated_ || !connection_ || !connection_->is_idle() || now < next_report_) return;
        next_report_ = now + std::chrono::milliseconds(250);
        connection_->send(
            curtail::progress_message(jobs_.running_id(), progress.percent.value_or(0), progress_text(progress)));
    }

    // --- results -----------------------------------------------------------------------------------------------------

    void answer(Result result) { answer(results_.add(std::move(result))); }
    void answer(const std::shared_ptr<Result>& result) {
        ++answered_;
        deliver(result);
    }

    // Sends a result, now or after the next connection. It stays untaken until the bot has read it.
    void deliver(const std::shared_ptr<Result>& result) {
        if (!connection_ || !authenticated_) return;
        ++result->deliveries;
        connection_->send(result->message, [this, result] {
            result->taken = true;
            backoff_.reset();
            log_.line((result->job_id.empty() ? "a job" : shortened(result->job_id)) + ": delivery " +
                      std::to_string(result->deliveries) + " of the result was received");
            go_on();
        });
    }

    // --- the end -----------------------------------------------------------------------------------------------------

    // Closes once the bot has read all results. Those that it has not read wait for the next connection, unless the
    // worker is stopping.
    void leave() {
        const bool owed = results_.is_owed();
        if (!connection_ && stopping_) return finish(owed ? 1 : 0);
        if (!connection_ || (owed && (authenticated_ || !stopping_))) return;
        leaving_ = true;
        stopping_ ? connection_->close(1001, "the worker was stopped") : connection_->close(1000, "");
    }

    void wait_for_signal() {
        signals_.async_wait([this](boost::system::error_code error, int number) {
            if (error) return;
            log_.line(std::string(stopping_ ? "ending at once" : "stopping") + " after signal " +
                      std::to_string(number));
            if (stopping_) std::_Exit(128 + number);
            stopping_ = true;
            wait_for_signal();
            while (const auto job = jobs_.take()) fail_job(job->id, worker_stopped);
            jobs_.stop();
            limit_end();
            go_on();
        });
    }

    // Ends the process if the orderly end takes too long, for example because an input cannot be read any further.
    void limit_end() {
        timer_.expires_after(options_.limits.step + std::chrono::seconds(1));
        timer_.async_wait([this](boost::system::error_code error) {
            if (error) return;
            if (!finished_) exit_code_ = 1;
            if (!jobs_.is_running()) return io_.stop();
            log_undelivered();
            std::_Exit(exit_code_);
        });
    }

    void finish(int exit_code) {
        exit_code_ = exit_code;
        finished_ = true;
        if (!jobs_.is_running()) return io_.stop();
        jobs_.stop();
        limit_end();
    }

    void log_undelivered() {
        for (const auto& result : results_.untaken()) {
            if (result->cancelled) continue;
            log_.line((result->job_id.empty() ? "a job" : shortened(result->job_id)) +
                      ": the result was not delivered" +
                      (result->file.empty() ? "" : "; its file is complete: " + result->file));
        }
    }

    // --- texts -------------------------------------------------------------------------------------------------------

    [[nodiscard]] static std::string shortened(std::string_view text) {
        const std::string shown = without_secret(text);
        return std::string(curtail::utf8_prefix(shown, 500));
    }

    static constexpr std::size_t max_message_bytes = std::size_t{1} << 20U;
    static constexpr const char* cancelled_by_bot = "[curtail.cancelled] the bot cancelled the job";
    static constexpr const char* worker_stopped = "[curtail.cancelled] the worker was stopped";

    boost::asio::io_context& io_;
    Log& log_;
    WorkerOptions options_;
    Backoff backoff_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer timer_;  // of the next connection, or of the end
    std::shared_ptr<Connection> connection_;
    std::string message_;  // what has arrived of it
    std::size_t message_bytes_ = 0;
    std::optional<ProgressBar> bar_;
    Results results_;
    Clock::time_point connected_at_{};
    Clock::time_point next_report_{};
    std::size_t answered_ = 0;
    int exit_code_ = 0;
    bool authenticated_ = false;
    bool refused_ = false;   // the token
    bool leaving_ = false;   // the connection is being closed here
    bool stopping_ = false;  // after a signal
    bool finished_ = false;
    JobQueue jobs_;  // the last member: it uses the others
};

int work(int argc, char** argv) {
    const Arguments arguments(argc, argv,
                              {"--url", "--token", "--token-file", "--model", "--out", "--jobs", "--repeat",
                               "--file-error", "--ca", "--retries", "--timeout", "--idle"},
                              0);
    WorkerOptions options;
    options.token = read_token(arguments);
    options.url = WebSocketUrl::parse(arguments.required("--url"));
    options.predict.model = arguments.required("--model");
    options.predict.out_directory = arguments.get("--out", ".");
    options.predict.repeat = arguments.number("--repeat", 1, 1);
    const std::string file_error = arguments.get("--file-error", "fail");
    if (file_error != "fail" && file_error != "answer") throw UsageMistake("--file-error must be fail or answer");
    if (file_error == "answer") options.predict.on_artifact_error = curtail::OnArtifactError::report;
    options.jobs = arguments.number("--jobs", 0, 1);
    options.retries = arguments.number("--retries", options.retries);
    options.limits.step = std::chrono::seconds(arguments.number("--timeout", 15, 1, 86400));
    options.limits.silence = std::chrono::seconds(arguments.number("--idle", 60, 1, 86400));
    if (options.url.tls) options.tls = client_tls(arguments.get("--ca", ""));

    Log log("worker");
    boost::asio::io_context io;
    return Worker(io, log, std::move(options)).run();
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // so that a worker outlives the reader of its log
    return run_program("worker", usage.c_str(), argc, argv, work);
}
