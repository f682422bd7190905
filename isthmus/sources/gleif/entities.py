"""Level 1, who is who: what an LEI record says of its entity, as claims.

The life of the record (issued, lapsed, retired) is not the life of the entity: only `EntityStatus` and the legal entity
events say that an entity lives or has ended.
"""

from __future__ import annotations

from isthmus.sources.ftm.rows import row
from isthmus.sources.gleif.codes import Codes, choice, listed
from isthmus.sources.staging import quote

_NO_REGISTER = ("RA777777", "RA888888", "RA999999")
_CODE = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
_NO_FORM = ("8888", "9999")
_DONE = "x.status = 'COMPLETED' OR x.status IS NULL"


def judged_records(codes: Codes) -> str:
    """Return SQL over `records` that adds `id`, `fault`, `left_why`, `seen` and the days from which fields hold.

    `id` is NULL where the record is refused or left out.
    """
    persons = [name for name, kind in codes.kinds.items() if kind is None]
    left = f"""CASE WHEN deleted THEN 'LEI records that GLEIF has withdrawn'
        WHEN category IN {listed(persons)} THEN 'sole proprietors: natural persons'
        WHEN registration IN {listed(codes.void)} THEN 'LEI records that were issued in error: ' || registration END"""
    fault = """CASE WHEN lei IS NULL THEN 'the record has no LEI' WHEN name IS NULL AND NOT deleted
        THEN 'the record has no legal name' ELSE lei_fault(lei) END"""
    days = ", ".join(f"{_changed(event)} AS {name}_since" for name, event in codes.changes.items())
    ended = _last(f"x.type IN {listed((*_ending(codes), *_merging(codes)))} AND ({_DONE})")
    read = f"""SELECT *, {fault} AS fault, {left} AS left_why, register_day(updated) AS seen,
        register_day(created) AS began, coalesce(register_day(expired), {ended}) AS ended, {days} FROM records"""
    return f"""SELECT *, CASE WHEN fault IS NULL AND left_why IS NULL THEN 'lei:' || lei END AS id FROM ({read})"""


def _ending(codes: Codes) -> list[str]:
    return [event for event, stage in codes.stages.items() if stage == "ended"]


def _merging(codes: Codes) -> list[str]:
    return [event for event, how in codes.successions.items() if how in ("absorption", "merger")]


def _last(test: str) -> str:
    return f"list_max(list_transform(list_filter(events, lambda x: {test}), lambda x: register_day(x.effective)))"


def _changed(event: str) -> str:
    return _last(f"x.type = {quote(event)} AND ({_DONE})")


def entity_claims(codes: Codes, source: str) -> str:
    """Return SQL over `judged` (the rows of `judged_records`) that yields rows; `source` is an SQL expression."""
    reports = f"""SELECT {row("line", fault="fault", left_why="CASE WHEN fault IS NULL THEN left_why END")}
      FROM judged WHERE id IS NULL"""
    parts = [
        *_what(codes, source), *_where(source), *_life(codes, source), *_others(codes, source), *_field_reports(codes)
    ]  # fmt: skip
    return " UNION ALL ".join([reports, *parts])


def _claim(source: str, field: str, predicate: str, test: str = "true", table: str = "judged", **columns: str) -> str:
    given = {"subject": "id", "observed": "seen", "source": source, "locator": f"lei || '#{field}'", **columns}
    return f"SELECT {row('line', predicate=quote(predicate), **given)} FROM {table} WHERE id IS NOT NULL AND ({test})"


def _what(codes: Codes, source: str) -> list[str]:
    kinds = {code: kind for code, kind in codes.kinds.items() if kind}
    ruled = f"authority IS NOT NULL AND authority NOT IN {listed(_NO_REGISTER)}"
    number = "CASE WHEN {0} THEN authority || ':' || number ELSE concat_ws(' ', authority_words, number) END"
    scheme = "CASE WHEN {0} THEN 'scheme=ra' ELSE 'scheme=registration' END"
    others = """(SELECT *, unnest(others) AS o FROM judged)"""
    kind = f"coalesce({choice('o.type', codes.names)}, 'alias')"
    return [
        _claim(
            source, "EntityCategory", "kind",
            value=f"coalesce({choice('category', kinds)}, 'organization')",
        ),
        # An identifier holds without a date, and is the same claim wherever the LEI stands.
        _claim(source, "LEI", "identifier", value="lei", qualifiers="'scheme=lei'", observed="NULL"),
        _claim(
            source, "LegalName", "name", value="name", value_lang="name_lang", qualifiers="'type=legal'",
            valid_from="name_since",
        ),
        _claim(
            source, "OtherEntityNames", "name", table=others, value="o.v", value_lang="o.lang",
            qualifiers=f"'type=' || {kind}",
            valid_to=f"CASE WHEN {kind} = 'former' THEN '<' || name_since END",
            observed=f"CASE WHEN {kind} <> 'former' THEN seen END",
        ),
        _claim(
            source, "RegistrationAuthority", "identifier", "number IS NOT NULL", value=number.format(ruled),
            qualifiers=scheme.format(ruled),
        ),
        _claim(
            source, "LegalForm", "described_as", f"form IS NOT NULL AND form NOT IN {listed(_NO_FORM)}",
            value="'ELF ' || form", qualifiers="'aspect=legal_form'", valid_from="form_since",
        ),
        _claim(
            source, "OtherLegalForm", "described_as", "form_words IS NOT NULL", value="form_words",
            qualifiers="'aspect=legal_form'", valid_from="form_since",
        ),
        _claim(
            source, "EntitySubCategory", "described_as", "subcategory IS NOT NULL", value="subcategory",
            qualifiers="'aspect=legal_form'",
        ),
    ]  # fmt: skip


