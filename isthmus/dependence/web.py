"""The needs of a picture as arrays, with the claims behind each alternative."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

import numpy as np

from isthmus.dependence.needs import Given, given_needs
from isthmus.dependence.reading import read_rows
from isthmus.dependence.rows import LEVELS, STRENGTHS, Flags, Ints, Rows
from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.graph import Needs
from isthmus.model import Claim
from isthmus.picture import Picture


@dataclass(frozen=True, eq=False)
class Web:
    """Everything that needs something or is needed, under one level of strength.

    Attributes
    ----------
    picture : Picture
    level : str
        One of `LEVELS`.
    given : Given
        What the claims come to: rows for the kernel, and what each of them stands for.
    needs : Needs
        Nodes up to ``len(given.keys)`` are things, in order of their keys in the store; nodes from there on stand for a thing as
        somebody is supplied with it, where the thing is one of several alternatives.
    """

    picture: Picture
    level: str
    given: Given
    needs: Needs
    _claims: dict[int, tuple[Claim, ...]] = field(default_factory=dict)
    _few: dict[int, Claim] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> Rows:
        """Return the claims about dependence."""
        return self.given.rows

    @property
    def things(self) -> int:
        """Return how many nodes are things."""
        return len(self.given.keys)

    def node(self, name: str) -> int | None:
        """Return the node of an entity by its canonical id; None where nothing is held of what it needs or who needs it."""
        held = self.picture.reader.keys([name])
        place = int(np.searchsorted(self.given.keys, held[0])) if held else self.things
        return place if place < self.things and self.given.keys[place] == held[0] else None

    def thing(self, node: int) -> int:
        """Return the node of the thing that a node is or stands for."""
        return node if node < self.things else int(self.given.behind[node - self.things])

    def id(self, node: int) -> str:
        """Return the id of the thing that a node is or stands for."""
        if node not in self._names:
            key = int(self.given.keys[self.thing(node)])
            self._names[node] = self.picture.reader.ids([key])[key]
        return self._names[node]

    def ids(self, nodes: Iterable[int]) -> list[str]:
        """Return the ids of nodes, and read what these things are called in one go."""
        keys = [int(self.given.keys[self.thing(node)]) for node in nodes]
        found = self.picture.reader.ids(keys)
        names = [found[key] for key in keys]
        self.picture.load_entities(names)
        return names

    def need_name(self, need: int) -> str | None:
        """Return what claims call a need; None for the plain need of one thing or of its supply."""
        number = int(self.needs.numbers[need])
        return self.rows.texts[number] if number < self.given.plain_from else None

    def is_supply(self, need: int) -> bool:
        """Tell whether a need is for one of the suppliers of a thing."""
        return int(self.needs.numbers[need]) >= self.given.supply_from

    def supplied(self, need: int) -> str:
        """Return the id of the thing for whose suppliers a need is."""
        key = int(self.needs.numbers[need]) - self.given.supply_from
        return self.picture.reader.ids([key])[key]

    @cached_property
    def _behind(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.needs.places, kind="stable")
        starts = np.searchsorted(self.needs.places[order], np.arange(self.needs.alternatives.size + 1))
        return starts, self.given.row[order]

    def rows_at(self, place: int) -> Ints:
        """Return the rows behind an alternative, by its place among the alternatives of all needs."""
        starts, rows = self._behind
        return rows[starts[place] : starts[place + 1]]

    def claims_at(self, places: Iterable[int]) -> list[Claim]:
        """Return the claims behind some alternatives, by id."""
        places = list(places)
        self._read(places)
        if len(places) == 1:
            return list(self._claims[places[0]])
        found = {claim.id: claim for place in places for claim in self._claims[place]}
        return [found[name] for name in sorted(found)]

    def _read(self, places: Iterable[int]) -> None:
        """Read the claims behind alternatives that were not read yet, in one go."""
        missing = {place: self._wanted((place,)) for place in places if place not in self._claims}
        if not missing:
            return
        claims = self.picture.reader.at(
            {row: subject for wanted in missing.values() for row, subject in wanted.items()}
        )
        for place, wanted in missing.items():
            self._claims[place] = tuple(sorted((claims[row] for row in wanted), key=_by_id))

    def few_claims_at(self, groups: Sequence[Sequence[int]], most: int) -> list[tuple[list[Claim], int]]:
        """Return, of the claims behind some groups of alternatives, the first `most` behind each alternative, and how many there are.

        A part that is in a thousand bills is told of a thousand times: who asks for the things does not wait for all of that.
        """
        starts, order = self._behind
        some = {
            place: order[starts[place] : min(starts[place] + most, starts[place + 1])].tolist()
            for places in groups
            for place in places
        }
        wanted = {int(self.rows.claim[row]): int(self.rows.place[row]) for rows in some.values() for row in rows}
        missing = {claim: subject for claim, subject in wanted.items() if claim not in self._few}
        if missing:
            self._few.update(self.picture.reader.at(missing))
        found = []
        for places in groups:
            rows = [row for place in places for row in some[place]]
            claims = {claim.id: claim for claim in (self._few[int(self.rows.claim[row])] for row in rows)}
            total = sum(int(starts[place + 1] - starts[place]) for place in places)
            found.append(([claims[name] for name in sorted(claims)], total))
        return found

    def claim_ids_at(self, groups: Sequence[Iterable[int]]) -> list[list[str]]:
        """Return the ids of the claims behind some groups of alternatives, sorted; quicker than to read so many claims."""
        wanted = [self._wanted(places) for places in groups]
        names = self.picture.reader.names_at({claim for each in wanted for claim in each})
        return [sorted(names[claim] for claim in each) for each in wanted]

    def _wanted(self, places: Iterable[int]) -> dict[int, int]:
        """Return the rows in the store of the claims behind some alternatives, with the keys of their subjects."""
        starts, order = self._behind
        rows = [row for place in places for row in order[starts[place] : starts[place + 1]].tolist()]
        claim, subject = self.rows.claim, self.rows.place
        return {int(claim[row]): int(subject[row]) for row in rows}

    @cached_property
    def certain(self) -> Flags:
        """Return, for the alternatives of all needs, whether some claim behind it surely holds on the day and under no condition."""
        found = np.zeros(self.needs.alternatives.size, dtype=np.bool_)
        rows = self.given.row
        found[self.needs.places[self.rows.sure[rows] & ~self.rows.conditional[rows]]] = True
        return found

    @cached_property
    def _strongest(self) -> Ints:
        """Return the strength of the strongest claim about each need."""
        best = np.full(self.needs.size, len(STRENGTHS), dtype=np.int64)
        need = np.searchsorted(self.needs.cuts, self.needs.places, side="right") - 1
        np.minimum.at(best, need, self.rows.strength[self.given.row])
        return best

    def strength(self, need: int) -> str:
        """Return the strength of a need: that of the strongest claim about it."""
        return STRENGTHS[int(self._strongest[need])]

    def notes(self) -> list[str]:
        """Return what bounds every answer from these needs."""
        rows = self.rows
        told = self.set_aside()
        doubtful = int((~rows.sure).sum())
        if doubtful:
            they = "it holds on the day; it counts" if doubtful == 1 else "they hold on the day; they count"
            told.append(f"of {claims_in_all(doubtful)} it is not sure that {they} as holding")
        conditional = int(rows.conditional.sum())
        if conditional:
            told.append(
                f"{claims_in_all(conditional)} {_verb(conditional, 'hold')} under a condition; it counts as met"
            )
        return [*told, *self.short_notes()]

    def set_aside(self) -> list[str]:
        """Say how many claims were set aside, and why."""
        return [f"{claims_in_all(number)} {_agreeing(number, why)}" for why, number in self.given.aside.items()]

    def short_notes(self) -> list[str]:
        """Say how many needs take more alternatives than are known."""
        many = len(self.given.short)
        if not many:
            return []
        needs = "1 need takes" if many == 1 else f"{many:,} needs take"
        return [f"{needs} more alternatives than are known here; each known one counts as needed"]


def claims_in_all(number: int) -> str:
    """Return a number of claims in words."""
    return f"{number:,} claim{'' if number == 1 else 's'} in all the picture"


def _verb(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb


def _agreeing(number: int, why: str) -> str:
    """Return why claims were set aside, with the verbs of one claim where there is one."""
    return _VERBS.sub(lambda found: _SINGLE.get(found[0], f"{found[0]}s"), why) if number == 1 else why


_by_id = attrgetter("id")
_VERBS = re.compile(r"(?:^|(?<=and )|(?<=surely ))(?:say|speak|give|deny|do|take|name)\b")
_SINGLE = {"deny": "denies", "do": "does"}


def web_of(picture: Picture, level: str = "required") -> Web:
    """Return the needs of a picture that count at a level of strength; they are compiled once.

    Raises
    ------
    ArgumentError
        There is no such level.
    """
    if level not in LEVELS:
        raise ArgumentError(
            f"“{level}” is no strength of a need.", where="strength", hint=f"Use one of {', '.join(LEVELS)}."
        )
    memo = f"dependence web {level}"
    if memo not in picture.memo:
        given = given_needs(read_rows(picture), level)
        nodes = len(given.keys) + len(given.behind)
        needs = Needs.build(nodes, given.subject, given.number, given.alternative, given.at_least)
        picture.memo[memo] = Web(picture, level, given, needs)
    found = picture.memo[memo]
    assert isinstance(found, Web)
    return found
