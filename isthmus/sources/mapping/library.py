"""The mappings that ship with the package, and which of them fits a table."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from isthmus.errors import MappingError
from isthmus.sources.mapping.check import check_mapping
from isthmus.sources.mapping.parts import Input, Mapping
from isthmus.sources.mapping.read import read_mapping
from isthmus.vocabulary.load import Vocabulary

FOLDER = "data/mappings"
ENDING = ".mapping.yaml"


@dataclass(frozen=True, slots=True)
class Header:
    """One way to read the head of a file: its format and the columns that it then has.

    `row` is the line that the columns stand on, `delimiter` what parts them, `sheet` the sheet that holds them.
    """

    format: str
    columns: frozenset[str]
    delimiter: str | None = None
    row: int = 1
    sheet: str | None = None


def load_mapping(path: Path, vocabulary: Vocabulary) -> Mapping:
    """Read a mapping file and check it against the vocabulary.

    Raises
    ------
    MappingError
        With file, line and hint.
    """
    mapping = read_mapping(path)
    check_mapping(mapping, vocabulary)
    return mapping


@cache
def shipped_mappings() -> tuple[Mapping, ...]:
    """Return the mappings in the package, by name (checked against the vocabulary only when one is used)."""
    with as_file(files("isthmus").joinpath(FOLDER)) as folder:
        return tuple(read_mapping(path) for path in sorted(folder.glob("*.yaml")))


def beside(path: Path) -> Path | None:
    """Return the mapping file that lies beside a data file: ``X.mapping.yaml`` for ``X.csv`` or ``X.csv.gz``."""
    bare = path.name.removesuffix(".gz")
    names = (f"{bare}{ENDING}", f"{Path(bare).stem}{ENDING}")
    return next((path.with_name(name) for name in names if path.with_name(name).is_file()), None)


def fits(mapping: Mapping, path: Path, header: Header) -> bool:
    """Tell whether a mapping recognises a file read in this way."""
    wanted, given = mapping.recognise, mapping.input
    if not wanted.columns or not header.columns.issuperset(wanted.columns) or header.row != given.header_row:
        return False
    if _form(given) not in (None, header.format) or (given.sheet or header.sheet) != header.sheet:
        return False
    if (given.delimiter or header.delimiter) != header.delimiter or (
        header.format == "json" and given.format != "json"
    ):
        return False
    return wanted.file is None or fnmatch.fnmatch(path.name.lower(), wanted.file.lower())


def choose(path: Path, headers: Iterable[Header], mappings: Iterable[Mapping]) -> Mapping | None:
    """Return the mapping that recognises a file by the most columns, or None.

    Raises
    ------
    MappingError
        Two mappings recognise it equally well.
    """
    known = tuple(headers)
    found = [mapping for mapping in mappings if any(fits(mapping, path, header) for header in known)]
    found.sort(key=lambda mapping: (-len(mapping.recognise.columns), mapping.recognise.file is None))
    if len(found) > 1 and _rank(found[0]) == _rank(found[1]):
        raise MappingError(
            f"two mappings recognise this table equally well: {found[0].name} and {found[1].name}.",
            where=str(path),
            hint="Say which with --mapping FILE.yaml.",
        )
    return found[0] if found else None


def _form(given: Input) -> str | None:
    """Return the format that a mapping asks for; TSV is CSV with tabs."""
    return "csv" if given.format == "tsv" else given.format


def best_header(mapping: Mapping, headers: Iterable[Header]) -> Header | None:
    """Return the way to read a file in which most of the names that a mapping uses are columns."""
    wanted = {name for field in mapping.fields for name in field.names}
    wanted |= {name for rule in mapping.rules for name in rule.names()} | set(mapping.recognise.columns)
    given = mapping.input
    possible = [
        header
        for header in headers
        if header.row == given.header_row
        and _form(given) in (None, header.format)
        and (given.sheet or header.sheet) == header.sheet
        and (given.delimiter or header.delimiter) == header.delimiter
        and (header.format != "json" or given.format == "json")
    ]
    return max(possible, key=lambda header: (len(wanted & header.columns), len(header.columns)), default=None)


def _rank(mapping: Mapping) -> tuple[int, bool]:
    return len(mapping.recognise.columns), mapping.recognise.file is None


def nearest(headers: Iterable[Header], mappings: Iterable[Mapping]) -> str | None:
    """Return, in words, which mapping comes nearest to recognising a table and what it misses."""
    best: tuple[float, Mapping, set[str]] | None = None
    for header in headers:
        for mapping in mappings:
            wanted = set(mapping.recognise.columns)
            missing = wanted - header.columns
            share = 1 - len(missing) / len(wanted) if wanted else 0.0
            if share >= 0.5 and (best is None or share > best[0]):
                best = (share, mapping, missing)
    if best is None:
        return None
    listed = ", ".join(f"“{name}”" for name in sorted(best[2])[:5]) or "the name of the file"
    return f"{best[1].name} is nearest, and misses {listed}."
