"""The golden copy's CSV files: one row a record, dotted column names, numbers in them for what may repeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from isthmus.sources.gleif.shapes import ADDRESS, EXCEPTIONS, RECORDS, RELATIONS, aliased


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a CSV file, by name, with the numbered ones counted."""

    columns: frozenset[str]

    def text(self, name: str) -> str:
        """Return SQL for a cell; NULL where it is empty or the file has no such column."""
        return f"nullif(trim(\"{name}\"), '')" if name in self.columns else "NULL::VARCHAR"

    def numbered(self, pattern: str) -> list[str]:
        """Return the names that `pattern` gives with 1, 2, 3 … for ``{}``, as far as the file has them."""
        found: list[str] = []
        while (name := pattern.format(len(found) + 1)) in self.columns:
            found.append(name)
        return found

    def texts(self, pattern: str) -> str:
        """Return SQL for the list of filled cells of a numbered column."""
        cells = ", ".join(self.text(name) for name in self.numbered(pattern))
        return f"list_filter([{cells}]::VARCHAR[], lambda x: x IS NOT NULL)"

    def structs(self, first: str, fields: Mapping[str, str]) -> str:
        """Return SQL for a list of structs: the patterns of `fields`, as often as the file has the column `first`."""
        count = max((len(self.numbered(pattern)) for pattern in (first, *fields.values())), default=0)
        made = [
            "{" + ", ".join(f"'{key}': {self.text(pattern.format(n))}" for key, pattern in fields.items()) + "}"
            for n in range(1, count + 1)
        ]
        empty = "STRUCT(" + ", ".join(f'"{key}" VARCHAR' for key in fields) + ")[]"
        some = " OR ".join(f"x.{key} IS NOT NULL" for key in fields)
        return f"list_filter([{', '.join(made)}]::{empty}, lambda x: {some})"


def csv_kind(columns: Iterable[str]) -> str | None:
    """Tell by the header which records a CSV file holds, or None."""
    names = set(columns)
    if "Relationship.StartNode.NodeID" in names:
        return RELATIONS
    if "LEI" in names and names & {"Exception.Category", "ExceptionCategory"}:
        return EXCEPTIONS
    return RECORDS if {"LEI", "Entity.LegalName"} <= names else None


def csv_shape(kind: str, columns: Sequence[str], rows: str) -> str:
    """Return SQL for the table of `kind` from `rows`, a SELECT of the golden copy's CSV with `line`."""
    table = Table(frozenset(columns))
    cells = {RECORDS: _csv_record, RELATIONS: _csv_relation, EXCEPTIONS: _csv_exception}[kind](table)
    return f"SELECT line, {aliased(cells)}, false AS deleted FROM ({rows})"


