"""One question about one thing under one rule: the rows, the graph, the verdicts, and the claims behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from isthmus.control.closure import above, below
from isthmus.control.economic import Economic, owners_of, rounds_of
from isthmus.control.evaluate import Evaluation
from isthmus.control.graph import Graph, build_graph
from isthmus.control.profiles import Profile
from isthmus.control.reading import heads_of, read_rows, rows_around
from isthmus.control.rows import Rows
from isthmus.control.verdicts import INFLUENCES, Ruling, Verdict, controlled_by, rule_on
from isthmus.model import Claim
from isthmus.picture import Entity, Picture

STATES = ("state", "public_body", "political_organ")
"""Kinds of entity that are a state or a body of one."""
_STATES = "states"


@dataclass(frozen=True)
class Inquiry:
    """What bears on a question about one entity.

    Attributes
    ----------
    picture : Picture
    profile : Profile
    entity : Entity
        Whom or what the question is about.
    rows : Rows
        All that bears on it, and no more.
    """

    picture: Picture
    profile: Profile
    entity: Entity
    rows: Rows

    @cached_property
    def graph(self) -> Graph:
        """The graph of the rows under the rule."""
        return build_graph(self.rows, self.profile)

    @cached_property
    def evaluation(self) -> Evaluation:
        """The command relation of the graph."""
        return Evaluation(self.graph)

    @cached_property
    def node(self) -> int | None:
        """The entity in the graph; None where nothing is held about its control."""
        return self.graph.place.get(key_of(self.picture, self.entity))

    @cached_property
    def ruling(self) -> Ruling:
        """The verdicts on everybody above the entity.

        A natural person has influence where the office is, and is not followed into what that body controls.
        """
        if self.node is None:
            return Ruling(())
        found = rule_on(self.evaluation, self.node)
        return replace(found, verdicts=self._without_far_persons(found.verdicts))

    @cached_property
    def below(self) -> tuple[Verdict, ...]:
        """The verdicts on what the entity controls."""
        return () if self.node is None else self._without_far_persons(controlled_by(self.evaluation, self.node))

    def _without_far_persons(self, verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
        ties = self.graph.influences
        near = set(zip(ties.source.tolist(), ties.target.tolist(), strict=True))
        far = [item for item in verdicts if item.word == INFLUENCES and (item.node, item.target) not in near]
        self.picture.load_entities(self.id(item.node) for item in far)
        left = {item for item in far if self.picture.is_kind(self.id(item.node), "person")}
        return tuple(item for item in verdicts if item not in left)

    @cached_property
    def economic(self) -> Economic:
        """What part of the entity belongs to whom, over all chains."""
        commanded = self.profile.arithmetic == "control_is_100"
        return Economic({}, {}) if self.node is None else owners_of(self.evaluation, self.node, commanded=commanded)

    @cached_property
    def rounds(self) -> dict[int, float]:
        """What each node of a circle has of itself over all rounds, itself once."""
        return rounds_of(self.evaluation)

    @cached_property
    def names(self) -> dict[int, str]:
        """The id of each node."""
        ids = self.picture.reader.ids(self.graph.keys.tolist())
        return {node: ids[int(key)] for node, key in enumerate(self.graph.keys)}

    def id(self, node: int) -> str:
        """Return the id of a node."""
        return self.names[node]

    def claims(self, rows: Iterable[int]) -> list[Claim]:
        """Return the claims behind rows of the graph, by id."""
        wanted = self.rows.places(rows)
        found = claims_at(self.picture, wanted)
        return sorted((found[place] for place in wanted), key=lambda claim: claim.id)

    def load(self, rows: Iterable[int]) -> None:
        """Read the claims behind many rows in one go; `claims` finds them at hand then."""
        claims_at(self.picture, self.rows.places(rows))

    def is_state(self, node: int) -> bool:
        """Tell whether a node is a state or a body of one."""
        return int(self.graph.keys[node]) in states(self.picture)

    @cached_property
    def _under_states(self) -> dict[bool, dict[int, list[int]]]:
        found: dict[bool, dict[int, list[int]]] = {False: {}, True: {}}
        for state in sorted(node for node in self.names if self.is_state(node)):
            for possible in (False, True):
                for node in self.evaluation.reach(state, possible=possible).steps:
                    found[possible].setdefault(node, []).append(state)
        return found

    def states_above(self, node: int) -> tuple[list[int], list[int]]:
        """Return the states and bodies of states that command a node for sure, and those that only may."""
        sure = self._under_states[False].get(node, [])
        return sure, [state for state in self._under_states[True].get(node, []) if state not in sure]


def states(picture: Picture) -> frozenset[int]:
    """Return the keys of the canonical entities that are a state or a body of one."""
    if _STATES not in picture.memo:
        kinds = [
            kind for kind in picture.vocabulary.kinds if any(picture.vocabulary.is_a(kind, state) for state in STATES)
        ]
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        said = (
            f"c.predicate IN (SELECT key FROM predicates WHERE id = 'kind') AND c.stance = 0 AND c.value IN ({listed})"
        )
        heads = heads_of(picture)
        rows = picture.store.rows(picture.visibility.sql("DISTINCT c.subject", said))
        picture.memo[_STATES] = frozenset(heads.get(key, key) for (key,) in rows)
    found = picture.memo[_STATES]
    assert isinstance(found, frozenset)
    return found


def key_of(picture: Picture, entity: Entity) -> int:
    """Return the key of an entity in the store."""
    return picture.reader.keys([entity.id])[0]


def ask_above(picture: Picture, profile: Profile, entity: Entity) -> Inquiry:
    """Return what bears on who controls an entity."""
    key = key_of(picture, entity)
    return Inquiry(picture, profile, entity, above(rows_around(picture, key), key))


def ask_below(picture: Picture, profile: Profile, entity: Entity) -> Inquiry:
    """Return what bears on what an entity controls."""
    key = key_of(picture, entity)
    return Inquiry(picture, profile, entity, below(read_rows(picture), key, profile))


def claims_at(picture: Picture, places: Mapping[int, int]) -> dict[int, Claim]:
    """Return claims by their rows in the store; what was read before is at hand.

    Parameters
    ----------
    places : mapping of row to the key of the claim's subject
    """
    held = picture.memo.setdefault("claims by row", {})
    assert isinstance(held, dict)
    missing = {place: subject for place, subject in places.items() if place not in held}
    if missing:
        held.update(picture.reader.at(missing))
    return held
