"""Identifiers of software and products: package URL and Common Platform Enumeration."""

from __future__ import annotations

import re

from packageurl import PackageURL

from isthmus.identifiers.scheme import Scheme, without_prefix

_CPE_PREFIX = re.compile("cpe:", re.IGNORECASE)
_CPE_PART_COUNT = 11
_CPE_SPLIT = re.compile(r"(?:[^:\\]|\\.)+")
# A logical value, or a quoted string with wildcards at its ends only (NISTIR 7695, 5.3.2 and 6.2.1).
_CPE_PART = re.compile(r"[*-]|(?:\?+|\*)?(?:[0-9a-z_.-]|\\[!-/:-@\[-`{-~])+(?:\?+|\*)?")


def _normalise_purl(text: str) -> str:
    try:
        return PackageURL.from_string(text.strip()).to_string()
    except ValueError:
        return text.strip()


def _check_purl(value: str) -> str | None:
    try:
        again = PackageURL.from_string(value).to_string()
    except ValueError as error:
        return str(error).rstrip(".")
    return None if again == value else "it has no single canonical form"


def _normalise_cpe(text: str) -> str:
    return without_prefix(text, _CPE_PREFIX).lower()


def _check_cpe(value: str) -> str | None:
    version, _, rest = value.partition(":")
    if version != "2.3":
        return "a formatted string of version 2.3 (cpe:2.3:...) is expected"
    parts = _CPE_SPLIT.findall(rest)
    if len(parts) != _CPE_PART_COUNT or ":".join(parts) != rest:
        return f"{_CPE_PART_COUNT} parts after cpe:2.3 are expected"
    if parts[0] not in ("a", "o", "h", "*", "-"):
        return "the first part is a (application), o (operating system) or h (hardware)"
    bad = next((part for part in parts if not _CPE_PART.fullmatch(part)), None)
    return None if bad is None else f"the part '{bad}' has a character that must be escaped or may not stand there"


SOFTWARE_SCHEMES = (
    Scheme(
        "purl",
        "software package (package URL, ECMA-427)",
        "pkg:npm/%40angular/core@12.0.0",
        _normalise_purl,
        _check_purl,
    ),
    Scheme(
        "cpe",
        "product in vulnerability data (NISTIR 7695); often made up by tools, so weak evidence of identity",
        "2.3:a:openssl:openssl:3.0.7:*:*:*:*:*:*:*",
        _normalise_cpe,
        _check_cpe,
    ),
)
