"""What stands around a thing, for drawings that grow by clicks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isthmus.api.answered import answered
from isthmus.service.pages.network import MOST, NEAREST, network

ROUTER = APIRouter(tags=["things"])
Named = Annotated[list[Annotated[str, Query(max_length=2000)]], Query(max_length=200)]


@ROUTER.get("/network", summary="A thing with its nearest neighbours")
def show(
    http: Request,
    of: Annotated[str, Query(min_length=1, max_length=2000)],
    beside: Named = [],  # noqa: B006
    predicate: Named = [],  # noqa: B006
    most: Annotated[int, Query(ge=1, le=MOST)] = NEAREST,
    certain: bool = False,
) -> Response:
    """Return nodes and edges; `beside` names what a drawing shows already."""
    return answered(
        http,
        lambda who: who.desk.read(
            who.request,
            network,
            of,
            beside=tuple(beside),
            most=most,
            predicates=tuple(filter(None, predicate)),
            certain=certain,
        ),
    )
