"""Doubt, drawn the same everywhere: gaps, conflicts, hedges, bounds, and by whose word.

Solid is certain, shaded may be, hollow is not known; whatever is drawn is said in words as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from rich.text import Text

from isthmus.cli.screen import Screen, joined, said

SOLID, SHADED, SLIVER, HOLLOW, STRUCK, UNLIKE = "█", "░", "▏", "▢", "⊘", "≠"
BOXES = 12
_URL = re.compile(r"https?://\S+")

Body = Mapping[str, Any]


def bar(low: float | None, high: float | None, width: int) -> Text:
    """Draw a bounded share of a whole: solid up to its low end, shaded up to its high end, to the edge where it has none."""
    least, most = max(low or 0.0, 0.0), min(1.0 if high is None else high, 1.0)
    solid = min(round(least * width), width)
    drawn = Text(SOLID * solid or (SLIVER if least > 0 else ""))
    reach = max(min(round(most * width), width), 1) if most > least else 0
    drawn.append(SHADED * max(reach - len(drawn), 0))
    drawn.append(" " * (width - len(drawn)))
    return drawn


def number_of(body: Any) -> float | None:
    """Return the most that a gap's count can be: it is an integer, a bounded number or nothing."""
    number = body if not isinstance(body, Mapping) else body["low"] if body["high"] is None else body["high"]
    return None if number is None else float(number)


def gap_text(gap: Body) -> Text:
    """Say a gap: hollow boxes, as many as are missing, and what is not known."""
    if gap["kind"] == "searched":
        when = f" on {gap['when']}" if gap.get("when") else ""
        place = f" (in {gap['where']}{when})" if gap.get("where") else when
        return joined([f"{STRUCK} {gap['what']}{place}"])
    count = number_of(gap["n"])
    boxes = HOLLOW if count is None else HOLLOW * int(count) if count <= BOXES else f"{HOLLOW}×{count:,.0f}"
    if isinstance(gap["n"], Mapping) and count is not None and count > BOXES:
        boxes = HOLLOW
    return joined([boxes, gap["what"] + (" [withheld]" if gap["kind"] == "withheld" else "")])


def gaps(screen: Screen, found: Sequence[Body]) -> None:
    """Print what is not known."""
    if found:
        screen.heading("Not known", len(found))
        for gap in found:
            screen.line(gap_text(gap), indent=2, hang=2)


def conflicts(screen: Screen, found: Sequence[Body]) -> None:
    """Print claims that cannot all hold, side by side, each with its place."""
    if not found:
        return
    screen.heading("Conflicts", len(found))
    for item in found:
        screen.line(said(item["about"]), indent=2, hang=2)
        for number, side in enumerate(_sides(item)):
            mark = UNLIKE if number else " "
            screen.line(joined([mark, side]), indent=4, hang=2)


def _sides(item: Body) -> list[Text]:
    if item.get("sides"):
        return [
            joined([side["sentence"], said(f"({place(side['source'], [side['locator']])})", "dim")])
            for side in item["sides"]
        ]
    return [said(short_links(str(value))) for value in item["values"]]


def hedged(hedges: Iterable[str]) -> str:
    """Return the sources' own words of doubt, in quotes."""
    return ", ".join(f"“{hedge}”" for hedge in hedges)


def place(source: str, locators: Sequence[str], origins: Sequence[str] = (), shown: int = 2) -> str:
    """Say where something is read: source, place in it, and the works that it cites."""
    where = list(dict.fromkeys(short_links(text) for text in locators if text))
    text = ", ".join([short_links(source), "; ".join(where[:shown])] if where else [short_links(source)])
    if len(where) > shown:
        more = len(where) - shown
        text += f" and {more:,} more place{'s' if more > 1 else ''}"
    cited = [short_links(name) for name in origins if name != source]
    if len(cited) > shown:
        return f"{text}, citing {len(cited):,} works"
    return f"{text}, citing {', '.join(cited)}" if cited else text


def places(claims: Sequence[Body], shown: int = 2) -> Text:
    """Say where claims are read: each source with its first places."""
    by_source: dict[str, list[Body]] = {}
    for claim in claims:
        by_source.setdefault(claim["source"], []).append(claim)
    parts = []
    for source, group in list(by_source.items())[:shown]:
        locators = sorted({claim["locator"] for claim in group}, key=lambda text: (len(text), text))
        origins = sorted({name for claim in group for name in claim.get("origin", ())})
        parts.append(place(source, locators, origins, shown))
    rest = len(by_source) - shown
    return said("; ".join(parts) + (f"; and {rest:,} more source{'s' if rest > 1 else ''}" if rest > 0 else ""), "dim")


def short_links(text: str) -> str:
    """Return a text with long web addresses cut to host and last part; ``--json`` has them whole."""
    return _URL.sub(lambda found: _short(found[0]), text)


def _short(link: str) -> str:
    if "/http" in link[8:]:
        link = link[link.index("http", 8) :]
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    last = parts.path.rstrip("/").rpartition("/")[2]
    if not parts.netloc or len(link) <= 32:
        return link
    return f"{parts.netloc}/…/{last}" if last and len(last) <= 20 else f"{parts.netloc}/…"


def voices(claims: Iterable[Body]) -> int:
    """Count independent voices: claims that share a work speak with one."""
    groups: list[set[str]] = []
    for claim in claims:
        works = set(claim.get("origin") or [claim["source"]])
        touching = [group for group in groups if group & works]
        groups = [group for group in groups if not group & works]
        groups.append(works.union(*touching))
    return len(groups)
