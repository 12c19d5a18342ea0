// SPDX-License-Identifier: MIT
#pragma once
// The doors that a worker needs: a table goes in, a file and a bounded message come out. What is for files of earlier
// runs and for tables in parts takes 2 s to compile: include it by name, or all doors by <curtail/curtail.hpp>.

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/file_options.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/core/version.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/messages.hpp>
#include <curtail/payload/page_options.hpp>
#include <curtail/payload/part_options.hpp>
#include <curtail/payload/part_summary.hpp>
#include <curtail/payload/payload_json.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/payload/size_guard.hpp>
#include <curtail/payload/split.hpp>
#include <curtail/payload/split_result.hpp>
#include <curtail/statistics/prediction_statistics.hpp>
#include <curtail/statistics/prediction_stats.hpp>
#include <curtail/statistics/statistics_options.hpp>
#include <curtail/table/arrow.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/map.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/number_of.hpp>
#include <curtail/table/plain_form.hpp>
#include <curtail/table/records.hpp>
#include <curtail/table/rows.hpp>
#include <curtail/table/schema.hpp>
#include <curtail/table/table.hpp>
#include <curtail/table/tensor.hpp>
#include <curtail/table/with_prediction.hpp>
