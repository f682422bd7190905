"""Judge from a page: which two entries are one thing."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from isthmus.errors import ArgumentError, IsthmusError
from isthmus.service.deciding import judge_at
from isthmus.serving.asking import Asked, asked, require
from isthmus.serving.forms import fields
from isthmus.serving.gate import note
from isthmus.serving.people import name_of
from isthmus.web.rendering import fault_page, link

ROUTER = APIRouter()
LISTS = ("/identity",)
"""Pages that a form may ask to come back to: an address of another site is none of them."""
VERDICTS = ("same", "different", "unsure")
_LONGEST = 2_000
SEE_OTHER = 303


@ROUTER.post("/judge")
async def judge(http: Request) -> Response:
    """Store a judgement that a form of a page brings, and show the thing as it stands after it."""
    try:
        who = asked(http)
        require(who.reader, "judge")
        form = await fields(http)
        a, b, verdict = (_field(form, name) for name in ("a", "b", "verdict"))
        if verdict not in VERDICTS:
            raise ArgumentError(
                f"“{verdict[:40]}” is no verdict.", where="verdict", hint=f"One of {', '.join(VERDICTS)}."
            )
        why = _field(form, "why", needed=False) or "judged by looking at both pages"
        note(http, "judge", {"a": a, "b": b, "verdict": verdict, "why": why})
        back = _field(form, "back", needed=False)
        address = await run_in_threadpool(_judged, who, a, b, verdict, why, back)
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    return RedirectResponse(address, SEE_OTHER)


def _judged(who: Asked, a: str, b: str, verdict: str, why: str, back: str) -> str:
    """Store the judgement, and return the address to go to: the list that it came from, or the thing as it stands after it."""
    done = judge_at(who.desk, who.request, a, b, verdict, why, who=name_of(who.reader))
    # An address of its own, so that no page that was made before is shown.
    told = {"judged": done["judgement"]}
    return link(who, back, **told) if back in LISTS else link(who, "/entity", a, **told)


def _field(form: FormData, name: str, *, needed: bool = True) -> str:
    value = form.get(name)
    text = value.strip() if isinstance(value, str) else ""
    if needed and not text:
        raise ArgumentError(f"the form lacks “{name}”.", where=name)
    if len(text) > _LONGEST:
        raise ArgumentError(f"“{name}” is longer than {_LONGEST:,} characters.", where=name)
    return text
