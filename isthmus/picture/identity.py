"""Which entities a picture holds to be one thing: its judgements, weighed against the identifiers that its claims give."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.claims.reader import ReadStore, StoredJudgement
from isthmus.entities import UNIQUE_SCHEMES, Resolution, Standing, resolve_judgements, standing_judgements
from isthmus.picture.cache import open_cache
from isthmus.picture.request import Visibility

READ_EACH_TIME = 500_000
"""Up to so many claims, reading the identifiers of what is judged the same is quicker than keeping what they show."""
SECOND_REVIEWER = "second_reviewer"

Identifiers = list[tuple[str, str, str]]


def standing(store: ReadStore, visibility: Visibility, judgements: Sequence[StoredJudgement]) -> Standing:
    """Return the judgements in force on the day of a picture, under its policy of review."""
    second = bool(judgements) and store.policy(SECOND_REVIEWER, known_batch=visibility.batch) == "on"
    return standing_judgements(judgements, as_of=visibility.as_of, second_reviewer=second)


def resolve(store: ReadStore, visibility: Visibility, vocabulary: str, decided: Standing) -> Resolution:
    """Return what the judgements make of the entities.

    Of a large store, the identifiers that part what judgements join are kept beside the file (see `isthmus.picture.cache`): reading
    those of a few hundred entities takes a look at every claim.
    """
    if not any(judgement.verdict == "same" for judgement in decided.decided.values()):
        return Resolution()
    if int(store.value("SELECT count(*) FROM claims")) <= READ_EACH_TIME:
        return resolve_judgements(decided, _identifiers(store, visibility))
    cache = open_cache(store, visibility, vocabulary)
    kept = cache.record("identity").get("clashing")
    if isinstance(kept, list):
        return resolve_judgements(decided, [(entity, scheme, value) for entity, scheme, value in kept])
    found = _identifiers(store, visibility)
    resolution = resolve_judgements(decided, found)
    parted = {name for name in resolution.linked if resolution.contradictions_about(name)}
    cache.keep_record("identity", {"clashing": [list(row) for row in found if row[0] in parted]})
    return resolution


def _identifiers(store: ReadStore, visibility: Visibility) -> Identifiers:
    """Return the visible identifiers (entity, scheme, value) of what was ever judged the same, of schemes that give one to a thing.

    Where a picture shows all times, numbers that are no longer used are passed over: the thing may have had another since.
    """
    schemes = ", ".join(f"'{name}'" for name in UNIQUE_SCHEMES)
    current = "" if visibility.as_of else "AND c.valid_to IS NULL "
    rows = store.rows(
        "SELECT DISTINCT e.id, q.pairs['scheme'] AS scheme, i.value FROM "
        "("
        + visibility.sql(
            "c.subject, c.qualifiers, c.value",
            "c.predicate IN (SELECT key FROM predicates WHERE id = 'identifier') AND c.stance = 0 AND c.mode = 0 "
            f"{current}AND c.subject IN (SELECT a FROM judgements WHERE verdict = 'same' UNION SELECT b FROM judgements "
            "WHERE verdict = 'same')",
        )
        + ") i "
        "JOIN entities e ON e.key = i.subject JOIN qualifier_sets q ON q.key = i.qualifiers "
        f"WHERE q.pairs['scheme'] IN ({schemes}) ORDER BY ALL"
    )
    return [(entity, scheme, value) for entity, scheme, value in rows]
