"""Which record of BODS 0.4 a claim stands in: the details of entities, persons and relationships."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from isthmus.claims.exports.bods_statements import Draft, Row, percent, plain_day
from isthmus.identifiers import countries
from isthmus.sources.bods.codes import load_codes
from isthmus.sources.bods.parties import DETAILS, LISTED
from isthmus.sources.bods.values import record_id

PERSON = "person"
UNKNOWN = "unknownEntity"
HELD = ("owns", "has_interest_in", "has_role_in", "controls", "subordinate_to")
_ORG_ID = re.compile(r"[A-Z]{2,3}-[A-Z0-9]+(?:-[A-Z0-9]+)*")


class Law(NamedTuple):
    """A statute that set an entity up: a thing of its own for us, a part of the entity's record in BODS."""

    authorizes: Row
    name: Row
    kind: Row | None

    def parts(self) -> list[tuple[str, Row]]:
        """Return the rows with where each stands below ``formedByStatute``."""
        return [("/date", self.authorizes), ("/name", self.name), *([("", self.kind)] if self.kind else [])]


def form_of(kinds: Iterable[str], described: Iterable[str] = ()) -> str | None:
    """Return the entityType (or PERSON) for the kinds of an entity; None where BODS has no record for any of them.

    Parameters
    ----------
    described : iterable of str
        The legal forms that are said of it: with the subtype that they name, some kinds have a type of their own.
    """
    codes, held = load_codes(), set(kinds)
    if not held:
        return UNKNOWN
    if PERSON in held:
        return PERSON
    known = [kind for kind in held if kind in codes.types.values() or kind in codes.wider]
    if not known:
        return None
    forms = set(described)
    for name, kind in codes.subtypes.items():
        form, _, subtype = name.partition("/")
        if kind in held and subtype in forms:
            return form
    narrow = [name for name, kind in codes.types.items() if kind in held and kind != "party"]
    return narrow[0] if narrow else next((codes.wider[kind] for kind in sorted(held & codes.wider.keys())), UNKNOWN)


def relationship_draft(row: Row, reasons: Counter[str]) -> Draft | None:
    """Return the relationship of a claim, or None with the reason counted."""
    record = f"isthmus-{row.id.replace('-', '')}"
    if row.predicate == "owners_unstated":
        return _unstated(row, record, reasons)
    holder, owned = (row.object, row.subject) if row.predicate == "subordinate_to" else (row.subject, row.object)
    kind = _interest_type(row)
    if kind is None:
        reasons[f"{row.predicate}: of the roles, BODS has seats on the board only"] += 1
        return None
    if not holder or not owned or (row.predicate != "owns" and (row.low or row.high)):
        reasons[f"{row.predicate}: a number of such relations has no place in BODS"] += 1
        return None
    details = {
        "isComponent": False,
        "subject": record_id(owned),
        "interestedParty": record_id(holder),
        "interests": [_interest(row, kind)],
    }
    return Draft(record, "relationship", record_id(owned), details, ((f"{DETAILS}/interests/0", row),))


def _interest_type(row: Row) -> str | None:
    codes = load_codes()
    if row.predicate == "has_role_in":
        return next((code for code, role in codes.roles.items() if role == row.pair("role")), None)
    if row.predicate == "subordinate_to":
        return "controlByLegalFramework"
    fallback = {"owns": "shareholding", "controls": "otherInfluenceOrControl"}.get(row.predicate)
    return row.pair("interest") or fallback


def _interest(row: Row, kind: str) -> dict[str, Any]:
    body: dict[str, Any] = {"type": kind}
    if direct := row.pair("direct"):
        body["directOrIndirect"] = direct
    if beneficial := row.pair("beneficial"):
        body["beneficialOwnershipOrControl"] = beneficial == "yes"
    if title := row.pair("title"):
        body["details"] = title
    if share := _share(row):
        body["share"] = share
    return body | _dates(row)


