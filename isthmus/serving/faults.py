"""Errors as HTTP tells them: a status for each kind, one shape for all, and no word of the code's insides."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from isthmus.errors import (
    AccessError,
    AmbiguousEntityError,
    InputError,
    IsthmusError,
    StoreLockedError,
    UnknownEntityError,
)

LOG = logging.getLogger("isthmus.server")
BAD, FORBIDDEN, MISSING, AMBIGUOUS, BUSY, BROKEN = 400, 403, 404, 409, 503, 500


def status_of(error: IsthmusError) -> int:
    """Return the HTTP status of an error raised on purpose; an error of the surfaces may say its own as `status`."""
    told = getattr(error, "status", None)
    if isinstance(told, int):
        return told
    if isinstance(error, AccessError):
        return FORBIDDEN
    if isinstance(error, UnknownEntityError):
        return MISSING
    if isinstance(error, AmbiguousEntityError):
        return AMBIGUOUS
    if isinstance(error, InputError):
        return BAD
    return BUSY if isinstance(error, StoreLockedError) else BROKEN


def fault_body(error: IsthmusError) -> dict[str, Any]:
    """Return the error of the design, section 5; an ambiguous name has its candidates beside, an unknown one the nearest names."""
    body: dict[str, Any] = {"error": error.to_json()}
    if isinstance(error, AmbiguousEntityError | UnknownEntityError) and error.candidates:
        body["candidates"] = [{"id": name, "caption": caption} for name, caption in error.candidates]
    return body


def unforeseen(error: BaseException) -> tuple[str, dict[str, Any]]:
    """Log an error that nobody foresaw, and return its id and what may be said of it."""
    name = "e-" + secrets.token_hex(4)
    LOG.error("fault %s", name, exc_info=error)
    body = {
        "error": {
            "kind": "internal",
            "message": "a fault of Isthmus itself; nothing was changed by it.",
            "where": None,
            "hint": f"Please report it with its number, {name}: the server's log has what happened under it.",
            "id": name,
        }
    }
    return name, body
