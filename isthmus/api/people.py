"""Who may use the picture, and what was done."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from isthmus.access.users import Users, user_json
from isthmus.errors import ArgumentError
from isthmus.model import MARKINGS
from isthmus.serving.asking import asked, require
from isthmus.serving.gate import Access, note
from isthmus.serving.people import require_over
from isthmus.serving.reply import Json

ROUTER = APIRouter(tags=["people"])
Role = Literal["reader", "analyst", "steward"]
Marking = Literal["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]


class NewUser(BaseModel):
    """A user to be made; one without a password has keys only."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=64)]
    role: Role = "reader"
    ceiling: Marking = "TLP:CLEAR"
    told: bool = False
    password: Annotated[str | None, Field(max_length=1000)] = None


class Change(BaseModel):
    """What shall be another than it is."""

    model_config = ConfigDict(extra="forbid")
    role: Role | None = None
    ceiling: Marking | None = None
    told: bool | None = None
    password: Annotated[str | None, Field(max_length=1000)] = None


class NewKey(BaseModel):
    """What a key is for."""

    model_config = ConfigDict(extra="forbid")
    note: Annotated[str, Field(max_length=200)] = ""


@ROUTER.get("/me", summary="Who you are here: role and ceiling")
def me(http: Request) -> Response:
    """Return your name, role, ceiling, and whether you are told that something is withheld."""
    return Json({"data": asdict(asked(http).reader), "meta": {"markings": list(MARKINGS)}})


@ROUTER.get("/users", summary="The users and their keys (stewards)")
def listed(http: Request) -> Response:
    """Return every user with how their keys begin."""
    users = _users(http)
    return Json({"data": [user_json(users, user) for user in users.listed()], "meta": {}})


@ROUTER.post("/users", status_code=201, summary="Make a user (stewards)")
def add(http: Request, body: NewUser) -> Response:
    """Make a user; nobody gives more than they see themselves."""
    users = _users(http)
    require_over(asked(http).reader, body.ceiling)
    note(http, "user add", body.model_dump(exclude={"password"}))
    made = users.add(body.name, body.password, body.role, body.ceiling, told=body.told)
    return Json({"data": user_json(users, made), "meta": {}}, 201)


@ROUTER.post("/users/{name}", summary="Change a user; their sessions end (stewards)")
def change(http: Request, name: str, body: Change) -> Response:
    """Change role, ceiling or password."""
    users = _users(http)
    require_over(asked(http).reader, users.get(name).ceiling, body.ceiling)
    note(http, "user change", {"name": name, **body.model_dump(exclude={"password"}, exclude_none=True)})
    done = users.change(name, role=body.role, ceiling=body.ceiling, told=body.told, password=body.password)
    return Json({"data": user_json(users, done), "meta": {}})


@ROUTER.delete("/users/{name}", summary="Remove a user with keys and sessions (stewards)")
def remove(http: Request, name: str) -> Response:
    """Remove a user; what they did stays on record."""
    users = _users(http)
    require_over(asked(http).reader, users.get(name).ceiling)
    note(http, "user remove", {"name": name})
    users.remove(name)
    return Json({"data": {"removed": name}, "meta": {}})


@ROUTER.post("/users/{name}/keys", status_code=201, summary="Make a key for a program (stewards)")
def make_key(http: Request, name: str, body: NewKey) -> Response:
    """Return a new key; it is shown this once."""
    users = _users(http)
    require_over(asked(http).reader, users.get(name).ceiling)
    note(http, "key make", {"user": name, "note": body.note})
    return Json({"data": {"user": name, "key": users.make_key(name, body.note)}, "meta": {}}, 201)


@ROUTER.delete("/keys/{prefix}", summary="Revoke a key (stewards)")
def revoke(http: Request, prefix: str) -> Response:
    """Revoke a key by how it begins."""
    users = _users(http)
    note(http, "key revoke", {"prefix": prefix[:40]})
    users.revoke_key(prefix)
    return Json({"data": {"revoked": prefix}, "meta": {}})


@ROUTER.get("/audit", summary="What was done, newest first (stewards)")
def audit(http: Request, limit: Annotated[int, Query(ge=1, le=2000)] = 200) -> Response:
    """Return the newest lines of the record by those who see no more than you, and whether its chain is whole."""
    reader = asked(http).reader
    require(reader, "audit")
    access: Access = http.app.state.access
    return Json({"data": access.audit.lines(reader, limit=limit), "meta": {"chain": asdict(access.audit.check())}})


def _users(http: Request) -> Users:
    require(asked(http).reader, "users")
    access: Access = http.app.state.access
    if access.users is None:
        raise ArgumentError(
            "this picture is served to one person, without users.", hint="`isthmus user add NAME` makes the first one."
        )
    return access.users
