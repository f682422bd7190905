"""Claims as text columns again: the inverse of loading."""

from __future__ import annotations

from collections.abc import Sequence

from isthmus.model import MARKINGS
from isthmus.sources.staging import quote

Terms = tuple[str, str, str | None]
_NEAR = {"low": (1, 4, ">"), "high": (2, 8, "<")}


def texts_sql(claims: str, modes: Sequence[str], stances: Sequence[str], terms: Sequence[Terms] = ()) -> str:
    """Return SQL that puts the keys of `claims` (SQL over the table) back into words.

    Parameters
    ----------
    terms : sequence of (source id, marking, licence)
        What sources say of their own terms: a claim has its source's licence where it states none, and the stricter marking.

    Yields
    ------
    columns
        `CLAIM_COLUMNS` as text (NULL where empty), `id` and `recorded_at`, in the order of loading a claim again.
    """
    return f"""
    SELECT e.id AS subject, p.id AS predicate, o.id AS "object", c.value, c.value_lang, {_bound("low")} AS low, {_bound("high")} AS high,
      c.unit, q.canonical AS qualifiers, f.written AS valid_from, t.written AS valid_to, d.written AS observed,
      {_named("c.mode", modes)} AS mode, s.id AS "source", g.canonical AS origin, c.locator, c.hedge,
      {_named("c.stance", stances)} AS stance, {_named("greatest(c.marking, coalesce(k.marking, 0))", MARKINGS)} AS marking,
      coalesce(c.licence, k.licence) AS licence,
      c.id::VARCHAR AS id, b.recorded_at::VARCHAR AS recorded_at
    FROM ({claims}) c JOIN entities e ON e.key = c.subject LEFT JOIN entities o ON o.key = c."object"
      JOIN predicates p ON p.key = c.predicate JOIN sources s ON s.key = c."source" JOIN batches b ON b.key = c.batch
      LEFT JOIN qualifier_sets q ON q.key = c.qualifiers LEFT JOIN origin_sets g ON g.key = c.origin
      LEFT JOIN (VALUES {_values(terms)}) k(id, marking, licence) ON k.id = s.id
      LEFT JOIN dates f ON f.key = c.valid_from LEFT JOIN dates t ON t.key = c.valid_to LEFT JOIN dates d ON d.key = c.observed"""


def _bound(side: str) -> str:
    open_bit, near_bit, mark = _NEAR[side]
    number = f"CASE WHEN c.{side} = trunc(c.{side}) AND abs(c.{side}) < 1e15 THEN c.{side}::BIGINT::VARCHAR ELSE c.{side}::VARCHAR END"
    marked = f"CASE WHEN c.bits & {open_bit} > 0 THEN '{mark}' WHEN c.bits & {near_bit} > 0 THEN '~' ELSE '' END"
    return f"(CASE WHEN c.{side} IS NULL THEN NULL ELSE {marked} || {number} END)"


def _named(column: str, names: Sequence[str]) -> str:
    whens = " ".join(f"WHEN {rank} THEN '{name}'" for rank, name in enumerate(names))
    return f"(CASE {column} {whens} END)"


def _values(terms: Sequence[Terms]) -> str:
    rows = [
        f"({quote(name)}, {MARKINGS.index(marking)}, {quote(licence) if licence else 'NULL'})"
        for name, marking, licence in terms
    ]
    return ", ".join(rows) or "('', 0, NULL)"
