"""What meets a need: the packages that it names, and those that provide what it names (Debian policy, 7.1 and 7.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from isthmus.sources.debian.package import Package
from isthmus.sources.log import Log

_NAME = re.compile(
    r"([a-zA-Z0-9][a-zA-Z0-9+.\-_]*)(?::[a-zA-Z0-9-]+)?\s*(\([^()]*\))?\s*(?:\[[^\[\]]*\])?\s*(?:<[^<>]*>\s*)*"
)


class Alternative(NamedTuple):
    """A package that meets a need; `reading` says how, where the need does not name it."""

    name: str
    reading: str | None = None


class Answer(NamedTuple):
    """What meets a need.

    Attributes
    ----------
    alternatives : tuple of Alternative
        Packages of the index.
    absent : tuple of str
        Names of the need that no package of the index has or provides.
    loose : bool
        Whether one of the alternatives provides without a version what the need names with one.
    """

    alternatives: tuple[Alternative, ...]
    absent: tuple[str, ...]
    loose: bool = False


def clauses(text: str) -> Iterator[str]:
    """Yield the needs of a field, each as it stands."""
    for clause in text.split(","):
        said = " ".join(clause.split())
        if said:
            yield said


def names_of(clause: str) -> list[tuple[str, bool]] | None:
    """Return the names of a need, each with whether a version is asked of it; None where it cannot be read."""
    found = []
    for text in clause.split("|"):
        match = _NAME.fullmatch(text.strip())
        if match is None:
            return None
        found.append((match[1], match[2] is not None))
    return found


@dataclass(slots=True)
class Index:
    """The names that the packages of an index have, and what they provide; each need is resolved once."""

    packages: frozenset[str]
    provided: dict[str, dict[str, bool]]
    answers: dict[str, Answer | None] = field(default_factory=dict)

    @classmethod
    def of(cls, packages: Iterable[Package], log: Log) -> Index:
        """Learn what packages there are and what each provides, with or without a version."""
        names: set[str] = set()
        provided: dict[str, dict[str, bool]] = {}
        for package in packages:
            names.add(package.name)
            for clause in clauses(package.relations.get("Provides", "")):
                found = names_of(clause)
                if found is None or len(found) != 1:
                    log.refuse(package.line, f"{package.name}, Provides", f"“{clause[:80]}” is no name")
                    continue
                ((name, versioned),) = found
                holders = provided.setdefault(name, {})
                holders[package.name] = versioned or holders.get(package.name, False)
        return cls(frozenset(names), provided)

    def resolve(self, clause: str) -> Answer | None:
        """Return what meets a need, None where it cannot be read."""
        if clause not in self.answers:
            self.answers[clause] = self._resolve(clause)
        return self.answers[clause]

    def _resolve(self, clause: str) -> Answer | None:
        named = names_of(clause)
        if named is None:
            return None
        found: dict[str, Alternative] = {}
        absent, loose = [], False
        for name, _ in named:
            if name in self.packages:
                found[name] = Alternative(name)
        for name, versioned in named:
            holders = self.provided.get(name, {})
            for holder, says in holders.items():
                if holder not in found:
                    silent = versioned and not says
                    loose = loose or silent
                    found[holder] = Alternative(holder, f"provides {name}" + (", without a version" if silent else ""))
            if name not in self.packages and not holders and name not in absent:
                absent.append(name)
        return Answer(tuple(found.values()), tuple(absent), loose)
