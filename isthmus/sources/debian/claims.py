"""What the packages of an index say as claims, and the count of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from isthmus.sources.claim_rows import Said, pairs
from isthmus.sources.debian.needs import Index, clauses
from isthmus.sources.debian.package import NEEDS, Archive, Package
from isthmus.sources.debian.versions import newest
from isthmus.sources.log import Log

REQUIRED = ("Pre-Depends", "Depends")


@dataclass(slots=True)
class Count:
    """How many packages and needs there are; `needs` and what follows are about required needs.

    Attributes
    ----------
    met, several, unmet : int
        Needs that one package or more meets, that several meet, and that none in the index meets.
    edges : int
        Alternatives of the needs that are met.
    loose : int
        Needs with an alternative that provides without a version what the need names with one.
    """

    packages: int = 0
    needs: int = 0
    met: int = 0
    several: int = 0
    edges: int = 0
    unmet: int = 0
    loose: int = 0
    essential: int = 0
    weaker: Counter[str] = field(default_factory=Counter)


def one_a_name(packages: list[Package], log: Log) -> tuple[list[Package], list[Package]]:
    """Return the newest package of each name in the order of the file, and the others, which say no needs."""
    by_name: dict[str, list[Package]] = {}
    for package in packages:
        by_name.setdefault(package.name, []).append(package)
    kept, others = [], []
    for name, same in by_name.items():
        best = newest([package.version for package in same]) if len(same) > 1 else 0
        kept.append(same[best])
        rest = [package for place, package in enumerate(same) if place != best]
        others += rest
        for package in rest:
            log.note("stanzas of a package that stands there twice: its newest version says what it needs", name)
            if package.relations:
                log.leave("needs of the older stanzas of a package", len(package.relations))
    return kept, others


@dataclass(slots=True)
class IndexClaims:
    """The claims of the packages of one index."""

    archive: Archive
    index: Index
    log: Log
    count: Count = field(default_factory=Count)
    _ids: dict[str, str] = field(default_factory=dict)

    def claims(self, packages: list[Package], others: list[Package]) -> Iterator[Said]:
        """Yield what each package is and needs; `others` are further versions, of which only the identifier is said."""
        for package in packages:
            self.count.packages += 1
            yield from self._being(package)
            yield from self._needs(package)
            yield from self._enhances(package)
        for package in others:
            yield from self._version(package)

    def _id(self, name: str) -> str:
        if name not in self._ids:
            self._ids[name] = self.archive.entity(name)
        return self._ids[name]

    def _being(self, package: Package) -> Iterator[Said]:
        line, name, own = package.line, package.name, self._id(package.name)
        yield Said(line, own, "kind", f"{name}#Package", value="software")
        yield Said(line, own, "name", f"{name}#Package", value=name)
        yield from self._version(package)
        if package.essential:
            self.count.essential += 1
            technical = pairs(aspect="technical")
            yield Said(line, own, "described_as", f"{name}#Essential", value="essential", qualifiers=technical)

    def _version(self, package: Package) -> Iterator[Said]:
        if not package.version:
            return
        own, place = self._id(package.name), f"{package.name}#Version"
        purl = self.archive.purl(package)
        if purl is not None:
            yield Said(package.line, own, "identifier", place, value=purl, qualifiers="scheme=purl")
        else:
            told = pairs(aspect="technical", scope="version")
            yield Said(package.line, own, "described_as", place, value=package.version, qualifiers=told)

    def _needs(self, package: Package) -> Iterator[Said]:
        said: set[str] = set()
        for name, strength in NEEDS.items():
            for clause in clauses(package.relations.get(name, "")):
                if clause in said:
                    self.log.leave("needs that the package has said already")
                    continue
                said.add(clause)
                yield from self._need(package, name, strength, clause)

    def _need(self, package: Package, field_: str, strength: str | None, clause: str) -> Iterator[Said]:
        answer = self.index.resolve(clause)
        place = f"{package.name}#{field_}"
        if answer is None:
            self.log.refuse(package.line, place, f"the need “{clause[:80]}” cannot be read")
            return
        own = self._id(package.name)
        others = [item for item in answer.alternatives if item.name != package.name]
        if len(others) < len(answer.alternatives):
            self.log.note("needs that the package itself meets: it is no alternative to itself", place)
            if not others:
                return
        self._tally(field_, len(others), loose=answer.loose)
        if others:
            if answer.absent:
                self.log.leave("alternatives that no package of the file has or provides", len(answer.absent))
            for item in others:
                told = pairs(need=clause, strength=strength, reading=item.reading)
                yield Said(package.line, own, "uses", place, object=self._id(item.name), qualifiers=told)
            return
        # Nothing here meets it. What it names is kept as a thing without a name, so that the gap shows.
        weight = "needs" if field_ in REQUIRED else "recommended or optional needs"
        self.log.note(f"{weight} that nothing in the file meets: kept, unresolved", f"{place} {clause}")
        for name in answer.absent:
            told = pairs(need=clause, strength=strength)
            yield Said(package.line, own, "uses", place, object=self._id(name), qualifiers=told)

    def _tally(self, field_: str, alternatives: int, *, loose: bool) -> None:
        if field_ not in REQUIRED:
            self.count.weaker[field_] += 1
            return
        self.count.needs += 1
        self.count.met += alternatives > 0
        self.count.unmet += alternatives == 0
        self.count.several += alternatives > 1
        self.count.edges += alternatives
        self.count.loose += loose

    def _enhances(self, package: Package) -> Iterator[Said]:
        """Read “A enhances B” as a weak need of B, said by A."""
        place = f"{package.name}#Enhances"
        for clause in clauses(package.relations.get("Enhances", "")):
            answer = self.index.resolve(clause)
            if answer is None:
                self.log.refuse(package.line, place, f"“{clause[:80]}” cannot be read")
                continue
            self.count.weaker["Enhances"] += 1
            if not answer.alternatives:
                self.log.leave("Enhances: of what the file does not hold")
            for item in answer.alternatives:
                if item.name != package.name:
                    told = pairs(strength="optional", reading="said by what enhances it")
                    yield Said(
                        package.line, self._id(item.name), "uses", place, object=self._id(package.name), qualifiers=told
                    )


def count_notes(count: Count, *, table: bool = False) -> tuple[str, ...]:
    """Return what was counted, in words."""
    weaker = "".join(f"; {number:,} of {name}" for name, number in count.weaker.items())
    told = [
        f"{count.packages:,} packages; {count.needs:,} needs, of which {count.met:,} are met ({count.several:,} by "
        f"several packages; {count.edges:,} alternatives in all) and {count.unmet:,} by nothing in the file{weaker}",
    ]
    if count.essential:
        told.append(f"{count.essential} packages are essential: every other needs them without naming them")
    if count.loose:
        told.append(
            f"{count.loose:,} needs name a version, and one of their alternatives provides the name without one "
            "(Debian's policy would not count it)"
        )
    if table:
        told.append("the table says neither versions nor what packages provide: virtual packages stay unresolved")
    return tuple(told)
