"""Bills of materials in XML, brought into the shape of their JSON.

Documents with a document type declaration are refused before anything of it is read, so that no entity is ever named or fetched.
Elements of other namespaces (signatures, extensions) are counted and read past.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

from isthmus.errors import FormatError
from isthmus.sources.cyclonedx.record import Document
from isthmus.sources.log import Log

PIECE = 1 << 16
MAX_DEPTH = 200
NAMESPACE = "http://cyclonedx.org/schema/bom/"
_SPACE = re.compile(re.escape(NAMESPACE) + r"([0-9][0-9.]*)")

# Elements that only hold a list, with what stands in them. None: any element, each a mapping from its name.
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
_ATTRIBUTES = frozenset({"bom-ref", "type", "serialNumber", "ref", "tagId", "alg", "flow"})


class _Node:
    """An element: its name, attributes, elements in it and text."""

    __slots__ = ("attributes", "items", "name", "texts")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.items: list[_Node] = []
        self.texts: list[str] = []


def read_xml(path: Path, log: Log) -> Document:
    """Read a document.

    Raises
    ------
    FormatError
        The file is no well-formed XML, names entities, nests too deeply, or is no bill of materials.
    """
    reader = _Reader(path)
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            reader.feed(piece, final=False)
        reader.feed(b"", final=True)
    root = reader.root
    if root is None:
        raise _no_bill(path, "it is empty")
    if reader.foreign:
        log.leave("elements of other XML namespaces", reader.foreign)
    body = _mapping(root)
    return Document(body, reader.version, xpath)


class _Reader:
    """Builds the tree from the events of the parser."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root: _Node | None = None
        self.version = ""
        self.foreign = 0
        self.locals: dict[str, str] = {}
        self.stack: list[_Node | None] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def feed(self, piece: bytes, *, final: bool) -> None:
        try:
            self.parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise FormatError(
                f"the XML is not well formed: {expat.errors.messages[error.code]}.",
                where=f"{self.path}, line {error.lineno}",
                hint="It may have been cut off: write or fetch it again.",
            ) from error

    def _refuse(self, *_: object) -> None:
        raise FormatError(
            "the file has a document type declaration, which could name entities; it is not opened.",
            where=f"{self.path}, line {self.parser.CurrentLineNumber}",
            hint="A bill of materials in XML needs none: take the declaration out.",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        stack = self.stack
        if self.root is None:
            self._open(name)
        elif len(stack) >= MAX_DEPTH:
            raise FormatError(
                f"the elements nest more than {MAX_DEPTH} deep: no bill of materials does.",
                where=f"{self.path}, line {self.parser.CurrentLineNumber}",
            )
        local = self.locals.get(name)
        if local is None:
            space, _, local = name.rpartition(" ")
            self.locals[name] = local = local if _SPACE.fullmatch(space) else ""
        if not local or (stack and stack[-1] is None):
            self.foreign += 1
            stack.append(None)
            return
        node = _Node(local, attributes)
        if self.root is None:
            self.root = node
        elif (parent := stack[-1]) is not None:
            parent.items.append(node)
        stack.append(node)

    def _open(self, name: str) -> None:
        """Learn the version from the first element, or refuse the file."""
        space, _, local = name.rpartition(" ")
        found = _SPACE.fullmatch(space)
        if local != "bom" or found is None:
            raise _no_bill(self.path, f"its first element is “{local[:40]}” of “{space[:80]}”")
        self.version = found[1]

    def _end(self, _: str) -> None:
        self.stack.pop()

    def _text(self, data: str) -> None:
        if self.stack and (node := self.stack[-1]) is not None:
            node.texts.append(data)


def _no_bill(path: Path, why: str) -> FormatError:
    return FormatError(
        f"this is no CycloneDX bill of materials: {why}.",
        where=str(path),
        hint=f"In XML its first element is `bom` of the namespace {NAMESPACE}1.x.",
    )


def _value(node: _Node) -> Any:
    """Return an element as JSON has it."""
    name = node.name
    if not node.items and not node.attributes and name not in _ITEMS:
        text = "".join(node.texts).strip()
        return text in _TRUE if name in _FLAGS else text
    if name in _CHOICES:
        return [_choice(item) for item in node.items]
    if name == "dependencies":
        return [_dependency(item) for item in node.items]
    inner = _ITEMS.get(name)
    if inner is not None and not any(item.name != inner for item in node.items):
        return [_value(item) for item in node.items]
    return _mapping(node)


def _mapping(node: _Node) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for key, value in node.attributes.items():
        local = key.rpartition(" ")[2]
        body[local] = value in _TRUE if local in _FLAGS else value
    for item in node.items:
        key, inner = _RENAMED.get(item.name, item.name), _value(item)
        if key in body:
            held = body[key]
            body[key] = [*held, inner] if isinstance(held, list) else [held, inner]
        else:
            body[key] = inner
    if node.name in _INNER:
        body[_INNER[node.name]] = "".join(node.texts).strip()
    return body


def _choice(node: _Node) -> Any:
    """Return an item of a list whose items have several names, as JSON tells them apart."""
    body = _value(node)
    if node.name == "license":
        return {"license": body}
    if node.name == "expression" and isinstance(body, str):
        return {"expression": body}
    if node.name == "dataflow" and isinstance(body, dict) and isinstance(body.get("classification"), dict):
        return {**body, **body["classification"]}
    return body


def _dependency(node: _Node) -> Any:
    """Return an entry of the list of dependencies, or what a composition refers to."""
    body: dict[str, Any] = {"ref": node.attributes.get("ref")}
    for key, name in (("dependsOn", "dependency"), ("provides", "provides")):
        refs = [item.attributes.get("ref") for item in node.items if item.name == name]
        if refs:
            body[key] = refs
    return body


def xpath(pointer: str) -> str:
    """Return the XPath of the element (or attribute) of which the JSON has this pointer."""
    before, separator, part = pointer.rpartition("/")
    return _step(_path(before), part)[0] if separator else "/bom"


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
