"""What statements say of entities and of persons: what they are, how they are called, where they are.

Of a natural person only the name is read; the rest is counted (law 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from isthmus.sources.bods.codes import load_codes
from isthmus.sources.bods.record import Fact
from isthmus.sources.bods.values import SECURITY_SCHEMES, code_of, read_day, read_identifier, slug, text_of
from isthmus.sources.log import Log
from isthmus.sources.mapping.countries import country_names

DETAILS = "/recordDetails"
LISTED = "publicly listed"
_COUNTRY = re.compile("[A-Za-z]{2}(?:-[A-Za-z0-9]{1,3})?")


class Faults:
    """Collects the faults of one statement, with its line and place."""

    def __init__(self, log: Log, line: int, place: str) -> None:
        self.log = log
        self.line = line
        self.place = place
        self.found = False

    def add(self, pointer: str, reason: str) -> None:
        """List a fault at a pointer within the statement."""
        self.found = True
        self.log.refuse(self.line, self.place, f"{pointer.removeprefix(DETAILS)}: {reason}" if pointer else reason)


def read_entity(entity: str, details: Mapping[str, Any], faults: Faults) -> tuple[Fact, ...]:
    """Return the facts about an entity."""
    return tuple(_entity(entity, details, faults))


def _entity(entity: str, details: Mapping[str, Any], faults: Faults) -> Iterator[Fact]:
    yield from _type(entity, details, faults)
    if name := text_of(details.get("name")):
        yield Fact(f"{DETAILS}/name", entity, "name", value=name)
    for pointer, other in _listed(details, "alternateNames", faults):
        if name := text_of(other):
            yield Fact(pointer, entity, "name", value=name, pairs=(("type", "alias"),))
        else:
            faults.add(pointer, "the name is no text")
    yield from _country(entity, details.get("jurisdiction"), f"{DETAILS}/jurisdiction", "jurisdiction", faults)
    for pointer, body in _listed(details, "identifiers", faults):
        yield from _identifier(entity, body, pointer, faults)
    if uri := text_of(details.get("uri")):
        yield Fact(f"{DETAILS}/uri", entity, "identifier", value=uri, pairs=(("scheme", "url"),))
    for key, status in (("foundingDate", "active"), ("dissolutionDate", "ended")):
        if details.get(key) is not None:
            day = read_day(str(details[key]))
            if day is None:
                faults.add(f"{DETAILS}/{key}", f"{key} “{str(details[key])[:40]}” is no date")
            else:
                yield Fact(f"{DETAILS}/{key}", entity, "status", value=status, start=day)
    for pointer, body in _listed(details, "addresses", faults):
        yield from _address(entity, body, pointer, faults)
    yield from _listing(entity, details.get("publicListing"), faults)
    yield from _statute(entity, details.get("formedByStatute"), faults)


def _type(entity: str, details: Mapping[str, Any], faults: Faults) -> Iterator[Fact]:
    codes, pointer = load_codes(), f"{DETAILS}/entityType"
    given = details.get("entityType")
    body = given if isinstance(given, dict) else {"type": given}
    name, subtype = text_of(body.get("type")), text_of(body.get("subtype"))
    kind = codes.types.get(name) if name else None
    if name is None:
        faults.log.note("entities without an entityType", faults.place)
    elif kind is None:
        faults.add(pointer, f"the entityType “{name[:40]}” is none of {', '.join(codes.types)}")
    else:
        kind = codes.subtypes.get(f"{name}/{subtype}", kind)
        yield Fact(pointer, entity, "kind", value=kind)
    if subtype in codes.told_subtypes:
        yield Fact(f"{pointer}/subtype", entity, "described_as", value=subtype, pairs=(("aspect", "legal_form"),))
    elif subtype is not None and subtype not in codes.silent_subtypes:
        faults.add(f"{pointer}/subtype", f"the subtype “{subtype[:40]}” is no code of BODS 0.4")
    if words := text_of(body.get("details")):
        yield Fact(f"{pointer}/details", entity, "described_as", value=words, pairs=(("aspect", "legal_form"),))
    unspecified = details.get("unspecifiedEntityDetails")
    if isinstance(unspecified, dict):
        words = ": ".join(filter(None, (reason_of(unspecified), text_of(unspecified.get("description")))))
        place = f"{DETAILS}/unspecifiedEntityDetails"
        if words:
            yield Fact(place, entity, "described_as", value=words, pairs=(("aspect", "other"),))


def reason_of(unspecified: Mapping[str, Any]) -> str | None:
    """Return the code of the reason why a party is not specified, as BODS 0.4 spells it; None where there is none."""
    reason = text_of(unspecified.get("reason"))
    code = code_of(reason) if reason else None
    return code if code in load_codes().reasons else None


def _country(entity: str, body: Any, pointer: str, basis: str | None, faults: Faults) -> Iterator[Fact]:
    if body is None:
        return
    named = body if isinstance(body, dict) else {"code": body}
    code, name = text_of(named.get("code")), text_of(named.get("name"))
    if code is None and name is not None:
        code = country_codes().get(name.casefold())
    if code is None:
        faults.log.leave("a country or jurisdiction without a code, of no name in ISO 3166")
    elif not _COUNTRY.fullmatch(code):
        faults.add(pointer, f"“{code[:40]}” is no code of a country or of a part of one (ISO 3166)")
    else:
        pairs = (("basis", basis),) if basis else ()
        yield Fact(pointer, entity, "located_in", f"iso:{code.upper()}", pairs=pairs)


@cache
def country_codes() -> Mapping[str, str]:
    """Return the alpha-2 code for the names and codes by which countries are called, in small letters."""
    return {text.casefold(): code for text, code, _, _ in country_names()}


def _identifier(entity: str, body: Any, pointer: str, faults: Faults) -> Iterator[Fact]:
    value = text_of(body.get("id")) if isinstance(body, dict) else None
    if value is None:
        faults.add(pointer, "the identifier has no id")
        return
    if body.get("uri"):
        faults.log.leave("entity field identifiers/uri: no predicate")
    scheme, value = read_identifier(value, text_of(body.get("scheme")) or "", text_of(body.get("schemeName")) or "")
    yield Fact(pointer, entity, "identifier", value=value, pairs=(("scheme", scheme),))


def _address(entity: str, body: Any, pointer: str, faults: Faults) -> Iterator[Fact]:
    if not isinstance(body, dict):
        faults.add(pointer, "the address is not an object")
        return
    types, given = load_codes().address_types, text_of(body.get("type"))
    if given is not None and given not in types:
        faults.add(pointer, f"the type of address “{given[:40]}” is none of {', '.join(types)}")
        return
    basis = types[given] if given else None
    country = body.get("country")
    named = text_of(country.get("name")) if isinstance(country, dict) else None
    words = text_of(body.get("address"))
    for more in (text_of(body.get("postCode")), named):
        if words and more and more.casefold() not in words.casefold():
            words = f"{words}, {more}"
    if words:
        yield Fact(pointer, entity, "address", value=words, pairs=(("basis", basis),) if basis else ())
    yield from _country(entity, country, f"{pointer}/country", basis, faults)


def _listing(entity: str, body: Any, faults: Faults) -> Iterator[Fact]:
    if not isinstance(body, dict):
        return
    pointer = f"{DETAILS}/publicListing"
    if body.get("hasPublicListing") is True:
        yield Fact(pointer, entity, "described_as", value=LISTED, pairs=(("aspect", "other"),))
    else:
        faults.log.leave("entity field publicListing: not said to be listed")
    if urls := body.get("companyFilingsURLs"):
        faults.log.leave("entity field publicListing/companyFilingsURLs: no predicate", _length(urls))
    listings = body.get("securitiesListings")
    for number, item in enumerate(listings if isinstance(listings, list) else ()):
        security = item.get("security") if isinstance(item, dict) else None
        security = security if isinstance(security, dict) else {}
        faults.log.leave("entity field publicListing/securitiesListings: the exchange has no predicate")
        scheme, value = text_of(security.get("idScheme")), text_of(security.get("id"))
        place = f"{pointer}/securitiesListings/{number}/security"
        if scheme and value and scheme in SECURITY_SCHEMES:
            yield Fact(f"{place}/id", entity, "identifier", value=value, pairs=(("scheme", scheme),))
        ticker, market = text_of(security.get("ticker")), text_of(item.get("marketIdentifierCode"))
        if ticker:
            whole = f"{market}:{ticker}" if market else ticker
            yield Fact(f"{place}/ticker", entity, "identifier", value=whole, pairs=(("scheme", "ticker"),))


def _statute(entity: str, body: Any, faults: Faults) -> Iterator[Fact]:
    name = text_of(body.get("name")) if isinstance(body, dict) else None
    if name is None:
        return
    pointer, law = f"{DETAILS}/formedByStatute", f"{entity}/statute-{slug(name)}"
    date = body.get("date")
    day = read_day(str(date)) if date is not None else None
    if date is not None and day is None:
        faults.add(f"{pointer}/date", f"the date of the statute “{str(date)[:40]}” is no date")
    yield Fact(pointer, law, "kind", value="law")
    yield Fact(f"{pointer}/name", law, "name", value=name)
    yield Fact(f"{pointer}/date", law, "authorizes", entity, start=day)


def read_person(person: str, details: Mapping[str, Any], faults: Faults) -> tuple[Fact, ...]:
    """Return the facts about a natural person: that it is one, and its names."""
    codes = load_codes()
    kind = text_of(details.get("personType"))
    if kind is not None and kind not in codes.person_types:
        faults.add(
            f"{DETAILS}/personType", f"the personType “{kind[:40]}” is none of {', '.join(sorted(codes.person_types))}"
        )
    facts = [Fact(f"{DETAILS}/personType", person, "kind", value="person")]
    for pointer, body in _listed(details, "names", faults):
        given = text_of(body.get("type")) if isinstance(body, dict) else None
        if given in codes.personal_names:
            faults.log.leave(f"person field names of type {given}: personal data")
            continue
        words = _full_name(body) if isinstance(body, dict) else None
        if words is None:
            faults.add(pointer, "the name of a person has no fullName")
            continue
        ours = codes.name_types.get(given) if given else None
        facts.append(Fact(pointer, person, "name", value=words, pairs=(("type", ours),) if ours else ()))
    return tuple(facts)


def _full_name(body: Mapping[str, Any]) -> str | None:
    parts = (text_of(body.get(key)) for key in ("givenName", "patronymicName", "familyName"))
    return text_of(body.get("fullName")) or " ".join(filter(None, parts)) or None


def count_personal(details: Mapping[str, Any], log: Log) -> None:
    """Count what is said of a person beyond the name."""
    for key in load_codes().personal:
        if details.get(key) not in (None, [], "", {}):
            log.leave(f"person field {key}: personal data")
    unspecified = details.get("unspecifiedPersonDetails")
    if isinstance(unspecified, dict) and unspecified.get("description"):
        log.leave("person field unspecifiedPersonDetails/description: personal data")


def _listed(details: Mapping[str, Any], key: str, faults: Faults) -> Iterator[tuple[str, Any]]:
    """Yield the pointer and the value of each item of a list."""
    listed = details.get(key)
    if listed is None:
        return
    if not isinstance(listed, list):
        faults.add(f"{DETAILS}/{key}", f"{key} is not a list")
        return
    for number, item in enumerate(listed):
        yield f"{DETAILS}/{key}/{number}", item


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1
