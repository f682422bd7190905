"""The tables of `codes.yaml`, loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Draft:
    """The codes that only the draft of version 2.0 has."""

    versions: tuple[str, ...]
    types: Mapping[str, str]
    fields: Mapping[str, frozenset[str]]
    alternatives: frozenset[str]
    together: str
    kinds: Mapping[str, str]
    stages: frozenset[str]
    performed: Mapping[str, str]
    served: Mapping[str, str]
    hosted: str
    roles: Mapping[str, tuple[str, str]]
    schemes: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of CycloneDX and what each of them is to us; see `codes.yaml` for the meaning of each table."""

    versions: tuple[str, ...]
    older: frozenset[str]
    types: Mapping[str, str]
    kinds: Mapping[str, str]
    root_types: Mapping[str, str]
    built: frozenset[str]
    assets: Mapping[str, str]
    scopes: Mapping[str, str]
    excluded: str
    strengths: Mapping[str, str]
    aggregates: Mapping[str, str]
    composed: Mapping[str, str]
    flows: Mapping[str, str]
    pedigree: Mapping[str, str]
    hashes: Mapping[str, tuple[str, int]]
    weak_hashes: frozenset[str]
    identifiers: Mapping[str, str]
    markings: Mapping[str, str]
    crypto_refs: Mapping[str, Mapping[str, str]]
    quantity: str
    function: str
    gtin: str
    fields: Mapping[str, frozenset[str]]
    draft: Draft
    organisation_words: frozenset[str]
    organisation_names: frozenset[str]


_SETS = ("older", "built", "weak_hashes", "organisation_words", "organisation_names")


@cache
def load_codes() -> Codes:
    """Return the tables that ship with the package."""
    body: dict[str, Any] = yaml.load(
        files("isthmus.sources.cyclonedx").joinpath("codes.yaml").read_text("utf-8"), Loader=_Loader
    )
    del body["version"]
    body["versions"] = tuple(body["versions"])
    body["hashes"] = {name: (scheme, digits) for name, (scheme, digits) in body["hashes"].items()}
    body["fields"] = {name: frozenset(listed) for name, listed in body["fields"].items()}
    body.update({name: frozenset(body[name]) for name in _SETS})
    body["draft"] = _draft(body["draft"], body["fields"])
    return Codes(**body)


def _draft(body: dict[str, Any], fields: Mapping[str, frozenset[str]]) -> Draft:
    body["versions"] = tuple(body["versions"])
    body["fields"] = {name: frozenset(listed) | fields[name] for name, listed in body["fields"].items()}
    body["roles"] = {name: (predicate, qualifiers) for name, (predicate, qualifiers) in body["roles"].items()}
    return Draft(**{**body, "alternatives": frozenset(body["alternatives"]), "stages": frozenset(body["stages"])})
