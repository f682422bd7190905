"""Claims of the register of people with significant control.

A holder has what its natures of control say; that it was notified on a day says that it held then, not since when. A right
may be held directly or not: the register does not say.
"""

from __future__ import annotations

from isthmus.sources.ftm.rows import row
from isthmus.sources.ftm.tables import values
from isthmus.sources.psc.codes import PARTNERSHIP, Codes
from isthmus.sources.psc.judged import good
from isthmus.sources.staging import quote

_PLACE = "coalesce(link, '/company/' || number || '#' || code)"


def claims_sql(codes: Codes, source: str) -> str:
    """Return SQL that yields rows, over `judged`, `interests` and `holders` (the rows of the functions above) and `countries`.

    Parameters
    ----------
    source : str
        An SQL expression.
    """
    parts = [*_reports(), *_holders(source), *_descriptions(source), *_things(codes, source), *_secrets(source)]
    parts += [*_statements(codes, source), *_exemptions(source), *_unread(codes)]
    return " UNION ALL ".join(parts)


def _reports() -> list[str]:
    judged = row("line", fault="fault", left_why="CASE WHEN fault IS NULL THEN left_why END")
    reports = [f"SELECT {judged} FROM judged WHERE fault IS NOT NULL OR left_why IS NOT NULL"]
    unknown = "'there is no nature of control “' || left(nature, 120) || '”'"
    reports.append(_fault("interests", "predicate IS NULL", unknown))
    for column, label in (("since", "notified_on"), ("until", "ceased_on")):
        bad = f"{column} IS NOT NULL AND psc_day({column}) IS NULL AND fault IS NULL"
        reports.append(
            _fault("judged", bad, f"'{label} “' || left({column}, 80) || '” is no date that the register can have'")
        )
    return reports


def _holders(source: str) -> list[str]:
    claim = row(
        "line", subject="id", predicate="predicate", object_="company", low="low", high="high",
        unit="CASE WHEN low IS NOT NULL THEN 'share' END", qualifiers="concat_ws('; ', pairs, 'beneficial=' || beneficial)",
        valid_from="begins", valid_to="ended", source=source, locator=_PLACE,
    )  # fmt: skip
    return [f"SELECT {claim} FROM interests WHERE predicate IS NOT NULL"]


def _fault(table: str, test: str, text: str) -> str:
    return f"SELECT {row('line', fault=text)} FROM {table} WHERE {test}"


def _left(table: str, test: str, why: str) -> str:
    return f"SELECT {row('line', left_why=why)} FROM {table} WHERE {test}"


def _descriptions(source: str) -> list[str]:
    """Return rows for what holders are; companies of the register itself get kind and number in `_things`."""

    def said(predicate: str, value: str, test: str = "true", table: str = "holders", **more: str) -> str:
        given = {"subject": "id", "source": source, "locator": _PLACE, **more}
        return f"SELECT {row('line', predicate=quote(predicate), value=value, **given)} FROM {table} WHERE {test}"

    # A bare number says little without its register.
    scheme = "concat_ws('; ', 'scheme=registration', 'scope=' || register_words(coalesce(place, country)))"
    placed = """(SELECT h.*, CASE WHEN psc_british(country) THEN 'GB' ELSE c.alpha_2 END AS iso
      FROM holders h LEFT JOIN countries c ON c.key = lower(h.country))"""
    return [
        said("name", "name"),
        said("kind", "kind", "british IS NULL"),
        said("identifier", "registration", "british IS NULL AND registration IS NOT NULL", qualifiers=scheme),
        said("described_as", "form", "form IS NOT NULL", qualifiers="'aspect=legal_form'"),
        said("address", "address", "address IS NOT NULL", qualifiers="'basis=office'"),
        said("located_in", "NULL", "iso IS NOT NULL", placed, object_="'iso:' || iso", qualifiers="'basis=registered'"),
        _left(placed, "country IS NOT NULL AND iso IS NULL", "'identification.country_registered: no country by that name'"),
        _left("holders", "authority IS NOT NULL", "'identification.legal_authority: no predicate'"),
    ]  # fmt: skip


def _things(codes: Codes, source: str) -> list[str]:
    """Return rows for the companies of the register: kind and number, once each, at one place."""
    numbers = """SELECT number, min(line) AS line FROM (
        SELECT number, line FROM judged WHERE fault IS NULL AND class <> 'totals'
        UNION ALL SELECT british, line FROM judged WHERE fault IS NULL AND british IS NOT NULL) GROUP BY number"""
    registers = values(("prefix", "authority"), codes.registers.items())
    known = f"""SELECT n.*, r.authority FROM ({numbers}) n
      LEFT JOIN ({registers}) r ON r.prefix = regexp_extract(n.number, '^[A-Z]*')"""
    given = {"subject": "'gb-coh:' || number", "source": source, "locator": "'/company/' || number"}
    number = row(
        "line", predicate="'identifier'", value="concat_ws(':', authority, number)",
        qualifiers="CASE WHEN authority IS NULL THEN 'scheme=registration' ELSE 'scheme=ra' END", **given,
    )  # fmt: skip
    # The register of overseas entities takes any legal form.
    kind = "CASE WHEN starts_with(number, 'OE') THEN 'organization' ELSE 'company' END"
    return [
        f"SELECT {number} FROM ({known})",
        f"SELECT {row('line', predicate=quote('kind'), value=kind, **given)} FROM ({known})",
    ]


