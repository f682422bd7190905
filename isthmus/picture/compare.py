"""What changed between two pictures of one store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from isthmus.picture.picture import Picture


@dataclass(frozen=True, slots=True)
class Difference:
    """Claims, relations and conclusions that were added, removed or changed."""

    claims: dict[str, Any] = field(default_factory=dict)
    relations: dict[str, Any] = field(default_factory=dict)
    conclusions: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the difference as JSON values."""
        return {"claims": self.claims, "relations": self.relations, "conclusions": self.conclusions}


def compare(before: Picture, after: Picture, *, limit: int = 200) -> Difference:
    """Compare two pictures of one store."""
    empty: dict[str, Any] = {"added": [], "removed": [], "changed": []}
    return Difference(dict(empty), dict(empty), dict(empty))
