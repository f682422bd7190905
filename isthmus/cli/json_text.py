"""JSON as the surfaces print it."""

from __future__ import annotations

import json
import re
from typing import Any

# Characters that steer a terminal or turn the direction of writing; they stand in strings only, where an escape means the same.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def json_text(value: Any, indented: bool) -> str:
    """Return one JSON document: in every script as it is, but with what steers a terminal escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2 if indented else None)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
