"""Claims that relations make: each pair of ends, and each value of the detail that the relation carries."""

from __future__ import annotations

from isthmus.sources.ftm.facts import ENTITY_ID
from isthmus.sources.ftm.rows import locator, row, said_only
from isthmus.sources.ftm.tables import Tables
from isthmus.sources.staging import quote
from isthmus.vocabulary import Vocabulary

_DATE_KEYS = ("startDate", "endDate", "date")
_BAD_END = f"""CASE WHEN NOT regexp_matches(from_id, {quote(ENTITY_ID)}) THEN from_id
  WHEN how <> 'identification' AND NOT regexp_matches(to_id, {quote(ENTITY_ID)}) THEN to_id END"""
_NO_TERM = "words that the vocabulary has no term for"


def parts_sql() -> str:
    """Return SQL over `facts`: one row for each Address, Position or Contract, its properties in the map `m`."""
    lists = """SELECT id, schema, key, list_distinct(flatten(list(vals))) AS vals FROM facts
      WHERE (class = 'part' OR schema IN ('Contract', 'License')) AND key IS NOT NULL AND vals IS NOT NULL
      GROUP BY id, schema, key"""
    heads = """SELECT DISTINCT id, schema, '' AS key, NULL::VARCHAR[] AS vals FROM facts
      WHERE class = 'part' AND key IS NULL"""
    return f"""SELECT id, schema, map_from_entries(list({{'key': key, 'value': vals}})) AS m
      FROM ({lists} UNION ALL {heads}) GROUP BY id, schema"""


def ends_sql(tables: Tables) -> str:
    """Return SQL over `facts` and `parts`: one row for each pair of ends of each relation, with its rule and map `m`.

    `missing` names an end that is not there; `left_why` says why a pair can say nothing.
    """
    lists = """SELECT min(line) AS line, id, schema, any_value(source) AS source, any_value(origin) AS origin, doc,
        coalesce(key, '') AS key, flatten(list(vals)) AS vals, min(observed) AS observed
      FROM facts WHERE class = 'relation' AND (key IS NULL OR vals IS NOT NULL)
      GROUP BY id, schema, source, doc, coalesce(key, '')"""
    whole = f"""SELECT min(line) AS line, id, schema, source, any_value(origin) AS origin, min(observed) AS observed,
        map_from_entries(list({{'key': key, 'value': vals}})) AS m FROM ({lists}) GROUP BY id, schema, source, doc"""
    ends = f"""SELECT e.*, r.* EXCLUDE schema,
        CASE r.how WHEN 'category' THEN {_authorities()} ELSE {_filled("m[start_key]")} END AS starts,
        list_filter(list_distinct(m[end_key]), lambda x: trim(x) <> '') AS ends
      FROM ({whole}) e JOIN ({tables.relation_rows()}) r ON r.schema = e.schema"""
    crossed = f"""SELECT * EXCLUDE (starts, ends), unnest({_some("ends")}) AS end_id FROM (
      SELECT *, unnest({_some("starts")}) AS start FROM ({ends}))"""
    # Whose a post or a contract is: the body that it names, else the country.
    whose = """CASE WHEN len(p.m['organization']) > 0 THEN p.m['organization']
        WHEN len(p.m['authority']) > 0 THEN p.m['authority']
        ELSE list_filter(list_transform(p.m['country'], lambda c: ftm_country(c)), lambda c: c IS NOT NULL) END"""
    through = f"""SELECT c.* EXCLUDE start, start.id AS from_id, start.word AS word, p.id IS NOT NULL AS part_found,
        coalesce(p.m['name'], p.m['title']) AS titles, CASE WHEN via THEN {whose} ELSE [end_id] END AS targets
      FROM ({crossed}) c LEFT JOIN parts p ON p.id = CASE WHEN c.via THEN c.end_id END"""
    return f"""SELECT * EXCLUDE (end_id, targets, part_found), CASE
          WHEN from_id IS NULL AND how <> 'category' THEN start_key
          WHEN end_id IS NULL THEN end_key END AS missing, CASE
          WHEN from_id IS NULL AND how = 'category' THEN schema || ': no authority is named'
          WHEN via AND NOT part_found THEN schema || ': its ' || end_key || ' is not in the file'
          WHEN via AND to_id IS NULL THEN schema || ': its ' || end_key || ' belongs to nobody who is named'
        END AS left_why
      FROM (SELECT *, unnest({_some("targets")}) AS to_id FROM ({through}))"""


def _some(values: str) -> str:
    """Return SQL for the list `values`, or a list of one NULL, so that unnesting loses no row."""
    return f"CASE WHEN len({values}) > 0 THEN {values} ELSE [NULL] END"


