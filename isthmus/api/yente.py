"""The two calls that clients of yente make: one entity, and matching by example; in the shapes of its published API."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from isthmus.errors import InputError, UnknownEntityError
from isthmus.service.ftm_things import ftm_things
from isthmus.service.likeness import match_example
from isthmus.serving.asking import asked
from isthmus.serving.faults import status_of
from isthmus.serving.reply import Json

ROUTER = APIRouter(tags=["yente"])
QUERIES = 500
THRESHOLD, CUTOFF = 0.7, 0.5
"""What yente takes where nothing is given: from which score a result is a match, and from which it is shown at all."""
Values = Annotated[list[Annotated[str, Field(max_length=2000)]], Field(max_length=200)]


class Example(BaseModel):
    """What is known of the thing that is looked for."""

    model_config = ConfigDict(populate_by_name=True, protected_namespaces=())

    id: str | None = Field(None, max_length=500)
    # The name that FollowTheMoney gives it would hide one of the base class.
    kind: str = Field("LegalEntity", alias="schema", max_length=100)
    properties: dict[str, Values | str] = Field(default_factory=dict, max_length=100)


class Examples(BaseModel):
    """A batch of examples by names of the client's own."""

    queries: dict[str, Example] = Field(max_length=QUERIES)


@ROUTER.get("/entities/{name:path}", summary="One thing as FollowTheMoney has it")
def entity(http: Request, name: str) -> Response:
    """Return a thing by id or by an id that was merged into it: schema, properties, data sets, referents."""
    who = asked(http)
    with who.desk.picture(who.request) as picture:
        head = picture.resolve(name).id
        return Json(ftm_things(picture, [head])[head])


@ROUTER.post("/match", summary="Match things by example")
@ROUTER.post("/match/{dataset}", summary="Match things by example, within a source")
def match(
    http: Request,
    examples: Examples,
    dataset: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 5,
    threshold: Annotated[float, Query(ge=0, le=1, allow_inf_nan=False)] = THRESHOLD,
    cutoff: Annotated[float, Query(ge=0, le=1, allow_inf_nan=False)] = CUTOFF,
) -> Response:
    """Return for each example the things that it may mean, each with score, features and whether it is a match.

    A data set is a source of the picture (`default`: all of them). Scores are those of Isthmus's own matcher, from 0 to 1.
    """
    who = asked(http)
    responses: dict[str, Any] = {}
    with who.desk.picture(who.request) as picture:
        if dataset not in (None, "default") and dataset not in picture.sources:
            raise UnknownEntityError(f"there is no source “{dataset}”.", where="dataset", hint="Use default for all.")
        for key, example in examples.queries.items():
            properties = {
                name: [values] if isinstance(values, str) else values for name, values in example.properties.items()
            }
            told = {"id": example.id, "schema": example.kind, "properties": properties}
            try:
                results = match_example(
                    picture, example.kind, properties, dataset=dataset, limit=limit, threshold=threshold, cutoff=cutoff
                )
            except InputError as error:
                responses[key] = {
                    "status": status_of(error),
                    "detail": error.message,
                    "results": [],
                    "total": {"value": 0, "relation": "eq"},
                    "query": told,
                }
                continue
            responses[key] = {
                "status": 200,
                "results": results,
                "total": {"value": len(results), "relation": "eq"},
                "query": told,
            }
    return Json({"responses": responses, "matcher": MATCHER, "limit": limit})


MATCHER = {
    "isthmus": {
        "description": "word alignment over scripts, identifiers, countries and kinds; `isthmus match` shows the reasons"
    }
}
"""How results are scored, as clients list it."""
