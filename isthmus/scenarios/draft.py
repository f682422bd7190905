"""The needs of a picture with changes worked in: substitutes, added makers, stand-ins, stocks and switching times as nodes and needs.

Whatever changes with time is put on nodes of their own (pins), so that the needs are compiled once and only what nodes can do themselves
differs from month to month:

- a *gate* lets a substitute through from its month on;
- a *stock* is an alternative beside the one that it stands in for, and holds what that gave in the months before;
- *switching* is a need of its own, broken for as long as it takes to change over from an alternative that is lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from isthmus.kernels.compiled import Longs
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.shares import Doubt
from isthmus.scenarios.scenario import Span
from isthmus.scenarios.staged import NONE, Extra, Pin, Shared, Staged, Watch


@dataclass(slots=True)
class _Row:
    """One alternative of one need, as it is edited."""

    need: int
    subject: int
    node: int
    takes: int
    least: float
    most: float
    origin: int = NONE
    change: int = NONE
    extras: tuple[tuple[float, float, float], ...] = ()


@dataclass(eq=False)
class Draft:
    """The needs of a web while changes are worked in. The web itself is not touched."""

    web: Shared
    pins: list[Pin] = field(default_factory=list)
    stands: dict[int, tuple[int, str]] = field(default_factory=dict)
    leads: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        needs = self.web.needs
        self.nodes = needs.nodes
        self.of_need = np.repeat(np.arange(needs.size), np.diff(needs.cuts))
        self.alternative = needs.alternatives.astype(np.int64)
        self.by: dict[int, int] = {}  # by place: the change that put something there
        self.rows: list[_Row] = []  # alternatives beside those of the web
        self.numbers = needs.size
        self.copied: dict[int, list[_Row]] = {}  # by place of the web: what stands for it in copies of its need
        self.copies: dict[int, int] = {}  # of a need made here, the need of the web that it copies
        self.twins: dict[int, int] = {}
        self.hidden: set[int] = set()
        self.watches: dict[int, list[tuple[int, int]]] = {}

    def new_node(self, *, hidden: bool = True, leads: int = NONE) -> int:
        """Return a node that was not there: one that only keeps time, unless it is said to be a thing."""
        node = self.nodes
        self.nodes += 1
        if hidden:
            self.hidden.add(node)
        if leads != NONE:
            self.leads[node] = leads
        return node

    def new_need(self, subject: int, nodes: Iterable[int]) -> int:
        """Give a node a need for one of some nodes; return its number."""
        number = self.numbers
        self.numbers += 1
        for node in nodes:
            self.rows.append(_Row(number, subject, node, 1, np.nan, np.nan))
        return number

    def pin(self, node: int, start: float, stop: float, low: float, high: float, change: int = NONE) -> None:
        """Bound what a node can do from one month to another."""
        self.pins.append(Pin(node, start, stop, low, high, change))

    # -- looking -----------------------------------------------------------------------------------------------------

    def needs_of(self, node: int) -> range:
        """Return the needs that a node has in the web."""
        needs = self.web.needs
        if node >= needs.nodes:
            return range(0)
        return range(int(needs.starts[node]), int(needs.starts[node + 1]))

    def places_of(self, need: int) -> range:
        """Return the places of the alternatives of a need of the web."""
        return range(int(self.web.needs.cuts[need]), int(self.web.needs.cuts[need + 1]))

    def uses(self, node: int) -> list[int]:
        """Return the places at which a node of the web is an alternative."""
        return [int(place) for place in np.flatnonzero(self.web.needs.alternatives == node)]

    def with_shares(self, need: int) -> bool:
        """Tell whether some alternative of a need has a share."""
        return any(not np.isnan(self.web.least[place]) for place in self.places_of(need))

    # -- changing ----------------------------------------------------------------------------------------------------

    def add_maker(self, need: int, node: int, share: Span, start: float, change: int) -> None:
        """Let a node add to a need that is shared out, from a month on."""
        extras = ((start, *share),)
        for place in self.places_of(need):
            if self.web.needs.alternatives[place] == node:
                held = _Row(need, NONE, node, 0, 0, 0, place, change, extras)
                self.rows.append(held)
                return
        needs = self.web.needs
        row = _Row(need, int(needs.subjects[need]), node, int(needs.at_least[need]), 0.0, 0.0, NONE, change, extras)
        self.rows.append(row)

    def substitute(self, place: int, node: int, start: float, change: int) -> bool:
        """Let a node do what an alternative does, from a month on; False where it does already.

        Where each alternative has a share, the node takes over the share. Else it is one alternative more. What was copied from the place
        before is changed with it.
        """
        need = int(self.of_need[place])
        needs = self.web.needs
        if not self.with_shares(need) and any(needs.alternatives[other] == node for other in self.places_of(need)):
            return False
        copies = self.copied.get(place, [])
        gate = self.gate(node, start)
        if self.with_shares(need):
            self.alternative[place] = self._either(int(self.alternative[place]), gate)
            self.by[place] = change
            for row in copies:
                row.node, row.change = self._either(row.node, gate), change
            return True
        ends = [(need, int(needs.subjects[need])), *((row.need, row.subject) for row in copies)]
        for number, subject in ends:
            self.rows.append(_Row(number, subject, gate, int(needs.at_least[need]), np.nan, np.nan, NONE, change))
        return True

    def cover(self, place: int, start: float) -> None:
        """Let an alternative lose nothing at worst from a month on, as another need loses what it has; at best it is as it was."""
        leaf = self.new_node(leads=int(self.alternative[place]))
        self.pin(leaf, -np.inf, start, 0.0, 0.0)
        self.pin(leaf, start, np.inf, 1.0, 0.0)
        self.alternative[place] = self._either(int(self.alternative[place]), leaf)

    def gate(self, node: int, start: float) -> int:
        """Return a node that is another from a month on, and nothing before."""
        gate = self.new_node(leads=node)
        self.pin(gate, -np.inf, start, 0.0, 0.0)
        self.new_need(gate, [node])
        return gate

    def _either(self, node: int, other: int) -> int:
        either = self.new_node(leads=node)
        self.new_need(either, [node, other])
        return either

    def add_alternative(self, need: int, node: int, start: float, change: int) -> None:
        """Let a node meet a need of the web as well, from a month on."""
        needs = self.web.needs
        gate = self.gate(node, start)
        row = _Row(need, int(needs.subjects[need]), gate, int(needs.at_least[need]), np.nan, np.nan, NONE, change)
        self.rows.append(row)

    def stand_in(self, node: int, label: str, cuts: dict[int, int]) -> int:
        """Return a node that stands for a thing as others see it.

        Parameters
        ----------
        cuts : dict of place to node
            What takes the place of which alternatives of the thing's needs; all others stay as they are.
        """
        made = self.new_node(hidden=False)
        self.stands[made] = (node, label)
        numbered: dict[int, int] = {}
        for need in self.needs_of(node):
            numbered[need] = self.numbers
            self.copies[self.numbers] = need
            self.numbers += 1
            takes = int(self.web.needs.at_least[need])
            for place in self.places_of(need):
                other = cuts.get(place, int(self.alternative[place]))
                least, most = float(self.web.least[place]), float(self.web.most[place])
                row = _Row(numbered[need], made, other, takes, least, most, place)
                self.rows.append(row)
                self.copied.setdefault(place, []).append(row)
            for row in [row for row in self.rows if row.need == need]:
                self._copy(row, numbered[need], made)
        for need, number in numbered.items():
            other = int(self.web.twin[need])
            if other in numbered:
                self.twins[number] = numbered[other]
        for pin in [pin for pin in self.pins if pin.node == node]:
            self.pin(made, pin.start, pin.stop, pin.low, pin.high, pin.change)
        return made

    def _copy(self, row: _Row, number: int, made: int) -> None:
        """Copy an alternative that was added to a need, or what was added to one, into the copy of the need."""
        if row.subject != NONE:
            self.rows.append(replace(row, need=number, subject=made))
            return
        held = next(one for one in self.rows if one.need == number and one.origin == row.origin)
        held.extras, held.change = (*held.extras, *row.extras), row.change

    # -- putting together ----------------------------------------------------------------------------------------------

    def staged(self) -> Staged:
        """Return the needs with everything worked in."""
        stocks = self._stocks()
        switches = self._switches()
        base = self.web.needs
        merged = [row for row in self.rows if row.subject == NONE]
        rows = [row for row in self.rows if row.subject != NONE]
        subject = np.append(base.subjects[self.of_need], [row.subject for row in rows]).astype(np.int64)
        number = np.append(self.of_need, [row.need for row in rows]).astype(np.int64)
        nodes = np.append(self.alternative, [row.node for row in rows]).astype(np.int64)
        takes = np.append(base.at_least[self.of_need], [row.takes for row in rows]).astype(np.int64)
        origins = np.append(np.arange(base.alternatives.size), [row.origin for row in rows]).astype(np.int64)
        needs = Needs.build(self.nodes, subject, number, nodes, takes)
        size = needs.alternatives.size
        least, most, origin = np.full(size, np.nan), np.full(size, np.nan), np.full(size, NONE, np.int64)
        least[needs.places] = np.append(self.web.least, [row.least for row in rows])
        most[needs.places] = np.append(self.web.most, [row.most for row in rows])
        origin[needs.places] = origins
        of_row = np.searchsorted(needs.cuts, needs.places, side="right") - 1
        need_of = np.full(self.numbers, NONE, np.int64)
        need_of[number] = of_row
        need_origin = np.full(needs.size, NONE, np.int64)
        twin = np.full(needs.size, NONE, np.int64)
        need_origin[need_of[: base.size]] = np.arange(base.size)
        twin[need_of[: base.size]] = np.where(self.web.twin >= 0, need_of[self.web.twin], NONE)
        for made, copied in self.copies.items():
            need_origin[need_of[made]] = copied
        for one, other in self.twins.items():
            twin[need_of[one]] = need_of[other]
        extras: list[Extra] = []
        by: dict[int, int] = {}
        for at, row in enumerate(rows, base.alternatives.size):
            place = int(needs.places[at])
            extras += [Extra(place, *extra) for extra in row.extras]
            if row.change != NONE:
                by[place] = row.change
        for row in merged:
            place = int(needs.places[row.origin])
            extras += [Extra(place, *extra) for extra in row.extras]
            by[place] = row.change
        by |= {int(needs.places[place]): change for place, change in self.by.items()}
        hidden = np.zeros(self.nodes, np.bool_)
        hidden[sorted(self.hidden)] = True
        doubt = self._doubt(needs, origin, need_origin)
        return Staged(
            needs, least, most, twin, doubt, origin, need_origin, tuple(self.pins), tuple(extras), stocks, switches,
            dict(self.stands), dict(self.leads), by, hidden,
        )  # fmt: skip

    def _doubt(self, needs: Needs, origin: Longs, need_origin: Longs) -> Doubt | None:
        """Return what of the needs with everything worked in is not sure; what the scenario adds is sure where the need is."""
        web = self.web
        if not web.doubtful.any() and not (web.fewest < web.needs.at_least).any():
            return None
        of_need = np.repeat(np.arange(needs.size), np.diff(needs.cuts))
        unsure = np.where(origin >= 0, web.doubtful[origin], False)
        beside = (origin < 0) & (need_origin[of_need] >= 0)
        fewest = np.where(need_origin >= 0, web.fewest[need_origin], needs.at_least)
        return Doubt(unsure, beside, fewest.astype(np.int64))

    def _stocks(self) -> tuple[Watch, ...]:
        """Put a stock beside each alternative that has one."""
        found = []
        low, high = (np.nan_to_num(end, nan=0.0, posinf=np.inf) for end in self.web.stock)
        held = np.flatnonzero(high > 0)
        behind: dict[int, list[_Row]] = {}
        for row in self.rows:
            if row.subject != NONE and row.origin != NONE and high[row.origin] > 0:
                behind.setdefault(row.origin, []).append(row)
        for place in held.tolist():
            leaf, either = self._with_stock(int(self.alternative[place]))
            found.append(Watch(leaf, int(self.alternative[place]), float(low[place]), float(high[place]), place))
            self.alternative[place] = either
            for row in behind.get(place, ()):
                leaf, either = self._with_stock(row.node)
                found.append(Watch(leaf, row.node, float(low[place]), float(high[place]), place))
                row.node = either
        return tuple(found)

    def _with_stock(self, node: int) -> tuple[int, int]:
        leaf = self.new_node(leads=node)
        return leaf, self._either(node, leaf)

    def _switches(self) -> tuple[Watch, ...]:
        """Give whoever can change over from an alternative a need that is broken while that takes."""
        found = []
        low, high = (np.nan_to_num(end, nan=0.0, posinf=np.inf) for end in self.web.switching)
        needs = self.web.needs
        more = {row.need for row in self.rows if row.subject != NONE}
        copied = [row for row in self.rows if row.subject != NONE and row.origin != NONE and high[row.origin] > 0]
        for place in np.flatnonzero(high > 0).tolist():
            need = int(self.of_need[place])
            if self.with_shares(need) or (len(self.places_of(need)) < 2 and need not in more):
                continue
            ends = [(int(needs.subjects[need]), int(self.alternative[place]))]
            ends += [(row.subject, row.node) for row in copied if row.origin == place]
            for subject, watched in ends:
                leaf = self.new_node(leads=watched)
                self.new_need(subject, [watched, leaf])
                found.append(Watch(leaf, watched, float(low[place]), float(high[place]), place))
        return tuple(found)
