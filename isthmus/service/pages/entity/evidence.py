"""The claims that speak of one thing: all of them where they are few, else some of each predicate with exact counts of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from isthmus.model import Claim
from isthmus.picture import Entity, Picture
from isthmus.picture.reading import POINTS

MOST = 2_000
"""Up to so many claims at one end are read whole."""
SOME = 40
"""Where there are more, so many of each predicate are read."""
_CHUNKS = 5
ABOUT, TOWARDS = "about", "towards"
IDENTITY = ("name", "kind", "identifier")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is said of a thing.

    Attributes
    ----------
    about, towards : tuple of Claim
        The claims whose subject, and those whose object, it is; of the second kind none that is of the first.
    mentions : tuple of Claim
        Those that name it in a qualifier.
    counts : dict of (side, predicate) to int
        How many there are in truth.
    whole : bool
        Whether every claim about and towards it was read.
    """

    entity: Entity
    about: tuple[Claim, ...]
    towards: tuple[Claim, ...]
    mentions: tuple[Claim, ...]
    counts: dict[Key, int] = field(default_factory=dict)
    whole: bool = True

    @property
    def total(self) -> int:
        """How many claims speak of it, those that only mention it too as far as they were read."""
        return sum(self.counts.values()) + len(self.mentions)

    @property
    def near(self) -> list[Claim]:
        """The claims that have it at one end, as far as they were read."""
        return [*self.about, *self.towards]

    def side(self, side: str, predicates: Iterable[str]) -> list[Claim]:
        """Return the claims of one side with some predicates, in the order of the predicates."""
        claims = self.about if side == ABOUT else self.towards
        return [claim for name in predicates for claim in claims if claim.predicate == name]

    def count(self, side: str, predicate: str) -> int:
        """Return how many claims there are in truth."""
        return self.counts.get((side, predicate), 0)


def read_evidence(picture: Picture, entity: Entity) -> Evidence:
    """Read the claims that speak of an entity; how long that takes does not grow with the picture's crowded places."""
    keys = picture.reader.keys(entity.members)
    if not keys:
        return Evidence(entity, (), (), ())
    listed = ", ".join(map(str, keys))
    names = dict(picture.store.rows("SELECT key, id FROM predicates"))
    about, counts_about = _read(picture, f"c.subject IN ({listed})")
    towards, counts_towards = _towards(picture, listed)
    seen = {claim.id for claim in (*about, *towards)}
    counts = {(ABOUT, names[key]): number for key, number in counts_about.items()}
    counts |= {(TOWARDS, names[key]): number for key, number in counts_towards.items()}
    mentions = tuple(claim for claim in _mentions(picture, entity) if claim.id not in seen)
    picture.load_entities(
        end for claim in (*about, *towards, *mentions) for end in (claim.subject, claim.object) if end
    )
    whole = len(about) + len(towards) == sum(counts.values())
    return Evidence(entity, tuple(about), tuple(towards), mentions, counts, whole)


def _read(picture: Picture, where: str) -> tuple[list[Claim], dict[int, int]]:
    """Return the claims that meet a condition, or some of each predicate where there are too many, and the counts by predicate."""
    sql, rows = picture.visibility.sql, picture.store.rows
    counts = {int(key): int(n) for key, n in rows(sql("c.predicate, count(*)", where) + " GROUP BY 1")}
    if not counts:
        return [], {}
    if sum(counts.values()) <= MOST:
        return picture.reader.where(where), counts
    some = " UNION ALL ".join(
        f"({sql('c.id', f'{where} AND c.predicate = {key}')} ORDER BY c.id LIMIT {SOME})" for key in sorted(counts)
    )
    ids = ", ".join(f"'{row[0]}'::UUID" for row in rows(some))
    return picture.reader.where(f"{where} AND c.id IN ({ids})"), counts


def _towards(picture: Picture, listed: str) -> tuple[list[Claim], dict[int, int]]:
    """Return the claims whose object is one of some keys, and whose subject is none of them.

    Few subjects are read point by point, by way of the table of incoming relations; what is younger than that table by a scan.
    """
    where = f'c."object" IN ({listed}) AND c.subject NOT IN ({listed})'
    found = picture.store.rows(
        f'SELECT DISTINCT subject FROM incoming WHERE "object" IN ({listed}) AND subject NOT IN ({listed}) LIMIT {POINTS + 1}'
    )
    if len(found) > POINTS or picture.visibility.batch > picture.store.indexed:
        return _read(picture, where)
    if not found:
        return [], {}
    points = " UNION ALL ".join(
        picture.visibility.sql("c.rowid, c.subject, c.predicate", f'c.subject = {key} AND c."object" IN ({listed})')
        for key in sorted(int(row[0]) for row in found)
    )
    places = picture.store.rows(points)
    return read_at(picture, places), dict(Counter(int(key) for *_, key in places))


def read_at(picture: Picture, places: Iterable[Sequence[int]]) -> list[Claim]:
    """Return the claims at some places (row number, key of the subject, …), by id.

    A few subjects are read point by point, so that no query goes through all claims; of many, one query does.
    """
    ordered = sorted((int(place[1]), int(place[0])) for place in places)
    subjects = list(dict.fromkeys(subject for subject, _ in ordered))
    if len(subjects) > _CHUNKS * POINTS:
        return sorted(
            picture.reader.at({row: subject for subject, row in ordered}).values(), key=lambda claim: claim.id
        )
    found: list[Claim] = []
    for start in range(0, len(subjects), POINTS):
        some = set(subjects[start : start + POINTS])
        found += picture.reader.at({row: subject for subject, row in ordered if subject in some}).values()
    return sorted(found, key=lambda claim: claim.id)


def _mentions(picture: Picture, entity: Entity) -> Sequence[Claim]:
    keys: list[int] = []
    for name in entity.members:
        rows = picture.store.rows(
            "SELECT key FROM qualifier_sets WHERE contains(canonical, ?) AND list_contains(map_values(pairs), ?) ORDER BY key",
            [f"@{name}", f"@{name}"],
        )
        keys += [int(row[0]) for row in rows]
    if not keys:
        return []
    where = f"c.qualifiers IN ({', '.join(map(str, keys))})"
    return read_at(
        picture,
        picture.store.rows(picture.visibility.sql("c.rowid, c.subject", where) + f" ORDER BY c.id LIMIT {SOME * 5}"),
    )


def newest_first(claims: Iterable[Claim]) -> list[Claim]:
    """Return claims with those first that are asserted of what is, then by date, the newest first."""
    by_date = sorted(claims, key=lambda claim: (_date(claim), claim.id), reverse=True)
    return sorted(by_date, key=lambda claim: (claim.stance != "asserts", claim.mode != "actual"))


def _date(claim: Claim) -> str:
    return (claim.valid_from or claim.observed or claim.valid_to or "").lstrip("<>=~")
