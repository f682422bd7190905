"""Decide: which names are one thing, and which claims are taken back."""

from __future__ import annotations

import getpass
from typing import Any

from isthmus import service
from isthmus.cli.call import Call
from isthmus.cli.through import written
from isthmus.cli.verbs.picture_file import existing


def judge(call: Call) -> dict[str, Any]:
    """Store a judgement."""
    values = call.values
    given = (values["a"], values["b"], values["verdict"], values["why"])
    return written(
        service.judge,
        existing(call),
        *given,
        who=who(call),
        valid_from=values["valid_from"],
        valid_to=values["valid_to"],
    )


def unjudge(call: Call) -> dict[str, Any]:
    """Undo judgements."""
    values = call.values
    given = (values["a"], values["b"])
    return written(service.unjudge, existing(call), *given, who=who(call), why=values["why"], every=values["every"])


def retract(call: Call) -> dict[str, Any]:
    """Retract claims."""
    return written(service.retract, existing(call), list(call.values["claims"]), call.values["why"], who=who(call))


def who(call: Call) -> str:
    """Return who decides: the name given, or that of the user."""
    return str(call.values["who"]) if call.values["who"] else user_name()


def user_name() -> str:
    """Return the name of who runs the process, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A process may run under a number that no user has.
        return "unknown"
