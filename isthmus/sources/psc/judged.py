"""The lines of the snapshot, judged: who holds, in which company, since and until when, and what is wrong with a line."""

from __future__ import annotations

from collections.abc import Mapping

from isthmus.sources.ftm.tables import values
from isthmus.sources.psc.codes import Nature
from isthmus.sources.staging import quote


def judged_sql(day: str | None) -> str:
    """Return SQL over `parsed` that adds `fault`, `left_why`, `id` (the holder), `company`, `begins` and `ended`.

    Parameters
    ----------
    day : str or None
        The day of the snapshot, the last on which something that ended without a date can have ended.
    """
    fault = """CASE WHEN code IS NULL THEN 'the line has no data.kind'
        WHEN class IS NULL THEN 'there is no kind “' || left(code, 80) || '”'
        WHEN class = 'totals' THEN NULL
        WHEN given IS NULL THEN 'the line has no company_number'
        WHEN number IS NULL THEN '“' || left(given, 80) || '” is no company number'
        WHEN class = 'holder' AND name IS NULL THEN 'the holder has no name'
        WHEN name[1] IN ('{', '[') AND json_valid(name) THEN 'name holds a nested value, and a text is needed'
        WHEN class = 'holder' AND british = number THEN 'the company is named as a holder of itself: ' || number
        WHEN class = 'holder' AND coalesce(json_type(natures), 'NULL') NOT IN ('ARRAY', 'NULL')
          THEN 'natures_of_control is no list'
        WHEN class = 'statement' AND about IS NULL THEN 'the statement has no code' END"""
    # A bare number in the register of a nation that has letters before its numbers could be another company's.
    british = """CASE WHEN NOT person AND psc_british(where_) AND NOT (
        regexp_full_match(registration, '[0-9 ]+') AND psc_elsewhere(where_)) THEN psc_number(psc_folded(registration)) END"""
    tail = "regexp_extract(link, '([^/\\s;@=]+)/?$', 1)"
    own = f"'gb-psc:' || coalesce(nullif({tail}, ''), number || ':' || psc_slug(coalesce(name, code)))"
    last = "psc_day(until)"
    # Who ceased on a day that is not said ceased by the day of the snapshot; without that, nothing true can be written.
    ended = f"coalesce({last}, CASE WHEN ceased THEN {quote(f'<={day}') if day else 'NULL'} END)"
    left = """CASE WHEN class = 'totals' THEN 'the totals of the snapshot'
        WHEN ceased AND ended IS NULL THEN 'holders who ceased on a day that is not said' END"""
    read = f"""SELECT * EXCLUDE where_, {british} AS british, '<=' || psc_day(since) AS begins, {ended} AS ended
      FROM (SELECT *, concat_ws(' ', country, place) AS where_ FROM parsed WHERE broken IS NULL)"""
    return f"""SELECT *, {fault} AS fault, {left} AS left_why, coalesce('gb-coh:' || british, {own}) AS id,
        'gb-coh:' || number AS company FROM ({read})"""


def good(class_: str) -> str:
    """Return SQL for the lines of a class that say something."""
    return f"SELECT * FROM judged WHERE fault IS NULL AND left_why IS NULL AND class = '{class_}'"


def interests_sql(natures: Mapping[str, Nature | None]) -> str:
    """Return SQL over `judged`: each nature of each holder; one without any has an interest that is not said.

    Where a nature is not known, `predicate` is NULL.

    Parameters
    ----------
    natures : mapping
        What each nature of control in the file means; None where it is not known.
    """
    rows = [
        (code, found.predicate, found.qualifiers, found.low, found.high) for code, found in natures.items() if found
    ]
    known = values(("nature", "predicate", "pairs", "low", "high"), rows or [(None,) * 5])
    some = "json_array_length(natures) > 0"
    listed = f"""list_distinct(CASE WHEN {some} THEN from_json(natures, '["VARCHAR"]') ELSE [''] END)"""
    return f"""SELECT line, id, company, beneficial, begins, ended, link, number, code, h.nature,
        CASE WHEN h.nature = '' THEN 'has_interest_in' ELSE n.predicate END AS predicate,
        CASE WHEN h.nature = '' THEN 'interest=unknownInterest; direct=unknown' ELSE n.pairs END AS pairs, n.low, n.high
      FROM (SELECT *, coalesce(unnest({listed}), 'null') AS nature FROM ({good("holder")})) h
        LEFT JOIN ({known}) n ON n.nature = h.nature"""


def holders_sql() -> str:
    """Return SQL over `judged` and `interests`: the holders of whom something is said that we know; others stay out."""
    return f"SELECT * FROM ({good('holder')}) WHERE line IN (SELECT line FROM interests WHERE predicate IS NOT NULL)"
