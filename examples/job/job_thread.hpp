// SPDX-License-Identifier: MIT
#pragma once
// One job on a thread of its own, so that its worker can answer the bot meanwhile.

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "../progress_bar.hpp"

// Runs `work` and then `on_done` with what it returned, on the thread of the io_context. `work` must not throw. It is
// given a function to call with its progress, which returns false once the job has to stop.
template <class Outcome>
class JobThread {
  public:
    using Report = std::function<bool(JobProgress)>;

    JobThread(boost::asio::io_context& io, std::function<Outcome(const Report&)> work,
              std::function<void(JobProgress)> on_progress, std::function<void(Outcome)> on_done)
        : thread_([this, &io, work = std::move(work), on_progress = std::move(on_progress),
                   on_done = std::move(on_done)] {
              const auto begin = std::chrono::steady_clock::now();
              Outcome outcome = work([&](JobProgress progress) {
                  progress.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
                  boost::asio::post(io, [on_progress, progress] { on_progress(progress); });
                  return !stopped_;
              });
              boost::asio::post(io, [on_done, outcome = std::move(outcome)] { on_done(outcome); });
          }) {}

    JobThread(const JobThread&) = delete;
    JobThread& operator=(const JobThread&) = delete;
    ~JobThread() {
        stop();
        thread_.join();
    }

    // Asks the job to stop, which it does between two rows.
    void stop() noexcept { stopped_ = true; }
    [[nodiscard]] bool is_stopped() const noexcept { return stopped_; }

  private:
    std::atomic<bool> stopped_ = false;
    std::thread thread_;  // the last member: it uses the others
};
