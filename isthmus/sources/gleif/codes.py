"""The code tables of `codes.yaml`, as SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from isthmus.sources.ftm.tables import values
from isthmus.sources.staging import quote

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Codes:
    """What each code of GLEIF means; the fields are the lists of the file.

    Attributes
    ----------
    relations : mapping of RelationshipType to {"predicate", "subject": "start" or "end", "qualifier"}
    in_force, void, duplicate : RegistrationStatus values
    """

    kinds: Mapping[str, str | None]
    names: Mapping[str, str]
    stages: Mapping[str, str]
    successions: Mapping[str, str]
    changes: Mapping[str, str]
    relations: Mapping[str, Mapping[str, str]]
    in_force: tuple[str, ...]
    void: tuple[str, ...]
    duplicate: str
    categories: Mapping[str, str]
    exceptions: Mapping[str, str]
    personal_references: tuple[str, ...]

    def relation_rows(self) -> str:
        """Return SQL that yields (type, predicate, about, qualifier)."""
        rows = ((name, body["predicate"], body["subject"], body["qualifier"]) for name, body in self.relations.items())
        return values(("type", "predicate", "about", "qualifier"), rows)


@cache
def load_codes() -> Codes:
    """Return the tables that ship with the package."""
    text = files("isthmus.sources.gleif").joinpath("codes.yaml").read_text("utf-8")
    raw: Mapping[str, Any] = yaml.load(text, Loader=_Loader)
    plain = ("kinds", "names", "stages", "successions", "changes", "relations", "categories", "exceptions")
    return Codes(
        **{name: dict(raw[name]) for name in plain},
        in_force=tuple(raw["registrations"]["in_force"]),
        void=tuple(raw["registrations"]["void"]),
        duplicate=raw["registrations"]["duplicate"],
        personal_references=tuple(raw["personal_references"]),
    )


def choice(column: str, table: Mapping[str, str]) -> str:
    """Return SQL for the meaning of the code in `column`; NULL where the table does not have it."""
    whens = " ".join(f"WHEN {quote(code)} THEN {quote(term)}" for code, term in table.items())
    return f"CASE {column} {whens} END"


def listed(codes: Iterable[str]) -> str:
    """Return codes as the list of an SQL ``IN``."""
    return "(" + ", ".join(quote(code) for code in codes) + ")"
