"""What an assembled picture is made of: numbered entities, the table of relations and their arrays, counts and the content hash.

Entities are numbered in order of their ids, predicates as the vocabulary lists them and qualifier sets in order of their texts: nothing
depends on the order in which evidence was loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.parquet as parquet
from numpy.typing import NDArray

from isthmus.picture.cache import Cache

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
RECORD = "picture"
_TABLES = ("entities", "qualifiers", "relations", "incoming")


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Compressed rows of a directed graph whose edges are relations that someone asserts.

    Attributes
    ----------
    starts : int64, shape (entities + 1,)
        The edges of entity `i` are those from ``starts[i]`` up to ``starts[i + 1]``.
    ends : int32, shape (edges,)
        The entity at the other end.
    relations : int32, shape (edges,)
        The row of each edge in the table of relations.
    """

    starts: Int64
    ends: Int32
    relations: Int32

    def of(self, entity: int) -> tuple[Int32, Int32]:
        """Return (other ends, rows of relations) of one entity."""
        span = slice(int(self.starts[entity]), int(self.starts[entity + 1]))
        return self.ends[span], self.relations[span]


@dataclass(frozen=True, slots=True)
class Assembled:
    """The whole of a picture, ready for algorithms on graphs.

    Attributes
    ----------
    hash : str
        The content hash of the picture.
    entities : int32, shape (entities,)
        The store's key of each entity that has a relation, in order of their ids (`isthmus.picture.assemble.entity_ids` gives these).
    qualifiers : tuple of str
        The canonical texts of the sets of qualifiers, in rising order; the first is empty.
    predicates, modes, units : tuple of str
        What the numbers in the table stand for.
    relations : Arrow table
        One row a relation, in rising order of its first five columns: subject, predicate, object, qualifiers, mode (numbers), claims,
        asserts, denies (counts; the rest were looked for and not found), low, high, bits, unit (see `grouping`; a number or null),
        one_voice (0 or 1). `isthmus.picture.assemble.relation_claims` reads the claims of a row.
    outgoing, incoming : Adjacency
        The asserted relations by subject and by object.
    conflicts : mapping of str to int
        How many conflicts there are, by rule.
    coverage : mapping
        See `isthmus.picture.coverage`; identifiers are not checked for it.
    cached : bool
        Whether it came from the cache.
    """

    hash: str
    entities: Int32
    qualifiers: tuple[str, ...]
    predicates: tuple[str, ...]
    modes: tuple[str, ...]
    units: tuple[str, ...]
    relations: arrow.Table
    outgoing: Adjacency
    incoming: Adjacency
    conflicts: Mapping[str, int]
    coverage: Mapping[str, Any]
    cached: bool = False


def link(relations: arrow.Table, entities: int, inward: Int32 | None = None) -> tuple[Adjacency, Adjacency]:
    """Return the outgoing and incoming adjacency of a table of relations sorted by subject.

    Parameters
    ----------
    inward : int32 array or None
        The rows of asserted relations in order of object, then row, where they are known already.
    """
    subjects, objects, asserted = (relations.column(name).to_numpy() for name in ("subject", "object", "asserts"))
    rows = np.flatnonzero(asserted > 0).astype(np.int32)
    tails = objects[rows]
    if inward is None:
        # Packed into one number each, edges sort several times as fast as by a stable argsort.
        packed = (tails.astype(np.int64) << 32) | rows
        packed.sort()
        inward = (packed & 0xFFFFFFFF).astype(np.int32)
    outgoing = Adjacency(_starts(subjects[rows], entities), tails, rows)
    return outgoing, Adjacency(_starts(tails, entities), subjects[inward], inward)


def _starts(ends: Int32, entities: int) -> Int64:
    starts = np.zeros(entities + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=entities), out=starts[1:])
    return starts


def keep_tables(cache: Cache, assembled: Assembled) -> dict[str, str]:
    """Write the tables to the cache; return their digests by name, without those that could not be written."""
    tables = {
        "entities": arrow.table({"key": assembled.entities}),
        "qualifiers": arrow.table({"canonical": arrow.array(assembled.qualifiers, arrow.string())}),
        "relations": assembled.relations,
        "incoming": arrow.table({"relation": assembled.incoming.relations}),
    }
    digests = {}
    for name, table in tables.items():
        sink = arrow.BufferOutputStream()
        marked = table.replace_schema_metadata({"picture": assembled.hash})
        parquet.write_table(
            marked, sink, compression="lz4", use_dictionary=name == "qualifiers", write_statistics=False
        )
        data = memoryview(sink.getvalue())
        if cache.keep_file(f"{name}.parquet", data):
            digests[name] = cache.digest(data)
    return digests


def keep_record(cache: Cache, assembled: Assembled, digests: Mapping[str, str]) -> bool:
    """Write the record by which the tables are found again, last of all; tell whether it could be done."""
    if digests.keys() != set(_TABLES):
        return False
    body = {
        "hash": assembled.hash,
        "predicates": list(assembled.predicates),
        "modes": list(assembled.modes),
        "units": list(assembled.units),
        "conflicts": dict(assembled.conflicts),
        "coverage": dict(assembled.coverage),
        "files": dict(digests),
    }
    return cache.keep_record(RECORD, body)


def recall(cache: Cache) -> Assembled | None:
    """Return the products from the cache, None where any is absent, damaged or of another picture."""
    body = cache.record(RECORD)
    if not body:
        return None
    tables = {}
    for name in _TABLES:
        data = cache.file(f"{name}.parquet", str(body["files"].get(name)))
        if data is None:
            return None
        try:
            tables[name] = parquet.read_table(arrow.BufferReader(data))
        except (arrow.ArrowException, OSError):
            return None
        if (tables[name].schema.metadata or {}).get(b"picture") != body["hash"].encode():
            return None
    entities = tables["entities"].column("key").to_numpy()
    relations = tables["relations"]
    outgoing, incoming = link(relations, len(entities), tables["incoming"].column("relation").to_numpy())
    return Assembled(
        hash=body["hash"],
        entities=entities,
        qualifiers=tuple(tables["qualifiers"].column("canonical").to_pylist()),
        predicates=tuple(body["predicates"]),
        modes=tuple(body["modes"]),
        units=tuple(body["units"]),
        relations=relations,
        outgoing=outgoing,
        incoming=incoming,
        conflicts=body["conflicts"],
        coverage=body["coverage"],
        cached=True,
    )
