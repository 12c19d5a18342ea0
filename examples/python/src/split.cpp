// SPDX-License-Identifier: MIT
// The worker's half of the module: a split that curtail/_split.py drives slice by slice.

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/csv_sink.hpp>
#if CURTAIL_PYTHON_GZIP
#include <curtail/artifact/gzip_output.hpp>
#endif
#include <curtail/artifact/parts_directory.hpp>
#include <curtail/payload/part_merger.hpp>
#include <curtail/payload/part_options.hpp>
#include <curtail/payload/result_payload_builder.hpp>

#include "arrow_capsule.hpp"
#include "columns.hpp"
#include "frame_loader.hpp"
#include "module.hpp"
#include "options.hpp"

namespace {

// A split into a sink of any type.
class Writer {
  public:
    Writer() = default;
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    virtual ~Writer() = default;

    virtual void append(const FrameSlice& rows) = 0;
    virtual void append(const ArrowPiece& rows) = 0;
    // One of both, by whether the sink writes a part.
    [[nodiscard]] virtual curtail::SplitResult<> finish() = 0;
    [[nodiscard]] virtual std::string finish_part() = 0;
};

template <class Output>
class OutputWriter final : public Writer {
  public:
    OutputWriter(const std::string& job_id, const curtail::PayloadOptions& options, const curtail::Schema& schema,
                 Output output, const curtail::CsvSinkOptions& sink)
        : split_(curtail::ResultPayloadBuilder(job_id, options)
                     .start(schema, curtail::CsvSink<Output>(std::move(output), sink))) {}

    void append(const FrameSlice& rows) override { split_.append(rows); }
    void append(const ArrowPiece& rows) override { split_.append(rows); }
    [[nodiscard]] curtail::SplitResult<> finish() override { return split_.finish(); }
    [[nodiscard]] std::string finish_part() override { return split_.finish_part().bytes(); }

  private:
    curtail::Split<curtail::CsvSink<Output>> split_;
};

struct Destination {
    std::string path;  // of the file, or of the directory of a job in parts
    std::optional<curtail::PartOptions> part;
    bool gzip = false;
};

template <class Output>
[[nodiscard]] std::unique_ptr<Writer> writer_to(const std::string& job_id, const curtail::PayloadOptions& options,
                                                const curtail::Schema& schema, Output output,
                                                const curtail::CsvSinkOptions& sink, bool gzip) {
    if (!gzip) return std::make_unique<OutputWriter<Output>>(job_id, options, schema, std::move(output), sink);
#if CURTAIL_PYTHON_GZIP
    using Compressed = curtail::GzipOutput<Output>;
    return std::make_unique<OutputWriter<Compressed>>(job_id, options, schema, Compressed(std::move(output)), sink);
#else
    throw curtail::UsageError(curtail::ErrorCode::invalid_option,
                              "this module was built without gzip: install libdeflate's headers (Debian: "
                              "libdeflate-dev) and build it again");
#endif
}

[[nodiscard]] std::unique_ptr<Writer> writer_to(const std::string& job_id, curtail::PayloadOptions options,
                                                const curtail::Schema& schema, const Destination& to,
                                                const curtail::CsvSinkOptions& sink) {
    if (!to.part) {
        return writer_to(job_id, options, schema, curtail::AtomicFile(to.path, sink.file), sink, to.gzip);
    }
    options.part = *to.part;
    const curtail::PartsDirectory parts(to.path, job_id);
    return writer_to(job_id, options, schema, parts.file(to.part->number, to.part->of), sink, to.gzip);
}

[[nodiscard]] std::optional<curtail::PartOptions> part_of(const py::dict& options) {
    const py::object part = options["part"];
    if (part.is_none()) return {};
    curtail::PartOptions chosen{.number = py::object(part["number"]).cast<std::uint64_t>(),
                                .of = py::object(part["of"]).cast<std::uint64_t>(),
                                .host = py::object(part["host"]).cast<std::string>()};
    chosen.max_summary_bytes = py::object(part["max_summary_bytes"]).cast<std::size_t>();
    chosen.first_row = py::object(part["first_row"]).cast<std::optional<std::uint64_t>>();
    return chosen;
}

// One split under way. Every method needs the GIL and releases it while rows are formatted.
class Run {
  public:
    Run(const std::string& job_id, const std::string& path, std::vector<curtail::ColumnSpec> columns,
        std::size_t predictions, std::size_t beside, py::object describe, const py::dict& options)
        : schema_(columns, predictions),
          // Beside an Arrow table only the last columns are arrays of Python.
          loader_(curtail::Schema(last(std::move(columns), beside), beside == 0 ? predictions : beside),
                  std::move(describe)),
          beside_(beside) {
        const curtail::PayloadOptions payload = payload_options(options);
        const curtail::CsvSinkOptions sink = sink_options(options);
        const Destination to{path, part_of(options), options["gzip"].cast<bool>()};
        const py::gil_scoped_release free;
        writer_ = writer_to(job_id, payload, schema_, to, sink);
    }

