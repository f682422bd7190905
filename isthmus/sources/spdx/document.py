"""A document of any version and shape, as far as it is read: its elements and the relations between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from isthmus.sources.log import Log

DOCUMENT, PACKAGE, FILE, TOOL, LICENCE, OTHER = "document", "package", "file", "tool", "licence", "other"
NONE, NO_ASSERTION = "NONE", "NOASSERTION"


@dataclass(slots=True)
class Element:
    """One thing of a document.

    Attributes
    ----------
    line : int
        The line (tag-value), or the place in its list (JSON), from 1.
    place : str
        A JSON pointer, or the line, and the id: what locators begin with.
    type : str
        One of the words above.
    word : str
        The type in the document's words.
    organisations : list of (role, id, name)
        Suppliers and originators that are organisations.
    licences : list of (how, expression)
        As ``declared`` and as ``concluded``.
    """

    line: int
    place: str
    id: str
    type: str
    word: str = ""
    name: str | None = None
    kind: str = "software"
    version: str | None = None
    purls: list[str] = field(default_factory=list)
    cpes: list[str] = field(default_factory=list)
    sha256: list[str] = field(default_factory=list)
    organisations: list[tuple[str, str, str]] = field(default_factory=list)
    licences: list[tuple[str, str]] = field(default_factory=list)
    files_analysed: bool | None = None


@dataclass(slots=True)
class Relation:
    """One relationship: a type between an element and one or more others.

    Attributes
    ----------
    scope : str or None
        SPDX 3: the part of the life cycle in which it holds.
    completeness : str or None
        SPDX 3: complete, incomplete or noAssertion.
    """

    line: int
    place: str
    source: str
    type: str
    targets: list[str]
    scope: str | None = None
    completeness: str | None = None


@dataclass(slots=True)
class Document:
    """A document.

    Attributes
    ----------
    version : str
        ``2.2``, ``2.3`` or ``3.0.1``, say.
    publishers : list of str
        Organisations that drew it up.
    implied : list of Relation
        Relations that the document says by other means than a relationship (SPDX 2.2: documentDescribes, hasFiles).
    external : dict
        SPDX 2: the name space of each document that is referred to. SPDX 3: the ids that are defined elsewhere.
    """

    version: str
    namespace: str
    id: str
    log: Log
    name: str | None = None
    created: str | None = None
    publishers: list[str] = field(default_factory=list)
    elements: dict[str, Element] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    implied: list[Relation] = field(default_factory=list)
    external: dict[str, str] = field(default_factory=dict)

    @property
    def major(self) -> int:
        """The version's first number, which decides what a type of relationship is called."""
        return int(self.version.partition(".")[0])

    def add(self, element: Element) -> bool:
        """Take an element; refuse a second one of the same id."""
        if element.id in self.elements:
            self.log.refuse(element.line, element.place, f"the id “{element.id}” stands twice; the first is read")
            return False
        self.elements[element.id] = element
        return True
