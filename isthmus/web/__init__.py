"""The pages: rendered on the server, readable and printable without script."""

from fastapi import FastAPI

from isthmus.web import (
    adding,
    changing,
    claim,
    entity,
    finding,
    home,
    judging,
    network,
    people,
    signing,
    sources,
    strips,
    work,
    world,
)
from isthmus.web.assets import add_assets


def add_pages(app: FastAPI) -> None:
    """Add every page, and what the pages load, to an application."""
    add_assets(app)
    for part in (
        home,
        entity,
        claim,
        finding,
        judging,
        adding,
        people,
        signing,
        sources,
        changing,
        work,
        network,
        strips,
        world,
    ):
        app.include_router(part.ROUTER, include_in_schema=False)
