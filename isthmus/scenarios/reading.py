"""From a scenario file to scenarios: each key, number and month is checked where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from isthmus.dependence.rows import LEVELS
from isthmus.errors import FormatError
from isthmus.scenarios.document import parse_documents, read_documents
from isthmus.scenarios.scenario import WORDS, Baseline, Change, Scenario, Span
from isthmus.sources.documents import Node, suggest

FIELDS = ("scenario", "title", "whose", "note", "baseline", "changes", "ask", "horizon")
COMMON = ("at", "name", "why", "source")
BASELINE = ("as_of", "known_at", "without", "strength")
ROLES = ("what", "of", "from", "to", "for", "with", "in", "by")
LONGEST = 12_000.0
"""Months; more is a slip."""
MANY = 1000
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(%?)")
_MONTHS = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(months?|years?)?")
_INNER: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "restrict_export": (("of", "from"), ("to", "left")),
    "substitute": (("for", "with"), ("in", "need", "after")),
    "add_capacity": (("of", "by", "share"), ("after",)),
    "delay": (("what", "months"), ()),
}
"""The keys below a change that it must have, and those that it may have."""


def read_scenarios(path: Path) -> list[Scenario]:
    """Return the scenarios of a file: one, several documents, or a list under ``scenarios:``.

    Raises
    ------
    ArgumentError, FormatError
        The file cannot be read, or something in it is not as scenarios are written; the message names the line.
    """
    return _all(read_documents(path), str(path))


def parse_scenarios(text: str, name: str = "scenario") -> list[Scenario]:
    """Return the scenarios of a text, as `read_scenarios` does."""
    return _all(parse_documents(text, name), name)


def _all(documents: Iterable[Node], name: str) -> list[Scenario]:
    found: list[Scenario] = []
    for document in documents:
        several = dict(document.pairs or ()).get("scenarios")
        if several is None:
            found.append(_scenario(document))
            continue
        document.keys(("scenarios",), "a file of several scenarios")
        found += [_scenario(node) for node in several.listed("scenarios")]
    ids = [scenario.id for scenario in found]
    for scenario in found:
        if ids.count(scenario.id) > 1:
            raise FormatError(f"two scenarios are called “{scenario.id}”.", where=scenario.where, hint="Rename one.")
    if not found:
        raise FormatError("there is no scenario in this file.", where=name)
    return found


def _scenario(node: Node) -> Scenario:
    keys = node.keys(FIELDS, "a scenario")
    if "scenario" not in keys:
        node.fail("the scenario has no name.", "Begin with `scenario: my-name`.")
    name = keys["scenario"].words("scenario")
    if "changes" not in keys:
        node.fail("the scenario says no changes.", "Write `changes:` and below it each change; `changes: []` for none.")
    changes = keys["changes"].listed("changes")
    if len(changes) > MANY:
        node.fail(f"the scenario has {len(changes):,} changes; at most {MANY:,} are read.")
    return Scenario(
        id=name,
        title=_text(keys, "title") or name,
        where=node.where,
        changes=tuple(_change(item) for item in changes),
        baseline=_baseline(keys["baseline"]) if "baseline" in keys else Baseline(),
        ask=tuple((item.words("ask"), item.where) for item in keys["ask"].listed("ask")) if "ask" in keys else (),
        horizon=_months(keys["horizon"], "horizon") if "horizon" in keys else None,
        whose=_text(keys, "whose"),
        note=_text(keys, "note"),
    )


def _text(keys: dict[str, Node], name: str) -> str | None:
    return " ".join(keys[name].words(name).split()) if name in keys else None


def _baseline(node: Node) -> Baseline:
    keys = node.keys(BASELINE, "baseline")
    strength = _text(keys, "strength")
    if strength is not None and strength not in LEVELS:
        keys["strength"].fail(f"“{strength}” is no strength of a need.", suggest(strength, LEVELS))
    without = tuple(item.words("without") for item in keys["without"].listed("without")) if "without" in keys else ()
    return Baseline(_text(keys, "as_of"), _text(keys, "known_at"), without, strength)


def _change(node: Node) -> Change:
    if node.pairs is None:
        node.fail("a change must have keys.", f"Write one of {', '.join(WORDS)}, as `- fail: NAME`.")
    names = [name for name, _ in node.pairs]
    kinds = [name for name in names if name in WORDS]
    if not kinds:
        first = next((name for name in names if name not in COMMON), names[0] if names else "")
        node.fail(f"“{first}” is no change.", suggest(first, WORDS))
    if len(kinds) > 1:
        node.fail(f"one change says both {kinds[0]} and {kinds[1]}.", "Write each as a change of its own.")
    kind = kinds[0]
    ruled = ("rule",) if kind == "fail_controlled_by" else ()
    keys = node.keys((kind, *ruled, *COMMON), f"a change of kind {kind}")
    place = keys[kind].where
    found = Change(
        kind,
        place,
        {},
        at=_months(keys["at"], "at") if "at" in keys else 0.0,
        rule=_text(keys, "rule") or "majority",
        name=_text(keys, "name"),
        why=_text(keys, "why"),
        source=_text(keys, "source"),
    )
    if kind not in _INNER:
        return replace(found, names={"what": keys[kind].words(kind)})
    must, may = _INNER[kind]
    inner = keys[kind].keys((*must, *may), kind)
    for name in must:
        if name not in inner:
            keys[kind].fail(f"{kind} has no “{name}”.", f"It takes {', '.join(must)}; and may have {', '.join(may)}.")
    named = {name: node.words(name) for name, node in inner.items() if name in ROLES}
    return replace(
        found,
        names=named,
        left=_span(inner["left"], "left") if "left" in inner else (0.0, 0.0),
        share=_span(inner["share"], "share") if "share" in inner else (0.0, 0.0),
        after=_months(inner["after"], "after") if "after" in inner else 0.0,
        months=_months(inner["months"], "months") if "months" in inner else None,
        need=_text(inner, "need"),
    )


def _span(node: Node, what: str) -> Span:
    """Read a share of 1: ``0.4``, ``40%``, or both ends as ``[30%, 50%]``."""
    if node.items is None:
        value = _share(node, what)
        return value, value
    if len(node.items) != 2:
        node.fail(f"{what} must have a low and a high end.", "Write [30%, 50%].")
    low, high = (_share(item, what) for item in node.items)
    if low > high:
        node.fail(f"the ends of {what} are in the wrong order.", "Write the low one first.")
    return low, high


def _share(node: Node, what: str) -> float:
    text = node.words(what)
    found = _NUMBER.fullmatch(text)
    value = float(found[1]) / (100 if found[2] else 1) if found else -1.0
    if not 0 <= value <= 1:
        more = "more than the whole" if value > 1 else "no share"
        node.fail(f"{what} “{text}” is {more}.", "Write 0.4, 40%, or both ends as [30%, 50%].")
    return value


def _months(node: Node, what: str) -> float:
    text = node.words(what)
    found = _MONTHS.fullmatch(text)
    value = float(found[1]) * (12 if (found[2] or "").startswith("year") else 1) if found else -1.0
    if not 0 <= value <= LONGEST:
        node.fail(f"{what} “{text}” is no number of months.", "Write 6, 6 months or 2 years; months count from 0.")
    return value
