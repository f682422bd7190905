"""What a search found."""

from __future__ import annotations

from typing import Any

from isthmus.cli.call import Call
from isthmus.cli.screen import Column, Screen, said

_HOW = {"exact": "called so", "start": "begins so", "word": "has the words", "inside": "within a word"}


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print entities and sources, best first."""
    entities, sources = found["entities"], found["sources"]
    if not entities and not sources:
        screen.line(f"Nothing in this picture is called “{found['query']}”.")
        screen.line(said("Try a part of the name, another spelling or another script.", "dim"))
        return
    if entities:
        screen.heading("Entities", len(entities))
        columns = [Column("name"), Column("kind"), Column("matched"), Column("id")]
        rows = [
            [
                hit["caption"],
                ", ".join(kind.replace("_", " ") for kind in hit["kinds"]),
                "" if hit["matched"] == hit["caption"] else f"{hit['matched']} ({_HOW.get(hit['how'], hit['how'])})",
                said(hit["id"], "dim"),
            ]
            for hit in entities
        ]
        screen.table(columns, rows)
    if sources:
        screen.heading("Sources", len(sources))
        columns = [Column("title"), Column("publisher"), Column("date", keep=True), Column("id")]
        screen.table(
            columns,
            [
                [_title(source), source.get("publisher", ""), source.get("date", ""), said(source["id"], "dim")]
                for source in sources
            ],
        )
    limit = call.values["limit"]
    if len(entities) == limit or len(sources) == limit:
        screen.blank()
        screen.line(said(f"at most {limit:,} of each are listed; --limit N lists more", "dim"))


def _title(source: dict[str, Any]) -> str:
    title, original = source.get("title", ""), source.get("title_original")
    return f"{original} ({title})" if original and original != title else title