def _share(row: Row) -> dict[str, int | float]:
    if row.low and row.low == row.high and row.low[0] not in "<>~":
        return {"exact": percent(row.low)}
    body = {}
    if row.low:
        body["exclusiveMinimum" if row.low[0] == ">" else "minimum"] = percent(row.low)
    if row.high:
        body["exclusiveMaximum" if row.high[0] == "<" else "maximum"] = percent(row.high)
    return body


def _dates(row: Row) -> dict[str, str]:
    start, end = plain_day(row.valid_from), plain_day(row.valid_to)
    if start and end and end < start:
        end = start
    return {key: day for key, day in (("startDate", start), ("endDate", end)) if day}


def _unstated(row: Row, record: str, reasons: Counter[str]) -> Draft | None:
    code = next((code for code, value in load_codes().reasons.items() if value == row.value), None)
    if code is None:
        reasons[f"owners_unstated: BODS has no reason for “{row.value}”"] += 1
        return None
    party = {"reason": code} | ({"description": title} if (title := row.pair("title")) else {})
    details: dict[str, Any] = {"isComponent": False, "subject": record_id(row.subject), "interestedParty": party}
    pointer = f"{DETAILS}/interestedParty"
    if (kind := row.pair("interest")) or row.valid_from or row.valid_to:
        body = {"type": kind or "unknownInterest"}
        if direct := row.pair("direct"):
            body["directOrIndirect"] = direct
        details["interests"] = [body | _dates(row)]
        pointer = f"{DETAILS}/interests/0"
    return Draft(record, "relationship", record_id(row.subject), details, ((pointer, row),))


def party_draft(
    entity: str, form: str, rows: Iterable[Row], laws: Iterable[Law], about: str, reasons: Counter[str]
) -> Draft:
    """Return the record of an entity or a person, with what has a place in it; the rest is counted."""
    if form == PERSON:
        return _person(entity, rows, about, reasons)
    details: dict[str, Any] = {"isComponent": False, "entityType": {"type": form}}
    placed: list[tuple[str, Row]] = []
    for row in rows:
        pointer = _place(details, row)
        if pointer is None:
            reasons[_reason(row)] += 1
        else:
            placed.append((f"{DETAILS}/{pointer}", row))
    for law in laws:
        day = plain_day(law.authorizes.valid_from)
        body = {"name": law.name.value} | ({"date": day} if day else {})
        if _put(details, "formedByStatute", body):
            placed += [(f"{DETAILS}/formedByStatute{part}", row) for part, row in law.parts()]
        else:
            reasons["authorizes: BODS has one statute for an entity"] += len(law.parts())
    return Draft(record_id(entity), "entity", about, details, tuple(placed))


def _person(entity: str, rows: Iterable[Row], about: str, reasons: Counter[str]) -> Draft:
    details: dict[str, Any] = {"isComponent": False, "personType": "unknownPerson"}
    types = {ours: code for code, ours in load_codes().name_types.items() if code != "translation"}
    placed: list[tuple[str, Row]] = []
    for row in rows:
        if row.predicate == "kind" and row.value == PERSON:
            placed.append((f"{DETAILS}/personType", row))
        elif row.predicate == "name" and row.value:
            names = details.setdefault("names", [])
            code = types.get(row.pair("type") or "")
            names.append({"type": code, "fullName": row.value} if code else {"fullName": row.value})
            placed.append((f"{DETAILS}/names/{len(names) - 1}", row))
        else:
            reasons[f"{row.predicate} of a natural person: only the name leaves"] += 1
    if "names" in details:
        details["personType"] = "knownPerson"
    return Draft(record_id(entity), PERSON, about, details, tuple(placed))


def _reason(row: Row) -> str:
    if row.predicate == "kind":
        return f"kind {row.value}: BODS has one type for an entity, and it is another"
    known = ("name", "identifier", "located_in", "address", "status", "described_as")
    return f"{row.predicate}: {'no place for this one' if row.predicate in known else 'BODS has no place for it'}"


