"""Which components and services a document has, and what its bom-refs stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.draft import REF, definitions, is_alternative, is_choice, reference
from isthmus.sources.cyclonedx.record import NOTHING, Document, Item, Mention, Party
from isthmus.sources.cyclonedx.values import (
    OWN,
    PREFIX,
    PURL,
    encoded,
    is_entity,
    length,
    linked,
    listed,
    own_properties,
    read_purl,
    text_of,
)
from isthmus.sources.log import Log
from isthmus.sources.qualifier_texts import qualifier_text

MAX_DEPTH = 200


@dataclass(slots=True)
class Bom:
    """A document with its index.

    Attributes
    ----------
    key : str
        What ids of its things begin with: ``cdx:`` and its serial number, or its name and the print of its bytes.
    root : Item or None
        The thing that the bill is of.
    items : list of Item
        All that it describes, in its order.
    known : dict of bom-ref to Item
        What each bom-ref stands for.
    others : set of bom-ref
        Vulnerabilities: they have a bom-ref, and make no claim.
    organisations : dict of name to id
        Those whose ids the document gives, or that were read already.
    line : int
        The number of the last record.
    dangling : dict of bom-ref to id
        What is referred to and not described.
    mentions : list of Mention
        Parts that a list only names (2.0).
    needs : set of (id, text)
        The choices between parts by the thing that they are a part of (2.0).
    parties : dict of bom-ref to Party
        The parties that the document describes (2.0).
    """

    document: Document
    key: str
    log: Log
    root: Item | None = None
    items: list[Item] = field(default_factory=list)
    known: dict[str, Item] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    organisations: dict[str, str] = field(default_factory=dict)
    line: int = 0
    dangling: dict[str, str] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    needs: set[tuple[str | None, str]] = field(default_factory=set)
    parties: dict[str, Party] = field(default_factory=dict)

    def place(self, pointer: str, ref: str | None = None) -> str:
        """Return the words for a place in the file."""
        where = self.document.place(pointer)
        return f"{where} ({ref})" if ref else where

    def refuse(self, line: int, pointer: str, reason: str) -> None:
        """List a fault."""
        self.log.refuse(line, self.document.place(pointer), reason)

    def next_line(self) -> int:
        """Return the number of one more record."""
        self.line += 1
        return self.line

    def entity_of(self, ref: str) -> str:
        """Return the id of what a bom-ref stands for; what is not described has an id and no name."""
        if (item := self.known.get(ref)) is not None:
            return item.entity
        if ref.startswith(OWN) and is_entity(ref.removeprefix(OWN)):
            return self.dangling.setdefault(ref, ref.removeprefix(OWN))
        link = linked(ref)
        if link is not None:
            serial, inner = link
            if f"{PREFIX}{serial}" == self.key and inner in self.known:
                return self.known[inner].entity
            return self.dangling.setdefault(ref, f"{PREFIX}{serial}#{encoded(inner)}")
        return self.dangling.setdefault(ref, f"{self.key}#{encoded(ref)}")

    def fields(self, sort: str) -> frozenset[str]:
        """Return the fields that are read in the document, its metadata, a component or a service."""
        codes = load_codes()
        return codes.draft.fields[sort] if self.document.draft else codes.fields[sort]

    def excludes(self, ref: str) -> bool:
        """Tell whether what a bom-ref stands for is of the scope that is no dependence."""
        item = self.known.get(ref)
        return item is not None and item.body.get("scope") == load_codes().excluded


def index(document: Document, key: str, log: Log) -> Bom:
    """Walk through the components and services of a document, and give each its id."""
    bom = Bom(document, key, log)
    body = document.body
    metadata = body.get("metadata")
    described = metadata.get("component") if isinstance(metadata, dict) else None
    if described is not None:
        _walk(bom, [(described, "/metadata/component", None, None)], "root")
        bom.root = bom.items[0] if bom.items else None
    for name, sort in (("components", "component"), ("services", "service")):
        given = body.get(name)
        if given is not None and not isinstance(given, list):
            bom.refuse(bom.next_line(), f"/{name}", f"the {name} are not a list")
            continue
        parent = bom.root.entity if bom.root is not None and sort == "component" else None
        _walk(bom, [(part, f"/{name}/{n}", parent, None) for n, part in enumerate(given or ())], sort)
    if document.draft:
        _walk_inventories(bom)
    for number, flaw in enumerate(listed(body.get("vulnerabilities"))):
        if isinstance(flaw, dict) and isinstance(flaw.get("bom-ref"), str):
            bom.others.add(flaw["bom-ref"])
        elif not isinstance(flaw, dict):
            bom.refuse(bom.next_line(), f"/vulnerabilities/{number}", "it is not an object")
    return bom


_Part = tuple[Any, str, str | None, str | None]
"""A body, its place, the thing that it is a part of, and the need of that thing that it meets."""


def _walk_inventories(bom: Bom) -> None:
    """Index what the draft of 2.0 defines once, and the inventories: what is in each of several things."""
    body = bom.document.body
    defined = definitions(body, "components")
    _walk(bom, [(part, f"/definitions/components/{n}", None, None) for n, part in enumerate(defined)], "component")
    subjects: list[tuple[str, list[Any], Item | str | None]] = []
    for number, one in enumerate(listed(body.get("inventories"))):
        pointer = f"/inventories/{number}"
        subject = one.get("subject") if isinstance(one, dict) else None
        named = None if subject is None or is_choice(subject) else _subject(bom, subject, f"{pointer}/subject")
        subjects.append((pointer, listed(one.get("components")) if isinstance(one, dict) else [one], named))
    wholes: dict[str, Item | None] = {}
    for pointer, parts, subject in subjects:
        if subject is None:
            why = f"it does not say of what its {len(parts)} parts are; they are not read"
            bom.refuse(bom.next_line(), pointer, why)
            continue
        whole = subject.entity if isinstance(subject, Item) else bom.entity_of(subject)
        wholes[whole] = subject if isinstance(subject, Item) else bom.known.get(subject)
        _walk(bom, [(part, f"{pointer}/components/{n}", whole, None) for n, part in enumerate(parts)], "component")
    if bom.root is None and len(wholes) == 1:
        bom.root = next(iter(wholes.values()))


def _subject(bom: Bom, body: Any, pointer: str) -> Item | str | None:
    """Index the thing that an inventory is of; return it, or its bom-ref where it is described elsewhere."""
    if (ref := reference(body)) is not None:
        return ref
    before = len(bom.items)
    _walk(bom, [(body, pointer, None, None)], "root")
    if len(bom.items) > before:
        return bom.items[before]
    given = body.get(REF) if isinstance(body, dict) else None
    return given if isinstance(given, str) and given in bom.known else None


def _walk(bom: Bom, parts: list[_Part], sort: str) -> None:
    """Index parts and what is nested in them, in the order of the document."""
    stack: list[tuple[_Part, str]] = [(part, sort) for part in reversed(parts)]
    while stack:
        (body, pointer, parent, need), sort = stack.pop()
        if bom.document.draft and sort == "component":
            if (ref := reference(body)) is not None:
                line = bom.next_line()
                if parent is not None:
                    bom.mentions.append(Mention(line, ref, pointer, parent, need))
                continue
            if is_choice(body) and need is None:
                stack.extend(reversed([(part, sort) for part in _choices(bom, body, pointer, parent)]))
                continue
            if body_is_service(body):
                sort = "service"
        item = _item(bom, body, pointer, parent, sort, need)
        if item is None:
            continue
        bom.items.append(item)
        stack.extend(reversed(list(_inner(bom, item))))


def _choices(bom: Bom, body: dict[str, Any], pointer: str, parent: str | None) -> list[_Part]:
    """Return the parts of a choice, which all meet one need of the whole, or of a group, which each are needed."""
    line, alternative, given = bom.next_line(), is_alternative(body), body.get("components")
    if alternative is None or not isinstance(given, list) or not given:
        what = "its operator is none" if alternative is None else "it has no parts"
        bom.refuse(line, pointer, f"the choice between {length(given)} parts is not read: {what}")
        return []
    need = need_of(bom, body, pointer, parent) if alternative else None
    return [(part, f"{pointer}/components/{number}", parent, need) for number, part in enumerate(given)]


def need_of(bom: Bom, body: dict[str, Any], pointer: str, parent: str | None) -> str:
    """Return the words for the need that a choice meets: no two of one thing have the same."""
    words = qualifier_text(text_of(body.get("name")) or text_of(body.get(REF)) or "") or pointer
    if (parent, words) in bom.needs:
        words = f"{words} ({pointer})"
    bom.needs.add((parent, words))
    return words


def body_is_service(body: Any) -> bool:
    """Tell whether a component of the draft is a service."""
    return isinstance(body, dict) and body.get("type") == "service"


def _inner(bom: Bom, item: Item) -> Iterator[tuple[_Part, str]]:
    """Yield what is nested in a component or a service."""
    body, pointer = item.body, item.pointer
    service = item.sort == "service" and not bom.document.draft
    name, sort = ("services", "service") if service else ("components", "component")
    need = need_of(bom, body, pointer, item.entity) if is_choice(body) and is_alternative(body) else None
    nested = body.get(name)
    if nested is not None and not isinstance(nested, list):
        bom.refuse(item.line, f"{pointer}/{name}", f"the {name} are not a list")
    elif nested:
        if pointer.count(f"/{name}/") >= MAX_DEPTH:
            lost = _size(body) - 1
            bom.refuse(
                item.line, f"{pointer}/{name}", f"what is nested more than {MAX_DEPTH} deep is not read: {lost} {name}"
            )
        else:
            for number, part in enumerate(nested):
                yield (part, f"{pointer}/{name}/{number}", item.entity, need), sort
    pedigree = None if service else body.get("pedigree")
    if isinstance(pedigree, dict) and item.sort != "pedigree":
        for key in load_codes().pedigree:
            for number, part in enumerate(listed(pedigree.get(key))):
                yield (part, f"{pointer}/pedigree/{key}/{number}", item.entity, None), "pedigree"


def _item(bom: Bom, body: Any, pointer: str, parent: str | None, sort: str, need: str | None) -> Item | None:
    line = bom.next_line()
    if not isinstance(body, dict):
        bom.refuse(line, pointer, "it is not an object")
        return None
    ref = body.get("bom-ref")
    if ref is not None and not (isinstance(ref, str) and ref):
        bom.refuse(line, f"{pointer}/bom-ref", "the bom-ref is no text")
        ref = None
    if ref is not None and ref in bom.known:
        inner = _size(body) - 1
        more = f", and neither are the {inner} in it" if inner else ""
        first = bom.document.place(bom.known[ref].pointer)
        bom.refuse(line, pointer, f"the bom-ref “{ref[:120]}” stands at {first} already; this one is not read{more}")
        return None
    purl = _purl(bom, body, pointer, line)
    own = own_properties(body) if body.get("properties") else NOTHING
    entity = _own_entity(bom, own, ref, pointer, line)
    if entity is None and purl is not None:
        entity = PURL + purl
    if entity is None:
        entity = f"{bom.key}#{encoded(ref or pointer)}"
    item = Item(line, sort, body, pointer, ref, entity, parent, purl, own, need)
    if ref is not None:
        bom.known[ref] = item
    return item


def _purl(bom: Bom, body: dict[str, Any], pointer: str, line: int) -> str | None:
    given = body.get("purl")
    if given is None or given == "":
        return None
    found = read_purl(given) if isinstance(given, str) else None
    if found is None:
        bom.refuse(line, f"{pointer}/purl", f"the purl “{str(given)[:120]}” is none; the component is read without it")
        return None
    return found[0]


def _own_entity(bom: Bom, own: Mapping[str, list[str]], ref: str | None, pointer: str, line: int) -> str | None:
    """Return the id that our own export wrote, as a property or in the bom-ref."""
    found = own.get("entity")
    given = found[0] if found else ref.removeprefix(OWN) if ref is not None and ref.startswith(OWN) else None
    if given is not None and not is_entity(given):
        bom.refuse(line, pointer, f"“{given[:120]}” is no id of an entity; the thing is read under another")
        return None
    if given is not None:
        bom.log.note(f"things whose id the document itself gives (“{OWN}”)", bom.place(pointer, given))
    return given


def _size(body: dict[str, Any]) -> int:
    """Return how many components or services an object and what is nested in it are."""
    stack, count = [body], 0
    while stack:
        part = stack.pop()
        count += 1
        for name in ("components", "services"):
            nested = part.get(name)
            stack.extend(one for one in nested if isinstance(one, dict)) if isinstance(nested, list) else None
    return count
