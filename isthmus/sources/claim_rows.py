"""Claims that a reader makes one by one: handed on as tuples, written in columns.

Readers of documents (bills of materials, package indexes) walk trees and resolve references, which columns do badly.
They yield `Said` tuples; here these become a Parquet working file of the columns that they use, and the SELECT of a
reading over it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyarrow as arrow
from pyarrow import parquet

from isthmus.sources.adapter import READING_COLUMNS
from isthmus.sources.qualifier_texts import qualifier_text
from isthmus.sources.staging import quote

BATCH = 65_536


class Said(NamedTuple):
    """One claim of a document, without its source.

    Attributes
    ----------
    line : int
        For people: the line, or the place in the list of the document.
    qualifiers : str or None
        As `pairs` writes them.
    """

    line: int
    subject: str
    predicate: str
    locator: str
    object: str | None = None
    value: str | None = None
    qualifiers: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    observed: str | None = None


_SCHEMA = arrow.schema([(name, arrow.int64() if name == "line" else arrow.string()) for name in Said._fields])


@contextmanager
def uncollected() -> Iterator[None]:
    """Hold the garbage collector off: what is read makes no cycles, and looking for them costs a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def write_said(claims: Iterable[Said], target: Path, source: str) -> str:
    """Write claims to a Parquet file; return the SELECT of a reading that gives each of them `source`."""
    with parquet.ParquetWriter(target, _SCHEMA, compression="snappy") as writer:
        for batch in _batches(claims):
            columns = zip(*batch, strict=True)
            arrays = [arrow.array(column, kind) for column, kind in zip(columns, _SCHEMA.types, strict=True)]
            writer.write_table(arrow.table(arrays, schema=_SCHEMA))
    known = {**{name: f'"{name}"' for name in Said._fields}, "source": quote(source)}
    cells = ", ".join(f'{known.get(name, "NULL::VARCHAR")} AS "{name}"' for name in READING_COLUMNS)
    return f"SELECT {cells} FROM read_parquet({quote(target)})"


def _batches(claims: Iterable[Said]) -> Iterator[list[Said]]:
    rest = iter(claims)
    while batch := list(islice(rest, BATCH)):
        yield batch


def pairs(*, item: str | None = None, **given: str | None) -> str | None:
    """Return qualifiers as one text; empty ones are left away, and what a text cannot hold is replaced.

    Parameters
    ----------
    item : str or None
        The id of the thing that is supplied.
    """
    texts = [f"item=@{item}"] if item else []
    for name, value in given.items():
        text = qualifier_text(value) if value else None
        if text:
            texts.append(f"{name}={text}")
    return "; ".join(texts) or None
