"""The chain of control as a tree: from a thing up to those that control it, or down to what it controls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.cells import cell_len
from rich.text import Text

from isthmus import Quantity
from isthmus.cli.doubt import HOLLOW
from isthmus.cli.screen import Content, Screen, joined, said
from isthmus.cli.views.control_words import (
    captions,
    marks,
    names,
    party,
    quantity,
    root_of,
    share_words,
    spaced,
    step_words,
    verdict_words,
)

NARROWEST = 36
"""A branch that has fewer columns than this left is printed below the tree."""
BRANCHES = 12
PARTIES = 60
"""How many parties' branches are drawn, unless all are asked for."""
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Strokes:
    """What a tree is drawn with."""

    branch: str = "├─ "
    last: str = "└─ "
    down: str = "│  "
    brace: tuple[str, str, str, str] = ("⎧", "⎪", "⎨", "⎩")
    again: str = "↻"


PLAIN = Strokes("|- ", "`- ", "|  ", ("{", "{", "{", "{"), "^")
"""For a terminal that prints ASCII only."""


@dataclass
class Chain:
    """The steps of a finding as a tree.

    Attributes
    ----------
    root : str
        The thing asked about.
    upward : bool
        Whether the tree goes from the thing to its holders, or to what it holds.
    every : bool
        Whether no branch is left out.
    """

    found: Body
    root: str
    upward: bool
    every: bool
    strokes: Strokes
    steps: dict[str, list[Body]] = field(default_factory=dict)
    joint: dict[str, list[tuple[set[str], Body]]] = field(default_factory=dict)
    answers: dict[tuple[str, str], list[Body]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)
    called: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.called = captions(self.found)
        told: set[tuple[Any, ...]] = set()
        for row in self.found["answers"]:
            self.answers.setdefault((party(row)[0], row["of"]), []).append(row)
            for step in row.get("steps", ()):
                self._take(step, told)
            self._join(row)
        for row in self.found.get("holders", ()) if self.upward else ():
            if row.get("denied"):
                continue
            self._take(_held(row, self.root, self.caption(self.root)), told)

    def _take(self, step: Body, told: set[tuple[Any, ...]]) -> None:
        near, far = ("to", "from") if self.upward else ("from", "to")
        keys = {(step["from"], step["to"], claim) for claim in step["claims"]} or {
            (step["from"], step["to"], step.get("words"))
        }
        if not keys <= told:
            told |= keys
            self.steps.setdefault(step[near], []).append(
                {**step, "far": step[far], "far_caption": step[f"{far}_caption"]}
            )

    def _join(self, row: Body) -> None:
        """Keep which holders of one thing stand together: several of a controller's steps lead into it."""
        into: dict[str, set[str]] = {}
        for step in row.get("steps", ()):
            if _owns(step):
                into.setdefault(step["to"], set()).add(step["from"])
        if row.get("jointly"):
            into.setdefault(row["of"], set()).update(row["jointly"])
        for name, members in into.items():
            groups = self.joint.setdefault(name, [])
            if len(members) > 1 and all(members != group for group, _ in groups):
                groups.append((members, row))

    def caption(self, name: str) -> str:
        """Return what a thing is called in the finding."""
        return self.called.get(name, name)

    def lines(self, width: int) -> list[Text]:
        """Return the tree, each line at most `width` wide; branches too deep for it follow below."""
        out = [*_wrapped(said(self.caption(self.root), "bold"), width), *self._branches(self.root, width, (self.root,))]
        while self.waiting:
            name = self.waiting.pop(0)
            head = joined([said(self.caption(name), "bold"), said("(from above)", "dim")])
            out += [Text(""), *_wrapped(head, width), *self._branches(name, width, (self.root, name))]
        return out

    def _branches(self, name: str, width: int, path: tuple[str, ...]) -> list[Text]:
        self.seen.add(name)
        blocks = []
        steps = self.steps.get(name, [])
        shown = steps if self.every or len(steps) <= BRANCHES + 1 else steps[:BRANCHES]
        grouped: set[int] = set()
        inner = width - len(self.strokes.branch)
        for members, row in self.joint.get(name, ()) if self.upward else ():
            group = [
                at for at, step in enumerate(steps) if step["far"] in members and at not in grouped and _owns(step)
            ]
            if len({steps[at]["far"] for at in group}) > 1:
                grouped |= set(group)
                blocks.append(self._brace([steps[at] for at in group], row, name, inner, path))
        for at, step in enumerate(shown):
            if at not in grouped:
                blocks.append(self._branch(step, inner, path))
        rest = len([at for at in range(len(shown), len(steps)) if at not in grouped])
        if rest:
            blocks.append(_wrapped(said(f"… and {rest:,} more; --all prints them", "dim"), inner))
        if name == self.root and self.upward:
            unknown = share_words(self.found.get("unaccounted"))
            if unknown and unknown != "0 %":
                blocks.append(_wrapped(joined([HOLLOW, f"{unknown} of shares unaccounted"]), inner))
        return self._hung(blocks)

    def _hung(self, blocks: Sequence[Sequence[Text]]) -> list[Text]:
        out = []
        for number, block in enumerate(blocks):
            last = number == len(blocks) - 1
            first, more = (
                (self.strokes.last, " " * len(self.strokes.down)) if last else (self.strokes.branch, self.strokes.down)
            )
            out += [Text.assemble((first if at == 0 else more, "dim"), line) for at, line in enumerate(block)]
        return out

    def _brace(self, steps: Sequence[Body], row: Body, name: str, width: int, path: tuple[str, ...]) -> list[Text]:
        """Return joint holdings: their sum, and below it the holders behind one brace."""
        total = row.get("share") if name == row["of"] else None
        words = share_words(total or _sum(steps), "shares not stated")
        head = joined([said("together", "bold"), words, said(f"for {party(row)[1]}", "dim")])
        lines = [line for step in steps for line in self._branch(step, width - 2, path)]
        top, along, middle, bottom = self.strokes.brace
        pieces = [along] * len(lines)
        pieces[len(lines) // 2] = middle
        pieces[0], pieces[-1] = top, bottom
        return [
            *_wrapped(head, width),
            *(Text.assemble((f"{piece} ", "dim"), line) for piece, line in zip(pieces, lines, strict=True)),
        ]

    def _branch(self, step: Body, width: int, path: tuple[str, ...]) -> list[Text]:
        name = step["far"]
        parts: list[Content] = [said(step["far_caption"], "bold" if self._last(name) else ""), "", step_words(step)]
        beside = self._beside(step)
        if beside:
            parts.append(said(beside, "dim"))
        around = name in path
        told = None if around else self._told(name, step)
        if told:
            parts += ["", told]
        more = bool(self.steps.get(name))
        if around:
            ring = any(name in ring and path[-1] in ring for ring in self.found.get("rings", ()))
            parts.append(
                said(f"{self.strokes.again} back to the start of a {'self-controlled ring' if ring else 'ring'}", "dim")
            )
        elif more and name in self.seen:
            parts.append(said("(its branches: see above)", "dim"))
        elif more and not self.every and len(self.seen) >= PARTIES:
            more = False
            parts.append(said("(… goes on; --all prints it)", "dim"))
        elif more and width - len(self.strokes.branch) < NARROWEST:
            self.seen.add(name)
            self.waiting.append(name)
            parts.append(said("(continued below)", "dim"))
        lines = _wrapped(joined(parts), width)
        if around or not more or name in self.seen:
            return lines
        return [*lines, *self._branches(name, width, (*path, name))]

    def _beside(self, step: Body) -> str:
        """Say with whom a thing is held together, where the tree goes down and shows one holder at a time."""
        for members, row in () if self.upward else self.joint.get(step["to"], ()):
            if step["from"] in members and _owns(step):
                others = names(self.caption(name) for name in sorted(members - {step["from"]}))
                share = share_words(row.get("share") if step["to"] == row["of"] else None)
                return f"(with {others}: {share} together)" if share else f"(together with {others})"
        return ""

    def _last(self, name: str) -> bool:
        return any(row.get("ultimate") for row in self._rows(name))

    def _rows(self, name: str) -> list[Body]:
        asked = (name, self.root) if self.upward else (self.root, name)
        return self.answers.get(asked, [])

    def _told(self, name: str, step: Body) -> Text | None:
        """Say the verdicts about a party, in full where it first stands."""
        rows = self._rows(name)
        if not rows:
            told = marks(step)
            return said(f"[{', '.join(told)}]") if told else None
        first = name not in self.told
        self.told.add(name)
        if len(rows) == 1:
            text = verdict_words(rows[0] if first else {"verdict": rows[0]["verdict"]})
            return joined(["[", text, "]"], "")
        parts = [joined([verdict_words({"verdict": row["verdict"]}), f"under {row.get('rule', '')}"]) for row in rows]
        about = marks({**rows[0], "ultimate": False}) if first and self.upward else []
        return joined(["[", joined([*parts, *about], "; "), "]"], "")


def chain(screen: Screen, found: Body, every: bool) -> None:
    """Print the chain of a finding, where it has one."""
    root = root_of(found)
    if root is None:
        return
    strokes = PLAIN if screen.console.options.ascii_only else Strokes()
    drawn = Chain(found, root, bool(found["question"].get("of")), every, strokes)
    if not drawn.steps:
        return
    screen.heading("The chain, up to its controllers" if drawn.upward else "The chain, down to what it controls")
    for line in drawn.lines(screen.width - 2):
        screen.line(line, indent=2)


def _held(row: Body, root: str, caption: str) -> Body:
    interest = str(row.get("interest") or "")
    plain = interest in ("", "shareholding")
    words = "owns" if plain else "has " + spaced(interest)
    return {
        **row,
        "from": row["entity"],
        "from_caption": row["caption"],
        "to": root,
        "to_caption": caption,
        "predicate": "owns" if plain else "has_interest_in",
        "words": words,
    }


def _owns(step: Body) -> bool:
    """Tell whether a step is a part that counts; one that only bounds what others can have does not."""
    return (bool(step.get("share")) or step["predicate"] == "owns") and not step.get("bounding")


def _sum(steps: Iterable[Body]) -> Body | None:
    total = Quantity.exactly(0.0, "share")
    for step in steps:
        if step.get("share") is None:
            return None
        total = total.add(quantity(step["share"]))
    return total.to_json()


def _wrapped(text: Text, width: int) -> list[Text]:
    """Return a text in lines of at most `width`; the lines after its first hang in by two."""
    lines: list[Text] = []
    rest = text
    while rest.plain.strip():
        pad = "  " if lines else ""
        line = _first_line(rest, max(width - len(pad), 8))
        lines.append(Text.assemble(pad, line))
        rest = rest[len(line) :]
        rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
        line.rstrip()
    for line in lines:
        line.rstrip()
    return lines or [Text("")]


def _first_line(text: Text, width: int) -> Text:
    """Return as much of a text as fits, cut after a word where there is one."""
    if cell_len(text.plain) <= width:
        return text
    taken, space = 0, 0
    cells = 0
    for at, letter in enumerate(text.plain):
        cells += cell_len(letter)
        # A figure and its percent sign stay together.
        if letter == " " and text.plain[at + 1 : at + 2] != "%":
            space = at
        if cells > width:
            break
        taken = at + 1
    return text[: space if space > taken // 3 else max(taken, 1)]
