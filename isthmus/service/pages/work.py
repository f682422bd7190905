"""The work list: claims that cannot all hold, and what is not known."""

from __future__ import annotations

from typing import Any

from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.model import Claim, Gap
from isthmus.picture import Picture
from isthmus.picture.gaps import searched_gaps
from isthmus.service.holding import conflicts
from isthmus.service.pages.home import group_gaps

_GAPS = "gaps as told"


def gaps(picture: Picture) -> list[dict[str, Any]]:
    """Return every gap that claims state: members not named, what was looked for in vain, what its source withholds."""
    held = picture.memo.get(_GAPS)
    if held is None:
        found, _ = group_gaps(picture, most=None)
        found += [gap.to_json() for gap in (*searched_gaps(picture, _searched(picture)), *_withheld(picture))]
        picture.memo[_GAPS] = held = found
    assert isinstance(held, list)
    return held


def _searched(picture: Picture) -> list[Claim]:
    claims = picture.reader.where("c.stance = 2")
    picture.load_entities(end for claim in claims for end in (claim.subject, claim.object) if end)
    return claims


def _withheld(picture: Picture) -> list[Gap]:
    claims = picture.reader.where("c.qualifiers IN (SELECT key FROM qualifier_sets WHERE pairs['reason'] = 'withheld')")
    picture.load_entities(end for claim in claims for end in (claim.subject, claim.object) if end)
    words = (
        (
            claim,
            f"{picture.caption(claim.subject)}: {claim.predicate.replace('_', ' ')}"
            + (f" {picture.caption(claim.object)}" if claim.object else "")
            + " is withheld by its source",
        )
        for claim in claims
    )
    return [Gap("withheld", what, (claim.id,)) for claim, what in words]


def work_list(picture: Picture, *, show: str = "conflicts", page: int = 1, size: int = 40) -> dict[str, Any]:
    """Return a page of conflicts or of gaps.

    Parameters
    ----------
    show : str
        ``conflicts`` or ``gaps``.
    """
    both = {"conflicts": conflicts(picture), "gaps": gaps(picture)}
    rows = both[show]
    listed = rows[(page - 1) * size : page * size]
    wanted = {name for row in listed for name in row["claims"][:6]}
    claims = picture.reader.by_id(wanted)
    picture.load_entities(end for claim in claims for end in (claim.subject, claim.object) if end)
    return {
        "show": show,
        "rows": listed,
        "totals": {name: len(found) for name, found in both.items()},
        "paging_of": {"number": page, "size": size, "pages": max(1, -(-len(rows) // size)), "total": len(rows)},
        "claims": {claim.id: claim_json(picture, claim) for claim in claims},
        "sources": cited_sources(picture, claims),
    }
