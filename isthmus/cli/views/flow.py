"""What flows into a place: by origin, with its index, and of what the place uses the part that comes from each origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from isthmus.cli.doubt import bar, hedged, places
from isthmus.cli.screen import Column, Content, Screen, joined, said

HOLDERS = 8
BAR = 6
Body = Mapping[str, Any]


def flow(screen: Screen, found: Body, body: Body, rows: Sequence[Body], every: bool) -> None:
    """Print one flow: the index, the reliance, and each origin with its share of the flow and of what is used."""
    into = f" into {body['into']['caption']}" if body["into"] else ""
    screen.heading(f"{body['words'].capitalize()} of {body['item']['caption']}{into}, by origin")
    row = next(one for one in rows if one["by"] == body["by"])
    screen.blank()
    _reliance(screen, found, body)
    if row["hhi"]:
        low, high = row["hhi"]["low"], row["hhi"]["high"]
        screen.note("HHI of the origins: " + (f"{low:,}" if low == high else f"{low:,} to {high:,}"))
    else:
        screen.note(f"No index: {row['hhi_refused']}.")
    parts = {(one["entity"], one["caption"]): one for one in body["exposure"]}
    columns = [Column("origin"), Column(f"of {body['words']}", figures=True), Column("", keep=True)]
    if parts:
        columns.append(Column(f"of {body['uses']}", figures=True))
    columns.append(Column("by whose word"))
    holders = row["top"] if every else row["top"][:HOLDERS]
    lines = [_holder(found, one, parts) for one in holders]
    more = len(row["top"]) - len(holders)
    if more:
        lines.append([said(f"… and {more:,} more; --all prints them", "dim"), *[""] * (len(columns) - 1)])
    screen.table(columns, lines)


def _reliance(screen: Screen, found: Body, body: Body) -> None:
    if body["reliance"] is None:
        return
    told = body["reliance"]
    claims = [found["claims"][claim] for claim in told["claims"] if claim in found["claims"]]
    said_of = [one for one in claims if one["predicate"] == "share"]
    whose = f" of {body['reliance_of']['caption']}" if body["stands_for"] else ""
    parts: list[Content] = [hedged(told["hedges"][:1])] if told["hedges"] else []
    words = f"{told['of'].replace('_', ' ').capitalize()}{whose}: {told['share_words']} of {body['uses']}"
    screen.note(joined([words, *parts, places(said_of, 1)]))


def _holder(found: Body, holder: Body, parts: Mapping[tuple[str | None, str], Body]) -> list[Content]:
    name = said(holder["caption"])
    if holder.get("aggregate"):
        name = joined(
            [name, said(f"[{'not named' if holder['aggregate'] == 'remainder' else holder['aggregate']}]", "dim")]
        )
    share = holder["share"]
    line: list[Content] = [
        name,
        holder["share_words"] or "not known",
        bar(share["low"], share["high"], BAR) if share else "",
    ]
    if parts:
        part = parts.get((holder["entity"], holder["caption"]))
        line.append(part["share_words"] if part else "not known")
    claims = [found["claims"][claim] for claim in holder["claims"] if claim in found["claims"]]
    word: list[Content] = [hedged(holder["hedges"][:1])] if holder["hedges"] else []
    return [*line, joined([*word, places(claims, 1)])]
