"""Records as JSON, from JSON Lines, a JSON document or XML: texts alone, or wrapped with their language and type."""

from __future__ import annotations

from collections.abc import Mapping

from isthmus.sources.gleif.shapes import EXCEPTIONS, RECORDS, RELATIONS, aliased

_ENTITY = "$.Entity."
_REGISTRATION = "$.Registration."
_DELETED = r"""regexp_matches(json_extract_string({0}, '$.Extension'), '[":]Deletion"')"""

MACROS = (
    # GLEIF wraps a text as {"$": "text"}, with its language and type beside it; others write the text alone.
    """CREATE OR REPLACE TEMP MACRO gleif_text(j) AS nullif(trim(CASE json_type(j)
      WHEN 'OBJECT' THEN json_extract_string(j, '$."$"') WHEN 'ARRAY' THEN NULL WHEN 'NULL' THEN NULL
      ELSE json_extract_string(j, '$') END), '')""",
    # A list, one thing alone, or an object that holds either under `key`.
    """CREATE OR REPLACE TEMP MACRO gleif_items(j, key) AS CASE json_type(j)
      WHEN 'ARRAY' THEN from_json(j, '["JSON"]')
      WHEN 'OBJECT' THEN CASE json_type(json_extract(j, '$.' || key))
        WHEN 'ARRAY' THEN from_json(json_extract(j, '$.' || key), '["JSON"]')
        ELSE [coalesce(json_extract(j, '$.' || key), j)] END
      WHEN 'VARCHAR' THEN [j] ELSE [] END""",
    """CREATE OR REPLACE TEMP MACRO gleif_part(j, a) AS gleif_text(json_extract(j, '$."' || a || '"'))""",
    "CREATE OR REPLACE TEMP MACRO gleif_field(j, a, b) AS coalesce(gleif_part(j, a), gleif_part(j, b))",
    """CREATE OR REPLACE TEMP MACRO gleif_address(j) AS nullif(concat_ws(', ',
      gleif_part(j, 'FirstAddressLine'), nullif(array_to_string(list_transform(
        gleif_items(json_extract(j, '$.AdditionalAddressLine'), 'AdditionalAddressLine'), lambda x: gleif_text(x)), ', '), ''),
      gleif_part(j, 'City'), gleif_part(j, 'Region'), gleif_part(j, 'PostalCode'),
      gleif_part(j, 'Country')), '')""",
)


def json_kind(body: str) -> str:
    """Return SQL that tells which record the JSON in `body` is, or NULL."""
    keys = {"Entity": RECORDS, "Relationship": RELATIONS, "ExceptionCategory": EXCEPTIONS}
    whens = " ".join(f"WHEN list_contains(json_keys({body}), '{key}') THEN '{kind}'" for key, kind in keys.items())
    return f"CASE {whens} END"


def json_shape(kind: str, bodies: str) -> str:
    """Return SQL for the table of `kind` from `bodies`, a SELECT of `body` (JSON) and `line`."""
    cells, paths = {RECORDS: _json_record, RELATIONS: _json_relation, EXCEPTIONS: _json_exception}[kind]()
    wanted = ", ".join(f"'{path}'" for path in paths)
    deleted = f"coalesce({_DELETED.format('body')}, false)"
    found = f"SELECT line, body, json_extract(body, [{wanted}]) AS f FROM ({bodies})"
    return f"SELECT line, {aliased(cells)}, {deleted} AS deleted FROM ({found})"


def _field(name: str, other: str) -> str:
    return f"gleif_part(x, '{name}')" if name == other else f"gleif_field(x, '{name}', '{other}')"


