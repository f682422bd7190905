"""Things that are met in several places and said once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from isthmus.sources.claim_rows import Said


@dataclass(slots=True)
class Things:
    """Says what a thing is the first time that it is met."""

    _met: set[str] = field(default_factory=set)

    def meet(self, entity: str, kind: str, name: str | None, place: str, purl: str | None = None) -> Iterator[Said]:
        """Yield the kind, name and package URL of a thing, or nothing where they were said."""
        if entity in self._met:
            return
        self._met.add(entity)
        yield Said(1, entity, "kind", place, value=kind)
        if name:
            yield Said(1, entity, "name", place, value=name)
        if purl:
            yield Said(1, entity, "identifier", place, value=purl, qualifiers="scheme=purl")
