"""Makes docs/reference/api.md from the routes of the application."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from made import cell, write_page

from isthmus.claims.store import Store
from isthmus.server.app import build_app
from isthmus.service.desk import Desk

PAGE = Path(__file__).parent / "reference" / "api.md"
HEAD = """# API

Made by `scripts/docs` from the application; the same stands as OpenAPI at `/api/v1/openapi.json` of a running server
(`isthmus serve`).

Every answer under `/api/v1` is `{"data": …, "meta": {"picture", "as_of", "known_at", "page"}}`, every fault
`{"error": {"kind", "message", "where", "hint"}}`; an ambiguous name has `candidates` beside. `as_of`, `known_at`, `without`
(repeatable) and `ceiling` may be given to every question, as on the command line. Answers carry an `ETag` made of the picture's
hash, the reader and the address; lists are cut into pages (`page`, `size`). Under `/match`, `/entities` and `/reconcile` stand the
shapes that clients of yente and of the Reconciliation Service API 0.2 know.
"""
VERBS = ("get", "post", "put", "patch", "delete")


def page(document: dict[str, Any]) -> str:
    """Return the page for an OpenAPI document."""
    groups: dict[str, list[str]] = {}
    for path, verbs in document["paths"].items():
        for verb in VERBS:
            if verb in verbs:
                body = verbs[verb]
                groups.setdefault((body.get("tags") or ["other"])[0], []).append(_route(verb, path, body))
    parts = [HEAD]
    for name, routes in groups.items():
        parts.append(f"\n## {name[:1].upper()}{name[1:]}\n")
        parts += routes
    return "\n".join(parts).rstrip() + "\n"


def _route(verb: str, path: str, body: dict[str, Any]) -> str:
    lines = [f"### `{verb.upper()} {path}`", "", f"{body.get('summary', '')}.", ""]
    if body.get("description"):
        lines += [body["description"].strip(), ""]
    rows = [_parameter(each) for each in body.get("parameters", ())]
    if rows:
        lines += ["| part | where | what |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _parameter(each: dict[str, Any]) -> str:
    says = each.get("description") or each.get("schema", {}).get("description") or ""
    default = each.get("schema", {}).get("default")
    if each.get("required"):
        says = f"{says} (needed)".strip()
    elif default not in (None, [], False):
        says = f"{says} (without it: {default})".strip()
    return f"| `{each['name']}` | {each['in']} | {cell(says)} |"


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` only say whether it is up to date."""
    with tempfile.TemporaryDirectory(prefix="isthmus-") as folder:
        picture = Path(folder) / "picture.duckdb"
        Store(picture).close()
        with Desk(picture) as desk:
            return write_page(PAGE, page(build_app(desk).openapi()), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
