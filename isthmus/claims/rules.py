"""Which combinations of parts a claim may have, decided once for each distinct combination instead of once a row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isthmus.dates import PartialDate
from isthmus.errors import ValueFormatError
from isthmus.model import MARKINGS
from isthmus.vocabulary import Predicate, Vocabulary

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z")
_ENTITY = re.compile(r"[^\s;@=\x00-\x1f]\S*\Z")


@dataclass(frozen=True, slots=True)
class Shape:
    """The parts of a row that are few in kind: what stands in it, not what it says."""

    predicate: str | None
    unit: str | None
    mode: str | None
    stance: str | None
    marking: str | None
    has_object: bool
    has_value: bool
    has_number: bool
    has_qualifiers: bool


def shape_fault(vocabulary: Vocabulary, shape: Shape) -> str | None:
    """Return why rows of this shape cannot be claims, or None."""
    if shape.predicate is None:
        return "the predicate is empty"
    predicate = vocabulary.predicates.get(shape.predicate)
    if predicate is None:
        return f"there is no predicate “{shape.predicate}”"
    if shape.mode is not None and shape.mode not in vocabulary.modes:
        return f"the mode “{shape.mode}” is none of {', '.join(vocabulary.modes)}"
    if shape.stance is not None and shape.stance not in vocabulary.stances:
        return f"the stance “{shape.stance}” is none of {', '.join(vocabulary.stances)}"
    if shape.marking is not None and shape.marking not in MARKINGS:
        return f"the marking “{shape.marking}” is none of {', '.join(MARKINGS)}"
    return _parts_fault(vocabulary, predicate, shape)


def _parts_fault(vocabulary: Vocabulary, predicate: Predicate, shape: Shape) -> str | None:
    name = predicate.name
    if not (shape.has_object or shape.has_value or shape.has_number):
        return "the row has no object, value or number: it says nothing"
    if shape.has_object and not predicate.takes_object:
        return f"“{name}” takes no object"
    if shape.has_value and predicate.value is None:
        return f"“{name}” takes no text value"
    if shape.has_number and not predicate.families:
        return f"“{name}” takes no number"
    if shape.has_number and shape.unit is None:
        return f"a number of “{name}” needs a unit ({', '.join(sorted(vocabulary.allowed_units(predicate))[:8])} …)"
    if shape.unit is not None and shape.unit not in vocabulary.allowed_units(predicate):
        return f"“{name}” cannot be in “{shape.unit}” (allowed: {', '.join(sorted(vocabulary.allowed_units(predicate))[:8])} …)"
    if shape.unit is not None and not (shape.has_number or shape.has_value):
        return f"a unit (“{shape.unit}”) stands without a number or a word for one"
    if (
        not predicate.need
        and not shape.has_object
        and not shape.has_value
        and predicate.takes_object
        and predicate.value is None
    ):
        counted = shape.has_number and name in ("count", "share", "capacity", "amount", "growth", "rank")
        if not counted:
            return f"“{name}” needs an object"
    worded = shape.has_value and predicate.value == "text"  # “dozens” stands where a number would
    given = {"object": shape.has_object, "value": shape.has_value, "number": shape.has_number or worded}
    for part in predicate.need:
        if part in given and not given[part]:
            return f"“{name}” needs a {part}"
        if part not in given and not shape.has_qualifiers:
            return f"“{name}” needs the qualifier “{part}”"
    return None


def value_fault(vocabulary: Vocabulary, predicate: str, value: str) -> str | None:
    """Return why `value` is not in the closed list of `predicate`, or None."""
    rule = vocabulary.predicates[predicate].value
    if rule == "kinds":
        return None if value in vocabulary.kinds else f"there is no kind “{value}” in the vocabulary"
    if isinstance(rule, tuple) and value not in rule:
        return f"“{value}” is not a value of “{predicate}” ({', '.join(rule)})"
    return None


@dataclass(frozen=True, slots=True)
class Qualifiers:
    """The qualifiers of a claim in canonical form, with the entities that they name."""

    canonical: str
    pairs: tuple[tuple[str, str], ...]
    entities: tuple[str, ...]


def parse_qualifiers(vocabulary: Vocabulary, predicate: str, text: str) -> Qualifiers | str:
    """Parse ``key=value; key=@entity``; return the fault in words where it breaks a rule."""
    body = vocabulary.predicates[predicate]
    allowed = vocabulary.allowed_qualifiers(body)
    pairs: dict[str, str] = {}
    entities: list[str] = []
    for part in text.split(";"):
        key, separator, value = (piece.strip() for piece in part.partition("="))
        if not key and not value:
            continue
        if not separator or not key or not value:
            return f"the qualifier “{part.strip()}” is not of the form key=value"
        if key not in allowed:
            return f"“{predicate}” has no qualifier “{key}” (allowed: {', '.join(sorted(allowed))})"
        if key in pairs:
            return f"the qualifier “{key}” stands twice"
        fault = _qualifier_fault(vocabulary, key, value)
        if fault:
            return fault
        if value.startswith("@"):
            entities.append(value[1:])
        pairs[key] = value
    missing = [part for part in body.need if part not in ("object", "value", "number") and part not in pairs]
    if missing:
        return f"“{predicate}” needs the qualifier “{missing[0]}”"
    ordered = tuple(sorted(pairs.items()))
    return Qualifiers("; ".join(f"{key}={value}" for key, value in ordered), ordered, tuple(entities))


def _qualifier_fault(vocabulary: Vocabulary, key: str, value: str) -> str | None:
    qualifier = vocabulary.qualifiers[key]
    if value.startswith("@"):
        if not qualifier.takes_entity:
            return f"the qualifier “{key}” takes no entity"
        return None if _ENTITY.match(value[1:]) else f"“{value}” is not an entity id"
    if qualifier.type == "entity":
        return f"the qualifier “{key}” takes an entity, written @id; “{value}” is not one"
    if qualifier.type == "code" and not qualifier.open and value not in qualifier.values:
        return f"“{value}” is not a value of the qualifier “{key}” ({', '.join(qualifier.values)})"
    if qualifier.type == "number" and not _NUMBER.match(value):
        return f"the qualifier “{key}” takes a number; “{value}” is not one"
    if qualifier.type == "date":
        fault = date_fault(value)
        return f"the qualifier “{key}”: {fault}" if fault else None
    return None


def date_fault(text: str) -> str | None:
    """Return why `text` is not a partial date, or None."""
    try:
        PartialDate.parse(text)
    except ValueFormatError as error:
        return error.message
    return None


def entity_fault(entity: str) -> str | None:
    """Return why `entity` cannot be an entity id, or None."""
    return (
        None
        if _ENTITY.match(entity)
        else f"“{entity}” is not an entity id: ids have no blanks and do not begin with @, ; or ="
    )
