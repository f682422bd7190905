"""The words of a drawing of control: shares with both ends, dates, doubt, kinds and verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from isthmus.briefs.svg.labels import Line
from isthmus.briefs.svg.lettering import fit_for_xml
from isthmus.quantities import Quantity

LONGEST_HEDGE = 36
TRACE = 1e-6
"""A share of less is some share, of which no more is known."""
_BETWEEN = re.compile(r"between (\S+) and (\S+)")
_UNTIL = re.compile(r"(?:^|\s)until (?:about |before |at the latest )?(\d{4}(?:-\d{2}){0,2})$")
_IN = re.compile(r"^in (\d{4}(?:-\d{2}){0,2})$")
_EMPTY = {"open_low": False, "open_high": False, "approx": False, "unit": "share", "hedge": None}
_PASSIVE = {
    "controls": "controlled",
    "may control": "may be controlled",
    "can block": "can be blocked",
    "influences": "influenced",
    "cannot": "not controlled",
}
Body = Mapping[str, Any]


def percent(body: Body | None) -> str:
    """Return a share with both its ends ("51-60 %", "more than 25 %"); empty where nothing is said of it."""
    if body is None:
        return ""
    low, to_the_whole = body["low"] or 0.0, body["high"] is None or body["high"] > 1 - TRACE
    if to_the_whole and low < TRACE and (low or body.get("open_low")):
        return "a part"
    if to_the_whole and not low and not body.get("open_high"):
        return ""
    if to_the_whole and low < 1 and not body.get("open_high"):
        # No share is more than the whole, so that end says nothing.
        body = {**body, "high": None}
    return _BETWEEN.sub(r"\1-\2", Quantity.from_json({**_EMPTY, **body}).words())


def share_ends(body: Body | None) -> tuple[float | None, float | None]:
    """Return the ends of a share within the whole; both None where it may be any."""
    if body is None:
        return None, None
    low, high = body["low"] or 0.0, 1.0 if body["high"] is None else body["high"]
    if low < TRACE and high > 1 - TRACE:
        return None, None
    return min(max(low, 0.0), 1.0), min(max(high, 0.0), 1.0)


def tie_words(step: Body, *, certain: bool, when: Sequence[str], hedges: Sequence[str]) -> tuple[list[Line], str]:
    """Return what stands beside a line, and the whole of it as a sentence."""
    words = _BETWEEN.sub(r"\1-\2", spaced(fit_for_xml(step.get("words") or step["predicate"])))
    share = percent(step.get("share"))
    if words.startswith(("owns", "has ")) and step["predicate"] == "owns":
        bare = words.removeprefix("owns").removeprefix("has").strip()
        first = bare if re.search(r"\d", bare) else share or bare or "share not stated"
    else:
        first = words if not share or re.search(r"\d", words) else f"{words}, {share}"
    first = first if certain else f"may: {first}"
    lines = [Line(first, strong=bool(share), hedged=bool(hedges))]
    lines += [Line(text) for text in list(dict.fromkeys(when))[:2]]
    if hedges:
        short = len(hedges[0]) <= LONGEST_HEDGE
        lines.append(Line(f"“{hedges[0]}”" if short else "hedged by its source", hedged=True))
    told = [f"{fit_for_xml(step['from_caption'])} {'owns' if step['predicate'] == 'owns' else ''} {first} of "]
    if step["predicate"] != "owns":
        told = [f"{fit_for_xml(step['from_caption'])} {first}: "]
    told.append(fit_for_xml(step["to_caption"]))
    told += [f", {text}" for text in when]
    told += [f" (“{text}”)" for text in hedges]
    return lines, " ".join("".join(told).split())


def spaced(word: str) -> str:
    """Return a term of the vocabulary as words: votingRights is "voting rights"."""
    parted = re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[0].lower()}", word) if " " not in word else word
    return parted.replace("_", " ")


def kind_words(kinds: Iterable[str], *, state: str) -> list[Line]:
    """Return the line of kinds in a box, and that a state stands there or directs it."""
    told = [fit_for_xml(kind.replace("_", " ")) for kind in kinds]
    if state and not (state == "state body" and "state" in told):
        told.append(state)
    return [Line(", ".join(told))] if told else []


def state_words(row: Body) -> str:
    """Say that a party is a state body, is directed by one or may be; empty where nothing says so."""
    by = list(dict.fromkeys(fit_for_xml(item["caption"]) for item in row.get("state_by") or ()))
    if by:
        more = f" and {len(by) - 2:,} more" if len(by) > 2 else ""
        return f"{'directed' if row.get('state') else 'may be directed'} by {', '.join(by[:2])}{more}"
    return "state body" if row.get("state") else ""


def asked_about(found: Body) -> str:
    """Return the name of what is asked about; empty where the question is about the whole picture."""
    question = found["question"]
    key = "caption" if question.get("of") else "by_caption"
    return fit_for_xml(question.get(key) or question.get("caption") or question.get("of") or question.get("by") or "")


def note_of(row: Body, *, passive: bool, other: str, name_the_rule: bool) -> Line:
    """Return a verdict as it stands in the box of the controller, or of what is controlled (`passive`)."""
    verdict = _PASSIVE.get(row["verdict"], str(row["verdict"])) if passive else str(row["verdict"])
    verdict = "cannot control" if verdict == "cannot" else verdict
    words = f"{verdict} {fit_for_xml(other)}" if other else verdict
    if isinstance(row.get("controls"), int):
        # In the overview of a picture a party stands with how much it controls.
        words = f"controls {row['controls']:,}, may control {row.get('may_control', 0):,} more"
    share = percent(row.get("share"))
    parts = [f"{words}: {share}" if share else words]
    parts += ["ultimate"] if row.get("ultimate") and not passive else []
    parts += [f"by {row['rule']}"] if name_the_rule and row.get("rule") else []
    return Line(", ".join(parts), strong=row["verdict"] in ("controls", "can block"), hedged=bool(row.get("hedges")))


def own_note(lines: Sequence[Line]) -> Line:
    """Return what a party holds of itself."""
    return Line(f"of itself: {lines[0].text}" if lines else "holds a part of itself")


def ends_before(when: str, day: str) -> bool:
    """Return whether a time in words ends before a day; a month or year has ended once it is over."""
    found = _UNTIL.search(when) or _IN.search(when)
    if found is None or not day:
        return False
    return found[1] < day[: len(found[1])]
