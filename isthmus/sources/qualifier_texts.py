"""Texts of a source as qualifiers can hold them."""

from __future__ import annotations

import re

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


def qualifier_text(text: str) -> str | None:
    """Return a text on one line, without ``;``, not beginning like an entity; None where nothing of it is left."""
    return _BLANKS.sub(" ", text.replace(";", ",")).strip().lstrip("@ ") or None
