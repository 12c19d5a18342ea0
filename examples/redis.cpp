// SPDX-License-Identifier: MIT
// A worker behind Redis: takes job ids from the list "jobs", puts results and failures into the list "results".
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include <curtail/worker.hpp>

namespace {

// The little of Redis's protocol that this needs; a real worker has a client library.
class Redis {
  public:
    Redis(const std::string& host, const std::string& port) : stream_(host, port) {}

    // Returns the last text of the answer, or nothing if Redis has none.
    std::string call(const std::vector<std::string>& words) {
        stream_ << '*' << words.size() << "\r\n";
        for (const std::string& word : words) stream_ << '$' << word.size() << "\r\n" << word << "\r\n";
        stream_.flush();
        std::string line;
        if (!std::getline(stream_, line) || line[0] == '-') throw std::runtime_error("Redis: " + line);
        std::string text;
        for (int left = line[0] == '*' ? std::stoi(line.substr(1)) : 0; left > 0; --left) {
            std::getline(stream_, line);  // $ and the length
            text.resize(std::stoul(line.substr(1)));
            stream_.read(text.data(), static_cast<std::streamsize>(text.size()));
            std::getline(stream_, line);  // the end of its line
        }
        return text;
    }

  private:
    boost::asio::ip::tcp::iostream stream_;
};

std::string answer(const std::string& job_id, const std::string& directory) try {
    const auto table = curtail::with_prediction(curtail::columns(curtail::column("id", {1, 2, 3})),
                                                curtail::column("score", {0.91, 0.08, 0.5}));
    return curtail::ResultPayloadBuilder(job_id).build(table, directory).message();
} catch (const std::exception& error) {
    return curtail::failure_message(job_id, error.what());
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 4) throw std::runtime_error("usage: redis HOST PORT DIRECTORY; ends when there is no job for a second");
    Redis redis(argv[1], argv[2]);
    for (std::string job; !(job = redis.call({"BLPOP", "jobs", "1"})).empty();)
        redis.call({"RPUSH", "results", answer(job, argv[3])});
} catch (const std::exception& error) {
    std::fprintf(stderr, "redis: %s\n", error.what());
    return 1;
}
