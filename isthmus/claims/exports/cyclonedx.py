"""CycloneDX 1.6 in JSON: one bill of materials of the things in a picture, their parts, needs and makers.

A part stands within the thing that contains it; a part of several is described once and named within the others. What CycloneDX has
no field for (ids, who is supplied) stands in properties that our reader knows, so that the same claims come back. Only what a
source asserts as actual is written: a plan or a denial would read as a fact. So would one of several alternatives: they are left out.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from isthmus.claims.exports.cyclonedx_bodies import Bodies
from isthmus.claims.exports.cyclonedx_things import ABOUT, BETWEEN, Row, Things, gather
from isthmus.claims.exports.writing import BATCH, Written, count_reasons
from isthmus.sources.staging import quote
from isthmus.vocabulary import load_vocabulary

VERSION = "1.6"
THING_KINDS = ("system", "product", "material", "technology")
"""Kinds that are components or services; those narrower than them are too."""
_ACTUAL = "coalesce(nullif(mode, ''), 'actual') = 'actual'"
_ASSERTED = "coalesce(nullif(stance, ''), 'asserts') = 'asserts'"
_COLUMNS = (
    "id", "subject", "predicate", "object", "value", "low", "high", "unit", "qualifiers", "valid_from", "valid_to", "observed",
    "hedge",
)  # fmt: skip
_PAIRS = _COLUMNS.index("qualifiers")


def write_cyclonedx(connection: duckdb.DuckDBPyConnection, select: str, target: Path) -> Written:
    """Write a bill of materials that our reader gives back as the same claims, as far as CycloneDX can say them."""
    kept = f"SELECT * FROM ({select}) WHERE {_ACTUAL} AND {_ASSERTED}"
    left_out = Counter(count_reasons(connection, _unsaid(select)))
    left_out.update(count_reasons(connection, f"SELECT why FROM ({_placed(kept)}) WHERE why IS NOT NULL"))
    things = gather(_rows(connection, kept), left_out)
    bodies = Bodies(things)
    target.write_text(_lines(_document(bodies, things)), "utf-8")
    return Written(things.said, len(bodies.written), _sorted(left_out), _sorted(things.remarks))


def _lines(document: dict[str, Any]) -> str:
    """Return a document as JSON with a line for each field, and for each item of its lists."""
    fields = []
    for name, value in document.items():
        items = [json.dumps(item, ensure_ascii=False) for item in value] if isinstance(value, list) and value else []
        text = "[\n" + ",\n".join(items) + "\n]" if items else json.dumps(value, ensure_ascii=False)
        fields.append(f"{json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _sorted(counted: Counter[str]) -> dict[str, int]:
    return {reason: count for reason, count in sorted(counted.items()) if count}


def _unsaid(select: str) -> str:
    return f"""SELECT CASE WHEN NOT {_ACTUAL} THEN 'mode ' || mode ELSE 'stance ' || stance END
        || ': CycloneDX would read it as a fact'
      FROM ({select}) WHERE NOT ({_ACTUAL} AND {_ASSERTED})"""


def _placed(kept: str) -> str:
    """Return SQL for the claims with the reason why one has no place at all (`why`), NULL where it may have one."""
    vocabulary = load_vocabulary()
    kinds = ", ".join(
        quote(name) for name in vocabulary.kinds if any(vocabulary.is_a(name, wide) for wide in THING_KINDS)
    )
    about, between = (", ".join(map(quote, names)) for names in (ABOUT, BETWEEN))
    things = f"SELECT subject FROM ({kept}) WHERE predicate = 'kind' AND value IN ({kinds})"
    kinded = f"SELECT subject FROM ({kept}) WHERE predicate = 'kind'"
    makers = f"""SELECT subject FROM ({kept}) WHERE predicate IN ('supplies', 'builds', 'develops', 'operates')
      UNION ALL SELECT "object" FROM ({kept}) WHERE predicate = 'handles_data'"""
    return f"""SELECT *, CASE
        WHEN predicate NOT IN ({about}, {between}) THEN predicate || ': CycloneDX has no place for it'
        WHEN predicate IN ({about}) AND subject NOT IN ({things}) AND subject NOT IN ({makers})
        THEN predicate || ': of a thing that is neither a component nor a service' END AS why,
        subject IN ({things}) AS thing, subject IN ({kinded}) AS subject_known,
        coalesce("object" IN ({kinded}), false) AS object_known
      FROM ({kept})"""


def _rows(connection: duckdb.DuckDBPyConnection, kept: str) -> Iterator[Row]:
    cells = ", ".join(f'nullif("{name}"::VARCHAR, \'\') AS "{name}"' for name in _COLUMNS)
    # The order is that of what the claims say, so that the same claims are the same file whatever their ids.
    placed = f"""SELECT {cells}, thing, subject_known, object_known FROM ({_placed(kept)}) WHERE why IS NULL
      ORDER BY subject, predicate, "object", "value", qualifiers, id"""
    for batch in connection.execute(placed).to_arrow_reader(BATCH):
        for page in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            values = list(page)
            values[_PAIRS] = _pairs(str(values[_PAIRS] or ""))
            yield Row(*values)


@lru_cache(maxsize=65536)
def _pairs(text: str) -> Mapping[str, str]:
    """Return the qualifiers of a claim; many have the same."""
    parts = (part.partition("=") for part in text.split(";"))
    return MappingProxyType({name.strip(): value.strip() for name, _, value in parts if name.strip()})


def _document(bodies: Bodies, things: Things) -> dict[str, Any]:
    root, components, services = bodies.trees()
    lists = {
        "components": components,
        "services": services,
        "dependencies": bodies.dependencies(),
        "compositions": bodies.compositions(),
    }
    things.settle()
    metadata: dict[str, Any] = {"tools": {"components": [{"type": "application", "name": "isthmus"}]}}
    if (day := things.day()) is not None:
        metadata["timestamp"] = f"{day}T00:00:00Z"
    if root is not None:
        metadata["component"] = root
    body = {"metadata": metadata, **{name: listed for name, listed in lists.items() if listed or name == "components"}}
    # The same claims are the same document.
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(body, sort_keys=True, ensure_ascii=False))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        **body,
    }
