"""Level 2, who owns whom: relationship records and reporting exceptions, as claims.

The start node is the child, the fund or the branch; the end node its parent, manager or head office. Consolidation is said
as such, neither as ownership nor as control. A percentage that comes with it measures the consolidation: it is kept in the
reading, never as a share.
"""

from __future__ import annotations

from isthmus.sources.ftm.rows import row
from isthmus.sources.gleif.codes import Codes, choice, listed
from isthmus.sources.staging import quote

_PERIOD = "RELATIONSHIP_PERIOD"


def judged_relations(codes: Codes) -> str:
    """Return SQL over `relations`: one row for each relationship period, with ends, predicate, fault and `left_why`."""
    left = f"""CASE WHEN deleted THEN 'relationship records that GLEIF has withdrawn'
        WHEN registration IN {listed((*codes.void, codes.duplicate))}
        THEN 'relationship records that were published in error: ' || registration END"""
    fault = """CASE WHEN left_why IS NOT NULL THEN NULL
        WHEN start_id IS NULL THEN 'the relationship has no start node'
        WHEN end_id IS NULL THEN 'the relationship has no end node'
        WHEN start_fault IS NOT NULL THEN 'start node: ' || start_fault
        WHEN end_fault IS NOT NULL THEN 'end node: ' || end_fault
        WHEN start_id = end_id THEN 'the relationship is of ' || start_id || ' with itself'
        WHEN type IS NULL THEN 'the relationship has no type'
        WHEN predicate IS NULL THEN 'there is no relationship type “' || left(type, 80) || '”' END"""
    own = f"list_filter(periods, lambda x: x.type = '{_PERIOD}')"
    rest = f"list_filter(periods, lambda x: (x.type = '{_PERIOD}') IS NOT TRUE)"
    joined = f"""SELECT r.*, c.predicate, c.about, c.qualifier, {left} AS left_why,
        {_node_fault("start")} AS start_fault, {_node_fault("end")} AS end_fault,
        {own} AS own, {rest} AS rest FROM relations r LEFT JOIN ({codes.relation_rows()}) c ON c.type = r.type"""
    judged = f"SELECT *, {fault} AS fault FROM ({joined})"
    # What is refused or left out is counted once, however many periods it has.
    kept = "CASE WHEN fault IS NULL AND left_why IS NULL AND len(own) > 0 THEN own ELSE [NULL] END"
    return f"""SELECT *, {_node("start")} AS a, {_node("end")} AS b, p.begins AS begins, p.ends AS ends FROM (
      SELECT * EXCLUDE own, unnest({kept}) AS p FROM ({judged}))"""


def _is_lei(node: str) -> str:
    return f"coalesce({node}_type, 'LEI') = 'LEI'"


def _node_fault(node: str) -> str:
    return f"""CASE WHEN {_is_lei(node)} THEN lei_fault({node}_id)
      WHEN regexp_matches({node}_id, '\\s') THEN 'a node id holds a blank' END"""


def _node(node: str) -> str:
    """Return SQL for the id of a node; one without an LEI has an id that only GLEIF's files know."""
    other = f"'gleif-' || lower(regexp_replace({node}_type, '[^A-Za-z0-9]+', '-', 'g')) || ':' || {node}_id"
    return f"CASE WHEN {_is_lei(node)} THEN 'lei:' || {node}_id ELSE {other} END"


def relation_claims(codes: Codes, source: str) -> str:
    """Return SQL over `judged` (the rows of `judged_relations`) that yields rows; `source` is an SQL expression."""
    begins, ends, seen = "register_day(begins)", "register_day(ends)", "register_day(updated)"
    ended = "status = 'INACTIVE'"
    backwards = f"{ends} < {begins}"
    documents = """array_to_string(list_transform(rest, lambda x: concat_ws(' ', x.type,
        concat(coalesce(register_day(x.begins), '..'), '/', coalesce(register_day(x.ends), '..')))), ', ')"""
    standard = "list_filter(qualifiers, lambda x: coalesce(x.dimension, 'ACCOUNTING_STANDARD') = 'ACCOUNTING_STANDARD')"
    aside = "list_filter(qualifiers, lambda x: x.dimension <> 'ACCOUNTING_STANDARD' OR predicate <> 'consolidates')"
    accounting = f"array_to_string(list_transform({standard}, lambda x: x.category), ', ')"
    reading = f"""array_to_string(list_concat(
        list_transform({aside}, lambda x: concat_ws(' ', x.dimension, x.category)),
        list_transform(quantifiers, lambda x: concat_ws(' ', 'quantifier', x.method, x.amount, x.units))), ', ')"""
    qualifiers = f"""concat_ws('; ', qualifier,
        CASE WHEN predicate = 'consolidates' THEN 'accounting=' || register_words(nullif({accounting}, '')) END,
        'date_words=' || register_words(nullif({documents}, '')),
        'reading=' || register_words(nullif({reading}, '')))"""
    # What the source itself says against its record: not renewed, not checked against a document, no status.
    hedge = f"""nullif(concat_ws('; ',
        CASE WHEN registration NOT IN {listed(codes.in_force)} THEN 'registration ' || registration END,
        CASE WHEN validation = 'ENTITY_SUPPLIED_ONLY' THEN validation END,
        CASE WHEN status = 'NULL' THEN 'no relationship status' END), '')"""
    place = "concat(start_id, '/', end_id, '#', type)"
    claim = row(
        "line",
        subject="CASE about WHEN 'end' THEN b ELSE a END",
        predicate="predicate",
        object_="CASE about WHEN 'end' THEN a ELSE b END",
        qualifiers=qualifiers,
        valid_from=f"CASE WHEN ({backwards}) IS NOT TRUE THEN {begins} END",
        # Of an ended relation without an end, the last day lies at the latest where the record was last changed.
        valid_to=f"CASE WHEN ({backwards}) IS NOT TRUE THEN coalesce({ends}, CASE WHEN {ended} THEN '<=' || {seen} END) END",
        observed=f"CASE WHEN status = 'ACTIVE' AND {ends} IS NULL THEN {seen} END",
        source=source,
        locator=place,
        hedge=hedge,
    )
    said = "(SELECT * FROM judged WHERE fault IS NULL AND left_why IS NULL)"
    report = row("line", fault="fault", left_why="left_why")
    return " UNION ALL ".join(
        [
            f"SELECT {claim} FROM {said}",
            f"SELECT {report} FROM judged WHERE fault IS NOT NULL OR left_why IS NOT NULL",
            *(f"SELECT {row('line', fault=text)} FROM {said} WHERE {test}" for test, text in _date_faults(backwards)),
            f"SELECT {row('line', fault=_STATUS)} FROM {said} WHERE status NOT IN ('ACTIVE', 'INACTIVE', 'NULL')",
            _identifiers(
                "SELECT line, unnest([a, b]) AS id FROM judged WHERE fault IS NULL AND left_why IS NULL", source
            ),
        ]
    )


