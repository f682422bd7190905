"""Needs with the changes of a scenario worked in, as the months go over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from isthmus.kernels.compiled import Flags, Floats, Longs
from isthmus.kernels.dependence.graph import Needs
from isthmus.kernels.dependence.shares import Doubt

NONE = -1
Places = tuple[Floats, Floats]


class Shared(Protocol):
    """Needs with shares, stocks and switching times; see `isthmus.dependence.supply.SupplyWeb`."""

    @property
    def needs(self) -> Needs: ...
    @property
    def least(self) -> Floats: ...
    @property
    def most(self) -> Floats: ...
    @property
    def twin(self) -> Longs: ...
    @property
    def stock(self) -> Places: ...
    @property
    def switching(self) -> Places: ...
    @property
    def doubtful(self) -> Flags: ...
    @property
    def fewest(self) -> Longs: ...


@dataclass(frozen=True, slots=True)
class Pin:
    """What a node can do itself from one month to another: at worst `low` of 1, at best `high`."""

    node: int
    start: float
    stop: float
    low: float
    high: float
    change: int = NONE


@dataclass(frozen=True, slots=True)
class Extra:
    """What an alternative adds to the whole from a month on: the place of the alternative, and how much at least and at most."""

    place: int
    start: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Watch:
    """A node that follows another: a stock or a switching time.

    Attributes
    ----------
    leaf, watched : int
        The node that is pinned, and the one after which that goes.
    low, high : float
        Months, at least and at most.
    place : int
        The place in the web of the alternative that has the stock or the switching time.
    """

    leaf: int
    watched: int
    low: float
    high: float
    place: int


@dataclass(frozen=True, eq=False)
class Staged:
    """Needs with changes worked in.

    Attributes
    ----------
    needs : Needs
        Nodes up to `real` are those of the web and what the scenario names beside them; the others are gates, stocks and the like.
    least, most, twin : arrays
        As of the web, for these needs.
    doubt : Doubt or None
        What of these needs is not sure; None where all is.
    origin : int64 (alternatives,)
        The place in the web of the alternative that each one is or stands for; -1 where the scenario adds it.
    need_origin : int64 (needs,)
        The need in the web that each one is or copies; -1 for what only keeps time.
    pins, extras, stocks, switches : tuples
    stands : dict
        Of each node that stands for a thing as others see it, the thing and for whom it stands.
    leads : dict
        Of each node that keeps time, the node behind it; of a stand-in of a maker, the maker.
    by : dict
        Of each alternative that the scenario adds, the place among the changes.
    hidden : bool (nodes,)
        Whether a node is there only to keep time or to cut a share.
    """

    needs: Needs
    least: Floats
    most: Floats
    twin: Longs
    doubt: Doubt | None
    origin: Longs
    need_origin: Longs
    pins: tuple[Pin, ...]
    extras: tuple[Extra, ...]
    stocks: tuple[Watch, ...]
    switches: tuple[Watch, ...]
    stands: dict[int, tuple[int, str]]
    leads: dict[int, int]
    by: dict[int, int]
    hidden: Flags

    def behind(self, node: int) -> int:
        """Return the thing or maker for which a node that keeps time or cuts a share is there."""
        while node in self.leads:
            node = self.leads[node]
        return node
