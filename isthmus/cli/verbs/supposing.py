"""Ask scenarios, and give out the examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isthmus import service
from isthmus.cli.call import Call
from isthmus.cli.verbs.evidence import request
from isthmus.cli.verbs.picture_file import existing
from isthmus.errors import ArgumentError


def suppose(call: Call) -> dict[str, Any]:
    """Ask scenarios of the picture; or list the examples, or give one out."""
    values = call.values
    chosen = [name for name in ("list", "example") if values[name]]
    if len(chosen) + bool(values["files"]) > 1:
        raise ArgumentError(
            "scenarios, --list and --example are asked one at a time.", where=call.path, hint="Leave all but one out."
        )
    if values["out"] and not values["example"]:
        raise ArgumentError("--out says where an example is copied to.", where="--out", hint="Add --example NAME.")
    if values["list"]:
        return {"examples": service.list_examples()}
    if values["example"]:
        return service.example(values["example"], Path(values["out"]) if values["out"] else None)
    if not values["files"]:
        raise ArgumentError(
            "no scenario is given.",
            where=call.path,
            hint="Give a YAML file; `isthmus suppose --list` names examples to copy.",
        )
    return service.suppose(
        existing(call),
        [Path(name) for name in values["files"]],
        request(call),
        strength=values["strength"],
        why=values["why"],
        limit=values["limit"],
    )
