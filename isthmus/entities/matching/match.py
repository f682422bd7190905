"""Match two things by their names and whatever else is known of them: a score, a verdict and the reasons for it.

Identifiers decide before names do: two different valid values of a scheme that gives each thing one value can never be the same, and one
shared value is a match whatever the names. Only then do names, countries and dates speak, as log-odds that add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.entities.matching.features import Evidence, compare
from isthmus.entities.matching.keys import name_keys
from isthmus.entities.matching.model import DIFFERENT, POSSIBLE, SAME, Model, load_model, probability
from isthmus.entities.names import Name, read_name
from isthmus.entities.names.letters import INVISIBLE, LOOK_ALIKE
from isthmus.errors import ArgumentError

LONGEST = 1_000
UNIQUE = ("lei", "uscc", "ra", "euid", "duns", "ror", "imo", "ogrn", "wikidata", "isin", "permid", "swift", "iso3166")
"""Schemes that give one thing one value: two different values of one mean two things. ``ra`` and ``euid`` are so within one register."""
_SHARED = frozenset(UNIQUE) | {"inn", "vat", "registration"}
_SHARED_SCORE, _VETO_SCORE, _LOOK_ALIKE_CAP, _COUNTRY_CAP = 0.99, 0.0, 0.69, 0.84
_FEW = 16
_DOUBTFUL_CAP = 0.86
_DOUBTFUL = ("initialism_known", "initialism_letters", "slip", "cut")
_DATES_APART = -3.0


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for (weight above 0) or against a match, in log-odds, with the words that carry it."""

    feature: str
    weight: float
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return ``{"feature", "weight", "note"}``."""
        return {"feature": self.feature, "weight": round(self.weight, 3), "note": self.note}


@dataclass(frozen=True, slots=True)
class Match:
    """How likely two things are one: the probability, the verdict and the reasons, the weightiest first."""

    score: float
    verdict: str
    reasons: tuple[Reason, ...] = ()
    names: tuple[str, str] = ("", "")
    """The names that agree best, one of each side."""

    def to_json(self) -> dict[str, Any]:
        """Return ``{"score", "verdict", "reasons", "names"}``."""
        return {
            "score": round(self.score, 4),
            "verdict": self.verdict,
            "reasons": [reason.to_json() for reason in self.reasons],
            "names": list(self.names),
        }


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of one thing.

    Attributes
    ----------
    names : tuple of str
        Its names; the best pair of two subjects' names counts.
    kind : str or None
        Its kind in the vocabulary; ``person`` compares words without roles.
    countries : frozenset of str
        Countries (alpha-2, lower case) where it is registered or seated.
    identifiers : frozenset of (scheme, value)
        Valid identifiers.
    since, until : str or None
        The first and last day (ISO 8601) on which it surely existed.
    """

    names: tuple[str, ...]
    kind: str | None = None
    countries: frozenset[str] = frozenset()
    identifiers: frozenset[tuple[str, str]] = frozenset()
    since: str | None = None
    until: str | None = None


def check_name(text: str, where: str | None = None) -> None:
    """Raise `ArgumentError` for a text that cannot be compared as a name: empty, without a letter or digit, or far too long."""
    hint = f"Give a name of 1 to {LONGEST:,} characters."
    if not text.strip():
        raise ArgumentError("the name is empty.", where=where, hint=hint)
    if len(text) > LONGEST:
        raise ArgumentError(f"the name has {len(text):,} characters, so it is hardly a name.", where=where, hint=hint)
    if not any(char.isalnum() for char in text):
        raise ArgumentError(f"“{text}” holds no letter and no digit.", where=where, hint=hint)


def match_names(a: str, b: str, *, kind: str | None = None, model: Model | None = None) -> Match:
    """Match two names.

    Raises
    ------
    ArgumentError
        A name is empty, holds no letter or digit, or has more than 1,000 characters.
    """
    check_name(a, "NAME1")
    check_name(b, "NAME2")
    return match(Subject((a,), kind), Subject((b,), kind), model=model)


def match(a: Subject, b: Subject, *, model: Model | None = None, bar: float = 0.0) -> Match:
    """Match two subjects: identifiers first, then the best pair of their names with what else is known.

    Below `bar` the reasons are left out, which saves most of the time.
    """
    model = model or load_model()
    if (veto := vetoed(a, b)) is not None:
        return Match(_VETO_SCORE, DIFFERENT, (veto,))
    shared = sorted(pair for pair in a.identifiers & b.identifiers if pair[0] in _SHARED)
    best = _best(a, b, model, bar)
    if shared:
        scheme, value = shared[0]
        reason = Reason("identifier", 8.0, f"both have {scheme} {value}")
        return Match(_SHARED_SCORE, SAME, (reason, *best.reasons), best.names)
    return best


