"""SPDX 3.0: the elements of a JSON-LD document with the context of the standard (plain terms, ids as IRIs)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from isthmus.errors import FormatError
from isthmus.sources.log import Log
from isthmus.sources.spdx.document import (
    DOCUMENT,
    FILE,
    LICENCE,
    NO_ASSERTION,
    NONE,
    OTHER,
    PACKAGE,
    TOOL,
    Document,
    Element,
    Relation,
)  # fmt: skip

CONTEXT = "spdx.org/rdf/3."
_VERSION = re.compile(r"3\.0(?:\.\d+)?")
_TYPES = {
    "software_Package": PACKAGE, "ai_AIPackage": PACKAGE, "dataset_DatasetPackage": PACKAGE, "software_File": FILE,
    "software_Snippet": FILE, "SpdxDocument": DOCUMENT, "software_Sbom": DOCUMENT, "Bom": DOCUMENT,
    "Bundle": DOCUMENT, "Tool": TOOL, "simplelicensing_LicenseExpression": LICENCE,
}  # fmt: skip
_RELATIONS = {"Relationship", "LifecycleScopedRelationship"}
_NONE = re.compile(r"(?:.*[/#:])?None(?:Element|License)")
_NO_ASSERTION = re.compile(r"(?:.*[/#:])?NoAssertion(?:Element|License)")
_READ = {
    "spdxId", "@id", "type", "@type", "name", "creationInfo", "software_packageVersion", "software_packageUrl",
    "externalIdentifier", "verifiedUsing", "suppliedBy", "originatedBy", "software_primaryPurpose", "rootElement",
    "import", "simplelicensing_licenseExpression",
}  # fmt: skip
_UNKNOWN = {"unknown", "none", "noassertion", "n/a", ""}


def read_version3(body: Mapping[str, Any], where: str, fallback: str, log: Log) -> Document:
    """Return the document that a JSON-LD graph says."""
    graph = body.get("@graph", [body])
    if not isinstance(graph, list):
        raise FormatError("@graph is not a list of elements.", where=where)
    items = list(_items(graph, log))
    version = _version(items, where)
    document = Document(version, fallback, fallback, log)
    agents = {own: item for _, _, item in items if (own := _id(item)) and _type(item) in ("Organization", "Person")}
    for line, place, item in items:
        _take(document, line, place, item, agents)
    told = [item for item in document.elements.values() if item.word == "SpdxDocument"]
    if told:
        document.id, document.name = told[0].id, told[0].name
        document.namespace = told[0].id
    if len(told) > 1:
        log.note("documents in one file: the first names the source", told[1].id)
    return document


def _items(graph: list[Any], log: Log) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    for number, item in enumerate(graph, start=1):
        if isinstance(item, dict):
            yield number, f"/@graph/{number - 1}", item
        else:
            log.refuse(number, f"/@graph/{number - 1}", "it is not an object")


def _version(items: list[tuple[int, str, Mapping[str, Any]]], where: str) -> str:
    """Return the version that the creation information tells."""
    told = {
        str(info["specVersion"])
        for _, _, item in items
        for info in (item, item.get("creationInfo"))
        if isinstance(info, dict) and "specVersion" in info
    }
    bad = sorted(version for version in told if not _VERSION.fullmatch(version))
    if bad or not told:
        said = f"specVersion “{bad[0]}”" if bad else "no specVersion"
        raise FormatError(
            f"the document says {said}; of version 3, 3.0 and 3.0.1 are read.",
            where=where,
            hint="Each element names its creation information, and that the version of the standard.",
        )
    return max(told)


def _take(
    document: Document, line: int, place: str, item: Mapping[str, Any], agents: Mapping[str, Mapping[str, Any]]
) -> None:
    type_, own, log = _type(item), _id(item), document.log
    if type_ == "CreationInfo":
        _created(document, item, agents)
    elif type_ in _RELATIONS:
        _relation(document, line, f"{place} {own or ''}".strip(), item)
    elif own is None:
        log.refuse(line, place, f"an element of type {type_ or 'unknown'} has no spdxId")
    elif type_ == "Person":
        log.leave("natural persons")
    elif type_ in ("Organization", "SoftwareAgent", "Agent"):
        log.leave(f"elements {type_}: named only with what they supply") if own not in agents else None
    else:
        element = Element(line, f"{place} {own}", own, _TYPES.get(type_, OTHER), type_, _text(item.get("name")))
        if document.add(element):
            _fill(document, element, item, agents)


def _fill(
    document: Document, element: Element, item: Mapping[str, Any], agents: Mapping[str, Mapping[str, Any]]
) -> None:
    log = document.log
    if element.type == LICENCE:
        element.name = _text(item.get("simplelicensing_licenseExpression"))
    if element.type == OTHER:
        log.leave(f"elements {element.word}")
        return
    for entry in _list(item.get("import")):
        if isinstance(entry, dict) and (outside := _text(entry.get("externalSpdxId"))):
            document.external[outside] = outside
    for root in _list(item.get("rootElement")):
        if target := _reference(root):
            place = f"{element.place}#rootElement"
            document.implied.append(Relation(element.line, place, element.id, "describes", [target]))
    element.version = _text(item.get("software_packageVersion"))
    if element.word == "dataset_DatasetPackage":
        element.kind = "system"
    elif item.get("software_primaryPurpose") == "device":
        element.kind = "product"
    if purl := _text(item.get("software_packageUrl")):
        element.purls.append(purl)
    for entry in _list(item.get("externalIdentifier")):
        _identifier(element, entry, log)
    for entry in _list(item.get("verifiedUsing")):
        body = entry if isinstance(entry, dict) else {}
        if body.get("algorithm") == "sha256" and (value := _text(body.get("hashValue"))):
            element.sha256.append(value.lower())
        else:
            log.leave(f"checksums {body.get('algorithm') or _type(body) or 'not readable'}")
    for role, field in (("supplier", "suppliedBy"), ("originator", "originatedBy")):
        for agent in _list(item.get(field)):
            _agent(document, element, role, agent, agents)
    for field, value in item.items():
        if field not in _READ and value not in (None, "", [], NO_ASSERTION):
            log.leave(f"{element.type} field {field}")


def _identifier(element: Element, entry: Any, log: Log) -> None:
    body = entry if isinstance(entry, dict) else {}
    kind, value = body.get("externalIdentifierType"), _text(body.get("identifier"))
    if value and kind == "packageUrl":
        if value not in element.purls:
            element.purls.append(value)
    elif value and kind == "cpe23":
        element.cpes.append(value)
    else:
        log.leave(f"external identifiers {kind or 'without a type'}")


def _agent(document: Document, element: Element, role: str, told: Any, agents: Mapping[str, Mapping[str, Any]]) -> None:
    own = _reference(told)
    found = agents.get(own or "")
    name = _text(found.get("name")) if found else None
    if found is not None and _type(found) == "Person":
        document.log.leave(f"natural persons ({role}s)")
    elif own and name and name.casefold() not in _UNKNOWN:
        element.organisations.append((role, own, name))
    else:
        document.log.leave(f"{role}s that are no organisation by name")


def _created(document: Document, item: Mapping[str, Any], agents: Mapping[str, Mapping[str, Any]]) -> None:
    created = _text(item.get("created"))
    if created and (document.created is None or created[:10] > document.created):
        document.created = created[:10]
    for agent in _list(item.get("createdBy")):
        found = agents.get(_reference(agent) or "")
        name = _text(found.get("name")) if found and _type(found) == "Organization" else None
        if name and name.casefold() not in _UNKNOWN and name not in document.publishers:
            document.publishers.append(name)


def _relation(document: Document, line: int, place: str, item: Mapping[str, Any]) -> None:
    source, type_ = _reference(item.get("from")), _text(item.get("relationshipType"))
    targets = [found for entry in _list(item.get("to")) if (found := _reference(entry))]
    completeness = _text(item.get("completeness"))
    if source is None or type_ is None or not (targets or completeness):
        document.log.refuse(line, place, "a relationship needs from, relationshipType and to")
        return
    scope = _text(item.get("scope"))
    document.relations.append(Relation(line, place, source, type_, targets, scope, completeness))


def _reference(value: Any) -> str | None:
    """Return the id that a reference names; the individuals of the standard as NONE and NOASSERTION."""
    own = _id(value) if isinstance(value, dict) else _text(value)
    if own and _NONE.fullmatch(own):
        return NONE
    if own and _NO_ASSERTION.fullmatch(own):
        return NO_ASSERTION
    return own


def _id(item: Mapping[str, Any]) -> str | None:
    return _text(item.get("spdxId")) or _text(item.get("@id"))


def _type(item: Mapping[str, Any]) -> str:
    return _text(item.get("type")) or _text(item.get("@type")) or ""


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
