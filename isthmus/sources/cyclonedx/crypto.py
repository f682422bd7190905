"""Cryptographic assets: algorithms, certificates, keys and protocols, and which of them needs which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.index import Bom
from isthmus.sources.cyclonedx.record import Fact, Item
from isthmus.sources.cyclonedx.values import day_of, length, listed, text_of
from isthmus.sources.qualifier_texts import qualifier_text

SUITES = "cipherSuites"
SUITE = "cipher suite"
"""What a protocol uses a cipher suite for; all that it has meet this one need."""
SECURED = "secured by"
_VALID = ("notValidBefore", "notValidAfter")


def suite_id(protocol: str, number: int) -> str:
    """Return the id of a cipher suite of a protocol (0 = first)."""
    return f"{protocol}/suite-{number + 1}"


def read_crypto(bom: Bom, item: Item, body: Any) -> Iterator[Fact]:
    """Yield what the properties of a cryptographic asset say."""
    pointer = f"{item.pointer}/cryptoProperties"
    if not isinstance(body, dict):
        bom.refuse(item.line, pointer, "it is not an object")
        return
    asset = body.get("assetType")
    if not isinstance(asset, str) or asset not in load_codes().assets:
        known = ", ".join(load_codes().assets)
        bom.refuse(item.line, f"{pointer}/assetType", f"the assetType “{str(asset)[:40]}” is none of {known}")
    if oid := text_of(body.get("oid")):
        # An object identifier names an algorithm, and all keys and sizes of it: it does not tell two things apart.
        yield Fact(
            item.line, item.ref, f"{pointer}/oid", item.entity, "described_as", value=oid.removeprefix("oid:"),
            qualifiers="aspect=technical; scope=oid",
        )  # fmt: skip
    for key, value in body.items():
        if key in ("assetType", "oid"):
            continue
        if not isinstance(value, dict):
            bom.refuse(item.line, f"{pointer}/{key}", "it is not an object")
            continue
        yield from _properties(bom, item, key, value, f"{pointer}/{key}")


def _properties(bom: Bom, item: Item, name: str, body: dict[str, Any], pointer: str) -> Iterator[Fact]:
    refs = load_codes().crypto_refs.get(name, {})
    if name == "certificateProperties":
        yield from _validity(bom, item, body, pointer)
    for key, value in body.items():
        if key in refs:
            for number, ref in enumerate(listed(value)):
                place = f"{pointer}/{key}/{number}" if isinstance(value, list) else f"{pointer}/{key}"
                yield from _uses(bom, item, item.entity, ref, place, refs[key])
        elif key == SUITES:
            yield from _suites(bom, item, value, f"{pointer}/{key}")
        elif key == "securedBy" and isinstance(value, dict):
            if "algorithmRef" in value:
                yield from _uses(
                    bom, item, item.entity, value["algorithmRef"], f"{pointer}/{key}/algorithmRef", SECURED
                )
            bom.log.leave_others(f"{name} {key}", value, ("algorithmRef",))
        elif key == "relatedCryptographicAssets":
            for number, one in enumerate(listed(value)):
                related = one if isinstance(one, dict) else {}
                bom.log.leave_others("relatedCryptographicAssets", related, ("type", "ref"))
                function = text_of(related.get("type")) or "cryptographic asset"
                yield from _uses(bom, item, item.entity, related.get("ref"), f"{pointer}/{key}/{number}", function)
        elif value not in (None, "", [], {}) and not (name == "certificateProperties" and key in _VALID):
            bom.log.leave(f"{name} {key[:60]}: no predicate", length(value))


def _validity(bom: Bom, item: Item, body: dict[str, Any], pointer: str) -> Iterator[Fact]:
    days = []
    for key in _VALID:
        day = day_of(body.get(key))
        if body.get(key) is not None and day is None:
            bom.refuse(item.line, f"{pointer}/{key}", f"“{str(body[key])[:40]}” is no date")
        days.append(day)
    if days[0] and days[1] and days[1] < days[0]:
        bom.refuse(
            item.line,
            f"{pointer}/{_VALID[1]}",
            f"the certificate would end on {days[1]}, before it begins on {days[0]}",
        )
    elif days[0]:
        yield Fact(
            item.line, item.ref, f"{pointer}/{_VALID[0]}", item.entity, "status", value="active",
            valid_from=days[0], valid_to=days[1],
        )  # fmt: skip
    elif days[1]:
        yield Fact(
            item.line, item.ref, f"{pointer}/{_VALID[1]}", item.entity, "status", value="ended", valid_from=days[1]
        )


def _suites(bom: Bom, item: Item, value: Any, pointer: str) -> Iterator[Fact]:
    """Yield the cipher suites of a protocol: one of them is enough, and each needs all its algorithms."""
    for number, suite in enumerate(listed(value)):
        place = f"{pointer}/{number}"
        if not isinstance(suite, dict):
            bom.refuse(item.line, place, "it is not an object")
            continue
        entity, name = suite_id(item.entity, number), text_of(suite.get("name"))
        yield Fact(item.line, item.ref, place, entity, "kind", value="technology", qualifiers=f"reading={SUITE}")
        if name:
            yield Fact(item.line, item.ref, f"{place}/name", entity, "name", value=name)
        yield Fact(
            item.line, item.ref, place, item.entity, "uses", entity, qualifiers=f"function={SUITE}; need={SUITE}"
        )
        for at, ref in enumerate(listed(suite.get("algorithms"))):
            yield from _uses(bom, item, entity, ref, f"{place}/algorithms/{at}", "algorithm")
        for key in suite.keys() - {"name", "algorithms"}:
            bom.log.leave(f"cipherSuites {key[:60]}: no predicate", length(suite[key]))


def _uses(bom: Bom, item: Item, subject: str, ref: Any, pointer: str, function: str) -> Iterator[Fact]:
    if not isinstance(ref, str) or not ref:
        bom.refuse(item.line, pointer, "the reference is no text")
        return
    target = bom.entity_of(ref)
    if target == subject:
        bom.log.note("things that depend on themselves; no claim", bom.place(pointer, ref))
        return
    words = qualifier_text(function) or "cryptographic asset"
    yield Fact(item.line, item.ref, pointer, subject, "uses", target, qualifiers=f"function={words}")
