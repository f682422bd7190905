"""What is not known about a thing: unnamed members, what was looked for in vain, what is withheld."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from isthmus.model import Claim, Gap
from isthmus.picture.picture import Entity, Picture
from isthmus.quantities import Quantity

MEMBERS = ("members", "parties", "participants", "founders")


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a group: how many there are by its sources, and those that are named."""

    group: Entity
    counted: Quantity | None
    named: tuple[Entity, ...]
    claims: tuple[str, ...]
    incomplete: bool

    @property
    def missing(self) -> Quantity | None:
        """How many members are not named: the count less the distinct named, None where no count is known."""
        if self.counted is None:
            return None
        return self.counted.sub(Quantity.exactly(len(self.named), self.counted.unit))


def members_of(picture: Picture, group: Entity, claims: Sequence[Claim] | None = None) -> Members:
    """Return what is known of the members of a group.

    Parameters
    ----------
    claims : sequence of Claim or None
        The claims about the group and towards it, where they are at hand; None: they are read.
    """
    if claims is None:
        claims = [
            *picture.claims_about(group, predicates=("count", "completeness")),
            *picture.claims_towards(group, predicates=("member_of",)),
        ]
    own = [claim for claim in claims if claim.predicate in ("count", "completeness") and claim.subject in group.members]
    counts = [
        claim
        for claim in own
        if claim.predicate == "count"
        and claim.quantity
        and claim.object is None
        and claim.qualifier("of") in MEMBERS
        and claim.mode == "actual"
        and claim.stance == "asserts"
        and not claim.qualifier("segment")
    ]
    joined = [
        claim
        for claim in claims
        if claim.predicate == "member_of"
        and claim.object in group.members
        and claim.stance == "asserts"
        and claim.mode == "actual"
        and claim.quantity is None
    ]
    picture.load_entities(claim.subject for claim in joined)
    heads = sorted({picture.resolution.of(claim.subject) for claim in joined})
    named = [picture.entity(head) for head in heads]
    counted = max(counts, key=lambda claim: (claim.observed or "", claim.id), default=None)
    closing = [claim for claim in own if claim.predicate == "completeness"]
    used = (*([counted] if counted else []), *joined, *closing)
    return Members(
        group=group,
        counted=counted.quantity if counted else None,
        named=tuple(entity for entity in named if "group" not in entity.kinds),
        claims=tuple(claim.id for claim in used),
        incomplete=any(claim.value == "incomplete" for claim in closing),
    )


def member_gap(members: Members, what: str) -> Gap | None:
    """Return the gap that unnamed members leave, None where all are named or nothing says how many there are."""
    missing = members.missing
    if missing is None:
        if not members.incomplete:
            return None
        text = f"{what}: the list of members is not complete; {len(members.named)} are named"
        return Gap("unnamed", text, members.claims)
    if missing.high is not None and missing.high <= 0:
        return None
    counted = members.counted
    assert counted is not None
    plain = missing.exact and missing.low is not None
    number: Quantity | int = round(missing.low or 0) if plain else missing
    whole: Quantity | int = round(counted.low) if counted.exact and counted.low is not None else counted
    said = counted.words()
    text = f"{what}: {number if plain else missing.words()} of {said} are not named"
    return Gap("unnamed", text, members.claims, n=number, of=whole)


def entity_gaps(picture: Picture, entity: Entity, claims: Sequence[Claim]) -> list[Gap]:
    """Return the gaps that claims about and towards an entity leave.

    Parameters
    ----------
    claims : sequence of Claim
        The claims about the entity and towards it.
    """
    gaps: list[Gap] = []
    for group in _groups(picture, entity, claims):
        reason = "members of " + group.caption if group.id != entity.id else entity.caption
        at_hand = claims if group.id == entity.id else None
        gap = member_gap(members_of(picture, group, at_hand), reason)
        if gap:
            gaps.append(gap)
    gaps += searched_gaps(picture, claims)
    gaps += [
        Gap(
            "withheld",
            f"{picture.caption(claim.subject)}: {claim.predicate} is withheld by its source",
            (claim.id,),
            n=1,
        )
        for claim in claims
        if claim.qualifier("reason") == "withheld"
    ]
    return gaps


def _groups(picture: Picture, entity: Entity, claims: Iterable[Claim]) -> list[Entity]:
    near = {picture.resolution.of(name) for claim in claims for name in (claim.subject, claim.object) if name}
    near.add(entity.id)
    picture.load_entities(near)
    towards = {
        picture.resolution.of(claim.subject)
        for claim in claims
        if claim.object in entity.members and claim.predicate != "member_of"
    }
    from_it = {
        picture.resolution.of(claim.object)
        for claim in claims
        if claim.object
        and claim.subject in entity.members
        and claim.predicate not in ("member_of", "located_in", "operates_in")
    }
    wanted = sorted(towards | from_it | {entity.id})
    return [picture.entity(name) for name in wanted if name == entity.id or "group" in picture.entity(name).kinds]


def searched_gaps(picture: Picture, claims: Iterable[Claim]) -> list[Gap]:
    """Return a gap for each claim that says something was looked for and not found."""
    found = []
    for claim in claims:
        if claim.stance == "not_found":
            thing = picture.caption(claim.object) if claim.object else claim.value or ""
            what = f"{picture.caption(claim.subject)}: {claim.predicate.replace('_', ' ')} {thing} was looked for and not found"
            when = claim.observed or claim.valid_from
            found.append(Gap("searched", what, (claim.id,), where=claim.source, when=when))
    return found
