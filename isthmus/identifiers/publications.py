"""Identifiers of documents: DOI, RFC, and the two of European law."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from isthmus.identifiers.scheme import Scheme, folded, misfit, without_prefix

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\x00-\x1f\x7f]+")
_DOI_URL = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_DOI_PREFIX = re.compile("(?:doi:)+", re.IGNORECASE)
_RFC = re.compile("[1-9][0-9]{0,4}")
_EU_ELI = "http://data.europa.eu/eli/"
_EU_ELI_FORMS = re.compile(r"(?:(?:https?://)?data\.europa\.eu/|/)?eli/", re.IGNORECASE)
_EU_ELI_BARE = re.compile("[a-z_]+/[0-9]{4}/.+")
_ELI = re.compile(r"https?://[0-9a-z.-]+/(?:[^\s\x00-\x1f\x7f]+/)?eli/[^\s\x00-\x1f\x7f]+")
_CELEX = re.compile(
    r"[0-9E][12][0-9]{3}[A-Z]{1,2}(?:[0-9]{3,6}|/TXT)(?:R?\([0-9]{2}\))?(?:[A-Z]{3}_[0-9]+)?(?:-[0-9]{8})?"
)


def _normalise_doi(text: str) -> str:
    name = without_prefix(text, _DOI_PREFIX)
    bare = without_prefix(name, _DOI_URL)
    # A link escapes characters that the name itself may hold.
    name = unquote(bare) if bare != name else name
    # Only ASCII letters are equal in both cases (ISO 26324, DOI Handbook).
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def _normalise_eli(text: str) -> str:
    uri = text.strip().rstrip("/")
    if found := _EU_ELI_FORMS.match(uri):
        return _EU_ELI + uri[found.end() :]
    return _EU_ELI + uri if _EU_ELI_BARE.fullmatch(uri) else uri


def _normalise_celex(text: str) -> str:
    number = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return number.removeprefix("CELEX:")


PUBLICATION_SCHEMES = (
    Scheme(
        "doi",
        "document or dataset (ISO 26324)",
        "10.1038/nphys1170",
        _normalise_doi,
        lambda value: misfit(value, _DOI, "10., a registrant's number, a slash and a name"),
    ),
    Scheme(
        "rfc",
        "document of the RFC series",
        "8200",
        lambda text: folded(text).removeprefix("RFC").lstrip("0"),
        lambda value: misfit(value, _RFC, "the number of the RFC"),
    ),
    Scheme(
        "eli",
        "legal act (European Legislation Identifier, a URI)",
        "http://data.europa.eu/eli/reg/2016/679/oj",
        _normalise_eli,
        lambda value: misfit(
            value, _ELI, "a web address with /eli/ in it, or reg/2016/679/oj for an act of the Union,"
        ),
    ),
    Scheme(
        "celex",
        "document of European Union law (EUR-Lex)",
        "32016R0679",
        _normalise_celex,
        lambda value: misfit(value, _CELEX, "sector, year, type and number, as in 32016R0679,"),
    ),
)
