"""Statements of BODS 0.4 for claims: what has a place in them, and annotations for what their fields cannot say exactly.

Every statement is read back by our own reader before it is written. Where the claims that come back differ in a date, in a
share or in a qualifier, an annotation of the kind *transformation* beside the field says what the claim has (a partial
date, a mark, a special right). What comes back as another claim is remarked on; what does not come back has no place.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from isthmus.sources.bods.history import settle
from isthmus.sources.bods.parse import read_item
from isthmus.sources.bods.record import Claim
from isthmus.sources.bods.statement import EXACT, NO_CLAIM, read_statement
from isthmus.sources.bods.values import PREFIX, entity_id, record_id
from isthmus.sources.log import Log

VERSION = "0.4"


class Row(NamedTuple):
    """A claim as the store gives it out, and the day on which it was recorded."""

    id: str
    subject: str
    predicate: str
    object: str | None
    value: str | None
    low: str | None
    high: str | None
    pairs: tuple[tuple[str, str], ...]
    valid_from: str | None
    valid_to: str | None
    observed: str | None
    source: str
    origin: str | None
    locator: str
    hedge: str | None
    licence: str | None
    recorded: str

    def pair(self, name: str) -> str | None:
        """Return the value of a qualifier, None where there is none."""
        return next((value for key, value in self.pairs if key == name), None)


class Draft(NamedTuple):
    """The details of a record, and the claim that each pointer into its statement stands for."""

    record: str
    type: str
    about: str
    details: dict[str, Any]
    placed: tuple[tuple[str, Row], ...]


class Checked(NamedTuple):
    """A statement as JSON text, the claims that it says, and remarks about those that it says otherwise."""

    text: str
    said: tuple[Row, ...]
    remarks: Counter[str]


def plain_day(date: str | None) -> str | None:
    """Return the first day that a partial date names, without its mark: BODS rounds so, and has no marks."""
    if not date:
        return None
    text = date.lstrip("<>=~")
    if "-Q" in text:
        year, _, quarter = text.partition("-Q")
        return f"{year}-{int(quarter) * 3 - 2:02}-01"
    return text + "-01-01"[3 * (len(text) // 3 - 1) :] if len(text) < 10 else text


def write_statement(draft: Draft, rows: Iterable[Row]) -> Checked:
    """Return a record as a statement in the voice of the source of its claims.

    Parameters
    ----------
    rows : iterable of Row
        The claims of one source that the statement is made from; they give it its date and its publisher.
    """
    rows = tuple(rows)
    body = _body(draft, rows)
    back = _read_back(body)
    annotations, remarks, said = [], Counter[str](), []
    for pointer, row in draft.placed:
        claim = _matching(back, pointer, row)
        if claim is None:
            remarks[f"{row.predicate}: written, but it reads back as another claim"] += 1
        elif told := _differences(row, claim):
            annotations.append(_annotation(pointer, "transformation", EXACT, told))
        if row.hedge:
            annotations.append(_annotation(pointer, "commenting", f"The source's own doubt: {row.hedge}"))
            remarks["the doubt of the source stands in an annotation only"] += 1
        said.append(row)
    meant = {(pointer, row.predicate) for pointer, row in draft.placed}
    annotations += [
        _annotation(pointer, "transformation", EXACT, NO_CLAIM)
        for pointer in dict.fromkeys(claim.fact.pointer for claim in back if claim.fact.predicate in ("kind", "described_as"))
        if not any(pointer == place for place, _ in meant)
    ]  # fmt: skip
    if annotations:
        body["annotations"] = annotations
    return Checked(json.dumps(body, ensure_ascii=False), tuple(said), remarks)


def _body(draft: Draft, rows: tuple[Row, ...]) -> dict[str, Any]:
    days = Counter(
        row.observed for row in rows if row.observed and len(row.observed) == 10 and row.observed[0].isdigit()
    )
    recorded = max((row.recorded for row in rows), default="1970-01-01")
    publisher = rows[0].source if rows else "isthmus"
    body: dict[str, Any] = {
        "statementId": "",
        "statementDate": min(days, key=lambda day: (-days[day], day)) if days else recorded,
        "recordId": draft.record,
        "recordType": draft.type,
        "recordStatus": "new",
        "declarationSubject": draft.about,
        "publicationDetails": {
            "publicationDate": recorded,
            "bodsVersion": VERSION,
            "publisher": {"name": publisher.removeprefix(PREFIX)},
        },
        "source": {"description": _provenance(rows)},
        "recordDetails": draft.details,
    }
    licences = {row.licence for row in rows}
    if len(licences) == 1 and (licence := licences.pop()) and "://" in licence:
        body["publicationDetails"]["license"] = licence
    if not rows:
        del body["source"]
    body["statementId"] = "isthmus-" + hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]
    return body


def _provenance(rows: tuple[Row, ...]) -> str:
    places = sorted({row.locator.partition("#")[0] for row in rows})
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    origins = sorted({name for row in rows for name in (row.origin or "").split()})
    return f"At {', '.join(places[:3])}{more}" + (f"; resting on {', '.join(origins)}" if origins else "")


def _read_back(body: Mapping[str, Any]) -> list[Claim]:
    log = Log()
    statement = read_statement(read_item(json.dumps(body, ensure_ascii=False), 1, "/0"), "isthmus", log)
    return list(settle([statement], log)) if statement else []


def _matching(back: list[Claim], pointer: str, row: Row) -> Claim | None:
    subject, object_ = _mapped(row.subject), _mapped(row.object) if row.object else None
    for claim in back:
        fact = claim.fact
        # A class of place (iso:XX) is not a record: it keeps its id.
        ends = (fact.subject == subject, fact.object in (object_, row.object))
        if fact.pointer == pointer and fact.predicate == row.predicate and fact.value == row.value and all(ends):
            return claim
    return None


def _mapped(entity: str) -> str:
    return entity_id(record_id(entity))


def _differences(row: Row, claim: Claim) -> str:
    """Return what a claim has otherwise than its statement says, as ``name=value`` with `; ` between; empty: nothing."""
    told = []
    dates = (("valid_from", claim.valid_from), ("valid_to", claim.valid_to), ("observed", claim.observed))
    if any((getattr(row, name) or None) != back for name, back in dates):
        told = [f"{name}={getattr(row, name) or ''}" for name, _ in dates]
    for name in ("low", "high"):
        wanted = getattr(row, name) or None
        if _number(wanted) != _number(getattr(claim.fact, name)):
            told.append(f"{name}={wanted or ''}")
    wanted_pairs, back_pairs = dict(row.pairs), dict(claim.fact.pairs)
    for name in dict.fromkeys((*back_pairs, *wanted_pairs)):
        if wanted_pairs.get(name) != back_pairs.get(name):
            told.append(f"{name}={wanted_pairs.get(name, '')}")
    return "; ".join(told)


def _number(text: str | None) -> tuple[str, Decimal] | None:
    if not text:
        return None
    mark = text[0] if text[0] in "<>~" else ""
    return mark, Decimal(text[len(mark) :])


def _annotation(pointer: str, motivation: str, description: str, content: str | None = None) -> dict[str, str]:
    body = {"statementPointerTarget": pointer, "motivation": motivation, "description": description}
    return body | ({"transformedContent": content} if content is not None else {})


def percent(text: str) -> int | float:
    """Return a bound of a share as a percentage."""
    number = Decimal(text.lstrip("<>~")).scaleb(2)
    return int(number) if number == number.to_integral_value() else float(number)
