"""What BODS 0.4 demands of a list of statements, in our own words."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from isthmus.sources.bods.codes import load_codes

# The demands of BODS 0.4 (statement.json, entity-record.json, person-record.json, relationship-record.json), in our own words.
CODES = load_codes()
NEEDED = {
    "statement": {"statementId", "statementDate", "declarationSubject", "recordId", "recordType", "recordDetails", "publicationDetails"},
    "entity": {"isComponent", "entityType"},
    "person": {"isComponent", "personType"},
    "relationship": {"isComponent", "subject", "interestedParty"},
}  # fmt: skip


def faults(statements: list[Any]) -> list[str]:
    """Return what in a list of statements is not as BODS 0.4 demands."""
    found: list[str] = []
    seen: set[str] = set()
    ids = Counter(item["statementId"] for item in statements)
    found += [f"{name} stands twice" for name, count in ids.items() if count > 1]
    for item in statements:
        details, kind = item["recordDetails"], item["recordType"]
        found += [
            f"{kind} without {name}" for name in NEEDED["statement"] - item.keys() | NEEDED[kind] - details.keys()
        ]
        if not 32 <= len(item["statementId"]) <= 64:
            found.append("statementId of a wrong length")
        if not {"publicationDate", "bodsVersion", "publisher"} <= item["publicationDetails"].keys():
            found.append("publicationDetails are not complete")
        dates = [item["statementDate"], item["publicationDetails"]["publicationDate"]]
        dates += [details[key] for key in ("foundingDate", "dissolutionDate") if key in details]
        if kind == "relationship":
            ends = [details["subject"], details["interestedParty"]]
            found += [f"{end} comes before its record" for end in ends if isinstance(end, str) and end not in seen]
            found += [
                f"no reason {end}" for end in ends if isinstance(end, dict) and end["reason"] not in CODES.reasons
            ]
            for interest in details.get("interests", []):
                dates += [interest[key] for key in ("startDate", "endDate") if key in interest]
                found += [] if interest["type"] in CODES.interests else [f"no interest {interest['type']}"]
                found += (
                    []
                    if interest.get("directOrIndirect", "direct") in ("direct", "indirect", "unknown")
                    else ["direct"]
                )
                found += [f"share {number}" for number in interest.get("share", {}).values() if not 0 <= number <= 100]
        else:
            seen.add(item["recordId"])
        if kind == "entity":
            type_ = details["entityType"]
            found += [] if type_["type"] in CODES.types else [f"no type {type_}"]
            found += [
                f"address {one}"
                for one in details.get("addresses", [])
                if one.get("type") not in (None, *CODES.address_types)
            ]
            found += [
                f"identifier {one}"
                for one in details.get("identifiers", [])
                if not {"scheme", "schemeName"} & one.keys()
            ]
        for note in item.get("annotations", []):
            found += [] if {"statementPointerTarget", "motivation"} <= note.keys() else ["annotation"]
        found += [f"date {date}" for date in dates if not re.fullmatch(r"\d{4}-\d\d-\d\d", date)]
    return found
