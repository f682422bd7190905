"""What if: a scenario asked of the picture, and the scenarios that come with the package."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from isthmus.errors import FormatError
from isthmus.service.bench import examples, suppose_text
from isthmus.service.bench_forms import FORMS
from isthmus.serving.asking import Asked, asked
from isthmus.serving.reply import Json, envelope

ROUTER = APIRouter(tags=["what if"])
MOST = 5_000
_SCENARIO = {
    "type": "object",
    "description": "a scenario as a scenario file holds it; several under `scenarios`",
    "properties": {
        "scenario": {"type": "string", "description": "its name"},
        "title": {"type": "string"},
        "baseline": {"type": "object", "description": "as_of, known_at, without, strength"},
        "changes": {
            "type": "array",
            "description": f"each with one of {', '.join(FORMS)}",
            "items": {"type": "object"},
        },
        "ask": {"type": "array", "items": {"type": "string"}, "description": "things whose fate is asked about"},
        "horizon": {"type": "string", "description": "months, as “36 months”"},
    },
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _SCENARIO},
            "application/yaml": {"schema": {"type": "string", "description": "the text of a scenario file"}},
        },
    }
}


@ROUTER.post(
    "/suppose", summary="What becomes of things under a scenario; of several, side by side", openapi_extra=_BODY
)
async def suppose(
    http: Request,
    why: Annotated[bool, Query(description="add what each answer rests on")] = False,
    limit: Annotated[int, Query(ge=1, le=MOST, description="at most so many answers")] = 500,
    strength: Annotated[str | None, Query(max_length=40, description="which needs count")] = None,
) -> Response:
    """Return the finding: answers in the order in which things fall, survivors, claims and sources. Nothing is stored."""
    who = asked(http)
    text = _text(await http.body(), http.headers.get("content-type", ""))
    return await run_in_threadpool(_answered, who, text, strength, why, limit)


@ROUTER.get("/scenarios", summary="The scenarios that come with the package, each with its text")
def listed(http: Request) -> Response:
    """Return name, title, whose it is, note and text of each."""
    who = asked(http)
    return Json(envelope(who, examples()))


def _answered(who: Asked, text: str, strength: str | None, why: bool, limit: int) -> Response:
    found = suppose_text(who.desk, who.request, [("body", text)], strength=strength, why=why, limit=limit)
    return Json(envelope(who, found))


def _text(body: bytes, kind: str) -> str:
    """Return the text of a scenario file: the body itself, or JSON written so that it is read as YAML."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError("the scenario is not UTF-8.", where="body") from error
    if kind.partition(";")[0].strip() != "application/json":
        return text
    try:
        # A pair of escapes that stand for one letter is none in YAML: the letter itself is.
        told = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
        told.encode()
        return told
    except (ValueError, RecursionError) as error:
        raise FormatError(
            "the body is not JSON.", where="body", hint="Send a scenario as JSON, or YAML as application/yaml."
        ) from error
