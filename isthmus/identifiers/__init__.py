"""Identifiers of organisations, places, networks, documents and software, with their check digits."""

from isthmus.identifiers.identifier import Identifier, check, find_scheme, parse_identifier, scheme_names
from isthmus.identifiers.scheme import Scheme
from isthmus.identifiers.tables import Country, Currency, countries, currencies

__all__ = [
    "Country",
    "Currency",
    "Identifier",
    "Scheme",
    "check",
    "countries",
    "currencies",
    "find_scheme",
    "parse_identifier",
    "scheme_names",
]
