"""What the draft of version 2.0 does otherwise: names of things, inventories, choices between parts.

Read after the branch 2.0-dev of the specification as it stood in September 2026, in both shapes that it had: what a bill is of in
``metadata`` and its parts beside it, or in ``inventories`` that name their subject; ``bom-ref`` or ``refId``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from isthmus.sources.cyclonedx.codes import load_codes
from isthmus.sources.cyclonedx.record import Fact
from isthmus.sources.cyclonedx.values import is_number, length, listed, text_of
from isthmus.sources.log import Log

CHOICE = "component-choice"
REF = "bom-ref"
_OLD_REF = "refId"
_READ = frozenset({"components", "parties"})
"""What is read of the definitions."""
_INVENTORY = frozenset({"subject", "components", REF})
_HELD = ("category", "subcategory", "codes")


def settle(body: dict[str, Any]) -> None:
    """Call the names of things by one key, in place: the draft had two."""
    stack: list[Any] = [body]
    while stack:
        held = stack.pop()
        if isinstance(held, dict):
            if _OLD_REF in held and REF not in held:
                held[REF] = held.pop(_OLD_REF)
            stack.extend(one for one in held.values() if isinstance(one, (dict, list)))
        else:
            stack.extend(one for one in held if isinstance(one, (dict, list)))


def definitions(body: dict[str, Any], name: str) -> list[Any]:
    """Return what a document defines once to name it in other places."""
    held = body.get("definitions")
    return listed(held.get(name)) if isinstance(held, dict) else []


def reference(part: Any) -> str | None:
    """Return the name of the thing that an entry of a list only names, None where it describes one."""
    if isinstance(part, str):
        return part or None
    ref = part.get("ref") if isinstance(part, dict) and "type" not in part else None
    return ref if isinstance(ref, str) and ref else None


def is_choice(part: Any) -> bool:
    """Tell whether an entry of a list is a choice between parts, or a group of them."""
    return isinstance(part, dict) and part.get("type") == CHOICE


def is_alternative(part: dict[str, Any]) -> bool | None:
    """Tell whether one part of a choice is enough; None where its operator is none."""
    codes, operator = load_codes().draft, part.get("operator")
    if isinstance(operator, str) and operator in codes.alternatives:
        return True
    return False if operator == codes.together else None


def count_rest(body: dict[str, Any], log: Log) -> None:
    """Count what the definitions and the inventories hold beside what is read of them."""
    held = body.get("definitions")
    for key, value in held.items() if isinstance(held, dict) else ():
        if key not in _READ and value not in (None, "", [], {}):
            log.leave(f"definitions {key[:60]}: no predicate", length(value))
    for one in listed(body.get("inventories")):
        for key in one.keys() - _INVENTORY if isinstance(one, dict) else ():
            log.leave(f"inventories field {key[:60]}: no predicate", length(one[key]))


def read_make(line: int, ref: str | None, pointer: str, entity: str, body: dict[str, Any]) -> Iterator[Fact]:
    """Yield what is said of the make of a device or a material, in words: amount, lead time, place on the board, class."""
    for key, words in (
        ("quantity", _amount(body.get("quantity"))),
        ("leadTime", _lead(body.get("leadTime"))),
        ("boardLocation", _board(body.get("boardLocation"))),
        ("materialForm", _named(body.get("materialForm"))),
        ("deviceType", _named(body.get("deviceType"))),
    ):
        if words:
            yield Fact(
                line, ref, f"{pointer}/{key}", entity, "described_as", value=words,
                qualifiers=f"aspect=technical; scope={key}",
            )  # fmt: skip
    held = body.get("classification")
    if not isinstance(held, dict):
        return
    for key in _HELD[:2]:
        if words := text_of(held.get(key)):
            yield Fact(
                line, ref, f"{pointer}/classification/{key}", entity, "described_as", value=words,
                qualifiers=f"aspect=other; scope={key}",
            )  # fmt: skip
    for number, one in enumerate(listed(held.get("codes"))):
        # A code of a tariff or a list is of a class of things: it does not tell two of them apart.
        standard, code = (text_of(one.get(key)) if isinstance(one, dict) else None for key in ("standard", "value"))
        if standard and code:
            yield Fact(
                line, ref, f"{pointer}/classification/codes/{number}", entity, "described_as", value=f"{standard} {code}",
                qualifiers="aspect=other; scope=classification",
            )  # fmt: skip


def count_of(body: dict[str, Any]) -> str | None:
    """Return how many pieces the quantity says, None where it is an amount or none."""
    held = body.get("quantity")
    value = held.get("value") if isinstance(held, dict) and not held.get("unit") else None
    return str(int(value)) if is_number(value) and value >= 1 and value == int(value) else None


def _amount(held: Any) -> str | None:
    if not isinstance(held, dict) or not is_number(held.get("value")) or not (unit := text_of(held.get("unit"))):
        return None
    return f"{held['value']:g} {unit}"


def _lead(held: Any) -> str | None:
    unit = text_of(held.get("unit")) if isinstance(held, dict) else None
    if unit is None or not is_number(held.get("value")):
        return None
    span, seen = held.get("range"), text_of(held.get("observedDate"))
    words = f"{held['value']:g} {unit}"
    if isinstance(span, dict) and is_number(span.get("min")) and is_number(span.get("max")):
        words += f" ({span['min']:g} to {span['max']:g})"
    return words + (f", seen on {seen}" if seen else "")


def _board(held: Any) -> str | None:
    if not isinstance(held, dict):
        return None
    marks = [words for one in listed(held.get("designators")) if (words := text_of(one))]
    more = [f"{key} {words}" for key in ("layer", "subsystem") if (words := text_of(held.get(key)))]
    return "; ".join(filter(None, [", ".join(marks), *more])) or None


def _named(held: Any) -> str | None:
    return text_of(held.get("name")) if isinstance(held, dict) else text_of(held)
