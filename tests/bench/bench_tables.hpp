// SPDX-License-Identifier: MIT
#pragma once
// The tables that every writer is measured on, the same on each machine and in each run.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

namespace bench {

class Random {
  public:
    [[nodiscard]] std::uint64_t below(std::uint64_t end) { return engine_() % end; }
    [[nodiscard]] double unit() { return static_cast<double>(engine_() >> 11U) * 0x1p-53; }

    template <class Make>
    [[nodiscard]] auto column(std::size_t rows, Make make) {
        std::vector<decltype(make())> values;
        values.reserve(rows);
        for (std::size_t row = 0; row < rows; ++row) values.push_back(make());
        return values;
    }

  private:
    std::mt19937_64 engine_{20261122};
};

// Each struct below owns a table of about `megabytes` of CSV; table() looks at it.

struct ElevenDoubles {
    explicit ElevenDoubles(double megabytes) {
        const auto rows = static_cast<std::size_t>(megabytes * 1e6 / 212);
        Random random;
        for (auto& values : columns) values = random.column(rows, [&] { return random.unit(); });
    }
    [[nodiscard]] auto table() const {
        using curtail::column;
        const auto& c = columns;
        return curtail::with_prediction(
            curtail::columns(column("a", c[0]), column("b", c[1]), column("c", c[2]), column("d", c[3]),
                             column("e", c[4]), column("f", c[5]), column("g", c[6]), column("h", c[7]),
                             column("i", c[8]), column("j", c[9])),
            column("k", c[10]));
    }

    std::vector<double> columns[11];
};

// What a row of business data looks like: nine columns of six types.
struct Mixed {
    explicit Mixed(double megabytes) {
        const auto rows = static_cast<std::size_t>(megabytes * 1e6 / 108);
        Random random;
        id = random.column(rows, [&] { return static_cast<std::int64_t>(random.below(std::uint64_t{1} << 63U)); });
        price = random.column(rows, [&] { return static_cast<double>(random.below(10'000'000)) / 100; });
        share = random.column(rows, [&] { return random.unit(); });
        weight = random.column(rows, [&] { return static_cast<float>(random.unit()); });
        year = random.column(rows, [&] { return static_cast<int>(1950 + random.below(77)); });
        static const char* const cities[] = {"Berlin", "Buenos Aires", "Nairobi", "Ulaanbaatar", "Reykjavik"};
        city = random.column(rows, [&] { return std::string(cities[random.below(5)]); });
        code = random.column(rows, [&] { return "item-" + std::to_string(random.below(100'000)); });
        active = random.column(rows, [&] { return random.below(2) == 0; });
        score = random.column(rows, [&] { return random.unit() * 1000; });
    }
    [[nodiscard]] auto table() const {
        using curtail::column;
        return curtail::with_prediction(
            curtail::columns(column("id", id), column("price", price), column("share", share), column("weight", weight),
                             column("year", year), column("city", city), column("code", code),
                             column("active", active)),
            column("score", score));
    }

    std::vector<std::int64_t> id;
    std::vector<double> price;
    std::vector<double> share;
    std::vector<float> weight;
    std::vector<int> year;
    std::vector<std::string> city;
    std::vector<std::string> code;
    std::vector<bool> active;
    std::vector<double> score;
};

// Real flights (delay, distance, time of day), repeated until there are enough; the delay is taken as predicted.
struct Flights {
    Flights(const std::string& path, double megabytes) {
        std::ifstream file(path);
        std::string line;
        if (!std::getline(file, line) || line != "delay,distance,time") {
            throw std::runtime_error("no flights (delay,distance,time) in '" + path + "'");
        }
        std::size_t size = 0;
        while (std::getline(file, line)) {
            const char* at = line.data();
            const char* const end = at + line.size();
            delay.push_back(number<int>(at, end));
            distance.push_back(number<int>(at, end));
            time.push_back(number<double>(at, end));
            size += line.size() + 1;
        }
        const std::size_t once = delay.size();
        if (once == 0) throw std::runtime_error("no flights in '" + path + "'");
        const auto rows =
            static_cast<std::size_t>(megabytes * 1e6 / static_cast<double>(size) * static_cast<double>(once));
        delay.reserve(rows);
        distance.reserve(rows);
        time.reserve(rows);
        while (delay.size() < rows) {
            const std::size_t row = delay.size() - once;
            delay.push_back(delay[row]);
            distance.push_back(distance[row]);
            time.push_back(time[row]);
        }
        delay.resize(rows);
        distance.resize(rows);
        time.resize(rows);
    }
    [[nodiscard]] auto table() const {
        using curtail::column;
        return curtail::with_prediction(curtail::columns(column("distance", distance), column("time", time)),
                                        column("delay", delay));
    }

    std::vector<int> delay;
    std::vector<int> distance;
    std::vector<double> time;

  private:
    template <class Number>
    static Number number(const char*& at, const char* end) {
        Number value{};
        const auto [stop, error] = std::from_chars(at, end, value);
        if (error != std::errc{}) throw std::runtime_error("no number in a line of flights");
        at = stop == end ? end : stop + 1;
        return value;
    }
};

// Sentences of 200 to 400 bytes and a score. With `quotes` two of their words are quoted and a comma follows each.
struct LongTexts {
    LongTexts(double megabytes, bool quotes) {
        const auto rows = static_cast<std::size_t>(megabytes * 1e6 / (quotes ? 328 : 321));
        Random random;
        text = random.column(rows, [&] {
            const std::size_t size = 200 + random.below(200);
            std::string sentence;
            while (sentence.size() < size) {
                const bool quoted = quotes && (sentence.size() >= size / 3) &&
                                    (sentence.size() < size / 3 + 7 || sentence.size() >= size - 7);
                if (!sentence.empty()) sentence += ' ';
                if (quoted) sentence += '"';
                for (std::uint64_t letters = 2 + random.below(8); letters != 0; --letters) {
                    sentence += static_cast<char>('a' + random.below(26));
                }
                if (quoted) sentence += "\",";
            }
            return sentence;
        });
        score = random.column(rows, [&] { return random.unit(); });
    }
    [[nodiscard]] auto table() const {
        using curtail::column;
        return curtail::with_prediction(curtail::columns(column("text", text)), column("score", score));
    }

    std::vector<std::string> text;
    std::vector<double> score;
};

// Calls `use` with the table of that name. Throws std::invalid_argument if there is none.
template <class Use>
void with_table(std::string_view name, double megabytes, const std::string& flights, Use use) {
    if (name == "doubles") {
        use(ElevenDoubles(megabytes).table());
    } else if (name == "mixed") {
        use(Mixed(megabytes).table());
    } else if (name == "flights") {
        use(Flights(flights, megabytes).table());
    } else if (name == "texts") {
        use(LongTexts(megabytes, false).table());
    } else if (name == "quoted_texts") {
        use(LongTexts(megabytes, true).table());
    } else {
        throw std::invalid_argument("no table '" + std::string(name) +
                                    "': there are doubles, mixed, flights, texts, quoted_texts");
    }
}

}  // namespace bench
