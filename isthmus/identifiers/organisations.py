"""Identifiers of organisations and of what they issue: LEI, register numbers, USCC, DUNS, ROR, EUID, VAT, ISIN."""

from __future__ import annotations

import re

from stdnum import isin
from stdnum.cn import uscc
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from isthmus.identifiers.scheme import Scheme, folded, misfit, without_prefix, wrong_digits
from isthmus.identifiers.tables import countries

_LEI = re.compile("[0-9A-Z]{18}[0-9]{2}")
_AUTHORITY = re.compile("RA[0-9]{6}")
_REGISTER_NUMBER = re.compile(r"[^\x00-\x1f\x7f]+")
# GLEIF's codes for "no register" and "register not in the list": numbers under them are nobody's in particular.
_NO_AUTHORITY = ("RA777777", "RA888888", "RA999999")
_COMPANIES_HOUSE_ENGLAND = "RA000585"
_COMPANIES_HOUSE = (_COMPANIES_HOUSE_ENGLAND, "RA000586", "RA000587")
_USCC = re.compile("[0-9]{8}[0-9A-HJ-NP-RTUWXY]{10}")
_DUNS = re.compile("[0-9]{9}")
_ROR = re.compile("0[0-9a-hjkmnp-tv-z]{6}[0-9]{2}")
_ROR_URL = re.compile(r"(?:https?://)?(?:www\.)?ror\.org/", re.IGNORECASE)
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_EUID = re.compile(r"([A-Z]{2})[0-9A-Z]+\.[0-9A-Za-z][0-9A-Za-z./_-]*")
_WIKIDATA = re.compile("Q[1-9][0-9]{0,11}")
_WIKIDATA_URL = re.compile(r"(?:https?://)?(?:www\.)?wikidata\.org/(?:wiki|entity)/", re.IGNORECASE)
_ISIN = re.compile("[A-Z]{2}[0-9A-Z]{9}[0-9]")
_VAT = re.compile("[A-Z]{2}[0-9A-Z+*]{2,13}")


def _check_lei(value: str) -> str | None:
    if reason := misfit(value, _LEI, "20 letters and digits of which the last two are digits"):
        return reason
    # Compared with the digits that ISO 17442-1 generates (02 to 98): 00, 01 and 99 also leave a remainder of 1.
    return wrong_digits(value[18:], mod_97_10.calc_check_digits(value[:18]))


def _normalise_register_number(text: str) -> str:
    authority, _, number = text.partition(":")
    authority, number = folded(authority), " ".join(number.split())
    if authority in _COMPANIES_HOUSE:
        number = _companies_house_number(folded(number), bare=authority == _COMPANIES_HOUSE_ENGLAND)
    return f"{authority}:{number}"


def _companies_house_number(number: str, *, bare: bool) -> str:
    """Pad to eight characters behind the letters. Only English and Welsh numbers have none (`bare`)."""
    letters = re.match("[A-Z]{0,2}", number)
    prefix = letters[0] if letters else ""
    digits = number[len(prefix) :]
    if digits.isdigit() and (prefix or bare):
        return prefix + digits.zfill(8 - len(prefix))
    return number


def _check_register_number(value: str) -> str | None:
    authority, _, number = value.partition(":")
    if reason := misfit(authority, _AUTHORITY, "a GLEIF registration-authority code (RA and six digits) and a colon"):
        return reason
    if authority in _NO_AUTHORITY:
        return f"{authority} stands for no register, so the number would not say whose it is"
    if reason := misfit(number, _REGISTER_NUMBER, "a number after the code"):
        return reason
    if authority == _COMPANIES_HOUSE_ENGLAND and not re.fullmatch("[0-9A-Z]{8}", number):
        return "a Companies House number of eight letters and digits is expected"
    return None


def _check_uscc(value: str) -> str | None:
    expected = "8 digits and 10 digits or letters without I, O, S, V, Z"
    return misfit(value, _USCC, expected) or wrong_digits(value[17], uscc.calc_check_digit(value[:17]))


def _check_ror(value: str) -> str | None:
    if reason := misfit(value, _ROR, "0, six digits or letters without i, l, o, u, and two digits"):
        return reason
    number = 0
    for character in value[:7]:
        number = number * 32 + _CROCKFORD.index(character)
    return wrong_digits(value[7:], f"{98 - number * 100 % 97:02}")


def _normalise_euid(text: str) -> str:
    register, dot, number = "".join(text.split()).partition(".")
    return register.upper() + dot + number


def _check_euid(value: str) -> str | None:
    found = _EUID.fullmatch(value)
    if found is None:
        return "a country code, a register code, a point and a number are expected"
    # The system writes Greece as EL (Implementing Regulation (EU) 2021/1042).
    return None if found[1] == "EL" or found[1] in countries() else f"{found[1]} is no country code"


def _normalise_vat(text: str) -> str:
    number = folded(text).replace(".", "")
    number = "EL" + number[2:] if number.startswith("GR") else number
    return number if _vat_reason(number) else vat.validate(number)


def _vat_reason(number: str) -> str | None:
    if reason := misfit(number, _VAT, "a country code of two letters and the number"):
        return reason
    try:
        vat.validate(number)
    except ValidationError as error:
        return f"by the rules of its country: {str(error).rstrip('.').lower()}"
    return None


def _check_isin(value: str) -> str | None:
    if reason := misfit(value, _ISIN, "two letters, nine letters or digits and a check digit"):
        return reason
    if reason := wrong_digits(value[11], isin.calc_check_digit(value[:11])):
        return reason
    return None if isin.is_valid(value) else f"{value[:2]} is no prefix of ISO 6166"


ORGANISATION_SCHEMES = (
    Scheme(
        "lei", "legal entity (ISO 17442, check digits ISO 7064 mod 97-10)", "506700GE1G29325QX363", folded, _check_lei
    ),
    Scheme(
        "ra",
        "entry in a national register, by GLEIF registration-authority code",
        "RA000585:01234567",
        _normalise_register_number,
        _check_register_number,
    ),
    Scheme("uscc", "organisation in China (GB 32100-2015, mod 31)", "91110000600037341L", folded, _check_uscc),
    Scheme(
        "duns",
        "business establishment (Dun & Bradstreet; no check digit)",
        "804735132",
        folded,
        lambda value: misfit(value, _DUNS, "9 digits"),
    ),
    Scheme(
        "ror",
        "research organisation (ror.org, check digits ISO 7064 mod 97-10)",
        "02mhbdp94",
        lambda text: without_prefix(text, _ROR_URL).lower().rstrip("/"),
        _check_ror,
    ),
    Scheme(
        "euid",
        "company in the interconnected registers of Europe (Implementing Regulation (EU) 2021/1042)",
        "IECRO.123456",
        _normalise_euid,
        _check_euid,
    ),
    Scheme(
        "vat",
        "business registered for value-added tax in the European Union",
        "BE0697449992",
        _normalise_vat,
        _vat_reason,
    ),
    Scheme(
        "wikidata",
        "item of Wikidata",
        "Q42",
        lambda text: folded(without_prefix(text, _WIKIDATA_URL)),
        lambda value: misfit(value, _WIKIDATA, "Q and a number"),
    ),
    Scheme("isin", "security (ISO 6166)", "US0378331005", folded, _check_isin),
)
