"""The sites of the map, in columns."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isthmus.service.pages.map import Wanted, site_columns
from isthmus.serving.asking import asked
from isthmus.serving.reply import Json, envelope, tag_of, tagged

ROUTER = APIRouter()
Word = Annotated[str | None, Query(max_length=2000)]
Words = Annotated[list[str] | None, Query(max_length=40)]
KEPT = 8
_LEVEL = 6
_NAME = "packed sites"
_LOCK = threading.Lock()


@ROUTER.get("/sites", tags=["things"], summary="Where sites lie, who is tied to them, and since when, in columns")
def sites(
    http: Request,
    of: Word = None,
    layer: Words = None,
    status: Words = None,
    vendor: Word = None,
    role: Word = None,
    controller: Word = None,
    how: Word = None,
    country: Word = None,
    place: Word = None,
    view: Word = None,
) -> Response:
    """Return every site that meets the choice, each part of it as a column; numbers point into the tables beside."""
    who = asked(http)
    wanted = Wanted.read(http.query_params)
    picture = who.desk.read(who.request, lambda picture: picture.hash)
    tag = tag_of(who, picture, str(http.url))
    known = tagged(http, Response(), tag)
    if known.status_code == 304:
        return known
    key = (who.desk.generation, tag)
    with _LOCK:
        kept = who.desk.memo.setdefault(_NAME, OrderedDict())
        assert isinstance(kept, OrderedDict)
        body: bytes | None = kept.get(key)
    if body is None:
        body = bytes(Json(envelope(who, site_columns(who.desk, who.request, wanted))).body)
        with _LOCK:
            kept[key] = body = gzip.compress(body, _LEVEL, mtime=0)
            while len(kept) > KEPT:
                kept.popitem(last=False)
    packs = "gzip" in http.headers.get("accept-encoding", "")
    answer = Response(body if packs else gzip.decompress(body), media_type="application/json")
    answer.headers["vary"] = "accept-encoding"
    if packs:
        answer.headers["content-encoding"] = "gzip"
    return tagged(http, answer, tag)
