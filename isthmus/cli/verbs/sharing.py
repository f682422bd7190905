"""Show the picture on a screen, and say who may use it."""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from isthmus.access.audit import Audit
from isthmus.access.reader import LOCAL
from isthmus.access.users import Users, user_json
from isthmus.cli.call import Call
from isthmus.cli.verbs.judgement import user_name
from isthmus.cli.verbs.picture_file import existing
from isthmus.errors import ArgumentError
from isthmus.server.running import Terms
from isthmus.server.running import serve as run


def serve(call: Call) -> dict[str, Any]:
    """Serve until stopped; the address is told when the server listens."""
    values = call.values
    picture = existing(call)
    terms = Terms(values["host"], values["port"], values["team"], tuple(values["names"] or ()))
    serve_picture(picture, terms, as_json=bool(values.get("json")), open_browser=values["open"])
    return {"served": str(picture)}


def serve_picture(picture: Path, terms: Terms, *, as_json: bool, open_browser: bool = False) -> None:
    """Serve a picture until stopped, and tell the address when the server listens."""

    def tell(address: str) -> None:
        if as_json:
            print(json.dumps({"serving": address}), file=sys.stderr, flush=True)
            return
        print(f"{picture} is served at {address}", flush=True)
        print("Ctrl-C stops it.", flush=True)

    run(picture, terms, tell, open_browser=open_browser)


def serve_demo(call: Call, found: dict[str, Any]) -> None:
    """Serve the reference picture that was built, where that is asked for, until stopped."""
    if call.values["serve"]:
        serve_picture(Path(found["picture"]), Terms(port=call.values["port"]), as_json=bool(call.values.get("json")))


def add_user(call: Call) -> dict[str, Any]:
    """Make a user."""
    values = call.values
    if values["no_password"] and values["password_stdin"]:
        raise ArgumentError("--no-password and --password-stdin cannot stand together.", where=call.path)
    picture = existing(call)
    users = Users(picture)
    password = None if values["no_password"] else _password(call)
    made = users.add(values["name"], password, values["role"], values["ceiling"], told=values["told"])
    _note(call, "user add", {"name": made.name, "role": made.role, "ceiling": made.ceiling})
    return {"users": [user_json(users, made)]}


def list_users(call: Call) -> dict[str, Any]:
    """List the users."""
    picture = existing(call)
    if not Users.exist(picture):
        return {"users": []}
    users = Users(picture)
    return {"users": [user_json(users, user) for user in users.listed()]}


def change_user(call: Call) -> dict[str, Any]:
    """Change a user."""
    values = call.values
    if values["told"] and values["not_told"]:
        raise ArgumentError("--told and --not-told cannot stand together.", where=call.path)
    users = Users(existing(call))
    users.get(values["name"])
    password = _password(call) if values["password"] or values["password_stdin"] else None
    told = True if values["told"] else False if values["not_told"] else None
    done = users.change(values["name"], role=values["role"], ceiling=values["ceiling"], told=told, password=password)
    _note(call, "user change", {"name": done.name, "role": done.role, "ceiling": done.ceiling})
    return {"users": [user_json(users, done)]}


def remove_user(call: Call) -> dict[str, Any]:
    """Remove a user."""
    users = Users(existing(call))
    users.remove(call.values["name"])
    _note(call, "user remove", {"name": call.values["name"]})
    return {"users": [user_json(users, user) for user in users.listed()]}


def make_key(call: Call) -> dict[str, Any]:
    """Make a key."""
    users = Users(existing(call))
    key = users.make_key(call.values["name"], call.values["note"] or "")
    _note(call, "key make", {"user": call.values["name"]})
    return {"user": call.values["name"], "key": key}


def revoke_key(call: Call) -> dict[str, Any]:
    """Revoke a key."""
    Users(existing(call)).revoke_key(call.values["prefix"])
    _note(call, "key revoke", {"prefix": call.values["prefix"]})
    return {"revoked": call.values["prefix"]}


def _note(call: Call, action: str, what: dict[str, Any]) -> None:
    who = replace(LOCAL, name=user_name())
    Audit(existing(call)).write(who, action, what, address="command line")


def _password(call: Call) -> str:
    """Return a password from standard input, or from somebody at the terminal, who types it twice."""
    if call.values["password_stdin"]:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise ArgumentError(
            "nobody is there to type a password.",
            where=call.path,
            hint="Give it with --password-stdin, or make a user with --no-password.",
        )
    first = getpass.getpass("Password: ", stream=sys.stderr)
    if first != getpass.getpass("The same again: ", stream=sys.stderr):
        raise ArgumentError("the two are not the same.", where=call.path)
    return first
