"""Export claims to a file in a public format, within marking and licence.

A writer writes beside the target and the finished file takes its place in one step: a reader never sees half an export, and
an older export stays whole where a new one fails.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from isthmus.claims.exports.bods import write_bods
from isthmus.claims.exports.cyclonedx import write_cyclonedx
from isthmus.claims.exports.ftm import write_ftm
from isthmus.claims.exports.graphml import write_graphml
from isthmus.claims.exports.policy import clear
from isthmus.claims.exports.tables import write_csv, write_json_lines, write_parquet
from isthmus.claims.exports.writing import Writer
from isthmus.errors import ArgumentError, StoreFullError, StoreReadOnlyError

WRITERS: Mapping[str, tuple[Writer, str]] = {
    "csv": (write_csv, "claims, one a row, as CSV that a spreadsheet may open"),
    "jsonl": (write_json_lines, "claims as JSON Lines"),
    "parquet": (write_parquet, "claims as Parquet"),
    "ftm": (write_ftm, "FollowTheMoney entities as JSON lines"),
    "bods": (write_bods, "statements of the Beneficial Ownership Data Standard 0.4 as a JSON array"),
    "cyclonedx": (write_cyclonedx, "products, components and services as a CycloneDX 1.6 bill of materials in JSON"),
    "graphml": (write_graphml, "entities and relations as GraphML"),
}
"""The formats by the name for ``--as``: their writer, and one line for people."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What an export wrote, and what it kept back.

    Attributes
    ----------
    path, format : Path, str
        The file and its format.
    claims, entities : int
        Claims that the file says, and entities that they are about.
    withheld : dict of reason to count
        Claims that may not leave, by marking or licence.
    left_out : dict of reason to count
        Claims that the format has no place for.
    remarks : dict of remark to count
        Claims in the file with a doubt about their terms, or said less exactly than in the store.
    """

    path: Path
    format: str
    claims: int
    entities: int
    withheld: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, int] = field(default_factory=dict)


def export(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    target: Path,
    form: str,
    *,
    ceiling: str = "TLP:CLEAR",
    licences: Collection[str] = (),
    include_restricted: bool = False,
) -> ExportResult:
    """Write the claims of `select` to `target`.

    Parameters
    ----------
    select : str
        SQL that yields the claim columns as text (marking and licence in words), `id` and `recorded_at`; it is run
        several times.
    form : str
        A format of `WRITERS`.
    ceiling : str
        The highest TLP marking that may leave; claims above it are withheld and counted.
    licences : collection of str
        Licences to pass on although the rules say no.
    include_restricted : bool
        Pass on every licence, for use within one's own house.

    Raises
    ------
    ArgumentError
        There is no such format or marking, or the target cannot be a file.
    StoreFullError, StoreReadOnlyError
        The file could not be written; an older file at `target` is untouched.
    """
    if form not in WRITERS:
        raise ArgumentError(f"there is no export format “{form}”.", hint=f"Formats: {', '.join(WRITERS)}.")
    if target.is_dir():
        raise ArgumentError("a folder stands where the export should be.", where=str(target), hint="Give a file name.")
    if not target.parent.is_dir():
        raise ArgumentError(
            f"the folder {target.parent} does not exist.",
            where=str(target),
            hint="Make the folder, or give another path.",
        )
    cleared = clear(connection, select, ceiling=ceiling, licences=licences, include_restricted=include_restricted)
    writer, _ = WRITERS[form]
    with _replaced(target) as temporary:
        written = writer(connection, cleared.select, temporary)
    return ExportResult(
        path=target,
        format=form,
        claims=written.claims,
        entities=written.entities,
        withheld=cleared.withheld,
        left_out=written.left_out,
        remarks={**cleared.remarks, **written.remarks},
    )


@contextmanager
def _replaced(target: Path) -> Iterator[Path]:
    """Yield a path beside `target` that takes its place if all goes well, and goes away if not."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    except (OSError, duckdb.IOException) as error:
        if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error):
            raise StoreFullError(
                "there is no space left for the export; an older file is untouched.",
                where=str(target),
                hint="Free some space, or give a path on a larger disk.",
            ) from error
        raise StoreReadOnlyError(
            f"the export cannot be written: {str(error).splitlines()[0]}",
            where=str(target),
            hint="Give a path in a folder that you may write.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
