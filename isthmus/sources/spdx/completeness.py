"""How complete a document says that its lists are: NONE and NOASSERTION (SPDX 2), completeness (SPDX 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from isthmus.sources.claim_rows import Said, pairs
from isthmus.sources.spdx.document import NO_ASSERTION, NONE, Relation
from isthmus.sources.spdx.relations import PARTS, Rule

_WORDS = {
    "complete": "complete",
    "incomplete": "incomplete",
    "noAssertion": "unknown",
    NONE: "complete",
    NO_ASSERTION: "unknown",
}
_WEAKEST = ("incomplete", "unknown", "complete")


@dataclass(slots=True)
class Lists:
    """What is said of each list: the things that one thing needs, or that it has as parts."""

    heard: dict[tuple[str, str], list[tuple[str, str, Relation]]] = field(default_factory=dict)

    def hear(self, relation: Relation, rule: Rule, entity: Callable[[str], str]) -> bool:
        """Take note of what a relationship says of the list of its first end; tell whether it says anything."""
        if rule.predicate not in PARTS or rule.turned:
            return False
        told = relation.completeness
        if told not in _WORDS:
            told = next((word for word in (NONE, NO_ASSERTION) if word in relation.targets), None)
        if told is not None:
            key = entity(relation.source), PARTS[rule.predicate]
            self.heard.setdefault(key, []).append((_WORDS[told], told, relation))
        return told is not None

    def claims(self) -> Iterator[Said]:
        """Yield one claim for each list; where its relationships differ, the list is what the weakest of them says."""
        for (subject, scope), told in self.heard.items():
            words = {word for word, _, _ in told}
            value = next(word for word in _WEAKEST if word in words)
            relation = next(relation for word, _, relation in told if word == value)
            given = {raw for _, raw, _ in told}
            by_type = sorted({f"{item.type} {raw}" for _, raw, item in told})
            reading = ", ".join(by_type) if len(given) > 1 else given.pop()
            told_pairs = pairs(scope=scope, reading=reading)
            yield Said(relation.line, subject, "completeness", relation.place, value=value, qualifiers=told_pairs)
