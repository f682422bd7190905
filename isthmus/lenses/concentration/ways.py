"""The four ways to look at one market: who has which share, and how concentrated it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from isthmus.lenses.concentration.evidence import Market
from isthmus.lenses.concentration.owners import Owner, Owners
from isthmus.lenses.concentration.places import NOWHERE, STATED, Places
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.shares.figures import Held
from isthmus.picture.shares.grouping import UNKNOWN, Group, aggregate_of
from isthmus.picture.shares.suppliers import sides_of
from isthmus.picture.shares.table import Table, make_table
from isthmus.quantities import Quantity, total

SUPPLIER, CONTROLLER, SITE, SEAT = WAYS = ("supplier", "controller", "site_country", "controller_country")
_NO_COUNTRY = "the country of no supplier is known"
_ONLY_COUNTRIES = "only countries are named, no supplier"


@dataclass(frozen=True, slots=True)
class Holder:
    """One holder of a market, looked at in one way: its share, which of the suppliers it stands for, and the claims."""

    group: Group
    share: Quantity | None
    value: Quantity
    members: tuple[str, ...]
    claims: tuple[Claim, ...]
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """A market looked at in one way.

    Attributes
    ----------
    table : Table or None
        None where it cannot be looked at so; `refused` says why.
    holders : tuple of Holder
        Largest first; those not named last.
    basis : mapping
        What the countries of sites rest on: how many suppliers for each.
    """

    by: str
    table: Table | None
    holders: tuple[Holder, ...] = ()
    refused: str | None = None
    basis: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Placed:
    item: Held
    options: tuple[Group, ...]
    own: Group | None = None
    claims: tuple[Claim, ...] = ()

    @property
    def group(self) -> Group:
        """The row of the table that it is counted in: its holder, or where that is in doubt its owner by itself."""
        if len(self.options) == 1 or self.own is None:
            return self.options[0]
        return Group(self.own.label, " ".join(option.label for option in (self.own, *self.options)))


class Ways:
    """Looks at one market in each of the four ways."""

    def __init__(self, picture: Picture, market: Market, owners: Owners, places: Places) -> None:
        self.picture, self.market, self.places = picture, market, places
        self.sides = sides_of(picture, market.held, market.unit)
        self.lands, self.firms, self.groups = self.sides.lands, self.sides.firms, self.sides.groups
        self.owners: dict[str, Owner] = owners.of(list(dict.fromkeys(item.subject for item in self.firms)))

    def all(self) -> list[Way]:
        """Return the market in all four ways."""
        return [self._supplier(), self._controller(), self._site(), self._seat()]

    def _supplier(self) -> Way:
        return self._way(SUPPLIER, [_Placed(item, (self._group(item.subject),)) for item in self.sides.by_firm()])

    def _controller(self) -> Way:
        counts = Counter(option for owner in set(self.owners.values()) for option in owner.options)
        heads = {owner.entity for owner in self.owners.values()}
        placed = []
        for item in self.sides.by_firm():
            owner = self.owners.get(item.subject)
            if owner is None:
                placed.append(_Placed(item, (self._group(item.subject),)))
                continue
            # Whoever may control one holder alone changes no sum, whoever he is.
            kept = [name for name in owner.options if name in heads or counts[name] > 1 or name == owner.entity]
            told = (*owner.above.claims, *(owner.above.doubtful if len(kept) > 1 else ()))
            placed.append(_Placed(item, tuple(map(self._named, kept)), self._named(owner.entity), told))
        return self._way(CONTROLLER, placed, loose=True)

    def _site(self) -> Way:
        if self.lands:
            stated = [_Placed(item, (self._country(item.subject),)) for item in self.sides.by_land()]
            return self._way(SITE, stated, basis={STATED: len(self.lands)})
        basis: Counter[str] = Counter()
        placed = []
        for item in self.sides.by_firm():
            if item in self.groups:
                placed.append(_Placed(item, (self._group(item.subject),)))
                continue
            country, word = self.places.of_site(item)
            basis[NOWHERE if country == UNKNOWN else word] += 1
            placed.append(_Placed(item, (country,)))
        return self._way(SITE, placed, loose=True, basis=basis)

    def _seat(self) -> Way:
        placed = []
        for item in self.sides.by_firm():
            owner = self.owners.get(item.subject)
            if owner is None:
                placed.append(_Placed(item, (self._group(item.subject),)))
                continue
            countries = list(dict.fromkeys(self.places.country(name) for name in owner.options))
            options = (UNKNOWN,) if UNKNOWN in countries else tuple(countries)
            told = (*owner.above.claims, *(owner.above.doubtful if len(options) > 1 else ()))
            placed.append(_Placed(item, options, self._named(owner.entity), told))
        return self._way(SEAT, placed, loose=True)

    # -- breakdowns ------------------------------------------------------------------------------------------------

    @property
    def set_aside(self) -> int:
        """How many suppliers and countries stand beside one another, and are never added."""
        return min(len(self.firms), len(self.lands))

    # -- groups ----------------------------------------------------------------------------------------------------

    def _group(self, name: str) -> Group:
        entity = self.picture.entity(name)
        return Group(entity.caption, entity.id, aggregate_of(self.picture, name))

    def _named(self, name: str) -> Group:
        entity = self.picture.entity(name)
        return Group(entity.caption, entity.id)

    def _country(self, name: str) -> Group:
        return self._group(name) if self.picture.is_kind(name, "group") else self.places.country(name)

    # -- the table -------------------------------------------------------------------------------------------------

    def _way(
        self, by: str, placed: Sequence[_Placed], *, loose: bool = False, basis: Mapping[str, int] | None = None
    ) -> Way:
        if self.lands and not self.firms and by != SITE:
            return Way(by, None, refused=_ONLY_COUNTRIES)
        if not placed:
            return Way(by, None, refused="no supplier is known")
        options = {entry.group: entry.options for entry in placed if len(entry.options) > 1}
        table = make_table(
            [entry.item for entry in placed],
            [entry.group for entry in placed],
            self.market.whole,
            self.market.unit,
            share_recorded=False,
            options=options,
            loose_rest=loose,
        )
        nowhere = by in (SITE, SEAT) and all(entry.options == (UNKNOWN,) for entry in placed)
        refused = _NO_COUNTRY if nowhere else table.hhi_refused
        return Way(by, table, _holders(placed, table, self.market.unit), refused, dict(basis or {}))


def _holders(placed: Sequence[_Placed], table: Table, unit: str) -> tuple[Holder, ...]:
    """Return what each holder has for sure and at the most: of what may be somebody else's, nothing is sure."""
    rows = {row.group: row for row in table.rows}
    parts: dict[Group, dict[Group, bool]] = {}
    for entry in placed:
        for option in entry.options:
            parts.setdefault(option, {})[entry.group] = len(entry.options) == 1
    found = []
    for group, held in parts.items():
        mine = [entry for entry in placed if group in entry.options]
        shares = [_doubted(rows[row].share, sure) for row, sure in held.items()]
        values = [_doubted(rows[row].value, sure) or Quantity.unknown(unit) for row, sure in held.items()]
        known = [share for share in shares if share is not None and share.known]
        claims = {claim.id: claim for entry in mine for claim in (*entry.item.claims, *entry.claims)}
        found.append(
            Holder(
                group,
                _sum(known, "share", whole=len(known) == len(shares)) if known else None,
                _sum(values, unit, whole=True),
                tuple(dict.fromkeys(entry.item.subject for entry in mine)),
                tuple(claims[name] for name in sorted(claims)),
                all(held.values()),
            )
        )
    unnamed = ("remainder", "unknown")
    return tuple(
        sorted(
            found,
            key=lambda one: (one.group.aggregate in unnamed, -_low(one.share), -_high(one.share), one.group.label),
        )
    )


def _doubted(value: Quantity | None, sure: bool) -> Quantity | None:
    if sure or value is None or not value.known:
        return value
    return Quantity(0.0, value.high, False, value.open_high, False, value.near_high, value.unit, value.hedge)


def _sum(values: Sequence[Quantity], unit: str, *, whole: bool) -> Quantity:
    if len(values) == 1 and whole:
        return values[0]
    added = total(list(values), unit if values[0].unit == unit else values[0].unit)
    return (
        added
        if whole
        else Quantity(added.low, None, added.open_low, False, added.near_low, False, added.unit, added.hedge)
    )


def _low(value: Quantity | None) -> float:
    return value.low or 0.0 if value is not None else 0.0


def _high(value: Quantity | None) -> float:
    if value is None:
        return 0.0
    return value.high if value.high is not None else 1.0
