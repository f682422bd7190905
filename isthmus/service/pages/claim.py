"""The page of one claim: what it says and on whose word, who else says it, who says otherwise, and what rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from isthmus.dates import Truth
from isthmus.lenses import control, points
from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.extent import holds
from isthmus.service.holding import claim as told_claim
from isthmus.service.holding import seen_claim
from isthmus.service.pages.entity.intro import asks_control

ALSO, OTHERWISE = 20, 10
ENDS = 2
"""The conclusions about so many things are worked out anew: the two ends of the claim."""
_SHOWN = 12


def claim_page(picture: Picture, name: str) -> dict[str, Any]:
    """Return a claim in words with all that is recorded of it, and what else is said of the same.

    Returns
    -------
    dict
        ``{"claim", "source", "origins", "works", "also", "also_more", "otherwise", "independent", "outside", "asks"}`` with `claims` and
        `sources`; `outside` says why the picture asked for does not show it: *retracted*, *not yet or no longer* on its day, *left out*.

    Raises
    ------
    UnknownEntityError
        There is no such claim for this reader.
    """
    held = seen_claim(picture, name)
    body = told_claim(picture, name)
    also = [other for other in body["also"] if _same(held, other)]
    visible = bool(picture.store.value(picture.visibility.sql("count(*)", f"c.id = '{held.id}'::UUID")))
    near = [held, *picture.reader.by_id([other["id"] for other in also])]
    ends = list(dict.fromkeys(picture.resolution.of(end) for end in (held.subject, held.object) if end))
    claims = {other["id"]: other for other in also[:ALSO]}
    claims |= {side["id"]: side for item in body["otherwise"][:OTHERWISE] for side in item["sides"]}
    claims[held.id] = body["claim"]
    return {
        "claim": body["claim"],
        "marking": held.marking,
        "source": _source(picture, held.source),
        "origins": [_source(picture, origin) for origin in held.origin],
        "works": body["works"],
        "ends": [{"id": end, "caption": picture.caption(end)[:160]} for end in ends],
        "mentions": [
            {"key": key, "id": value[1:], "caption": picture.caption(value[1:])[:160]}
            for key, value in held.qualifiers
            if value.startswith("@")
        ],
        "also": also[:ALSO],
        "also_more": max(0, len(also) - ALSO),
        "otherwise": body["otherwise"][:OTHERWISE],
        "independent": picture.independent([one for one in near if one.retracted_at is None]),
        "outside": _outside(picture, held, visible=visible),
        "asks": [end for end in ends if asks_control(picture, picture.entity(end))],
        "claims": claims,
        "sources": {**body["sources"], **cited_sources(picture, near)},
    }


def _same(held: Claim, other: Mapping[str, Any]) -> bool:
    """Tell whether another claim of the same ends says the same: of a thing without an object, the same words."""
    if held.object is None and held.quantity is None:
        return other.get("value") == held.value
    return other.get("stance") == held.stance


def _source(picture: Picture, name: str) -> dict[str, Any]:
    source = picture.sources.get(name)
    return source.to_json() if source else {"id": name}


def _outside(picture: Picture, claim: Claim, *, visible: bool) -> str | None:
    if claim.retracted_at is not None:
        return "retracted"
    if visible:
        return None
    if picture.as_of and holds(claim, picture.as_of) is Truth.NO:
        return "not yet or no longer"
    return "left out"


def rests_on(picture: Picture, name: str) -> dict[str, Any]:
    """Return which conclusions about the ends of a claim fall without it, and which without the works that it rests on.

    Only the conclusions on control and on points of control about its ends are worked out anew: others may rest on it too.

    Returns
    -------
    dict
        ``{"claim", "without_it": [words], "without_work": [{"work", "title", "conclusions"}], "carried": n, "looked_at": [captions]}``
    """
    held = seen_claim(picture, name)
    ends = list(dict.fromkeys(picture.resolution.of(end) for end in (held.subject, held.object) if end))[:ENDS]
    asked = [end for end in ends if asks_control(picture, picture.entity(end))]
    alone: list[str] = []
    carried: list[str] = []
    flips: dict[str, list[str]] = {}
    works = picture.support(held)
    for end in asked if held.retracted_at is None else ():
        for finding in (control.ask(picture, end, why=True).to_json(), points.ask(picture, end, why=True).to_json()):
            for words, answer in _conclusions(finding):
                if held.id in answer["support"]["pivotal"]:
                    alone.append(words)
                elif held.id in answer["claims"]:
                    carried.append(words)
            for work, told in finding["sensitivity"].get("flips", {}).items():
                if work in works:
                    about = "" if finding["lens"] == "control" else f"{picture.caption(end)}, "
                    flips.setdefault(work, []).extend(f"{about}{words}" for words in told)
    return {
        "claim": claim_json(picture, held),
        "retracted": held.retracted_at is not None,
        "without_it": list(dict.fromkeys(alone))[:_SHOWN],
        "without_work": [
            {
                "work": work,
                "title": (_source(picture, work).get("title") or work)[:160],
                "conclusions": list(dict.fromkeys(told))[:_SHOWN],
            }
            for work, told in sorted(flips.items())
        ],
        "carried": list(dict.fromkeys(carried))[:_SHOWN],
        "looked_at": [{"id": end, "caption": picture.caption(end)[:160]} for end in asked],
        "claims": {},
        "sources": cited_sources(picture, [held]),
    }


def _conclusions(finding: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Yield the answers of a finding that carry a conclusion, each in words."""
    for answer in finding["answers"]:
        if not answer.get("support") or not answer["claims"]:
            continue
        if "channel" in answer:
            yield f"{answer['caption']}, {answer['label']}", answer
        else:
            yield f"{answer['caption']} {answer['verdict']} {answer['of_caption']}", answer
