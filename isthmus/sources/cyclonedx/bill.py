"""A bill of materials as a whole: all its claims, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.components import LICENCE, read_component, read_properties
from isthmus.sources.cyclonedx.draft import count_rest
from isthmus.sources.cyclonedx.index import Bom
from isthmus.sources.cyclonedx.links import count_vulnerabilities, read_compositions, read_dependencies, read_mentions
from isthmus.sources.cyclonedx.parties import count_persons, learn_organisations, read_organisation
from isthmus.sources.cyclonedx.record import Fact, Item
from isthmus.sources.cyclonedx.roles import learn_parties, publisher_of, read_defined_parties
from isthmus.sources.cyclonedx.services import read_service
from isthmus.sources.cyclonedx.values import code_of, day_of, length, listed, own_properties, text_of
from isthmus.sources.log import Log


class About(NamedTuple):
    """What a document says of itself: a title, who made it, its day, its marking and its terms."""

    title: str
    publisher: str | None
    day: str | None
    marking: str | None
    licence: str | None


def describe(bom: Bom) -> About:
    """Return what a document says of itself, and count what is read past."""
    codes, body, log = load_codes(), bom.document.body, bom.log
    log.leave_others("field", body, bom.fields("document"))
    given = body.get("metadata")
    metadata: dict[str, Any] = given if isinstance(given, dict) else {}
    log.leave_others("metadata field", metadata, bom.fields("metadata"))
    if metadata.get("properties"):
        log.leave("properties", length(metadata["properties"]))
    if len(listed(metadata.get("licenses"))) > 1:
        log.leave("licences of the bill beside the first", len(metadata["licenses"]) - 1)
    count_persons(bom, metadata)
    if bom.document.draft:
        learn_parties(bom)
        count_rest(body, log)
    root = bom.root.body if bom.root is not None else {}
    words = [text_of(root.get(key)) for key in ("group", "name", "version")]
    makers = [metadata.get(key) for key in ("supplier", "manufacturer", "manufacture")]
    names = [name for maker in makers if isinstance(maker, dict) and (name := text_of(maker.get("name")))]
    stamp = metadata.get("timestamp")
    day = day_of(stamp)
    if stamp is not None and day is None:
        bom.refuse(1, "/metadata/timestamp", f"the timestamp “{str(stamp)[:40]}” is no date")
    shared = metadata.get("distributionConstraints")
    tlp = shared.get("tlp") if isinstance(shared, dict) else None
    if isinstance(shared, dict):
        log.leave_others("distributionConstraints field", shared, ("tlp",))
    if tlp is not None and code_of(tlp) not in codes.markings:
        bom.refuse(1, "/metadata/distributionConstraints/tlp", f"“{str(tlp)[:40]}” is no marking")
    return About(
        title="Bill of materials" + (f" of {' '.join(filter(None, words))}" if any(words) else ""),
        publisher=names[0] if names else publisher_of(bom) if bom.document.draft else None,
        day=day,
        marking=codes.markings.get(tlp, "TLP:RED") if isinstance(tlp, str) else None,
        licence=_licence(metadata.get("licenses"), log),
    )


def _licence(given: Any, log: Log) -> str | None:
    for one in listed(given):
        inner = one.get("license") if isinstance(one, dict) else None
        held: Any = inner if isinstance(inner, dict) else one
        if isinstance(held, dict):
            words = text_of(held.get("id")) or text_of(held.get("name")) or text_of(held.get("expression"))
            if words:
                log.leave_others("licence of the bill, field", {**held, **one}, LICENCE)
                return words
    return None


def claims_of(bom: Bom) -> Iterator[Fact]:
    """Yield all claims of a document."""
    told: set[str] = set()
    learn_organisations(bom)
    needs = list(read_dependencies(bom))
    stated = {(fact.subject, fact.object) for fact in needs if fact.object}
    yield from _metadata(bom, told)
    if bom.document.draft:
        yield from read_defined_parties(bom, told)
        yield from read_mentions(bom)
    for item in bom.items:
        if item.sort == "service":
            yield from read_service(bom, item, told, stated)
            continue
        yield from read_component(bom, item, told)
        if item.body.get("properties"):
            yield from read_properties(item)
    yield from needs
    yield from read_compositions(bom)
    bom.line += count_vulnerabilities(bom)


def _metadata(bom: Bom, told: set[str]) -> Iterator[Fact]:
    """Yield who supplies and makes the thing that the bill is of."""
    metadata = bom.document.body.get("metadata")
    if not isinstance(metadata, dict):
        return
    root, codes = bom.root, load_codes()
    holder = Item(1, "root", metadata, "/metadata", None, bom.key, None, None, own_properties(metadata))
    for role in ("supplier", "manufacture", "manufacturer"):
        maker, facts = read_organisation(bom, holder, role, told)
        yield from facts
        if maker is None:
            continue
        if role == "manufacturer":
            # Since 1.6: who made the bill, which is said of the source.
            bom.log.leave("metadata/manufacturer: the maker of the bill, kept as the publisher of the source")
        elif root is None:
            bom.log.leave(f"metadata/{role}: the bill does not say of what")
        elif role == "supplier":
            yield Fact(1, root.ref, "/metadata/supplier", maker, "operates", root.entity, qualifiers="role=distributor")
        else:
            built = code_of(root.body.get("type")) in codes.built
            yield Fact(1, root.ref, f"/metadata/{role}", maker, "builds" if built else "develops", root.entity)
