"""The code tables of `codes.yaml`, and what a nature of control means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PARTNERSHIP = "-partnership"


@dataclass(frozen=True, slots=True)
class Nature:
    """A nature of control in our vocabulary.

    Attributes
    ----------
    predicate : str
        ``owns`` or ``has_interest_in``.
    qualifiers : str
        As a claim has them.
    low, high : str or None
        The band, as fractions with their marks; None where there is none.
    """

    predicate: str
    qualifiers: str
    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True)
class Codes:
    """What each code of the registers means; the fields are the lists of the file."""

    kinds: Mapping[str, Mapping[str, str]]
    bases: Mapping[str, Mapping[str, Any]]
    bands: Mapping[str, tuple[str, str]]
    through: Mapping[str, Mapping[str, str]]
    forms: tuple[str, ...]
    statements: Mapping[str, str]
    complete: tuple[str, ...]
    places: tuple[str, ...]
    other_words: tuple[str, ...]
    elsewhere: tuple[str, ...]
    registers: Mapping[str, str]
    read: Mapping[str, tuple[str, ...]]
    person: tuple[str, ...]

    def nature(self, code: str) -> Nature | None:
        """Return what a nature of control means, or None where it is not known.

        Its parts are the right, the band, through what it is held, and the form of the company:
        ``voting-rights-25-to-50-percent-as-firm-limited-liability-partnership``.
        """
        rest, form = _cut(code, self.forms)
        rest, through = _cut(rest, tuple(self.through))
        band: str | None = None
        base = self.bases.get(rest)
        if base is None:
            rest, band = _cut(rest, tuple(self.bands))
            base = self.bases.get(rest)
        if base is None or bool(base.get("banded")) != (band is not None):
            return None
        direct = base.get("direct", "unknown")
        if through:
            direct = self.through[through].get(form or "", self.through[through]["else"])
        pairs = {
            "interest": base["interest"],
            "direct": direct,
            "right": base.get("right"),
            # What our terms do not hold stands in the register's own words.
            "title": code if through or form or rest.startswith(("part-", "registered-owner")) else None,
        }
        low, high = self.bands[band] if band else (None, None)
        return Nature(
            base["predicate"], "; ".join(f"{key}={value}" for key, value in pairs.items() if value), low, high
        )


def _cut(code: str, endings: tuple[str, ...]) -> tuple[str, str | None]:
    """Return a code without the ending that it has, the longest of `endings`, and that ending."""
    found = [ending for ending in endings if code.endswith(f"-{ending}")]
    longest = max(found, key=len, default=None)
    return (code[: -len(longest) - 1], longest) if longest else (code, None)


@cache
def load_codes() -> Codes:
    """Return the tables that ship with the package."""
    text = files("isthmus.sources.psc").joinpath("codes.yaml").read_text("utf-8")
    raw: Mapping[str, Any] = yaml.load(text, Loader=_Loader)
    return Codes(
        kinds=raw["kinds"],
        bases=raw["bases"],
        bands={band: (low, high) for band, (low, high) in raw["bands"].items()},
        through=raw["through"],
        forms=tuple(raw["forms"]),
        statements=raw["statements"],
        complete=tuple(raw["complete"]),
        places=tuple(raw["united_kingdom"]["places"]),
        other_words=tuple(raw["united_kingdom"]["others"]),
        elsewhere=tuple(raw["elsewhere"]),
        registers=raw["registers"],
        read={name: tuple(fields) for name, fields in raw["read"].items()},
        person=tuple(raw["person"]),
    )
