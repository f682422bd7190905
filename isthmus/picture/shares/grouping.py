"""By what a tally groups: a country, a partner, a year, a qualifier, or what a predicate says of the holder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from isthmus.errors import ArgumentError
from isthmus.model import Claim
from isthmus.picture.picture import Picture
from isthmus.picture.shares.figures import Held
from isthmus.picture.shares.nobody import is_nobody

STEPS = 4
HOLDERS = ("subject", "holder", "supplier", "owner", "party", "member", "entity", "firm")
OTHERS = ("object", "partner", "item", "recipient", "thing")
PLACES = ("country", "state")
BASES = ("headquarters", "registered", "nationality", "jurisdiction", "main_country")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a tally: its label, the entity that it is, and whether it is an aggregate that nobody may count as one."""

    label: str
    entity: str | None = None
    aggregate: str | None = None


UNKNOWN = Group("not known", aggregate="unknown")


class Grouper:
    """Puts holders into groups.

    Parameters
    ----------
    by : str
        ``country``; ``subject`` (and holder, supplier, owner ...); ``object`` (and partner ...); ``kind``; ``source``; ``year``; a
        qualifier; or a predicate.
    far : bool
        Whether the question names the subject, so that groups are of the object.
    """

    def __init__(self, picture: Picture, by: str, *, far: bool) -> None:
        self.picture = picture
        self.by = by
        self.far = far
        vocabulary = picture.vocabulary
        known = (*HOLDERS, *OTHERS, *PLACES, "kind", "source", "year")
        if by not in known and by not in vocabulary.qualifiers and by not in vocabulary.predicates:
            raise ArgumentError(
                f"a tally cannot be grouped by “{by}”.",
                where="--by",
                hint=f"Use {', '.join(('country', 'subject', 'partner', 'kind', 'source', 'year'))}, a qualifier or a predicate.",
            )
        self._countries: dict[str, Group] = {}

    def groups(self, held: Sequence[Held]) -> list[Group]:
        """Return the group of each holder, in order."""
        if self.by in PLACES:
            self._load_countries(self._end(item) for item in held)
            return [self._countries[self._end(item)] for item in held]
        if self.by in self.picture.vocabulary.predicates and self.by not in HOLDERS:
            return self._by_predicate([self._end(item) for item in held])
        return [self._plain(item) for item in held]

    def _end(self, item: Held) -> str:
        return item.object if self.far and item.object else item.subject

    def _plain(self, item: Held) -> Group:
        if self.by in HOLDERS:
            return self._thing(item.subject)
        if self.by in OTHERS:
            return self._thing(item.object) if item.object else UNKNOWN
        first = item.claims[0]
        if self.by == "kind":
            kinds = self.picture.entity(self._end(item)).kinds
            return Group(kinds[0]) if kinds else UNKNOWN
        if self.by == "source":
            return Group(first.source)
        if self.by == "year":
            date = (first.valid_from or first.observed or first.valid_to or "").lstrip("<>=~")
            return Group(date[:4]) if date else UNKNOWN
        value = first.qualifier(self.by)
        if value is None:
            return UNKNOWN
        return self._thing(value[1:]) if value.startswith("@") else Group(value)

    def _thing(self, name: str) -> Group:
        entity = self.picture.entity(name)
        return Group(entity.caption, entity.id, aggregate_of(self.picture, name))

    def _by_predicate(self, names: Sequence[str]) -> list[Group]:
        claims = self._claims(set(names), (self.by,))
        found: dict[str, set[str]] = {}
        for claim in claims:
            target = claim.object or claim.value
            if target:
                found.setdefault(self.picture.resolution.of(claim.subject), set()).add(target)
        groups = []
        for name in names:
            targets = sorted(found.get(name, ()))
            if not targets:
                groups.append(UNKNOWN)
            else:
                held = self.picture.reader.keys(targets[:1])
                groups.append(self._thing(targets[0]) if held else Group(targets[0]))
        return groups

    def _claims(self, names: set[str], predicates: Sequence[str]) -> list[Claim]:
        members = [member for name in sorted(names) for member in self.picture.resolution.group(name)]
        claims = self.picture.reader.about(self.picture.reader.keys(members), predicates=predicates)
        return [claim for claim in claims if claim.stance == "asserts" and claim.mode == "actual"]

    def _load_countries(self, names: Iterable[str]) -> None:
        """Find the state of each entity: itself, or where it is seated, step by step from place to place."""
        wanted = sorted({name for name in names if name not in self._countries})
        self.picture.load_entities(wanted)
        reached = {name: {self.picture.resolution.of(name)} for name in wanted}
        for _ in range(STEPS):
            open_ends = {end for ends in reached.values() for end in ends if not self._final(end)}
            if not open_ends:
                break
            steps = self._seats(open_ends)
            if not steps:
                break
            reached = {name: {to for end in ends for to in steps.get(end, {end})} for name, ends in reached.items()}
            self.picture.load_entities({end for ends in reached.values() for end in ends})
        for name in wanted:
            self._countries[name] = self._country(name, reached[name])

    def _final(self, name: str) -> bool:
        return self.picture.is_kind(name, "state") or aggregate_of(self.picture, name) == "remainder"

    def _seats(self, names: set[str]) -> dict[str, set[str]]:
        claims = self._claims(names, ("located_in", "part_of"))
        seats: dict[str, dict[bool, set[str]]] = {}
        for claim in claims:
            if claim.object is None or (
                claim.predicate == "part_of" and not self.picture.is_kind(claim.subject, "place")
            ):
                continue
            head = self.picture.resolution.of(claim.subject)
            firm = claim.qualifier("basis") in (None, *BASES)
            seats.setdefault(head, {}).setdefault(firm, set()).add(self.picture.resolution.of(claim.object))
        return {head: found.get(True) or found[False] for head, found in seats.items()}

    def _country(self, name: str, ends: set[str]) -> Group:
        states = sorted(end for end in ends if self.picture.is_kind(end, "state"))
        if len(states) == 1:
            return Group(self.picture.caption(states[0]), states[0])
        aggregate = aggregate_of(self.picture, name)
        if aggregate:
            return Group(self.picture.caption(name), self.picture.resolution.of(name), aggregate)
        return UNKNOWN


def is_unnamed(picture: Picture, name: str) -> bool:
    """Tell whether a holder is not one party: a group, or one whose only name is a word that names nobody (“Various”)."""
    return picture.is_kind(name, "group") or (not picture.is_kind(name, "state") and is_nobody(picture.caption(name)))


def aggregate_of(picture: Picture, name: str) -> str | None:
    """Return ``remainder`` for a group of holders not named, ``region`` for a place that is no state, None for one thing."""
    if picture.is_kind(name, "state"):
        return None
    if is_unnamed(picture, name):
        return "remainder"
    return "region" if picture.is_kind(name, "place") else None
