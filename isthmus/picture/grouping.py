"""Group the visible claims into relations: one for each subject, predicate, object, set of qualifiers and mode."""

from __future__ import annotations

from isthmus.claims.working import keep_query
from isthmus.picture.heads import resolved
from isthmus.picture.picture import Picture

GROUPED = "temp.grouped_relations"
UNITS = "temp.unit_numbers"
_NUMBERED = "(c.low IS NOT NULL OR c.high IS NOT NULL)"


def group_relations(picture: Picture) -> str:
    """Make the working table of the picture's relations and return its name; the next picture replaces it.

    The columns hold keys of the store, which depend on the order of loading: number them by id before they leave it. Ends are
    canonical entities. `low` and `high` are the hull of what is asserted, so claims of different dates and bounds are all within it:
    null where a claim leaves that side unbounded or where the claims count in different units. `unit` is a number of the table `UNITS`.
    `bits` joins the claims' bits (1 low open, 2 high open, 4 low near, 8 high near). `voice` and `other_voice` are
    the least and greatest voice of its claims (see `voice_join`): the same where a single work says it all.
    """
    # Least and greatest of numbers are cheap to keep for each group, of texts they are not.
    keep_query(
        picture.store,
        UNITS.removeprefix("temp."),
        "SELECT unit, (row_number() OVER (ORDER BY unit) - 1)::USMALLINT AS number "
        "FROM (SELECT DISTINCT unit FROM claims WHERE unit IS NOT NULL)",
    )
    keep_query(picture.store, GROUPED.removeprefix("temp."), _query(picture))
    return GROUPED


def voice_join() -> tuple[str, str]:
    """Return (expression, join) for the work or works that a claim `c` rests on, as one number.

    Minus the key of a source, or the key of a set of several origins; one origin alone is the same work as that source read itself.
    """
    join = "LEFT JOIN (SELECT key, -members[1] AS only FROM origin_sets WHERE len(members) = 1) g ON g.key = c.origin"
    return 'CASE WHEN c.origin IS NULL THEN -c."source" ELSE coalesce(g.only, c.origin) END', join


def _query(picture: Picture) -> str:
    voice, join = voice_join()
    same = "min(unit) IS NOT DISTINCT FROM max(unit)"
    return f"""
    SELECT subject, predicate, "object", qualifiers, mode, count(*)::INTEGER AS claims,
      (count(*) FILTER (stance = 0))::INTEGER AS asserts, (count(*) FILTER (stance = 1))::INTEGER AS denies,
      CASE WHEN {same} AND NOT bool_or(no_low) THEN min(low) END AS low,
      CASE WHEN {same} AND NOT bool_or(no_high) THEN max(high) END AS high,
      bit_or(bits) AS bits, CASE WHEN {same} THEN min(unit) END AS unit,
      min(voice) AS voice, max(voice) AS other_voice
    FROM (
      SELECT c.subject, c.predicate, c."object", coalesce(c.qualifiers, 0) AS qualifiers, c.mode, c.stance, {voice} AS voice,
        CASE WHEN c.stance = 0 THEN c.low END AS low, CASE WHEN c.stance = 0 THEN c.high END AS high,
        CASE WHEN c.stance = 0 THEN c.bits ELSE 0 END AS bits, CASE WHEN c.stance = 0 AND {_NUMBERED} THEN u.number END AS unit,
        c.stance = 0 AND c.low IS NULL AND c.high IS NOT NULL AS no_low,
        c.stance = 0 AND c.high IS NULL AND c.low IS NOT NULL AS no_high
      FROM {resolved(picture, 'c."object" IS NOT NULL')} c {join} LEFT JOIN {UNITS} u ON u.unit = c.unit)
    GROUP BY ALL"""
