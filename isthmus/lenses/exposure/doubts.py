"""What is not known about an exposure: lists that may lack something, shares that nobody says, suppliers that somebody may control."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from isthmus.control.reading import read_rows
from isthmus.dependence.listing import COMPLETE, UNSAID, list_states
from isthmus.dependence.losses import Below
from isthmus.dependence.makers import FIRMS
from isthmus.dependence.rows import Ints
from isthmus.dependence.supply import SIDES
from isthmus.lenses.exposure.measure import Measured
from isthmus.model import Gap
from isthmus.picture import Entity, Picture
from isthmus.picture.shares.grouping import is_unnamed
from isthmus.picture.shares.suppliers import load_supply_rules
from isthmus.quantities import Quantity

NAMED = 5
"""So many things are named in one gap."""
_NO_LIST = ("place", "state", "person")
CITED = 50
LEFT = 0.005
"""A rest of no more than this is left by the rounding of shares."""
DEEP = 4
"""Tiers from this one on are told together."""


def nothing_held(picture: Picture, thing: Entity, strength: str) -> Gap:
    """Return the gap of a thing of which nobody says what it needs."""
    keys = picture.reader.keys([thing.id])
    if keys and list_states(picture).get(keys[0]) == COMPLETE:
        return Gap("searched", f"{thing.caption} needs nothing ({strength}): its list is said to be complete")
    what = f"nothing is held about what {thing.caption} needs or who makes it ({strength})"
    return Gap("unknown", f"{what}; that is not to say that it needs nothing")


def gaps_of(found: Measured, thing: Entity) -> list[Gap]:
    """Return what is not known about the things that the thing needs, directly or not."""
    part = found.below
    if part is None:
        return []
    return [*_lists(found, part, thing), *_makers(found, part), *_shares(found, part), *_owners(found, part)]


def _lists(found: Measured, part: Below, thing: Entity) -> list[Gap]:
    """Return for each tier how many of its things have no list of needs that is said to be complete; far tiers are told together."""
    picture, web = found.web.picture, found.web
    states = list_states(picture)
    names = dict(zip(part.nodes.tolist(), web.ids(part.nodes.tolist()), strict=True))
    by_tier: dict[int, list[bool]] = {}
    for node, tier in zip(part.nodes.tolist(), part.tiers.tolist(), strict=True):
        # A country or a group of makers has no list of what it needs.
        if node < web.things and not _is_outside(picture, names[node]):
            whole = states.get(int(web.keys[node]), UNSAID) == COMPLETE
            by_tier.setdefault(min(tier, DEEP), []).append(whole)
    gaps = []
    for tier, lists in sorted(by_tier.items()):
        open_ = len(lists) - sum(lists)
        if not open_:
            continue
        deeper = " and deeper" if tier == DEEP else ""
        where = f"{thing.caption} itself" if not tier else f"tier {tier}{deeper}, {len(lists):,} in all"
        what = f"{where}: what else is needed (no list that is said to be complete)"
        gaps.append(Gap("unknown", what, n=open_, of=len(lists)))
    return gaps


def _is_outside(picture: Picture, name: str) -> bool:
    """Tell whether something is no thing of which one could list what it needs, and no party that somebody could own."""
    return picture.is_kind(name, *_NO_LIST) or is_unnamed(picture, name)


def _makers(found: Measured, part: Below) -> list[Gap]:
    web = found.web
    states = list_states(web.picture, load_supply_rules().complete)
    made = np.unique([int(web.needs.subjects[need]) for need in _web_needs(part) if web.is_making(need)])
    open_ = [node for node in made.tolist() if states.get(int(web.keys[node])) != COMPLETE]
    if not open_:
        return []
    what = f"who else makes {_named(found, open_)} (no list of makers that is said to be complete)"
    return [Gap("unknown", what, n=len(open_), of=len(made))]


def _shares(found: Measured, part: Below) -> list[Gap]:
    """Return the shares of makers that nobody says or somebody withholds, and what belongs to nobody named."""
    web = part.web
    made = [need for need in _web_needs(part) if web.side(need) in SIDES[:2]]
    of = sum(len(web.places(need)) for need in made)
    untold = [
        (int(web.needs.subjects[need]), place) for need in made for place in web.places(need) if not web.said[place]
    ]
    # One look into the store for all of them.
    web.claims_at([place for _, place in untold])
    silent: dict[bool, list[tuple[int, int]]] = {False: [], True: []}
    for node, place in untold:
        silent[_is_withheld(found, place)].append((node, place))
    gaps = []
    for withheld, listed in silent.items():
        if listed:
            names = _named(found, {node for node, _ in listed})
            word, tail = ("withheld", "is withheld") if withheld else ("unknown", "is not said")
            what = f"the share of a maker of {names} {tail}; it may be any that the others leave"
            claims = [claim.id for claim in web.claims_at([place for _, place in listed[:CITED]])] if withheld else []
            gaps.append(Gap(word, what, tuple(claims), n=len(listed), of=of))
    return [*gaps, *_rests(found, made)]


def _is_withheld(found: Measured, place: int) -> bool:
    return any(claim.qualifier("reason") == "withheld" for claim in found.web.claims_at([place]))


def _rests(found: Measured, made: Iterable[int]) -> list[Gap]:
    """Return what is made by nobody named, of each thing whose shares leave something over."""
    web, gaps = found.web, []
    for need in made:
        places = list(web.places(need))
        low, high = (max(0.0, 1.0 - float(ends[places].sum())) for ends in (web.most, web.least))
        if web.said[places].all() and high > LEFT:
            name = web.id(int(web.needs.subjects[need]))
            rest = Quantity(round(low, 6), round(high, 6), unit="share").words()
            what = f"{web.picture.caption(name)}, by {web.side(need)}: {rest} belong to nobody named"
            gaps.append((-high, Gap("unnamed", what)))
    ordered = [gap for _, gap in sorted(gaps, key=lambda item: (item[0], item[1].what))]
    more = len(ordered) - NAMED
    tail = [Gap("unnamed", "other things of which a part belongs to nobody named", n=more)] if more > 0 else []
    return [*ordered[:NAMED], *tail]


def _owners(found: Measured, part: Below) -> list[Gap]:
    """Return the gap of the suppliers of which nothing is held of who controls them."""
    web, picture = found.web, found.web.picture
    ends: set[int] = set()
    for need in _web_needs(part):
        if web.side(need) == SIDES[FIRMS] or web.is_supply(need):
            ends |= {int(node) for node in web.needs.alternatives[list(web.places(need))]}
    names = dict(zip(sorted(ends), web.ids(sorted(ends)), strict=True))
    firms = [node for node, name in names.items() if not _is_outside(picture, name)]
    rows = read_rows(picture)
    targets = set(rows.target[rows.towards(web.keys[firms])].tolist())
    silent = [node for node in firms if names[node] not in found.held.words and int(web.keys[node]) not in targets]
    if not silent:
        return []
    what = f"who controls {_named(found, silent)}: nothing is held; what they supply counts as nobody else's"
    return [Gap("unknown", what, n=len(silent), of=len(firms))]


def _web_needs(part: Below) -> Iterable[int]:
    chosen: Ints = np.flatnonzero(np.isin(part.web.needs.subjects, part.nodes))
    return [int(need) for need in chosen]


def _named(found: Measured, nodes: Iterable[int]) -> str:
    captions = sorted(map(found.web.picture.caption, found.web.ids(list(nodes))))
    more = f" and {len(captions) - NAMED:,} more" if len(captions) > NAMED else ""
    return ", ".join(captions[:NAMED]) + more
