"""The templates of the register: how each is recognised, and what its columns are called here.

Column codes are those of Annex I as corrected (OJ L, 2025/90725). The first layout of B_05.01, of nine columns, with which the
registers were tried out, is read too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FULL = re.compile(r"(?:b|rt)[_.](\d\d)\.(\d\d)\.(\d{4})", re.IGNORECASE)
_SHORT = re.compile(r"c?(\d{4})", re.IGNORECASE)
_NAMED = re.compile(r"(?:b|rt)[_.](\d\d)[._](\d\d)", re.IGNORECASE)

_COLUMNS: dict[str, dict[str, str]] = {
    "B_01.01": {
        "0010": "lei", "0020": "name", "0030": "country", "0040": "type", "0050": "authority", "0060": "date",
    },
    "B_01.02": {
        "0010": "lei", "0020": "name", "0030": "country", "0040": "type", "0050": "hierarchy", "0060": "parent",
        "0070": "updated", "0080": "integrated", "0090": "deleted", "0100": "currency", "0110": "assets",
    },
    "B_02.01": {
        "0010": "contract", "0020": "arrangement", "0030": "overarching", "0040": "currency", "0050": "expense",
    },
    "B_02.02": {
        "0010": "contract", "0020": "user", "0030": "provider", "0040": "provider_type", "0050": "function",
        "0060": "service", "0070": "start", "0080": "end", "0090": "termination", "0100": "notice", "0110": "their_notice",
        "0120": "law", "0130": "provision", "0140": "storage", "0150": "stored", "0160": "processed",
        "0170": "sensitiveness", "0180": "reliance",
    },
    "B_05.01": {
        "0010": "provider", "0020": "provider_type", "0030": "other", "0040": "other_type", "0050": "name",
        "0060": "latin", "0070": "person", "0080": "country", "0090": "currency", "0100": "expense", "0110": "parent",
        "0120": "parent_type",
    },
    "B_05.02": {
        "0010": "contract", "0020": "service", "0030": "provider", "0040": "provider_type", "0050": "rank",
        "0060": "recipient", "0070": "recipient_type",
    },
    "B_06.01": {
        "0010": "function", "0020": "activity", "0030": "name", "0040": "lei", "0050": "critical", "0060": "reasons",
        "0070": "assessed", "0080": "rto", "0090": "rpo", "0100": "impact",
    },
    "B_07.01": {
        "0010": "contract", "0020": "provider", "0030": "provider_type", "0040": "service", "0050": "substitutability",
        "0060": "why", "0070": "audited", "0080": "exit", "0090": "reintegration", "0100": "impact",
        "0110": "alternatives", "0120": "named_alternatives",
    },
}  # fmt: skip
_FIRST_PROVIDERS = {
    "0010": "provider", "0020": "provider_type", "0030": "name", "0040": "person", "0050": "country", "0060": "currency",
    "0070": "expense", "0080": "parent", "0090": "parent_type",
}  # fmt: skip
NOT_READ = ("B_01.03", "B_02.03", "B_03.01", "B_03.02", "B_03.03", "B_04.01", "B_99.01")
# Where only short codes stand in the header and the file's name says nothing, the number of columns may still tell.
_BY_NUMBER = {5: "B_02.01", 6: "B_01.01", 7: "B_05.02", 9: "B_05.01", 10: "B_06.01", 11: "B_01.02", 18: "B_02.02"}


@dataclass(frozen=True, slots=True)
class Template:
    """A template as one file has it: its code, and what the file's columns are called here (their code where unknown)."""

    code: str
    names: tuple[str, ...]

    @property
    def read(self) -> bool:
        """Whether claims are made of its rows."""
        return self.code in _COLUMNS


def find_template(header: list[str], path: Path, *, asked: bool = True) -> Template | None:
    """Return the template whose column codes a header has, None where it is none.

    Parameters
    ----------
    asked : bool
        The format was named: then the number of columns may decide where the file's name does not.
    """
    cells = [cell.strip().strip('"') for cell in header]
    full = [_FULL.fullmatch(cell) for cell in cells]
    if all(full) and cells:
        codes = {f"B_{found[1]}.{found[2]}" for found in full if found}
        numbers = [found[3] for found in full if found]
        # The annotated layout itself has b_03.33 for one column of B_03.03.
        return _template(sorted(codes)[0], numbers) if len(codes - {"B_03.33"}) == 1 else None
    short = [_SHORT.fullmatch(cell) for cell in cells]
    if not all(short) or not cells:
        return None
    numbers = [found[1] for found in short if found]
    named = _NAMED.search(path.name)
    if named:
        return _template(f"B_{named[1]}.{named[2]}", numbers)
    return _template(_BY_NUMBER[len(cells)], numbers) if asked and len(cells) in _BY_NUMBER else None


def _template(code: str, numbers: list[str]) -> Template | None:
    if code not in _COLUMNS and code not in NOT_READ:
        return None
    columns = _COLUMNS.get(code, {})
    if code == "B_05.01" and not {"0100", "0110", "0120"} & set(numbers):
        columns = _FIRST_PROVIDERS
    return Template(code, tuple(columns.get(number, number) for number in numbers))
