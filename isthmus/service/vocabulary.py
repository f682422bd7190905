"""Explain the vocabulary."""

from __future__ import annotations

import difflib
from typing import Any

from isthmus.errors import VocabularyError
from isthmus.vocabulary import Kind, Predicate, Qualifier, Vocabulary, load_vocabulary


def explain(term: str | None = None) -> dict[str, Any]:
    """Return the whole vocabulary in short, or one term in full.

    Raises
    ------
    VocabularyError
        There is no such term; near ones are named.
    """
    vocabulary = load_vocabulary()
    if term is None:
        return {
            "version": vocabulary.version,
            "kinds": {name: kind.means for name, kind in vocabulary.kinds.items()},
            "predicates": {
                name: {"group": body.group, "means": body.means} for name, body in vocabulary.predicates.items()
            },
            "qualifiers": {name: body.means for name, body in vocabulary.qualifiers.items()},
            "units": {name: list(units) for name, units in vocabulary.units.items()},
            "modes": list(vocabulary.modes),
            "stances": list(vocabulary.stances),
        }
    found = [
        part
        for part in (
            _predicate(vocabulary, term),
            _kind(vocabulary, term),
            _qualifier(vocabulary, term),
            _unit(vocabulary, term),
        )
        if part
    ]
    if found:
        return {"term": term, "version": vocabulary.version, "meanings": found}
    known = [*vocabulary.predicates, *vocabulary.kinds, *vocabulary.qualifiers, *vocabulary.units]
    near = difflib.get_close_matches(term, known, 3, 0.5)
    raise VocabularyError(
        f"there is no term “{term}” in the vocabulary.",
        hint=f"Did you mean {' or '.join(near)}?" if near else "`isthmus vocabulary` lists every term.",
    )


def _predicate(vocabulary: Vocabulary, term: str) -> dict[str, Any] | None:
    body: Predicate | None = vocabulary.predicates.get(term)
    if body is None:
        return None
    return {
        "is": "predicate",
        "name": body.name,
        "means": body.means,
        "group": body.group,
        "subject": list(body.subject),
        "object": list(body.object),
        "value": list(body.value) if isinstance(body.value, tuple) else body.value,
        "units": {family: list(vocabulary.units[family]) for family in body.families},
        "needs": list(body.need),
        "qualifiers": {name: vocabulary.qualifiers[name].means for name in (*body.qualifiers, *vocabulary.common)},
        "inverse": body.inverse,
        "sentence": body.sentence,
        "lone_date_means": body.date,
        "flags": sorted(body.flags),
        "conflict": {"rule": body.conflict.rule, "key": list(body.conflict.key)},
        "maps": dict(body.maps),
    }


def _kind(vocabulary: Vocabulary, term: str) -> dict[str, Any] | None:
    body: Kind | None = vocabulary.kinds.get(term)
    if body is None:
        return None
    return {
        "is": "kind",
        "name": body.name,
        "means": body.means,
        "broader": body.broader,
        "narrower": [name for name, kind in vocabulary.kinds.items() if kind.broader == term],
        "maps": dict(body.maps),
        "subject_of": [
            name
            for name, item in vocabulary.predicates.items()
            if any(vocabulary.is_a(term, kind) for kind in item.subject)
        ],
    }


def _qualifier(vocabulary: Vocabulary, term: str) -> dict[str, Any] | None:
    body: Qualifier | None = vocabulary.qualifiers.get(term)
    if body is None:
        return None
    used = [name for name, item in vocabulary.predicates.items() if term in item.qualifiers]
    return {
        "is": "qualifier",
        "name": body.name,
        "means": body.means,
        "type": body.type,
        "values": list(body.values),
        "open": body.open,
        "used_by": used or ["every predicate"],
    }


def _unit(vocabulary: Vocabulary, term: str) -> dict[str, Any] | None:
    family = term if term in vocabulary.units else vocabulary.family(term)
    if family is None:
        return None
    used = [name for name, item in vocabulary.predicates.items() if family in item.families]
    return {"is": "unit", "name": term, "family": family, "units": list(vocabulary.units[family]), "used_by": used}
