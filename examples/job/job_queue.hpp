// SPDX-License-Identifier: MIT
#pragma once
// The jobs of a worker: one runs, on a thread of its own, and the others wait.

#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>

#include <curtail/core/error.hpp>

#include <nlohmann/json.hpp>

#include "../conversation.hpp"
#include "../own_words.hpp"
#include "../progress_bar.hpp"
#include "found_result.hpp"
#include "job_thread.hpp"
#include "predict_job.hpp"
#include "rows_job.hpp"

class JobQueue {
  public:
    struct Job {
        std::string id;  // empty if the message has none
        nlohmann::json message;
    };

    // How a job ended.
    struct Ended {
        JobOutcome outcome = {};
        bool found = false;  // its file was there
        bool cancelled = false;
        std::string error = {};  // empty after success
    };

    using OnProgress = std::function<void(const JobProgress&)>;
    using OnEnd = std::function<void(const std::string& id, const Ended&)>;

    JobQueue(boost::asio::io_context& io, PredictOptions options, OnProgress on_progress, OnEnd on_end)
        : io_(io), options_(std::move(options)), on_progress_(std::move(on_progress)), on_end_(std::move(on_end)) {}

    // Returns false if too many jobs wait.
    [[nodiscard]] bool add(Job job) {
        if (waiting_.size() == max_waiting) return false;
        waiting_.push_back(std::move(job));
        return true;
    }

    // Takes the next job that waits.
    [[nodiscard]] std::optional<Job> take() {
        if (waiting_.empty()) return {};
        Job job = std::move(waiting_.front());
        waiting_.pop_front();
        return job;
    }

    // Takes the jobs of that id that wait; returns how many that were.
    std::size_t remove(const std::string& id) {
        return std::erase_if(waiting_, [&](const Job& job) { return job.id == id; });
    }

    // Starts a job; none may be running.
    void run(const Job& job) {
        running_id_ = job.id;
        running_ = std::make_unique<JobThread<Ended>>(
            io_, [this, message = job.message](const JobReport& report) { return predict(message, report); },
            on_progress_, [this](const Ended& ended) { end(ended); });
    }

    // Asks the running job to stop. It then ends as cancelled, unless its file has just been published.
    void stop() noexcept {
        if (running_) running_->stop();
    }

    [[nodiscard]] bool is_running() const noexcept { return running_ != nullptr; }
    [[nodiscard]] const std::string& running_id() const noexcept { return running_id_; }

    // Returns true if a job waits, or if one runs that was not asked to stop.
    [[nodiscard]] bool is_busy() const noexcept {
        return !waiting_.empty() || (is_running() && !running_->is_stopped());
    }

  private:
    // Does a job, on the thread of the job: uses nothing but the options.
    [[nodiscard]] Ended predict(const nlohmann::json& message, const JobReport& report) const {
        try {
            if (text_of(message, "action") == "rows") {
                return {.outcome = run_rows_job(parse_rows_job(message), options_.out_directory)};
            }
            const PredictJob job = parse_predict_job(message);
            if (auto found = find_result(job, options_, report)) return {.outcome = *std::move(found), .found = true};
            return {.outcome = run_predict_job(job, options_, report)};
        } catch (const curtail::Cancelled& error) {
            return {.cancelled = true, .error = error.what()};
        } catch (const std::exception& error) {
            return {.error = in_own_words(error.what(), words_without_options)};
        }
    }

    void end(const Ended& ended) {
        running_.reset();
        const std::string id = std::exchange(running_id_, {});
        on_end_(id, ended);
    }

    static constexpr std::size_t max_waiting = 100;

    boost::asio::io_context& io_;
    PredictOptions options_;
    OnProgress on_progress_;
    OnEnd on_end_;
    std::deque<Job> waiting_;
    std::string running_id_;
    std::unique_ptr<JobThread<Ended>> running_;  // the last member: its thread uses the others
};
