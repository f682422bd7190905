"""The needs of a picture with those who make each thing, and how much of it each makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from isthmus.control.inquiry import claims_at
from isthmus.dependence.doubt import doubts_of
from isthmus.dependence.maker_rows import MakerRows, maker_rows
from isthmus.dependence.makers import FIRMS, LANDS, making_of, shares_given
from isthmus.dependence.months import STOCK, SWITCHING, months_of
from isthmus.dependence.rows import STRENGTHS, Flags, Ints
from isthmus.dependence.web import Web, claims_in_all, web_of
from isthmus.kernels.dependence.graph import Needs
from isthmus.model import Claim
from isthmus.picture import Picture

Floats = NDArray[np.float64]

OVER = 1e-9
"""What shares in binary fractions add up to beyond the whole, where they are the whole."""
NAMED = 5
"""Of so many things it is told by name that their shares are more than the whole; the others are counted."""
SIDES = ("makers", "countries", "all makers")
"""What a need for makers is called by its side: those who make a thing; the countries where it is made; any of those of whom a claim says
that they are all."""


@dataclass(frozen=True, eq=False)
class SupplyWeb:
    """Everything that needs something, is needed, is made or makes, under one level of strength.

    A thing that somebody makes needs its makers: with all of them gone it may be gone, and with some of them gone it loses their shares.

    Attributes
    ----------
    picture : Picture
    level : str
    web : Web
        The needs without the making; its nodes have other numbers.
    needs : Needs
        All of its needs, and the making. Nodes up to `things` are things, in order of their keys in the store; the others stand for a
        thing as somebody is supplied with it.
    keys : int64 (things,)
    behind : int64 (stand-ins,)
        The thing for which each node from `things` on stands.
    least, most : float64 (alternatives,)
        The share of each alternative in its need, as `isthmus.kernels.dependence.shares.degrade` takes it: nan in needs that any
        alternative meets; in needs that are shared out, 0 and 1 where nothing is said.
    said : bool (alternatives,)
        Whether a claim says something of the share.
    twin : int64 (needs,)
        The other need of the same thing that shares out the same whole, by countries or by makers; -1 where there is none.
    stock, switching : pair of float64 (alternatives,)
        For how many months a stock lasts, and how many it takes to change to another, at least and at most; nan where nothing is said.
    doubtful : bool (alternatives,)
        Whether no claim behind an alternative surely holds on the day, under no condition.
    fewest : int64 (needs,)
        How many alternatives each need takes by claims that are certain; 0 where by these there is no such need.
    ended : int
        How many claims about makers surely do not hold on the day.
    doubts : pair of int
        Of how many claims behind the needs it is not sure that they hold on the day, and how many hold under a condition.
    unread : dict
        How many claims say of a stock or of a switching time what is no number of months.
    """

    picture: Picture
    level: str
    web: Web
    needs: Needs
    keys: Ints
    behind: Ints
    least: Floats
    most: Floats
    said: Flags
    twin: Ints
    stock: tuple[Floats, Floats]
    switching: tuple[Floats, Floats]
    doubtful: Flags
    fewest: Ints
    ended: int
    doubts: tuple[int, int]
    unread: dict[str, int]
    _claim: Ints
    _place: Ints
    _strength: Ints

    @property
    def things(self) -> int:
        """Return how many nodes are things."""
        return len(self.keys)

    def node(self, name: str) -> int | None:
        """Return the node of an entity by its canonical id; None where nothing is held of what it needs, makes or who needs it."""
        held = self.picture.reader.keys([name])
        place = int(np.searchsorted(self.keys, held[0])) if held else self.things
        return place if place < self.things and self.keys[place] == held[0] else None

    def thing(self, node: int) -> int:
        """Return the node of the thing that a node is or stands for."""
        return node if node < self.things else int(self.behind[node - self.things])

    def id(self, node: int) -> str:
        """Return the id of the thing that a node is or stands for."""
        key = int(self.keys[self.thing(node)])
        return self.picture.reader.ids([key])[key]

    def ids(self, nodes: Iterable[int]) -> list[str]:
        """Return the ids of nodes, and read what these things are called in one go."""
        keys = [int(self.keys[self.thing(node)]) for node in nodes]
        found = self.picture.reader.ids(keys)
        names = [found[key] for key in keys]
        self.picture.load_entities(names)
        return names

    def places(self, need: int) -> range:
        """Return the places of the alternatives of a need, among those of all needs."""
        return range(int(self.needs.cuts[need]), int(self.needs.cuts[need + 1]))

    def needs_of(self, node: int) -> range:
        """Return the needs of a node."""
        return range(int(self.needs.starts[node]), int(self.needs.starts[node + 1]))

    def is_making(self, need: int) -> bool:
        """Tell whether a need is for those who make the thing."""
        return int(self.needs.numbers[need]) >= self.web.given.free_from

    def side(self, need: int) -> str | None:
        """Return which makers a need for makers is for, as in `SIDES`; None for another need."""
        return SIDES[int(self.needs.numbers[need]) - self.web.given.free_from] if self.is_making(need) else None

    def is_shared(self, need: int) -> bool:
        """Tell whether a need is met by its alternatives together, each with its share, and not by any of them."""
        first, last = int(self.needs.cuts[need]), int(self.needs.cuts[need + 1])
        return not bool(np.isnan(self.least[first:last]).all())

    def need_name(self, need: int) -> str | None:
        """Return what claims call a need; None for the plain need of one thing, of its supply or of its makers."""
        number = int(self.needs.numbers[need])
        return self.web.rows.texts[number] if number < self.web.given.plain_from else None

    def is_supply(self, need: int) -> bool:
        """Tell whether a need is for one of the suppliers of a thing to one party."""
        return self.web.given.supply_from <= int(self.needs.numbers[need]) < self.web.given.free_from

    def supplied(self, need: int) -> str:
        """Return the id of the thing for whose suppliers a need is."""
        key = int(self.needs.numbers[need]) - self.web.given.supply_from
        return self.picture.reader.ids([key])[key]

    @cached_property
    def _behind(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.needs.places, kind="stable")
        return np.searchsorted(self.needs.places[order], np.arange(self.needs.alternatives.size + 1)), order

    def rows_at(self, place: int) -> Ints:
        """Return the claims behind an alternative as rows of the store, by its place among the alternatives of all needs."""
        starts, behind = self._behind
        found: Ints = self._claim[behind[starts[place] : starts[place + 1]]]
        return found

    def claims_at(self, places: Iterable[int]) -> list[Claim]:
        """Return the claims behind some alternatives, by id."""
        starts, behind = self._behind
        parts = [np.zeros(0, np.int64), *(behind[starts[at] : starts[at + 1]] for at in places)]
        rows = np.unique(np.concatenate(parts))
        wanted = dict(zip(self._claim[rows].tolist(), self._place[rows].tolist(), strict=True))
        found = claims_at(self.picture, wanted)
        return sorted((found[claim] for claim in wanted), key=lambda claim: claim.id)

    def strength(self, need: int) -> str:
        """Return the strength of a need: that of the strongest claim about it; the need for makers is always the strongest."""
        starts, behind = self._behind
        rows = behind[starts[self.needs.cuts[need]] : starts[self.needs.cuts[need + 1]]]
        return STRENGTHS[int(self._strength[rows].min())]

    def notes(self) -> list[str]:
        """Return what bounds every answer from these needs."""
        notes = [*self.web.set_aside(), *self._doubts(), *self.web.short_notes()]
        if self.ended:
            do = "does" if self.ended == 1 else "do"
            notes.append(f"{claims_in_all(self.ended)} about who makes a thing surely {do} not hold on the day")
        for name, number in self.unread.items():
            if number:
                say = "says" if number == 1 else "say"
                what = {STOCK: "stock", SWITCHING: "switching time"}[name]
                notes.append(
                    f"{claims_in_all(number)} {say} of a {what} what is no number of months; it counts as not said"
                )
        return [*notes, *self._over]

    def _doubts(self) -> list[str]:
        unsure, conditional = self.doubts
        told = []
        if unsure:
            told.append(
                f"of {claims_in_all(unsure)} it is not sure that {'it holds' if unsure == 1 else 'they hold'} on the day"
            )
        if conditional:
            told.append(f"{claims_in_all(conditional)} {'holds' if conditional == 1 else 'hold'} under a condition")
        if told:
            told.append(
                "a need that rests on claims in doubt alone counts at the worst and binds nobody at the best; "
                "an alternative that does so helps at the best only"
            )
        return told

    @property
    def is_doubtful(self) -> bool:
        """Tell whether anything in the needs is in doubt."""
        return bool(self.doubtful.any() or (self.fewest < self.needs.at_least).any())

    @cached_property
    def _over(self) -> list[str]:
        """Say of which things the stated shares come to more than the whole; of several needs of one thing, the highest sum."""
        sums = np.add.reduceat(np.nan_to_num(self.least), self.needs.cuts[:-1]) if self.needs.size else np.zeros(0)
        over: dict[int, float] = {}
        for need in np.flatnonzero(sums > 1 + OVER).tolist():
            node = int(self.needs.subjects[need])
            over[node] = max(over.get(node, 0.0), float(sums[need]))
        if not over:
            return []
        first = sorted(over, key=lambda node: (-over[node], self.id(node)))[:NAMED]
        names = self.ids(first)
        told = [
            f"{self.picture.caption(name)} {over[node]:.1%}".replace("%", " %")
            for node, name in zip(first, names, strict=True)
        ]
        more = f" and {len(over) - len(first):,} more" if len(over) > len(first) else ""
        return [f"stated shares add up to more than the whole, and are used as stated: {', '.join(told)}{more}"]


def supply_web_of(picture: Picture, level: str = "required") -> SupplyWeb:
    """Return the needs of a picture at a level of strength with those for makers; they are compiled once.

    Raises
    ------
    ArgumentError
        There is no such level.
    """
    memo = f"dependence supply {level}"
    if memo not in picture.memo:
        picture.memo[memo] = _compiled(web_of(picture, level))
    found = picture.memo[memo]
    assert isinstance(found, SupplyWeb)
    return found


def _compiled(web: Web) -> SupplyWeb:
    picture, given = web.picture, web.given
    rows = maker_rows(picture)
    supplied = given.number >= given.supply_from
    making = making_of(picture, rows, np.unique(given.rows.claim[given.row[supplied]]))
    keys = np.unique(np.concatenate((given.keys, making.thing, making.maker)))
    moved = np.concatenate((np.searchsorted(keys, given.keys), len(keys) + np.arange(len(given.behind))))
    needs = Needs.build(
        len(keys) + len(given.behind),
        np.concatenate((moved[given.subject], np.searchsorted(keys, making.thing))),
        np.concatenate((given.number, given.free_from + making.side)),
        np.concatenate((moved[given.alternative], np.searchsorted(keys, making.maker))),
        np.concatenate((given.at_least, np.ones(len(making.thing), dtype=np.int64))),
    )
    least = np.full(needs.alternatives.size, np.nan)
    most, said = least.copy(), np.zeros(least.size, dtype=np.bool_)
    made = needs.places[len(given.row) :]
    least[made], most[made], said[made] = making.low, making.high, making.said
    _share_out_supply(web, rows, needs, supplied, (least, most, said))
    claim = np.concatenate((given.rows.claim[given.row], making.claim))
    months, unread = months_of(picture, claim)
    doubtful, fewest = doubts_of(web, needs, making.certain)
    certain = given.rows.sure[given.row] & ~given.rows.conditional[given.row]
    return SupplyWeb(
        picture=picture,
        level=web.level,
        web=web,
        needs=needs,
        keys=keys,
        behind=moved[given.behind],
        least=least,
        most=most,
        said=said,
        twin=_twins(needs, given.free_from),
        stock=_stock(needs, months[STOCK], np.concatenate((certain, making.certain)), doubtful),
        switching=_per_place(needs, months[SWITCHING]),
        doubtful=doubtful,
        fewest=fewest,
        ended=rows.ended,
        doubts=_counted(web, rows),
        unread=unread,
        _claim=claim,
        _place=np.concatenate((given.rows.place[given.row], making.place)),
        _strength=np.concatenate((given.rows.strength[given.row], np.zeros(len(making.claim), dtype=np.int64))),
    )


def _counted(web: Web, rows: MakerRows) -> tuple[int, int]:
    """Return of how many claims about needs and makers it is not sure that they hold, and how many hold under a condition."""
    told = web.rows
    return tuple(  # type: ignore[return-value]
        int(np.union1d(told.claim[one], rows.claim[other]).size)
        for one, other in ((~told.sure, ~rows.sure), (told.conditional, rows.conditional))
    )


def _share_out_supply(
    web: Web, rows: MakerRows, needs: Needs, supplied: Flags, columns: tuple[Floats, Floats, Flags]
) -> None:
    """Write the shares of suppliers in what one party gets; a need of which none is said keeps nan."""
    given, (least, most, said) = web.given, columns
    told = given.rows
    at = np.flatnonzero(supplied)
    shares = shares_given(web.picture, rows, np.unique(told.claim[given.row[at]]))
    for one in at.tolist() if shares else ():
        row = given.row[one]
        known = shares.get((int(told.subject[row]), int(told.item[row])))
        if known:
            place = needs.places[one]
            ends = known.get(int(told.object[row]))
            least[place], most[place] = ends or (0.0, 1.0)
            said[place] = ends is not None


def _twins(needs: Needs, made_from: int) -> Ints:
    """Return for each need the other of the same thing by which the same whole is shared out."""
    twin = np.full(needs.size, -1, dtype=np.int64)
    first = np.flatnonzero((needs.numbers[:-1] == made_from + FIRMS) & (needs.numbers[1:] == made_from + LANDS))
    first = first[needs.subjects[first] == needs.subjects[first + 1]]
    twin[first], twin[first + 1] = first + 1, first
    return twin


def _stock(needs: Needs, months: Floats, certain: Flags, doubtful: Flags) -> tuple[Floats, Floats]:
    """Return for how many months stocks last; where only claims in doubt say so of what is needed for sure, it may be none."""
    low, high = _per_place(needs, months)
    unsure = ~np.isnan(low) & ~doubtful
    unsure[needs.places[~np.isnan(months) & certain]] = False
    return np.where(unsure, 0.0, low), high


def _per_place(needs: Needs, months: Floats) -> tuple[Floats, Floats]:
    """Return the least and the most that the claims behind each alternative say; nan where none says anything."""
    size = needs.alternatives.size
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    told = ~np.isnan(months)
    np.minimum.at(low, needs.places[told], months[told])
    np.maximum.at(high, needs.places[told], months[told])
    silent = low > high
    return np.where(silent, np.nan, low), np.where(silent, np.nan, high)
