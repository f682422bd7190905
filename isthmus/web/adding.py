"""Add evidence in the browser: choose files, try them, add them; and how far that is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from isthmus.errors import IsthmusError
from isthmus.jobs.records import JobRecord
from isthmus.jobs.running import Jobs
from isthmus.service.adding import list_formats
from isthmus.serving.asking import Asked, asked, require
from isthmus.serving.forms import fields
from isthmus.serving.gate import note
from isthmus.serving.uploads import begin_add, may_see, seen_job
from isthmus.web.rendering import fault_page, page

ROUTER = APIRouter()
SHOWN = 200
"""So many rejected rows are printed."""


@ROUTER.get("/add")
async def choose(http: Request) -> Response:
    """Show the form."""

    def gather(who: Asked) -> dict[str, Any]:
        require(who.reader, "add")
        return {"formats": list_formats()}

    return await page(http, "add.html", gather, keep=False)


@ROUTER.post("/add")
async def add(http: Request) -> Response:
    """Begin to read what the form brings, and show how far it is."""
    try:
        form = await fields(http)
        record = await begin_add(http, form)
        await form.close()
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    return RedirectResponse(f"/jobs/{record.id}", 303)


@ROUTER.get("/jobs")
async def listed(http: Request) -> Response:
    """List the jobs."""

    def gather(who: Asked) -> dict[str, Any]:
        jobs: Jobs = http.app.state.jobs
        return {"jobs": [_job(record) for record in jobs.book.newest() if may_see(who.reader, record)]}

    return await page(http, "jobs.html", gather, keep=False)


@ROUTER.get("/jobs/{job}")
async def show(http: Request, job: str) -> Response:
    """Show one job: how far it is, or how it ended."""
    return await page(http, "job.html", lambda _: {"job": _job(seen_job(http, job)), "shown": SHOWN}, keep=False)


@ROUTER.post("/jobs/{job}/cancel")
async def cancel(http: Request, job: str) -> Response:
    """Cancel a job."""
    try:
        await (await fields(http)).close()
        record = await run_in_threadpool(seen_job, http, job)
        require(asked(http).reader, "cancel")
        jobs: Jobs = http.app.state.jobs
        if await run_in_threadpool(jobs.cancel, record.id):
            await run_in_threadpool(note, http, "cancel", {"job": record.id})
            await run_in_threadpool(jobs.wait, record.id, 3)
    except IsthmusError as error:
        return await run_in_threadpool(fault_page, http, error)
    return RedirectResponse(f"/jobs/{record.id}", 303)


def _job(record: JobRecord) -> dict[str, Any]:
    """Return a job with its times in words."""
    body = record.to_json()
    for key in ("made", "started", "ended"):
        body[key] = f"{datetime.fromtimestamp(body[key], UTC):%Y-%m-%d %H:%M:%S} UTC" if body[key] else None
    body["open"] = record.is_open
    body["dry_run"] = record.title.startswith("try ")
    return body
