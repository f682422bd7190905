"""Style sheets, scripts and libraries: files of the package, served under names that change with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from isthmus.serving.packing import SMALLEST, pack, packed, takes_packed

FOREVER = "public, max-age=31536000, immutable"
TEXTS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".json": "application/json"}
"""What is packed, by ending."""


class Assets(StaticFiles):
    """Files of the package; one asked for with its content's name may be kept for ever, and texts go out packed."""

    def file_response(self, full_path, stat_result, scope: Scope, status_code: int = 200) -> Response:  # type: ignore[no-untyped-def]
        """Return a file with how long it may be kept."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        named = b"v=" in scope.get("query_string", b"")
        kept = FOREVER if named else "no-cache"
        path, size = Path(full_path), stat_result.st_size
        whole = response.status_code == 200 and scope["method"] == "GET" and size >= SMALLEST
        if path.suffix in TEXTS and whole and takes_packed(Request(scope)):
            headers = {name: response.headers[name] for name in ("etag", "last-modified")}
            headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding", "etag": "W/" + headers["etag"]}
            body = _packed(path, stat_result.st_mtime_ns, size)
            response = Response(body, headers=headers, media_type=TEXTS[path.suffix])
        response.headers["cache-control"] = kept
        return response


@cache
def _packed(path: Path, changed: int, size: int) -> bytes:
    """Return a file packed; what changed it is part of the question."""
    body = path.read_bytes()
    return packed(pack(body, b"\0no word\0"), b"", body)


def folder() -> Path:
    """Return where the files lie."""
    return Path(str(files("isthmus.web").joinpath("static")))


@cache
def asset(name: str) -> str:
    """Return the address of a file, with a name for its content.

    Raises
    ------
    FileNotFoundError
        The package has no such file.
    """
    digest = hashlib.sha256((folder() / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def add_assets(app: FastAPI) -> None:
    """Serve the files under ``/static``."""
    app.mount("/static", Assets(directory=folder()), name="static")