    // Appends `rows` rows of a slice.
    void append(const py::sequence& columns, std::size_t rows) {
        const Busy busy(*this);
        loader_.take(columns);
        for (std::size_t first = 0; first < rows;) {
            const std::size_t count = loader_.load(first, rows - first, rows_);
            {
                const py::gil_scoped_release free;
                writer().append(loader_.slice());
            }
            rows_ += count;
            first += count;
        }
        loader_.clear();
    }

    // Appends the rows to which the Arrow table has advanced, beside which there may be predictions in Python.
    void append_arrow(const ArrowTable& table, const py::sequence& beside, std::size_t rows) {
        const Busy busy(*this);
        const bool joined = beside.size() != 0;
        if (joined) loader_.take(beside);
        for (std::size_t first = 0; first < rows;) {
            const std::size_t count = joined ? loader_.load(first, rows - first, rows_) : rows;
            {
                const py::gil_scoped_release free;
                writer().append(table.rows(schema_, first, count, joined ? &loader_.slice() : nullptr));
            }
            rows_ += count;
            first += count;
        }
        loader_.clear();
    }

    // Throws TableError (invalid_schema) unless a further table has the columns of the first one.
    void check_fits(std::vector<curtail::ColumnSpec> columns, std::size_t predictions, std::size_t beside) const {
        curtail::check_fits(schema_, curtail::Schema(std::move(columns), predictions));
        if (beside == beside_) return;
        throw curtail::UsageError(
            curtail::ErrorCode::invalid_option,
            "one batch is an Arrow table with predictions beside it, and another is not: give all of "
            "them in one way");
    }

    // Publishes the file. Returns the message and what it says.
    [[nodiscard]] py::tuple finish() {
        const Busy busy(*this);
        std::optional<curtail::SplitResult<>> result;
        {
            const py::gil_scoped_release free;
            result.emplace(writer().finish());
            writer_.reset();
        }
        return py::make_tuple(py::bytes(result->message()), result->payload());
    }

    // Commits the part. Returns its summary.
    [[nodiscard]] py::bytes finish_part() {
        const Busy busy(*this);
        std::string summary;
        {
            const py::gil_scoped_release free;
            summary = writer().finish_part();
            writer_.reset();
        }
        return summary;
    }

    // Discards what was written, unless it is published.
    void abort() {
        const Busy busy(*this);
        loader_.clear();
        const py::gil_scoped_release free;
        writer_.reset();
    }

    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

  private:
    // Refuses a second thread of Python, which could come in while the GIL is free.
    class Busy {
      public:
        explicit Busy(Run& run) : run_(run) {
            if (run.busy_) throw curtail::UsageError(curtail::ErrorCode::wrong_state, "this split is at work already");
            run.busy_ = true;
        }
        Busy(const Busy&) = delete;
        Busy& operator=(const Busy&) = delete;
        ~Busy() { run_.busy_ = false; }

      private:
        Run& run_;
    };

    [[nodiscard]] static std::vector<curtail::ColumnSpec> last(std::vector<curtail::ColumnSpec> columns,
                                                               std::size_t count) {
        if (count != 0) columns.erase(columns.begin(), columns.end() - static_cast<std::ptrdiff_t>(count));
        return columns;
    }

    [[nodiscard]] Writer& writer() const {
        if (!writer_)
            throw curtail::UsageError(curtail::ErrorCode::wrong_state, "this split is finished or was given up");
        return *writer_;
    }

