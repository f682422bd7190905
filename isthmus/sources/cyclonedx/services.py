"""What a document says of services: what they are, where they answer, what data goes through them and who provides them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.components import count_fields, customers, read_names, read_words, ref_of
from isthmus.sources.cyclonedx.evidence import Doubts
from isthmus.sources.cyclonedx.index import Bom
from isthmus.sources.cyclonedx.origins import read_origins
from isthmus.sources.cyclonedx.parties import read_organisation
from isthmus.sources.cyclonedx.record import Fact, Item
from isthmus.sources.cyclonedx.roles import read_parties
from isthmus.sources.cyclonedx.values import is_entity, length, listed, slug, text_of

_FLAGS = ("authenticated", "x-trust-boundary")


def read_service(bom: Bom, item: Item, told: set[str], stated: set[tuple[str, str]]) -> Iterator[Fact]:
    """Yield the claims of a service.

    Parameters
    ----------
    told : set of str
        Ids of the organisations that were told of; it grows.
    stated : set of (id, id)
        The dependencies that the document states.
    """
    body, entity = item.body, item.entity
    where = (item.line, item.ref)
    yield Fact(*where, item.pointer, entity, "kind", value="platform", qualifiers="reading=service")
    yield from read_names(bom, item, Doubts({}))
    yield from read_words(bom, item, Doubts({}))
    for number, one in enumerate(listed(body.get("endpoints"))):
        if words := text_of(one):
            yield Fact(
                *where, f"{item.pointer}/endpoints/{number}", entity, "address", value=words, qualifiers="basis=node"
            )
    for key in _FLAGS:
        if isinstance(body.get(key), bool):
            yield Fact(
                *where, f"{item.pointer}/{key}", entity, "described_as", value="yes" if body[key] else "no",
                qualifiers=f"aspect=technical; scope={key}",
            )  # fmt: skip
    if zone := text_of(body.get("trustZone")):
        yield Fact(
            *where, f"{item.pointer}/trustZone", entity, "described_as", value=zone,
            qualifiers="aspect=technical; scope=trustZone",
        )  # fmt: skip
    for number, one in enumerate(listed(body.get("data"))):
        yield from _data(bom, item, one, f"{item.pointer}/data/{number}", told)
    yield from _links(bom, item, told, stated)
    if bom.document.draft:
        yield from read_parties(bom, item, told)
        yield from read_origins(bom, item)
    count_fields(bom, body, "service")


def _links(bom: Bom, item: Item, told: set[str], stated: set[tuple[str, str]]) -> Iterator[Fact]:
    where, root = (item.line, item.ref), bom.root.entity if bom.root is not None else None
    if item.parent is not None and item.parent != item.entity:
        ref = ref_of(item)
        # In the draft of 2.0 services stand among the components: they are used, and are no part.
        predicate = "uses" if bom.document.draft else "contains"
        pairs = [f"ref={ref}"] if ref else []
        if item.need is not None:
            pairs.append(f"need={item.need}")
        yield Fact(*where, item.pointer, item.parent, predicate, item.entity, qualifiers="; ".join(pairs) or None)
    elif item.parent is None and root is not None and root != item.entity and (root, item.entity) not in stated:
        # A service in the bill of a thing is used by it, and is no part of it.
        yield Fact(*where, item.pointer, root, "uses", item.entity)
    provider, facts = read_organisation(bom, item, "provider", told)
    yield from facts
    if provider is None:
        return
    pointer = f"{item.pointer}/provider"
    wholes = customers(bom, item)
    for whole in wholes:
        yield Fact(*where, pointer, provider, "supplies", whole, qualifiers=f"item=@{item.entity}")
    if not wholes:
        yield Fact(*where, pointer, provider, "operates", item.entity, qualifiers="role=operator")


def _data(bom: Bom, item: Item, body: Any, pointer: str, told: set[str]) -> Iterator[Fact]:
    codes = load_codes()
    name = text_of(body.get("classification")) if isinstance(body, dict) else None
    if name is None:
        bom.refuse(item.line, pointer, "the data has no classification")
        return
    flow = body.get("flow")
    activity = codes.flows.get(flow) if isinstance(flow, str) else None
    if activity is None:
        bom.refuse(item.line, pointer, f"the flow “{str(flow)[:40]}” is none of {', '.join(codes.flows)}")
        return
    # What counts as such data is each document's own matter.
    own = [one for one in item.own.get(f"data:{slug(name)}", ()) if is_entity(one)]
    category = own[0] if own else f"{bom.key}#data/{slug(name)}"
    if category not in told:
        told.add(category)
        yield Fact(item.line, item.ref, pointer, category, "kind", value="data_category")
        yield Fact(item.line, item.ref, f"{pointer}/classification", category, "name", value=name)
    yield Fact(
        item.line, item.ref, pointer, item.entity, "handles_data", category,
        qualifiers=f"activity={activity}; reading={flow}",
    )  # fmt: skip
    for key in body.keys() - {"classification", "flow"}:
        if body[key] not in (None, "", [], {}):
            bom.log.leave(f"data field {key[:60]}: no predicate", length(body[key]))
