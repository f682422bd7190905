"""One application of all parts: the desk, who reads, the API and the pages."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response

from isthmus import __version__
from isthmus.access.reader import LOCAL
from isthmus.api import add_api
from isthmus.errors import ArgumentError, UnknownEntityError
from isthmus.jobs.records import JobRecord
from isthmus.jobs.running import Jobs
from isthmus.server.warming import warm
from isthmus.service.desk import Desk
from isthmus.serving.faults import fault_body
from isthmus.serving.gate import Access, Gate
from isthmus.serving.guard import Guard, Limits
from isthmus.serving.packing import SMALLEST
from isthmus.serving.reply import Json
from isthmus.web import add_pages
from isthmus.web.kept import KeptPages, PageCache
from isthmus.web.rendering import fault_page


def build_app(desk: Desk, limits: Limits | None = None, access: Access | None = None, *, address: str = "") -> FastAPI:
    """Return the application over a desk, which it closes when it stops.

    Parameters
    ----------
    access : Access or None
        Who may use it; None: who sits at the laptop.
    address : str
        Where it is asked; with it, the first pages are made at once, where there is one reader only.
    """
    access = access or Access.of(desk.path)
    pages = PageCache()
    jobs = Jobs(desk, lambda record: _ended(access, record), lambda draft: pages.foresee(draft, desk))

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(jobs.start)
        warming = asyncio.create_task(warm(app, address)) if address and access.users is None else None
        yield
        app.state.stopping.set()
        if warming is not None:
            await asyncio.gather(warming, return_exceptions=True)
        await run_in_threadpool(jobs.stop)
        desk.close()

    app = FastAPI(
        title="Isthmus",
        version=__version__,
        description="An open common operating picture, with a source for every claim.",
        lifespan=running,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.desk = desk
    app.state.pages = pages
    app.state.access = access
    app.state.jobs = jobs
    app.state.stopping = threading.Event()
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    add_api(app)
    add_pages(app)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST, compresslevel=5)
    app.add_middleware(KeptPages, pages=pages)
    app.add_middleware(Gate, access=access)
    app.add_middleware(Guard, limits=limits or Limits())
    return app


def _ended(access: Access, record: JobRecord) -> None:
    """Put on record how a job ended, in the name of who began it."""
    who = replace(LOCAL, name=record.owner, ceiling=record.ceiling, role="reader")
    access.audit.write(who, f"job {record.state}", {"job": record.id, "kind": record.kind})


async def _invalid(http: Request, error: Exception) -> Response:
    """Answer a request whose parts cannot be read, in the shape of every other error."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return Json(fault_body(ArgumentError(f"{first['msg'][:1].lower()}{first['msg'][1:]}.", where=where)), 422)


async def _refused(http: Request, error: Exception) -> Response:
    """Answer what no route takes: with a page to who reads pages, else in the shape of every other error."""
    assert isinstance(error, HTTPException)
    told = UnknownEntityError(f"there is nothing at {http.url.path[:200]}.", hint="The first page is at /.")
    if http.url.path.startswith("/api/") or error.status_code != 404:
        if error.status_code != 404:
            return Json(fault_body(ArgumentError(f"{error.detail}.", where=http.url.path[:200])), error.status_code)
        return Json(fault_body(told), 404)
    return fault_page(http, told)
