"""What a document says of its components: what they are, how they are called, what they go into and who makes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.crypto import read_crypto
from isthmus.sources.cyclonedx.draft import count_of, read_make
from isthmus.sources.cyclonedx.evidence import Doubts, read_evidence
from isthmus.sources.cyclonedx.index import Bom
from isthmus.sources.cyclonedx.origins import read_origins
from isthmus.sources.cyclonedx.parties import count_persons, read_organisation
from isthmus.sources.cyclonedx.record import Fact, Item
from isthmus.sources.cyclonedx.roles import read_parties
from isthmus.sources.cyclonedx.values import (
    OWN,
    code_of,
    is_entity,
    length,
    listed,
    read_cpe,
    read_purl,
    text_of,
)
from isthmus.sources.qualifier_texts import qualifier_text
from isthmus.vocabulary import load_vocabulary

_HEX = re.compile("[0-9a-f]+")
_GTIN = re.compile(r"\d{8}|\d{12,14}")
LICENCE = frozenset({"id", "name", "expression", "acknowledgement", "bom-ref", "license"})
_PIECES = re.compile(r"[1-9]\d{0,11}")


def read_component(bom: Bom, item: Item, told: set[str]) -> Iterator[Fact]:
    """Yield the claims of a component.

    Parameters
    ----------
    told : set of str
        Ids of the organisations that were told of; it grows.
    """
    body, entity = item.body, item.entity
    doubts = read_evidence(bom, item)
    yield from _kind(bom, item)
    yield from read_names(bom, item, doubts)
    yield from _identifiers(bom, item, doubts)
    yield from _hashes(bom, item, doubts)
    yield from read_words(bom, item, doubts)
    yield from _whole(bom, item)
    yield from _makers(bom, item, told)
    if bom.document.draft:
        yield from read_parties(bom, item, told)
        yield from read_origins(bom, item)
        yield from read_make(item.line, item.ref, item.pointer, entity, body)
    if (crypto := body.get("cryptoProperties")) is not None:
        yield from read_crypto(bom, item, crypto)
    doubts.count(bom.log)
    count_persons(bom, body)
    count_fields(bom, body, "component")
    pedigree = body.get("pedigree")
    if isinstance(pedigree, dict):
        for key, value in pedigree.items():
            if key not in load_codes().pedigree and value:
                bom.log.leave(f"pedigree {key[:60]}: no predicate", length(value))
        if item.sort == "pedigree":
            bom.log.leave("pedigree of an ancestor, a descendant or a variant")
    if item.sort == "pedigree" and item.parent == entity:
        bom.log.note("components that are named as their own ancestor, descendant or variant", bom.place(item.pointer))


def _kind(bom: Bom, item: Item) -> Iterator[Fact]:
    codes, given = load_codes(), item.body.get("type")
    kind = codes.types.get(given) if isinstance(given, str) else None
    if kind is None and bom.document.draft and isinstance(given, str):
        kind = codes.draft.types.get(given)
    if kind is None:
        what = (
            "the type is missing"
            if given is None
            else f"the type “{str(given)[:60]}” is none of {', '.join(codes.types)}"
        )
        bom.refuse(item.line, f"{item.pointer}/type", f"{what}; the component is read without a kind")
        return
    if item.sort == "root":
        kind = codes.root_types.get(str(given), kind)
    crypto = item.body.get("cryptoProperties")
    if isinstance(crypto, dict) and isinstance(asset := crypto.get("assetType"), str):
        kind = codes.assets.get(asset, kind)
        given = f"{given}/{asset}" if asset in codes.assets else given
    kind = next((own for own in item.own.get("kind", ()) if own in load_vocabulary().kinds), kind)
    yield Fact(
        item.line, item.ref, f"{item.pointer}/type", item.entity, "kind", value=kind, qualifiers=f"reading={given}"
    )


def read_names(bom: Bom, item: Item, doubts: Doubts) -> Iterator[Fact]:
    """Yield the name; its group is the part in which it is so called."""
    name, group = text_of(item.body.get("name")), text_of(item.body.get("group"))
    if item.own.get("unnamed"):
        return
    if name is None:
        bom.refuse(item.line, f"{item.pointer}/name", "the name is missing; the rest is read")
        return
    scope = qualifier_text(group) if group else None
    yield Fact(
        item.line, item.ref, f"{item.pointer}/name", item.entity, "name", value=name,
        qualifiers=f"scope={scope}" if scope else None, hedge=doubts.take("name") or doubts.take("group"),
    )  # fmt: skip


def _identifiers(bom: Bom, item: Item, doubts: Doubts) -> Iterator[Fact]:
    body, line, ref, pointer, entity = item.body, item.line, item.ref, item.pointer, item.entity
    if item.purl is not None:
        yield Fact(
            line, ref, f"{pointer}/purl", entity, "identifier", value=item.purl, qualifiers="scheme=purl",
            hedge=doubts.take("purl"),
        )  # fmt: skip
    if (given := body.get("cpe")) not in (None, ""):
        found = read_cpe(given) if isinstance(given, str) else None
        if found is None:
            bom.refuse(
                line, f"{pointer}/cpe", f"the cpe “{str(given)[:120]}” is none; the component is read without it"
            )
        else:
            yield Fact(
                line, ref, f"{pointer}/cpe", entity, "identifier", value=found[1], qualifiers=f"scheme={found[0]}",
                hedge=doubts.take("cpe"),
            )  # fmt: skip
    swid = body.get("swid")
    if isinstance(swid, dict) and (tag := text_of(swid.get("tagId"))):
        yield Fact(
            line, ref, f"{pointer}/swid/tagId", entity, "identifier", value=tag, qualifiers="scheme=swid",
            hedge=doubts.take("swid"),
        )  # fmt: skip
        others = len([key for key, value in swid.items() if key != "tagId" and value not in (None, "")])
        if others:
            bom.log.leave("swid, fields beside the tagId", others)
    for key, scheme in load_codes().identifiers.items():
        for number, one in enumerate(listed(body.get(key))):
            if value := text_of(one):
                yield Fact(
                    line, ref, f"{pointer}/{key}/{number}", entity, "identifier", value=value,
                    qualifiers=f"scheme={scheme}", hedge=doubts.take(key),
                )  # fmt: skip


def _hashes(bom: Bom, item: Item, doubts: Doubts) -> Iterator[Fact]:
    given = item.body.get("hashes")
    if not given:
        return
    codes, log = load_codes(), bom.log
    found: dict[str, tuple[int, str]] = {}
    for number, one in enumerate(listed(given)):
        alg = one.get("alg") if isinstance(one, dict) else None
        content = text_of(one.get("content")) if isinstance(one, dict) else None
        if code_of(alg) in codes.weak_hashes:
            log.leave("hashes by MD5, SHA-1 or Streebog: no proof of identity")
            continue
        rule = codes.hashes.get(alg) if isinstance(alg, str) else None
        digits = content.lower() if content else ""
        if rule is None or len(digits) != rule[1] or not _HEX.fullmatch(digits):
            bom.refuse(item.line, f"{item.pointer}/hashes/{number}", f"it is no hash by {str(alg)[:40]}")
            continue
        found.setdefault(str(alg), (number, digits))
    for alg, (scheme, _) in codes.hashes.items():
        if alg in found:
            number, digits = found[alg]
            yield Fact(
                item.line, item.ref, f"{item.pointer}/hashes/{number}", item.entity, "identifier", value=digits,
                qualifiers=f"scheme={scheme}", hedge=doubts.take("hash"),
            )  # fmt: skip
            if len(found) > 1:
                log.leave("hashes beside the one that is kept", len(found) - 1)
            return


def read_words(bom: Bom, item: Item, doubts: Doubts) -> Iterator[Fact]:
    """Yield version, description and licences in the words of the document."""
    body, line, ref, pointer, entity = item.body, item.line, item.ref, item.pointer, item.entity
    version = text_of(body.get("version"))
    if version and (item.purl is None or (read_purl(item.purl) or ("", None))[1] != version):
        yield Fact(
            line, ref, f"{pointer}/version", entity, "described_as", value=version,
            qualifiers="aspect=technical; scope=version", hedge=doubts.take("version"),
        )  # fmt: skip
    for key in ("versionRange", "description"):
        if words := text_of(body.get(key)):
            yield Fact(
                line, ref, f"{pointer}/{key}", entity, "described_as", value=words,
                qualifiers=f"aspect=technical; scope={key}",
            )  # fmt: skip
    for number, one in enumerate(listed(body.get("licenses"))):
        yield from _licence(bom, item, one, f"{pointer}/licenses/{number}")


def _licence(bom: Bom, item: Item, body: Any, pointer: str) -> Iterator[Fact]:
    inner = body.get("license") if isinstance(body, dict) else None
    held: Any = inner if isinstance(inner, dict) else body
    words = None
    if isinstance(held, dict):
        words = text_of(held.get("id")) or text_of(held.get("name")) or text_of(held.get("expression"))
    if words is None:
        bom.refuse(item.line, pointer, "the licence has neither an id nor a name nor an expression")
        return
    bom.log.leave_others("licence field", held, LICENCE)
    if held is not body:
        bom.log.leave_others("licence field", body, LICENCE)
    how = qualifier_text(text_of(held.get("acknowledgement")) or "")
    yield Fact(
        item.line, item.ref, pointer, item.entity, "described_as", value=words,
        qualifiers="aspect=other; scope=licence" + (f"; reading={how}" if how else ""),
    )  # fmt: skip


def _whole(bom: Bom, item: Item) -> Iterator[Fact]:
    """Yield that a component goes into another, or is a variant of one."""
    if item.parent is None:
        return
    codes, entity, parent = load_codes(), item.entity, item.parent
    where = (item.line, item.ref, item.pointer)
    if item.sort == "pedigree":
        if parent != entity:
            key = item.pointer.rsplit("/", 2)[1]
            relation = codes.pedigree.get(key)
            ends = (parent, entity) if key == "ancestors" else (entity, parent)
            yield Fact(*where, ends[0], "variant_of", ends[1], qualifiers=f"relation={relation}" if relation else None)
        return
    scope = item.body.get("scope")
    if scope == codes.excluded:
        bom.log.leave("components of the scope excluded: no part and no dependence")
        return
    if parent == entity:
        bom.log.note("components with the same purl as the thing that they are a part of", bom.place(item.pointer))
        return
    if scope is not None and code_of(scope) not in codes.scopes:
        bom.refuse(
            item.line, f"{item.pointer}/scope", f"the scope “{str(scope)[:40]}” is none; the part is read without it"
        )
        scope = None
    pairs = [f"ref={ref}"] if (ref := ref_of(item)) else []
    if item.body.get("isExternal") is True:
        # What the surroundings must provide is needed, and is no part.
        yield Fact(*where, parent, "uses", entity, qualifiers="; ".join([*pairs, "strength=provided"]))
        return
    if scope is not None:
        pairs.append(f"strength={codes.scopes[scope]}")
    if item.need is not None:
        pairs.append(f"need={item.need}")
    yield Fact(*where, parent, "contains", entity, pieces=_pieces(bom, item), qualifiers="; ".join(pairs) or None)


def ref_of(item: Item) -> str | None:
    """Return what the document calls a thing, where that says more than its purl or its id."""
    if own := item.own.get("ref"):
        return qualifier_text(own[0])
    if item.ref is None or item.ref == item.purl or item.ref.startswith(OWN):
        return None
    if f"purl:{item.ref}" in item.own.get("entity", ()):
        return None
    return qualifier_text(item.ref)


def _pieces(bom: Bom, item: Item) -> str | None:
    if bom.document.draft and (count := count_of(item.body)) is not None:
        return count
    for number, one in enumerate(listed(item.body.get("properties"))):
        if isinstance(one, dict) and one.get("name") == load_codes().quantity:
            text = text_of(one.get("value")) or ""
            if _PIECES.fullmatch(text):
                return text
            bom.refuse(item.line, f"{item.pointer}/properties/{number}", f"“{text[:40]}” is no quantity")
    return None


def customers(bom: Bom, item: Item) -> list[str]:
    """Return the ids of the things to which a component or service is supplied: what the bill is of."""
    given = [one for one in item.own.get("supplied-to", ()) if is_entity(one)]
    if given or bom.root is None or bom.root.entity == item.entity:
        return given
    return [bom.root.entity]


def _makers(bom: Bom, item: Item, told: set[str]) -> Iterator[Fact]:
    codes = load_codes()
    wholes = customers(bom, item)
    for role in ("supplier", "manufacturer", "publisher"):
        maker, facts = read_organisation(bom, item, role, told)
        yield from facts
        if maker is None:
            continue
        where = (item.line, item.ref, f"{item.pointer}/{role}")
        if role == "manufacturer":
            built = code_of(item.body.get("type")) in codes.built
            yield Fact(*where, maker, "builds" if built else "develops", item.entity)
        elif role == "supplier" and wholes:
            for whole in wholes:
                yield Fact(*where, maker, "supplies", whole, qualifiers=f"item=@{item.entity}")
        else:
            yield Fact(*where, maker, "operates", item.entity, qualifiers="role=distributor")


def count_fields(bom: Bom, body: dict[str, Any], sort: str) -> None:
    """Count the fields that make no claim, and what is in them."""
    codes, log = load_codes(), bom.log
    log.leave_others(f"{sort} field", body, bom.fields(sort))
    for one in listed(body.get("externalReferences")):
        kind = one.get("type") if isinstance(one, dict) else None
        log.leave(f"externalReferences, type {str(kind)[:40]}")
    for one in listed(body.get("properties")):
        name = str(one.get("name")) if isinstance(one, dict) else ""
        if name != codes.quantity and not name.startswith((codes.gtin, codes.function, OWN)):
            log.leave("properties")


def read_properties(item: Item) -> Iterator[Fact]:
    """Yield what the properties of the public taxonomy say of a device: its function, and its trade number."""
    codes = load_codes()
    for number, one in enumerate(listed(item.body.get("properties"))):
        name, value = (one.get("name"), text_of(one.get("value"))) if isinstance(one, dict) else (None, None)
        where = (item.line, item.ref, f"{item.pointer}/properties/{number}")
        if value is None or not isinstance(name, str):
            continue
        if name == codes.function:
            yield Fact(*where, item.entity, "described_as", value=value, qualifiers="aspect=technical; scope=function")
        elif name.startswith(codes.gtin) and _GTIN.fullmatch(value):
            yield Fact(*where, item.entity, "identifier", value=value, qualifiers="scheme=gtin")
