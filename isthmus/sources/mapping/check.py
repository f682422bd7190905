"""Check a mapping against the vocabulary before any row is read: what could never become a claim is refused here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from isthmus.dates import PartialDate
from isthmus.errors import MappingError, ValueFormatError
from isthmus.model import MARKINGS
from isthmus.sources.documents import suggest
from isthmus.sources.mapping.order import find_lists, order_fields
from isthmus.sources.mapping.parts import Mapping, Rule, Template
from isthmus.vocabulary.load import Vocabulary
from isthmus.vocabulary.terms import Predicate, Qualifier

NUMBER_COLUMNS = ("number", "low", "high")
DATE_COLUMNS = ("valid_from", "valid_to", "observed")


def check_mapping(mapping: Mapping, vocabulary: Vocabulary) -> None:
    """Check every rule of a mapping.

    Raises
    ------
    MappingError
        A predicate, qualifier, kind, unit or code is unknown, a claim lacks what its predicate needs or says what it cannot say, or
        fields refer to one another in a circle.
    """
    find_lists(order_fields(mapping.fields))
    checker = _Checker(mapping, vocabulary)
    for rule in mapping.rules:
        checker.check(rule)


class _Checker:
    def __init__(self, mapping: Mapping, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.fields = {field.name: field for field in mapping.fields}
        self.source = mapping.source

    def check(self, rule: Rule) -> None:
        predicate = self.vocabulary.predicates.get(rule.predicate)
        if predicate is None:
            _fail(
                rule.predicate_where or rule.where,
                f"there is no predicate “{rule.predicate}”.",
                suggest(rule.predicate, self.vocabulary.predicates),
            )
        self._parts(rule, predicate)
        self._values(rule, predicate)
        self._qualifiers(rule, predicate)

    def _parts(self, rule: Rule, predicate: Predicate) -> None:
        given = {name for name, _ in rule.columns}
        number = bool(given & set(NUMBER_COLUMNS))
        name, explain = predicate.name, f"`isthmus vocabulary {predicate.name}` explains it."
        if "object" in given and not predicate.takes_object:
            _fail(rule.where, f"“{name}” takes no object.", explain)
        if "value" in given and predicate.value is None:
            _fail(rule.where, f"“{name}” takes no text value.", explain)
        if number and not predicate.families:
            _fail(rule.where, f"“{name}” takes no number.", explain)
        if number and "unit" not in given:
            _fail(rule.where, f"the number of “{name}” has no unit.", _units(self.vocabulary, predicate))
        if "unit" in given and not number:
            _fail(rule.where, "a unit stands without a number.", "Add `number`, or take the unit out.")
        lone = predicate.takes_object and predicate.value is None and not predicate.need and not predicate.families
        for part, here in (("object", "object" in given), ("value", "value" in given), ("number", number)):
            if not here and (part in predicate.need or (part == "object" and lone)):
                _fail(rule.where, f"“{name}” needs {'an' if part == 'object' else 'a'} {part}.", explain)
        if "lang" in given and "value" not in given:
            _fail(rule.where, "`lang` is the language of the value, and there is no value.", "Take `lang` out.")

    def _values(self, rule: Rule, predicate: Predicate) -> None:
        columns = dict(rule.columns)
        if predicate.value == "kinds":
            self._closed(columns.get("value"), self.vocabulary.kinds, "kind")
        elif isinstance(predicate.value, tuple):
            self._closed(columns.get("value"), predicate.value, f"value of “{predicate.name}”")
        units = sorted(self.vocabulary.allowed_units(predicate))
        self._closed(columns.get("unit"), units, f"unit of “{predicate.name}”")
        self._closed(columns.get("mode"), self.vocabulary.modes, "mode")
        self._closed(columns.get("stance"), self.vocabulary.stances, "stance")
        self._closed(columns.get("marking"), MARKINGS, "marking")
        for name in DATE_COLUMNS:
            for text, where in self._possible(columns.get(name)):
                _date(text, where, name)

    def _closed(self, template: Template | None, allowed: Iterable[str], what: str) -> None:
        names = tuple(allowed)
        for text, where in self._possible(template):
            if text not in names:
                _fail(where, f"“{text}” is not a {what}.", suggest(text, names))

    def _qualifiers(self, rule: Rule, predicate: Predicate) -> None:
        allowed = self.vocabulary.allowed_qualifiers(predicate)
        for name, template in rule.qualifiers:
            if name not in allowed:
                _fail(template.where, f"“{predicate.name}” has no qualifier “{name}”.", suggest(name, sorted(allowed)))
            self._qualifier(self.vocabulary.qualifiers[name], template)
        given = {name for name, _ in rule.qualifiers}
        for part in predicate.need:
            if part not in ("object", "value", "number") and part not in given:
                body = self.vocabulary.qualifiers[part]
                listed = f" ({', '.join(body.values[:12])})" if body.values else ""
                _fail(
                    rule.where,
                    f"“{predicate.name}” needs the qualifier “{part}”.",
                    f"Write qualifiers: {{{part}: …}}{listed}.",
                )

    def _qualifier(self, qualifier: Qualifier, template: Template) -> None:
        first = template.parts[0]
        at = isinstance(first, str) and first.startswith("@")
        if qualifier.type == "entity" and isinstance(first, str) and not at:
            _fail(
                template.where,
                f"the qualifier “{qualifier.name}” takes an entity.",
                'Write "@" before its id: "@my:{Column}".',
            )
        if at and not qualifier.takes_entity:
            _fail(template.where, f"the qualifier “{qualifier.name}” takes no entity.", "Take the “@” out.")
        if qualifier.type == "code" and not qualifier.open:
            self._closed(template, qualifier.values, f"value of the qualifier “{qualifier.name}”")
        for text, where in self._possible(template):
            if qualifier.type == "date":
                _date(text, where, qualifier.name)

    def _possible(self, template: Template | None) -> list[tuple[str, str]]:
        """Return the texts that a template can give, with their places, where they can be known: constants and maps."""
        if template is None:
            return []
        if template.constant is not None:
            return [(template.constant, template.where)]
        field = self.fields.get(template.lone or "")
        if field is None:
            return []
        if field.steps:
            last = field.steps[-1]
            return [(text, last.where) for _, text in last.table if text] if last.name == "map" else []
        if any(field.name in source.names for source in field.sources):
            return []
        return [found for source in field.sources for found in self._possible(source)]


def _units(vocabulary: Vocabulary, predicate: Predicate) -> str:
    return f"Write `unit`, one of {', '.join(sorted(vocabulary.allowed_units(predicate))[:30])}."


def _date(text: str, where: str, name: str) -> None:
    try:
        PartialDate.parse(text)
    except ValueFormatError as error:
        _fail(where, f"`{name}`: {error.message}", error.hint)


def _fail(where: str, message: str, hint: str | None) -> NoReturn:
    raise MappingError(message, where=where, hint=hint)
