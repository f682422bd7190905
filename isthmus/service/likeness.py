"""Which things of an open picture a description may mean: candidates by name and identifier, with score and reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from isthmus.claims.exports.ftm import identifier_properties
from isthmus.claims.words import search_words
from isthmus.entities.matching import Match, Subject, load_model, match
from isthmus.entities.matching.keys import fresh_keys, keys_of
from isthmus.errors import InputError
from isthmus.picture import Picture
from isthmus.picture.subjects import can_be_compared, country_code, read_subjects, valid_identifier
from isthmus.service.ftm_things import ftm_things
from isthmus.service.matching import read_kind

INDEXED = 20_000
"""Of up to so many things every name is read once; of more, those are compared that share a word."""
COMPARED = 400
"""At most so many candidates are compared with one description, those that share most with it first."""
PER_WORD = 60
_ANY = ("thing", "legalentity")
_NAMES = ("name", "alias", "previousName", "weakAlias", "abbreviation")
_PARTS = ("firstName", "secondName", "middleName", "patronymic", "lastName")
_COUNTRIES = ("country", "jurisdiction", "mainCountry", "citizenship", "nationality")
_MEMO = "things by their keys"


@dataclass(frozen=True, slots=True)
class Like:
    """A thing that a description may mean."""

    entity: str
    match: Match

    def to_json(self, picture: Picture) -> dict[str, Any]:
        """Return id, caption, kinds, score, verdict and reasons."""
        entity = picture.entity(self.entity)
        return {"id": entity.id, "caption": entity.caption, "kinds": list(entity.kinds), **self.match.to_json()}


def describe(schema: str, properties: Mapping[str, Sequence[str]]) -> Subject:
    """Return what a FollowTheMoney example says of a thing; what is no name, country or identifier is passed over.

    Parameters
    ----------
    schema : str
        A schema such as ``Company``; ``Thing`` and ``LegalEntity`` leave the kind open.

    Raises
    ------
    ArgumentError
        There is no such schema.
    """
    kind = None if schema.casefold() in _ANY else read_kind(schema)
    names = dict.fromkeys(value.strip() for key in _NAMES for value in properties.get(key, ()))
    if not names and kind == "person":
        names = dict.fromkeys([" ".join(value for key in _PARTS for value in properties.get(key, ()))])
    countries = {code for key in _COUNTRIES for value in properties.get(key, ()) if (code := country_code(value))}
    identifiers = {
        found
        for key, scheme in identifier_properties().items()
        for value in properties.get(key, ())
        if (found := valid_identifier(scheme, value))
    }
    return Subject(tuple(filter(can_be_compared, names)), kind, frozenset(countries), frozenset(identifiers))


def find_like(picture: Picture, wanted: Subject, *, limit: int = 5, bar: float | None = None) -> list[Like]:
    """Return the things that a description may mean, the likeliest first.

    Parameters
    ----------
    wanted : Subject
        Names, and what else is known: kind, countries, identifiers.
    bar : float or None
        The lowest score; None: the model's bar of *possible*.
    """
    lowest = load_model().possible if bar is None else bar
    names = tuple(filter(can_be_compared, wanted.names))
    if not names and not wanted.identifiers:
        return []
    asked = Subject(names, wanted.kind, wanted.countries, wanted.identifiers, wanted.since, wanted.until)
    found = []
    for head, subject in _near(picture, asked).items():
        told = match(asked, subject, bar=lowest)
        if told.score >= lowest:
            found.append(Like(head, told))
    found.sort(key=lambda one: (-one.match.score, one.entity))
    picture.load_entities(one.entity for one in found[:limit])
    return found[:limit]


def _near(picture: Picture, wanted: Subject) -> dict[str, Subject]:
    if int(picture.store.value("SELECT count(*) FROM entities")) > INDEXED:
        return _by_words(picture, wanted)
    subjects, by_key = _index(picture)
    shared = Counter(head for key in keys_of(wanted.names, wanted.identifiers) for head in by_key.get(key, ()))
    return {head: subjects[head] for head, _ in shared.most_common(COMPARED)}


def _index(picture: Picture) -> tuple[dict[str, Subject], dict[str, list[str]]]:
    if _MEMO not in picture.memo:
        subjects = read_subjects(picture)
        by_key: dict[str, list[str]] = {}
        for head, subject in subjects.items():
            for key in fresh_keys(subject.names, subject.identifiers):
                by_key.setdefault(key, []).append(head)
        picture.memo[_MEMO] = subjects, by_key
    found = picture.memo[_MEMO]
    assert isinstance(found, tuple)
    return found


def _by_words(picture: Picture, wanted: Subject) -> dict[str, Subject]:
    shared: Counter[str] = Counter()
    for name in wanted.names:
        for word in {name, *search_words(name)}:
            shared.update(hit.entity.id for hit in picture.find(word, PER_WORD))
    for scheme, value in wanted.identifiers:
        try:
            shared[picture.resolve(f"{scheme}:{value}").id] += COMPARED
        except InputError:
            continue
    return {head: _subject(picture, head) for head, _ in shared.most_common(COMPARED)}


def _subject(picture: Picture, head: str) -> Subject:
    """Return what a thing is called and identified by; its countries and dates are not looked up one by one."""
    entity = picture.entity(head)
    names: dict[str, None] = {}
    identifiers = set()
    for claim in picture.claims_about(entity, predicates=("name", "identifier")):
        value, scheme = claim.value or "", claim.qualifier("scheme")
        if claim.predicate == "name" and can_be_compared(value):
            names[value] = None
        elif scheme and (found := valid_identifier(scheme, value)):
            identifiers.add(found)
    kind = "person" if "person" in entity.kinds else min(entity.kinds, default=None)
    return Subject(tuple(names), kind, identifiers=frozenset(identifiers))


def match_example(
    picture: Picture,
    schema: str,
    properties: Mapping[str, Sequence[str]],
    *,
    dataset: str | None,
    limit: int,
    threshold: float,
    cutoff: float,
) -> list[dict[str, Any]]:
    """Return the things that an example may mean in the shape of yente's results: the thing with score, features and match.

    Parameters
    ----------
    dataset : str or None
        Only things of which this source says something; None or ``default``: all.
    threshold, cutoff : float
        From which score a result is a match, and from which it is returned.

    Raises
    ------
    ArgumentError
        There is no such schema.
    """
    wanted = describe(schema, properties)
    within = dataset not in (None, "default")
    near = find_like(picture, wanted, limit=COMPARED if within else limit, bar=cutoff)
    things = ftm_things(picture, [one.entity for one in near])
    kept = [one for one in near if not within or dataset in things[one.entity]["datasets"]][:limit]
    return [
        {
            **things[one.entity],
            "score": one.match.score,
            "features": {reason.feature: reason.weight for reason in one.match.reasons},
            "match": one.match.score >= threshold,
        }
        for one in kept
    ]
