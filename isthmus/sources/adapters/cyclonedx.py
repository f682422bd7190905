"""CycloneDX bills of materials, versions 1.2 to 1.7, in JSON and XML: software, hardware, services, operations, cryptography.

- A component with a package URL is ``purl:`` and that URL, one thing in all documents; anything else is ``cdx:``, the serial number
  of the document (or its name and the print of its bytes) and the bom-ref. No identifier is ever made up.
- What the bill is of `contains` the components that it lists, and each of these those that are nested in it; it `uses` the services.
  Dependencies are `uses`; the scope of the needed thing says how strong. `excluded` is no dependence.
- compositions say how complete the lists are; without one, nothing is said of it.
- The locator is the bom-ref and the JSON pointer (in XML: the XPath) of the value.
- Organisations are read; natural persons are counted and left out, and so is what no predicate fits (vulnerabilities, files of
  licences, links, signatures).
- A draft of version 2.0 is refused, unless it is read as what it is with ``--as cyclonedx-2.0-draft``: then also its parties with their
  roles, its origins by stage, its choices between parts and its inventories.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as arrow
from pyarrow import parquet

from isthmus.model import Source
from isthmus.sources.adapter import READING_COLUMNS, Head, Job, Reading
from isthmus.sources.claim_rows import uncollected
from isthmus.sources.cyclonedx.bill import claims_of, describe
from isthmus.sources.cyclonedx.index import index
from isthmus.sources.cyclonedx.parse import DRAFT_NAME, read_document
from isthmus.sources.cyclonedx.record import KINDS_OF_FIELD, Fact
from isthmus.sources.cyclonedx.values import PREFIX, serial_of, slug
from isthmus.sources.log import Log
from isthmus.sources.staging import plain_text, quote

BATCH = 50_000
_SCHEMA = arrow.schema([(name, arrow.int64() if name == "line" else arrow.string()) for name in READING_COLUMNS])
_JSON_MARKS = (b'"bomFormat"', b'"specFormat"')
_FORMAT_MARK = b'"CycloneDX"'
_SCHEMA_MARK = b"cyclonedx.org/schema/bom"


@dataclass(frozen=True, slots=True)
class CyclonedxAdapter:
    """Reads bills of materials.

    Attributes
    ----------
    draft : bool
        Read the draft of version 2.0, which is read only if asked.
    """

    name: str = "cyclonedx"
    title: str = "CycloneDX 1.2 to 1.7 bill of materials, JSON or XML (also gzipped)"
    draft: bool = False

    def recognises(self, head: Head) -> bool:
        """Tell by the name of the format in JSON, or the namespace in XML."""
        if self.draft:
            return False
        start = head.plain.lstrip()
        if start.startswith(b"{"):
            return (_FORMAT_MARK in start and any(mark in start for mark in _JSON_MARKS)) or (
                _SCHEMA_MARK in start[:4096] and b'"specVersion"' in start
            )
        return start.startswith(b"<") and _SCHEMA_MARK in start[:4096]

    def read(self, job: Job) -> Reading:
        """Read one document.

        Raises
        ------
        FormatError
            The file is no bill of materials, is cut off, or is of a version that is not read.
        """
        text = plain_text(job.path, job.workdir)
        with uncollected():
            return _read(job, text, self)


ADAPTER = CyclonedxAdapter()
DRAFT = CyclonedxAdapter(
    DRAFT_NAME, "the draft of CycloneDX 2.0 (September 2026), JSON; it may still change", draft=True
)


class _Terms(NamedTuple):
    """What all claims of a document share."""

    source: str
    observed: str | None
    marking: str | None
    licence: str | None


def _read(job: Job, text: Path, adapter: CyclonedxAdapter) -> Reading:
    log = Log(kinds=KINDS_OF_FIELD)
    document = read_document(text, log, job.progress, draft=adapter.draft)
    bom = index(document, _key(document.body, job.path, text), log)
    about = describe(bom)
    source = job.source.id if job.source else bom.key
    target = job.workdir / "cyclonedx.parquet"
    _write(claims_of(bom), target, _Terms(source, about.day, about.marking, about.licence), document.place)
    for ref in bom.dangling:
        log.note("references to what the document does not describe; kept without a name", ref[:120])
    columns = ", ".join(f'"{name}"' for name in READING_COLUMNS)
    own = Source(
        id=source,
        title=about.title,
        publisher=about.publisher,
        kind="self_declaration" if about.publisher else "dataset",
        date=about.day,
        licence=about.licence,
        marking=about.marking or "TLP:CLEAR",
    )
    return Reading(
        adapter.name,
        bom.line,
        f"SELECT {columns} FROM read_parquet({quote(target)})",
        sources=() if job.source else (own,),
        rejected=tuple(sorted(log.rejected, key=lambda item: (item.line, item.reason))),
        left_out=dict(sorted(log.left_out.items())),
        notes=log.remarks(),
    )


def _key(body: dict[str, Any], path: Path, text: Path) -> str:
    """Return what the ids of a document begin with: two files of one name are two documents."""
    serial = serial_of(body.get("serialNumber"))
    if serial is not None:
        return f"{PREFIX}{serial}"
    stem = path.name.removesuffix(".gz").split(".", 1)[0] or path.name
    return f"{PREFIX}{slug(stem)}-{sha256(text.read_bytes()).hexdigest()[:8]}"


def _write(claims: Iterable[Fact], target: Path, terms: _Terms, place: Any) -> None:
    """Write the claims as rows of a reading, in batches."""
    claims = iter(claims)
    with parquet.ParquetWriter(target, _SCHEMA, compression="snappy") as writer:
        while True:
            batch = list(islice(claims, BATCH))
            writer.write_table(_table(batch, terms, place))
            if len(batch) < BATCH:
                return


def _table(facts: list[Fact], terms: _Terms, place: Any) -> arrow.Table:
    """Return claims as a table with the columns of `READING_COLUMNS`."""
    columns = dict(zip(Fact._fields, zip(*facts, strict=True), strict=True)) if facts else {}
    size = len(facts)

    def pairs(first: str, second: str) -> Iterable[tuple[Any, Any]]:
        return zip(columns.get(first, ()), columns.get(second, ()), strict=True)

    filled: dict[str, Any] = {
        **{name: columns.get(name, ()) for name in ("line", "subject", "predicate", "object", "value", "qualifiers", "hedge",
                                                   "valid_from", "valid_to")},
        "low": columns.get("pieces", ()),
        "high": columns.get("pieces", ()),
        "unit": [None if number is None else unit or "items" for number, unit in pairs("pieces", "unit")],
        "locator": [f"{ref or ''}#{place(pointer)}" for ref, pointer in pairs("ref", "pointer")],
        "observed": [None if start else terms.observed for start in columns.get("valid_from", ())],
        "source": [terms.source] * size,
        "marking": [terms.marking] * size,
        "licence": [terms.licence] * size,
    }  # fmt: skip
    empty = [None] * size
    arrays = [
        arrow.array(filled.get(name, empty), kind) for name, kind in zip(_SCHEMA.names, _SCHEMA.types, strict=True)
    ]
    return arrow.table(arrays, schema=_SCHEMA)
