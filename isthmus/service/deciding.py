"""Decide while others read: judgements and retractions through a desk, by somebody who sees up to a marking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.entities import state_of
from isthmus.errors import ArgumentError
from isthmus.picture import Picture
from isthmus.service import keeping
from isthmus.service.desk import Desk, PictureRequest


def judge_at(
    desk: Desk,
    request: PictureRequest,
    a: str,
    b: str,
    verdict: str,
    why: str,
    *,
    who: str,
    valid_from: str | None = None,
    valid_to: str | None = None,
) -> dict[str, Any]:
    """Store a judgement about two entities that the request shows.

    Several who judge a pair at once come one after the other, and all their judgements stand; each is told of the others.

    Returns
    -------
    dict
        As `isthmus.service.keeping.judge`, and ``others``: what else stands about the pair.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError, ValueFormatError
        Nothing was written.
    """
    first, second = desk.read(request, _pair, a, b)
    with desk.writing() as draft:
        done = keeping.judge(draft, first, second, verdict, why, who=who, valid_from=valid_from, valid_to=valid_to)
    seen = desk.read(PictureRequest(ceiling=request.ceiling), _judged, first, second, done["judgement"])
    return {**done, **seen}


def unjudge_at(
    desk: Desk, request: PictureRequest, a: str, b: str, *, who: str, why: str | None, every: bool = False
) -> dict[str, Any]:
    """Undo the newest standing judgement about two entities that the request shows, or every one.

    Returns
    -------
    dict
        As `isthmus.service.keeping.unjudge`.
    """
    first, second = desk.read(request, _pair, a, b)
    with desk.writing() as draft:
        done = keeping.unjudge(draft, first, second, who=who, why=why, every=every)
    kept = desk.read(PictureRequest(ceiling=request.ceiling), _told, {item["judgement"] for item in done["judgements"]})
    stands = done["stands"]
    shown = desk.read(PictureRequest(ceiling=request.ceiling), _told, {stands["judgement"]} if stands else set())
    return {**done, "judgements": kept, "stands": shown[0] if shown else None}


def retract_at(desk: Desk, request: PictureRequest, claims: Sequence[str], why: str, *, who: str) -> dict[str, Any]:
    """Retract claims that the request may see.

    Raises
    ------
    ArgumentError
        A claim is not held, or its marking is above the request's.
    """
    if not claims:
        raise ArgumentError("no claim is named.", where="claims")
    held = desk.read(request, lambda picture: {claim.id for claim in picture.reader.by_id(claims)})
    unknown = [name for name in claims if name not in held]
    if unknown:
        raise ArgumentError(f"no claim has the id “{unknown[0][:80]}”.", where="claims")
    with desk.writing() as draft:
        return keeping.retract(draft, claims, why, who=who)


def _pair(picture: Picture, a: str, b: str) -> tuple[str, str]:
    return keeping.raw_id(picture, a), keeping.raw_id(picture, b)


def _judged(picture: Picture, a: str, b: str, number: int) -> dict[str, Any]:
    pair = {a, b}
    standing = [item for item in picture.judgements if not item.undone and {item.a, item.b} == pair]
    mine = next((item for item in standing if item.key == number), None)
    return {
        "state": state_of(mine, picture.standing, picture.resolution) if mine else "stored",
        "contradictions": [item.to_json() for item in picture.resolution.contradictions_about(a, b)],
        "others": [item.to_json() for item in standing if item.key != number],
    }


def _told(picture: Picture, numbers: set[int]) -> list[dict[str, Any]]:
    return [item.to_json() for item in picture.judgements if item.key in numbers]
