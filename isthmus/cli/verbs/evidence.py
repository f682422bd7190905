"""Bring evidence in, say what is held, give it out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isthmus import Request, service
from isthmus.access.audit import Audit
from isthmus.cli.call import Call
from isthmus.cli.through import Served, find_server, through
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
    picture = writable(call)
    if not options.dry_run and picture.exists() and (server := find_server(picture)):
        return _through(server, call, picture, files, options)
    return service.add_files(picture, files, options, step=call.step, progress=call.progress)


def _through(
    server: Served, call: Call, picture: Path, files: list[Path], options: service.AddOptions
) -> dict[str, Any]:
    """Let the server of a picture read the files; what it tells of them has the names that were given here."""
    # An empty name, or one that only a reader knows, is no path that another folder would change.
    placed = [str(file.absolute()) if file.exists() else str(file) for file in files]
    spec = {
        "files": placed,
        "format": options.format,
        "source": str(options.source.absolute()) if options.source else None,
        "mapping": str(options.mapping.absolute()) if options.mapping else None,
        "strict": options.strict,
        "called": str(picture.absolute()),
    }
    names = dict(zip(placed, map(str, files), strict=True))
    found = through(server, call, "add", spec, names)
    for item in found["files"]:
        item["file"] = names.get(item["file"], item["file"])
    return {**found, "picture": str(picture)}


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
    """Check the picture, and the record of what was done while it was served."""
    found = service.check(existing(call))
    chain = Audit(call.picture).check()
    if chain.broken:
        what = f"the record of what was done breaks at line {chain.broken:,}: {chain.why}"
        found["problems"] = [
            {"severity": "error", "where": Audit(call.picture).path.name, "what": what, "n": 1},
            *found["problems"],
        ]
        found["ok"] = False
    return {
        **found,
        "record": {"lines": chain.lines, "broken": chain.broken, "last": chain.last} if chain.lines else None,
    }


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
