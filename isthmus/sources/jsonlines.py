"""Bring JSON Lines into columns: one object a line, exact line numbers, every faulty line told.

The lines are cut by their line feeds alone and handed to DuckDB as Arrow text, because a CSV reader would end lines at
other marks too. Objects are judged by the distinct lists of their keys, of which there are few, not one by one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as arrow

from isthmus.errors import FormatError, StoreFullError
from isthmus.model import Rejection
from isthmus.sources.scan import CHUNK, scan_text
from isthmus.sources.staging import Staged, quote

_BOM = b"\xef\xbb\xbf"
_SCHEMA = arrow.schema([("body", arrow.string()), ("line", arrow.int64())])
_KEYS = "TRY(json_keys(body))"


@dataclass(frozen=True, slots=True)
class JsonStaged:
    """Staged objects: the table of the wanted keys, and every key that was met."""

    table: Staged
    keys: tuple[str, ...]


def stage_json_lines(
    path: Path, workdir: Path, *, wanted: Callable[[str], bool], progress: Callable[[int, int], None]
) -> JsonStaged:
    """Stage a UTF-8 file of JSON objects, one a line, as a Parquet file of text columns.

    Numbers and booleans become their text, null becomes NULL; blank lines are read past.

    Parameters
    ----------
    wanted : callable
        Tells whether the values of a key are kept.

    Returns
    -------
    JsonStaged
        With one rejection for each line that is no JSON object, has a key twice, or holds a list or an object as a
        wanted value.

    Raises
    ------
    FormatError
        The file is empty, is not text, or cannot be read at all.
    """
    scan_text(path, quoting=False, progress=progress)
    try:
        with duckdb.connect() as engine:
            engine.execute("SET preserve_insertion_order = true; SET memory_limit = '2GB'")
            return _stage(engine, path, workdir / f"{path.stem}.rows.parquet", wanted)
    except duckdb.IOException as error:
        raise StoreFullError(f"the working files could not be written: {str(error).splitlines()[0]}") from error
    except duckdb.Error as error:
        raise FormatError(f"the lines cannot be read: {str(error).splitlines()[0]}", where=str(path)) from error


def _stage(engine: duckdb.DuckDBPyConnection, path: Path, target: Path, wanted: Callable[[str], bool]) -> JsonStaged:
    lists = [row[0] for row in _over_lines(engine, path, f"SELECT DISTINCT {_KEYS} FROM lines")]
    rejected: list[Rejection] = []
    blank: list[int] = []
    if any(not keys or "" in keys or len(set(keys)) < len(keys) for keys in lists):
        faulty = "k IS NULL OR len(k) = 0 OR len(k) <> len(list_distinct(k)) OR list_contains(k, '')"
        found = _over_lines(
            engine,
            path,
            f"SELECT line, body FROM (SELECT line, body, {_KEYS} AS k FROM lines) WHERE {faulty} ORDER BY line",
        )
        blank = [int(line) for line, body in found if not body.strip()]
        judged = [(int(line), json_fault(body, wanted)) for line, body in found if body.strip()]
        rejected = [Rejection(line, fault) for line, fault in judged if fault]
        lists = [keys for keys in lists if keys]
    names = tuple(sorted({name for keys in lists for name in keys if name}))
    columns = tuple(name for name in names if wanted(name))
    _write(engine, path, target, columns, [*blank, *(item.line for item in rejected)])
    rejected += _nested(engine, path, target, columns, wanted)
    rows = engine.execute(f"SELECT count(*) FROM read_parquet({quote(target)})").fetchone()
    table = Staged(
        target, columns, int(rows[0]) if rows else 0, tuple(sorted(rejected, key=_line)), 0, None, numbered=True
    )
    return JsonStaged(table, names)


def _line(rejection: Rejection) -> int:
    return rejection.line


def _write(
    engine: duckdb.DuckDBPyConnection, path: Path, target: Path, columns: tuple[str, ...], without: list[int]
) -> None:
    paths = ", ".join(quote("$." + json.dumps(name, ensure_ascii=False)) for name in columns) or "'$'"
    fields = "".join(f", f[{index + 1}] AS c{index}" for index in range(len(columns)))
    left = ""
    if without:
        engine.register("without_lines", arrow.table({"line": arrow.array(without, arrow.int64())}))
        left = "WHERE line NOT IN (SELECT line FROM without_lines)"
    _over_lines(
        engine,
        path,
        f"COPY (SELECT line{fields} FROM (SELECT line, TRY(json_extract_string(body, [{paths}])) AS f "
        f"FROM lines {left})) TO {quote(target)} (FORMAT parquet, COMPRESSION snappy)",
    )


def _nested(
    engine: duckdb.DuckDBPyConnection, path: Path, target: Path, columns: tuple[str, ...], wanted: Callable[[str], bool]
) -> list[Rejection]:
    """Find lines whose wanted values are lists or objects, and take them out of the working file."""
    if not columns:
        return []
    suspect = " OR ".join(f"c{index}[1] IN ('[', '{{')" for index in range(len(columns)))
    suspects = f"SELECT line FROM read_parquet({quote(target)}) WHERE {suspect}"
    engine.execute(f"CREATE TEMP TABLE suspects AS {suspects}")
    if not engine.execute("SELECT 1 FROM suspects LIMIT 1").fetchone():
        return []
    found = _over_lines(engine, path, "SELECT line, body FROM lines WHERE line IN (SELECT line FROM suspects)")
    judged = [(int(line), json_fault(body, wanted)) for line, body in found]
    rejected = [Rejection(line, fault) for line, fault in judged if fault]
    if rejected:
        whole = target.with_suffix(".all.parquet")
        target.rename(whole)
        engine.register(
            "nested_lines", arrow.table({"line": arrow.array([item.line for item in rejected], arrow.int64())})
        )
        engine.execute(
            f"COPY (SELECT * FROM read_parquet({quote(whole)}) WHERE line NOT IN (SELECT line FROM nested_lines)) "
            f"TO {quote(target)} (FORMAT parquet, COMPRESSION snappy)"
        )
    return rejected


def _over_lines(engine: duckdb.DuckDBPyConnection, path: Path, sql: str) -> list[Any]:
    engine.register("lines", arrow.RecordBatchReader.from_batches(_SCHEMA, _batches(path)))
    try:
        return engine.execute(sql).fetchall()
    finally:
        engine.unregister("lines")


def _batches(path: Path) -> Iterator[arrow.RecordBatch]:
    """Yield the lines with their numbers; the text is not copied, only its offsets are found."""
    first = 1
    with path.open("rb") as file:
        rest = file.read(len(_BOM)).removeprefix(_BOM)
        while piece := file.read(CHUNK):
            data = rest + piece
            cut = data.rfind(b"\n") + 1
            rest = data[cut:]
            if cut:
                batch = _batch(data[:cut], first)
                first += batch.num_rows
                yield batch
    if rest:
        yield _batch(rest, first)


def _batch(data: bytes, first: int) -> arrow.RecordBatch:
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10) + 1
    if not len(ends) or ends[-1] != len(data):
        ends = np.append(ends, len(data))
    offsets = np.concatenate(([0], ends)).astype(np.int32)
    body = arrow.StringArray.from_buffers(len(ends), arrow.py_buffer(offsets), arrow.py_buffer(data))
    return arrow.record_batch([body, arrow.array(np.arange(first, first + len(ends)))], schema=_SCHEMA)


def json_fault(body: str, wanted: Callable[[str], bool]) -> str | None:
    """Return why a line is not an object of plain values, or None."""
    doubled: list[str] = []

    def keep(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        doubled.extend(name for name in names if names.count(name) > 1)
        return dict(pairs)

    try:
        value = json.loads(body.rstrip("\r\n"), object_pairs_hook=keep)
    except json.JSONDecodeError as error:
        return f"the line is not JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return "the line nests too deeply"
    if not isinstance(value, dict):
        return "the line is not a JSON object"
    if doubled:
        return f"the key “{doubled[0]}” stands twice in the object"
    return _value_fault(value, wanted)


def _value_fault(value: dict[str, object], wanted: Callable[[str], bool]) -> str | None:
    for name, item in value.items():
        if not name:
            return "a key of the object is empty"
        if wanted(name) and isinstance(item, (list, dict)):
            what = "a list" if isinstance(item, list) else "an object"
            return f"the key “{name}” holds {what}, where a plain value is needed"
        if isinstance(item, str) and any("\ud800" <= char <= "\udfff" for char in item):
            return f"the text of “{name}” holds half a character (a lone surrogate \\uD800-\\uDFFF)"
    return None
