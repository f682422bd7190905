"""SPDX 2.2 and 2.3: the object of a JSON document, or of what `isthmus.sources.spdx.tag_value` makes of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from isthmus.errors import FormatError
from isthmus.sources.log import Log
from isthmus.sources.spdx.document import DOCUMENT, FILE, NO_ASSERTION, NONE, PACKAGE, Document, Element, Relation
from isthmus.sources.spdx.names import without_mail

LINE = "_line"
_VERSION = re.compile(r"SPDX-(2\.[23](?:\.\d+)?)")
_AGENT = re.compile(r"(Person|Organization|Tool)\s*:\s*(.*)", re.DOTALL)
_READ = {
    "SPDXID", "name", "versionInfo", "supplier", "originator", "licenseConcluded", "licenseDeclared", "externalRefs",
    "checksums", "filesAnalyzed", "primaryPackagePurpose", "hasFiles", "fileName", LINE,
}  # fmt: skip
_DOCUMENT_READ = {
    "SPDXID", "spdxVersion", "documentNamespace", "name", "creationInfo", "packages", "files", "relationships",
    "documentDescribes", "externalDocumentRefs", LINE,
}  # fmt: skip
_UNKNOWN = {"unknown", "none", "noassertion", "n/a", ""}


def version_of(body: Mapping[str, Any], where: str) -> str:
    """Return the version of a document; raise FormatError where it is none that is read."""
    told = body.get("spdxVersion")
    found = _VERSION.fullmatch(told) if isinstance(told, str) else None
    if found is None:
        raise FormatError(
            f"the document says spdxVersion {told!r}; of version 2, SPDX-2.2 and SPDX-2.3 are read.",
            where=where,
            hint="Convert the document with the tools of its publisher, or ask for another version.",
        )
    return found[1]


def read_version2(body: Mapping[str, Any], where: str, fallback: str, log: Log) -> Document:
    """Return the document that an object says; `fallback` stands where it has no name space."""
    version = version_of(body, where)
    namespace = _text(body.get("documentNamespace"))
    if namespace is None:
        log.note("documents without a name space: the file's name stands for it", "documentNamespace")
    own = _text(body.get("SPDXID")) or "SPDXRef-DOCUMENT"
    document = Document(version, namespace or fallback, own, log, _text(body.get("name")))
    _created(document, body.get("creationInfo"))
    for _, other in _objects(body.get("externalDocumentRefs"), "externalDocumentRefs", log):
        key, space = _text(other.get("externalDocumentId")), _text(other.get("spdxDocument"))
        if key and space:
            document.external[key] = space
    document.add(Element(_line(body, 1), _place(body, "", own), own, DOCUMENT, name=document.name))
    for number, item in _objects(body.get("packages"), "packages", log):
        _element(document, item, number, "packages", PACKAGE)
    for number, item in _objects(body.get("files"), "files", log):
        _element(document, item, number, "files", FILE)
    _relations(document, body)
    for key, value in body.items():
        if key not in _DOCUMENT_READ and value:
            log.leave(f"document field {key}", len(value) if isinstance(value, list) else 1)
    return document


def _created(document: Document, info: Any) -> None:
    if not isinstance(info, dict):
        return
    created = _text(info.get("created"))
    document.created = created[:10] if created else None
    for creator in _texts(info.get("creators"), "creators", document.log):
        found = _AGENT.fullmatch(creator.strip())
        if found and found[1] == "Organization" and without_mail(found[2]).casefold() not in _UNKNOWN:
            document.publishers.append(without_mail(found[2]))
        elif found and found[1] == "Person":
            document.log.leave("natural persons (creators)")


def _element(document: Document, body: Mapping[str, Any], number: int, key: str, type_: str) -> None:
    log, own = document.log, _text(body.get("SPDXID"))
    line = _line(body, number)
    if own is None:
        log.refuse(line, f"/{key}/{number - 1}", "it has no SPDXID")
        return
    name = _text(body.get("name")) or _text(body.get("fileName"))
    purpose = _text(body.get("primaryPackagePurpose")) or ""
    element = Element(
        line, _place(body, f"/{key}/{number - 1}", own), own, type_, purpose, name,
        kind="product" if purpose.upper() == "DEVICE" else "software", version=_text(body.get("versionInfo")),
    )  # fmt: skip
    if not document.add(element):
        return
    _references(document, element, body)
    for _, item in _objects(body.get("checksums"), f"{own}/checksums", log):
        if item.get("algorithm") == "SHA256" and (value := _text(item.get("checksumValue"))):
            element.sha256.append(value.lower())
        else:
            log.leave(f"checksums {item.get('algorithm')}")
    for role in ("supplier", "originator"):
        _agent(element, role, body.get(role), log)
    for how, field in (("declared", "licenseDeclared"), ("concluded", "licenseConcluded")):
        told = _text(body.get(field))
        if told == NO_ASSERTION:
            log.leave(f"{type_} field {field}: no assertion")
        elif told:
            element.licences.append((how, told))
    for file in _texts(body.get("hasFiles"), f"{own}/hasFiles", log):
        document.implied.append(Relation(line, f"{element.place}#hasFiles", own, "CONTAINS", [file]))
    analysed = body.get("filesAnalyzed")
    element.files_analysed = analysed if isinstance(analysed, bool) else None
    for field, value in body.items():
        if field not in _READ and value not in (None, "", [], NO_ASSERTION):
            log.leave(f"{type_} field {field}")


def _references(document: Document, element: Element, body: Mapping[str, Any]) -> None:
    log = document.log
    for _, item in _objects(body.get("externalRefs"), f"{element.id}/externalRefs", log):
        kind, value = _text(item.get("referenceType")) or "", _text(item.get("referenceLocator"))
        word = kind.rpartition("/")[2]
        if value and word == "purl":
            element.purls.append(value)
        elif value and word == "cpe23Type":
            element.cpes.append(value)
        else:
            log.leave(f"external references {word or 'without a type'}")


def _agent(element: Element, role: str, told: Any, log: Log) -> None:
    text = _text(told)
    if text is None or text == NO_ASSERTION:
        return
    found = _AGENT.fullmatch(text)
    if found and found[1] == "Person":
        log.leave(f"natural persons ({role}s)")
    elif found and found[1] == "Organization" and without_mail(found[2]).casefold() not in _UNKNOWN:
        name = without_mail(found[2])
        element.organisations.append((role, "", name))
    else:
        log.leave(f"{role}s that are no organisation by name")


def _relations(document: Document, body: Mapping[str, Any]) -> None:
    log = document.log
    for number, item in _objects(body.get("relationships"), "relationships", log):
        line = _line(item, number)
        source, type_ = _text(item.get("spdxElementId")), _text(item.get("relationshipType"))
        target = _text(item.get("relatedSpdxElement"))
        place = _place(item, f"/relationships/{number - 1}", "")
        if source is None or type_ is None or target is None:
            log.refuse(line, place, "a relationship needs spdxElementId, relationshipType and relatedSpdxElement")
            continue
        if source in (NONE, NO_ASSERTION):
            log.refuse(line, place, f"a relationship cannot begin at {source}")
            continue
        if item.get("comment"):
            log.leave("relationship field comment")
        document.relations.append(Relation(line, place, source, type_.upper(), [target]))
    described = {item.targets[0] for item in document.relations if item.type == "DESCRIBES"}
    for number, target in enumerate(_texts(body.get("documentDescribes"), "documentDescribes", log), start=1):
        if target not in described:
            place = f"/documentDescribes/{number - 1}"
            document.implied.append(Relation(number, place, document.id, "DESCRIBES", [target]))


def _objects(value: Any, where: str, log: Log) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects of a list with their places from 1; what is no object is refused."""
    if value is None:
        return
    if not isinstance(value, list):
        log.refuse(0, where, "it is not a list")
        return
    for number, item in enumerate(value, start=1):
        if isinstance(item, dict):
            yield number, item
        else:
            log.refuse(number, f"/{where}/{number - 1}", "it is not an object")


def _texts(value: Any, where: str, log: Log) -> list[str]:
    """Return the texts of a list; what is no text is refused."""
    if value is None:
        return []
    if not isinstance(value, list):
        log.refuse(0, where, "it is not a list")
        return []
    found = [item for item in value if isinstance(item, str)]
    if len(found) < len(value):
        log.refuse(0, where, "an item of it is no text")
    return found


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _line(body: Mapping[str, Any], number: int) -> int:
    line = body.get(LINE)
    return line if isinstance(line, int) else number


def _place(body: Mapping[str, Any], pointer: str, own: str) -> str:
    line = body.get(LINE)
    return " ".join(filter(None, (f"line {line}" if isinstance(line, int) else pointer, own)))
