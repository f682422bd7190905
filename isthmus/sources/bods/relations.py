"""What statements about relationships say: who has which interest in whom, or why nobody is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from isthmus.errors import ValueFormatError
from isthmus.sources.bods.codes import load_codes
from isthmus.sources.bods.parties import DETAILS, Faults, reason_of
from isthmus.sources.bods.record import Fact
from isthmus.sources.bods.values import (
    code_of,
    entity_id,
    read_day,
    read_share,
    right_in,
    text_of,
)
from isthmus.sources.qualifier_texts import qualifier_text

DIRECT = ("direct", "indirect", "unknown")


class Relationship(NamedTuple):
    """The facts of a relationship and the records that it joins; `left` says why there are none."""

    facts: tuple[Fact, ...] = ()
    subject: str | None = None
    holder: str | None = None
    left: str | None = None


class _Interest(NamedTuple):
    pointer: str
    type: str
    low: str | None
    high: str | None
    pairs: tuple[tuple[str, str], ...]
    right: str | None
    start: str | None
    end: str | None


def read_relationship(record: str, details: Mapping[str, Any], faults: Faults) -> Relationship:
    """Return what a relationship says.

    An interest of a kind that is not given is an unknown one; so is the interest of a relationship that lists none. Where
    the interested party is unspecified, the facts are about its subject; where such a party has a share, it is also an
    entity of its own without a name.
    """
    subject, holder = details.get("subject"), details.get("interestedParty")
    if isinstance(subject, dict) and "reason" in subject:
        faults.log.note("relationships whose subject is unspecified", faults.place)
        return Relationship(left=f"that are about an unspecified subject ({reason_of(subject) or 'no reason'})")
    if not isinstance(subject, str) or not subject.strip():
        faults.add(f"{DETAILS}/subject", "the subject is not the recordId of a record")
        return Relationship()
    interests = list(_interests(details, faults))
    owned = entity_id(subject)
    if isinstance(holder, dict) and ("reason" in holder or not holder):
        facts = tuple(_unstated(record, owned, holder, interests, listed="interests" in details, faults=faults))
        return Relationship(facts, subject)
    if not isinstance(holder, str) or not holder.strip():
        faults.add(f"{DETAILS}/interestedParty", "the interestedParty is neither the recordId of a record nor a reason")
        return Relationship()
    if holder == subject:
        faults.log.note("relationships of an entity with itself, kept as they stand", faults.place)
    if not interests and not details.get("interests"):
        pairs: tuple[tuple[str, str], ...] = (("interest", "unknownInterest"),)
        if details.get("componentRecords"):
            pairs = (*pairs, ("direct", "indirect"))
        return Relationship(
            (Fact(f"{DETAILS}/interestedParty", entity_id(holder), "has_interest_in", owned, pairs=pairs),),
            subject,
            holder,
        )
    return Relationship(tuple(_fact(entity_id(holder), owned, item, faults) for item in interests), subject, holder)


def _interests(details: Mapping[str, Any], faults: Faults) -> Iterator[_Interest]:
    listed = details.get("interests")
    if listed is None:
        return
    if not isinstance(listed, list):
        faults.add(f"{DETAILS}/interests", "interests is not a list")
        return
    through = bool(details.get("componentRecords"))
    for number, body in enumerate(listed):
        pointer = f"{DETAILS}/interests/{number}"
        if not isinstance(body, dict):
            faults.add(pointer, "the interest is not an object")
            continue
        try:
            yield _interest(body, pointer, through)
        except ValueFormatError as error:
            faults.add(pointer, error.message)


def _interest(body: Mapping[str, Any], pointer: str, through: bool) -> _Interest:
    """Read one interest; raise ValueFormatError, with the reason, where it cannot be kept as it is meant."""
    given = body.get("type")
    kind = code_of(given) if isinstance(given, str) and given else "unknownInterest" if given is None else ""
    if kind not in load_codes().interests:
        raise ValueFormatError(f"“{str(given)[:60]}” is no type of interest of BODS 0.4")
    direct = body.get("directOrIndirect", "indirect" if through else None)
    if direct is not None and direct not in DIRECT:
        raise ValueFormatError(f"directOrIndirect “{str(direct)[:40]}” is none of {', '.join(DIRECT)}")
    beneficial = body.get("beneficialOwnershipOrControl")
    if beneficial is not None and not isinstance(beneficial, bool):
        raise ValueFormatError(f"beneficialOwnershipOrControl “{str(beneficial)[:40]}” is neither true nor false")
    low, high = read_share(body["share"]) if body.get("share") is not None else (None, None)
    start, end = _date(body, "startDate"), _date(body, "endDate")
    if start and end and end < start[: len(end)]:
        raise ValueFormatError(f"the endDate {end} is before the startDate {start}")
    details = text_of(body.get("details"))
    pairs = [("direct", direct), ("beneficial", None if beneficial is None else "yes" if beneficial else "no")]
    pairs.append(("title", qualifier_text(details) if details else None))
    kept = tuple((name, value) for name, value in pairs if value)
    return _Interest(pointer, kind, low, high, kept, right_in(details) if details else None, start, end)


def _date(body: Mapping[str, Any], key: str) -> str | None:
    given = body.get(key)
    if given is None:
        return None
    day = read_day(given) if isinstance(given, str) else None
    if day is None:
        raise ValueFormatError(f"{key} “{str(given)[:40]}” is no date")
    return day


def _fact(holder: str, owned: str, item: _Interest, faults: Faults) -> Fact:
    predicate = load_codes().interests[item.type]
    if predicate == "has_role_in":
        pairs: tuple[tuple[str, str], ...] = (("role", load_codes().roles[item.type]),)
        if item.right:
            faults.log.leave("a special right in the details of a seat on the board: kept in the title only")
    else:
        pairs = (("interest", item.type), *((("right", item.right),) if item.right else ()))
    low, high = item.low, item.high
    if predicate != "owns" and (low or high):
        faults.log.leave(f"a share on an interest of type {item.type}: no place for it")
        low = high = None
    return Fact(
        item.pointer, holder, predicate, owned, low=low, high=high, pairs=(*pairs, *item.pairs), start=item.start, end=item.end
    )  # fmt: skip


def _unstated(
    record: str,
    owned: str,
    holder: Mapping[str, Any],
    interests: list[_Interest],
    *,
    listed: bool,
    faults: Faults,
) -> Iterator[Fact]:
    pointer = f"{DETAILS}/interestedParty"
    reason = reason_of(holder)
    if reason is None:
        faults.add(f"{pointer}/reason", f"“{str(holder.get('reason'))[:60]}” is no reason of BODS 0.4")
        return
    value = load_codes().reasons[reason]
    words = text_of(holder.get("description"))
    title = qualifier_text(words) if words else None
    told = tuple([("title", title)] if title else [])
    if not interests and not listed:
        yield Fact(pointer, owned, "owners_unstated", value=value, pairs=told)
    for item in interests:
        direct = tuple(pair for pair in item.pairs if pair[0] == "direct")
        pairs = (("interest", item.type), *direct, *told)
        yield Fact(item.pointer, owned, "owners_unstated", value=value, pairs=pairs, start=item.start, end=item.end)
    unnamed = f"{entity_id(record)}#unnamed"
    shares = [_fact(unnamed, owned, item, faults) for item in interests if item.low or item.high]
    shares = [fact for fact in shares if fact.low or fact.high]
    if shares:
        yield Fact(pointer, unnamed, "kind", value="party")
        yield Fact(pointer, unnamed, "name", value=f"unnamed holder ({record})")
    yield from shares
