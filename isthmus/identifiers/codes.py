"""Codes of public lists: countries, currencies and goods."""

from __future__ import annotations

import re

from isthmus.identifiers.scheme import Scheme, folded, misfit
from isthmus.identifiers.tables import countries, country_codes, currencies, currency_codes

# Reserved by ISO 3166/MA, never assigned to a country; people write them all the same.
_RESERVED = {"UK": "the code is GB", "EL": "the code is GR", "EU": "it is no country", "SU": "it is no longer assigned"}
_HS = re.compile("(?:[0-9]{2}){1,3}")


def _normalise_country(text: str) -> str:
    code = folded(text)
    return country_codes().get(code.zfill(3) if code.isdigit() else code, code)


def _check_country(value: str) -> str | None:
    if value in countries():
        return None
    if value in _RESERVED:
        return f"{value} is reserved in ISO 3166-1: {_RESERVED[value]}"
    return "it is not an alpha-2, alpha-3 or numeric code of ISO 3166-1"


def _normalise_currency(text: str) -> str:
    code = folded(text)
    return currency_codes().get(code.zfill(3) if code.isdigit() else code, code)


def _check_currency(value: str) -> str | None:
    return None if value in currencies() else "it is not an alphabetic or numeric code of ISO 4217"


def _check_goods(value: str) -> str | None:
    if reason := misfit(value, _HS, "2, 4 or 6 digits"):
        return reason
    chapter = int(value[:2])
    if chapter == 0 or chapter > 97 or chapter == 77:
        return f"chapter {value[:2]} is not used for goods in the Harmonized System"
    return None


CODE_SCHEMES = (
    Scheme(
        "iso3166",
        "country or territory (ISO 3166-1; alpha-2 is canonical, alpha-3 and numeric are read)",
        "DE",
        _normalise_country,
        _check_country,
    ),
    Scheme(
        "iso4217",
        "currency (ISO 4217; numeric codes are read, withdrawn ones are kept)",
        "EUR",
        _normalise_currency,
        _check_currency,
    ),
    Scheme(
        "hs",
        "class of goods (WCO Harmonized System: chapter, heading or subheading)",
        "854231",
        lambda text: folded(text).replace(".", ""),
        _check_goods,
    ),
)
