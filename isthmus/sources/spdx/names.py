"""Ids of the things of a document, in our picture and in the world."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from packageurl import PackageURL

from isthmus.sources.bods.values import MAX_SLUG, slug

_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_UNSAFE = re.compile(r"[%\s;\x00-\x1f\x7f]")
_MAIL = re.compile(r"\s*\([^()]*@[^()]*\)\s*$|\s*\(\s*\)\s*$")


@lru_cache(maxsize=4096)
def namespace_slug(namespace: str) -> str:
    """Return a name space as part of an id; one that had to be cut keeps apart from others by a digest."""
    plain = _ADDRESS.sub("", namespace)
    short = slug(plain)
    if len(short) < MAX_SLUG and len(plain) <= MAX_SLUG:
        return short
    return f"{short}-{hashlib.sha256(namespace.encode()).hexdigest()[:8]}"


def entity_id(namespace: str, local: str) -> str:
    """Return the id of an element that has no identifier of its own in the world."""
    safe = _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), local)
    return f"spdx:{namespace_slug(namespace)}#{safe}"


def split_iri(iri: str) -> tuple[str, str]:
    """Return the name space and the local part of an SPDX 3 id."""
    mark = "#" if "#" in iri else "/" if "/" in iri else ":"
    namespace, _, local = iri.rpartition(mark)
    return namespace, local


@lru_cache(maxsize=65536)
def canonical_purl(text: str) -> str | None:
    """Return a package URL in its canonical form, None where it is none."""
    try:
        return PackageURL.from_string(text.strip()).to_string()
    except ValueError:
        return None


def without_mail(name: str) -> str:
    """Return the name of an organisation without the address of electronic mail behind it."""
    return _MAIL.sub("", name).strip()
