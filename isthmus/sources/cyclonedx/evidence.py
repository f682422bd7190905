"""How sure a document is of the identity of its components."""

from __future__ import annotations

import re
from typing import Any

from isthmus.sources.cyclonedx.index import Bom
from isthmus.sources.cyclonedx.record import Item
from isthmus.sources.cyclonedx.values import length, listed, text_of
from isthmus.sources.log import Log

_IDENTITY = frozenset({"field", "confidence", "methods"})
WORDS = "identity confidence "
_CERTAIN = re.compile(r"1(\.0*)?")


class Doubts:
    """The confidence in the fields of one component; what no claim takes up is counted."""

    __slots__ = ("held",)

    def __init__(self, held: dict[str, str]) -> None:
        self.held = held

    def take(self, field: str) -> str | None:
        """Return the words for the doubt about a field, once."""
        return self.held.pop(field, None) if self.held else None

    def count(self, log: Log) -> None:
        """Count what was not taken up."""
        for field in self.held:
            log.leave(f"evidence, confidence in a field that makes no claim: {field[:40]}")


def read_evidence(bom: Bom, item: Item) -> Doubts:
    """Return the confidence in each field that the evidence names."""
    evidence = item.body.get("evidence")
    if not isinstance(evidence, dict):
        return Doubts({})
    held: dict[str, str] = {}
    for key, value in evidence.items():
        if key != "identity" and value:
            bom.log.leave(f"evidence {key[:40]}: no predicate", length(value))
    for number, one in enumerate(listed(evidence.get("identity"))):
        if not isinstance(one, dict) or not isinstance(one.get("field"), str):
            bom.refuse(item.line, f"{item.pointer}/evidence/identity/{number}", "the evidence names no field")
            continue
        bom.log.leave_others("evidence of identity, field", one, _IDENTITY)
        for method in listed(one.get("methods")):
            if isinstance(method, dict):
                bom.log.leave_others("evidence of identity, method", method, ("technique",))
        told = [text for method in listed(one.get("methods")) if (text := _technique(method))]
        sure = _confidence(one.get("confidence"))
        words = f"{WORDS}{sure or 'not said'}" + (f" by {', '.join(dict.fromkeys(told))}" if told else "")
        if sure is None and not told:
            bom.log.leave("evidence of identity without a confidence")
        elif sure is not None and _CERTAIN.fullmatch(sure):
            bom.log.leave("evidence of identity of full confidence: no doubt")
        elif one["field"] in held:
            bom.log.leave("evidence of identity, further ones for a field")
        else:
            held[one["field"]] = words
    return Doubts(held)


def _technique(method: Any) -> str | None:
    return text_of(method.get("technique")) if isinstance(method, dict) else None


def _confidence(value: Any) -> str | None:
    """Return a confidence as it was written."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return format(value, "g")
    return text_of(value)
