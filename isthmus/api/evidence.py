"""Bring evidence in: uploads, and the jobs that read them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from isthmus.jobs.records import JobRecord
from isthmus.jobs.running import Jobs
from isthmus.serving.asking import asked, require
from isthmus.serving.forms import MOST_FILES
from isthmus.serving.gate import note
from isthmus.serving.reply import Json
from isthmus.serving.uploads import begin_add, may_see, seen_job

ROUTER = APIRouter(tags=["evidence"])
HEARTBEAT = 10.0
"""Seconds after which a stream that has nothing to tell says that it is there."""
_LOOK = 0.15
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "source": {"type": "string", "description": "a description of the source, YAML"},
                        "mapping": {"type": "string", "description": "a mapping file, YAML"},
                        "format": {"type": "string", "description": "without it the format is recognised"},
                        "dry_run": {"type": "boolean"},
                        "strict": {"type": "boolean"},
                    },
                }
            }
        },
    }
}


@ROUTER.post("/evidence", status_code=202, summary="Read files into the picture", openapi_extra=_FORM)
async def add(http: Request) -> Response:
    """Take files in and begin a job that reads them; with `dry_run` it checks and counts and writes nothing."""
    async with http.form(max_files=MOST_FILES) as form:
        record = await begin_add(http, form)
    return Json({"data": record.to_json(), "meta": {}}, 202, headers={"Location": f"/api/v1/jobs/{record.id}"})


@ROUTER.get("/jobs", summary="The jobs that you may see, newest first")
def listed(http: Request) -> Response:
    """Return your jobs; a steward's list has those of others too."""
    reader = asked(http).reader
    jobs: Jobs = http.app.state.jobs
    return Json({"data": [record.to_json() for record in jobs.book.newest() if may_see(reader, record)], "meta": {}})


@ROUTER.get("/jobs/{job}", summary="One job: how far it is, or how it ended")
def show(http: Request, job: str) -> Response:
    """Return a job."""
    return Json({"data": seen_job(http, job).to_json(), "meta": {}})


@ROUTER.post("/jobs/{job}/cancel", summary="Cancel a job; nothing of it is written")
def cancel(http: Request, job: str) -> Response:
    """Cancel a job that waits or runs; one that has ended stays as it is."""
    record = seen_job(http, job)
    require(asked(http).reader, "cancel")
    jobs: Jobs = http.app.state.jobs
    if jobs.cancel(record.id):
        note(http, "cancel", {"job": record.id})
    return Json({"data": (jobs.wait(record.id, 5) or record).to_json(), "meta": {}})


@ROUTER.get("/jobs/{job}/events", summary="How far a job is, as it goes", response_class=StreamingResponse)
async def events(http: Request, job: str) -> Response:
    """Stream server-sent events: `job` with the job as JSON whenever it changed; the last one says how it ended."""
    record = await run_in_threadpool(seen_job, http, job)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(http, record), media_type="text/event-stream", headers=headers)


async def _stream(http: Request, record: JobRecord) -> AsyncIterator[str]:
    jobs: Jobs = http.app.state.jobs
    told, last = "", time.monotonic()
    now: JobRecord | None = record
    while now is not None:
        body = json.dumps(now.to_json(), ensure_ascii=False, default=str)
        if body != told:
            told, last = body, time.monotonic()
            yield f"id: {now.number}.{int(last * 1000)}\nevent: job\ndata: {body}\n\n"
        if not now.is_open:
            return
        if http.app.state.stopping.is_set():
            yield "event: bye\ndata: {}\nretry: 2000\n\n"
            return
        if time.monotonic() - last > HEARTBEAT:
            last = time.monotonic()
            yield ": still here\n\n"
        await asyncio.sleep(_LOOK)
        now = await run_in_threadpool(jobs.book.get, record.id)
