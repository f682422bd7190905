"""Gather what is said of a thing that is evidence of a channel, and what is said and may count in none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from isthmus.lenses.points.standing import DENIED, HELD, MAY, SEARCHED, resting_on, standing
from isthmus.lenses.points.table import EACH, Rule, Table, Test
from isthmus.model import Claim
from isthmus.picture import Entity, Picture

ITSELF = "what a thing holds in itself is nobody else's"
_ENDS = (("subject", "object"), ("object", "subject"))


@dataclass(frozen=True, slots=True)
class Piece:
    """One claim as evidence that `holder` has a channel.

    Attributes
    ----------
    how : str
        How it stands on the day that is asked about.
    needs_post : bool
        Whether it counts only where the holder, a person, has another post that matters.
    through : str or None
        The group of which it is said, where the thing is said to be a member of that group; `beside` is the claim that says so.
    beside : tuple of Claim
        Further claims without which this one is no evidence.
    """

    channel: str
    holder: str
    claim: Claim
    how: str
    needs_post: bool = False
    through: str | None = None
    beside: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A claim between the thing and the `other`, which stands at `end`."""

    claim: Claim
    other: str
    end: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was read of a thing itself, the evidence in it and in what is said of its groups, and why no owner is stated."""

    direct: tuple[Read, ...]
    pieces: tuple[Piece, ...]
    unstated: tuple[Claim, ...]


def gather(picture: Picture, entity: Entity, table: Table) -> Evidence:
    """Return the evidence on `entity` itself; its parts and what it owns are other things and are not looked at."""
    tests = [*(rule.test for rule in table.rules), *(test for test, _ in table.aside)]
    direct = _read(picture, entity, tests)
    pieces = [piece for read in direct for piece in _pieces(picture, entity, table.rules, read)]
    grouped = tuple(rule for rule in table.rules if rule.members)
    for group, belongs in _groups(picture, entity):
        for read in _read(picture, group, [rule.test for rule in grouped]):
            if read.other != entity.id:
                found = _pieces(picture, group, grouped, read, of_members=True)
                pieces += _through(picture, group, belongs, found)
    unstated = picture.claims_about(entity, predicates=("owners_unstated",))
    return Evidence(
        tuple(direct), tuple(pieces), tuple(claim for claim in unstated if standing(picture, claim) in (HELD, MAY))
    )


def set_aside(
    picture: Picture, entity: Entity, table: Table, reads: Iterable[Read]
) -> dict[tuple[str, str], list[Read]]:
    """Return claims that count in no channel, by predicate and reason."""
    found: dict[tuple[str, str], list[Read]] = {}
    for read in reads:
        if read.other == entity.id:
            found.setdefault((read.claim.predicate, ITSELF), []).append(read)
            continue
        for test, why in table.aside:
            if test.takes(picture, read.claim, read.other, entity.id, read.end):
                found.setdefault((read.claim.predicate, why), []).append(read)
                break
    return found


def _read(picture: Picture, entity: Entity, tests: Iterable[Test]) -> list[Read]:
    """Return the claims between an entity and another that a test may take; one about itself alone is read once."""
    far: dict[str, set[str]] = {end: set() for end, _ in _ENDS}
    for test in tests:
        for end in far:
            if test.end in (end, "either"):
                far[end] |= test.says
    claims = {claim.id: claim for claim in picture.claims_towards(entity, predicates=sorted(far["subject"]))}
    claims |= {claim.id: claim for claim in picture.claims_about(entity, predicates=sorted(far["object"]))}
    found = []
    for name in sorted(claims):
        claim = claims[name]
        ends = {end: picture.resolution.of(getattr(claim, end) or "") for end, _ in _ENDS}
        near = [end for end, here in _ENDS if claim.object and ends[here] == entity.id]
        found += [Read(claim, ends[end], end) for end in near[:1]]
    picture.load_entities(read.other for read in found)
    return found


def _pieces(
    picture: Picture, thing: Entity, rules: Iterable[Rule], read: Read, *, of_members: bool = False
) -> Iterator[Piece]:
    """Yield the evidence that a claim is, one piece a channel; of two rules for one channel the first counts."""
    if read.other == thing.id:
        return
    done = set()
    for rule in rules:
        if rule.channel in done or not rule.test.takes(picture, read.claim, read.other, thing.id, read.end):
            continue
        done.add(rule.channel)
        may = rule.may or (of_members and rule.members != EACH)
        how = standing(picture, read.claim, may=may)
        yield Piece(rule.channel, read.other, read.claim, how, rule.post)


def _groups(picture: Picture, entity: Entity) -> list[tuple[Entity, Claim]]:
    """Return the groups that the entity is said to belong to, each with the claim that says it best."""
    claims = [claim for claim in picture.claims_about(entity, predicates=("member_of",)) if claim.object]
    picture.load_entities(claim.object for claim in claims if claim.object)
    best: dict[str, tuple[str, Claim]] = {}
    for claim in claims:
        how, group = standing(picture, claim), picture.resolution.of(claim.object or "")
        if how not in (HELD, MAY) or not picture.is_kind(group, "group"):
            continue
        if group not in best or (how == HELD and best[group][0] == MAY):
            best[group] = (how, claim)
    return [(picture.entity(group), claim) for group, (_, claim) in sorted(best.items())]


def _through(picture: Picture, group: Entity, belongs: Claim, pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield what is said of a group as evidence on its member; that a group lacks something says nothing of one member."""
    member = standing(picture, belongs)
    for piece in pieces:
        if piece.how not in (DENIED, SEARCHED):
            yield replace(piece, how=resting_on(piece.how, member), through=group.id, beside=(belongs,))
