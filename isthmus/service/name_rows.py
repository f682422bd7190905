"""The rows of a list of names as subjects of matching: what cannot be compared is counted and said, and nothing is dropped in silence."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from isthmus.entities.matching import Subject, check_name
from isthmus.entities.names import read_name
from isthmus.errors import ArgumentError
from isthmus.picture.subjects import can_be_compared, country_code, valid_identifier
from isthmus.service.matching import read_kind
from isthmus.sources.adapter import no_progress
from isthmus.sources.name_lists import NameRow, read_name_list
from isthmus.vocabulary import load_vocabulary

_MANY = re.compile(r"\s*[;|]\s*")
_ALIASES = ("alias", "aliases")


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row that can be compared.

    Attributes
    ----------
    id : str
        The row's own id, empty where it has none.
    """

    line: int
    name: str
    id: str
    subject: Subject


@dataclass(slots=True)
class Rows:
    """The rows of a list: those that can be compared, those that cannot (line, reason), and remarks on the others."""

    total: int = 0
    sound: list[NamedRow] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)


def read_rows(path: Path, *, column: str | None = None, progress: Callable[[int, int], None] = no_progress) -> Rows:
    """Read a list of names.

    Parameters
    ----------
    column : str or None
        The column of names; None: the one called ``name``.

    Raises
    ------
    FormatError, ArgumentError
        The file is no list of names.
    """
    with tempfile.TemporaryDirectory(prefix="isthmus-") as folder:
        listed = read_name_list(path, Path(folder), column=column, progress=progress)
    schemes = set(load_vocabulary().qualifiers["scheme"].values)
    found = Rows(len(listed.rows) + len(listed.rejected))
    found.rejected = [(item.line, item.reason) for item in listed.rejected]
    for row in listed.rows:
        _add(found, row, row.cells[listed.column].strip(), schemes)
    found.rejected.sort()
    return found


def _add(found: Rows, row: NameRow, name: str, schemes: set[str]) -> None:
    try:
        check_name(name)
    except ArgumentError as error:
        found.rejected.append((row.line, error.message.rstrip(".")))
        return
    if read_name(name).only_form:
        found.rejected.append((row.line, f"“{name}” is nothing but a legal form"))
        return
    if sum(map(str.isalnum, name)) == 1:
        found.remarks.append((row.line, f"“{name}” is one letter: much may match it by chance"))
    others = [other for key in _ALIASES for other in _cells(row, key) if can_be_compared(other)]
    kind = None
    if word := row.cells.get("kind", "").strip():
        try:
            kind = read_kind(word)
        except ArgumentError as error:
            found.remarks.append((row.line, f"{error.message.rstrip('.')}: the kind is not used"))
    countries = set()
    for text in _cells(row, "country"):
        if code := country_code(text):
            countries.add(code)
        else:
            found.remarks.append((row.line, f"“{text}” is no country that we know: it is not used"))
    identifiers = set()
    for scheme in sorted(schemes & row.cells.keys()):
        for value in _cells(row, scheme):
            if held := valid_identifier(scheme, value):
                identifiers.add(held)
            else:
                found.remarks.append((row.line, f"{scheme} “{value}” fails its check: it is not used"))
    subject = Subject(tuple(dict.fromkeys((name, *others))), kind, frozenset(countries), frozenset(identifiers))
    found.sound.append(NamedRow(row.line, name, row.cells.get("id", "").strip(), subject))


def _cells(row: NameRow, key: str) -> list[str]:
    return [part for part in _MANY.split(row.cells.get(key, "").strip()) if part]
