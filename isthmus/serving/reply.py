"""The shape of every answer of the API, and the tag by which a client knows that it has it already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from isthmus import __version__
from isthmus.serving.asking import Asked


class Json(JSONResponse):
    """JSON with every script as it is."""

    def render(self, content: Any) -> bytes:
        """Return the content as UTF-8."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str).encode()


def tag_of(asked: Asked, picture: str, address: str) -> str:
    """Return the ETag of an answer: of the picture's hash, who may see how much, the address and the program."""
    text = "\x1f".join((picture, asked.reader.name, asked.request.ceiling, asked.reader.role, address, __version__))
    return '"' + hashlib.sha256(text.encode()).hexdigest()[:32] + '"'


def is_withheld(asked: Asked) -> bool:
    """Tell whether the picture holds claims above the ceiling of who asks."""
    return asked.desk.read(asked.request, lambda picture: picture.reader.withheld.anything)


def envelope(asked: Asked, data: Any, *, page: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return ``{"data": …, "meta": {"picture", "as_of", "known_at", "page"}}``; who may be told reads there that something is withheld."""
    meta = asked.desk.read(asked.request, lambda picture: (picture.hash, picture.as_of, picture.known_at))
    body: dict[str, Any] = {"data": data, "meta": dict(zip(("picture", "as_of", "known_at"), meta, strict=True))}
    if asked.reader.told and is_withheld(asked):
        body["meta"]["withheld"] = True
    if page is not None:
        body["meta"]["page"] = dict(page)
    return body


def tagged(http: HttpRequest, response: Response, tag: str) -> Response:
    """Give an answer its tag; where the client has it already, say only that."""
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in [part.strip().removeprefix("W/") for part in http.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
