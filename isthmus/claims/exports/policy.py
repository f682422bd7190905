"""What may leave: the marking of a claim against a ceiling, and its licence against the rules of `data/licences.yaml`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb
import yaml

from isthmus.errors import ArgumentError
from isthmus.model import MARKINGS
from isthmus.sources.staging import quote

MARKING_SQL = "coalesce(nullif(marking, ''), 'TLP:CLEAR')"
LICENCE_SQL = "coalesce(licence, '')"


@dataclass(frozen=True, slots=True)
class LicenceRule:
    """A pattern, and whether claims under such a licence may be passed on."""

    pattern: re.Pattern[str]
    pass_on: bool
    why: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """The rows that may leave.

    Attributes
    ----------
    select : str
        SQL that yields them.
    withheld : dict of reason to count
        Rows that stay.
    remarks : dict of remark to count
        Rows that leave, with a doubt about their terms.
    """

    select: str
    withheld: dict[str, int]
    remarks: dict[str, int]


@cache
def licence_rules() -> tuple[LicenceRule, ...]:
    """Return the rules that ship with the package."""
    body = yaml.safe_load(files("isthmus.data").joinpath("licences.yaml").read_text("utf-8"))
    return tuple(
        LicenceRule(re.compile(rule["pattern"], re.IGNORECASE), bool(rule["pass_on"]), rule["why"])
        for rule in body["licences"]
    )


def judge_licence(text: str) -> LicenceRule | None:
    """Return the first rule that knows the licence, or None."""
    return next((rule for rule in licence_rules() if rule.pattern.search(text)), None)


def clear(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    *,
    ceiling: str,
    licences: Collection[str],
    include_restricted: bool,
) -> Cleared:
    """Judge each distinct marking and licence of `select` once, and keep the rows that may leave.

    Parameters
    ----------
    ceiling : str
        The highest TLP marking that may leave.
    licences : collection of str
        Licences that are passed on although their rule says no, because the caller holds the right.
    include_restricted : bool
        Pass on every licence: for use within one's own house.

    Raises
    ------
    ArgumentError
        The ceiling is no marking.
    """
    if ceiling not in MARKINGS:
        raise ArgumentError(f"“{ceiling}” is no marking.", hint=f"Markings: {', '.join(MARKINGS)}.")
    named = {text.strip().casefold() for text in licences}
    allowed = MARKINGS[: MARKINGS.index(ceiling) + 1]
    withheld: dict[str, int] = {}
    remarks: dict[str, int] = {}
    barred: list[str] = []
    found = connection.execute(
        f"SELECT {MARKING_SQL}, {LICENCE_SQL}, count(*) FROM ({select}) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for marking, licence, count in found:
        rule = judge_licence(licence) if licence.strip() else None
        free = include_restricted or licence.strip().casefold() in named
        if rule is not None and not rule.pass_on and not free and licence not in barred:
            barred.append(licence)
        if marking not in allowed:
            what = f"is above {ceiling}" if marking in MARKINGS else "is no marking that we know"
            _count(withheld, f"the marking {marking} {what}", count)
        elif rule is not None and not rule.pass_on and not free:
            _count(withheld, f"the licence “{licence}”: {rule.why}", count)
        elif not licence.strip():
            _count(remarks, "licence not stated", count)
        elif rule is None:
            _count(remarks, f"licence “{licence}” not known to the rules", count)
    conditions = [f"{MARKING_SQL} IN ({', '.join(map(quote, allowed))})"]
    if barred:
        conditions.append(f"{LICENCE_SQL} NOT IN ({', '.join(map(quote, barred))})")
    return Cleared(f"SELECT * FROM ({select}) WHERE {' AND '.join(conditions)}", withheld, remarks)


def _count(counts: dict[str, int], reason: str, number: int) -> None:
    counts[reason] = counts.get(reason, 0) + number
