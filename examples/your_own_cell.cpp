// SPDX-License-Identifier: MIT
// Makes cells of types that curtail does not know: an enum by its labels, money by its amount, a list as one text.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <curtail/worker.hpp>

enum class Risk { low, medium, high };
struct Money {
    long cents;
};
struct Tags {
    std::vector<std::string> words;
};
struct Customer {
    Money spent;
    Tags tags;
    Risk risk;
};

template <>
struct curtail::cell_traits<Risk> {
    static const char* cell(const Risk& risk) {
        constexpr const char* labels[] = {"low", "medium", "high"};
        return labels[static_cast<int>(risk)];
    }
};
template <>
struct curtail::cell_traits<Money> {
    static double cell(const Money& money) { return static_cast<double>(money.cents) / 100; }
};
template <>
struct curtail::cell_traits<Tags> {
    static std::string cell(const Tags& tags) {
        std::string text;
        for (const std::string& word : tags.words) text += (text.empty() ? "" : " ") + word;
        return text;
    }
};

int main(int argc, char** argv) try {
    const std::vector<Customer> customers{
        {{1999}, {{"new"}}, Risk::low}, {{50}, {}, Risk::high}, {{123456}, {{"loyal", "abroad"}}, Risk::low}};
    const auto rows = curtail::rows(customers, curtail::field("spent", &Customer::spent),
                                    curtail::field("tags", &Customer::tags), curtail::field("risk", &Customer::risk));
    const auto table = curtail::with_prediction(rows, "risk");
    std::puts(curtail::ResultPayloadBuilder("cells").build(table, argc > 1 ? argv[1] : ".").message().c_str());
} catch (const std::exception& error) {
    std::fprintf(stderr, "your_own_cell: %s\n", error.what());
    return 1;
}
