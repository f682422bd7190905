"""Decide: which names are one thing, and which claims are taken back."""

from __future__ import annotations

import getpass
from typing import Any

from isthmus import service
from isthmus.cli.call import Call
from isthmus.cli.verbs.picture_file import existing


def judge(call: Call) -> dict[str, Any]:
    """Store a judgement."""
    values = call.values
    return service.judge(
        existing(call),
        values["a"],
        values["b"],
        values["verdict"],
        values["why"],
        who=who(call),
        valid_from=values["valid_from"],
        valid_to=values["valid_to"],
    )


def unjudge(call: Call) -> dict[str, Any]:
    """Undo judgements."""
    values = call.values
    return service.unjudge(
        existing(call), values["a"], values["b"], who=who(call), why=values["why"], every=values["every"]
    )


def retract(call: Call) -> dict[str, Any]:
    """Retract claims."""
    return service.retract(existing(call), call.values["claims"], call.values["why"], who=who(call))


def who(call: Call) -> str:
    """Return who decides: the name given, or that of the user."""
    if call.values["who"]:
        return str(call.values["who"])
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A process may run under a number that no user has.
        return "unknown"
