"""Which judgement stands for a pair, and what cannot all be right among those that stand.

A person's judgement stands before one that a rule or an identifier made, in whatever order they came; among equals the later stands, and
one that was undone counts for nothing. Everything here is a pure function of judgements and claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any

from isthmus.claims.judging import PERSON, By, StoredJudgement
from isthmus.dates import PartialDate, Period, Truth
from isthmus.identifiers import check, find_scheme

Pair = tuple[str, str]
AWAITING = "awaiting second reviewer"

UNIQUE_SCHEMES = ("lei", "uscc", "ra", "euid", "ror")
"""Schemes that give one thing one identifier: two of them, both valid, are two things."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The judgement that stands for each pair of ids (the smaller first), in order of the pairs.

    Attributes
    ----------
    decided : dict
        The judgement in force.
    awaiting : dict
        A person's *same* that is not in force until a second person has judged so too.
    """

    decided: dict[Pair, StoredJudgement] = field(default_factory=dict)
    awaiting: dict[Pair, StoredJudgement] = field(default_factory=dict)

    def verdicts(self) -> dict[Pair, str]:
        """Return the verdict in force for each pair."""
        return {pair: judgement.verdict for pair, judgement in self.decided.items()}

    def lines(self) -> Iterator[str]:
        """Yield all that a picture's hash covers: pair, verdict, and dates where there are any."""
        for held, state in ((self.decided, None), (self.awaiting, AWAITING)):
            for (a, b), judgement in held.items():
                dates = (judgement.valid_from, judgement.valid_to)
                parts = [a, b, state or judgement.verdict, *(text or "" for text in dates if any(dates))]
                yield "\x1f".join(parts)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two entities that judgements make one, though they cannot be: the merges between them wait.

    Attributes
    ----------
    path : tuple of str
        A shortest chain of *same* from one to the other; empty where the edges are not known.
    steps : tuple of StoredJudgement
        The judgement on each step of it.
    judged : StoredJudgement or None
        The judgement that they are different.
    scheme, values : str, (str, str)
        Where no judgement but two identifiers of one scheme part them: the scheme, and the identifier of each.
    """

    a: str
    b: str
    path: tuple[str, ...] = ()
    steps: tuple[StoredJudgement, ...] = ()
    judged: StoredJudgement | None = None
    scheme: str | None = None
    values: Pair | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the contradiction as JSON values."""
        return {
            "a": self.a,
            "b": self.b,
            "path": list(self.path),
            "steps": [step.to_json() for step in self.steps],
            "judged": self.judged.to_json() if self.judged else None,
            "scheme": self.scheme,
            "values": list(self.values) if self.values else None,
        }


def rank(name: str) -> tuple[bool, str]:
    """Return what canonical ids are chosen by: ids that people gave before those of a data set (``set:id``), then code point order."""
    return (":" in name, name)


def standing_judgements(
    judgements: Iterable[StoredJudgement], *, as_of: str | None = None, second_reviewer: bool = False
) -> Standing:
    """Return the judgement that stands for each pair.

    Parameters
    ----------
    judgements : iterable of StoredJudgement
        Oldest first.
    as_of : str or None
        A day (ISO 8601): judgements that surely do not hold on it are left out. None: every judgement counts, whatever its dates.
    second_reviewer : bool
        Whether a person's *same* comes into force only when the newest judgement of another person about the pair is *same* too. What
        would stand without it stands until then.
    """
    day = date.fromisoformat(as_of) if as_of else None
    by_pair: dict[Pair, list[StoredJudgement]] = {}
    for judgement in judgements:
        if not judgement.undone and (day is None or _may_hold(judgement.valid_from, judgement.valid_to, day)):
            by_pair.setdefault(judgement.pair, []).append(judgement)
    decided: dict[Pair, StoredJudgement] = {}
    awaiting: dict[Pair, StoredJudgement] = {}
    for pair in sorted(by_pair):
        standing, waiting = _decide(by_pair[pair], second_reviewer)
        if standing:
            decided[pair] = standing
        if waiting:
            awaiting[pair] = waiting
    return Standing(decided, awaiting)


