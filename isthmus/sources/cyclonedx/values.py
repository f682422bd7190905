"""How single values are read: ids, texts, days, package URLs and other identifiers."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Any, TypeGuard
from urllib.parse import unquote

from packageurl import PackageURL

from isthmus.errors import ValueFormatError
from isthmus.identifiers import Identifier

PREFIX = "cdx:"
PURL = "purl:"
OWN = "isthmus:"
"""What the bom-refs and properties of our own export begin with. A bom-ref is it and an id. The properties say what CycloneDX has no
field for: ``entity`` (id), ``kind``, ``ref``, ``unnamed``, ``supplied-to`` (id), ``supplier``, ``manufacturer``, ``publisher`` and
``provider`` (ids), ``data:`` and a name (id)."""

_UNSAFE = re.compile(r"[%\s;\x00-\x1f\x7f]")
_ID = re.compile(r"[^\s;@=\x00-\x1f\x7f][^\s;\x00-\x1f\x7f]*")
_NOT_SLUG = re.compile(r"[^\w]+")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_SERIAL = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_LINK = re.compile(r"urn:cdx:([0-9a-f-]{36})/\d+(?:#(.+))?", re.IGNORECASE)
_OLD_CPE = re.compile(r"cpe:/([aoh](?::[^:\s;]*){0,6})", re.IGNORECASE)
_PLAIN_PURL = re.compile(
    r"pkg:(?:cargo|deb|gem|maven|npm|nuget|rpm)/(?:[a-z0-9][a-z0-9.-]*/)?[a-z0-9][a-z0-9.-]*@([a-z0-9][a-z0-9._-]*)"
)
"""Most package URLs by far: types whose names are kept as they are, if they are in small letters. They are canonical already."""
MAX_SLUG = 80
LARGEST = 1e15


def text_of(value: Any) -> str | None:
    """Return a text that says something, else None."""
    return value.strip() or None if isinstance(value, str) else None


def code_of(value: Any) -> str | None:
    """Return a value that can be a code as it is, else None."""
    return value if isinstance(value, str) else None


def is_number(value: Any) -> TypeGuard[int | float]:
    """Tell whether a value is a finite number (true and false are none)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < LARGEST


def listed(value: Any) -> list[Any]:
    """Return a list as it is, nothing as an empty one, and any other value as the one that it holds."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def length(value: Any) -> int:
    """Return how many things a value holds."""
    return len(value) if isinstance(value, list) else 1


def encoded(ref: str) -> str:
    """Return a text as a part of an id: what an id cannot hold is percent-encoded."""
    return _UNSAFE.sub(_percent, ref)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def is_entity(text: Any) -> bool:
    """Tell whether a value can be the id of an entity."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def own_properties(body: dict[str, Any]) -> dict[str, list[str]]:
    """Return the properties of our own export: the values of each, by its name without what they all begin with."""
    found: dict[str, list[str]] = {}
    for one in listed(body.get("properties")):
        name = one.get("name") if isinstance(one, dict) else None
        if isinstance(name, str) and name.startswith(OWN) and one.get("value"):
            found.setdefault(name.removeprefix(OWN), []).append(str(one["value"]))
    return found


@lru_cache(maxsize=65536)
def slug(text: str) -> str:
    """Return a text as a short part of an id."""
    return _NOT_SLUG.sub("-", text.casefold()).strip("-")[:MAX_SLUG].rstrip("-") or "unnamed"


def organisation_id(name: str) -> str:
    """Return the id of an organisation of which a document gives the name alone."""
    return f"{PREFIX}org/{slug(name)}"


def serial_of(value: Any) -> str | None:
    """Return the UUID of a serialNumber, None where it is none."""
    found = _SERIAL.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[1].lower() if found else None


def linked(ref: str) -> tuple[str, str] | None:
    """Return the document and the bom-ref of a BOM-Link (``urn:cdx:UUID/VERSION#REF``), None where it is none."""
    found = _LINK.fullmatch(ref)
    return (found[1].lower(), unquote(found[2] or "")) if found else None


def day_of(value: Any) -> str | None:
    """Return the day of a time stamp, None where it is none."""
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    try:
        return datetime.date.fromisoformat(found[1]).isoformat()
    except ValueError:
        return None


@lru_cache(maxsize=131072)
def read_purl(text: str) -> tuple[str, str | None] | None:
    """Return a package URL in canonical form with its version, None where it is none."""
    text = text.strip()
    if plain := _PLAIN_PURL.fullmatch(text):
        return text, plain[1]
    try:
        parsed = PackageURL.from_string(text)
        whole = parsed.to_string()
        # What is canonical stays as it is; some texts are read but have no single form.
        if whole != text and PackageURL.from_string(whole).to_string() != whole:
            return None
    except ValueError:
        return None
    return whole, parsed.version or None


def read_cpe(text: str) -> tuple[str, str] | None:
    """Return the scheme and the value of a CPE name (2.3, or the URI of 2.2), None where it is none."""
    if old := _OLD_CPE.fullmatch(text.strip()):
        return "cpe22", old[1].lower()
    try:
        return "cpe", Identifier.parse("cpe", text).value
    except ValueFormatError:
        return None
