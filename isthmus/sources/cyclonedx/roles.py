"""The parties of the draft of 2.0: organisations with their names, identifiers and places, and what each does to a thing.

Natural persons are counted and left out (law 6), and so are systems and imagined parties.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.draft import REF, definitions, reference
from isthmus.sources.cyclonedx.index import Bom
from isthmus.sources.cyclonedx.parties import country_codes
from isthmus.sources.cyclonedx.record import Fact, Item, Party
from isthmus.sources.cyclonedx.values import code_of, day_of, is_number, length, listed, organisation_id, slug, text_of
from isthmus.sources.qualifier_texts import qualifier_text

MAKES = "makes"
_SHAPES = {
    "person": "a natural person: personal data",
    "system": "a system: no predicate",
    "persona": "an imagined one",
}
_WORDS = ("streetAddress", "postOfficeBoxNumber", "locality", "region", "postalCode")
_PARTY = frozenset({REF, "roles", "organization", "relations"})
_READ = frozenset({"name", "legalName", "formerNames", "aliases", "foundingDate", "dissolutionDate", "jurisdiction", "identifiers",
                   "url", "addresses"})  # fmt: skip


def learn_parties(bom: Bom) -> None:
    """Learn the parties that the document describes by their names, wherever they stand."""
    body = bom.document.body
    metadata = body.get("metadata")
    lists = [("/definitions/parties", definitions(body, "parties"))]
    lists.append(("/metadata/parties", listed(metadata.get("parties")) if isinstance(metadata, dict) else []))
    lists += [(f"{item.pointer}/parties", listed(item.body.get("parties"))) for item in bom.items]
    for pointer, parties in lists:
        for number, one in enumerate(parties):
            ref = one.get(REF) if isinstance(one, dict) else None
            if isinstance(ref, str) and ref and ref not in bom.parties:
                bom.parties[ref] = _party(one, f"{pointer}/{number}")


def _party(body: dict[str, Any], pointer: str) -> Party:
    held = body.get("organization")
    name = _name(held) if isinstance(held, dict) else None
    return Party(body, pointer, organisation_id(name) if name else None)


def _name(held: dict[str, Any]) -> str | None:
    return text_of(held.get("name")) or text_of(held.get("legalName"))


def publisher_of(bom: Bom) -> str | None:
    """Return the name of the organisation that the metadata names first: it made the bill."""
    metadata = bom.document.body.get("metadata")
    for one in listed(metadata.get("parties")) if isinstance(metadata, dict) else ():
        ref = reference(one)
        body = bom.parties[ref].body if ref in bom.parties else one
        held = body.get("organization") if isinstance(body, dict) else None
        if isinstance(held, dict) and (name := _name(held)):
            return name
    return None


def read_defined_parties(bom: Bom, told: set[str]) -> Iterator[Fact]:
    """Yield what the parties are that are defined once, and those of the bill itself."""
    body = bom.document.body
    for number, one in enumerate(definitions(body, "parties")):
        yield from _described(bom, bom.next_line(), one, f"/definitions/parties/{number}", told)
    metadata = body.get("metadata")
    for number, one in enumerate(listed(metadata.get("parties")) if isinstance(metadata, dict) else ()):
        bom.log.leave("metadata/parties: who made the bill, kept as the publisher of the source")
        if reference(one) is None:
            yield from _described(bom, 1, one, f"/metadata/parties/{number}", told)


def read_parties(bom: Bom, item: Item, told: set[str]) -> Iterator[Fact]:
    """Yield the parties of a thing, and what each of them does to it."""
    for number, one in enumerate(listed(item.body.get("parties"))):
        pointer = f"{item.pointer}/parties/{number}"
        party = party_of(bom, item, one, pointer)
        if party is None:
            continue
        if reference(one) is None:
            yield from _described(bom, item.line, one, pointer, told)
        if party.entity is None:
            continue
        for at, role in enumerate(listed(party.body.get("roles"))):
            yield from _does(
                bom, item, party.entity, role, pointer if party.pointer != pointer else f"{pointer}/roles/{at}"
            )


def party_of(bom: Bom, item: Item, given: Any, pointer: str) -> Party | None:
    """Return the party that an entry describes or names; list an entry that does neither."""
    ref = reference(given)
    if ref is not None:
        if ref not in bom.parties:
            bom.refuse(item.line, pointer, f"the document describes no party “{ref[:120]}”")
        return bom.parties.get(ref)
    if isinstance(given, dict):
        return _party(given, pointer)
    bom.refuse(item.line, pointer, "it is neither a party nor the name of one")
    return None


def made(item: Item, predicate: str) -> str:
    """Return how a party makes a thing: hardware is built, software developed, and what is no such thing produced."""
    kind = code_of(item.body.get("type"))
    if kind in load_codes().draft.types and kind != "service":
        return "produces"
    return ("builds" if kind in load_codes().built else "develops") if predicate == MAKES else predicate


def _does(bom: Bom, item: Item, entity: str, role: Any, pointer: str) -> Iterator[Fact]:
    given = code_of(role.get("role")) if isinstance(role, dict) else None
    name = given or (text_of(role.get("name")) if isinstance(role, dict) else None)
    if name is None:
        bom.refuse(item.line, pointer, "the role has no name")
        return
    predicate, qualifiers = load_codes().draft.roles.get(given or "", (None, ""))
    if predicate is None:
        bom.log.leave(f"party role {name[:40]}: no predicate")
        return
    pairs = [qualifiers] if qualifiers else []
    if is_number(order := role.get("order")):
        pairs.append(f"reading={given}, order {order:g}")
    if predicate == "supplies":
        whole = bom.root.entity if bom.root is not None else item.parent
        if whole is None or whole == item.entity:
            predicate, pairs = "operates", ["role=distributor", *pairs]
            whole = item.entity
        else:
            pairs.insert(0, f"item=@{item.entity}")
        yield Fact(item.line, item.ref, pointer, entity, predicate, whole, qualifiers="; ".join(pairs))
        return
    if predicate in (MAKES, "develops"):
        predicate = made(item, predicate)
        if predicate == "develops" and given not in ("developer", "author"):
            pairs = pairs[1:]  # software is not manufactured
    yield Fact(item.line, item.ref, pointer, entity, predicate, item.entity, qualifiers="; ".join(pairs) or None)


def _described(bom: Bom, line: int, body: Any, pointer: str, told: set[str]) -> Iterator[Fact]:
    """Yield what an organisation is, and count a party that is none."""
    held = body.get("organization") if isinstance(body, dict) else None
    name = _name(held) if isinstance(held, dict) else None
    if not isinstance(body, dict) or (not isinstance(held, dict) and not any(shape in body for shape in _SHAPES)):
        bom.refuse(line, pointer, "the party is neither an organisation nor a person, a system or a persona")
        return
    if not isinstance(held, dict) or name is None:
        what = next((words for shape, words in _SHAPES.items() if shape in body), "an organisation without a name")
        bom.log.leave(f"parties, {what}")
        return
    entity, ref = organisation_id(name), text_of(body.get(REF))
    place = f"{pointer}/organization"
    for fact in _said(bom, line, ref, place, entity, held):
        known = f"{entity}\0{fact.predicate}\0{fact.value}\0{fact.object}\0{fact.qualifiers}"
        if known not in told:
            told.add(known)
            yield fact
    if (relations := body.get("relations")) and isinstance(relations, dict):
        yield from _related(bom, line, ref, f"{pointer}/relations", entity, relations)
    for key in body.keys() - _PARTY:
        bom.log.leave(f"party field {key[:60]}: no predicate", length(body[key]))
    for key in held.keys() - _READ:
        bom.log.leave(f"party organization {key[:60]}: no predicate", length(held[key]))


def _said(bom: Bom, line: int, ref: str | None, place: str, entity: str, held: dict[str, Any]) -> Iterator[Fact]:
    where = (line, ref)
    yield Fact(*where, place, entity, "kind", value="organization")
    for key, kind in load_codes().draft.names.items():
        for one in listed(held.get(key)):
            if name := text_of(one):
                qualifiers = f"type={kind}" if kind else None
                yield Fact(*where, f"{place}/{key}", entity, "name", value=name, qualifiers=qualifiers)
    for key, status in (("foundingDate", "active"), ("dissolutionDate", "ended")):
        if held.get(key) is None:
            continue
        if (day := day_of(held[key])) is None:
            bom.refuse(line, f"{place}/{key}", f"“{str(held[key])[:40]}” is no date")
        else:
            yield Fact(*where, f"{place}/{key}", entity, "status", value=status, valid_from=day)
    if (given := text_of(held.get("jurisdiction"))) is not None:
        yield from _in(bom, where, f"{place}/jurisdiction", entity, given, "jurisdiction")
    for number, one in enumerate(listed(held.get("identifiers"))):
        yield from _identifier(bom, where, f"{place}/identifiers/{number}", entity, one)
    for number, one in enumerate(listed(held.get("url"))):
        if words := text_of(one.get("url") if isinstance(one, dict) else one):
            yield Fact(*where, f"{place}/url/{number}", entity, "address", value=words)
    for number, one in enumerate(listed(held.get("addresses"))):
        if isinstance(one, dict):
            yield from _address(bom, where, f"{place}/addresses/{number}", entity, one)
        else:
            bom.refuse(line, f"{place}/addresses/{number}", "it is not an object")


def country_of(code: str) -> tuple[str | None, str | None]:
    """Return the country of a code of ISO 3166-1 or 3166-2, and the code of the part of it, each if there is one."""
    country, _, part = code.partition("-")
    return country_codes().get(country.casefold()), code if part else None


def _in(bom: Bom, where: tuple[int, str | None], pointer: str, entity: str, code: str, basis: str) -> Iterator[Fact]:
    country, part = country_of(code)
    if country is None:
        bom.refuse(where[0], pointer, f"“{code[:40]}” is no country of ISO 3166")
        return
    scope = qualifier_text(part) if part else None
    qualifiers = f"basis={basis}" + (f"; scope={scope}" if scope else "")
    yield Fact(*where, pointer, entity, "located_in", f"iso:{country}", qualifiers=qualifiers)


def _identifier(bom: Bom, where: tuple[int, str | None], pointer: str, entity: str, body: Any) -> Iterator[Fact]:
    given = body.get("scheme") if isinstance(body, dict) else None
    name = text_of(given.get("name")) if isinstance(given, dict) else text_of(given)
    value = text_of(body.get("value")) if isinstance(body, dict) else None
    if name is None or value is None:
        bom.refuse(where[0], pointer, "the identifier needs a scheme and a value")
        return
    scheme = load_codes().draft.schemes.get(name, slug(name))
    days = [day_of(body.get(key)) for key in ("issuedDate", "expirationDate")]
    yield Fact(
        *where, pointer, entity, "identifier", value=value, qualifiers=f"scheme={scheme}",
        valid_from=days[0], valid_to=days[1] if not days[0] or not days[1] or days[0] <= days[1] else None,
    )  # fmt: skip


def _address(
    bom: Bom, where: tuple[int, str | None], pointer: str, entity: str, body: dict[str, Any]
) -> Iterator[Fact]:
    country, code = text_of(body.get("country")), text_of(body.get("isoCode"))
    words = ", ".join(filter(None, [*(text_of(body.get(key)) for key in _WORDS), country or code]))
    if words:
        yield Fact(*where, pointer, entity, "address", value=" ".join(words.split()), qualifiers="basis=office")
    if code or country:
        yield from _in(
            bom, where, f"{pointer}/{'isoCode' if code else 'country'}", entity, code or country or "", "office"
        )
    point = body.get("coordinates")
    if isinstance(point, dict):
        north, east = point.get("latitude"), point.get("longitude")
        if is_number(north) and is_number(east) and abs(north) <= 90 and abs(east) <= 180:
            yield Fact(
                *where, f"{pointer}/coordinates", entity, "coordinates", value=f"{north}, {east}",
                qualifiers="precision=exact",
            )  # fmt: skip
        else:
            bom.refuse(where[0], f"{pointer}/coordinates", "they are no point on the earth")


def _related(bom: Bom, line: int, ref: str | None, pointer: str, entity: str, body: dict[str, Any]) -> Iterator[Fact]:
    """Yield the parent of an organisation, of which the draft does not say whether it owns, controls or only holds it."""
    for key, value in body.items():
        other = bom.parties.get(value) if isinstance(value, str) else None
        if key == "parent" and other is not None and other.entity not in (None, entity):
            yield Fact(line, ref, f"{pointer}/parent", entity, "linked_to", other.entity, qualifiers="reading=parent")
        elif value not in (None, "", [], {}):
            bom.log.leave(f"party relation {key[:40]}: no predicate")
