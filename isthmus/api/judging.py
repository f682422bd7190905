"""Decide: which names are one thing, and which claims are taken back."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from isthmus.service.deciding import judge_at, retract_at, unjudge_at
from isthmus.serving.asking import asked, require
from isthmus.serving.gate import note
from isthmus.serving.people import name_of
from isthmus.serving.reply import Json, envelope

ROUTER = APIRouter(tags=["decisions"])
Name = Annotated[str, Field(min_length=1, max_length=2000)]
Why = Annotated[str, Field(min_length=1, max_length=4000)]
Date = Annotated[str | None, Field(max_length=40)]


class NewJudgement(BaseModel):
    """What two names are to one another."""

    model_config = ConfigDict(extra="forbid")
    a: Name
    b: Name
    verdict: Literal["same", "different", "unsure"]
    why: Why
    valid_from: Date = None
    valid_to: Date = None


class Undoing(BaseModel):
    """Which judgement to undo: the newest about two names, or every one."""

    model_config = ConfigDict(extra="forbid")
    a: Name
    b: Name
    why: Annotated[str | None, Field(max_length=4000)] = None
    every: bool = False


class Retraction(BaseModel):
    """Which claims to take back, and why."""

    model_config = ConfigDict(extra="forbid")
    claims: Annotated[list[Annotated[str, Field(max_length=80)]], Field(min_length=1, max_length=10_000)]
    why: Why


@ROUTER.post("/judgements", status_code=201, summary="Judge whether two names are one thing; it can be undone")
def judge(http: Request, body: NewJudgement) -> Response:
    """Store a judgement in your name, and return it with what else stands about the two."""
    who = asked(http)
    require(who.reader, "judge")
    note(http, "judge", body.model_dump(exclude_none=True))
    done = judge_at(
        who.desk,
        who.request,
        body.a,
        body.b,
        body.verdict,
        body.why,
        who=name_of(who.reader),
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )
    return Json(envelope(who, done), 201)


@ROUTER.post("/judgements/undo", summary="Undo the newest judgement about two names, or every one")
def unjudge(http: Request, body: Undoing) -> Response:
    """Undo judgements; what stood before stands again, and both stay on record."""
    who = asked(http)
    require(who.reader, "judge")
    note(http, "unjudge", body.model_dump(exclude_none=True))
    done = unjudge_at(who.desk, who.request, body.a, body.b, who=name_of(who.reader), why=body.why, every=body.every)
    return Json(envelope(who, done))


@ROUTER.post("/retractions", status_code=201, summary="Take claims back; they stay on record")
def retract(http: Request, body: Retraction) -> Response:
    """Retract claims, with the reason."""
    who = asked(http)
    require(who.reader, "retract")
    note(http, "retract", body.model_dump())
    done = retract_at(who.desk, who.request, body.claims, body.why, who=name_of(who.reader))
    return Json(envelope(who, done), 201)
