// SPDX-License-Identifier: MIT
// The systems that are plugged in here are not those of curtail::compiled, so their files are compiled here.
#undef CURTAIL_COMPILED

// All interleavings of two attempts of one part, each killed after any of its steps, by the real code on a real file
// system: what others can see of an attempt is a step, and a schedule says whose step comes next.
#include <curtail/artifact/part_file.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <curtail/artifact/housekeeping.hpp>
#include <curtail/artifact/parts_directory.hpp>

#include "catch.hpp"
#include "fault/scratch_directory.hpp"
#include "fault/scripted_system.hpp"

namespace {

// Whose steps come in which order. After the last one whoever is not killed goes on, one step at a time.
class Schedule {
  public:
    Schedule(std::vector<int> order, std::array<int, 2> kill_after) : order_(std::move(order)), left_(kill_after) {}

    // Waits for the turn of `who` and holds it. Returns false if it is killed before its step.
    bool begin(int who) {
        std::unique_lock lock(mutex_);
        if (left_[at(who)] == 0) return false;
        changed_.wait(lock, [&] { return !busy_ && (next() < 0 || next() == who); });
        busy_ = true;
        if (next() == who) ++position_;
        if (left_[at(who)] > 0) --left_[at(who)];
        return true;
    }
    void end() {
        const std::scoped_lock lock(mutex_);
        busy_ = false;
        changed_.notify_all();
    }
    // Says that no more steps of `who` come.
    void leave(int who) {
        const std::scoped_lock lock(mutex_);
        gone_[at(who)] = true;
        changed_.notify_all();
    }

  private:
    static std::size_t at(int who) { return static_cast<std::size_t>(who); }

    // Returns whose step comes next; -1 after the last one.
    int next() {
        while (position_ < order_.size() && gone_[at(order_[position_])]) ++position_;
        return position_ < order_.size() ? order_[position_] : -1;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<int> order_;
    std::size_t position_ = 0;
    std::array<int, 2> left_;  // steps before it is killed; negative: never
    std::array<bool, 2> gone_{};
    bool busy_ = false;
};

struct Actor {
    Schedule* schedule;
    int who;
    Script script;
    int steps = 0;
    bool renamed = false;
    std::string fault;  // what was seen that must not be
    const ScratchDirectory* dir;
};

const std::string directory = "predictions_a";

bool exists(const ScratchDirectory& dir, std::string_view name) {
    return std::filesystem::exists(dir / (directory + "/" + std::string(name)));
}

// A system that waits for its turn before each call that others can see, or that sees what others did.
class SteppingSystem : public ScriptedSystem {
  public:
    SteppingSystem() = default;
    explicit SteppingSystem(Actor* actor) : ScriptedSystem(&actor->script), actor_(actor) {}

    int look_up(int dir, const char* name, FileEntry& entry) {
        const auto real = [&] { return ScriptedSystem::look_up(dir, name, entry); };
        // What it sees matters where a step follows from it.
        const bool decides = std::string_view(name) == "part-00000.csv" && !actor_->renamed;
        return decides ? step(name, real) : real();
    }
    int open_to_read(int dir, const char* name) {
        return step(name, [&] { return ScriptedSystem::open_to_read(dir, name); });
    }
    int link_unnamed(int file, int dir, const char* name) {
        return step(name, [&] { return ScriptedSystem::link_unnamed(file, dir, name); });
    }
    int link(int dir, const char* from, const char* to) {
        return step(to, [&] { return ScriptedSystem::link(dir, from, to); });
    }
    int rename(int dir, const char* from, const char* to) {
        return step(to, [&] {
            actor_->renamed = std::string_view(to) == "part-00000.csv";
            return ScriptedSystem::rename(dir, from, to);
        });
    }
    int rename_exclusive(int dir, const char* from, const char* to) {
        return step(to, [&] { return ScriptedSystem::rename_exclusive(dir, from, to); });
    }

  private:
    template <class Call>
    int step(std::string_view name, Call call) {
        if (name != "part-00000.csv" && name != ".part-00000.summary") return call();
        if (actor_->script.fail_from >= 0) return call();  // killed: fails
        if (!actor_->schedule->begin(actor_->who)) {
            // A killed process makes no call any more, and the system closes what it had open.
            actor_->script.fail_from = 0;
            actor_->script.fail_until = INT_MAX;
            actor_->script.error = EIO;
            actor_->schedule->leave(actor_->who);
            return call();
        }
        ++actor_->steps;
        const int result = call();
        const int error = errno;
        if (exists(*actor_->dir, "part-00000.csv") && !exists(*actor_->dir, ".part-00000.summary")) {
            actor_->fault = "a part is seen that is not committed";
        }
        actor_->schedule->end();
        errno = error;
        return result;
    }

