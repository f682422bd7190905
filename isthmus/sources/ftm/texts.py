r"""How the texts of FollowTheMoney are read: dates, shares, countries and words, as SQL macros.

A macro returns NULL where its text cannot be read; the caller says so as a fault and keeps the rest of the claim.
"""

from __future__ import annotations

from collections.abc import Iterable

from isthmus.sources.ftm.tables import Tables
from isthmus.sources.staging import quote

_NUMBER = r"\d{1,6}(?:[.,]\d{1,12})?|[.,]\d{1,12}"
_PERCENT = r"(?:%|٪|per ?cent|pct\.?)?"
_MARKS = {
    ">=": ">=|≥|at least|not less than|from|min\\.?|minimum",
    ">": ">|over|more than|above",
    "<=": "<=|≤|at most|not more than|up to|max\\.?|maximum",
    "<": "<|under|less than|below",
    "~": "~|≈|about|around|approx\\.?|approximately|circa|ca\\.?|c\\.",
}
_MARK = "|".join(_MARKS.values())
SHARE = rf"^({_MARK})?\s*({_NUMBER})\s*{_PERCENT}(?:\s*(?:-|–|—|to|and|\.\.)\s*({_NUMBER})\s*{_PERCENT})?$"
"""A percentage as registers write it: mark, number, and the second number of a range."""

COUNTRY = r"^[a-z]{2}(?:[a-z]{2})?(?:-[a-z0-9]{1,6})?$"
MAX_SLUG = 120


def macros(tables: Tables) -> tuple[str, ...]:
    """Return the statements that define the macros."""
    return (
        _DAY,
        _QUALIFIER,
        f"CREATE OR REPLACE TEMP MACRO ftm_slug(t) AS nullif(left(trim(regexp_replace(lower(t), "
        f"'[^\\p{{L}}\\p{{N}}.]+', '-', 'g'), '-'), {MAX_SLUG}), '')",
        f"CREATE OR REPLACE TEMP MACRO ftm_country(t) AS CASE WHEN lower(trim(t)) <> 'zz' "
        f"AND regexp_matches(lower(trim(t)), {quote(COUNTRY)}) THEN 'iso:' || upper(trim(t)) END",
        f"CREATE OR REPLACE TEMP MACRO ftm_role(t) AS {_cases('regexp_matches(lower(t), {})', tables.roles)}",
        f"CREATE OR REPLACE TEMP MACRO ftm_state(t) AS {_cases('lower(trim(t)) = {}', tables.states.items())}",
        f"CREATE OR REPLACE TEMP MACRO ftm_document(t) AS {_cases('lower(trim(t)) = {}', tables.documents.items())}",
        f"CREATE OR REPLACE TEMP MACRO ftm_mark(t) AS {_marks()}",
        # A share of 33.3 % is 0.333: decimals, because 33.3 / 100 in binary is not.
        "CREATE OR REPLACE TEMP MACRO ftm_percent(t) AS TRY_CAST(replace(t, ',', '.') AS DECIMAL(18, 12))",
        "CREATE OR REPLACE TEMP MACRO ftm_fraction(d) AS "
        "regexp_replace(CAST(d * CAST(0.01 AS DECIMAL(3, 2)) AS VARCHAR), '\\.?0+$', '')",
        f"CREATE OR REPLACE TEMP MACRO ftm_share_parts(t) AS "
        f"regexp_extract(lower(trim(t)), {quote(SHARE)}, ['mark', 'low', 'high'])",
        _BOUNDS,
        _SHARE,
    )


_DAY = """
CREATE OR REPLACE TEMP MACRO ftm_day(t) AS CASE
  WHEN left(t, 4) = '0000' THEN NULL
  WHEN regexp_full_match(t, '\\d{4}') THEN t
  WHEN regexp_full_match(t, '\\d{4}-\\d{2}') AND TRY_CAST(t || '-01' AS DATE) IS NOT NULL THEN t
  WHEN regexp_full_match(t, '\\d{4}-\\d{2}-\\d{2}(?:[T ].*)?') AND TRY_CAST(left(t, 10) AS DATE) IS NOT NULL
    THEN left(t, 10)
END"""

# `;` parts qualifiers, and a leading @ would make an entity of a text.
_QUALIFIER = """
CREATE OR REPLACE TEMP MACRO ftm_qualifier(t) AS
  nullif(ltrim(trim(regexp_replace(replace(t, ';', ','), '[\\s\\x00-\\x1f]+', ' ', 'g')), '@ '), '')"""

_SHARE = """
CREATE OR REPLACE TEMP MACRO ftm_share(t) AS CASE WHEN ftm_percent(ftm_share_parts(t).low) IS NOT NULL
  THEN ftm_bounds(ftm_mark(ftm_share_parts(t).mark), ftm_percent(ftm_share_parts(t).low),
    ftm_percent(ftm_share_parts(t).high)) END"""

_BOUNDS = """
CREATE OR REPLACE TEMP MACRO ftm_bounds(mark, a, b) AS CASE
  WHEN a > 100 OR b > 100 OR a > b OR (b IS NOT NULL AND mark <> '') THEN NULL
  WHEN b IS NOT NULL THEN {'low': ftm_fraction(a), 'high': ftm_fraction(b)}
  WHEN mark = '>=' THEN {'low': ftm_fraction(a), 'high': NULL}
  WHEN mark = '>' THEN {'low': '>' || ftm_fraction(a), 'high': NULL}
  WHEN mark = '<=' THEN {'low': NULL, 'high': ftm_fraction(a)}
  WHEN mark = '<' THEN {'low': NULL, 'high': '<' || ftm_fraction(a)}
  WHEN mark = '~' THEN {'low': '~' || ftm_fraction(a), 'high': '~' || ftm_fraction(a)}
  ELSE {'low': ftm_fraction(a), 'high': ftm_fraction(a)}
END"""


def _marks() -> str:
    whens = " ".join(f"WHEN regexp_full_match(t, {quote(words)}) THEN {quote(mark)}" for mark, words in _MARKS.items())
    return f"CASE {whens} ELSE '' END"


def _cases(test: str, pairs: Iterable[tuple[str, str]]) -> str:
    whens = " ".join(f"WHEN {test.format(quote(word))} THEN {quote(term)}" for word, term in pairs)
    return f"CASE {whens} END"