_STATUS = "'RelationshipStatus “' || left(status, 80) || '” is neither ACTIVE nor INACTIVE'"


def _date_faults(backwards: str) -> list[tuple[str, str]]:
    no_date = "{0} IS NOT NULL AND register_day({0}) IS NULL"
    named = {"begins": "StartDate", "ends": "EndDate", "updated": "LastUpdateDate"}
    found = [
        (no_date.format(column), f"'{label} “' || left({column}, 80) || '” is no date'")
        for column, label in named.items()
    ]
    days = "left(ends, 10) || ') before it begins (' || left(begins, 10)"
    words = f"'the relationship ends (' || {days} || '): the claim stands without dates'"
    return [*found, (backwards, words)]


def exception_claims(codes: Codes, source: str) -> str:
    """Return SQL over `exceptions` that yields rows: one claim for each reason."""
    left = "CASE WHEN deleted THEN 'reporting exceptions that GLEIF has withdrawn' END"
    direct = choice("category", codes.categories)
    personal = f"list_has_any(reasons, [{', '.join(quote(code) for code in codes.personal_references)}])"
    read = f"""SELECT *, {left} AS left_why, {choice("why", codes.exceptions)} AS value, {direct} AS direct,
        list_extract(words, place) AS given FROM (
        SELECT line, lei, category, words, observed, deleted, {personal} AS personal,
          unnest(CASE WHEN len(reasons) > 0 THEN reasons ELSE [NULL] END) AS why,
          unnest(CASE WHEN len(reasons) > 0 THEN range(1, len(reasons) + 1) ELSE [1] END) AS place FROM exceptions)"""
    fault = """CASE WHEN left_why IS NOT NULL THEN NULL
        WHEN lei IS NULL THEN 'the exception has no LEI'
        WHEN lei_fault(lei) IS NOT NULL THEN lei_fault(lei)
        WHEN category IS NULL THEN 'the exception has no category'
        WHEN direct IS NULL THEN 'there is no category of exceptions “' || left(category, 80) || '”'
        WHEN why IS NULL THEN 'the exception has no reason'
        WHEN value IS NULL THEN 'there is no reason for an exception “' || left(why, 80) || '”' END"""
    reference = "CASE WHEN NOT personal THEN ': ' || register_words(given) END"
    judged = f"SELECT *, {fault} AS fault FROM ({read})"
    good = f"(SELECT * FROM ({judged}) WHERE fault IS NULL AND left_why IS NULL)"
    claim = row(
        "line", subject="'lei:' || lei", predicate="'owners_unstated'", value="value",
        qualifiers=f"concat('direct=', direct, '; reason=', why, {reference})",
        observed="register_day(observed)", source=source, locator="lei || '#' || category",
    )  # fmt: skip
    unread = row("line", left_why="'ExceptionReference with a reason that may name people'")
    return f"""SELECT {claim} FROM {good}
      UNION ALL SELECT {row("line", fault="fault", left_why="left_why")} FROM ({judged})
        WHERE fault IS NOT NULL OR left_why IS NOT NULL
      UNION ALL SELECT {unread} FROM {good} WHERE personal AND given IS NOT NULL
      UNION ALL {_identifiers(f"SELECT line, 'lei:' || lei AS id FROM {good}", source)}"""


def _identifiers(ids: str, source: str) -> str:
    """Return rows that give each entity its LEI as an identifier: the very claim that its own record makes."""
    claim = row(
        "line", subject="id", predicate="'identifier'", value="substr(id, 5)", qualifiers=quote("scheme=lei"),
        source=source, locator="substr(id, 5) || '#LEI'",
    )  # fmt: skip
    first = f"SELECT id, min(line) AS line FROM ({ids}) WHERE starts_with(id, 'lei:') GROUP BY id"
    return f"SELECT {claim} FROM ({first})"
