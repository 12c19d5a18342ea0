// SPDX-License-Identifier: MIT
// A bot: accepts workers, gives each file to one of them, reads the answers as they arrive and prints what its user
// would be shown.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <curtail/payload/result_payload.hpp>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "conversation.hpp"
#include "incoming_message.hpp"
#include "log.hpp"
#include "peak_memory.hpp"
#include "render_as.hpp"
#include "token.hpp"
#include "websocket/connection.hpp"

namespace {

using Form = curtail::ResultPayload::Form;

const std::string usage =
    std::string(
        "bot --port P [--token-file FILE] --predict FILE [--predict FILE]... [--host ADDRESS]\n"
        "       [--as text|telegram-html|telegram-markdown|markdown|slack] [--rows FIRST:COUNT [--pages N]]\n"
        "       [--cert FILE --key FILE]\n"
        "       [--deadline SECONDS] [--next-worker SECONDS] [--timeout SECONDS] [--idle SECONDS]\n"
        "  --port        where workers connect; 0 takes a free port, which is printed\n") +
    token_usage +
    "  --predict     the path, on the worker's machine, of a CSV file to predict. Several files go to several "
    "workers,\n"
    "                and the file of a worker that is lost goes to the next one\n"
    "  --host        the address to listen on (default: 127.0.0.1, which other machines cannot reach)\n"
    "  --as          how the results are printed (default: text)\n"
    "  --rows        after each result, ask for COUNT (1 to 100) of its rows from number FIRST on, counted from 0\n"
    "  --pages       how many such pages, one after the other, as far as there are rows (default: 1)\n"
    "  --cert --key  a certificate and its key in PEM: workers must connect to wss:// (default: ws://)\n"
    "  --deadline    for all results (default: 3600)\n"
    "  --next-worker once a worker was lost and no other one is connected, for the next one (default: 30)\n"
    "  --timeout     for each step of a worker's: handshakes, authentication, closing (default: 15)\n"
    "  --idle        for any sign of life of a worker. Workers in Python answer no pings while they compute\n"
    "                (default: 600)\n"
    "exit code: 0 if all results came; 1 if a job or something else failed; 2 for a wrong command";

std::string new_job_id() {
    std::random_device random;
    char text[32];
    std::snprintf(text, sizeof text, "job_%06x%06x", random() & 0xFFFFFFU, random() & 0xFFFFFFU);
    return text;
}

// Compares all characters, so that the time does not show how much of the token was right.
bool same_token(const std::string& a, const std::string& b) {
    unsigned difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
        difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
    }
    return difference == 0;
}

struct BotOptions {
    std::string token;
    std::string host;
    std::uint16_t port = 0;
    std::shared_ptr<TlsContext> tls;
    ConnectionLimits limits;
    std::chrono::seconds deadline{};
    std::chrono::seconds next_worker{};
    std::vector<std::string> files;
    std::uint64_t first_row = 0;
    std::uint64_t page_rows = 0;  // 0: no page is asked for
    std::size_t pages = 1;
    Renderer render = nullptr;
};

// One thread serves all connections, so nothing in here may wait.
class Bot {
  public:
    Bot(boost::asio::io_context& io, Log& log, BotOptions options)
        : io_(io),
          log_(log),
          options_(std::move(options)),
          signals_(io, SIGINT, SIGTERM),
          deadline_(io),
          next_worker_(io),
          listener_(std::make_unique<Listener>(io, options_.host, options_.port, options_.tls, options_.limits,
                                               [this](auto connection) { accept(std::move(connection)); })) {
        for (const std::string& file : options_.files) jobs_.push_back({.id = new_job_id(), .file = file});
    }

    // Returns the exit code.
    int run() {
        log_.line("listening on " + options_.host + " port " + std::to_string(listener_->port()));
        wait_for_signal();
        give_up_after(deadline_, options_.deadline, "there is no result");
        io_.run();
        return exit_code_;
    }

  private:
    struct Job {
        std::string id;
        std::string file = {};  // to predict; empty for a page
        std::string of = {};    // of a page: the job whose rows it has
        std::uint64_t first = 0;
        std::size_t pages = 0;  // this one and those behind it
        int deliveries = 0;
        bool given = false;  // a worker has it
        bool done = false;
    };

