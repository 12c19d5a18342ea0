// SPDX-License-Identifier: MIT
#pragma once
// The results of a worker: kept until the bot has read them, and the newest a while longer.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

struct Result {
    std::string job_id = {};
    std::string message = {};
    std::string file = {};  // complete; empty if there is none
    bool success = false;
    bool cancelled = false;  // by the bot, which may not wait for the answer
    int deliveries = 0;      // how often it was sent
    bool taken = false;      // by the bot
};

class Results {
  public:
    // Adds a result. If more than `max_taken` have been read, forgets the oldest of these.
    std::shared_ptr<Result> add(Result result) {
        results_.push_back(std::make_shared<Result>(std::move(result)));
        const auto is_taken = [](const auto& kept) { return kept->taken; };
        if (std::count_if(results_.begin(), results_.end(), is_taken) > max_taken) {
            results_.erase(std::find_if(results_.begin(), results_.end(), is_taken));
        }
        return results_.back();
    }

    // Returns the successful result of a job whose file is still there, or null.
    [[nodiscard]] std::shared_ptr<Result> find(const std::string& job_id) const {
        std::error_code ignored;
        for (const auto& result : results_) {
            if (result->success && result->job_id == job_id && !result->file.empty() &&
                std::filesystem::exists(result->file, ignored)) {
                return result;
            }
        }
        return nullptr;
    }

    // Returns true if the bot waits for a result that it has not read.
    [[nodiscard]] bool is_owed() const {
        return std::any_of(results_.begin(), results_.end(),
                           [](const auto& result) { return !result->taken && !result->cancelled; });
    }

    // Returns those that the bot has not read, the oldest first.
    [[nodiscard]] std::deque<std::shared_ptr<Result>> untaken() const {
        std::deque<std::shared_ptr<Result>> list;
        for (const auto& result : results_) {
            if (!result->taken) list.push_back(result);
        }
        return list;
    }

  private:
    static constexpr std::ptrdiff_t max_taken = 16;  // of less than 1 MB each

    std::deque<std::shared_ptr<Result>> results_;
};
