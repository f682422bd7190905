"""Lines of a page: each relation once, in a few words, with its date, its doubt and all claims that say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from isthmus.dates import Truth
from isthmus.lenses.points.words import phrase
from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.extent import holds
from isthmus.picture.words import when_said
from isthmus.service.pages.entity.evidence import ABOUT, TOWARDS, Evidence, newest_first

SHOWN = 6
"""So many lines of one predicate stand on the page; the table of claims has the others."""
MODES = {
    "possible": "possible",
    "agreed": "agreed, not said to be done",
    "planned": "planned",
    "proposed": "proposed",
    "forecast": "forecast",
    "attempted": "attempted",
}
_STANCES = {"denies": "denied", "not_found": "looked for, not found"}
LONGEST = 240
_DANGLING = re.compile(r" (?:at|for|with|to|as|in)(?= \(|$)")
"""A word of a predicate's sentence that leads to what the claim does not say."""
_DEEP = 6
"""So many claims are looked at for one line: several may say the same."""


def lines(picture: Picture, entity: Entity, claims: Iterable[Claim], side: str) -> list[dict[str, Any]]:
    """Return a line for each relation that claims of one side speak of, the surest and newest first.

    Returns
    -------
    list of dict
        ``{"before", "other", "after", "when", "verdict", "past", "hedges", "claims"}``: the words around the name of the other end,
        which is ``{"id", "caption", "kinds"}`` or None.
    """
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for claim in newest_first(claims):
        text = say_short(picture, entity, claim, side)
        key = (text, claim.mode, claim.stance)
        line = found.get(key)
        if line is None:
            before, other, after = _parted(picture, claim, text, side)
            line = found[key] = {
                "before": shorten(before),
                "other": other,
                "after": shorten(after),
                "when": [],
                "verdict": _STANCES.get(claim.stance) or MODES.get(claim.mode),
                "past": holds(claim, picture.as_of) is Truth.NO,
                "hedges": [],
                "claims": [],
            }
        for name, value in (("when", when_said(claim)), ("hedges", claim.hedge), ("claims", claim.id)):
            if value and value not in line[name]:
                line[name].append(value)
    return list(found.values())


def say_short(picture: Picture, entity: Entity, claim: Claim, side: str) -> str:
    """Return a claim in a few words, without date, mode and stance: *supplies X*; of the other side *Y supplies it*."""
    called = {entity.id: "" if side == ABOUT else "it"}
    text = phrase(picture, claim, called)
    for ending in (f" [{claim.mode}]", " [denied]", " [looked for, not found]"):
        text = text.replace(ending, "")
    return _DANGLING.sub("", text).strip(" :")


def shorten(text: str, most: int = LONGEST) -> str:
    """Return a text of bounded length; what is cut off is marked by an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _parted(picture: Picture, claim: Claim, text: str, side: str) -> tuple[str, dict[str, Any] | None, str]:
    """Cut the words at the name of the other end, so that it can be a link."""
    name = claim.object if side == ABOUT else claim.subject
    if not name:
        return text, None, ""
    thing = picture.entity(name)
    before, caption, after = text.partition(thing.caption)
    if not caption:
        before, after = f"{text}: ", ""
    return before, named(thing), after


def named(thing: Entity) -> dict[str, Any]:
    """Return an entity as pages link to it."""
    return {"id": thing.id, "caption": shorten(thing.caption, 160), "kinds": list(thing.kinds)}


def group(
    picture: Picture, evidence: Evidence, side: str, predicate: str, label: str | None = None
) -> dict[str, Any] | None:
    """Return the lines of one predicate with how many claims there are in truth; None where there is none."""
    total = evidence.count(side, predicate)
    if not total:
        return None
    claims = newest_first(evidence.side(side, [predicate]))[: SHOWN * _DEEP]
    found = lines(picture, evidence.entity, claims, side)
    term = picture.vocabulary.predicates[predicate]
    words = predicate.replace("_", " ") if side == ABOUT else term.inverse or f"{predicate.replace('_', ' ')} it"
    shown = found[:SHOWN]
    told = sum(len(line["claims"]) for line in shown)
    return {
        "predicate": predicate,
        "side": side,
        "label": label or words,
        "lines": shown,
        "total": total,
        "more": total - told,
    }


def groups(picture: Picture, evidence: Evidence, about: Iterable[str], towards: Iterable[str]) -> list[dict[str, Any]]:
    """Return the groups of lines of a section, those about the thing first."""
    wanted = [(ABOUT, name) for name in about] + [(TOWARDS, name) for name in towards]
    return [found for side, name in wanted if (found := group(picture, evidence, side, name))]
