"""The tables of `codes.yaml`, loaded once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of BODS 0.4 and what each of them is to us; see `codes.yaml` for the meaning of each table."""

    types: Mapping[str, str]
    subtypes: Mapping[str, str]
    told_subtypes: frozenset[str]
    silent_subtypes: frozenset[str]
    wider: Mapping[str, str]
    interests: Mapping[str, str]
    roles: Mapping[str, str]
    rights: tuple[tuple[re.Pattern[str], str], ...]
    reasons: Mapping[str, str]
    name_types: Mapping[str, str]
    personal_names: frozenset[str]
    address_types: Mapping[str, str | None]
    schemes: Mapping[str, str]
    registers: Mapping[str, str]
    tax_marks: re.Pattern[str]
    fields: Mapping[str, frozenset[str]]
    steering: Mapping[str, frozenset[str]]
    personal: frozenset[str]
    person_types: frozenset[str]
    source_types: Mapping[str, str]


@cache
def load_codes() -> Codes:
    """Return the tables that ship with the package."""
    body: dict[str, Any] = yaml.load(
        files("isthmus.sources.bods").joinpath("codes.yaml").read_text("utf-8"), Loader=_Loader
    )
    return Codes(
        types=body["types"],
        subtypes=body["subtypes"],
        told_subtypes=frozenset(body["told_subtypes"]),
        silent_subtypes=frozenset(body["silent_subtypes"]),
        wider=body["wider"],
        interests=body["interests"],
        roles=body["roles"],
        rights=tuple((re.compile(words, re.IGNORECASE), right) for words, right in body["rights"]),
        reasons=body["reasons"],
        name_types=body["name_types"],
        personal_names=frozenset(body["personal_names"]),
        address_types=body["address_types"],
        schemes=body["schemes"],
        registers=body["registers"],
        tax_marks=re.compile("|".join(body["tax_marks"]), re.IGNORECASE),
        fields={name: frozenset(listed) for name, listed in body["fields"].items()},
        steering={name: frozenset(listed) for name, listed in body["steering"].items()},
        personal=frozenset(body["personal"]),
        person_types=frozenset(body["person_types"]),
        source_types=body["source_types"],
    )
