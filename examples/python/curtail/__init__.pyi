# SPDX-License-Identifier: MIT
import builtins
import dataclasses
import os
import pathlib
from typing import Any, Callable, Dict, Iterable, List, Literal, Mapping, Optional, Protocol, Sequence, Tuple, Union

__version__: str

# What begins with an underscore is of this file alone, and cannot be imported.
_Path = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]
_Sample = Literal["head", "tail", "random", "highest_predictions", "lowest_predictions"]
_Dialect = Union[Literal["default", "pandas", "rfc4180", "excel"], Mapping[str, Any]]
_Progress = Callable[[int, Optional[int]], Optional[bool]]
_Form = Literal["text", "telegram-html", "telegram-markdown", "markdown", "slack"]
_Encoding = Literal["raw", "json_string", "base64"]
_Bytes = Union[str, builtins.bytes, bytearray, memoryview]

class _Event(Protocol):
    def is_set(self) -> bool: ...

class _ArrowTable(Protocol):
    def __arrow_c_stream__(self, requested_schema: object = ...) -> object: ...

# A pandas DataFrame, a numpy array with named fields, a dict of arrays, or an Arrow table. The first two are Any, so that
# neither library is needed to check types.
_Table = Union[_ArrowTable, Mapping[str, Any], Any]
_Predictions = Union[str, Any, None]

@dataclasses.dataclass(frozen=True)
class Result:
    message: builtins.bytes
    path: pathlib.Path
    rows: int
    bytes: int
    payload: Payload

def split(
    table: _Table,
    prediction: _Predictions = ...,
    job_id: str = ...,
    directory: Optional[_Path] = ...,
    path: Optional[_Path] = ...,
    *,
    name: Union[str, Sequence[str]] = ...,
    sample_rows: int = ...,
    sample: _Sample = ...,
    sample_seed: int = ...,
    max_bytes: int = ...,
    dialect: _Dialect = ...,
    gzip: bool = ...,
    metadata: bool = ...,
    replace: bool = ...,
    threads: int = ...,
    progress: Optional[_Progress] = ...,
    stop: Optional[_Event] = ...,
) -> Result: ...
async def split_async(
    table: _Table,
    prediction: _Predictions = ...,
    job_id: str = ...,
    directory: Optional[_Path] = ...,
    path: Optional[_Path] = ...,
    *,
    name: Union[str, Sequence[str]] = ...,
    sample_rows: int = ...,
    sample: _Sample = ...,
    sample_seed: int = ...,
    max_bytes: int = ...,
    dialect: _Dialect = ...,
    gzip: bool = ...,
    metadata: bool = ...,
    replace: bool = ...,
    threads: int = ...,
    progress: Optional[_Progress] = ...,
    stop: Optional[_Event] = ...,
) -> Result: ...
def split_batches(
    batches: Iterable[Union[_Table, Tuple[_Table, _Predictions]]],
    prediction: Union[_Predictions, Callable[[Any], Any]] = ...,
    job_id: str = ...,
    directory: Optional[_Path] = ...,
    path: Optional[_Path] = ...,
    *,
    rows_total: Optional[int] = ...,
    name: Union[str, Sequence[str]] = ...,
    sample_rows: int = ...,
    sample: _Sample = ...,
    sample_seed: int = ...,
    max_bytes: int = ...,
    dialect: _Dialect = ...,
    gzip: bool = ...,
    metadata: bool = ...,
    replace: bool = ...,
    threads: int = ...,
    progress: Optional[_Progress] = ...,
    stop: Optional[_Event] = ...,
) -> Result: ...
def split_part(
    table: _Table,
    prediction: _Predictions = ...,
    job_id: str = ...,
    directory: Optional[_Path] = ...,
    *,
    number: int,
    of: int,
    first_row: Optional[int] = ...,
    host: str = ...,
    max_summary_bytes: int = ...,
    name: Union[str, Sequence[str]] = ...,
    sample_rows: int = ...,
    sample: _Sample = ...,
    sample_seed: int = ...,
    max_bytes: int = ...,
    dialect: _Dialect = ...,
    gzip: bool = ...,
    threads: int = ...,
    progress: Optional[_Progress] = ...,
    stop: Optional[_Event] = ...,
) -> builtins.bytes: ...
def merge(
    parts: Iterable[builtins.bytes],
    job_id: str,
    directory: Optional[_Path] = ...,
    *,
    one_file: bool = ...,
    replace: bool = ...,
    missing: Literal["error", "answer"] = ...,
    sample_rows: int = ...,
    sample: _Sample = ...,
    sample_seed: int = ...,
    max_bytes: int = ...,
    max_summary_bytes: int = ...,
) -> Result: ...
def missing_parts(directory: _Path, job_id: str, of: int) -> List[int]: ...
def failure_message(job_id: str, error: str) -> builtins.bytes: ...
def progress_message(job_id: str, percent: float, text: str, status: str = ...) -> builtins.bytes: ...
def render(
    payload: Union[Payload, Result],
    form: _Form = ...,
    *,
    limit: Optional[int] = ...,
    unit: Optional[Literal["bytes", "code_points", "utf16_units"]] = ...,
    max_bytes: Optional[int] = ...,
    max_width: Optional[int] = ...,
    max_rows: Optional[int] = ...,
    attach_limit: Optional[int] = ...,
) -> str: ...

