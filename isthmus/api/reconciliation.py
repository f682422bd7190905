"""The Reconciliation Service API 0.2 (W3C community group, 2023): manifest, queries, suggestions, extension, preview."""

from __future__ import annotations

import json
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.responses import HTMLResponse, Response

from isthmus.errors import ArgumentError
from isthmus.service import reconciling
from isthmus.service.vocabulary import explain
from isthmus.serving.asking import asked
from isthmus.serving.reply import Json

ROUTER = APIRouter(prefix="/reconcile", tags=["reconciliation"])
BATCH = 200
LIMIT = 10
Prefix = Annotated[str, Query(max_length=500)]
Text = Annotated[str | None, Query(max_length=200_000)]
Sent = Annotated[str | None, Form(max_length=900_000)]


class Condition(BaseModel):
    """A property that a candidate should have."""

    model_config = ConfigDict(extra="allow")

    pid: str = Field(max_length=200)
    v: Any = None


class Wanted(BaseModel):
    """One query of a batch."""

    query: str = Field("", max_length=2000)
    type: str | list[str] | None = None
    limit: int = Field(LIMIT, ge=1, le=100)
    properties: list[Condition] = Field(default_factory=list, max_length=100)
    type_strict: str | None = None


class Property(BaseModel):
    """A property that a table is extended with."""

    id: str = Field(max_length=200)
    settings: dict[str, Any] | None = None


class Extension(BaseModel):
    """Which properties of which things are wanted."""

    ids: list[str] = Field(max_length=1000)
    properties: list[Property] = Field(max_length=100)


_QUERIES = TypeAdapter(dict[str, Wanted])


@ROUTER.get("", summary="The manifest of the service; with queries or extend, their answer")
def manifest(http: Request, queries: Text = None, extend: Text = None, callback: Text = None) -> Response:
    """Return what the service can do, or answer a batch of queries or an extension given in the address."""
    if callback is not None:
        raise ArgumentError(
            "callbacks (JSONP) are not served.", where="callback", hint="Ask with CORS or from a server."
        )
    return _answer(http, queries, extend) or Json(_manifest(http))


@ROUTER.post("", summary="Answer a batch of queries, or an extension")
def batch(http: Request, queries: Sent = None, extend: Sent = None) -> Response:
    """Answer what a form sends: `queries`, or `extend`."""
    found = _answer(http, queries, extend)
    if found is None:
        raise ArgumentError("neither queries nor extend was sent.", where="queries", hint="Send one of them as a form.")
    return found


def _answer(http: Request, queries: str | None, extend: str | None) -> Response | None:
    if queries is not None:
        return _queried(http, _read("queries", queries, _QUERIES))
    if extend is not None:
        return _extended(http, _read("extend", extend, TypeAdapter(Extension)))
    return None


def _read(name: str, text: str, shape: TypeAdapter[Any]) -> Any:
    try:
        return shape.validate_python(json.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, (name, *first["loc"])))
        raise ArgumentError(f"{first['msg'][:1].lower()}{first['msg'][1:]}.", where=where) from error
    except (ValueError, RecursionError) as error:
        raise ArgumentError("this is not JSON.", where=name) from error


def _queried(http: Request, queries: dict[str, Wanted]) -> Response:
    if len(queries) > BATCH:
        raise ArgumentError(f"{len(queries):,} queries were sent; {BATCH} are taken at once.", where="queries")
    who = asked(http)
    with who.desk.picture(who.request) as picture:
        found = {
            key: {
                "result": reconciling.candidates(
                    picture,
                    wanted.query,
                    kinds=[wanted.type] if isinstance(wanted.type, str) else wanted.type or [],
                    properties=[each.model_dump() for each in wanted.properties],
                    limit=wanted.limit,
                )
            }
            for key, wanted in queries.items()
        }
    return Json(found)


def _extended(http: Request, wanted: Extension) -> Response:
    who = asked(http)
    properties = [each.model_dump() for each in wanted.properties]
    return Json(who.desk.read(who.request, reconciling.extend, wanted.ids, properties))


def _manifest(http: Request) -> dict[str, Any]:
    here = str(http.base_url).rstrip("/")
    service = {"service_url": f"{here}/reconcile"}
    return {
        "versions": ["0.2"],
        "name": "Isthmus",
        "identifierSpace": f"{here}/entity/",
        "schemaSpace": f"{here}/api/v1/vocabulary?term=",
        "view": {"url": f"{here}/entity/{{{{id}}}}"},
        "preview": {"url": f"{here}/reconcile/preview?id={{{{id}}}}", "width": 420, "height": 160},
        "defaultTypes": [{"id": "organization", "name": "organization"}, {"id": "company", "name": "company"}],
        "suggest": {
            "entity": {**service, "service_path": "/suggest/entity"},
            "type": {**service, "service_path": "/suggest/type"},
            "property": {**service, "service_path": "/suggest/property"},
        },
        "extend": {"propose_properties": {**service, "service_path": "/properties"}, "property_settings": []},
        "batchSize": BATCH,
    }


@ROUTER.get("/suggest/entity", summary="Things whose names hold what was typed")
def entities(http: Request, prefix: Prefix, cursor: Annotated[int, Query(ge=0, le=1000)] = 0) -> Response:
    """Suggest things."""
    who = asked(http)
    found = who.desk.read(who.request, reconciling.suggest_entities, prefix, cursor + LIMIT)
    return Json({"result": found[cursor:]})


@ROUTER.get("/suggest/type", summary="Kinds whose names hold what was typed")
def types(prefix: Prefix, cursor: Annotated[int, Query(ge=0, le=1000)] = 0) -> Response:
    """Suggest kinds of the vocabulary."""
    return Json({"result": reconciling.suggest_types(prefix, cursor + LIMIT)[cursor:]})


@ROUTER.get("/suggest/property", summary="Properties whose names hold what was typed")
def properties(prefix: Prefix, cursor: Annotated[int, Query(ge=0, le=1000)] = 0) -> Response:
    """Suggest predicates and schemes of identifiers."""
    return Json({"result": reconciling.suggest_properties(prefix, cursor + LIMIT)[cursor:]})


@ROUTER.get("/properties", summary="Properties that things of a kind can be extended with")
def proposed(type: Annotated[str, Query(max_length=200)], limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Response:
    """Propose the predicates that a kind can be the subject of."""
    meant = [part for part in explain(type)["meanings"] if part["is"] == "kind"]
    if not meant:
        raise ArgumentError(f"“{type}” is no kind.", where="type", hint="`/api/v1/vocabulary` lists the kinds.")
    listed = [{"id": name, "name": name.replace("_", " ")} for name in meant[0]["subject_of"]][:limit]
    return Json({"type": type, "limit": limit, "properties": listed})


@ROUTER.get("/preview", summary="A thing in a small frame")
def preview(http: Request, id: Annotated[str, Query(min_length=1, max_length=500)]) -> Response:
    """Return a small page about a thing: its name, kinds and other ids."""
    who = asked(http)
    entity = who.desk.read(who.request, lambda picture: picture.resolve(id))
    kinds = escape(", ".join(kind.replace("_", " ") for kind in entity.kinds))
    others = escape(", ".join(name for name in entity.members if name != entity.id))
    body = (
        f"<h1>{escape(entity.caption)}</h1><p>{kinds}</p><p>{escape(entity.id)}{' = ' + others if others else ''}</p>"
    )
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(entity.caption)}</title></head>'
        f"<body>{body}</body></html>"
    )
