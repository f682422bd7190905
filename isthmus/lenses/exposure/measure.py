"""How exposed a thing is: what it loses if all that an actor controls failed together, and which of that it reaches."""

from __future__ import annotations

from dataclasses import dataclass

from isthmus.control.profiles import Profile
from isthmus.control.verdicts import MAY_CONTROL
from isthmus.dependence.losses import NOTHING, Below, below
from isthmus.dependence.supply import SupplyWeb, supply_web_of
from isthmus.lenses.exposure.held import APART, COUNTED, Holdings, holdings_of
from isthmus.picture import Entity, Picture

WHOLLY, IN_PART, MAY, NONE = "depends wholly", "depends in part", "may depend", "no dependence found"


@dataclass(frozen=True, eq=False)
class Measured:
    """How exposed a thing is to an actor.

    Attributes
    ----------
    web : SupplyWeb
    held : Holdings
    below : Below or None
        The thing with all that it needs; None where nothing is held of that.
    sure, may, apart : tuple of str
        What the thing reaches and the actor surely controls, only may control, and can only block or influence; nearest first.
    share : pair of float or None
        What the thing loses if all of that failed together: the certain ones at least, with the possible ones at most.
    """

    web: SupplyWeb
    held: Holdings
    below: Below | None
    sure: tuple[str, ...]
    may: tuple[str, ...]
    apart: tuple[str, ...]
    share: tuple[float, float] | None

    @property
    def reached(self) -> tuple[str, ...]:
        """Return all that is reached and counted, certain ones first."""
        return (*self.sure, *self.may)

    @property
    def verdict(self) -> str:
        """Return the verdict in words."""
        if self.share is None:
            return NONE
        low, high = self.share
        return WHOLLY if low >= 1 - NOTHING else IN_PART if low > NOTHING else MAY if high > NOTHING else NONE

    def node(self, name: str) -> int:
        """Return the node of something that is reached."""
        node = self.web.node(name)
        assert node is not None
        return node

    def alone(self, name: str) -> tuple[float, float]:
        """Return what the thing loses if one other alone failed."""
        assert self.below is not None
        return self.below.loses([self.node(name)])


def measure(picture: Picture, thing: Entity, actor: Entity, rule: Profile, strength: str) -> Measured:
    """Return how exposed a thing is to an actor, under a rule of control and a strength of needs."""
    web = supply_web_of(picture, strength)
    held = holdings_of(picture, actor, rule)
    node = web.node(thing.id)
    if node is None or not web.needs_of(node):
        return Measured(web, held, None, (), (), (), None)
    part = below(web, node)
    near: dict[str, int] = {}
    for name in held.words:
        other = web.node(name)
        if other is not None and other != node and part.reaches(other):
            near[name] = int(part.tiers[part.local(other)])
    ordered = sorted(near, key=lambda name: (near[name], name))
    sure, may, apart = (
        tuple(name for name in ordered if held.words[name] in words)
        for words in ([word for word in COUNTED if word != MAY_CONTROL], [MAY_CONTROL], APART)
    )
    found = Measured(web, held, part, sure, may, apart, None)
    certain = part.loses(found.node(name) for name in sure)
    possible = part.loses(found.node(name) for name in (*sure, *may)) if may else certain
    return Measured(web, held, part, sure, may, apart, (certain[0], max(certain[0], possible[1])))
