"""Concentration: from the question to the finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.errors import ArgumentError
from isthmus.lenses.concentration.alarms import alarms_of
from isthmus.lenses.concentration.evidence import SHARES, Market, markets_of
from isthmus.lenses.concentration.marks import Marks, load_marks
from isthmus.lenses.concentration.overview import overview
from isthmus.lenses.concentration.owners import Owner, Owners
from isthmus.lenses.concentration.places import Places
from isthmus.lenses.concentration.rows import claims_of, row_of, support_of
from isthmus.lenses.concentration.ways import CONTROLLER, SEAT, SITE, SUPPLIER, Way, Ways
from isthmus.lenses.finding import build_finding
from isthmus.model import Claim, Finding, Gap
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.quantities import Quantity

LENS = "concentration"
_CHECKED = 5000
_NOTHING = 1e-9
"""A rest of less than this is left by sums in binary fractions."""


@dataclass(frozen=True)
class _Seen:
    """A market with the four ways to look at it."""

    market: Market
    ways: tuple[Way, ...]
    owners: Mapping[str, Owner]
    set_aside: int
    rows: tuple[dict[str, Any], ...]
    alarms: tuple[dict[str, Any], ...]


def ask(picture: Picture, need: str | None = None, *, why: bool = False) -> Finding:
    """Answer who supplies a thing with which share: by supplier, by who controls it in the end, and by the countries of both.

    Certain controllers merge the suppliers that they control; possible ones widen the interval of the index. A supplier that nobody is
    known to control counts as its own controller, and how many there are of these is said. Marks and lines are data
    (``concentration.yaml``), which the finding names.

    Parameters
    ----------
    need : str or None
        A good, a stage, or a thing whose needs have alternatives, by id, identifier or name. None: all of the picture, ranked.
    why : bool
        Add the claims that carry each row.

    Returns
    -------
    Finding
        Rows ``{by, hhi, hhi_refused, top, raw_sum, unattributed, …}``, one for each of supplier, controller, site_country and
        controller_country; `extra` has the alarms, other series, the needs with their alternatives, and the marks.

    Raises
    ------
    ArgumentError, UnknownEntityError, AmbiguousEntityError
    """
    marks = load_marks()
    owners, places = Owners(picture, marks.rule), Places(picture, marks.sites)
    if need is None:
        return overview(picture, LENS, marks, owners, places)
    entity = picture.resolve(need)
    markets = markets_of(picture, entity, marks)
    if not markets:
        raise ArgumentError(
            f"no claim of this picture says who supplies {entity.caption}, or which alternatives a need of it has.",
            where="--need",
            hint="`isthmus ask concentration` without a need lists those that it can answer.",
        )
    seen = [_look(picture, market, owners, places, marks) for market in markets]
    first, others = seen[0], seen[1:]
    answers = [
        {**row, "support": support_of(picture, way)} if why else row
        for row, way in zip(first.rows, first.ways, strict=True)
    ]
    claims = _claims(seen)
    return build_finding(
        picture,
        LENS,
        {"need": entity.id, "caption": entity.caption, "kinds": list(entity.kinds)},
        answers=answers,
        claims=claims,
        gaps=[gap for one in seen for gap in _gaps(picture, one)],
        conflicts=find_conflicts(picture, claims) if len(claims) <= _CHECKED else [],
        sensitivity=_sensitivity(picture, first),
        limits=_limits(marks, owners, seen),
        extra={
            "series": dict(first.market.series),
            "total": first.market.whole.to_json() if first.market.whole else None,
            **_alternatives(picture, first.market),
            "alarms": [alarm for one in seen for alarm in one.alarms],
            "other_series": [
                {"series": dict(one.market.series), "rows": list(one.rows), **_alternatives(picture, one.market)}
                for one in others
            ],
            "marks": {**marks.to_json(), "rule": owners.rule.id},
        },
    )


def _look(picture: Picture, market: Market, owners: Owners, places: Places, marks: Marks) -> _Seen:
    looked = Ways(picture, market, owners, places)
    ways = tuple(looked.all())
    rows = tuple(row_of(picture, market, way, looked.owners, marks) for way in ways)
    alarms = tuple(alarms_of(picture, market, ways, looked.owners, marks))
    return _Seen(market, ways, looked.owners, looked.set_aside, rows, alarms)


def _claims(seen: Sequence[_Seen]) -> list[Claim]:
    held = {claim.id: claim for one in seen for way in one.ways for claim in claims_of(way)}
    held |= {claim.id: claim for one in seen for claim in one.market.also}
    for one in seen:
        for owner in one.owners.values():
            held |= {claim.id: claim for claim in (*owner.above.claims, *owner.above.doubtful)}
    return [held[name] for name in sorted(held)]


def _alternatives(picture: Picture, market: Market) -> dict[str, Any]:
    if not market.need:
        return {}
    return {
        "need": market.need,
        "at_least": market.at_least,
        "alternatives": [
            {
                "entity": item.entity,
                "caption": picture.caption(item.entity),
                "suppliers": [{"entity": name, "caption": picture.caption(name)} for name in item.suppliers],
            }
            for item in market.alternatives
        ],
    }


def _gaps(picture: Picture, one: _Seen) -> list[Gap]:
    gaps = []
    what = one.market.need or one.market.entity.caption
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


def _unnamed(one: _Seen, what: str) -> list[Gap]:
    """Return what belongs to nobody named, or to no known country: once for the ways in which it is as much."""
    found: dict[tuple[Quantity, str], list[str]] = {}
    for way in one.ways:
        rest = way.table.unattributed if way.table else None
        stated = any(holder.value.known for holder in way.holders)
        if rest is not None and stated and (rest.high is None or rest.high > _NOTHING):
            lost = way.by == SEAT or (way.by == SITE and "stated" not in way.basis)
            found.setdefault((rest, "to no known country" if lost else "to nobody named"), []).append(_said(way.by))
    # A part of a whole is no number of things.
    return [
        Gap("unnamed", f"{what}, by {' and '.join(ways)}: {rest.words()} belong {whose}")
        for (rest, whose), ways in found.items()
    ]


def _said(by: str) -> str:
    return by.replace("_", " ")


def _sensitivity(picture: Picture, first: _Seen) -> dict[str, Any]:
    """Say which works the largest holder of each way hangs on."""
    largest = {
        f"{_said(way.by)}: {way.holders[0].group.label}": way.holders[0].claims
        for way in first.ways
        if way.holders and way.holders[0].group.aggregate is None
    }
    single: set[str] = set()
    flips: dict[str, list[str]] = {}
    for name, claims in largest.items():
        supports = [picture.support(claim) for claim in claims]
        works = {work for support in supports for work in support}
        # Every claim is needed: the holder has less, or is another, without any one of them.
        for work in works:
            if {work} in supports:
                flips.setdefault(work, []).append(name)
        single |= works if len(works) == 1 else set()
    return {
        "single_source": sorted(single),
        "flips_without": sorted(flips),
        "flips": {work: sorted(names) for work, names in sorted(flips.items())},
    }


def _limits(marks: Marks, owners: Owners, seen: Sequence[_Seen]) -> list[str]:
    limits = [
        f"marks and lines are those of {marks.version}; who controls a supplier is worked out under {owners.rule.id}"
    ]
    for one in seen:
        limits += _differs(one)
        limits += _sums(one)
        older = sum(len(item.older) for item in one.market.held)
        if older:
            limits.append(
                f"of {_count(older, 'older figure')} newer ones are taken, of the same holder; they are not added"
            )
        if one.set_aside:
            limits.append("suppliers and countries share out one whole side by side and are never added to one another")
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


def _differs(one: _Seen) -> list[str]:
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


def _sums(one: _Seen) -> list[str]:
    if one.market.unit not in SHARES:
        return []
    found = []
    for way in one.ways[:3:2]:
        added: Quantity | None = way.table.raw_sum if way.table else None
        if added is not None and added.low is not None and added.low > 1.0000001:
            found.append(
                f"the stated shares by {_said(way.by)} add up to {100 * added.low:.1f} %: the source rounds, or counts twice"
            )
    return found
