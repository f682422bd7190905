"""The register that a file is part of, and the ids of what is numbered within it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote as percent_encoded

from isthmus.errors import ValueFormatError
from isthmus.identifiers import Identifier
from isthmus.sources.bods.values import slug
from isthmus.sources.dora.templates import find_template
from isthmus.sources.dora.values import day, plain

_OWNER = re.compile(r"rs:([A-Za-z0-9]{20})(?:\.|$)")


@dataclass(frozen=True, slots=True)
class Register:
    """A register of information.

    Attributes
    ----------
    key : str
        Tells its contracts and functions from those of other registers: the LEI of the entity that keeps it.
    owner : str or None
        That entity, where a file beside says it.
    date : str or None
        The day of the report.
    """

    key: str
    owner: str | None = None
    date: str | None = None

    def contract(self, reference: str) -> str:
        """Return the id of a contractual arrangement."""
        return f"dora:{self.key}/contract/{_part(reference)}"

    def function(self, number: str) -> str:
        """Return the id of a function."""
        return f"dora:{self.key}/function/{_part(number)}"

    def service(self, contract: str, type_: str, provider: str) -> str:
        """Return the id of the service of a type that a party provides under an arrangement."""
        return f"dora:{self.key}/service/{_part(contract)}/{_part(type_)}/{_part(provider)}"


def _part(text: str) -> str:
    """Return a number or name as part of an id: what parts them, and what an id cannot hold, is percent-encoded."""
    return percent_encoded(text, safe=":")


def find_register(path: Path, given: str | None) -> Register:
    """Return the register of a file: that of the B_01.01 or the parameters beside it, else the source that was given."""
    beside = (
        sorted(item for item in path.parent.iterdir() if item.suffix.lower() == ".csv") if path.parent.is_dir() else []
    )
    for item in beside:
        found = _maintainer(item) or _parameters(item)
        if found:
            return found
    return Register(slug(given) if given else "register")


def _rows(path: Path) -> list[list[str]]:
    """Return the first rows of a small table, nothing where it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row for row, _ in zip(csv.reader(file), range(20), strict=False)]
    except (OSError, UnicodeError, csv.Error):
        return []


def _maintainer(path: Path) -> Register | None:
    rows = _rows(path)
    template = find_template(rows[0], path, asked=False) if len(rows) > 1 else None
    if template is None or template.code != "B_01.01":
        return None
    row = dict(zip(template.names, rows[1], strict=False))
    return _owned(plain(row.get("lei")), day(row.get("date")))


def _parameters(path: Path) -> Register | None:
    if path.name.lower() != "parameters.csv":
        return None
    told = {row[0]: row[1] for row in _rows(path) if len(row) == 2}
    found = _OWNER.match(told.get("entityID", ""))
    return _owned(found[1], day(told.get("refPeriod"))) if found else None


def _owned(lei: str | None, date: str | None) -> Register | None:
    try:
        value = Identifier.parse("lei", lei or "").value
    except ValueFormatError:
        return None
    return Register(value, f"lei:{value}", date)