    struct Peer {
        std::shared_ptr<Connection> connection;
        bool authenticated = false;
        bool refused = false;
        Job* job = nullptr;
        IncomingMessage message = {};  // what has arrived of it
    };

    // --- connections -------------------------------------------------------------------------------------------------

    void accept(std::shared_ptr<Connection> connection) {
        make_room();
        Peer& peer = peers_.emplace_back(Peer{std::move(connection)});
        peer.connection->start(
            {.on_open = [] {},
             .on_piece = [this, &peer](std::string_view piece, bool last) { take_piece(peer, piece, last); },
             .on_end = [this, &peer](const ConnectionEnd& end) { ended(peer, end); }});
    }

    // Drops the oldest of too many connections that have not authenticated, so that they cannot keep workers out.
    void make_room() {
        const auto is_stranger = [](const Peer& peer) { return !peer.authenticated; };
        if (std::count_if(peers_.begin(), peers_.end(), is_stranger) < max_strangers) return;
        std::find_if(peers_.begin(), peers_.end(), is_stranger)->connection->drop("too many do not authenticate");
    }

    void ended(Peer& peer, const ConnectionEnd& end) {
        if (!leaving_ || peer.job != nullptr) log_.line(peer.connection->peer() + ": " + end.text);
        take_back(peer);
        const bool was_worker = peer.authenticated;
        peers_.remove_if([&](const Peer& other) { return &other == &peer; });
        give_jobs();
        const bool others = std::any_of(peers_.begin(), peers_.end(), [](const Peer& p) { return p.authenticated; });
        if (was_worker && !others) give_up_after(next_worker_, options_.next_worker, "there is no other worker");
        if (leaving_ && peers_.empty()) io_.stop();
    }

    void take_piece(Peer& peer, std::string_view piece, bool last) {
        if (peer.refused) return;
        peer.message.feed(piece);
        if (!peer.authenticated && peer.message.bytes() > IncomingMessage::max_head) {
            return refuse(peer, 1009, "a greeting has at most 64 KiB");
        }
        if (!last) return;
        IncomingMessage message = std::exchange(peer.message, {});
        peer.authenticated ? take_message(peer, message) : authenticate(peer, message.head());
    }

    static void refuse(Peer& peer, int code, const std::string& reason) {
        peer.refused = true;
        peer.connection->close(code, reason);
    }

    void authenticate(Peer& peer, const std::string& text) {
        const auto auth = nlohmann::json::parse(text, nullptr, false);
        if (text_of(auth, "type") != "auth" || !same_token(text_of(auth, "token"), options_.token)) {
            log_.line(peer.connection->peer() + ": a worker with a wrong token was sent away");
            peer.connection->send(auth_failed_message("the token is wrong"));
            return refuse(peer, 1008, "the token is wrong");
        }
        peer.authenticated = true;
        peer.connection->established();
        next_worker_.cancel();
        log_.line(peer.connection->peer() + ": a worker connected");
        peer.connection->send(auth_response_message());
        peer.connection->send(connected_message());
        give_jobs();
    }

    // --- jobs --------------------------------------------------------------------------------------------------------

    void give_jobs() {
        for (Peer& peer : peers_) {
            if (leaving_ || !peer.authenticated || peer.job != nullptr) continue;
            const auto job = std::find_if(jobs_.begin(), jobs_.end(), [](const Job& j) { return !j.given && !j.done; });
            if (job == jobs_.end()) return;
            give(peer, *job);
        }
    }

    void give(Peer& peer, Job& job) {
        job.given = true;
        ++job.deliveries;
        peer.job = &job;
        log_.line(job.id + ": given to " + peer.connection->peer() + " (delivery " + std::to_string(job.deliveries) +
                  ")");
        peer.connection->send(job.of.empty() ? job_message(job.id, job.file)
                                             : rows_message(job.id, job.of, job.first, options_.page_rows));
    }

