"""What a document says, as claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from isthmus.errors import ValueFormatError
from isthmus.identifiers import Identifier
from isthmus.sources.bods.values import slug
from isthmus.sources.claim_rows import Said, pairs
from isthmus.sources.spdx.completeness import Lists
from isthmus.sources.spdx.document import (
    DOCUMENT,
    FILE,
    LICENCE,
    NO_ASSERTION,
    NONE,
    PACKAGE,
    TOOL,
    Document,
    Element,
    Relation,
)
from isthmus.sources.spdx.names import canonical_purl, entity_id, split_iri
from isthmus.sources.spdx.relations import LICENCES, PARTS, Rule, rule_of, strength_of, why_left

_A_FILE = "a file"


@dataclass(slots=True)
class Count:
    """What a document holds and what became of it.

    Attributes
    ----------
    relations, mapped, left : int
        Relationships; those of which one end or more made a claim, or that say how complete a list is; those that
        made none on purpose. What remains is of a thing with itself.
    of_files : int
        Needs of files or for files, which are left out where files are.
    """

    packages: int = 0
    files: int = 0
    relations: int = 0
    mapped: int = 0
    left: int = 0
    selves: int = 0
    of_files: int = 0


@dataclass(slots=True)
class DocumentClaims:
    """The claims of one document.

    Attributes
    ----------
    files : bool
        Make each file a thing of its own.
    """

    document: Document
    files: bool
    count: Count = field(default_factory=Count)
    lists: Lists = field(default_factory=Lists)
    _ids: dict[str, str] = field(default_factory=dict)
    _met: set[str] = field(default_factory=set)
    _named: set[str] = field(default_factory=set)
    _said: set[tuple[str, str, str, str | None]] = field(default_factory=set)

    def claims(self) -> Iterator[Said]:
        """Yield the claims: things first, then relations, then what is said of the completeness of lists."""
        document = self.document
        for element in document.elements.values():
            self.count.packages += element.type == PACKAGE
            self.count.files += element.type == FILE
            if element.type == PACKAGE or (element.type == FILE and self.files):
                yield from self._thing(element)
            elif element.type == FILE:
                document.log.leave("files: a file is a thing of its own only with --as spdx-files")
        for relation in document.relations:
            self.count.relations += 1
            yield from self._relation(relation)
        for relation in document.implied:
            yield from self._ends(relation, counted=False)
        yield from self.lists.claims()
        yield from self._suppliers()

    def entity(self, own: str) -> str:
        """Return the id of the thing that an id of the document names."""
        if own not in self._ids:
            self._ids[own] = self._find(own)
        return self._ids[own]

    def _find(self, own: str) -> str:
        element = self.document.elements.get(own)
        for purl in element.purls if element else ():
            if canonical := canonical_purl(purl):
                return f"purl:{canonical}"
        return entity_id(*self._address(own))

    def _address(self, own: str) -> tuple[str, str]:
        """Return the name space and the name in it of an id."""
        if self.document.major != 2:
            return split_iri(own)
        reference, colon, local = own.partition(":")
        space = self.document.external.get(reference) if colon else None
        return (space, local) if space else (self.document.namespace, own)

    def _thing(self, element: Element) -> Iterator[Said]:
        line, place, own = element.line, element.place, self.entity(element.id)
        if own in self._met:
            self.document.log.note("packages with the package URL of another: one thing", element.id)
        self._met.add(own)
        yield Said(line, own, "kind", f"{place}#type", value=element.kind)
        if element.name:
            yield Said(line, own, "name", f"{place}#name", value=element.name)
        if element.version and not own.endswith(f"@{element.version}"):
            told = pairs(aspect="technical", scope="version")
            yield Said(line, own, "described_as", f"{place}#version", value=element.version, qualifiers=told)
        yield from self._identifiers(element, own)
        for how, expression in element.licences:
            told = pairs(aspect="other", scope="licence", reading=how)
            yield Said(line, own, "described_as", f"{place}#license-{how}", value=expression, qualifiers=told)
        if element.files_analysed is False:
            told = pairs(aspect="technical", scope="files")
            yield Said(line, own, "described_as", f"{place}#filesAnalyzed", value="files not analysed", qualifiers=told)

    def _identifiers(self, element: Element, own: str) -> Iterator[Said]:
        line, log = element.line, self.document.log
        for purl in element.purls:
            if canonical := canonical_purl(purl):
                yield Said(line, own, "identifier", f"{element.place}#purl", value=canonical, qualifiers="scheme=purl")
            else:
                log.note("package URLs that are none: not used", f"{element.id} “{purl[:80]}”")
        for cpe in element.cpes:
            try:
                value = Identifier.parse("cpe", cpe).value
            except ValueFormatError:
                log.note("CPE names that are none: not used", f"{element.id} “{cpe[:80]}”")
                continue
            yield Said(line, own, "identifier", f"{element.place}#cpe", value=value, qualifiers="scheme=cpe")
        for digest in element.sha256:
            yield Said(line, own, "identifier", f"{element.place}#sha256", value=digest, qualifiers="scheme=sha256")
        if own.startswith("purl:") and (iri := self._iri(element.id)):
            # Other documents refer to the thing by this address.
            yield Said(line, own, "identifier", f"{element.place}#id", value=iri, qualifiers="scheme=url")

    def _iri(self, own: str) -> str | None:
        """Return the address of a thing in the world of SPDX documents."""
        if self.document.major != 2:
            return own if "://" in own else None
        space, local = self._address(own)
        return f"{space}#{local}" if "://" in space else None

    def _relation(self, relation: Relation) -> Iterator[Said]:
        log, major = self.document.log, self.document.major
        if major != 2 and relation.type in LICENCES:
            yield from self._licence(relation)
            return
        rule = rule_of(major, relation.type)
        if rule is None:
            self._leave(why_left(major, relation.type))
            return
        selves = self.count.selves
        before = len(self._said)
        listed = self.lists.hear(relation, rule, self.entity) if self._takes(relation.source) else False
        outcomes = list(self._ends(relation, counted=True))
        yield from outcomes
        if listed or outcomes or len(self._said) > before:
            self.count.mapped += 1
        elif self.count.selves == selves:
            self.count.left += 1
            if not relation.targets:
                log.leave("relationships without a second end")

    def _leave(self, reason: str) -> None:
        self.document.log.leave(reason)
        self.count.left += 1

    def _ends(self, relation: Relation, *, counted: bool) -> Iterator[Said]:
        """Yield the claims of a relationship, one for each second end."""
        rule = rule_of(self.document.major, relation.type)
        log = self.document.log
        if rule is None:
            return
        for target in relation.targets:
            if target in (NONE, NO_ASSERTION):
                if rule.predicate not in PARTS or rule.turned:
                    log.leave(f"relationships {relation.type} with {target}")
            elif relation.source == target:
                self.count.selves += counted
                log.note("relationships of a thing with itself: no claim", f"{relation.place} {target}".strip())
            elif blocked := self._blocked(relation.source, target, rule):
                if counted:
                    log.leave(f"relationships {relation.type} with {blocked}")
                    self.count.of_files += blocked == _A_FILE and rule.predicate == "uses"
            else:
                yield from self._claim(relation, target, rule, counted=counted)

    def _claim(self, relation: Relation, target: str, rule: Rule, *, counted: bool) -> Iterator[Said]:
        subject, object_ = (target, relation.source) if rule.turned else (relation.source, target)
        one, other = self.entity(subject), self.entity(object_)
        reading = f"SPDX {relation.type}" if rule.said else None
        told = pairs(strength=strength_of(rule, relation.scope), relation=rule.relation, reading=reading)
        key = (one, rule.predicate, other, told)
        if key in self._said or one == other:
            if counted:
                again = "of things with one and the same identifier" if one == other else "said twice"
                self.document.log.leave(f"relationships {again}")
            return
        self._said.add(key)
        for end in (subject, object_):
            yield from self._mention(end, relation)
        yield Said(relation.line, one, rule.predicate, relation.place, object=other, qualifiers=told)

    def _takes(self, own: str) -> bool:
        element = self.document.elements.get(own)
        return element is None or element.type in (PACKAGE, TOOL) or (element.type == FILE and self.files)

    def _blocked(self, source: str, target: str, rule: Rule) -> str | None:
        """Return what an end is, where it is no thing that such a claim can be about."""
        subject = target if rule.turned else source
        for own in (source, target):
            element = self.document.elements.get(own)
            if element is None or self._takes(own):
                continue
            if element.type == DOCUMENT and own == subject and rule.predicate in ("concerns", "contains"):
                continue
            return _A_FILE if element.type == FILE else f"an element {element.word or element.type}"
        return None

    def _mention(self, own: str, relation: Relation) -> Iterator[Said]:
        """Say what a thing is that has no description of its own: a document, a tool, a thing of another document."""
        if own in self._named:
            return
        self._named.add(own)
        element, log = self.document.elements.get(own), self.document.log
        entity = self.entity(own)
        if element is None:
            outside = own in self.document.external or own.partition(":")[0] in self.document.external
            if outside and (iri := self._iri(own)):
                log.note("things of other documents: known by their address only", own)
                yield Said(relation.line, entity, "identifier", relation.place, value=iri, qualifiers="scheme=url")
            elif not outside:
                log.note("things that the document names and does not describe: kept, without a name", own)
        elif element.type in (DOCUMENT, TOOL):
            kind = "document" if element.type == DOCUMENT else "software"
            yield Said(element.line, entity, "kind", f"{element.place}#type", value=kind)
            if element.name:
                yield Said(element.line, entity, "name", f"{element.place}#name", value=element.name)

    def _licence(self, relation: Relation) -> Iterator[Said]:
        if not self._takes(relation.source) or relation.source not in self.document.elements:
            self._leave(f"relationships {relation.type} with {_A_FILE}")
            return
        found = [expression for target in relation.targets if (expression := self._expression(target))]
        if not found:
            self._leave(f"relationships {relation.type} that name no licence")
            return
        self.count.mapped += 1
        told = pairs(aspect="other", scope="licence", reading=LICENCES[relation.type])
        for expression in found:
            one = self.entity(relation.source)
            yield Said(relation.line, one, "described_as", relation.place, value=expression, qualifiers=told)

    def _expression(self, own: str) -> str | None:
        element = self.document.elements.get(own)
        told = element.name if element is not None and element.type == LICENCE else None
        return NONE if own == NONE else None if told == NO_ASSERTION else told

    def _suppliers(self) -> Iterator[Said]:
        """Say who supplies and who develops; what the document describes is what a supplier's package goes into."""
        described = self._described()
        for element in self.document.elements.values():
            if element.type != PACKAGE:
                continue
            own = self.entity(element.id)
            for role, key, name in element.organisations:
                agent = entity_id(*split_iri(key)) if key else entity_id(self.document.namespace, f"org-{slug(name)}")
                place = f"{element.place}#{role}"
                if agent not in self._named:
                    self._named.add(agent)
                    yield Said(element.line, agent, "kind", place, value="organization")
                    yield Said(element.line, agent, "name", place, value=name)
                if role == "originator":
                    yield Said(element.line, agent, "develops", place, object=own)
                    continue
                wholes = [whole for whole in described if whole != own]
                for whole in wholes:
                    yield Said(element.line, agent, "supplies", place, object=whole, qualifiers=pairs(item=own))
                if not wholes:
                    yield Said(element.line, agent, "operates", place, object=own, qualifiers=pairs(role="distributor"))

    def _described(self) -> list[str]:
        """Return the packages that the document is about."""
        found: dict[str, None] = {}
        for relation in (*self.document.relations, *self.document.implied):
            rule = rule_of(self.document.major, relation.type)
            if rule is None or rule.predicate != "concerns":
                continue
            for end in [relation.source] if rule.turned else relation.targets:
                element = self.document.elements.get(end)
                if element is not None and element.type == PACKAGE:
                    found[self.entity(end)] = None
        return list(found)
