"""Which entities of a picture may be one thing: pairs with score and reasons, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from isthmus.claims.words import search_words
from isthmus.entities.matching import DIFFERENT, POSSIBLE, SAME, Match, Reason, Subject, load_model, match
from isthmus.entities.matching.match import vetoed
from isthmus.entities.matching.search import find_matches
from isthmus.picture import Picture
from isthmus.picture.heads import resolved
from isthmus.picture.subjects import read_kinds
from isthmus.picture.twins import one_letter_apart

_NEAR = 24
_NO_TWINS = ("group", "place", "state", "norm", "event", "document", "organization")
_NEUTRAL = ("same_as", "linked_to", "variant_of", "succeeds")
UNNAMED = "(not named)"
"""How a person is called whom a source does not name: such names are one description, and not one person."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entities that may be one.

    Attributes
    ----------
    by_rule : bool
        Whether a rule may join them: both are organisations, and nothing speaks against it but what the score has weighed.
    doubt : str
        Why a rule may not, though the verdict is *same*.
    """

    a: str
    b: str
    match: Match
    by_rule: bool = False
    doubt: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return ``{"a", "b", "score", "verdict", "reasons", "names"}``."""
        return {"a": self.a, "b": self.b, **self.match.to_json()}


def propose(
    picture: Picture,
    subjects: dict[str, Subject],
    bar: float | None,
    who: str,
    step: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> list[Proposal]:
    """Return the pairs that may be one, best first; pairs with a standing judgement are left out.

    Parameters
    ----------
    bar : float or None
        The lowest score; None: the model's bar of *possible*, and any score where a source or a slip of the pen speaks for the pair.
    who : str
        Who asks: what awaits a second reviewer is proposed to everyone but the first.
    """
    kinds = read_kinds(picture)
    is_a = picture.vocabulary.is_a
    rooted = {head: {root for kind in kinds.get(head, ()) for root in _roots(picture, kind)} for head in subjects}
    bodies = [head for head in subjects if rooted[head] & {"organization"} or kinds.get(head) == {"party"}]
    people = [head for head in subjects if any(is_a(kind, "person") for kind in kinds.get(head, ()))]
    bodies, people = ([head for head in group if _is_named(subjects[head])] for group in (bodies, people))
    things = [head for head in subjects if rooted[head] and not rooted[head] & set(_NO_TWINS)]
    lowest = load_model().possible if bar is None else bar
    found: dict[tuple[str, str], Proposal] = {}
    for group, by_rule in ((bodies, True), (people, False)):
        matches = find_matches(
            [subjects[head] for head in group], None, limit=_NEAR, bar=lowest, step=step, progress=progress
        )
        for at, near in enumerate(matches):
            for other, score in near:
                pair = _pair(group[at], group[other])
                found[pair] = (
                    _by_rule(Proposal(*pair, score), subjects) if by_rule else Proposal(*pair, _for_a_person(score))
                )
    for proposal in (*_twins(subjects, things, rooted), *_said(picture, subjects)):
        found.setdefault((proposal.a, proposal.b), proposal)
    settled, second = _settled(picture, who)
    left = [item for pair, item in found.items() if pair not in settled and item.match.score >= (bar or 0.0)]
    left = [
        _with(item, Reason("second_reviewer", 0.0, second[item.a, item.b])) if (item.a, item.b) in second else item
        for item in left
    ]
    return sorted(_related(picture, left), key=lambda item: (-item.match.score, item.a, item.b))


def _is_named(subject: Subject) -> bool:
    """Tell whether a name is more than a description of somebody whom the source does not name."""
    return not any(name.endswith(UNNAMED) for name in subject.names)


def _by_rule(item: Proposal, subjects: dict[str, Subject]) -> Proposal:
    """Return a pair of organisations, with what keeps a rule from joining them.

    Letters may be the initials of many names, and a number may be misprinted: both need names that agree, or a person.
    """
    told = item.match
    if told.verdict != SAME:
        return item
    if _by_initials(told) and not _without_initials(item, subjects):
        return replace(item, doubt="one is the initials of the other, which other names may have too")
    if any(reason.feature == "identifier" for reason in told.reasons):
        a, b = (replace(subjects[head], identifiers=frozenset()) for head in (item.a, item.b))
        if match(a, b).verdict == DIFFERENT:
            return replace(item, doubt="they share an identifier, but their names differ")
    if _of_common_words(told):
        return replace(item, doubt="the names hold common words only, so that another firm may be called so too")
    return replace(item, by_rule=True)


def _of_common_words(told: Match) -> bool:
    """Tell whether two names that are not written alike agree in places, trades and bodies alone."""
    one, other = (search_words(name) for name in told.names)
    return one != other and any(reason.feature == "no_brand" for reason in told.reasons)


def _by_initials(told: Match) -> bool:
    return any(reason.feature.startswith("initial") and reason.weight > 0 for reason in told.reasons)


def _without_initials(item: Proposal, subjects: dict[str, Subject]) -> bool:
    """Tell whether the two are the same by other names than the one that is made of initials."""
    sides = (subjects[item.a], subjects[item.b])
    for at, side in enumerate(sides):
        others = tuple(name for name in side.names if name != item.match.names[at])
        if others:
            again = match(replace(side, names=others), sides[1 - at])
            if again.verdict == SAME and not _by_initials(again):
                return True
    return False


def _for_a_person(told: Match) -> Match:
    """Return a match of two people: many people bear one name, so names alone never make them the same."""
    return replace(told, verdict=POSSIBLE) if told.verdict == SAME else told


def _roots(picture: Picture, kind: str) -> Iterator[str]:
    """Yield what a kind is: the broadest kind, and ``organization`` where it is one."""
    kinds = picture.vocabulary.kinds
    while kind in kinds:
        broader = kinds[kind].broader
        if kind in ("organization", "person", "state") or broader is None:
            yield kind
            return
        kind = broader


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _with(item: Proposal, reason: Reason) -> Proposal:
    return replace(item, match=replace(item.match, reasons=(reason, *item.match.reasons)))


def _twins(subjects: dict[str, Subject], heads: Sequence[str], rooted: dict[str, set[str]]) -> Iterator[Proposal]:
    """Yield people and things of one kind whose names differ in a letter at most, whatever the score: a slip of the pen is likely."""
    names = ((head, name) for head in heads for name in subjects[head].names)
    for one, two, name, other in one_letter_apart(names):
        a, b = _pair(one, two)
        told = match(subjects[a], subjects[b])
        if rooted[a] & rooted[b] and vetoed(subjects[a], subjects[b]) is None:
            same = name.casefold() == other.casefold()
            note = f"both are called “{name}”" if same else f"“{name}” and “{other}” differ in one letter"
            pair = (name, other) if one == a else (other, name)
            reason = Reason("same_name" if same else "one_letter", 0.0, note)
            yield Proposal(a, b, Match(told.score, POSSIBLE, (reason, *told.reasons), pair))


def _said(picture: Picture, subjects: dict[str, Subject]) -> Iterator[Proposal]:
    """Yield pairs that a source says are one: evidence, and no judgement."""
    for one, two, source in _claims_between(picture, "IN ('same_as')"):
        if one in subjects and two in subjects and one != two:
            a, b = _pair(one, two)
            told = match(subjects[a], subjects[b])
            if vetoed(subjects[a], subjects[b]) is None:
                reason = Reason("said_to_be_one", 0.0, f"{source} says that they are one")
                verdict = POSSIBLE if told.verdict == DIFFERENT else told.verdict
                yield Proposal(a, b, Match(told.score, verdict, (reason, *told.reasons), told.names))


def _settled(picture: Picture, who: str) -> tuple[set[tuple[str, str]], dict[tuple[str, str], str]]:
    """Return the pairs that need no proposal, and those that await a second reviewer who is not `who`."""
    of = picture.resolution.of
    settled = {_pair(of(a), of(b)) for a, b in picture.standing.decided}
    second = {}
    for (a, b), judgement in picture.standing.awaiting.items():
        if judgement.who.strip().casefold() == who.strip().casefold():
            settled.add(_pair(of(a), of(b)))
        else:
            second[_pair(of(a), of(b))] = f"{judgement.who} judged them the same; a second reviewer is needed"
    return settled - second.keys(), second


def _claims_between(picture: Picture, predicates: str, among: Iterable[str] = ()) -> list[tuple[str, str, str]]:
    """Return (subject, object, source or predicate) of the claims that tie two entities, by canonical id."""
    within = ""
    if keys := picture.reader.keys(list({name for head in among for name in picture.resolution.group(head)})):
        listed = ", ".join(map(str, keys))
        within = f' AND c.subject IN ({listed}) AND c."object" IN ({listed})'
    where = f'c.predicate IN (SELECT key FROM predicates WHERE id {predicates}) AND c."object" IS NOT NULL AND c.stance = 0{within}'
    told = "w.id" if not among else "p.id"
    rows = picture.store.rows(
        f"SELECT DISTINCT s.id, o.id, {told} FROM {resolved(picture, where)} c JOIN entities s ON s.key = c.subject "
        'JOIN entities o ON o.key = c."object" JOIN sources w ON w.key = c."source" JOIN predicates p ON p.key = c.predicate ORDER BY ALL'
    )
    return [(str(a), str(b), str(c)) for a, b, c in rows]


def ties_between(picture: Picture, heads: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return what claims say between pairs of entities that ties them together as two things, in words."""
    ties: dict[tuple[str, str], str] = {}
    if wanted := sorted(set(heads)):
        for a, b, predicate in _claims_between(picture, f"NOT IN {_NEUTRAL}", wanted):
            if a != b:
                ties.setdefault(_pair(a, b), f"{picture.caption(a)} {predicate.replace('_', ' ')} {picture.caption(b)}")
    return ties


def _related(picture: Picture, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield the proposals; where a claim ties the two as two things (one owns the other), a rule must not join them."""
    ties = ties_between(picture, {head for item in proposals for head in (item.a, item.b)})
    for item in proposals:
        tie = ties.get((item.a, item.b))
        if tie is None:
            yield item
            continue
        score = min(item.match.score, load_model().same - 0.01)
        told = replace(item.match, score=score, verdict=POSSIBLE if item.match.verdict == SAME else item.match.verdict)
        yield _with(replace(item, match=told, by_rule=False, doubt=""), Reason("related", 0.0, f"a claim says: {tie}"))