    // Asks the worker of a job that is done for the first page of its rows, or for the page after the one that came.
    void ask_for_page(Peer& peer, const Job& job, const curtail::ResultPayload& shown) {
        const bool first = job.of.empty();
        if (options_.page_rows == 0 || shown.output_file.empty() || peer.job != nullptr) return;
        if (!first && (job.pages <= 1 || shown.sample_row_numbers.empty())) return;
        const std::uint64_t next = first ? options_.first_row : shown.sample_row_numbers.back() + 1;
        if (!first && next >= shown.rows) return;
        give(peer, jobs_.emplace_back(Job{.id = new_job_id(),
                                          .of = first ? job.id : job.of,
                                          .first = next,
                                          .pages = first ? options_.pages : job.pages - 1}));
    }

    // Takes the job of a worker that will not answer it, for the next worker.
    void take_back(Peer& peer) {
        Job* const job = std::exchange(peer.job, nullptr);
        if (job == nullptr || job->done) return;
        job->given = false;
        if (job->deliveries < max_deliveries) return log_.line(job->id + ": lost; it goes to the next worker");
        log_.line(job->id + ": given up, because it was lost " + std::to_string(max_deliveries) + " times");
        exit_code_ = 1;
        end_job(*job);
    }

    // --- messages ----------------------------------------------------------------------------------------------------

    void take_message(Peer& peer, IncomingMessage& message) {
        const std::optional<curtail::ResultPayload> read = message.finish();
        if (!read) return pass_over(peer, message);
        const curtail::ResultPayload& payload = *read;
        Job* const job = payload.job_id.empty() ? peer.job : find_job(payload.job_id);
        const std::string name = payload.job_id.empty() ? "a job without an id" : payload.job_id;
        const bool of_another = job != nullptr && !job->done && job->given && peer.job != job;
        if (of_another && payload.form == Form::failure) {
            log_.line(name + ": passing over the failure of a worker that lost it, because another one works on it");
        } else if (job == nullptr || job->done) {
            if (peer.job == job && payload.form != Form::progress) peer.job = nullptr;
            log_.line(name + ": passing over a message of a job that " + (job ? "is done" : "is not of this bot"));
            if (payload.form == Form::progress) peer.connection->send(cancel_message(name));  // of an earlier bot
        } else if (payload.form == Form::progress) {
            char percent[16];
            std::snprintf(percent, sizeof percent, ": %3.0f %% ", payload.progress.percent);
            log_.line(job->id + percent + payload.progress.message);
        } else {
            log_.line(job->id + ": a message of " + std::to_string(message.bytes()) + " bytes, peak memory " +
                      peak_memory());
            if (payload.form == Form::failure) exit_code_ = 1;
            print_line(without_secret(options_.render(payload, {})));
            if (peer.job == job) peer.job = nullptr;
            if (payload.form != Form::failure) ask_for_page(peer, *job, payload);
            end_job(*job);
        }
        give_jobs();
    }

    // Passes over a message. If it is the worker's result and cannot be read, the job goes to the next worker.
    void pass_over(Peer& peer, const IncomingMessage& message) {
        log_.line(peer.connection->peer() + ": passing over a message " + message.error());
        if (peer.job == nullptr || message.job_of_broken_result() != peer.job->id) return;
        take_back(peer);
        give_jobs();
    }