def _csv_record(table: Table) -> dict[str, str]:
    def entity(name: str) -> str:
        return table.text(f"Entity.{name}")

    def address(name: str) -> str:
        lines = ["FirstAddressLine", *(f"AdditionalAddressLine.{n}" for n in range(1, 4)), *ADDRESS[2:]]
        return f"nullif(concat_ws(', ', {', '.join(entity(f'{name}.{line}') for line in lines)}), '')"

    def names(stem: str) -> str:
        base = f"Entity.{stem}s.{stem}.{{}}"
        return table.structs(base, {"v": base, "lang": f"{base}.xmllang", "type": f"{base}.type"})

    event = "Entity.LegalEntityEvents.LegalEntityEvent.{}."
    other = [f"Entity.{stem}es.{stem}.{{}}.FirstAddressLine" for stem in ("OtherAddress", "TransliteratedOtherAddress")]
    successor = "Entity.SuccessorEntity.{}."
    fields = {"lei": f"{successor}SuccessorLEI", "name": f"{successor}SuccessorEntityName"}
    # Version 2 of the format knew one successor only.
    single = {"lei": "Entity.SuccessorEntity.SuccessorLEI", "name": "Entity.SuccessorEntity.SuccessorEntityName"}
    numbered = bool(table.numbered(fields["lei"]) or table.numbered(fields["name"]))
    one = f"[{{'lei': {table.text(single['lei'])}, 'name': {table.text(single['name'])}}}]"
    return {
        "lei": f"upper({table.text('LEI')})",
        "name": entity("LegalName"),
        "name_lang": entity("LegalName.xmllang"),
        "others": f"list_concat({names('OtherEntityName')}, {names('TransliteratedOtherEntityName')})",
        "legal": address("LegalAddress"),
        "legal_country": entity("LegalAddress.Country"),
        "hq": address("HeadquartersAddress"),
        "hq_country": entity("HeadquartersAddress.Country"),
        "authority": entity("RegistrationAuthority.RegistrationAuthorityID"),
        "authority_words": entity("RegistrationAuthority.OtherRegistrationAuthorityID"),
        "number": entity("RegistrationAuthority.RegistrationAuthorityEntityID"),
        "jurisdiction": entity("LegalJurisdiction"),
        "category": entity("EntityCategory"),
        "subcategory": entity("EntitySubCategory"),
        "form": entity("LegalForm.EntityLegalFormCode"),
        "form_words": entity("LegalForm.OtherLegalForm"),
        "status": entity("EntityStatus"),
        "created": entity("EntityCreationDate"),
        "expired": entity("EntityExpirationDate"),
        "expired_why": entity("EntityExpirationReason"),
        "successors": table.structs(fields["lei"], fields) if numbered else one,
        "associated": entity("AssociatedEntity.AssociatedLEI"),
        "associated_type": entity("AssociatedEntity.type"),
        "events": table.structs(
            f"{event}LegalEntityEventType",
            {
                "type": f"{event}LegalEntityEventType",
                "status": f"{event}event_status",
                "effective": f"{event}LegalEntityEventEffectiveDate",
                "recorded": f"{event}LegalEntityEventRecordedDate",
            },
        ),
        "other_addresses": " + ".join(f"len({table.texts(pattern)})" for pattern in other),
        "registration": table.text("Registration.RegistrationStatus"),
        "updated": table.text("Registration.LastUpdateDate"),
    }


def _csv_relation(table: Table) -> dict[str, str]:
    node = "Relationship.{}.NodeID{}"
    period, qualifier, quantifier = (f"Relationship.{name}.{{}}." for name in ("Period", "Qualifiers", "Quantifiers"))
    return {
        "start_id": f"upper({table.text(node.format('StartNode', ''))})",
        "start_type": table.text(node.format("StartNode", "Type")),
        "end_id": f"upper({table.text(node.format('EndNode', ''))})",
        "end_type": table.text(node.format("EndNode", "Type")),
        "type": table.text("Relationship.RelationshipType"),
        "status": table.text("Relationship.RelationshipStatus"),
        "periods": table.structs(
            f"{period}startDate",
            {"begins": f"{period}startDate", "ends": f"{period}endDate", "type": f"{period}periodType"},
        ),
        "qualifiers": table.structs(
            f"{qualifier}QualifierCategory",
            {"dimension": f"{qualifier}QualifierDimension", "category": f"{qualifier}QualifierCategory"},
        ),
        "quantifiers": table.structs(
            f"{quantifier}QuantifierAmount",
            {
                "method": f"{quantifier}MeasurementMethod",
                "amount": f"{quantifier}QuantifierAmount",
                "units": f"{quantifier}QuantifierUnits",
            },
        ),
        "registration": table.text("Registration.RegistrationStatus"),
        "updated": table.text("Registration.LastUpdateDate"),
        "validation": table.text("Registration.ValidationSources"),
    }


def _csv_exception(table: Table) -> dict[str, str]:
    def both(name: str) -> str:
        single = f"list_filter([{table.text(f'Exception.{name}')}], lambda x: x IS NOT NULL)"
        return f"list_concat({single}, {table.texts(f'Exception.{name}.{{}}')})"

    return {
        "lei": f"upper({table.text('LEI')})",
        "category": f"coalesce({table.text('Exception.Category')}, {table.text('ExceptionCategory')})",
        "reasons": both("Reason"),
        "words": both("Reference"),
        "observed": "NULL::VARCHAR",
    }