def _where(source: str) -> list[str]:
    def place(field: str, code: str, basis: str, **more: str) -> str:
        scope = f"CASE WHEN {code} LIKE '__-%' THEN 'scope=' || {code} END"
        return _claim(
            source, field, "located_in", f"regexp_matches({code}, '{_CODE}')", object_=f"'iso:' || left({code}, 2)",
            qualifiers=f"concat_ws('; ', 'basis={basis}', {scope})", **more,
        )  # fmt: skip

    def address(field: str, column: str, basis: str) -> str:
        return _claim(
            source, field, "address", f"{column} IS NOT NULL", value=column, qualifiers=f"'basis={basis}'",
            valid_from=f"{column}_since",
        )  # fmt: skip

    return [
        place("LegalJurisdiction", "jurisdiction", "jurisdiction"),
        place("LegalAddress.Country", "legal_country", "registered", valid_from="legal_since"),
        place("HeadquartersAddress.Country", "hq_country", "headquarters", valid_from="hq_since"),
        address("LegalAddress", "legal", "registered"),
        address("HeadquartersAddress", "hq", "headquarters"),
    ]


def _life(codes: Codes, source: str) -> list[str]:
    events = "(SELECT *, unnest(events) AS e FROM judged)"
    stage = choice("e.type", codes.stages)
    # A dissolution that is under way has not ended anything; an insolvency that is under way impairs.
    mode = f"""CASE WHEN e.status = 'WITHDRAWN_CANCELLED' THEN 'attempted'
        WHEN e.status = 'IN_PROGRESS' AND {stage} = 'ended' THEN 'planned' END"""
    dissolved = f"""len(list_filter(events, lambda x: x.type IN {listed(_ending(codes))} AND ({_DONE})
        AND register_day(x.effective) IS NOT NULL)) > 0"""
    effective, recorded = "register_day(e.effective)", "register_day(e.recorded)"
    return [
        _claim(
            source, "EntityStatus", "status", "status = 'ACTIVE' OR began IS NOT NULL", value="'active'",
            valid_from="began", observed="CASE WHEN status = 'ACTIVE' THEN seen END",
        ),
        # Without a date of its own, the end lies at the latest where the record was last changed.
        _claim(
            source, "EntityStatus", "status", f"status = 'INACTIVE' AND NOT {dissolved}", value="'ended'",
            valid_from="coalesce(ended, '<=' || seen)", observed="NULL",
            qualifiers="'reason=' || register_words(expired_why)",
        ),
        _claim(
            source, "LegalEntityEvents", "status", f"{stage} IS NOT NULL", table=events, value=stage, mode=mode,
            valid_from=effective, qualifiers="'reason=' || register_words(e.type)",
            observed=f"CASE WHEN {effective} IS NULL THEN {recorded} END",
        ),
        # The record's own life, in so many words: no stage of the entity.
        _claim(
            source, "RegistrationStatus", "described_as", f"registration NOT IN {listed(codes.in_force)}",
            value="'LEI registration ' || registration", qualifiers="'aspect=other'",
        ),
    ]  # fmt: skip


