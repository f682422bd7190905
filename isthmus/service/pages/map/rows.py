"""The rows of the list beside the map: each site in words, with the claims that say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.words import when_said
from isthmus.service.pages.map.reading import Sites
from isthmus.service.pages.map.site import Site, Spot, Stage, Tie

TIES, PLACES, STAGES, MARKS = 5, 4, 3, 3
SPOTS = 12
"""So many places of one site have marks."""


def rows_of(picture: Picture, sites: Sites, chosen: Sequence[Site]) -> dict[str, Any]:
    """Return rows of the list, with `claims` and `sources` for their marks."""
    ids = {spot.claim for site in chosen for spot in site.spots[:SPOTS]}
    ids |= {stage.claim for site in chosen for stage in site.stages}
    ids |= {tie.claim for site in chosen for tie in _first(site.ties)}
    held = {claim.id: claim for claim in picture.reader.by_id(ids)}
    for site in chosen:
        for tie in _first(site.ties):
            above = sites.above[tie.party]
            held |= {claim.id: claim for claim in (*above.claims[:MARKS], *above.doubtful[:MARKS])}
    picture.load_entities(end for claim in held.values() for end in (claim.subject, claim.object) if end)
    return {
        "rows": [_row(picture, sites, site, held) for site in chosen],
        "claims": {name: claim_json(picture, claim) for name, claim in held.items()},
        "sources": cited_sources(picture, held.values()),
    }


def _row(picture: Picture, sites: Sites, site: Site, held: dict[str, Claim]) -> dict[str, Any]:
    stages = sorted(site.stages, key=lambda stage: -(stage.span.begin or 0))
    return {
        "id": site.id,
        "caption": site.caption,
        "kind": site.kind,
        "status": site.status,
        "stages": [_stage(stage, held) for stage in stages[:STAGES]],
        "places": _places(sites, site),
        "ties": _alike(_tie(picture, sites, tie, held) for tie in _first(site.ties)),
        "more_ties": max(0, len(site.ties) - TIES),
    }


def _first(ties: Iterable[Tie]) -> list[Tie]:
    return list(ties)[:TIES]


def _alike(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return ties with those that differ in nothing but their claim told as one."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        same = found.setdefault((row["role"], row["party"], row["mode"], row["hedge"], row["when"]), row)
        if same is not row:
            same["claims"] += row["claims"]
    return list(found.values())


def _stage(stage: Stage, held: dict[str, Claim]) -> dict[str, Any]:
    claim = held.get(stage.claim)
    return {
        "value": stage.value,
        "mode": stage.mode,
        "hedge": stage.hedge,
        "when": when_said(claim) if claim else "",
        "claims": [stage.claim],
    }


def _places(sites: Sites, site: Site) -> list[dict[str, Any]]:
    """Return where a site lies, in words; a country that its points lie in anyway is not told twice."""
    drawn = site.shown or site.spots
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for spot in drawn:
        name = spot.through[-1] if spot.through else None
        key = (name, spot.through[0] if spot.through and not spot.exact else None, spot.exact)
        if key in found:
            found[key]["claims"].append(spot.claim)
            found[key]["n"] += 1
        else:
            found[key] = _place(sites, spot)
    rows = list(found.values())
    return [*rows[:PLACES], *([{"words": f"{len(rows) - PLACES} more places"}] if len(rows) > PLACES else [])]


def _place(sites: Sites, spot: Spot) -> dict[str, Any]:
    return {
        "id": spot.through[-1] if spot.through else None,
        "caption": sites.captions.get(spot.through[-1]) if spot.through else None,
        "near": sites.captions.get(spot.through[0]) if len(spot.through) > 1 else None,
        "exact": spot.exact,
        "drawn": spot.x is not None,
        "lat": spot.lat,
        "lon": spot.lon,
        "hedge": spot.hedge,
        "n": 1,
        "claims": [spot.claim],
    }


def _tie(picture: Picture, sites: Sites, tie: Tie, held: dict[str, Claim]) -> dict[str, Any]:
    above = sites.above[tie.party]
    claim = held.get(tie.claim)
    return {
        "role": picture.vocabulary.predicates[tie.role].inverse or tie.role,
        "party": tie.party,
        "caption": sites.captions[tie.party],
        "mode": tie.mode,
        "hedge": tie.hedge,
        "when": when_said(claim) if claim else "",
        "claims": [tie.claim],
        "sure": [{"id": name, "caption": sites.captions[name]} for name in above.sure],
        "sure_claims": [claim.id for claim in above.claims[:MARKS]],
        "may": [{"id": name, "caption": sites.captions[name]} for name in above.may[:3]],
        "more_may": max(0, len(above.may) - 3),
        "may_claims": [claim.id for claim in above.doubtful[:MARKS]],
        "evidence": above.evidence,
    }
