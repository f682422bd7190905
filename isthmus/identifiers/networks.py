"""Identifiers of networks and network equipment."""

from __future__ import annotations

import re

from isthmus.identifiers.scheme import Scheme, folded, misfit

_OUI = re.compile("[0-9A-F]{6}")
_ADDRESS_BLOCKS = {7: "a 28-bit MA-M block", 9: "a 36-bit MA-S block", 12: "a whole address"}
_ASN = re.compile("[0-9]{1,10}")
_LAST_ASN = 4294967294
_RESERVED_ASNS = {
    0: "AS 0 is reserved (RFC 7607)",
    23456: "AS 23456 stands in for longer numbers (RFC 6793) and is no network",
    65535: "AS 65535 is reserved (RFC 7300)",
    4294967295: "AS 4294967295 is reserved (RFC 7300)",
}
_PLMN = re.compile("[0-9]{3}-[0-9]{2,3}")
_SHARED_MCCS = {"001": "test networks", "999": "private networks"}


def _check_oui(value: str) -> str | None:
    if _OUI.fullmatch(value):
        return None
    other = _ADDRESS_BLOCKS.get(len(value))
    return f"{f'it is {other}: ' if other else ''}6 hexadecimal digits (24 bits) are expected"


def _normalise_asn(text: str) -> str:
    number = re.sub("^ASN?", "", folded(text))
    return number.lstrip("0") or number[-1:]


def _check_asn(value: str) -> str | None:
    if reason := misfit(value, _ASN, "a number, with or without AS before it,"):
        return reason
    number = int(value)
    return _RESERVED_ASNS.get(number) or (f"the last number is {_LAST_ASN}" if number > _LAST_ASN else None)


def _normalise_plmn(text: str) -> str:
    # The length of the network code is part of it (01 is not 001), so the digits alone still split in one way.
    digits = folded(text).replace("/", "")
    return f"{digits[:3]}-{digits[3:]}"


def _check_plmn(value: str) -> str | None:
    if reason := misfit(value, _PLMN, "a country code of 3 digits and a network code of 2 or 3 digits"):
        return reason
    country = value[:3]
    if country in _SHARED_MCCS:
        return f"{country} is for {_SHARED_MCCS[country]} and identifies none"
    return None if country[0] in "2345679" else f"{country} is not assigned as a mobile country code"


NETWORK_SCHEMES = (
    Scheme(
        "oui",
        "maker of network equipment (IEEE MA-L assignment, 24 bits)",
        "002272",
        lambda text: re.sub("[:.]", "", folded(text)),
        _check_oui,
    ),
    Scheme("asn", "autonomous system of the Internet (RFC 6793, RFC 7300)", "3320", _normalise_asn, _check_asn),
    Scheme(
        "plmn",
        "public mobile network (ITU-T E.212: mobile country code and network code)",
        "262-01",
        _normalise_plmn,
        _check_plmn,
    ),
)