def _others(codes: Codes, source: str) -> list[str]:
    """Return rows for other entities that the record names: successors, and the family of a fund."""
    type_ = f"list_filter(events, lambda x: x.type IN {listed(codes.successions)} AND ({_DONE}))"
    numbered = f"""(SELECT j.*, s, place, {type_}[-1] AS e FROM (
        SELECT *, unnest(successors) AS s, unnest(range(1, len(successors) + 1)) AS place FROM judged) j)"""
    named = f"""(SELECT *, CASE WHEN s.lei IS NULL THEN 'lei:' || lei || '/successor/' || place
        WHEN lei_fault(upper(s.lei)) IS NULL THEN 'lei:' || upper(s.lei) END AS other FROM {numbered})"""
    how = f"coalesce({choice('e.type', codes.successions)}, 'successor')"
    doubled = f"registration = {quote(codes.duplicate)}"
    unlisted = "s.lei IS NULL AND s.name IS NOT NULL"
    return [
        _claim(
            source, "SuccessorEntity", "succeeds", f"other IS NOT NULL AND ({doubled}) IS NOT TRUE", table=named,
            subject="other", object_="id", qualifiers=f"'how=' || {how}",
            valid_from="coalesce(register_day(e.effective), register_day(expired))",
            observed="CASE WHEN coalesce(register_day(e.effective), register_day(expired)) IS NULL THEN seen END",
        ),
        # A duplicate is a second LEI of one entity, not a successor.
        _claim(
            source, "SuccessorEntity", "same_as", f"other IS NOT NULL AND {doubled}", table=named, object_="other",
        ),
        _claim(
            source, "SuccessorEntityName", "name", f"other IS NOT NULL AND {unlisted}", table=named, subject="other",
            value="s.name",
        ),
        _claim(
            source, "SuccessorEntityName", "kind", f"other IS NOT NULL AND {unlisted}", table=named, subject="other",
            value="'organization'",
        ),
        _claim(
            source, "AssociatedEntity", "linked_to", "associated IS NOT NULL AND lei_fault(upper(associated)) IS NULL",
            object_="'lei:' || upper(associated)",
            qualifiers="'reason=' || coalesce(register_words(associated_type), 'associated entity')",
        ),
    ]  # fmt: skip


def _field_reports(codes: Codes) -> list[str]:
    """Return rows for what is wrong with a field, or is read past; the rest of the record stands."""

    def report(test: str, table: str = "judged", **what: str) -> str:
        return f"SELECT {row('line', **what)} FROM {table} WHERE id IS NOT NULL AND ({test})"

    reports = [
        report(
            f"{field} IS NOT NULL AND register_day({field}) IS NULL",
            fault=f"'{label} “' || left({field}, 80) || '” is no date'",
        )
        for field, label in (
            ("updated", "LastUpdateDate"),
            ("created", "EntityCreationDate"),
            ("expired", "EntityExpirationDate"),
        )
    ]
    reports += [
        report(
            f"{code} IS NOT NULL AND NOT regexp_matches({code}, '{_CODE}')",
            fault=f"'{label} “' || left({code}, 80) || '” is no country code'",
        )
        for code, label in (
            ("jurisdiction", "LegalJurisdiction"),
            ("legal_country", "LegalAddress.Country"),
            ("hq_country", "HeadquartersAddress.Country"),
        )
    ]
    events = "(SELECT *, unnest(events) AS e FROM judged)"
    successors = "(SELECT *, unnest(successors) AS s FROM judged)"
    others = "(SELECT *, unnest(others) AS o FROM judged)"
    used = listed((*codes.changes.values(), *codes.stages))
    followed = f"e.type IN {listed(codes.successions)} AND len(successors) > 0"
    return [
        *reports,
        report(
            f"category IS NOT NULL AND category NOT IN {listed(codes.kinds)}",
            fault="'EntityCategory “' || left(category, 80) || '” is not known: the entity is read as an organization'",
        ),
        report(
            "status IS NOT NULL AND status NOT IN ('ACTIVE', 'INACTIVE', 'NULL')",
            fault="'EntityStatus “' || left(status, 80) || '” is neither ACTIVE nor INACTIVE'",
        ),
        report("status = 'NULL'", left_why="'EntityStatus NULL: not said'"),
        report(
            "e.effective IS NOT NULL AND register_day(e.effective) IS NULL",
            events,
            fault="'LegalEntityEventEffectiveDate “' || left(e.effective, 80) || '” is no date'",
        ),
        report(
            f"(e.type NOT IN {used} AND NOT ({followed})) OR e.type IS NULL",
            events,
            left_why="'LegalEntityEvent ' || coalesce(e.type, 'without a type') || ': no predicate'",
        ),
        report(
            f"e.type IN {listed(codes.changes.values())} AND NOT coalesce({_DONE.replace('x.', 'e.')}, true)",
            events,
            left_why="'LegalEntityEvent ' || e.type || ': not completed, so it dates nothing'",
        ),
        report("s.lei IS NOT NULL", successors, fault="lei_fault(upper(s.lei))"),
        report("associated IS NOT NULL", fault="lei_fault(upper(associated))"),
        report("associated IS NULL AND associated_type IS NOT NULL", left_why="'AssociatedEntity without an LEI'"),
        report(
            f"o.type NOT IN {listed(codes.names)}",
            others,
            fault="'the type of name “' || left(o.type, 80) || '” is not known: it is read as an alias'",
        ),
        report(
            "other_addresses > 0",
            left_why="'LEI records with addresses in other languages or scripts, which are read past'",
        ),
    ]