def _filled(values: str) -> str:
    """Return SQL for the ids among `values`, in the form that the authorities have."""
    kept = f"list_filter(list_distinct({values}), lambda x: trim(x) <> '')"
    return f"list_transform({kept}, lambda x: {{'id': trim(x), 'word': NULL::VARCHAR}})"


def _authorities() -> str:
    """Return SQL for the authorities that designate.

    The id is made of the source, the words and the country, so that two ministries of finance stay two. Without words,
    the country itself designates.
    """
    scope = "replace(source, 'ftm:', '')"
    country = "CASE WHEN len(m['country']) = 1 THEN coalesce('-' || lower(m['country'][1]), '') ELSE '' END"
    given = "list_filter(list_distinct(m['authority']), lambda x: ftm_slug(x) IS NOT NULL)"
    minted = f"'authority:' || {scope} || ':' || ftm_slug(x) || {country}"
    words = f"list_transform({given}, lambda x: {{'id': {minted}, 'word': trim(x)}})"
    known = "list_filter(list_distinct(m['country']), lambda x: ftm_country(x) IS NOT NULL)"
    states = f"list_transform({known}, lambda x: {{'id': ftm_country(x), 'word': NULL::VARCHAR}})"
    return f"CASE WHEN len({given}) > 0 THEN {words} ELSE {states} END"


def relation_claims(vocabulary: Vocabulary) -> str:
    """Return SQL over `ends`, `persons`, `holders` and `facts` that yields rows for relations."""
    known = """SELECT e.*, a.id IS NOT NULL AS start_person, b.id IS NOT NULL AS end_person,
        (a.id IS NOT NULL AND h.id IS NULL) OR (b.id IS NOT NULL AND g.id IS NULL) AS strangers
      FROM ends e LEFT JOIN persons a ON a.id = e.from_id LEFT JOIN persons b ON b.id = e.to_id
        LEFT JOIN holders h ON h.id = e.from_id LEFT JOIN holders g ON g.id = e.to_id"""
    things = "SELECT id FROM facts WHERE class = 'node' AND key IS NULL"
    left = f"""CASE WHEN missing IS NOT NULL THEN NULL
        WHEN left_why IS NOT NULL THEN left_why
        WHEN start_person AND end_person THEN schema || ': between natural persons'
        WHEN how = 'identification' AND (start_person OR from_id NOT IN ({things}))
          THEN schema || ': of a natural person, or of nobody in the file'
        WHEN strangers THEN schema || ': of a natural person without a role or an interest in the file' END"""
    given = """CASE WHEN how = 'role' AND via THEN titles WHEN len(m[detail_key]) > 0 THEN m[detail_key]
        ELSE m[else_key] END"""
    details = f"list_filter(list_distinct({given}), lambda x: trim(x) <> '')"
    judged = f"SELECT * EXCLUDE left_why, {left} AS left_why, {details} AS details FROM ({known})"
    days = ", ".join(f"{_days(key)} AS {key}_days" for key in (*_DATE_KEYS, "listingDate"))
    read = f"""SELECT * EXCLUDE (d, details), trim(d) AS d, CASE WHEN how = 'share' THEN ftm_share(d) END AS part,
        {_money(vocabulary)} AS sum, {days}
      FROM (SELECT *, unnest({_some("details")}) AS d FROM ({judged}))"""
    return said_only(f"SELECT {_claim_row(vocabulary)} FROM ({read})")


def _days(key: str) -> str:
    return f"list_filter(list_transform(m['{key}'], lambda x: ftm_day(x)), lambda x: x IS NOT NULL)"


def _pick(key: str, pick: str) -> str:
    """Return SQL for one date of a list: of 2019 and 2019-05 the more exact, else the first start or the last end."""
    vaguer = f"list_filter({key}_days, lambda y: y <> x AND starts_with(y, x))"
    return f"list_{pick}(list_filter({key}_days, lambda x: len({vaguer}) = 0))"


def _money(vocabulary: Vocabulary) -> str:
    """Return SQL for a sum: in its own currency where the vocabulary has it, else as the file converted it."""
    units = ", ".join(quote(unit) for unit in vocabulary.units["money"] if "/" not in unit)
    own = "upper(trim(m['currency'][1]))"

    def amount(key: str) -> str:
        only = f"len(list_distinct(m['{key}'])) = 1 AND regexp_full_match(trim(m['{key}'][1]), '-?\\d+(\\.\\d+)?')"
        return f"CASE WHEN {only} THEN trim(m['{key}'][1]) END"

    def converted(key: str, unit: str) -> str:
        note = f"CASE WHEN {own} <> '{unit}' THEN 'converted_from=' || ftm_qualifier({own}) END"
        return f"WHEN {amount(key)} IS NOT NULL THEN {{'n': {amount(key)}, 'unit': '{unit}', 'note': {note}}}"

    plain = amount("amount")
    return f"""CASE WHEN how <> 'money' THEN NULL
        WHEN {own} IN ({units}) AND {plain} IS NOT NULL THEN {{'n': {plain}, 'unit': {own}, 'note': NULL}}
        {converted("amountEur", "EUR")} {converted("amountUsd", "USD")} END"""