class _Paths:
    """Collects JSON paths, so that a record is taken apart once."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def at(self, path: str) -> str:
        self.paths.append(path)
        return f"f[{len(self.paths)}]"

    def text(self, path: str) -> str:
        return f"gleif_text({self.at(path)})"

    def structs(self, path: str, key: str, fields: Mapping[str, tuple[str, str]]) -> str:
        made = ", ".join(f"'{name}': {_field(a, b)}" for name, (a, b) in fields.items())
        some = " OR ".join(f"y.{name} IS NOT NULL" for name in fields)
        items = f"list_transform(gleif_items({self.at(path)}, '{key}'), lambda x: {{{made}}})"
        return f"list_filter({items}, lambda y: {some})"


def _json_record() -> tuple[dict[str, str], list[str]]:
    at = _Paths()

    def names(stem: str) -> str:
        items = f"gleif_items({at.at(f'{_ENTITY}{stem}s')}, '{stem}')"
        text = f"coalesce(gleif_text(x), gleif_part(x, '{stem}'))"
        lang, kind = "gleif_field(x, '@xml:lang', 'lang')", "gleif_field(x, '@type', 'type')"
        made = f"list_transform({items}, lambda x: {{'v': {text}, 'lang': {lang}, 'type': {kind}}})"
        return f"list_filter({made}, lambda y: y.v IS NOT NULL)"

    def country(name: str) -> str:
        return at.text(f"{_ENTITY}{name}.Country")

    others = [
        f"len(gleif_items({at.at(f'{_ENTITY}{stem}es')}, '{stem}'))"
        for stem in ("OtherAddress", "TransliteratedOtherAddress")
    ]
    cells = {
        "lei": f"upper({at.text('$.LEI')})",
        "name": at.text(f"{_ENTITY}LegalName"),
        "name_lang": at.text(f'{_ENTITY}LegalName."@xml:lang"'),
        "others": f"list_concat({names('OtherEntityName')}, {names('TransliteratedOtherEntityName')})",
        "legal": f"gleif_address({at.at(f'{_ENTITY}LegalAddress')})",
        "legal_country": country("LegalAddress"),
        "hq": f"gleif_address({at.at(f'{_ENTITY}HeadquartersAddress')})",
        "hq_country": country("HeadquartersAddress"),
        "authority": at.text(f"{_ENTITY}RegistrationAuthority.RegistrationAuthorityID"),
        "authority_words": at.text(f"{_ENTITY}RegistrationAuthority.OtherRegistrationAuthorityID"),
        "number": at.text(f"{_ENTITY}RegistrationAuthority.RegistrationAuthorityEntityID"),
        "jurisdiction": at.text(f"{_ENTITY}LegalJurisdiction"),
        "category": at.text(f"{_ENTITY}EntityCategory"),
        "subcategory": at.text(f"{_ENTITY}EntitySubCategory"),
        "form": at.text(f"{_ENTITY}LegalForm.EntityLegalFormCode"),
        "form_words": at.text(f"{_ENTITY}LegalForm.OtherLegalForm"),
        "status": at.text(f"{_ENTITY}EntityStatus"),
        "created": at.text(f"{_ENTITY}EntityCreationDate"),
        "expired": at.text(f"{_ENTITY}EntityExpirationDate"),
        "expired_why": at.text(f"{_ENTITY}EntityExpirationReason"),
        "successors": at.structs(
            f"{_ENTITY}SuccessorEntity",
            "SuccessorEntity",
            {"lei": ("SuccessorLEI", "SuccessorLEI"), "name": ("SuccessorEntityName", "SuccessorEntityName")},
        ),
        "associated": at.text(f"{_ENTITY}AssociatedEntity.AssociatedLEI"),
        "associated_type": at.text(f'{_ENTITY}AssociatedEntity."@type"'),
        "events": at.structs(
            f"{_ENTITY}LegalEntityEvents",
            "LegalEntityEvent",
            {
                "type": ("LegalEntityEventType", "LegalEntityEventType"),
                "status": ("@event_status", "event_status"),
                "effective": ("LegalEntityEventEffectiveDate", "LegalEntityEventEffectiveDate"),
                "recorded": ("LegalEntityEventRecordedDate", "LegalEntityEventRecordedDate"),
            },
        ),
        "other_addresses": " + ".join(others),
        "registration": at.text(f"{_REGISTRATION}RegistrationStatus"),
        "updated": at.text(f"{_REGISTRATION}LastUpdateDate"),
    }
    return cells, at.paths


def _json_relation() -> tuple[dict[str, str], list[str]]:
    at = _Paths()
    top = "$.Relationship."

    def node(name: str, part: str) -> str:
        return at.text(f"{top}{name}.NodeID{part}")

    cells = {
        "start_id": f"upper({node('StartNode', '')})",
        "start_type": node("StartNode", "Type"),
        "end_id": f"upper({node('EndNode', '')})",
        "end_type": node("EndNode", "Type"),
        "type": at.text(f"{top}RelationshipType"),
        "status": at.text(f"{top}RelationshipStatus"),
        "periods": at.structs(
            f"{top}RelationshipPeriods",
            "RelationshipPeriod",
            {
                "begins": ("StartDate", "StartDate"),
                "ends": ("EndDate", "EndDate"),
                "type": ("PeriodType", "PeriodType"),
            },
        ),
        "qualifiers": at.structs(
            f"{top}RelationshipQualifiers",
            "RelationshipQualifier",
            {
                "dimension": ("QualifierDimension", "QualifierDimension"),
                "category": ("QualifierCategory", "QualifierCategory"),
            },
        ),
        "quantifiers": at.structs(
            f"{top}RelationshipQuantifiers",
            "RelationshipQuantifier",
            {
                "method": ("MeasurementMethod", "MeasurementMethod"),
                "amount": ("QuantifierAmount", "QuantifierAmount"),
                "units": ("QuantifierUnits", "QuantifierUnits"),
            },
        ),
        "registration": at.text(f"{_REGISTRATION}RegistrationStatus"),
        "updated": at.text(f"{_REGISTRATION}LastUpdateDate"),
        "validation": at.text(f"{_REGISTRATION}ValidationSources"),
    }
    return cells, at.paths


def _json_exception() -> tuple[dict[str, str], list[str]]:
    at = _Paths()

    def texts(name: str) -> str:
        items = f"list_transform(gleif_items({at.at(f'$.{name}')}, '{name}'), lambda x: gleif_text(x))"
        return f"list_filter({items}, lambda y: y IS NOT NULL)"

    cells = {
        "lei": f"upper({at.text('$.LEI')})",
        "category": at.text("$.ExceptionCategory"),
        "reasons": texts("ExceptionReason"),
        "words": texts("ExceptionReference"),
        "observed": at.text("$.ContentDate"),
    }
    return cells, at.paths
