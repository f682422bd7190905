"""How single values are read: ids, texts, days, package URLs and other identifiers."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Any
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
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")
_NOT_SLUG = re.compile(r"[^\w]+")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?")
_SERIAL = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_LINK = re.compile(r"urn:cdx:([0-9a-f-]{36})/\d+(?:#(.+))?", re.IGNORECASE)
_OLD_CPE = re.compile(r"cpe:/([aoh](?::[^:\s;]*){0,6})", re.IGNORECASE)
MAX_SLUG = 80


def text_of(value: Any) -> str | None:
    """Return a text that says something, else None."""
    return value.strip() or None if isinstance(value, str) else None


def code_of(value: Any) -> str | None:
    """Return a value that can be a code as it is, else None."""
    return value if isinstance(value, str) else None


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


def qualifier_text(text: str) -> str | None:
    """Return a text as a qualifier can hold it: on one line, without ``;``, not beginning like an entity."""
    return _BLANKS.sub(" ", text.replace(";", ",")).strip().lstrip("@ ") or None


def own_properties(body: Any, name: str) -> list[str]:
    """Return the values of a property of our own export."""
    given = body.get("properties")
    if not given:
        return []
    whole = OWN + name
    return [
        str(one["value"])
        for one in listed(given)
        if isinstance(one, dict) and one.get("name") == whole and one.get("value")
    ]


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
    try:
        parsed = PackageURL.from_string(text.strip())
        whole = parsed.to_string()
        # What is canonical stays as it is; some texts are read but have no single form.
        if PackageURL.from_string(whole).to_string() != whole:
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