def _claim_row(vocabulary: Vocabulary) -> str:
    roles = ", ".join(quote(role) for role in vocabulary.qualifiers["role"].values)
    interests = ", ".join(quote(code) for code in vocabulary.qualifiers["interest"].values)
    member = f"CASE WHEN lower(d) IN ({roles}) THEN lower(d) ELSE ftm_role(d) END"
    role = f"CASE WHEN d IS NULL THEN fallback ELSE coalesce({member}, 'official') END"
    words = "ftm_qualifier(d)"
    qualifiers = f"""nullif(concat_ws('; ', fixed, CASE how
        WHEN 'role' THEN 'role=' || {role} || coalesce('; title=' || {words}, '')
        WHEN 'membership' THEN 'role=' || {member}
        WHEN 'interest' THEN CASE WHEN d IN ({interests}) THEN 'interest=' || d END
        WHEN 'reason' THEN 'reason=' || {words}
        WHEN 'category' THEN 'as=' || coalesce({words}, fallback)
        WHEN 'award' THEN 'item=' || ftm_qualifier(titles[1])
        WHEN 'identification' THEN 'scheme=' || coalesce(ftm_document(d), 'registration')
        WHEN 'money' THEN nullif(concat_ws('; ', sum.note, 'purpose=' || {words}), '') END), '')"""
    left = f"""coalesce(left_why, CASE WHEN missing IS NOT NULL OR d IS NULL THEN NULL
        WHEN how = 'membership' AND {member} IS NULL THEN schema || '.role: {_NO_TERM}'
        WHEN how = 'interest' AND d NOT IN ({interests}) THEN schema || '.controlType: {_NO_TERM}' END)"""
    lone, listed = _pick("date", "min"), _pick("listingDate", "min")
    number = "CASE how WHEN 'share' THEN part.{0} WHEN 'money' THEN sum.n END"
    return row(
        "line",
        subject="from_id",
        predicate=f"CASE WHEN missing IS NULL AND left_why IS NULL AND {_BAD_END} IS NULL THEN predicate END",
        object_="CASE WHEN how <> 'identification' THEN to_id END",
        value="CASE WHEN how = 'identification' THEN to_id END",
        low=number.format("low"),
        high=number.format("high"),
        unit="CASE how WHEN 'share' THEN CASE WHEN part IS NOT NULL THEN 'share' END WHEN 'money' THEN sum.unit END",
        qualifiers=qualifiers,
        valid_from=f"coalesce({_pick('startDate', 'min')}, CASE WHEN at_start THEN coalesce({lone}, {listed}) END)",
        valid_to=_pick("endDate", "max"),
        observed=f"CASE WHEN at_start THEN observed ELSE coalesce({lone}, observed) END",
        source="source",
        origin="origin",
        locator=locator("id", "CASE WHEN how = 'category' AND word IS NULL THEN 'country' ELSE start_key END"),
        hedge="CASE how WHEN 'score' THEN 'score ' || d WHEN 'share' THEN CASE WHEN part.low[1] = '~' THEN d END END",
        fault=f"CASE WHEN left_why IS NULL THEN {_faults()} END",
        left_why=left,
        named="CASE WHEN word IS NOT NULL THEN from_id END",
        word="word",
        named_kind="CASE WHEN word IS NOT NULL THEN 'party' END",
    )


def _faults() -> str:
    """Return SQL for what is wrong with a relation; the claim stands without the part that cannot be read."""
    bad = "list_filter(m['{0}'], lambda x: ftm_day(x) IS NULL)"
    dates = ", ".join(
        f"CASE WHEN len({key}_days) < len(m['{key}']) THEN '{key} “' || left({bad.format(key)}[1], 80) || '” is no date' END"
        for key in _DATE_KEYS
    )
    given = "coalesce(m['amount'][1], m['amountEur'][1], m['amountUsd'][1])"
    without = "the claim stands without a number"
    return f"""nullif(concat_ws('; ',
      CASE WHEN missing IS NOT NULL THEN schema || ' without ' || missing || ': a relation needs both ends' END,
      '“' || left({_BAD_END}, 80) || '” is no id of an entity',
      CASE WHEN how = 'share' AND d IS NOT NULL AND part IS NULL
        THEN 'the share “' || left(d, 80) || '” is no percentage: {without}' END,
      CASE WHEN how = 'money' AND sum IS NULL AND {given} IS NOT NULL
        THEN 'the amount “' || left({given}, 80) || coalesce(' ' || m['currency'][1], '')
          || '” is no sum in a currency of the vocabulary: {without}' END,
      {dates}), '')"""
