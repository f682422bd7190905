"""Bring evidence in, say what is held, give it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isthmus import Request, service
from isthmus.cli.call import Call
from isthmus.cli.verbs.picture_file import existing, writable


def add(call: Call) -> dict[str, Any]:
    """Read files into the picture."""
    values = call.values
    options = service.AddOptions(
        format=values["format"],
        source=Path(values["source"]) if values["source"] else None,
        mapping=Path(values["mapping"]) if values["mapping"] else None,
        dry_run=values["dry_run"],
        strict=values["strict"],
    )
    files = [Path(name) for name in values["files"]]
    return service.add_files(writable(call), files, options, step=call.step, progress=call.progress)


def formats(call: Call) -> dict[str, Any]:
    """List the formats that are read and those that are written."""
    return {"read": service.list_formats(), "write": service.list_export_formats()}


def sources(call: Call) -> dict[str, Any]:
    """List the sources."""
    return {"sources": service.list_sources(existing(call))}


def stats(call: Call) -> dict[str, Any]:
    """Say what is held."""
    return service.stats(existing(call), request(call))


def check(call: Call) -> dict[str, Any]:
    """Check the picture."""
    return service.check(existing(call))


def export(call: Call) -> dict[str, Any]:
    """Write the picture in a public format."""
    values = call.values
    return service.export(
        existing(call),
        values["format"],
        Path(values["out"]),
        Request(values["as_of"], values["known_at"], values["without"]),
        sources=values["sources"],
        ceiling=values["ceiling"],
        include_restricted=values["include_restricted"],
    )


def request(call: Call) -> Request:
    """Return which claims a picture is made of, as the options say."""
    values = call.values
    return Request(values["as_of"], values["known_at"], values["without"], values["ceiling"])
