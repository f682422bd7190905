"""The verdict on each party that has something to say in a thing, under one rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from isthmus.control.evaluate import Evaluation
from isthmus.control.graph import Ties
from isthmus.control.profiles import Profile
from isthmus.control.rows import WHOLE
from isthmus.kernels.components import components

CONTROLS, MAY_CONTROL, CAN_BLOCK, INFLUENCES, CANNOT = "controls", "may control", "can block", "influences", "cannot"
ORDER = (CONTROLS, MAY_CONTROL, CAN_BLOCK, INFLUENCES, CANNOT)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one party, or several together, can do with a thing.

    Attributes
    ----------
    node, target : int
        The party and the thing, as nodes of the graph.
    word : str
        One of `ORDER`.
    low, high : int or None
        What the party has of the thing with all that it commands, in units of 1e-8; None where it commands no holder.
    together : tuple of int
        The parties that have this only together (a concert, the members of a group).
    also : tuple of str
        What else holds that the word does not say.
    ultimate : bool
        Whether nobody who commands the thing commands the party.
    """

    node: int
    target: int
    word: str
    low: int | None = None
    high: int | None = None
    together: tuple[int, ...] = ()
    also: tuple[str, ...] = ()
    ultimate: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdicts on one thing, and the circles at the top of those who control it."""

    verdicts: tuple[Verdict, ...]
    rings: tuple[tuple[int, ...], ...] = ()


def rule_on(evaluation: Evaluation, target: int) -> Ruling:
    """Return the verdict on everybody above a thing who has one, strongest first."""
    certain = evaluation.commanders(target, possible=False)
    possible = evaluation.commanders(target, possible=True) - certain
    top, rings = evaluation.highest(certain | {target}, possible=False)
    may_top, _ = evaluation.highest(certain | possible, possible=True)
    shares = _Shares(evaluation, target)
    blocking = _blocking(evaluation, target, shares)
    influence = _influencing(evaluation, target, certain)
    direct = {holder for holder, *_ in evaluation.holders.get(target, ())} - {target}
    found = []
    for node in sorted(certain | possible | blocking | influence | direct):
        words = [
            word
            for word, nodes in (
                (CONTROLS, certain), (MAY_CONTROL, possible), (CAN_BLOCK, blocking), (INFLUENCES, influence)
            )
            if node in nodes
        ]  # fmt: skip
        low, high = shares.of(node)
        found.append(
            Verdict(
                node,
                target,
                words[0] if words else CANNOT,
                low,
                high,
                together=tuple(evaluation.groups.get(node, ())) if words[:1] in ([CONTROLS], [MAY_CONTROL]) else (),
                also=tuple(words[1:]),
                ultimate=node in (top if node in certain else may_top),
            )
        )
    found += _concerts(evaluation, target, certain, possible)
    ringed = [tuple(ring) for ring in rings if target in ring or set(ring) & certain]
    return Ruling(tuple(sorted(_strongest(found), key=_order)), tuple(ringed))


def _strongest(verdicts: Iterable[Verdict]) -> list[Verdict]:
    best: dict[int, Verdict] = {}
    for verdict in verdicts:
        held = best.get(verdict.node)
        if held is None or ORDER.index(verdict.word) < ORDER.index(held.word):
            best[verdict.node] = verdict
    return list(best.values())


def _order(verdict: Verdict) -> tuple[int, bool, int, int]:
    return (ORDER.index(verdict.word), not verdict.ultimate, -(verdict.low or 0), verdict.node)


def share_of(evaluation: Evaluation, node: int, target: int) -> tuple[int | None, int | None]:
    """Return what a party has of a thing with all that it surely commands, and with all that it may command."""
    holders = {holder for holder, *_ in evaluation.holders.get(target, ())}
    if not holders:
        return None, None
    sure, perhaps = (evaluation.members(node, possible=possible) for possible in (False, True))
    if (holders - {target}).isdisjoint(perhaps):
        return None, None
    return evaluation.bounds(sure, target)[0], evaluation.bounds(perhaps, target)[1]


class _Shares:
    """What each party has of one thing: `share_of` for all parties at once, by asking of each holder who commands it."""

    def __init__(self, evaluation: Evaluation, target: int) -> None:
        self.evaluation, self.target = evaluation, target
        self.sure: dict[int, list[int]] = {}
        self.perhaps: dict[int, list[int]] = {}
        for holder in {holder for holder, *_ in evaluation.holders.get(target, ())} - {target}:
            for table, possible in ((self.sure, False), (self.perhaps, True)):
                for node in {holder, *evaluation.commanders(holder, possible=possible)}:
                    table.setdefault(node, []).append(holder)

    def of(self, node: int) -> tuple[int | None, int | None]:
        """Return what `share_of` returns."""
        evaluation, target = self.evaluation, self.target
        if node in evaluation.groups:
            return share_of(evaluation, node, target)
        if node == target or node not in self.perhaps:
            return None, None
        return evaluation.bounds(self.sure.get(node, ()), target)[0], evaluation.bounds(self.perhaps[node], target)[1]


def share_word(profile: Profile, low: float, high: float) -> tuple[str, bool | None]:
    """Return the verdict that a rule of shares gives on a share of 1, and whether its test is met (None: perhaps)."""
    threshold = profile.quota if profile.threshold is None else profile.threshold
    least, most = round(low * WHOLE), round(high * WHOLE)
    over, perhaps = (held >= threshold if profile.from_threshold else held > threshold for held in (least, most))
    met = True if over else None if perhaps else False
    half = WHOLE // 2
    return CONTROLS if least > half else MAY_CONTROL if most > half else INFLUENCES if met else CANNOT, met


def _blocking(evaluation: Evaluation, target: int, shares: _Shares) -> set[int]:
    """Return who can block: by a right of its own or of somebody it commands, or by a stake so large that no decision passes it."""
    graph = evaluation.graph
    rights = {
        source
        for source, held, certain in _each(graph.blocks)
        if held == target and certain
    }  # fmt: skip
    found = set(rights)
    for node in rights:
        found |= evaluation.commanders(node, possible=False)
    found |= {node for node in shares.sure if (shares.of(node)[0] or -1) >= graph.profile.block}
    return found - {target}


def _influencing(evaluation: Evaluation, target: int, certain: set[int]) -> set[int]:
    """Return who influences the thing, or somebody who controls it; influence goes over one link and no further."""
    sources = {source for source, held, _ in _each(evaluation.graph.influences) if held == target or held in certain}
    found = set(sources)
    for node in sources:
        found |= evaluation.commanders(node, possible=False)
    return found - {target}


def _concerts(evaluation: Evaluation, target: int, certain: set[int], possible: set[int]) -> list[Verdict]:
    """Return the verdicts on parties that act in concert and have together what none of them has alone."""
    found: list[Verdict] = []
    named: set[int] = set()
    for word, perhaps in ((CONTROLS, False), (MAY_CONTROL, True)):
        for parties in components(
            (one, other) for one, other, sure in _each(evaluation.graph.concert) if sure or perhaps
        ):
            together = frozenset(parties)
            alone = certain | possible if perhaps else certain
            if target in together or not together.isdisjoint(alone | named):
                continue
            sure, may = (evaluation.reach(_as_one(evaluation, together, each), possible=each) for each in (False, True))
            if target in (may if perhaps else sure).steps:
                low, high = evaluation.bounds(sure.members, target)[0], evaluation.bounds(may.members, target)[1]
                shown = [node for node in parties if share_of(evaluation, node, target) != (None, None)]
                found += [Verdict(node, target, word, low, high, together=tuple(parties)) for node in shown]
                named |= together
    return found


def _as_one(evaluation: Evaluation, parties: Iterable[int], possible: bool) -> frozenset[int]:
    return frozenset(node for party in parties for node in evaluation.start(party, possible=possible))


def controlled_by(evaluation: Evaluation, node: int) -> tuple[Verdict, ...]:
    """Return the verdict on each thing that a party controls, may control, can block or influences."""
    sure = evaluation.reach(node, possible=False)
    perhaps = evaluation.reach(node, possible=True)
    words: dict[int, str] = {}
    for target in sure.steps:
        words[target] = CONTROLS
    for target in perhaps.steps:
        words.setdefault(target, MAY_CONTROL)
    for target, word in _lesser(evaluation, sure.members):
        if target not in words or ORDER.index(word) < ORDER.index(words[target]):
            words[target] = word
    found = [Verdict(node, target, word, *share_of(evaluation, node, target)) for target, word in words.items()]
    return tuple(sorted(found, key=lambda verdict: (ORDER.index(verdict.word), verdict.target)))


def _lesser(evaluation: Evaluation, inside: frozenset[int]) -> Iterator[tuple[int, str]]:
    """Yield what parties that act as one have in things that they do not control: rights to block, stakes, influence."""
    graph = evaluation.graph
    for source, target, certain in _each(graph.blocks):
        if source in inside and target not in inside and certain:
            yield target, CAN_BLOCK
    for source, target, _ in _each(graph.influences):
        if source in inside:
            for below in (target, *evaluation.reach(target, possible=False).steps):
                if below not in inside:
                    yield below, INFLUENCES
    for source in sorted(inside):
        for target, *_ in evaluation.held.get(source, ()):
            if target not in inside:
                least, _ = evaluation.bounds(inside, target)
                yield target, CAN_BLOCK if least and least >= graph.profile.block else CANNOT


def _each(ties: Ties) -> Iterable[tuple[int, int, bool]]:
    return zip(ties.source.tolist(), ties.target.tolist(), ties.certain.tolist(), strict=True)
