"""The API: everything that the service does, over HTTP."""

from fastapi import FastAPI

from isthmus.api import (
    evidence,
    exporting,
    judging,
    lenses,
    local,
    network,
    people,
    reconciliation,
    sites,
    supposing,
    things,
    yente,
)


def add_api(app: FastAPI) -> None:
    """Add every route of the API to an application."""
    for part in (things, sites, network, exporting, lenses, evidence, judging, people, local, supposing):
        app.include_router(part.ROUTER, prefix="/api/v1")
    # Clients of these two know them by addresses of their own.
    app.include_router(yente.ROUTER)
    app.include_router(reconciliation.ROUTER)