    Actor* actor_ = nullptr;
};

using SteppingPart = curtail::BasicPartFile<SteppingSystem>;

struct Outcome {
    std::array<int, 2> steps{};
    std::array<bool, 2> committed{};
    std::array<std::string, 2> taken{};
};

std::string bytes_of(const std::string& who) {
    return "n\n" + who + "\n";
}

// Runs both attempts by a schedule.
Outcome run(const ScratchDirectory& dir, std::vector<int> order, std::array<int, 2> kill_after, bool has_unnamed) {
    Schedule schedule(std::move(order), kill_after);
    std::array<Actor, 2> actors;
    Outcome out;
    std::vector<std::thread> threads;
    for (int who = 0; who < 2; ++who) {
        Actor& actor = actors[static_cast<std::size_t>(who)];
        actor.schedule = &schedule;
        actor.who = who;
        actor.dir = &dir;
        actor.script.has_unnamed = has_unnamed;
        threads.emplace_back([&, who] {
            const auto at = static_cast<std::size_t>(who);
            {
                SteppingPart part(dir.path(), "a", 0, 1, {}, SteppingSystem(&actor));
                part.limit_threads(1);
                try {
                    part.open();
                    part.write(bytes_of(std::to_string(who)));
                    part.commit_part({.path = {}, .format = "csv", .rows = 1}, std::to_string(who));
                } catch (const curtail::PartTaken& taken) {
                    out.taken[at] = taken.summary();
                } catch (const curtail::ArtifactError&) {
                }
                out.committed[at] = part.committed();
            }
            out.steps[at] = actor.steps;
            schedule.leave(who);
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const Actor& actor : actors) {
        REQUIRE(actor.fault.empty());
        REQUIRE(actor.script.open_descriptors == 0);
    }
    return out;
}

// Checks what two attempts left, and that the job goes on with it.
void check(const ScratchDirectory& dir, const Outcome& outcome) {
    const curtail::PartsDirectory parts(dir.path(), "a", {.durability = curtail::Durability::none});
    REQUIRE_FALSE((outcome.committed[0] && outcome.committed[1]));
    std::string winner = "2";
    try {
        curtail::PartFile part = parts.file(0, 1);
        part.open();
        part.write(bytes_of("2"));
        part.commit_part({.path = {}, .format = "csv", .rows = 1}, "2");
        REQUIRE_FALSE((outcome.committed[0] || outcome.committed[1]));
    } catch (const curtail::PartTaken& taken) {
        winner = taken.summary();
    }
    for (std::size_t who = 0; who < 2; ++who) {
        if (outcome.committed[who]) REQUIRE(winner == std::to_string(who));
        if (!outcome.taken[who].empty()) REQUIRE(outcome.taken[who] == winner);
    }
    REQUIRE(parts.finish(1, curtail::PartsCheck::contents).bytes == 4);
    REQUIRE(dir.read(directory + "/part-00000.csv") == bytes_of(winner));
    (void)curtail::remove_stale_artifacts(dir.path(), std::chrono::seconds(0), curtail::LivenessCheck::age_only);
    REQUIRE(ScratchDirectory::names_in(dir / directory).size() == 4);
    std::filesystem::remove_all(dir / directory);
}

}  // namespace

TEST_CASE("PartFile: in every interleaving of two attempts, each killed after any step, one of them is the part",
          "[fault]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (const bool has_unnamed : {true, false}) {
        const int most = run(dir, {}, {-1, 0}, has_unnamed).steps[0];
        check(dir, Outcome{{}, {true, false}, {}});
        REQUIRE(most >= 4);
        int interleavings = 0;
        for (int first = 0; first <= most; ++first) {
            for (int second = 0; second <= most; ++second) {
                std::vector<int> order(static_cast<std::size_t>(first), 0);
                order.insert(order.end(), static_cast<std::size_t>(second), 1);
                // One that makes all its steps is not killed: an attempt that loses has other ones.
                const std::array<int, 2> kill_after{first == most ? -1 : first, second == most ? -1 : second};
                do {
                    INFO("first " << first << ", second " << second << ", interleaving " << interleavings);
                    check(dir, run(dir, order, kill_after, has_unnamed));
                    ++interleavings;
                } while (std::next_permutation(order.begin(), order.end()));
            }
        }
        CHECK(interleavings >= 250);
    }
}
