"""What is not known of a market, and what its answer takes for granted: gaps and limits, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.lenses.concentration.evidence import Market
from isthmus.lenses.concentration.flows import Reliance, limits_of
from isthmus.lenses.concentration.marks import Marks
from isthmus.lenses.concentration.owners import Owner, Owners
from isthmus.lenses.concentration.ways import CONTROLLER, SEAT, SITE, SUPPLIER, Way
from isthmus.model import Gap
from isthmus.picture import Picture
from isthmus.picture.shares.suppliers import SHARES
from isthmus.picture.shares.table import ROUNDS
from isthmus.quantities import Quantity

_NOTHING = 1e-9
"""A rest of less than this is left by sums in binary fractions."""


@dataclass(frozen=True)
class Seen:
    """A market with the four ways to look at it."""

    market: Market
    ways: tuple[Way, ...]
    owners: Mapping[str, Owner]
    set_aside: int
    rows: tuple[dict[str, Any], ...]
    alarms: tuple[dict[str, Any], ...]
    reliance: Reliance | None = None


def gaps_of(picture: Picture, one: Seen) -> list[Gap]:
    """Return what is not known of a market."""
    gaps = []
    flow = one.market.flow
    what = one.market.need or (f"{flow.words} of " if flow else "") + one.market.entity.caption
    bare = [item for item in one.market.held if item.quantity is None]
    for reason, kind, words in (
        (None, "unknown", "no share is stated"),
        ("withheld", "withheld", "the share is withheld"),
    ):
        mine = [item for item in bare if (item.claims[0].qualifier("reason") == "withheld") == (reason == "withheld")]
        if mine:
            claims = tuple(claim.id for item in mine for claim in item.claims)[:50]
            number, whole = len(mine), len(one.market.held)
            gaps.append(Gap(kind, f"{what}: {words} for {number} of {whole} holders", claims, n=number, of=whole))
    gaps += _unnamed(one, what)
    if flow and one.reliance and one.reliance.refused:
        words = f"{what}: how much of what is used comes from where; {one.reliance.refused}"
        gaps.append(Gap("unknown", words, tuple(claim.id for claim in one.reliance.claims)))
    silent = [name for name, owner in one.owners.items() if not owner.above.evidence]
    if silent:
        number, whole = len(silent), len(one.owners)
        words = f"{what}: nothing is held of who controls {number} of {_count(whole, 'supplier')}; each is its own"
        gaps.append(Gap("unknown", words, (), n=number, of=whole))
    orphans = [item.entity for item in one.market.alternatives if not item.suppliers]
    if orphans:
        names = ", ".join(map(picture.caption, orphans))
        gaps.append(
            Gap(
                "unknown", f"{what}: nobody is known to supply {names}", n=len(orphans), of=len(one.market.alternatives)
            )
        )
    return gaps


def _unnamed(one: Seen, what: str) -> list[Gap]:
    """Return what belongs to nobody named, or to no known country: once for the ways in which it is as much."""
    found: dict[tuple[Quantity, str], list[str]] = {}
    for way in one.ways:
        rest = way.table.unattributed if way.table else None
        stated = any(holder.value.known for holder in way.holders)
        if rest is not None and stated and (rest.high is None or rest.high > _NOTHING):
            lost = way.by == SEAT or (way.by == SITE and "stated" not in way.basis)
            found.setdefault((rest, "to no known country" if lost else "to nobody named"), []).append(
                called(way.by, one.market)
            )
    # A part of a whole is no number of things.
    return [
        Gap("unnamed", f"{what}, by {' and '.join(ways)}: {_belong(rest)} {whose}")
        for (rest, whose), ways in found.items()
    ]


def _belong(rest: Quantity) -> str:
    """Say how much it is that belongs; of shares no more than all."""
    every = rest.unit in SHARES and rest.low is not None and rest.low >= 1
    return "all of it belongs" if every else f"{rest.words()} belong"


def called(by: str, market: Market) -> str:
    """Return how a way is called."""
    return "origin" if market.flow and by == SITE else by.replace("_", " ")


def all_limits(picture: Picture, marks: Marks, owners: Owners, seen: Sequence[Seen]) -> list[str]:
    """Return what the answer takes for granted, and what stands beside it."""
    limits = [
        f"marks and lines are those of {marks.version}; who controls a supplier is worked out under {owners.rule.id}"
    ]
    for one in seen:
        if one.reliance:
            limits += limits_of(picture, one.market, one.reliance)
        limits += _differs(one)
        limits += _sums(one)
        older = sum(len(item.older) for item in one.market.held)
        if older:
            limits.append(
                f"of {_count(older, 'older figure')} newer ones are taken, of the same holder; they are not added"
            )
        if one.set_aside:
            limits.append("suppliers and countries share out one whole side by side and are never added to one another")
        nobody = sorted(
            {
                holder.group.label
                for way in one.ways
                for holder in way.holders
                if (name := holder.group.entity)
                and holder.group.aggregate == "remainder"
                and not picture.is_kind(name, "group")
            }
        )
        if nobody:
            limits.append(
                f"{', '.join(f'“{name}”' for name in nobody)}: a word that names nobody; counted as not named"
            )
        regions = {
            holder.group.label for way in one.ways for holder in way.holders if holder.group.aggregate == "region"
        }
        if regions:
            limits.append(f"{', '.join(sorted(regions))}: a region, kept as one holder and added to no country")
        seats = dict(one.ways[2].basis).get("seat")
        if seats:
            limits.append(f"no site is known of {_count(seats, 'supplier')}: the country of the seat is taken")
    ended = max(one.market.ended for one in seen)
    if ended:
        limits.append(f"{_count(ended, 'claim')} that had ended: left out (--as-of shows an earlier day)")
    if len(seen) > 1 and any(not one.market.need for one in seen[1:]):
        limits.append("other series of the same thing measure something else and are not added")
    return limits


def _differs(one: Seen) -> list[str]:
    """Say why the index by controller is another than by supplier, or that nothing held makes it another."""
    rows = {row["by"]: row for row in one.rows}
    together = rows[CONTROLLER].get("merged", [])
    if rows[CONTROLLER]["hhi"] is None or rows[CONTROLLER]["hhi"] == rows[SUPPLIER]["hhi"]:
        return []
    if not together:
        return [
            "the index by controller is wider than by supplier, as those not named may be in the hands of one named"
        ]
    told = "; ".join(
        f"{item['caption']} {'controls' if item['sure'] else 'may control'} {_listed(item)}" for item in together
    )
    return [f"the index by controller is another than by supplier, as {told}"]


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing if number == 1 else thing + 's'}"


def _listed(item: Mapping[str, Any]) -> str:
    return ", ".join(body["caption"] for body in item["suppliers"] if body["entity"] != item["entity"])


def _why(added: float) -> str:
    """Say what shares that add up to more than the whole come from."""
    if added <= 1 + ROUNDS:
        return "the source rounds, or counts twice"
    return (
        "more than rounding explains; they are counted twice, or not of one whole, and the index is of them as stated"
    )


def _sums(one: Seen) -> list[str]:
    if one.market.unit not in SHARES:
        return []
    found = []
    for way in one.ways[:3:2]:
        added: Quantity | None = way.table.raw_sum if way.table else None
        if added is not None and added.low is not None and added.low > 1.0000001:
            found.append(
                f"the stated shares by {called(way.by, one.market)} add up to {100 * added.low:.1f} %: {_why(added.low)}"
            )
    return found