def _secrets(source: str) -> list[str]:
    """Return rows for holders whose particulars are withheld: unnamed, with an interest that is not published."""
    secrets = f"({good('secret')})"
    dates = {"valid_from": "begins", "valid_to": "ended", "source": source, "locator": _PLACE}
    withheld = "concat_ws('; ', 'interest=unpublishedInterest', 'direct=unknown', 'beneficial=' || beneficial)"
    interest = row("line", subject="id", predicate="'has_interest_in'", object_="company", qualifiers=withheld, **dates)
    unstated = row(
        "line", subject="company", predicate="'owners_unstated'", value="'holder_exempt'",
        qualifiers="'reason=' || register_words(coalesce(about, code))", **dates,
    )  # fmt: skip
    kind = row("line", subject="id", predicate="'kind'", value="kind", source=source, locator=_PLACE)
    return [f"SELECT {cells} FROM {secrets}" for cells in (interest, unstated, kind)]


def _statements(codes: Codes, source: str) -> list[str]:
    base = f"regexp_replace(about, '{PARTNERSHIP}$', '')"
    known = values(("statement", "value"), codes.statements.items())
    complete = ", ".join(quote(code) for code in codes.complete)
    read = f"""(SELECT s.*, k.value, s.base IN ({complete}) AS complete FROM (
        SELECT *, {base} AS base FROM ({good("statement")})) s LEFT JOIN ({known}) k ON k.statement = s.base)"""
    claim = row(
        "line", subject="company", predicate="'owners_unstated'", value="value", qualifiers="'reason=' || register_words(about)",
        valid_from="begins", valid_to="ended", source=source, locator=_PLACE,
    )  # fmt: skip
    return [
        f"SELECT {claim} FROM {read} WHERE value IS NOT NULL",
        _left(read, "complete", "'statement ' || about || ': leaves nobody unstated'"),
        _fault(read, "value IS NULL AND NOT complete", "'there is no statement “' || left(about, 120) || '”'"),
    ]


def _exemptions(source: str) -> list[str]:
    each = f"""SELECT *, unnest(json_keys(exemptions)) AS exemption FROM ({good("exemptions")})
      WHERE json_type(exemptions) = 'OBJECT'"""
    found = f"""SELECT *, coalesce(json_extract_string(exemptions, '$."' || exemption || '".exemption_type'), exemption) AS why,
        json_extract(exemptions, '$."' || exemption || '".items') AS items FROM ({each})"""
    dated = f"""(SELECT *, json_extract_string(item, '$.exempt_from') AS exempt_from, json_extract_string(item, '$.exempt_to') AS exempt_to
      FROM (SELECT *, unnest(CASE WHEN json_array_length(items) > 0 THEN from_json(items, '["JSON"]') ELSE [NULL] END) AS item
        FROM ({found})))"""
    claim = row(
        "line", subject="company", predicate="'owners_unstated'", value="'subject_exempt'",
        qualifiers="'reason=' || register_words(why)", valid_from="register_day(exempt_from)", valid_to="register_day(exempt_to)",
        source=source, locator=f"concat({_PLACE}, '#', exemption)",
    )  # fmt: skip
    bad = [
        _fault(dated, f"{column} IS NOT NULL AND register_day({column}) IS NULL", f"'{column} “' || left({column}, 80) || '” is no date'")
        for column in ("exempt_from", "exempt_to")
    ]  # fmt: skip
    none = "coalesce(json_type(exemptions), 'NULL') <> 'OBJECT' OR len(json_keys(exemptions)) = 0"
    return [
        f"SELECT {claim} FROM {dated}",
        *bad,
        _fault(f"({good('exemptions')})", none, "'the line lists no exemption'"),
    ]


def _unread(codes: Codes) -> list[str]:
    """Return rows for the fields that are read past, under their names."""
    read = " ".join(
        f"WHEN '{class_}' THEN [{', '.join(quote(name) for name in names)}]" for class_, names in codes.read.items()
    )
    person = ", ".join(quote(name) for name in codes.person)
    known = f"CASE WHEN person AND class = 'holder' THEN [{person}] ELSE CASE class {read} END END"
    each = f"""(SELECT line, person, unnest(keys) AS key, {known} AS known FROM judged WHERE fault IS NULL)"""
    why = "concat('field ', key, CASE WHEN person THEN ': personal data' ELSE ': no predicate' END)"
    return [_left(each, "NOT list_contains(known, key)", why)]
