// SPDX-License-Identifier: MIT
// A user's header that names curtail's classes and includes nothing but their declarations. That it compiles is the
// test.
#include <curtail/fwd.hpp>

struct UsersJson;

class UsersWorker {
  public:
    explicit UsersWorker(const curtail::PayloadOptions& options);
    void declare(const curtail::Schema& schema, const curtail::CsvDialect& dialect);
    curtail::SplitResult<UsersJson> split(const curtail::ResultPayloadBuilder<UsersJson>& builder);
    [[nodiscard]] const curtail::PredictionStatistics* statistics() const { return statistics_; }

  private:
    curtail::PredictionStatistics* statistics_ = nullptr;
    curtail::SizeGuard* guard_ = nullptr;
};

class UsersBot {
  public:
    explicit UsersBot(curtail::ResultReceiver& receiver) : receiver_(&receiver) {}
    [[nodiscard]] curtail::ResultReceiver& receiver() const { return *receiver_; }
    void show(const curtail::ResultPayload& payload, const curtail::RenderOptions& options);
    void report(const curtail::Error& error);

  private:
    curtail::ResultReceiver* receiver_;
};

// Afterwards the same classes are defined, with the same words.
#include <curtail/curtail.hpp>

static_assert(sizeof(curtail::ResultReceiver) != 0 && sizeof(curtail::PredictionStatistics) != 0);
static_assert(sizeof(curtail::SplitResult<>*) != 0 && sizeof(curtail::ResultPayloadBuilder<>*) != 0);