    [[nodiscard]] Job* find_job(const std::string& id) {
        const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& job) { return job.id == id; });
        return found == jobs_.end() ? nullptr : &*found;
    }

    // --- the end -----------------------------------------------------------------------------------------------------

    // Marks a job as done, and tells other workers that still compute it.
    void end_job(Job& job) {
        job.done = true;
        for (Peer& peer : peers_) {
            if (peer.job == &job) peer.connection->send(cancel_message(job.id));
        }
        const bool all = std::all_of(jobs_.begin(), jobs_.end(), [](const Job& other) { return other.done; });
        if (all) leave(1000, "all is done");
    }

    void give_up(const std::string& why, int exit_code) {
        exit_code_ = exit_code;
        for (Job& job : jobs_) {
            if (!job.done) log_.line(job.id + ": " + why);
            job.done = true;
        }
        leave(1001, "the bot ends");
    }

    void give_up_after(boost::asio::steady_timer& timer, std::chrono::seconds limit, const std::string& why) {
        timer.expires_after(limit);
        timer.async_wait([this, limit, why](boost::system::error_code error) {
            if (!error && !leaving_) give_up(why + " within " + std::to_string(limit.count()) + " s", 1);
        });
    }

    // Closes all connections, and stops when they are closed, which each of them limits.
    void leave(int code, const std::string& reason) {
        leaving_ = true;
        listener_.reset();
        for (Peer& peer : peers_) {
            peer.authenticated ? peer.connection->close(code, reason) : peer.connection->drop("the bot ends");
        }
        if (peers_.empty()) io_.stop();
    }

    void wait_for_signal() {
        signals_.async_wait([this](boost::system::error_code error, int number) {
            if (error) return;
            log_.line("stopping after signal " + std::to_string(number));
            if (leaving_) std::_Exit(128 + number);
            wait_for_signal();
            give_up("stopped", 128 + number);
        });
    }

    static constexpr std::ptrdiff_t max_strangers = 200;
    static constexpr int max_deliveries = 5;

    boost::asio::io_context& io_;
    Log& log_;
    BotOptions options_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer deadline_;
    boost::asio::steady_timer next_worker_;
    std::deque<Job> jobs_;
    std::list<Peer> peers_;
    std::unique_ptr<Listener> listener_;
    int exit_code_ = 0;
    bool leaving_ = false;
};

// Reads FIRST:COUNT.
void read_rows(const std::string& text, BotOptions& options) {
    const auto number = [&](const char* from, const char* to, std::uint64_t& value) {
        const auto [end, error] = std::from_chars(from, to, value);
        return error == std::errc() && end == to;
    };
    const char* const begin = text.data();
    const std::size_t colon = (std::min)(text.find(':'), text.size());
    const char* const end = begin + text.size();
    if (colon == text.size() || !number(begin, begin + colon, options.first_row) ||
        !number(begin + colon + 1, end, options.page_rows) || options.page_rows == 0 ||
        options.page_rows > max_page_rows) {
        throw UsageMistake("--rows must be FIRST:COUNT, such as 1000:10, with a COUNT of 1 to 100, not '" + text + "'");
    }
}

int run_bot(int argc, char** argv) {
    const Arguments arguments(argc, argv,
                              {"--port", "--token", "--token-file", "--host", "--as", "--cert", "--key", "--deadline",
                               "--next-worker", "--timeout", "--idle", "--rows", "--pages"},
                              0, {"--predict"});
    BotOptions options;
    if (!arguments.find("--port")) throw UsageMistake("--port is missing");
    options.port = static_cast<std::uint16_t>(arguments.number("--port", 0, 0, 65535));
    options.token = read_token(arguments);
    options.files = arguments.all("--predict");
    if (options.files.empty()) throw UsageMistake("--predict is missing");
    options.host = arguments.get("--host", "127.0.0.1");
    if (const auto rows = arguments.find("--rows")) read_rows(*rows, options);
    options.pages = arguments.number("--pages", 1, 1);
    if (options.pages > 1 && options.page_rows == 0) throw UsageMistake("--pages belongs to --rows");
    options.render = renderer_named(arguments.get("--as", "text"));
    const auto certificate = arguments.find("--cert");
    const auto key = arguments.find("--key");
    if (certificate.has_value() != key.has_value()) throw UsageMistake("--cert and --key belong together");
    if (certificate) options.tls = server_tls(*certificate, *key);
    options.deadline = std::chrono::seconds(arguments.number("--deadline", 3600, 1, 86400 * 365));
    options.next_worker = std::chrono::seconds(arguments.number("--next-worker", 30, 1, 86400));
    options.limits.step = std::chrono::seconds(arguments.number("--timeout", 15, 1, 86400));
    options.limits.silence = std::chrono::seconds(arguments.number("--idle", 600, 1, 86400));

    Log log("bot");
    boost::asio::io_context io;
    return Bot(io, log, std::move(options)).run();
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // so that a bot outlives the reader of its log
    return run_program("bot", usage.c_str(), argc, argv, run_bot);
}
