"""The work list of identity: pairs that may be one thing, what was judged lately, and what awaits a second person."""

from __future__ import annotations

from typing import Any

from isthmus.claims.store import no_step
from isthmus.entities import state_of
from isthmus.picture import Picture
from isthmus.picture.subjects import read_subjects
from isthmus.service.desk import Desk, PictureRequest
from isthmus.service.proposing import Proposal, propose
from isthmus.sources.adapter import no_progress

LATELY = 20
MOST = 200_000
"""In pictures with more things, pairs are looked for by `isthmus resolve` and not while a page waits."""


def identity_list(
    desk: Desk, request: PictureRequest, *, who: str, page: int = 1, size: int = 20, again: bool = False
) -> dict[str, Any]:
    """Return a page of pairs that nobody has decided, likeliest first.

    The pairs are looked for once; what was judged since then is left out, and `again` looks anew.

    Parameters
    ----------
    who : str
        Who asks: what awaits a second reviewer is shown to everyone but the first.
    """
    with desk.picture(request) as picture:
        key = ("identity", request.ceiling, who)
        kept = desk.memo.get(key)
        large = int(picture.store.value("SELECT count(*) FROM entities")) > MOST
        if (kept is None or again) and not large:
            subjects = read_subjects(picture)
            kept = (desk.generation, propose(picture, subjects, None, who, no_step, no_progress))
            desk.memo[key] = kept
        generation, found = kept if isinstance(kept, tuple) else (desk.generation, [])
        decided = {frozenset(pair) for pair in picture.standing.decided}
        of = picture.resolution.of
        rows = [item for item in found if frozenset((item.a, item.b)) not in decided and of(item.a) != of(item.b)]
        listed = rows[(page - 1) * size : page * size]
        picture.load_entities(name for item in listed for name in (item.a, item.b))
        return {
            "rows": [_told(picture, item) for item in listed],
            "large": large,
            "older": generation != desk.generation,
            "lately": _lately(picture),
            "awaiting": [_judgement(picture, item) for item in picture.standing.awaiting.values()],
            "paging_of": {"number": page, "size": size, "pages": max(1, -(-len(rows) // size)), "total": len(rows)},
        }


def _told(picture: Picture, item: Proposal) -> dict[str, Any]:
    sides = [picture.entity(name) for name in (item.a, item.b)]
    return {
        **item.to_json(),
        "doubt": item.doubt,
        "sides": [{**side.to_json(), "claims": len(picture.claims_about(side))} for side in sides],
    }


def _lately(picture: Picture) -> list[dict[str, Any]]:
    newest = sorted(picture.judgements, key=lambda item: -item.key)[:LATELY]
    return [_judgement(picture, item) for item in newest]


def _judgement(picture: Picture, item: Any) -> dict[str, Any]:
    state = "undone" if item.undone else state_of(item, picture.standing, picture.resolution)
    picture.load_entities((item.a, item.b))
    return {**item.to_json(), "state": state, "captions": [picture.caption(item.a), picture.caption(item.b)]}
