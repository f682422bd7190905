"""Load the vocabulary from its YAML files and check it whole before anyone uses it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from isthmus.errors import VocabularyError
from isthmus.vocabulary.terms import ConflictRule, Kind, Predicate, Qualifier

FILES = ("kinds.yaml", "qualifiers.yaml", "units.yaml", "predicates.yaml")
SECTIONS = {
    "kinds.yaml": ("kinds",),
    "qualifiers.yaml": ("qualifiers",),
    "units.yaml": ("units",),
    "predicates.yaml": ("predicates", "version", "common", "modes", "stances"),
}
FORMS: Mapping[str, type] = {"version": int, "common": list, "modes": list, "stances": list}
RULES = ("one", "one_start", "one_subject", "sum<=1", "cycle", "stance")
DATES = ("start", "at", "span")
QUALIFIER_TYPES = ("code", "text", "number", "date", "entity", "entity_or_text")
PARTS = ("object", "value", "number")
SENTENCE_FIELDS = ("subject", "object", "value", "number")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Vocabulary:
    """What may be said: kinds, predicates, qualifiers and units.

    Attributes
    ----------
    version : str
        ``1-`` and the first twelve hex digits of the SHA-256 of the files.
    """

    version: str
    kinds: Mapping[str, Kind]
    predicates: Mapping[str, Predicate]
    qualifiers: Mapping[str, Qualifier]
    units: Mapping[str, tuple[str, ...]]
    common: tuple[str, ...]
    modes: tuple[str, ...]
    stances: tuple[str, ...]
    _broader: Mapping[str, frozenset[str]] = field(repr=False, default_factory=dict)

    def is_a(self, kind: str, broader: str) -> bool:
        """Tell whether `kind` is `broader` or narrower; every kind is an ``any``."""
        return broader == "any" or broader in self._broader.get(kind, frozenset())

    def predicate(self, name: str) -> Predicate:
        """Return the predicate called `name`; raise VocabularyError where there is none."""
        found = self.predicates.get(name)
        if found is None:
            raise VocabularyError(
                f"there is no predicate “{name}” in the vocabulary.", hint="`isthmus vocabulary` lists the predicates."
            )
        return found

    def family(self, unit: str) -> str | None:
        """Return the family of a unit (count, share, money …), or None where it is not in the vocabulary."""
        for family, members in self.units.items():
            if unit in members:
                return family
        return None

    def allowed_qualifiers(self, predicate: Predicate) -> frozenset[str]:
        """Return the qualifiers that a claim with `predicate` may carry."""
        return frozenset(self.common) | frozenset(predicate.qualifiers)

    def allowed_units(self, predicate: Predicate) -> frozenset[str]:
        """Return the units that a number of `predicate` may have."""
        return frozenset(unit for family in predicate.families for unit in self.units[family])


@cache
def load_vocabulary() -> Vocabulary:
    """Return the vocabulary that ships with the package, checked."""
    folder = files("isthmus.vocabulary")
    return read_vocabulary({name: folder.joinpath(name).read_text("utf-8") for name in FILES})


def read_vocabulary(texts: Mapping[str, str]) -> Vocabulary:
    """Build a vocabulary from the texts of its four files.

    Parameters
    ----------
    texts : mapping of file name to text
        The four files of `FILES`.

    Raises
    ------
    VocabularyError
        A term is incomplete, refers to a term that does not exist, or breaks a rule; the message names file and term.
    """
    documents = {name: _parse(name, texts[name]) for name in FILES}
    digest = hashlib.sha256("\n".join(texts[name] for name in FILES).encode()).hexdigest()[:12]
    raw = documents["predicates.yaml"]
    kinds = {name: _kind(name, body) for name, body in documents["kinds.yaml"]["kinds"].items()}
    qualifiers = {name: _qualifier(name, body) for name, body in documents["qualifiers.yaml"]["qualifiers"].items()}
    units = {name: tuple(members) for name, members in documents["units.yaml"]["units"].items()}
    predicates = {name: _predicate(name, body) for name, body in raw["predicates"].items()}
    vocabulary = Vocabulary(
        version=f"{raw['version']}-{digest}",
        kinds=kinds,
        predicates=predicates,
        qualifiers=qualifiers,
        units=units,
        common=tuple(raw["common"]),
        modes=tuple(raw["modes"]),
        stances=tuple(raw["stances"]),
        _broader={name: _ancestors(name, kinds) for name in kinds},
    )
    _check(vocabulary)
    return vocabulary


def _parse(name: str, text: str) -> dict[str, Any]:
    try:
        document = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise VocabularyError(f"the file is not YAML: {error}", where=name) from error
    if not isinstance(document, dict):
        raise VocabularyError("the file must be a mapping of terms.", where=name)
    for section in SECTIONS[name]:
        if not isinstance(document.get(section), FORMS.get(section, dict)):
            raise VocabularyError(f"the file has no “{section}”, or not in the form that is needed.", where=name)
    for term, body in document[SECTIONS[name][0]].items():
        if not isinstance(body, list if name == "units.yaml" else dict):
            raise VocabularyError(f"“{term}” is not described in the form that is needed.", where=name)
    return document


def _kind(name: str, body: Mapping[str, Any]) -> Kind:
    maps = {key: str(value) for key, value in body.items() if key not in ("is", "means")}
    return Kind(name=name, means=_need(body, "means", "kinds.yaml", name), broader=body.get("is"), maps=maps)


def _qualifier(name: str, body: Mapping[str, Any]) -> Qualifier:
    return Qualifier(
        name=name,
        means=_need(body, "means", "qualifiers.yaml", name),
        type=_need(body, "type", "qualifiers.yaml", name),
        values=tuple(str(value) for value in body.get("values", ())),
        open=bool(body.get("open", False)),
    )


def _predicate(name: str, body: Mapping[str, Any]) -> Predicate:
    value = body.get("value")
    conflict = body.get("conflict") or {"rule": "stance", "key": []}
    need = body.get("need")
    return Predicate(
        name=name,
        means=_need(body, "means", "predicates.yaml", name),
        group=_need(body, "group", "predicates.yaml", name),
        subject=tuple(body.get("subject", ())),
        object=tuple(body.get("object", ())),
        value=tuple(str(item) for item in value) if isinstance(value, list) else value,
        families=tuple(_listed(body.get("number"))),
        need=tuple(_listed(need)),
        qualifiers=tuple(body.get("qualifiers", ())),
        inverse=body.get("inverse"),
        sentence=_need(body, "sentence", "predicates.yaml", name),
        date=_need(body, "date", "predicates.yaml", name),
        flags=frozenset(body.get("flags", ())),
        conflict=ConflictRule(rule=conflict["rule"], key=tuple(conflict.get("key", ()))),
        maps={key: str(text) for key, text in (body.get("maps") or {}).items()},
    )


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _need(body: Mapping[str, Any], field_name: str, file: str, term: str) -> str:
    value = body.get(field_name)
    if not isinstance(value, str) or not value:
        raise VocabularyError(f"“{term}” has no {field_name}.", where=file, hint=f"Write `{field_name}: …` for it.")
    return value


def _ancestors(name: str, kinds: Mapping[str, Kind]) -> frozenset[str]:
    found: list[str] = []
    step: str | None = name
    while step is not None:
        if step in found:
            raise VocabularyError(f"the kind “{name}” is its own broader kind.", where="kinds.yaml")
        if step not in kinds:
            raise VocabularyError(
                f"“{name}” names the broader kind “{step}”, which does not exist.", where="kinds.yaml"
            )
        found.append(step)
        step = kinds[step].broader
    return frozenset(found)


def _check(vocabulary: Vocabulary) -> None:
    for qualifier in vocabulary.qualifiers.values():
        _one_of(qualifier.type, QUALIFIER_TYPES, "type", qualifier.name, "qualifiers.yaml")
        if qualifier.type == "code" and not qualifier.values:
            raise VocabularyError(f"the code “{qualifier.name}” lists no values.", where="qualifiers.yaml")
    for name in vocabulary.common:
        _one_of(name, vocabulary.qualifiers, "common qualifier", "common", "predicates.yaml")
    for predicate in vocabulary.predicates.values():
        _check_predicate(vocabulary, predicate)


def _check_predicate(vocabulary: Vocabulary, predicate: Predicate) -> None:
    name, file = predicate.name, "predicates.yaml"
    for kind in (*predicate.subject, *predicate.object):
        if kind != "any":
            _one_of(kind, vocabulary.kinds, "kind", name, file)
    if not predicate.subject:
        raise VocabularyError(f"“{name}” allows no kind of subject.", where=file)
    if not predicate.object and predicate.value is None and not predicate.families:
        raise VocabularyError(f"“{name}” has no object, value or number: it could say nothing.", where=file)
    for family in predicate.families:
        _one_of(family, vocabulary.units, "family of units", name, file)
    for qualifier in predicate.qualifiers:
        _one_of(qualifier, vocabulary.qualifiers, "qualifier", name, file)
    allowed = vocabulary.allowed_qualifiers(predicate)
    for part in predicate.need:
        _one_of(part, allowed | set(PARTS), "needed part", name, file)
    for part in predicate.conflict.key:
        _one_of(part, allowed | {"object", "value"}, "conflict key", name, file)
    _one_of(predicate.conflict.rule, RULES, "conflict rule", name, file)
    _one_of(predicate.date, DATES, "date meaning", name, file)
    if predicate.object and not predicate.inverse:
        raise VocabularyError(f"“{name}” takes an object but has no inverse label.", where=file)
    for slot in _slots(predicate.sentence):
        _one_of(slot, allowed | set(SENTENCE_FIELDS), "slot of the sentence", name, file)


def _slots(sentence: str) -> list[str]:
    return [part.split("}")[0] for part in sentence.split("{")[1:]]


def _one_of(value: str, allowed: Iterable[str], what: str, term: str, file: str) -> None:
    if value not in allowed:
        raise VocabularyError(f"“{term}” names the {what} “{value}”, which does not exist.", where=file)
