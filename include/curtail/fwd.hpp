// SPDX-License-Identifier: MIT
#pragma once
// Declares the public classes, for headers that only name them in references, pointers and function signatures.

namespace curtail::inline v0 {

// core/
class Error;
class UsageError;
class TableError;
class InputError;
class ArtifactError;
class PartTaken;
class PartsDiffer;
class PartsMissing;
class Cancelled;
class BudgetTooSmall;
class PayloadTooLarge;
class MessageError;

// table/
struct ColumnType;
class Schema;
struct CsvInputOptions;
class CsvInput;

// artifact/
struct ArtifactInfo;
struct CsvDialect;
struct CsvSinkOptions;
struct CsvArtifactOptions;
class CsvArtifact;
class PartsArtifact;
class PageReceiver;
struct AtomicFileOptions;
struct PartsOptions;
class PartsDirectory;
class ConcatenatedParts;
struct PublishedArtifact;
struct CleanupReport;
struct PruneOptions;

// statistics/
struct StatisticsOptions;
struct ClassCount;
class Extreme;
struct Histogram;
struct PredictionStats;
class PredictionStatistics;

// payload/
struct PartOptions;
struct MergeOptions;
struct PayloadOptions;
class PartSummary;
struct PageOptions;
struct SplitProgress;
struct SampleCell;
struct NamedCell;
struct TruncatedCell;
struct ProgressReport;
struct ResultPayload;
struct SizeGuard;
/// Name the JSON type: `SplitResult<nlohmann::ordered_json>`. The default belongs to the definition.
template <class Json>
class SplitResult;
template <class Json>
class ResultPayloadBuilder;
template <class Json>
class PartMerger;

// receive/ and render/
struct ReceiverOptions;
class ResultReceiver;
struct RenderOptions;

}  // namespace curtail::inline v0
