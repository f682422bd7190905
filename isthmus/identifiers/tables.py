"""The ISO code tables that come with the package."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple


class Country(NamedTuple):
    """A row of ISO 3166-1; `numeric` is empty for user-assigned codes."""

    alpha_2: str
    alpha_3: str
    numeric: str
    name: str


class Currency(NamedTuple):
    """A row of ISO 4217; `withdrawn` is the year in which the code left the list, or empty."""

    code: str
    numeric: str
    name: str
    withdrawn: str


@functools.cache
def countries() -> Mapping[str, Country]:
    """Return the countries by alpha-2 code: ISO 3166-1 and the user-assigned XK."""
    return MappingProxyType({row[0]: Country(*row) for row in _rows("countries.csv")})


@functools.cache
def currencies() -> Mapping[str, Currency]:
    """Return the currencies by alphabetic code: ISO 4217, with those withdrawn since 2002."""
    return MappingProxyType({row[0]: Currency(*row) for row in _rows("currencies.csv")})


@functools.cache
def country_codes() -> Mapping[str, str]:
    """Return the alpha-2 code for each alpha-2, alpha-3 and numeric code."""
    rows = countries().values()
    return MappingProxyType({code: row.alpha_2 for row in rows for code in row[:3] if code})


@functools.cache
def currency_codes() -> Mapping[str, str]:
    """Return the alphabetic code for each alphabetic and numeric code; a number used again means the current one."""
    # Current codes come last, so that they take the number.
    rows = sorted(currencies().values(), key=lambda row: not row.withdrawn)
    return MappingProxyType({code: row.code for row in rows for code in row[:2] if code})


def _rows(name: str) -> list[list[str]]:
    text = resources.files("isthmus").joinpath("data", "iso", name).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]
