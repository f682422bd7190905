"""Search, entities, claims, sources, and what is held."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isthmus.api.answered import MOST, answered, paged
from isthmus.service import holding
from isthmus.service.adding import list_formats
from isthmus.service.answers import show_entity
from isthmus.service.changes import differ
from isthmus.service.counts import count_all
from isthmus.service.finding import search
from isthmus.service.keeping import check_picture
from isthmus.service.lending import list_export_formats
from isthmus.service.matching import match
from isthmus.service.vocabulary import explain
from isthmus.serving.asking import require
from isthmus.serving.reply import Json

ROUTER = APIRouter()
Text = Annotated[str, Query(min_length=1, max_length=2000)]
Page = Annotated[int, Query(ge=1, le=1_000_000, description="which page, from 1")]
Size = Annotated[int, Query(ge=1, le=MOST, description="how many on a page")]
When = Annotated[str | None, Query(max_length=40)]


@ROUTER.get("/find", tags=["things"], summary="Search names and titles, in any script")
def find(http: Request, q: Text, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Response:
    """Return entities and sources that hold every word, best first, each with the name that matched and how."""
    return answered(http, lambda who: who.desk.read(who.request, search, q, limit=limit))


@ROUTER.get("/entities/{name:path}", tags=["things"], summary="Everything that is held of one entity")
def show(http: Request, name: str) -> Response:
    """Return names, kinds, identifiers, facts, relations, gaps, conflicts, judgements and sources."""
    return answered(
        http, lambda who: who.desk.read(who.request, lambda picture: show_entity(picture, picture.resolve(name)))
    )


@ROUTER.get("/claims/{claim}", tags=["things"], summary="One claim, with what else is said")
def claim(http: Request, claim: str) -> Response:
    """Return a claim in words with its source, who else says it, who says otherwise; of a retracted one, that it is."""
    return answered(http, lambda who: who.desk.read(who.request, holding.claim, claim))


@ROUTER.get("/sources", tags=["things"], summary="The sources")
def sources(http: Request, page: Page = 1, size: Size = 100) -> Response:
    """Return every source that is read or cited by a claim that you see, with how many claims rest on it."""
    return paged(http, lambda who: who.desk.read(who.request, holding.sources), page, size)


@ROUTER.get("/sources/{name:path}", tags=["things"], summary="One source and its claims")
def source(http: Request, name: str, page: Page = 1, size: Size = 100) -> Response:
    """Return a source, and a page of the claims that were read in it or rest on it."""
    return answered(http, lambda who: who.desk.read(who.request, holding.source, name, page=page, size=size))


@ROUTER.get("/stats", tags=["picture"], summary="What is held, and how well it is covered")
def stats(http: Request) -> Response:
    """Return counts by kind and predicate, and the coverage."""
    return answered(http, lambda who: who.desk.read(who.request, count_all))


@ROUTER.get("/conflicts", tags=["picture"], summary="Claims that cannot all hold")
def conflicts(http: Request, page: Page = 1, size: Size = 100) -> Response:
    """Return each conflict with the claims on its sides."""
    return paged(http, lambda who: who.desk.read(who.request, holding.conflicts), page, size)


@ROUTER.get("/diff", tags=["picture"], summary="What changed between two dates")
def diff(
    http: Request,
    from_: Annotated[str | None, Query(alias="from", max_length=40, description="a valid date")] = None,
    to: When = None,
    known_from: When = None,
    known_to: When = None,
    limit: Annotated[int, Query(ge=0, le=2000)] = 200,
) -> Response:
    """Return changed claims, relations and conclusions between two valid dates, or two record times."""
    valid = (from_, to) if from_ or to else None
    known = (known_from, known_to) if known_from or known_to else None
    return answered(http, lambda who: differ(who.desk, who.request, valid, known, limit=limit))


@ROUTER.get("/check", tags=["picture"], summary="Whether the picture is whole and consistent")
def check(http: Request) -> Response:
    """Return faults of the file, conflicts, contradictory judgements and the coverage; for stewards, as it looks at everything."""
    require(http.state.reader, "audit")
    return answered(http, lambda who: who.desk.read(who.request, check_picture))


@ROUTER.get("/names/match", tags=["things"], summary="How likely two names are one thing")
def match_two(
    http: Request, name1: Text, name2: Text, kind: Annotated[str | None, Query(max_length=100)] = None
) -> Response:
    """Return score, verdict and the reasons for and against; no picture is asked."""
    return Json({"data": match(name1, name2, kind=kind), "meta": {}})


@ROUTER.get("/vocabulary", tags=["reference"], summary="The vocabulary, or one term of it")
def vocabulary(http: Request, term: Annotated[str | None, Query(max_length=200)] = None) -> Response:
    """Return what may be said: kinds, predicates, qualifiers, units."""
    return Json({"data": explain(term), "meta": {}})


@ROUTER.get("/formats", tags=["reference"], summary="What can be read and written")
def formats() -> Response:
    """Return the formats of evidence and of exports."""
    return Json({"data": {"read": list_formats(), "write": list_export_formats()}, "meta": {}})
