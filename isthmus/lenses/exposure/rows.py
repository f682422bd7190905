"""An answer for each thing that is reached and that the actor controls: what it is, the way down to it, and the chain of control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from isthmus.dependence.losses import NOTHING
from isthmus.lenses.exposure.held import Tie
from isthmus.lenses.exposure.measure import Measured
from isthmus.model import Claim
from isthmus.picture.words import say
from isthmus.quantities import Quantity

FAILS, TAKES, MAY_FAIL, SPARES = "fails it", "takes a part", "may take a part", "does not"
"""What the failure of one thing alone does to the thing asked about."""


@dataclass(frozen=True)
class Row:
    """One answer with its way, its chain and the claims of each.

    Attributes
    ----------
    body : dict
        The answer as the finding gives it.
    path : dict
        The way and the chain as the finding gives them.
    links : tuple of tuple of Claim
        The claims behind each step of the way, and behind each link of the chain.
    steps : int
        How many of the links are steps of the way.
    """

    body: dict[str, Any]
    path: dict[str, Any]
    links: tuple[tuple[Claim, ...], ...]
    steps: int

    @property
    def claims(self) -> list[Claim]:
        """Return every claim behind it, by id."""
        held = {claim.id: claim for link in self.links for claim in link}
        return [held[name] for name in sorted(held)]


def rows_of(found: Measured, names: Sequence[str]) -> list[Row]:
    """Return a row for each of some reached things, in order."""
    if found.below is None:
        return []
    web = found.web
    ways = {name: found.below.way(found.node(name)) for name in names}
    # One look into the store for all of them.
    web.claims_at({place for way in ways.values() for _, place in way})
    ends = [int(web.needs.alternatives[place]) for way in ways.values() for _, place in way]
    web.ids([*ends, found.below.node])
    chains = {name: found.held.chain(name) for name in names}
    web.picture.load_entities(end for chain in chains.values() for tie in chain for end in (tie.source, tie.target))
    return [_row(found, name, ways[name], chains[name]) for name in names]


def _row(found: Measured, name: str, way: Sequence[tuple[int, int]], chain: Sequence[Tie]) -> Row:
    web, picture = found.web, found.web.picture
    entity = picture.entity(name)
    steps = [_step(found, need, place) for need, place in way]
    down = [tuple(web.claims_at([place])) for _, place in way]
    links = (*down, *(tie.claims for tie in chain))
    low, high = found.alone(name)
    claims = {claim.id: claim for link in links for claim in link}
    path = {
        "to": entity.id,
        "to_caption": entity.caption,
        "steps": steps,
        "chain": [_link(found, tie) for tie in chain],
    }
    body = {
        "entity": entity.id,
        "caption": entity.caption,
        "kinds": list(entity.kinds),
        "control": found.held.words[name],
        "tier": len(steps),
        "alone": part(low, high),
        "effect": FAILS if low >= 1 - NOTHING else TAKES if low > NOTHING else MAY_FAIL if high > NOTHING else SPARES,
        "way": [*(step["from"] for step in steps), entity.id],
        "way_captions": [*(step["from_caption"] for step in steps), entity.caption],
        "claims": sorted(claims),
        "sources": sorted({claim.source for claim in claims.values()}),
        "hedges": sorted({claim.hedge for claim in claims.values() if claim.hedge}),
    }
    return Row(body, path, links, len(down))


def _step(found: Measured, need: int, place: int) -> dict[str, Any]:
    web, picture = found.web, found.web.picture
    subject, end = web.id(int(web.needs.subjects[need])), web.id(int(web.needs.alternatives[place]))
    claims = web.claims_at([place])
    body: dict[str, Any] = {
        "from": subject,
        "from_caption": picture.caption(subject),
        "to": end,
        "to_caption": picture.caption(end),
        "predicate": claims[0].predicate,
        "need": web.need_name(need),
        "side": web.side(need),
        "takes": int(web.needs.at_least[need]),
        "alternatives": len(web.places(need)),
        "share": part(float(web.least[place]), float(web.most[place])) if web.said[place] else None,
        "certain": not bool(web.doubtful[place]) and int(web.fewest[need]) > 0,
        "claims": [claim.id for claim in claims],
        "sentence": say(picture, claims[0]),
    }
    if web.is_supply(need):
        body["supply_of"] = web.supplied(need)
        body["supply_caption"] = picture.caption(body["supply_of"])
    return body


def _link(found: Measured, tie: Tie) -> dict[str, Any]:
    picture = found.web.picture
    main = [claim for claim in tie.claims if claim.predicate != "member_of"] or list(tie.claims)
    return {
        "from": tie.source,
        "from_caption": picture.caption(tie.source),
        "to": tie.target,
        "to_caption": picture.caption(tie.target),
        "predicate": main[0].predicate,
        "certain": tie.certain,
        "claims": [claim.id for claim in tie.claims],
        "sentence": say(picture, main[0]),
    }


def part(low: float, high: float) -> dict[str, Any]:
    """Return a part of 1 as the design has bounded numbers, without the noise of doubles."""
    least = 0.0 if np.isnan(low) else round(low, 10)
    most = 1.0 if np.isnan(high) else round(max(low, high), 10)
    return Quantity(least, most, unit="share").to_json()
