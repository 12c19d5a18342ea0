// SPDX-License-Identifier: MIT
// A bot: accepts a worker, sends it one job, reads the answer as it arrives and prints what its user would be shown.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <string>

#include <curtail/core/error.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/receive/result_receiver.hpp>
#include <curtail/render/safe_text.hpp>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "peak_memory.hpp"
#include "render_as.hpp"
#include "websocket_server.hpp"

namespace {

using Json = nlohmann::ordered_json;
using Form = curtail::ResultPayload::Form;

constexpr const char* usage =
    "bot --port P --token T --predict FILE [--host ADDRESS] [--as "
    "text|telegram-html|telegram-markdown|markdown]\n"
    "  --port     where workers connect; 0 takes a free port, which is printed\n"
    "  --token    what a worker must know; the bot closes the connection of one that does not, and waits for the next\n"
    "  --predict  the path, on the worker's machine, of the CSV file to predict\n"
    "  --host     the address to listen on (default: 127.0.0.1, which other machines cannot reach)\n"
    "  --as       how the result is printed (default: text)";

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

// Throws PeerProblem unless the worker's first message is {type:"auth", token} with the right token.
void authenticate(WebSocketPeer& worker, const std::string& token) {
    const Json auth = Json::parse(worker.receive(64 * 1024, std::chrono::seconds(30)), nullptr, false);
    const auto text = [&](const char* key) {
        const Json value = auth.is_object() ? auth.value(key, Json()) : Json();
        return value.is_string() ? value.get<std::string>() : std::string();
    };
    if (text("type") != "auth" || !same_token(text("token"), token)) {
        worker.send(Json{{"type", "auth_failed"}, {"error", "the token is wrong"}}.dump());
        worker.close();
        throw PeerProblem("a worker with a wrong token was sent away");
    }
    worker.send(Json{{"type", "auth_response"}, {"success", true}, {"user_id", 1}}.dump());
    worker.send(Json{{"type", "connected"}, {"message", "welcome"}}.dump());
}

// Waits for a worker that knows the token.
std::unique_ptr<WebSocketPeer> accept_worker(WebSocketServer& server, const std::string& token) {
    for (;;) {
        try {
            auto worker = std::make_unique<WebSocketPeer>(server);
            authenticate(*worker, token);
            return worker;
        } catch (const PeerProblem& problem) {
            std::fprintf(stderr, "bot: %s\n", problem.what());
        }
    }
}

// Reads messages until the job's result. Keeps only what is shown of them, whatever their size.
curtail::ResultPayload receive_result(WebSocketPeer& worker, const std::string& job_id) {
    for (;;) {
        curtail::ResultReceiver receiver;
        worker.receive_pieces([&](std::string_view piece) { receiver.feed(piece); });
        curtail::ResultPayload payload = receiver.finish();
        const std::string shown_id = payload.job_id.empty() ? "a job without an id" : payload.job_id;
        if (payload.form == Form::progress) {
            std::fprintf(stderr, "bot: %3.0f %% %s\n", payload.progress.percent,
                         curtail::safe_text(payload.progress.message).c_str());
        } else if (payload.job_id == job_id || payload.job_id.empty()) {
            std::fprintf(stderr, "bot: a message of %llu bytes, peak memory %s\n",
                         static_cast<unsigned long long>(receiver.offset()), peak_memory().c_str());
            return payload;
        } else {
            std::fprintf(stderr, "bot: ignoring the result of %s\n", curtail::safe_text(shown_id).c_str());
        }
    }
}

int run_bot(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--port", "--token", "--predict", "--host", "--as"}, 0);
    if (!arguments.find("--port")) throw UsageMistake("--port is missing");
    const auto port = static_cast<std::uint16_t>(arguments.number("--port", 0, 0, 65535));
    const std::string token = arguments.required("--token");
    if (token.empty()) throw UsageMistake("--token must not be empty");
    const std::string file = arguments.required("--predict");
    const std::string host = arguments.get("--host", "127.0.0.1");
    const Renderer render = renderer_named(arguments.get("--as", "text"));

    WebSocketServer server(host, port);
    std::fprintf(stderr, "bot: listening on %s port %u\n", host.c_str(), server.port());
    const auto worker = accept_worker(server, token);
    const std::string job_id = new_job_id();
    worker->send(Json{{"type", "job"},
                      {"job_id", job_id},
                      {"action", "predict"},
                      {"params", {{"model_id", "default"}, {"file_path", file}, {"feature_columns", Json::array()}}}}
                     .dump(-1, ' ', false, Json::error_handler_t::replace));
    const curtail::ResultPayload payload = receive_result(*worker, job_id);
    print_line(render(payload, {}));
    worker->close();
    return payload.form == Form::failure ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    return run_program("bot", usage, argc, argv, run_bot);
}
