"""A picture in public formats, within licence and marking."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from isthmus.errors import ArgumentError
from isthmus.model import MARKINGS
from isthmus.service.lending import ALIASES, export_picture, list_export_formats
from isthmus.serving.asking import Asked, asked
from isthmus.serving.reply import Json

ROUTER = APIRouter(tags=["picture"])
TYPES = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "jsonl": ("jsonl", "application/x-ndjson"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
    "ftm": ("ftm.json", "application/x-ndjson"),
    "bods": ("bods.json", "application/json"),
    "graphml": ("graphml", "application/graphml+xml"),
    "cyclonedx": ("cdx.json", "application/vnd.cyclonedx+json"),
}
"""The ending and the media type of each format."""


@ROUTER.get("/export/{form}", summary="The visible claims in a public format")
async def export(
    http: Request,
    form: str,
    source: Annotated[list[str], Query(max_length=50, description="only claims read in these sources")] = [],  # noqa: B006
    marking: Annotated[str, Query(max_length=20, description="the highest marking that may leave")] = "TLP:CLEAR",
) -> Response:
    """Return a file. What may not leave (marking, licence) is left out; the head ``X-Isthmus-Claims`` says how many claims are in it.

    ``ftm`` is FollowTheMoney, one JSON object a line.
    """
    who = asked(http)
    form = ALIASES.get(form, form)
    if form not in {entry["name"] for entry in list_export_formats()}:
        raise ArgumentError(
            f"there is no format “{form[:40]}”.",
            where="form",
            hint="`/api/v1/formats` lists those that can be written.",
        )
    if marking not in MARKINGS:
        raise ArgumentError(f"“{marking}” is no marking.", where="marking", hint=f"Use one of {', '.join(MARKINGS)}.")
    return await run_in_threadpool(_write, who, form, tuple(source), marking)


def _write(who: Asked, form: str, sources: tuple[str, ...], marking: str) -> Response:
    folder = Path(tempfile.mkdtemp(prefix="isthmus-export-"))
    ending, media = TYPES.get(form, (form, "application/octet-stream"))
    try:
        out = folder / f"picture.{ending}"
        with who.desk.picture(who.request) as picture:
            told = export_picture(picture, form, out, sources=sources, ceiling=marking)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    headers = {
        "X-Isthmus-Claims": str(told["claims"]),
        "X-Isthmus-Withheld": str(
            sum(told["withheld"].values()) if isinstance(told["withheld"], dict) else told["withheld"]
        ),
    }
    if not who.reader.told:
        del headers["X-Isthmus-Withheld"]
    done = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return FileResponse(out, media_type=media, filename=out.name, headers=headers, background=done)


@ROUTER.get("/export", summary="The formats that can be written")
def exports() -> Response:
    """List the formats."""
    return Json({"data": list_export_formats(), "meta": {}})