def vetoed(a: Subject, b: Subject) -> Reason | None:
    """Return why two subjects can never be the same, or None: two values of a scheme that gives one thing one value."""
    held: dict[tuple[str, str], set[str]] = {}
    for scheme, value in a.identifiers:
        if scheme in UNIQUE:
            held.setdefault(_register(scheme, value), set()).add(value)
    for scheme, value in sorted(b.identifiers):
        mine = held.get(_register(scheme, value))
        if scheme in UNIQUE and mine and value not in mine and not mine & {v for s, v in b.identifiers if s == scheme}:
            return Reason("identifiers_differ", -99.0, f"{scheme} {min(mine)} is not {scheme} {value}")
    return None


def _register(scheme: str, value: str) -> tuple[str, str]:
    """Return what an identifier is unique in: its scheme, or the register that a number is from."""
    if scheme == "ra":
        return scheme, value.partition(":")[0]
    return (scheme, value.partition(".")[0]) if scheme == "euid" else (scheme, "")


def _best(a: Subject, b: Subject, model: Model, bar: float) -> Match:
    found = Match(0.0, DIFFERENT, (Reason("no_name", 0.0, "no name to compare"),))
    for one, two in _pairs(a.names, b.names):
        tried = _names(read_name(one), read_name(two), a, b, model, bar)
        if tried.score > found.score or not found.names[0]:
            found = tried
        if found.score > 0.995:
            return found
    return found


def _pairs(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names worth comparing: all where they are few, else those that share a key."""
    few = len(a) * len(b) <= _FEW
    for one in a:
        for two in b:
            if few or not name_keys(one).isdisjoint(name_keys(two)):
                yield one, two


def _names(one: Name, two: Name, a: Subject, b: Subject, model: Model, bar: float = 0.0) -> Match:
    names = (one.text, two.text)
    if one.only_form or two.only_form:
        which = one.text if one.only_form else two.text
        return Match(0.0, DIFFERENT, (Reason("only_form", 0.0, f"“{which}” is nothing but a legal form"),), names)
    best: tuple[float, Evidence] | None = None
    cap = 1.0
    for first in one.readings:
        for second in two.readings:
            evidence = compare(first, second)
            odds = model.log_odds(evidence)
            if best is None or odds > best[0]:
                best = odds, evidence
                # A name in brackets may be another's, initials are many names' and a slip may be none: a person judges.
                cap = (
                    _DOUBTFUL_CAP
                    if first.other != second.other or not evidence.values.keys().isdisjoint(_DOUBTFUL)
                    else 1.0
                )
    assert best is not None
    odds, evidence = best
    if bar and probability(odds + max(0.0, model.weights["country_agrees"])) < bar:
        return Match(probability(odds), DIFFERENT, (), names)
    reasons = [
        Reason(name, model.weights[name] * value, evidence.notes.get(name, ""))
        for name, value in evidence.values.items()
    ]
    more, limit = _circumstances(a, b, model)
    cap = min(cap, limit)
    reasons += more
    odds += sum(reason.weight for reason in more)
    for note in dict.fromkeys((*one.notes, *two.notes)):
        reasons.append(Reason(note.replace(" ", "_").replace("-", "_"), 0.0, _NOTES.get(note, note)))
        if note == LOOK_ALIKE:
            cap = min(cap, _LOOK_ALIKE_CAP)
    score = probability(odds)
    if score > cap:
        score = cap
    verdict = model.verdict(score)
    if verdict == SAME and cap < 1:
        verdict = POSSIBLE
    reasons.sort(key=lambda reason: -abs(reason.weight))
    return Match(score, verdict, tuple(reasons), names)


_NOTES = {
    LOOK_ALIKE: "letters of another alphabet that look like Latin ones: for a person to judge",
    INVISIBLE: "invisible characters were left out",
}


def _circumstances(a: Subject, b: Subject, model: Model) -> tuple[list[Reason], float]:
    """Return what countries and dates say, and the score that they allow at most."""
    reasons, cap = [], 1.0
    if a.countries and b.countries:
        said = f"{'|'.join(sorted(a.countries))} / {'|'.join(sorted(b.countries))}"
        if a.countries & b.countries:
            reasons.append(Reason("country_agrees", model.weights["country_agrees"], said))
        else:
            reasons.append(Reason("country_differs", model.weights["country_differs"], said))
            cap = _COUNTRY_CAP
    apart = _apart(a, b) or _apart(b, a)
    if apart:
        reasons.append(Reason("dates_apart", _DATES_APART, apart))
        cap = min(cap, _COUNTRY_CAP)
    return reasons, cap


def _apart(a: Subject, b: Subject) -> str | None:
    if a.until and b.since and a.until < b.since:
        return f"one ended by {a.until}, the other began on {b.since}"
    return None


__all__: Sequence[str] = (
    "LONGEST",
    "UNIQUE",
    "Match",
    "Reason",
    "Subject",
    "check_name",
    "match",
    "match_names",
    "vetoed",
)
