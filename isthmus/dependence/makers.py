"""Who makes each thing of a picture, with which share: the claims, read in one go, and one series a thing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from isthmus.control.inquiry import claims_at
from isthmus.dependence.listing import COMPLETE, list_states
from isthmus.dependence.maker_rows import MakerRows
from isthmus.dependence.rows import Flags, Ints
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.shares.suppliers import Bounds, load_supply_rules, shares_of, sides_of, supplies_of

Floats = NDArray[np.float64]

FIRMS, LANDS, ALL = 0, 1, 2
"""The sides of making: those who make a thing; the countries and regions where it is made, which share out the same whole; and, where a
claim says that these are all makers, any of them."""


@dataclass(frozen=True, slots=True)
class Maker:
    """One maker of one thing, on one side.

    Attributes
    ----------
    thing, maker : int
        Keys in the store.
    side : int
        `FIRMS` or `LANDS`.
    ends : pair of float or None
        Its share of the whole; None where none is said.
    claims : tuple of int
        Rows of the claims in the store.
    own : tuple of int
        Those of them that speak of this maker, and not of the whole.
    """

    thing: int
    maker: int
    side: int
    ends: Bounds | None
    claims: tuple[int, ...]
    own: tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Making:
    """Who makes what, one row a claim behind one maker on one side.

    Attributes
    ----------
    thing, maker, side : int64 (rows,)
        Keys in the store; `FIRMS`, `LANDS` or `ALL`.
    claim, place : int64
        The row of the claim in the store, and the key of its subject there.
    low, high : float64
        The ends of the share; 0 and 1 where none is said, nan on the side of all.
    said : bool
    certain : bool
        Whether some claim about that maker surely holds on the day, under no condition.
    """

    thing: Ints
    maker: Ints
    side: Ints
    claim: Ints
    place: Ints
    low: Floats
    high: Floats
    said: Flags
    certain: Flags


def making_of(picture: Picture, rows: MakerRows, taken: Ints) -> Making:
    """Return who makes what, without the claims that are needs of one party (rows in the store)."""
    states = list_states(picture, load_supply_rules().complete)
    makers = makers_of(picture, rows, taken)
    with_firms = {one.thing for one in makers if one.side == FIRMS}
    doubtful = set(rows.claim[~rows.sure | rows.conditional].tolist())
    listed: list[tuple[int, int, int, int, float, float, bool, bool]] = []
    for one in makers:
        low, high = one.ends or (0.0, 1.0)
        certain = not doubtful or not doubtful.issuperset(one.own)
        said = one.ends is not None
        listed += [(one.thing, one.maker, one.side, row, low, high, said, certain) for row in one.claims]
        # Of those who make a thing somebody may say that they are all; of their countries only where no maker is named.
        if states.get(one.thing) == COMPLETE and (one.side == FIRMS or one.thing not in with_firms):
            listed += [(one.thing, one.maker, ALL, row, math.nan, math.nan, False, certain) for row in one.claims]
    columns = [np.array(column) for column in zip(*listed, strict=True)] if listed else [np.zeros(0)] * 8
    thing, maker, side, claim = (column.astype(np.int64) for column in columns[:4])
    places = dict(zip(rows.claim.tolist(), rows.place.tolist(), strict=True))
    place = np.array([places[row] for row in claim.tolist()], dtype=np.int64)
    flags = [column.astype(np.bool_) for column in columns[6:]]
    return Making(thing, maker, side, claim, place, columns[4], columns[5], *flags)


def makers_of(picture: Picture, rows: MakerRows, taken: Ints) -> list[Maker]:
    """Return who makes each thing, one a side.

    Of a thing with figures one series counts, shares first and then the widest; who stands in no part of it is a maker all the same
    where the claim has no figure.

    Parameters
    ----------
    taken : int64
        Rows of claims that are the needs of somebody in particular, and say nothing about the making.
    """
    free = ~np.isin(rows.claim, taken)
    figured = np.unique(rows.thing[free & rows.numbered])
    plain = free & ~np.isin(rows.thing, figured)
    return [*_bare(picture, rows, np.flatnonzero(plain)), *_with_figures(picture, rows, np.flatnonzero(free & ~plain))]


def _bare(picture: Picture, rows: MakerRows, chosen: Ints) -> list[Maker]:
    """Return the makers of things that have no figure at all."""
    pairs: dict[tuple[int, int], list[int]] = {}
    ends = zip(rows.thing[chosen].tolist(), rows.maker[chosen].tolist(), rows.claim[chosen].tolist(), strict=True)
    for thing, maker, claim in ends:
        pairs.setdefault((thing, maker), []).append(claim)
    names = picture.reader.ids({maker for _, maker in pairs})
    picture.load_entities(names[maker] for _, maker in pairs)
    return [
        Maker(thing, maker, _side(picture, names[maker]), None, tuple(claims), tuple(claims))
        for (thing, maker), claims in sorted(pairs.items())
    ]


def _side(picture: Picture, name: str) -> int:
    return LANDS if picture.is_kind(name, "place", "state") else FIRMS


def _with_figures(picture: Picture, rows: MakerRows, chosen: Ints) -> list[Maker]:
    claims = claims_at(picture, dict(zip(rows.claim[chosen].tolist(), rows.place[chosen].tolist(), strict=True)))
    by_thing: dict[int, list[tuple[int, Claim]]] = {}
    for thing, row in zip(rows.thing[chosen].tolist(), rows.claim[chosen].tolist(), strict=True):
        by_thing.setdefault(thing, []).append((row, claims[row]))
    picture.load_entities(claim.subject for claim in claims.values())
    found = []
    for thing, told in sorted(by_thing.items()):
        found += _of_thing(picture, thing, told)
    return found


def _of_thing(picture: Picture, thing: int, told: Sequence[tuple[int, Claim]]) -> list[Maker]:
    row_of = {claim.id: row for row, claim in told}
    listed = supplies_of(picture, [claim for _, claim in told])
    series = next((one for one in listed if one.recipient is None), None)
    found: list[Maker] = []
    if series is not None:
        sides = sides_of(picture, series.held, series.unit)
        chosen = {FIRMS: sides.by_firm() if sides.firms or not sides.lands else [], LANDS: []}
        chosen[LANDS] = sides.by_land() if sides.lands else []
        for side, held in chosen.items():
            shares = shares_of(picture, held, series.whole, series.unit) if held else {}
            found += _numbered(picture, thing, side, shares, row_of, series.also)
    # What one party alone gets is no part of the whole; who gives it is a maker, and so is who is named without a figure.
    known = {maker.maker for maker in found}
    others = [
        item
        for one in listed
        if one is not series
        for item in one.held
        if one.recipient is not None or item.quantity is None
    ]
    more = {item.subject: (None, item.claims) for item in others}
    for one in _numbered(picture, thing, FIRMS, more, row_of, ()):
        if one.maker not in known:
            side = _side(picture, picture.reader.ids([one.maker])[one.maker])
            found.append(Maker(thing, one.maker, side, None, one.claims, one.own))
    return found


def _numbered(
    picture: Picture,
    thing: int,
    side: int,
    shares: Mapping[str, tuple[Bounds | None, tuple[Claim, ...]]],
    row_of: Mapping[str, int],
    also: Iterable[Claim],
) -> list[Maker]:
    names = sorted(shares)
    keys = picture.reader.keys(names)
    given = {row_of[claim.id] for claim in also if claim.id in row_of}
    found = []
    for name, key in zip(names, keys, strict=True):
        ends, claims = shares[name]
        own = {row_of[claim.id] for claim in claims}
        used = own | (given if ends is not None else set())
        found.append(Maker(thing, key, side, ends, tuple(sorted(used)), tuple(sorted(own))))
    return found


def shares_given(picture: Picture, rows: MakerRows, needed: Ints) -> dict[tuple[int, int], dict[int, Bounds]]:
    """Return the shares of suppliers in what one party gets, for claims that are needs of that party.

    Parameters
    ----------
    needed : int64
        Rows of claims in the store.

    Returns
    -------
    dict
        By the keys of the party and of the thing, the shares by the key of the supplier.
    """
    chosen = np.flatnonzero(np.isin(rows.claim, needed) & rows.supplied)
    claims = claims_at(picture, dict(zip(rows.claim[chosen].tolist(), rows.place[chosen].tolist(), strict=True)))
    pairs: dict[tuple[str, int], list[Claim]] = {}
    for thing, row in zip(rows.thing[chosen].tolist(), rows.claim[chosen].tolist(), strict=True):
        claim = claims[row]
        if claim.object is not None:
            pairs.setdefault((picture.resolution.of(claim.object), thing), []).append(claim)
    found: dict[tuple[int, int], dict[int, Bounds]] = {}
    for (party, thing), told in pairs.items():
        if not any(claim.quantity for claim in told):
            continue
        series = next(one for one in supplies_of(picture, told) if one.recipient is not None)
        shares = shares_of(picture, series.held, series.whole, series.unit)
        keys = dict(zip(shares, picture.reader.keys(list(shares)), strict=True))
        known = {keys[name]: ends for name, (ends, _) in shares.items() if ends is not None}
        found[picture.reader.keys([party])[0], thing] = known
    return found
