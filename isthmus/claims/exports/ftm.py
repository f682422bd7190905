"""FollowTheMoney entities as JSON lines: things with what is said of them, and an edge entity for each relation.

Things merge what several sources say; the data sets of the sources stand beside them. An edge is one claim: its id is that of
the claim, `recordId` is the claim's locator, and what FollowTheMoney has no property for (the source's own doubt, a date
with a mark) stands in `description`. Only what a source asserts as actual is written: a plan or a denial would read as a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import yaml

from isthmus.claims.exports.writing import Written, count_reasons, write_lines
from isthmus.sources.staging import quote

_PLAIN_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
_DATES = (("valid_from", "startDate", "from"), ("valid_to", "endDate", "until"), ("observed", "date", "seen"))


@dataclass(frozen=True, slots=True)
class _Inverse:
    """The tables of `ftm.yaml`."""

    body: dict[str, Any]

    def allowed(self, group: str) -> Sequence[str] | None:
        """Return the schemata of a group, None where every schema is allowed."""
        return None if group == "any" else self.body[group]


@cache
def _inverse() -> _Inverse:
    return _Inverse(yaml.safe_load(files("isthmus.claims.exports").joinpath("ftm.yaml").read_text("utf-8")))


def write_ftm(connection: duckdb.DuckDBPyConnection, select: str, target: Path) -> Written:
    """Write entities and edges."""
    inverse = _inverse()
    placed = _placed(inverse, select)
    with target.open("wb") as file:
        entities = write_lines(connection, _entity_lines(placed), file)
        write_lines(connection, _edge_lines(placed), file)
    left_out = count_reasons(connection, f"SELECT why FROM ({placed})")
    remarks = count_reasons(connection, f"SELECT remark FROM ({placed}) WHERE why IS NULL")
    counted = connection.execute(f"SELECT count(*) FROM ({placed}) WHERE why IS NULL").fetchone()
    return Written(int(counted[0]) if counted else 0, entities, left_out, remarks)


def entity_lines(select: str) -> str:
    """Return SQL of one text column: a line of JSON for each thing of the claims that `select` gives."""
    return _entity_lines(_placed(_inverse(), select))


def identifier_properties() -> dict[str, str]:
    """Return the scheme of identifiers that each property of FollowTheMoney holds."""
    found: dict[str, str] = {}
    for predicate, pattern, name, _ in _inverse().body["attributes"]:
        if predicate == "identifier" and pattern.startswith("scheme="):
            found.setdefault(name, pattern.removeprefix("scheme=").rstrip("$"))
    return found


def _placed(inverse: _Inverse, select: str) -> str:
    """Return SQL for every claim with its place: `schema` of the subject, `property` and `text`, or `edge`; else `why` not."""
    body = inverse.body
    kinds = _values(("kind", "schema", "rank"), ((*pair, rank) for rank, pair in enumerate(body["schemata"])))
    schemata = f"""SELECT c.subject AS id, arg_min(k.schema, k.rank) AS schema FROM ({select}) c
      JOIN ({kinds}) k ON k.kind = c.value WHERE c.predicate = 'kind' GROUP BY c.subject"""
    unknown = quote(body["unknown"])
    joined = f"""SELECT c.*, coalesce(s.schema, {unknown}) AS schema, coalesce(o.schema, {unknown}) AS object_schema,
        coalesce(nullif(c.mode, ''), 'actual') AS said_mode, coalesce(nullif(c.stance, ''), 'asserts') AS said_stance,
        coalesce(c.qualifiers, '') AS details, k.kind IS NOT NULL AS known_kind
      FROM ({select}) c LEFT JOIN ({schemata}) s ON s.id = c.subject LEFT JOIN ({schemata}) o ON o.id = c."object"
        LEFT JOIN ({kinds}) k ON c.predicate = 'kind' AND k.kind = c.value"""
    found = f"""SELECT *, {_property(body, inverse)} AS property, {_edge(body)} AS edge, {_text(body)} AS text FROM ({joined})"""
    return f"SELECT *, {_why(body, inverse)} AS why, {_remark(body)} AS remark FROM ({found})"


def _property(body: dict[str, Any], inverse: _Inverse) -> str:
    whens = ["WHEN predicate = 'kind' THEN CASE WHEN known_kind THEN '' END"]
    for predicate, pattern, name, group in body["attributes"]:
        allowed = inverse.allowed(group)
        condition = f"predicate = {quote(predicate)} AND regexp_matches(details, {quote(pattern)})"
        who = f" AND schema IN ({_list(allowed)})" if allowed is not None else ""
        whens.append(f"WHEN {condition}{who} THEN {quote(name)}")
    iso = "predicate = 'located_in' AND regexp_matches(\"object\", '^iso:[A-Z]')"
    legal = _list(body["legal"])
    for pattern, name in body["countries"]:
        who = f" AND schema IN ({legal})" if name != "country" else ""
        whens.append(f"WHEN {iso} AND regexp_matches(details, {quote(pattern)}){who} THEN {quote(name)}")
    dated = f"regexp_full_match(coalesce(valid_from, ''), '{_PLAIN_DATE}') AND schema IN ({legal})"
    for value, name in body["statuses"].items():
        whens.append(f"WHEN predicate = 'status' AND value = {quote(value)} AND {dated} THEN {quote(name)}")
    for prefix, name in body["classes"].items():
        who = "" if name == "topics" else f" AND schema IN ({legal})"
        whens.append(
            f"WHEN predicate = 'classified_as' AND starts_with(\"object\", {quote(prefix)}){who} THEN {quote(name)}"
        )
    return f"CASE {' '.join(whens)} END"


def _text(body: dict[str, Any]) -> str:
    cut = " ".join(
        f'WHEN starts_with("object", {quote(prefix)}) THEN substr("object", {len(prefix) + 1})'
        for prefix in body["classes"]
    )
    return f"""CASE predicate WHEN 'located_in' THEN lower(substr("object", 5)) WHEN 'status' THEN valid_from
      WHEN 'classified_as' THEN CASE {cut} END ELSE value END"""


def _edge(body: dict[str, Any]) -> str:
    whens = [
        f"WHEN {quote(predicate)} THEN {quote(schema)}" for predicate, (schema, _, _, _) in body["relations"].items()
    ]
    return f"CASE WHEN coalesce(\"object\", '') <> '' THEN CASE predicate {' '.join(whens)} END END"


def _why(body: dict[str, Any], inverse: _Inverse) -> str:
    """Return SQL for the reason why a claim has no place."""
    wrong = []
    for predicate, (_, _, _, group) in body["relations"].items():
        allowed = inverse.allowed(group)
        if allowed is not None and group != "assets":
            wrong.append(f"predicate = {quote(predicate)} AND object_schema NOT IN ({_list(allowed)})")
    return f"""CASE
      WHEN said_mode <> 'actual' THEN 'mode ' || said_mode || ': FollowTheMoney would read it as a fact'
      WHEN said_stance <> 'asserts' THEN 'stance ' || said_stance || ': FollowTheMoney would read it as a fact'
      WHEN {" OR ".join(wrong)} THEN predicate || ': FollowTheMoney allows an organisation only as its object'
      WHEN predicate = 'kind' AND property IS NULL THEN 'kind ' || value || ': FollowTheMoney has no such schema'
      WHEN property IS NULL AND edge IS NULL THEN predicate || ': FollowTheMoney has no place for it' END"""


def _remark(body: dict[str, Any]) -> str:
    """Return SQL for what a written claim says less exactly than ours."""
    assets = _list(body["assets"])
    return f"""CASE
      WHEN edge = 'Ownership' AND object_schema NOT IN ({assets}) THEN 'owned, but no Asset in FollowTheMoney'
      WHEN edge = 'Payment' AND low IS DISTINCT FROM high THEN 'finances: a bounded sum is written in words only'
      WHEN edge = 'Directorship' AND details LIKE '%title=%' THEN 'has_role_in: the title is written, the role code is not'
      WHEN edge IS NULL AND coalesce(hedge, '') <> '' THEN predicate || ': the doubt of the source is lost'
      WHEN edge IS NULL AND predicate <> 'status' AND coalesce(valid_from, valid_to, '') <> '' THEN predicate || ': its dates are lost'
    END"""


def _entity_lines(placed: str) -> str:
    """Return SQL for the lines of things: what has a place, gathered by subject."""
    things = (
        f"""SELECT subject AS id, schema, property, text, "source" FROM ({placed}) WHERE why IS NULL AND edge IS NULL"""
    )
    ends = f"""SELECT "object" AS id, object_schema AS schema, '' AS property, NULL AS text, NULL AS "source"
        FROM ({placed}) WHERE why IS NULL AND edge IS NOT NULL
      UNION ALL SELECT subject, schema, '', NULL, NULL FROM ({placed}) WHERE why IS NULL AND edge IS NOT NULL"""
    lists = f"""SELECT id, any_value(schema) AS schema, property, list_sort(list_distinct(list(text))) AS texts, list("source") AS sources
      FROM ({things} UNION ALL {ends}) GROUP BY id, property"""
    gathered = f"""SELECT id, any_value(schema) AS schema, list_sort(list_distinct(flatten(list(sources)))) AS sources,
        map_from_entries(list({{'k': property, 'v': texts}} ORDER BY property) FILTER (property <> '' AND len(texts) > 0)) AS m
      FROM ({lists}) GROUP BY id"""
    return f"""SELECT to_json({{'id': id, 'schema': schema, 'properties': coalesce(to_json(m), '{{}}'::JSON),
      'datasets': {_datasets("sources")}}})::VARCHAR FROM ({gathered}) ORDER BY id"""


def _edge_lines(placed: str) -> str:
    """Return SQL for the lines of edges, one a claim."""
    relations = _inverse().body["relations"]
    rules = _values(
        ("relation", "start_key", "end_key"),
        ((predicate, start, end) for predicate, (_, start, end, _) in relations.items()),
    )
    names = f"""SELECT subject AS id, arg_min(value, (regexp_matches(details, 'type='), value)) AS name FROM ({placed})
      WHERE predicate = 'name' AND why IS NULL GROUP BY subject"""
    entries = ", ".join(f"{{'k': {key}, 'v': {values}}}" for key, values in _edge_entries())
    filled = (
        f"list_filter([{entries}], lambda e: e.k <> '' AND len(list_filter(e.v, lambda v: coalesce(v, '') <> '')) > 0)"
    )
    trimmed = (
        f"list_transform({filled}, lambda e: {{'k': e.k, 'v': list_filter(e.v, lambda v: coalesce(v, '') <> '')}})"
    )
    return f"""SELECT to_json({{'id': 'isthmus-' || id, 'schema': CASE WHEN edge = 'Payment' AND details LIKE '%instrument=%loan%'
        THEN 'Debt' ELSE edge END, 'properties': map_from_entries({trimmed}), 'datasets': {_datasets('["source"]')}}})::VARCHAR
      FROM (SELECT p.*, r.start_key, r.end_key, n.name AS subject_name FROM ({placed}) p
        JOIN ({rules}) r ON r.relation = p.predicate LEFT JOIN ({names}) n ON n.id = p.subject
        WHERE p.why IS NULL AND p.edge IS NOT NULL) ORDER BY id"""


def _edge_entries() -> Iterable[tuple[str, str]]:
    """Yield SQL for the key and the values of each property of an edge; empty ones are dropped afterwards."""
    loan = "edge = 'Payment' AND details LIKE '%instrument=%loan%'"
    yield f"CASE WHEN {loan} THEN 'creditor' ELSE start_key END", "[subject]"
    yield f"CASE WHEN {loan} THEN 'debtor' ELSE end_key END", '["object"]'
    for column, key, _ in _DATES:
        yield quote(key), f"[CASE WHEN regexp_full_match({column}, '{_PLAIN_DATE}') THEN {column} END]"
    marked = ", ".join(
        f"CASE WHEN NOT regexp_full_match({column}, '{_PLAIN_DATE}') THEN '{word} ' || {column} END"
        for column, _, word in _DATES
    )
    sum_words = (
        "CASE WHEN edge = 'Payment' AND low IS DISTINCT FROM high THEN concat_ws(' to ', low, high) || ' ' || unit END"
    )
    # Similar is no Interval: it has neither description nor record id.
    yield quote("description"), f"CASE WHEN edge <> 'Similar' THEN [hedge, {marked}, {sum_words}] END"
    yield quote("recordId"), "[CASE WHEN edge <> 'Similar' THEN locator END]"
    yield quote("percentage"), f"CASE WHEN edge = 'Ownership' THEN {_percentages()} END"
    plain = "edge = 'Payment' AND low = high AND NOT regexp_matches(low, '^[<>~]')"
    yield quote("amount"), f"[CASE WHEN {plain} THEN low END]"
    yield quote("currency"), f"[CASE WHEN {plain} THEN regexp_extract(unit, '^[A-Z]+') END]"
    yield quote("purpose"), f"[CASE WHEN edge = 'Payment' AND NOT ({loan}) THEN {_detail('purpose')} END]"
    yield (
        quote("role"),
        f"""[CASE edge WHEN 'Directorship' THEN coalesce({_detail("title")}, {_detail("role")})
        WHEN 'Membership' THEN {_detail("role")} WHEN 'UnknownLink' THEN coalesce({_detail("reason")}, {_detail("form")}) END]""",
    )
    yield quote("controlType"), f"[CASE WHEN edge = 'Control' THEN {_detail('interest')} END]"
    yield quote("authority"), "[CASE WHEN edge = 'Sanction' THEN coalesce(subject_name, subject) END]"
    yield (
        quote("country"),
        "[CASE WHEN edge = 'Sanction' AND starts_with(subject, 'iso:') THEN lower(substr(subject, 5)) END]",
    )
    yield quote("program"), f"[CASE WHEN edge = 'Sanction' THEN {_detail('as')} END]"
    score = "regexp_extract(hedge, '^score ([0-9.]+)$', 1)"
    yield quote("confidenceScore"), f"[CASE WHEN edge = 'Similar' THEN nullif({score}, '') END]"


def _percentages() -> str:
    """Return SQL for a share as percentages: a range in one text; an open or near end with its mark, each end for itself."""

    def percent(column: str) -> str:
        number = f"TRY_CAST(regexp_replace({column}, '^[<>~]', '') AS DECIMAL(28, 14))"
        return f"regexp_replace(CAST({number} * 100 AS VARCHAR), '\\.?0+$', '')"

    low, high = percent("low"), percent("high")
    return f"""CASE WHEN coalesce(low, '') = '' AND coalesce(high, '') = '' THEN []
      WHEN low = high AND low[1] = '~' THEN ['~' || {low}]
      WHEN low = high THEN [{low}]
      WHEN regexp_matches(low, '^[0-9]') AND regexp_matches(high, '^[0-9]') THEN [{low} || '-' || {high}]
      ELSE [CASE WHEN low <> '' THEN CASE low[1] WHEN '>' THEN '>' WHEN '~' THEN '~' ELSE '>=' END || {low} END,
        CASE WHEN high <> '' THEN CASE high[1] WHEN '<' THEN '<' WHEN '~' THEN '~' ELSE '<=' END || {high} END] END"""


def _detail(name: str) -> str:
    """Return SQL for the value of a qualifier, NULL where there is none."""
    return f"nullif(regexp_extract(details, '(?:^|; ?){name}=@?([^;]*)', 1), '')"


def _datasets(sources: str) -> str:
    return f"list_transform({sources}, lambda s: regexp_replace(s, '^ftm:', ''))"


def _list(names: Iterable[str]) -> str:
    return ", ".join(quote(name) for name in names)


def _values(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a SELECT over literal rows of texts and numbers."""
    body = ", ".join(
        "(" + ", ".join(str(cell) if isinstance(cell, int) else quote(str(cell)) for cell in row) + ")" for row in rows
    )
    return f"SELECT * FROM (VALUES {body}) AS t({', '.join(names)})"