    curtail::Schema schema_;
    FrameLoader loader_;
    std::unique_ptr<Writer> writer_;
    std::size_t beside_;
    std::uint64_t rows_ = 0;
    bool busy_ = false;
};

// Merges summaries, of which `parts` yields one after the other. Without a directory the parts stay where they are.
[[nodiscard]] py::tuple merge(const py::iterable& parts, const std::string& job_id,
                              const std::optional<std::string>& directory, bool one_file, bool answer,
                              std::size_t max_summary_bytes, const py::dict& options) {
    using curtail::OnMissingParts;
    const curtail::MergeOptions merging{.on_missing = answer ? OnMissingParts::answer : OnMissingParts::throw_error,
                                        .max_summary_bytes = max_summary_bytes};
    const auto on_exists = options["replace"].cast<bool>() ? curtail::OnExists::replace : curtail::OnExists::error;
    curtail::PartMerger merger(job_id, payload_options(options), merging);
    for (const py::handle part : parts) {
        const auto summary = part.cast<py::bytes>();
        const auto bytes = static_cast<std::string_view>(summary);
        const py::gil_scoped_release free;
        merger.add(bytes);
    }
    std::optional<curtail::SplitResult<>> result;
    {
        const py::gil_scoped_release free;
        if (!directory) {
            result.emplace(merger.finish());
        } else if (const curtail::PartsDirectory place(*directory, job_id); one_file) {
            result.emplace(merger.finish(place.as_one_file({.on_exists = on_exists})));
        } else {
            result.emplace(merger.finish(place));
        }
    }
    return py::make_tuple(py::bytes(result->message()), result->payload());
}

[[nodiscard]] curtail::ColumnSpec column_spec(std::string name, const std::string& kind, int unit, std::string zone) {
    using curtail::CellKind;
    static const std::map<std::string, CellKind> kinds{
        {"any", CellKind::any},          {"boolean", CellKind::boolean},     {"int8", CellKind::int8},
        {"int16", CellKind::int16},      {"int32", CellKind::int32},         {"int64", CellKind::int64},
        {"uint8", CellKind::uint8},      {"uint16", CellKind::uint16},       {"uint32", CellKind::uint32},
        {"uint64", CellKind::uint64},    {"float32", CellKind::float32},     {"float64", CellKind::float64},
        {"text", CellKind::text},        {"timestamp", CellKind::timestamp}, {"date", CellKind::date},
        {"duration", CellKind::duration}};
    return {std::move(name),
            {.kind = kinds.at(kind), .unit = static_cast<curtail::TimeUnit>(unit), .zone = std::move(zone)}};
}

}  // namespace

void register_split(py::module_& module) {
    py::class_<curtail::ColumnSpec>(module, "ColumnSpec")
        .def(py::init(&column_spec), py::arg("name"), py::arg("kind"), py::arg("unit") = 3, py::arg("zone") = "")
        .def_property_readonly("name", [](const curtail::ColumnSpec& spec) { return text_of_any(spec.name); });
    py::class_<ArrowTable>(module, "ArrowTable")
        .def(py::init<const py::capsule&, const std::optional<std::string>&>(), py::arg("capsule"),
             py::arg("prediction"))
        .def("columns", &ArrowTable::columns)
        // The producer may be Python, and then takes the GIL by itself.
        .def("advance", &ArrowTable::advance, py::call_guard<py::gil_scoped_release>());
    py::class_<Run>(module, "Run")
        .def(py::init<const std::string&, const std::string&, std::vector<curtail::ColumnSpec>, std::size_t,
                      std::size_t, py::object, const py::dict&>())
        .def("check_fits", &Run::check_fits)
        .def("append", &Run::append)
        .def("append_arrow", &Run::append_arrow)
        .def("finish", &Run::finish)
        .def("finish_part", &Run::finish_part)
        .def("abort", &Run::abort)
        .def_property_readonly("rows", &Run::rows);
    module.def("merge", &merge);
    module.def("missing_parts", [](const std::string& directory, const std::string& job_id, std::uint64_t of) {
        return curtail::PartsDirectory(directory, job_id).missing(of);
    });
    module.def("artifact_path", [](const std::string& directory, const std::string& job_id) {
        return py::bytes(curtail::artifact_path(directory, job_id));
    });
}
