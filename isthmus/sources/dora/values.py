"""How cells are read: codes of the European Banking Authority or the words that they stand for."""

from __future__ import annotations

import re

from isthmus.errors import ValueFormatError
from isthmus.identifiers import Identifier
from isthmus.sources.bods.values import read_day, slug

_CODED = re.compile(r"(?:eba_[A-Za-z]+|iso4217):(.*)")
_NOTHING = {"", "not applicable", "n/a", "qx2007", "x0", "9999-12-31"}
_COUNTRY = re.compile(r"[A-Z]{2}")

SERVICES = {
    "S01": "ICT project management", "S02": "ICT development", "S03": "ICT help desk and first level support",
    "S04": "ICT security management services", "S05": "Provision of data", "S06": "Data analysis",
    "S07": "ICT facilities and hosting services (no cloud)", "S08": "Computation", "S09": "Data storage (no cloud)",
    "S10": "Telecom carrier", "S11": "Network infrastructure", "S12": "Hardware and physical devices",
    "S13": "Software licensing (no SaaS)", "S14": "ICT operation management", "S15": "ICT consulting",
    "S16": "ICT risk management", "S17": "Cloud services: IaaS", "S18": "Cloud services: PaaS",
    "S19": "Cloud services: SaaS",
}  # fmt: skip
ENTITIES = {
    "x12": "credit institution", "x300": "payment institution", "x301": "account information service provider",
    "x302": "electronic money institution", "x303": "crypto-asset service provider",
    "x304": "central securities depository", "x305": "trading venue", "x306": "trade repository",
    "x307": "manager of alternative investment funds", "x308": "data reporting service provider",
    "x309": "insurance or reinsurance undertaking", "x310": "issuer of asset-referenced tokens",
    "x311": "institution for occupational retirement provision", "x312": "credit rating agency",
    "x313": "administrator of critical benchmarks", "x314": "crowdfunding service provider",
    "x315": "securitisation repository", "x316": "other financial entity",
    "x317": "non-financial entity: ICT intra-group service provider",
    "x318": "non-financial entity: other than ICT intra-group service provider",
    "x320": "insurance, reinsurance or ancillary insurance intermediary", "x599": "investment firm",
    "x639": "management company", "x643": "central counterparty",
}  # fmt: skip
_CODE_TYPES = {
    "qx2000": "lei", "lei": "lei", "qx2002": "euid", "euid": "euid", "qx2003": "registration", "crn": "registration",
    "qx2004": "vat", "vat": "vat", "qx2001": "person", "nin": "person", "qx2005": "person", "pnr": "person",
}  # fmt: skip
_WORDS = {
    "x28": "yes", "true": "yes", "x29": "no", "false": "no", "x21": "assessment not performed",
    "x53": "ultimate parent", "x551": "parent other than ultimate parent", "x56": "subsidiary", "x210": "outsourcing",
    "x1": "standalone", "x2": "overarching", "x3": "subsequent or associated",
    "x791": "low", "x792": "medium", "x793": "high", "x799": "assessment not performed",
    "x794": "not significant", "x795": "low reliance", "x796": "material reliance", "x797": "full reliance",
    "x959": "not substitutable", "x960": "highly complex substitutability",
    "x961": "medium complexity in terms of substitutability", "x962": "easily substitutable",
    "x963": "lack of real alternatives", "x964": "difficulties in migrating or reintegrating",
    "x965": "lack of real alternatives and difficulties in migrating or reintegrating",
    "x798": "easy", "x966": "difficult", "x967": "highly complex",
    "x212": "legal person", "x213": "individual",
}  # fmt: skip
# The same code means another thing in the list of hierarchies (eba_RP).
_OF_LIST = {("RP", "x21"): "not of the group"}
SUBSTITUTABILITY = {
    "not substitutable": "not_substitutable",
    "highly complex substitutability": "highly_complex",
    "medium complexity in terms of substitutability": "medium_complexity",
    "easily substitutable": "easily_substitutable",
}


def plain(cell: str | None) -> str | None:
    """Return what a cell says without the prefix of its list, None where it says nothing."""
    text = (cell or "").strip()
    found = _CODED.fullmatch(text)
    text = found[1].strip() if found else text
    return None if text.casefold() in _NOTHING else text


def word(cell: str | None) -> str | None:
    """Return the word that a code of a closed list stands for, or the word itself, in small letters."""
    text = plain(cell)
    if text is None:
        return None
    of_list = (cell or "").strip().removeprefix("eba_").partition(":")[0]
    return _OF_LIST.get((of_list, text)) or _WORDS.get(text.casefold(), text.casefold())


def country(cell: str | None) -> str | None:
    """Return the id of a country from its code of two letters, None where there is none."""
    text = plain(cell)
    return f"iso:{text.upper()}" if text and _COUNTRY.fullmatch(text.upper()) else None


def day(cell: str | None) -> str | None:
    """Return a day; none where the cell stands for “no end”."""
    text = plain(cell)
    return read_day(text) if text else None


def service_code(cell: str | None) -> str | None:
    """Return the code of a type of ICT service (Annex III), from it or from the words."""
    text = plain(cell)
    if text is None or text.upper() in SERVICES:
        return text.upper() if text else None
    return slug(text)


class NaturalPersonError(ValueError):
    """The code identifies a natural person: nothing of it is read."""


def party(code: str | None, type_: str | None) -> tuple[str, str | None, str] | None:
    """Return the id of a party, and the scheme and value of its identifier; None where the cell is empty.

    Raises
    ------
    NaturalPersonError
        The code is that of a passport or of a person's national number.
    ValueFormatError
        The code breaks the rule of its scheme.
    """
    text = plain(code)
    if text is None:
        return None
    told = (plain(type_) or "").casefold().rpartition("_")[2]
    scheme = _CODE_TYPES.get(told)
    if scheme == "person":
        raise NaturalPersonError
    if scheme in ("lei", "euid", "vat"):
        value = Identifier.parse(scheme, text).value
        return f"{scheme}:{value}", scheme, value
    if scheme is None:
        try:
            value = Identifier.parse("lei", text).value
            return f"lei:{value}", "lei", value
        except ValueFormatError:
            return f"dora:party-{slug(text)}", None, text
    return f"dora:crn-{slug(text)}", scheme, text
