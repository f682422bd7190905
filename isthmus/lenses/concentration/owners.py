"""Who controls each supplier in the end: for sure, or perhaps, by the rule that the marks name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from isthmus.control.inquiry import Inquiry, ask_above, key_of
from isthmus.control.profiles import Profile, find_profile
from isthmus.control.support import chain
from isthmus.control.verdicts import CONTROLS, MAY_CONTROL, Verdict
from isthmus.model import Claim
from isthmus.picture import Picture


@dataclass(frozen=True, slots=True)
class Above:
    """Who stands at the top above a supplier.

    Attributes
    ----------
    sure, may : tuple of str
        Who controls it in the end for certain, and who may. Those of a circle stand as the first of them.
    claims, doubtful : tuple of Claim
        What carries the certain ones, and the possible ones.
    evidence : bool
        Whether anything at all is held of who has a part in it.
    """

    sure: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    doubtful: tuple[Claim, ...] = ()
    evidence: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """Who counts as the holder of what a supplier has: one party, and those that it may be instead (itself among them)."""

    entity: str
    options: tuple[str, ...]
    above: Above


class Owners:
    """Ultimate controllers of suppliers; each is asked once."""

    def __init__(self, picture: Picture, rule: str) -> None:
        self.picture = picture
        self.rule: Profile = find_profile(rule)
        self._above: dict[str, Above] = {}

    def above(self, name: str) -> Above:
        """Return who stands at the top above a supplier."""
        if name not in self._above:
            self._above[name] = self._ask(name)
        return self._above[name]

    def _ask(self, name: str) -> Above:
        entity = self.picture.entity(name)
        inquiry = ask_above(self.picture, self.rule, entity)
        if not len(inquiry.rows.towards([key_of(self.picture, entity)])):
            return Above()
        ring = {node: min(members) for members in inquiry.ruling.rings for node in members}
        sure, may = (
            [item for item in inquiry.ruling.verdicts if item.word == word and item.ultimate]
            for word in (CONTROLS, MAY_CONTROL)
        )
        # Parties that control only together are not one of them: each of them may be held to be the one.
        joint = [item for item in sure if len(item.together) > 1]
        sure = [item for item in sure if len(item.together) < 2]
        return Above(
            sure=self._names(inquiry, sure, ring),
            may=self._names(inquiry, [*joint, *may], ring),
            claims=self._carrying(inquiry, sure),
            doubtful=self._carrying(inquiry, [*joint, *may]),
            evidence=True,
        )

    def _names(self, inquiry: Inquiry, verdicts: Iterable[Verdict], ring: dict[int, int]) -> tuple[str, ...]:
        nodes = (node for item in verdicts for node in (item.together or (item.node,)))
        return tuple(sorted({inquiry.id(ring.get(node, node)) for node in nodes}))

    def _carrying(self, inquiry: Inquiry, verdicts: Iterable[Verdict]) -> tuple[Claim, ...]:
        rows = {row for item in verdicts for link in chain(inquiry.evaluation, item) for row in link.rows}
        return tuple(inquiry.claims(sorted(rows)))

    def of(self, names: Sequence[str]) -> dict[str, Owner]:
        """Return the owner of each supplier: those whose certain controller is one party have one owner.

        A supplier that nobody is known to control is its own owner.
        """
        found = {name: self.above(name) for name in names}
        counts = Counter(top for above in found.values() for top in above.sure)
        # Of several who surely control one supplier, the one that most have in common is its owner; it may count as any other's.
        tops = {
            name: sorted(above.sure or (name,), key=lambda one: (-counts[one], one)) for name, above in found.items()
        }
        perhaps: dict[str, set[str]] = {}
        for name, above in found.items():
            perhaps.setdefault(tops[name][0], set()).update(above.may)
        return {
            name: Owner(top[0], tuple(dict.fromkeys((*top, *sorted(perhaps[top[0]])))), found[name])
            for name, top in tops.items()
        }
