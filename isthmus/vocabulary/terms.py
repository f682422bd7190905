"""The terms of the vocabulary: kinds, predicates, qualifiers and units as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """What a thing is. `broader` names the kind that includes it."""

    name: str
    means: str
    broader: str | None
    maps: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A detail of one claim: its type and, for codes, the closed list of values."""

    name: str
    means: str
    type: str
    values: tuple[str, ...]
    open: bool

    @property
    def takes_entity(self) -> bool:
        """Whether a value may be an entity, written ``@id``."""
        return self.type in ("entity", "entity_or_text")


@dataclass(frozen=True, slots=True)
class ConflictRule:
    """Which two claims with this predicate cannot both hold.

    `rule` is one of *one, one_start, one_subject, sum<=1, cycle, stance*; `key` lists the qualifiers (or ``object``,
    ``value``) that make claims different.
    """

    rule: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Predicate:
    """What a claim may say, with the rules for its parts."""

    name: str
    means: str
    group: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    value: str | tuple[str, ...] | None
    families: tuple[str, ...]
    need: tuple[str, ...]
    qualifiers: tuple[str, ...]
    inverse: str | None
    sentence: str
    date: str
    flags: frozenset[str]
    conflict: ConflictRule
    maps: Mapping[str, str]

    @property
    def takes_object(self) -> bool:
        """Whether a claim with this predicate may have an object."""
        return bool(self.object)

    @property
    def symmetric(self) -> bool:
        """Whether the relation reads the same both ways."""
        return "symmetric" in self.flags