def _place(details: dict[str, Any], row: Row) -> str | None:
    """Put a claim into the details of an entity; return the pointer to it, None where it has no place."""
    match row.predicate:
        case "kind":
            return _place_kind(details, row)
        case "name":
            if "name" not in details and row.pair("type") in (None, "legal"):
                return _put(details, "name", row.value)
            return f"alternateNames/{_append(details, 'alternateNames', row.value)}"
        case "identifier":
            return _place_identifier(details, row)
        case "located_in" | "address":
            return _place_address(details, row)
        case "status":
            key = {"active": "foundingDate", "ended": "dissolutionDate"}.get(row.value or "")
            return _put(details, key, plain_day(row.valid_from)) if key and row.valid_from else None
        case "described_as":
            return _place_description(details, row)
    return None


def _put(details: dict[str, Any], key: str, value: Any) -> str | None:
    if key in details or not value:
        return None
    details[key] = value
    return key


def _append(details: dict[str, Any], key: str, value: Any) -> int:
    listed = details.setdefault(key, [])
    listed.append(value)
    return len(listed) - 1


def _place_kind(details: dict[str, Any], row: Row) -> str | None:
    codes, form = load_codes(), details["entityType"]["type"]
    narrow = {kind: name.partition("/") for name, kind in codes.subtypes.items()}
    if row.value in narrow and form == narrow[row.value][0]:
        details["entityType"]["subtype"] = narrow[row.value][2]
        return "entityType"
    fits = codes.types[form] == row.value or codes.wider.get(row.value or "") == form
    return "entityType" if fits else None


def _place_identifier(details: dict[str, Any], row: Row) -> str | None:
    scheme, value = row.pair("scheme") or "", row.value or ""
    if scheme == "url" and "uri" not in details:
        return _put(details, "uri", value)
    code = next((code for code, ours in load_codes().schemes.items() if ours == scheme), None)
    body = {"id": value, "scheme": code} if code else {"id": value, "schemeName": scheme or "identifier"}
    register, colon, number = value.partition(":")
    if scheme == "ra" and register in load_codes().registers.values():
        body = {"id": number, "scheme": "GB-COH"}
    elif scheme in ("registration", "tax") and colon:
        body = {"id": number, "scheme" if _ORG_ID.fullmatch(register) else "schemeName": register}
    return f"identifiers/{_append(details, 'identifiers', body)}"


def _place_address(details: dict[str, Any], row: Row) -> str | None:
    basis = row.pair("basis")
    types = {ours: code for code, ours in load_codes().address_types.items() if ours}
    if row.predicate == "address":
        if basis is not None and basis not in types:
            return None
        typed = {"type": types[basis]} if basis else {}
        return f"addresses/{_append(details, 'addresses', typed | {'address': row.value})}"
    code = (row.object or "").removeprefix("iso:")
    if code == row.object or not re.fullmatch("[A-Z]{2}(-[A-Z0-9]{1,3})?", code):
        return None
    known = countries().get(code[:2])
    body = {"name": known.name if known else code, "code": code}
    if basis == "jurisdiction":
        return _put(details, "jurisdiction", body)
    if (basis is not None and basis not in types) or len(code) > 2:
        return None
    typed = {"type": types[basis]} if basis else {}
    return f"addresses/{_append(details, 'addresses', typed | {'country': body})}/country"


def _place_description(details: dict[str, Any], row: Row) -> str | None:
    codes, body, value = load_codes(), details["entityType"], row.value or ""
    if row.pair("aspect") == "legal_form":
        if value in codes.told_subtypes and body.get("subtype", value) == value and _fits(value, body["type"]):
            body["subtype"] = value
            return "entityType/subtype"
        place = _put(body, "details", value)
        return f"entityType/{place}" if place else None
    if value == LISTED:
        return _put(details, "publicListing", {"hasPublicListing": True})
    reason, _, words = value.partition(": ")
    if body["type"] == UNKNOWN and reason in codes.reasons:
        unspecified = {"reason": reason} | ({"description": words} if words else {})
        return _put(details, "unspecifiedEntityDetails", unspecified)
    return None


def _fits(subtype: str, form: str) -> bool:
    """Whether BODS allows the subtype with the type (see its codelist entitySubtype)."""
    allowed = {"trust": ("arrangement", "legalEntity"), "nomination": ("arrangement",)}
    return form in allowed.get(subtype, ("stateBody",))
