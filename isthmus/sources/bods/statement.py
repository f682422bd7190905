"""One item of a file as a statement: what it belongs to, when it was said, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from isthmus.sources.bods.codes import load_codes
from isthmus.sources.bods.parse import Item
from isthmus.sources.bods.parties import Faults, count_personal, read_entity, read_person, reason_of
from isthmus.sources.bods.record import Fact, Statement
from isthmus.sources.bods.relations import Relationship, read_relationship
from isthmus.sources.bods.values import entity_id, read_day, slug, text_of
from isthmus.sources.log import Log

TYPES = ("entity", "person", "relationship")
STATUSES = ("new", "updated", "closed")
EXACT = "as the claim has it"
"""The description of the annotations with which our own export says what BODS has no field for."""
NO_CLAIM = "no claim"
"""Their content where a field had to be filled and no claim stands behind it."""

_DATES = ("valid_from", "valid_to", "observed")
_COLUMNS = dict(zip((*_DATES, "low", "high"), ("start", "end", "seen", "low", "high"), strict=True))
_STATEMENT_FIELDS = frozenset(
    {"statementId", "statementDate", "publicationDetails", "recordId", "recordType", "recordStatus", "recordDetails",
     "declarationSubject", "source", "annotations", "replacesStatements"}
)  # fmt: skip


def read_statement(item: Item, file: str, log: Log) -> Statement | None:
    """Return the statement of an item, or None where it cannot be placed; what is wrong with it is listed in `log`.

    Parameters
    ----------
    file : str
        What stands for the publisher where the statement names none.
    """
    body, faults = item.body, Faults(log, item.line, item.place)
    fault = item.fault or _unplaced(body)
    if fault:
        faults.add("", fault)
        return None
    record, kind = str(body["recordId"]), str(body["recordType"])
    details = body.get("recordDetails")
    status = body.get("recordStatus")
    if not isinstance(details, dict):
        if status != "closed":
            faults.add("", "the recordDetails are not an object")
            return None
        details = {}
    if status is None:
        log.note("statements without a recordStatus", item.place)
    key = text_of(body.get("statementId"))
    if key is None or not 32 <= len(key) <= 64:
        log.note("statements whose statementId is missing, or not of 32 to 64 characters", item.place)
    published = body.get("publicationDetails")
    published = published if isinstance(published, dict) else {}
    dates = (text_of(body.get("statementDate")) or "", text_of(published.get("publicationDate")) or "")
    days = tuple(read_day(date) if date else None for date in dates)
    if dates[0] and days[0] is None:
        faults.add("/statementDate", f"statementDate “{dates[0][:40]}” is no date")
        return None
    if not dates[0]:
        log.note("statements without a statementDate", item.place)
    version = text_of(published.get("bodsVersion"))
    if version != "0.4":
        log.note(f"statements of BODS version {version or 'not given'}, read as 0.4", item.place)
    publisher = published.get("publisher")
    publisher = publisher if isinstance(publisher, dict) else {}
    annotations = [note for note in _list(body.get("annotations")) if isinstance(note, dict)]
    found, reason = _facts(kind, record, details, faults)
    facts = _exact(found.facts, annotations)
    _count(body, details, kind, annotations, log)
    return Statement(
        line=item.line,
        place=item.place,
        key=_no_controls(key) if key else item.place,
        record=record,
        type=kind,
        publisher=text_of(publisher.get("name")) or _host(publisher.get("url")) or file,
        licence=text_of(published.get("license")),
        moment=dates[0],
        published=dates[1],
        day=days[0] or days[1],
        closed=status == "closed",
        correcting=any(note.get("motivation") == "correcting" for note in annotations),
        replaces=tuple(name for name in _list(body.get("replacesStatements")) if isinstance(name, str)),
        facts=facts,
        faulty=faults.found,
        left=found.left,
        names=tuple(
            fact.value or "" for fact in facts if fact.predicate == "name" and fact.subject == entity_id(record)
        ),
        reason=reason,
        joins=(found.subject, found.holder),
        components=tuple(name for name in _list(details.get("componentRecords")) if isinstance(name, str)),
        print=item.print,
        asserted=_asserted(body),
        hosts=_hosts(body),
    )


def _unplaced(body: Mapping[str, Any]) -> str | None:
    """Return why a statement belongs to no record, or None."""
    if "statementType" in body or "statementID" in body:
        return "it has the shape of BODS 0.1 to 0.3 (statementType); bring it to 0.4 first"
    if not isinstance(body.get("recordId"), str) or not body["recordId"].strip():
        return "the recordId is missing or no text"
    if body.get("recordType") not in TYPES:
        return f"the recordType “{str(body.get('recordType'))[:40]}” is none of {', '.join(TYPES)}"
    if body.get("recordStatus") not in (None, *STATUSES):
        return f"the recordStatus “{str(body.get('recordStatus'))[:40]}” is none of {', '.join(STATUSES)}"
    return None


def _facts(kind: str, record: str, details: Mapping[str, Any], faults: Faults) -> tuple[Relationship, str | None]:
    """Return what the statement says, and why its party is not specified."""
    if kind == "relationship":
        return read_relationship(record, details, faults) if details else Relationship(), None
    if kind == "entity":
        unspecified = details.get("unspecifiedEntityDetails")
        facts = read_entity(entity_id(record), details, faults)
    else:
        unspecified = details.get("unspecifiedPersonDetails")
        facts = read_person(entity_id(record), details, faults)
        count_personal(details, faults.log)
    return Relationship(facts), reason_of(unspecified) if isinstance(unspecified, dict) else None


def _exact(facts: tuple[Fact, ...], annotations: list[dict[str, Any]]) -> tuple[Fact, ...]:
    """Apply the annotations of our own export: they say what the fields beside them could not."""
    told = {
        note.get("statementPointerTarget"): text_of(note.get("transformedContent")) or ""
        for note in annotations
        if note.get("motivation") == "transformation" and note.get("description") == EXACT
    }
    if not told:
        return facts
    return tuple(
        _mended(fact, told[fact.pointer]) if fact.pointer in told else fact
        for fact in facts
        if told.get(fact.pointer) != NO_CLAIM
    )


def _mended(fact: Fact, text: str) -> Fact:
    given = dict(part.partition("=")[::2] for part in text.split("; ") if "=" in part)
    for name, column in _COLUMNS.items():
        if name in given:
            fact = fact._replace(exact=fact.exact or name in _DATES, **{column: given.pop(name) or None})  # type: ignore[arg-type]
    pairs = dict(fact.pairs) | given
    return fact._replace(pairs=tuple((name, value) for name, value in pairs.items() if value))


def _count(
    body: Mapping[str, Any], details: Mapping[str, Any], kind: str, annotations: list[dict[str, Any]], log: Log
) -> None:
    codes = load_codes()
    for key in body:
        if key not in _STATEMENT_FIELDS:
            log.leave(f"field {key[:60]}: not read")
    known = codes.fields[kind] | codes.steering[kind] | (codes.personal if kind == "person" else frozenset())
    for key, value in details.items():
        if key not in known and value is not None:
            log.leave(f"{kind} field {key[:60]}: not of BODS 0.4")
    source = body.get("source")
    if isinstance(source, dict) and source.get("description"):
        log.leave("source field description: not read")
    for note in annotations:
        if note.get("description") != EXACT:
            log.leave(f"annotations, {str(note.get('motivation'))[:40]}")


def _asserted(body: Mapping[str, Any]) -> tuple[str, ...]:
    source = body.get("source")
    listed = _list(source.get("assertedBy")) if isinstance(source, dict) else []
    return tuple(name for one in listed if isinstance(one, dict) and (name := text_of(one.get("name"))))


def _hosts(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the place in the web that a statement rests on, with its kind of source."""
    source = body.get("source")
    if not isinstance(source, dict) or not (host := _host(source.get("url"))):
        return ()
    kinds = load_codes().source_types
    found = [kinds[name] for name in _list(source.get("type")) if isinstance(name, str) and name in kinds]
    return ((host, found[0] if found else "website"),)


def _host(url: Any) -> str | None:
    try:
        host = urlsplit(url).hostname if isinstance(url, str) else None
    except ValueError:
        return None
    return slug(host) if host else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _no_controls(text: str) -> str:
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "_" for sign in text)
