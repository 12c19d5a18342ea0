// SPDX-License-Identifier: MIT
// Makes a table of a foreign frame class with a foreign cell type, by two specialisations.
#include <cstdio>
#include <string>
#include <vector>

#include <curtail/curtail.hpp>

struct Money {
    long cents;
};
struct Frame {
    std::vector<std::string> customer{"Ada", "Alan", "Grace"};
    std::vector<Money> spent{{1999}, {50}, {123456}};
    std::vector<double> churn{0.91, 0.08, 0.5};
};

template <>
struct curtail::cell_traits<Money> {
    static double cell(const Money& money) { return static_cast<double>(money.cents) / 100.0; }
};
template <>
struct curtail::table_adapter<Frame> {
    static Schema schema(const Frame&) {
        return Schema(
            {{"customer", {CellKind::text}}, {"spent", column_type_of<Money>()}, {"churn", {CellKind::float64}}}, 1);
    }
    static std::size_t rows(const Frame& frame) { return frame.customer.size(); }
    static void visit_row(const Frame& frame, std::size_t row, auto&& visit) {
        visit(frame.customer[row]);
        visit(frame.spent[row]);
        visit(frame.churn[row]);  // the last of the columns, and by the 1 in schema() the prediction
    }
};

int main() {
    const curtail::CsvSinkOptions replace{.file = {.on_exists = curtail::OnExists::replace}};
    const auto result = curtail::ResultPayloadBuilder("frame").build(Frame(), curtail::CsvSink("frame.csv", replace));
    std::puts(curtail::render_text(result.payload()).c_str());
}
