"""How a route answers: the question asked of the picture, in the one shape, with its tag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from isthmus.serving.asking import Asked, asked
from isthmus.serving.reply import Json, envelope, tag_of, tagged

MOST = 500
"""A page of a list holds at most so many."""


def answered(http: HttpRequest, question: Callable[[Asked], Any]) -> Response:
    """Answer with what a question gives."""
    who = asked(http)
    whole = envelope(who, question(who))
    return tagged(http, Json(whole), tag_of(who, whole["meta"]["picture"], str(http.url)))


def paged(http: HttpRequest, question: Callable[[Asked], list[Any]], page: int, size: int) -> Response:
    """Answer with one page of a list.

    Parameters
    ----------
    page : int
        From 1.
    size : int
        How many on a page.
    """
    who = asked(http)
    rows = question(who)
    pages = max(1, -(-len(rows) // size))
    told = {"number": page, "size": size, "pages": pages, "total": len(rows)}
    whole = envelope(who, rows[(page - 1) * size : page * size], page=told)
    return tagged(http, Json(whole), tag_of(who, whole["meta"]["picture"], str(http.url)))
