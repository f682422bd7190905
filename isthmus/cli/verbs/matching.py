"""Tell which names are one thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isthmus import service
from isthmus.cli.call import Call
from isthmus.cli.through import find_server, through
from isthmus.cli.verbs.judgement import who
from isthmus.cli.verbs.picture_file import existing
from isthmus.errors import ArgumentError


def match(call: Call) -> dict[str, Any]:
    """Match two names."""
    return service.match(call.values["name1"], call.values["name2"], kind=call.values["kind"])


def screen(call: Call) -> dict[str, Any]:
    """Screen a file of names; a picture is needed only where a list is a source of it."""
    values = call.values
    against = (*values["against"], *values["lists"])
    if not values["against"]:
        raise ArgumentError("no list is given.", where=call.path, hint="Name one with --against LIST.")
    return service.screen(
        existing(call) if call.chosen or call.picture.exists() else None,
        Path(values["file"]),
        against,
        column=values["column"],
        limit=values["limit"],
        bar=values["bar"],
        as_of=values["as_of"],
        include_delisted=values["include_delisted"],
        out=Path(values["out"]) if values["out"] else None,
        step=call.step,
        progress=call.progress,
    )


def resolve(call: Call) -> dict[str, Any]:
    """Propose pairs, and with ``--apply`` store the sure ones."""
    values = call.values
    if values["require_second"] and values["no_require_second"]:
        raise ArgumentError("--require-second and --no-require-second cannot stand together.", where=call.path)
    second = True if values["require_second"] else False if values["no_require_second"] else None
    given = {
        "apply": values["apply"],
        "limit": values["limit"],
        "bar": values["bar"],
        "who": who(call),
        "require_second": second,
    }
    picture = existing(call)
    if (values["apply"] or second is not None) and (server := find_server(picture)):
        return through(server, call, "resolve", given)
    return service.resolve(picture, **given, step=call.step, progress=call.progress)
