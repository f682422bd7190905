"""The organisations that a document names: suppliers, manufacturers, publishers and providers.

Natural persons (authors, contacts, publishers that may be one) are counted and left out (law 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.index import Bom
from isthmus.sources.cyclonedx.record import Fact, Item
from isthmus.sources.cyclonedx.values import is_entity, length, listed, organisation_id, text_of
from isthmus.sources.mapping.countries import country_names

_PLACE = ("streetAddress", "postOfficeBoxNumber", "locality", "region", "postalCode")
_FIELDS = frozenset({"bom-ref", "name", "address", "url", "contact"})
_POSTAL = frozenset({*_PLACE, "country", "bom-ref"})
_WORD = re.compile(r"[^\s,]+")


def count_persons(bom: Bom, body: dict[str, Any]) -> None:
    """Count the natural persons that a component or the metadata names."""
    for key in ("author", "authors"):
        if body.get(key):
            bom.log.leave(f"{key}: personal data", length(body[key]))


def learn_organisations(bom: Bom) -> None:
    """Learn the ids of the organisations that our own export gives, and the names that a document uses for organisations."""
    for item in bom.items:
        for role in ("supplier", "manufacturer", "provider", "publisher"):
            name = _name(item.body.get(role))
            if name is None:
                continue
            given = _given(item, role)
            if given is not None:
                bom.organisations[name] = given
            elif role != "publisher":
                bom.organisations.setdefault(name, organisation_id(name))


def _name(body: Any) -> str | None:
    return text_of(body.get("name")) if isinstance(body, dict) else text_of(body)


def _given(item: Item, role: str) -> str | None:
    return next((one for one in item.own.get(role, ()) if is_entity(one)), None)


def read_organisation(bom: Bom, item: Item, role: str, told: set[str]) -> tuple[str | None, list[Fact]]:
    """Return the id of the organisation in a field, and what is said of it.

    Parameters
    ----------
    told : set of str
        Ids of the organisations of which the kind and name were said; it grows.
    """
    body, pointer = item.body.get(role), f"{item.pointer}/{role}"
    if body is None:
        return None, []
    if role == "publisher":
        return _publisher(bom, item, body, pointer, told)
    if not isinstance(body, dict):
        bom.refuse(item.line, pointer, f"the {role} is not an object with a name")
        return None, []
    if body.get("contact"):
        bom.log.leave("contact: personal data", length(body["contact"]))
    bom.log.leave_others(f"{role} field", body, _FIELDS)
    name = text_of(body.get("name"))
    if name is None:
        bom.log.leave(f"{role} without a name")
        return None, []
    entity = _given(item, role) or bom.organisations.get(name) or organisation_id(name)
    return entity, list(_said(bom, item, body, pointer, entity, name, told))


def _publisher(bom: Bom, item: Item, body: Any, pointer: str, told: set[str]) -> tuple[str | None, list[Fact]]:
    name = text_of(body)
    if name is None:
        return None, []
    entity = _given(item, "publisher") or bom.organisations.get(name)
    if entity is None and not is_organisation(name):
        bom.log.leave("publisher: perhaps a natural person")
        return None, []
    entity = entity or organisation_id(name)
    return entity, list(_said(bom, item, {}, pointer, entity, name, told))


def _said(
    bom: Bom, item: Item, body: dict[str, Any], pointer: str, entity: str, name: str, told: set[str]
) -> Iterator[Fact]:
    if entity not in told:
        told.add(entity)
        yield Fact(item.line, item.ref, pointer, entity, "kind", value="organization")
    if (known := f"{entity}\x00{name}") not in told:
        told.add(known)
        place = f"{pointer}/name" if body else pointer
        yield Fact(item.line, item.ref, place, entity, "name", value=name)
    for number, url in enumerate(listed(body.get("url"))):
        words = text_of(url)
        if words and (known := f"{entity}\x00{words}") not in told:
            told.add(known)
            yield Fact(item.line, item.ref, f"{pointer}/url/{number}", entity, "address", value=words)
    if isinstance(postal := body.get("address"), dict):
        yield from _address(bom, item, postal, f"{pointer}/address", entity, told)


def _address(bom: Bom, item: Item, body: dict[str, Any], pointer: str, entity: str, told: set[str]) -> Iterator[Fact]:
    bom.log.leave_others("address field", body, _POSTAL)
    country = text_of(body.get("country"))
    words = ", ".join(filter(None, [*(text_of(body.get(key)) for key in _PLACE), country]))
    if words and (known := f"{entity}\x00{words}") not in told:
        told.add(known)
        yield Fact(item.line, item.ref, pointer, entity, "address", value=words, qualifiers="basis=office")
        code = country_codes().get(country.casefold()) if country else None
        if code is not None:
            yield Fact(
                item.line,
                item.ref,
                f"{pointer}/country",
                entity,
                "located_in",
                f"iso:{code}",
                qualifiers="basis=office",
            )
        elif country is not None:
            bom.log.leave("a country of no name or code in ISO 3166: in the address only")


@cache
def country_codes() -> dict[str, str]:
    """Return the alpha-2 code for the names and codes by which countries are called, in small letters."""
    return {text.casefold(): code for text, code, _, _ in country_names()}


@cache
def is_organisation(name: str) -> bool:
    """Tell whether a name is surely that of an organisation: a word of it says so, or it is well known."""
    codes, words = load_codes(), [word.casefold() for word in _WORD.findall(name)]
    if codes.organisation_words & set(words):
        return True
    return " ".join(words).removeprefix("the ") in codes.organisation_names