def standing_verdicts(judgements: Iterable[StoredJudgement]) -> dict[Pair, str]:
    """Return the verdict that stands for each pair of ids (the smaller first), in order of the pairs."""
    return standing_judgements(judgements).verdicts()


def _decide(
    held: Sequence[StoredJudgement], second_reviewer: bool
) -> tuple[StoredJudgement | None, StoredJudgement | None]:
    """Return the judgement of a pair that stands, and the newest one that awaits a second reviewer."""
    people = [judgement for judgement in held if is_persons(judgement.who)]
    waiting = None
    if not second_reviewer:
        return (people or held)[-1], None
    newest = {_person(judgement.who): judgement for judgement in people}
    for judgement in reversed(people):
        agreed = any(other.verdict == "same" for person, other in newest.items() if person != _person(judgement.who))
        if judgement.verdict != "same" or agreed:
            return judgement, waiting
        waiting = waiting or judgement
    made = [judgement for judgement in held if not is_persons(judgement.who)]
    return (made[-1] if made else None), waiting


@lru_cache(maxsize=4096)
def is_persons(who: str) -> bool:
    """Tell whether a text names a person, and no rule or identifier."""
    return By.read(who).kind == PERSON


def _person(who: str) -> str:
    return who.strip().casefold()


@lru_cache(maxsize=4096)
def _may_hold(valid_from: str | None, valid_to: str | None, day: date) -> bool:
    first, last = (PartialDate.parse(text) if text else None for text in (valid_from, valid_to))
    return Period(first, last).holds_on(day) is not Truth.NO


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sets of members of one group whose valid identifiers of a scheme have none in common."""

    scheme: str
    values: Pair
    one: tuple[str, ...]
    other: tuple[str, ...]


def clashes(groups: Iterable[Sequence[str]], identifiers: Iterable[tuple[str, str, str]]) -> Iterator[Clash]:
    """Yield what `conflicting_identifiers` is about, with every holder: by group, scheme and value."""
    group_of = {name: number for number, group in enumerate(groups) for name in group}
    held: dict[tuple[int, str], dict[str, set[str]]] = {}
    for entity, scheme, value in identifiers:
        if entity in group_of and (found := _unique(scheme, value)):
            domain, canonical = found
            held.setdefault((group_of[entity], domain), {}).setdefault(entity, set()).add(canonical)
    for (_, domain), by_entity in sorted(held.items()):
        holders: dict[tuple[str, ...], list[str]] = {}
        for entity, values in by_entity.items():
            holders.setdefault(tuple(sorted(values)), []).append(entity)
        for one, other in combinations(sorted(holders), 2):
            if set(one).isdisjoint(other):
                scheme = domain.partition(" ")[0]
                sides = (tuple(sorted(holders[values], key=rank)) for values in (one, other))
                yield Clash(scheme, (one[0], other[0]), *sides)


def conflicting_identifiers(
    groups: Iterable[Sequence[str]], identifiers: Iterable[tuple[str, str, str]]
) -> Iterator[Contradiction]:
    """Yield a contradiction for every two members of a group that two identifiers of one scheme show to be two things.

    Only schemes that give one thing one identifier count (`UNIQUE_SCHEMES`; numbers of one register authority with one another), and only
    identifiers that pass the check of their scheme. Entities that share one of several identifiers do not clash. Of many pairs with
    the same two identifiers the first, by `rank`, is named.

    Parameters
    ----------
    groups : iterable of sequences of str
        Entities that are, or would be, one thing.
    identifiers : iterable of (entity, scheme, value)
        As claims have them; the values need not be in canonical form.
    """
    for clash in clashes(groups, identifiers):
        yield Contradiction(clash.one[0], clash.other[0], scheme=clash.scheme, values=clash.values)


def _unique(scheme: str, value: str) -> tuple[str, str] | None:
    """Return within what an identifier is unique, and its canonical form; None where it is not unique or not valid."""
    scheme = scheme.strip().lower()
    if scheme not in UNIQUE_SCHEMES or check(scheme, value) is not None:
        return None
    canonical = find_scheme(scheme).normalise(value)
    register = {"ra": canonical.partition(":")[0], "euid": canonical.partition(".")[0]}.get(scheme)
    return (f"{scheme} {register}" if register else scheme), canonical