class Payload:
    @property
    def form(self) -> Literal["bounded", "complete", "summary", "failure", "progress", "other"]: ...
    @property
    def success(self) -> bool: ...
    @property
    def job_id(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def error(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def percent(self) -> float: ...
    @property
    def progress_text(self) -> str: ...
    @property
    def columns(self) -> List[str]: ...
    @property
    def dtypes(self) -> List[str]: ...
    @property
    def columns_total(self) -> int: ...
    @property
    def sample(self) -> List[Dict[str, Any]]: ...
    @property
    def rows(self) -> int: ...
    @property
    def sample_strategy(self) -> str: ...
    @property
    def sample_row_numbers(self) -> List[int]: ...
    @property
    def prediction_columns(self) -> List[str]: ...
    @property
    def predictions_sample(self) -> List[Dict[str, Any]]: ...
    @property
    def predictions_count(self) -> int: ...
    @property
    def prediction_stats(self) -> List[Dict[str, Any]]: ...
    @property
    def output_file(self) -> str: ...
    @property
    def output_format(self) -> str: ...
    @property
    def output_bytes(self) -> Optional[int]: ...
    @property
    def output_sha256(self) -> str: ...
    @property
    def output_uncompressed_bytes(self) -> Optional[int]: ...
    @property
    def output_attachable(self) -> Optional[bool]: ...
    @property
    def output_parts(self) -> List[Dict[str, Any]]: ...
    @property
    def output_parts_total(self) -> Optional[int]: ...
    @property
    def parts_missing(self) -> List[int]: ...
    @property
    def parts_missing_total(self) -> int: ...
    @property
    def artifact_error(self) -> str: ...
    @property
    def artifact_error_permanent(self) -> Optional[bool]: ...
    @property
    def schema_version(self) -> int: ...
    @property
    def truncated(self) -> bool: ...
    @property
    def truncation(self) -> List[str]: ...
    @property
    def notes(self) -> List[str]: ...
    def to_dict(self) -> Dict[str, Any]: ...
    def to_message(self) -> Dict[str, Any]: ...

class Receiver:
    def __init__(
        self,
        *,
        sample_rows: int = ...,
        max_columns: int = ...,
        max_cell_bytes: int = ...,
        max_kept_bytes: int = ...,
        max_depth: int = ...,
    ) -> None: ...
    def feed(self, chunk: _Bytes) -> None: ...
    def feed_some(self, chunk: _Bytes) -> int: ...
    def finish(self) -> Payload: ...
    def take(self) -> Payload: ...
    def partial(self) -> Payload: ...
    def reset(self) -> None: ...
    @property
    def complete(self) -> bool: ...
    @property
    def begun(self) -> bool: ...
    @property
    def offset(self) -> int: ...

class SizeGuard:
    def __init__(self, max_bytes: int = ..., *, encoding: _Encoding = ...) -> None: ...
    @property
    def max_bytes(self) -> int: ...
    def check(self, message: Any) -> None: ...
    def accepts(self, message: Any) -> bool: ...

class Error(Exception):
    code: str
    permanent: bool
    def __init__(self, text: str = ..., **details: Any) -> None: ...

class UsageError(Error, ValueError): ...

class TableError(Error, ValueError):
    column: str
    row: Optional[int]

class InputError(Error, OSError):
    line: int

class ArtifactError(Error, OSError):
    operation: str

class ArtifactExists(ArtifactError, FileExistsError): ...
class NoPermission(ArtifactError, PermissionError): ...
class NoDirectory(ArtifactError, FileNotFoundError): ...

class PartTaken(ArtifactError):
    number: int
    summary: bytes

class PartsDiffer(Error, ValueError):
    number: int

class PartsMissing(Error):
    numbers: List[int]
    count: int
    of: int

class Cancelled(Error):
    rows_done: int

class BudgetTooSmall(Error, ValueError):
    needed: int

class PayloadTooLarge(Error, ValueError):
    actual: int
    limit: int

class MessageError(Error, ValueError):
    offset: int
