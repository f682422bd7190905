"""The lines of the snapshot in columns: what each is about, and nothing of a natural person but the name.

Columns: `line`, `broken` (the line itself, where it is no readable JSON), `class` (holder, secret, statement, exemptions or
totals), `kind` of the holder, `beneficial`, `person`, `number` (of the company, in its full form), `given` (as it stands),
`link`, `code` (data.kind), `name`, `natures`, `since`, `until`, `ceased`, `about` (statement or description), `exemptions`,
`registration`, `country`, `place`, `form`, `authority`, `address`, `generated`, `counts`, `keys` (the names of all fields).
"""

from __future__ import annotations

from isthmus.sources.ftm.tables import values
from isthmus.sources.psc.codes import Codes
from isthmus.sources.staging import quote

_TEXTS = '"VARCHAR"'
_ADDRESS = ("premises", "address_line_1", "address_line_2", "po_box", "locality", "region", "postal_code", "country")
_IDENTIFICATION = ("registration_number", "country_registered", "place_registered", "legal_form", "legal_authority")
_NAME = ("title", "forename", "middle_name", "surname")
_COUNTS = ("persons_of_significant_control_count", "statements_count", "exemptions_count")
EARLIEST = "1844"
"""The year of the first register of companies (7 & 8 Vict. c. 110): an older date is a slip."""


def macros(codes: Codes) -> tuple[str, ...]:
    """Return the statements that define how numbers and places are read."""
    words = ", ".join(quote(word) for word in (*codes.places, *codes.other_words))
    places = ", ".join(quote(word) for word in codes.places)
    elsewhere = ", ".join(quote(word) for word in codes.elsewhere)
    split = "list_filter(string_split_regex({0}, '[^a-z]+'), lambda x: x <> '')"
    named = split.format("replace(lower(t), 'northern ireland', 'uk')")
    return (
        r"CREATE OR REPLACE TEMP MACRO psc_folded(t) AS upper(regexp_replace(t, '[\s.]+', '', 'g'))",
        # Letters and digits together are eight; leading zeros are often left away. The text is folded before.
        r"""CREATE OR REPLACE TEMP MACRO psc_number(t) AS CASE
          WHEN regexp_full_match(t, '0+') THEN NULL
          WHEN regexp_full_match(t, '[0-9]{1,8}') THEN lpad(t, 8, '0')
          WHEN regexp_full_match(t, '[A-Z]{2}[0-9]{1,6}') THEN left(t, 2) || lpad(substr(t, 3), 6, '0')
          WHEN regexp_full_match(t, '[A-Z]{2}[0-9]{5}[A-Z]|[A-Z][0-9]{7}') THEN t END""",
        f"""CREATE OR REPLACE TEMP MACRO psc_british(t) AS len({named}) > 0 AND list_has_all([{words}], {named})
          AND list_has_any([{places}], {named})""",
        f"""CREATE OR REPLACE TEMP MACRO psc_elsewhere(t) AS list_has_any([{elsewhere}], {split.format("lower(t)")})
          AND NOT contains(lower(t), 'england')""",
        f"""CREATE OR REPLACE TEMP MACRO psc_day(t) AS
          CASE WHEN left(t, 4) >= {quote(EARLIEST)} THEN register_day(t) END""",
        r"""CREATE OR REPLACE TEMP MACRO psc_slug(t) AS
          left(trim(regexp_replace(lower(t), '[^\p{L}\p{N}]+', '-', 'g'), '-'), 80)""",
    )


def lines_sql(codes: Codes) -> str:
    """Return SQL over `lines` (body, line) that yields the columns above."""
    # A parser keeps one of two values under a doubled key, and drops the other in silence.
    keyed = """SELECT line, body, TRY(json_keys(body)) AS top, TRY(json_keys(body, '$.data')) AS keys FROM lines
      WHERE trim(body, ' ' || chr(9) || chr(10) || chr(13)) <> ''"""
    broken = """top IS NULL OR ltrim(body)[1] <> '{' OR len(top) <> list_unique(top)
        OR coalesce(len(keys) <> list_unique(keys), false)"""
    read = f"""SELECT line, body, broken, keys,
        CASE WHEN NOT broken THEN TRY(json_transform(body, {quote(_shape())})) END AS e
      FROM (SELECT *, {broken} AS broken FROM ({keyed}))"""
    kinds = values(
        ("code", "class", "kind", "beneficial"),
        ((code, body["class"], body.get("kind"), body.get("beneficial")) for code, body in codes.kinds.items()),
    )
    # Whatever else a line says of a natural person does not leave the parser.
    person = "k.kind = 'person'"
    parts = ", ".join(f"nullif(trim(e.data.name_elements.{part}), '')" for part in _NAME)
    address = ", ".join(f"nullif(trim(e.data.address.{part}), '')" for part in _ADDRESS)
    names = ("registration", "country", "place", "form", "authority")
    identified = ", ".join(
        f"CASE WHEN NOT ({person}) THEN nullif(trim(e.data.identification.{field}), '') END AS {name}"
        for field, name in zip(_IDENTIFICATION, names, strict=True)
    )
    return f"""SELECT line, CASE WHEN broken OR e IS NULL THEN left(body, 100000) END AS broken, k.class, k.kind,
        k.beneficial, coalesce({person}, false) AS person, psc_number(psc_folded(e.company_number)) AS number,
        e.company_number AS given, nullif(trim(e.data.links.self), '') AS link, e.data.kind AS code,
        coalesce(nullif(trim(e.data.name), ''), nullif(concat_ws(' ', {parts}), '')) AS name,
        e.data.natures_of_control AS natures, e.data.notified_on AS since, e.data.ceased_on AS until,
        lower(e.data.ceased) = 'true' AS ceased, coalesce(e.data.statement, e.data.description) AS about,
        CASE WHEN k.class = 'exemptions' THEN e.data.exemptions END AS exemptions, {identified},
        CASE WHEN NOT ({person}) THEN nullif(concat_ws(', ', {address}), '') END AS address,
        e.data.generated_at AS generated, [{", ".join(f"e.data.{name}" for name in _COUNTS)}] AS counts, keys
      FROM ({read}) r LEFT JOIN ({kinds}) k ON k.code = r.e.data.kind"""


def _shape() -> str:
    def texts(names: tuple[str, ...]) -> str:
        return "{" + ", ".join(f'"{name}": {_TEXTS}' for name in names) + "}"

    plain = ("kind", "name", "notified_on", "ceased_on", "ceased", "statement", "description", "generated_at", *_COUNTS)
    fields = [f'"{name}": {_TEXTS}' for name in plain]
    fields += [f'"{name}": "JSON"' for name in ("natures_of_control", "exemptions")]
    fields += [f'"name_elements": {texts(_NAME)}', f'"identification": {texts(_IDENTIFICATION)}']
    fields += [f'"address": {texts(_ADDRESS)}', f'"links": {texts(("self",))}']
    return f'{{"company_number": {_TEXTS}, "data": {{{", ".join(fields)}}}}}'
