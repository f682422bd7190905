"""Bills of materials in XML, brought into the shape of their JSON.

Documents with a document type declaration are refused before anything of it is read, so that no entity is ever named or fetched.
Elements of other namespaces (signatures, extensions) are counted and read past.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.parsers import expat

from isthmus.errors import FormatError
from isthmus.sources.cyclonedx.record import Document
from isthmus.sources.cyclonedx.values import listed
from isthmus.sources.log import Log

PIECE = 1 << 18
START = 1 << 12
MAX_DEPTH = 200
NAMESPACE = "http://cyclonedx.org/schema/bom/"
_SPACE = re.compile(re.escape(NAMESPACE) + r"([0-9][0-9.]*)")

# Elements that only hold a list, with what stands in them.
_ITEMS = {
    "components": "component", "services": "service", "compositions": "composition", "vulnerabilities": "vulnerability",
    "hashes": "hash", "externalReferences": "reference", "properties": "property", "authors": "author",
    "ancestors": "component", "descendants": "component", "variants": "component", "endpoints": "endpoint",
    "assemblies": "assembly", "methods": "method", "cipherSuites": "cipherSuite", "algorithms": "algorithm",
    "relatedCryptographicAssets": "relatedCryptographicAsset", "identifiers": "identifier", "affects": "target",
    "annotations": "annotation", "cryptoFunctions": "cryptoFunction", "lifecycles": "lifecycle", "standards": "standard",
    "patches": "patch", "commits": "commit", "tags": "tag", "occurrences": "occurrence", "citations": "citation",
}  # fmt: skip
_CHOICES = frozenset({"licenses", "data"})
"""Lists whose items have several names."""
# The names in JSON of elements that are called otherwise; two of them in the first schemas of 1.6 only.
_RENAMED = {
    "signatureAlgorithm": "signatureAlgorithmRef",
    "subjectPublicKey": "subjectPublicKeyRef",
    "cryptoRef": "cryptoRefArray",
}
_INNER = {"hash": "content", "property": "value", "classification": "classification", "expression": "expression"}
"""Elements with attributes and a text: the key under which JSON has the text."""
_TRUE = frozenset({"true", "1"})
_FLAGS = frozenset({"isExternal", "authenticated", "x-trust-boundary", "modified"})
_DIRECT = {
    "dependsOn": "dependency",
    "provides": "provides",
    "url": "url",
    "swhid": "swhid",
    "omniborId": "omniborId",
    "identity": "identity",
    "cryptoRefArray": "cryptoRef",
}
"""Lists of JSON whose items stand in XML without an element around them."""
_CONTENT = "content"
"""The key for the text of any other element that has attributes."""
_HOLDERS = frozenset({*_ITEMS, *_CHOICES, "dependencies"})
"""Elements that are lists, even if nothing is in them."""
_SPECIAL = frozenset({*_HOLDERS, *_FLAGS, *_RENAMED})
_ATTRIBUTES = frozenset({"bom-ref", "type", "serialNumber", "ref", "tagId", "alg", "flow"})


def read_xml(path: Path, log: Log) -> Document:
    """Read a document.

    Raises
    ------
    FormatError
        The file is no well-formed XML, names entities, nests too deeply, or is no bill of materials.
    """
    version = _Prolog(path).read()
    parser = ElementTree.XMLParser()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                parser.feed(piece)
        root = parser.close()
    except ElementTree.ParseError as error:
        raise _not_well_formed(path, error.code, error.position[0]) from error
    except (ValueError, LookupError) as error:  # an encoding that is none, or one of several bytes
        raise FormatError(f"the XML cannot be read: {error}.", where=str(path), hint="Save it as UTF-8.") from error
    reader = _Reader(path)
    body = reader.mapping(root, "bom", 1)
    if reader.foreign:
        log.leave("elements of other XML namespaces", reader.foreign)
    if reader.strays:
        log.leave("texts between XML elements", reader.strays)
    return Document(body, version, xpath)


class _Prolog:
    """Reads a file up to its first element: a document type declaration stands before it or nowhere."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.version: str | None = None

    def read(self) -> str:
        """Return the version of the schema."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = lambda *_: self._refuse(parser.CurrentLineNumber)
        parser.StartElementHandler = self._open
        try:
            with self.path.open("rb") as file:
                while self.version is None and (piece := file.read(START)):
                    parser.Parse(piece, False)
                if self.version is None:
                    parser.Parse(b"", True)
        except expat.ExpatError as error:
            if self.version is None:  # the rest is read again, with all that may be wrong in it
                raise _not_well_formed(self.path, error.code, error.lineno) from error
        except (ValueError, LookupError) as error:
            raise FormatError(f"the XML cannot be read: {error}.", where=str(self.path)) from error
        finally:
            parser.StartElementHandler = parser.StartDoctypeDeclHandler = None
        if self.version is None:
            raise _no_bill(self.path, "it is empty")
        return self.version

    def _refuse(self, line: int) -> None:
        raise FormatError(
            "the file has a document type declaration, which could name entities; it is not opened.",
            where=f"{self.path}, line {line}",
            hint="A bill of materials in XML needs none: take the declaration out.",
        )

    def _open(self, name: str, _attributes: dict[str, str]) -> None:
        """Learn the version from the first element, or refuse the file."""
        if self.version is not None:
            return
        space, _, local = name.rpartition(" ")
        found = _SPACE.fullmatch(space)
        if local != "bom" or found is None:
            raise _no_bill(self.path, f"its first element is “{local[:40]}” of “{space[:80]}”")
        self.version = found[1]


def _not_well_formed(path: Path, code: int, line: int) -> FormatError:
    return FormatError(
        f"the XML is not well formed: {expat.errors.messages.get(code, 'a fault')}.",
        where=f"{path}, line {line}",
        hint="It may have been cut off: write or fetch it again.",
    )


def _no_bill(path: Path, why: str) -> FormatError:
    return FormatError(
        f"this is no CycloneDX bill of materials: {why}.",
        where=str(path),
        hint=f"In XML its first element is `bom` of the namespace {NAMESPACE}1.x.",
    )


class _Reader:
    """Turns elements into what JSON has for them.

    Attributes
    ----------
    foreign : int
        Elements of other namespaces, with those in them.
    strays : int
        Texts that stand before the elements in an element, where no text may stand.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.foreign = 0
        self.strays = 0
        self.names: dict[str, str] = {}

    def name(self, tag: str) -> str:
        """Return the name of an element without its namespace, nothing for one of another namespace."""
        space, _, local = tag.rpartition("}")
        self.names[tag] = local = local if _SPACE.fullmatch(space[1:]) else ""
        return local

    def value(self, node: Element, name: str, depth: int) -> Any:
        """Return an element as JSON has it."""
        if not len(node):
            if not node.keys() and name not in _HOLDERS:
                text = (node.text or "").strip()
                return text in _TRUE if name in _FLAGS else text
        elif depth >= MAX_DEPTH:
            raise FormatError(
                f"the elements nest more than {MAX_DEPTH} deep: no bill of materials does.", where=str(self.path)
            )
        if name in _CHOICES:
            return [self.choice(item, inner, depth) for item, inner in self.items(node)]
        if name == "dependencies":
            return [self.dependency(item) for item, _ in self.items(node)]
        wanted = _ITEMS.get(name)
        if wanted is None:
            return self.mapping(node, name, depth)
        items = self.items(node)
        if any(inner != wanted for _, inner in items):
            return self.mapping(node, name, depth)
        return [self.value(item, wanted, depth + 1) for item, _ in items]

    def items(self, node: Element) -> list[tuple[Element, str]]:
        """Return the elements in an element with their names; those of other namespaces are counted."""
        known = self.names
        found: list[tuple[Element, str]] = []
        for item in node:
            tag = item.tag
            local = known[tag] if tag in known else self.name(tag)
            if local:
                found.append((item, local))
            else:
                self.foreign += sum(1 for _ in item.iter())
        return found

    def mapping(self, node: Element, name: str, depth: int) -> dict[str, Any]:
        """Return an element as an object: its attributes, and the elements in it."""
        body: dict[str, Any] = {}
        for key, value in node.items():
            local = key.rpartition("}")[2]
            body[local] = value in _TRUE if local in _FLAGS else value
        known = self.names
        grown: set[str] = set()
        for item in node:
            tag = item.tag
            local = known[tag] if tag in known else self.name(tag)
            if not local:
                self.foreign += sum(1 for _ in item.iter())
                continue
            # `attrib` would make a dictionary for each of the many elements that have no attributes.
            if len(item) or item.keys() or local in _SPECIAL:
                inner = self.value(item, local, depth + 1)
                local = _RENAMED.get(local, local)
            else:
                inner = (item.text or "").strip()
            if local not in body:
                body[local] = inner
            elif local in grown:
                body[local].append(inner)
            else:
                # A list of its own: what the first element held may be one already.
                body[local] = [*listed(body[local]), inner]
                grown.add(local)
        self._text(node, _INNER.get(name), body)
        return body

    def _text(self, node: Element, key: str | None, body: dict[str, Any]) -> None:
        """Add the text of an element with attributes; text between elements is counted."""
        if not len(node):
            text = (node.text or "").strip()
            if key is not None:
                body[key] = text
            elif text:
                body[_CONTENT] = text
            return
        if key is not None:
            body[key] = "".join([node.text or "", *(item.tail or "" for item in node)]).strip()
        elif node.text and not node.text.isspace():
            self.strays += 1

    def choice(self, node: Element, name: str, depth: int) -> Any:
        """Return an item of a list whose items have several names, as JSON tells them apart."""
        body = self.value(node, name, depth + 1)
        if name == "license":
            return {"license": body}
        if name == "expression" and isinstance(body, str):
            return {"expression": body}
        if name == "dataflow" and isinstance(body, dict) and isinstance(body.get("classification"), dict):
            return {**body, **body["classification"]}
        return body

    def dependency(self, node: Element) -> Any:
        """Return an entry of the list of dependencies, or what a composition refers to."""
        body: dict[str, Any] = {"ref": node.get("ref")}
        if not len(node):
            return body
        for item, name in self.items(node):
            key = "dependsOn" if name == "dependency" else name
            if key in ("ref", _CONTENT):
                key = f"{key} (element)"
            body.setdefault(key, []).append(item.get("ref"))
        return body


def xpath(pointer: str) -> str:
    """Return the XPath of the element (or attribute) of which the JSON has this pointer."""
    before, separator, part = pointer.rpartition("/")
    if not separator:
        return "/bom"
    if part.isdecimal():
        return _step(_path(before), part)[0]
    return f"{_path(before)[0]}/@{part}" if part in _ATTRIBUTES else f"{_path(before)[0]}/{part}"


@lru_cache(maxsize=4096)
def _path(pointer: str) -> tuple[str, str]:
    """Return the XPath of a pointer, and the last part of the pointer."""
    before, separator, part = pointer.rpartition("/")
    return _step(_path(before), part) if separator else ("/bom", "")


def _step(parent: tuple[str, str], part: str) -> tuple[str, str]:
    path, held = parent
    if not part.isdecimal():
        return f"{path}/@{part}" if part in _ATTRIBUTES else f"{path}/{part}", part
    number = int(part) + 1
    if direct := _DIRECT.get(held):
        return f"{path.rpartition('/')[0]}/{direct}[{number}]", part
    item = "dependency" if held == "dependencies" else "*" if held in _CHOICES else _ITEMS.get(held, "*")
    return f"{path}/{item}[{number}]", part
