"""What a thing depends on as a tree: alternatives of one need stand behind one brace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.text import Text

from isthmus.cli.call import Call
from isthmus.cli.doubt import conflicts, gaps
from isthmus.cli.frame import again, counted, cut, footer, limits
from isthmus.cli.screen import Column, Content, Screen, joined, said
from isthmus.cli.views.control_tree import PLAIN, Strokes
from isthmus.cli.views.control_words import names
from isthmus.cli.views.support import support

BRANCHES = 12
THINGS = 60
"""How many things' branches are drawn, unless all are asked for."""
NARROWEST = 28
"""A branch that has fewer columns than this left is not drawn further."""
Body = Mapping[str, Any]


def show(screen: Screen, found: dict[str, Any], call: Call) -> None:
    """Print the answer of what a thing depends on."""
    question = found["question"]
    screen.title("what it depends on:", str(question["caption"]))
    if found["needs"]:
        screen.line(_sentence(found), hang=2)
        screen.heading("What it needs")
        strokes = PLAIN if screen.console.options.ascii_only else Strokes()
        tree = Tree(screen, found, bool(call.values.get("all")), strokes)
        for line in tree.lines(max(screen.width - 2, 20)):
            screen.line(line, indent=2)
        _tiers(screen, found["tiers"])
    gaps(screen, found["gaps"])
    conflicts(screen, found["conflicts"])
    limits(screen, found["limits"])
    asked_why = call.verb == "why" or bool(call.values.get("why"))
    if asked_why:
        support(screen, found, cut(found["answers"], call), lambda row: said(row["caption"], "bold"))
    footer(screen, found, found["claims"], "" if asked_why else f"what carries it: {again(call, 'why')}")


def _sentence(found: Body) -> str:
    things = sum(row["things"] for row in found["tiers"] if row["tier"])
    choice = sum(len(need["alternatives"]) > need["takes"] for need in found["needs"])
    tail = f"{counted(choice, 'need')} of {len(found['needs']):,} with a choice" if choice else "no need with a choice"
    return f"{counted(things, 'thing')} in {counted(len(found['tiers']) - 1, 'tier')}; {tail}."


def _tiers(screen: Screen, tiers: Sequence[Body]) -> None:
    screen.heading("What is known of their lists")
    columns = [
        Column("tier", figures=True),
        Column("things", figures=True),
        Column("complete", figures=True),
        Column("incomplete", figures=True),
        Column("not known", figures=True),
        Column("nothing said", figures=True),
    ]
    states = ("things", "complete", "incomplete", "unknown", "unsaid")
    lines: list[list[Content]] = [[f"{row['tier']:,}", *(f"{row[state]:,}" for state in states)] for row in tiers]
    screen.table(columns, lines, indent=2)


def _what(need: Body) -> tuple[Any, ...]:
    others = frozenset(other["entity"] for other in need["alternatives"])
    return (others, need["takes"], need.get("supply_of"), need["strength"])


@dataclass
class Tree:
    """The needs of a finding as a tree; each thing's branches are drawn once."""

    screen: Screen
    found: Body
    every: bool
    strokes: Strokes
    needs: dict[str, list[Body]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for need in self.found["needs"]:
            self.needs.setdefault(need["entity"], []).append(need)

    def lines(self, width: int) -> list[Text]:
        """Return the tree, each line at most `width` wide."""
        root = self.found["question"]
        return [*self._wrapped(said(root["caption"], "bold"), width), *self._branches(root["of"], width, (root["of"],))]

    def _branches(self, name: str, width: int, path: tuple[str, ...]) -> list[Text]:
        self.seen.add(name)
        # Two ranges of versions of one thing are two needs, and one branch.
        needs = list({_what(need): need for need in self.needs.get(name, [])}.values())
        shown = needs if self.every or len(needs) <= BRANCHES + 1 else needs[:BRANCHES]
        inner = width - len(self.strokes.branch)
        blocks = [self._need(need, inner, path) for need in shown]
        more = len(needs) - len(shown)
        if more:
            blocks.append(self._wrapped(said(f"… and {counted(more, 'more need')}; --all prints them", "dim"), inner))
        out = []
        for number, block in enumerate(blocks):
            last = number == len(blocks) - 1
            first, along = (
                (self.strokes.last, " " * len(self.strokes.down)) if last else (self.strokes.branch, self.strokes.down)
            )
            out += [Text.assemble((along if at else first, "dim"), line) for at, line in enumerate(block)]
        return out

    def _need(self, need: Body, width: int, path: tuple[str, ...]) -> list[Text]:
        supply = f"a supplier of {need['supply_caption']}" if need.get("supply_of") else None
        others = need["alternatives"]
        mark = [said(f"[{need['strength']}]", "italic")] if need["strength"] != "required" else []
        if len(others) == 1:
            tail = [said("(its supplier)", "dim")] if supply else []
            return self._thing(others[0], [*tail, *mark], width, path)
        takes = "all of" if need["takes"] == len(others) else f"{need['takes']:,} of" if need["takes"] > 1 else "one of"
        called = supply or need["need"]
        head = joined(
            [said(takes, "bold"), f"{len(others):,}", *([said(f"({called})", "dim")] if called else []), *mark]
        )
        lines = [line for other in others for line in self._thing(other, [], width - 2, path)]
        top, along, middle, bottom = self.strokes.brace
        pieces = [along] * len(lines)
        pieces[len(lines) // 2] = middle
        pieces[0], pieces[-1] = top, bottom
        braced = [Text.assemble((f"{piece} ", "dim"), line) for piece, line in zip(pieces, lines, strict=True)]
        return [*self._wrapped(head, width), *braced]

    def _thing(self, thing: Body, tail: Sequence[Text], width: int, path: tuple[str, ...]) -> list[Text]:
        name = thing["entity"]
        parts: list[Content] = [said(thing["caption"]), *tail]
        if thing.get("supplied_by_captions"):
            parts.append(said(f"(from {names(thing['supplied_by_captions'])})", "dim"))
        around, more = name in path, bool(self.needs.get(name))
        draw = more and not around and name not in self.seen
        if around:
            parts.append(said(f"{self.strokes.again} needs what needs it", "dim"))
        elif more and name in self.seen:
            parts.append(said("(its needs: see above)", "dim"))
        elif draw and (width - len(self.strokes.branch) < NARROWEST or (len(self.seen) >= THINGS and not self.every)):
            draw = False
            parts.append(said("(… goes on: ask about it)", "dim"))
        lines = self._wrapped(joined(parts), width)
        return [*lines, *self._branches(name, width, (*path, name))] if draw else lines

    def _wrapped(self, text: Text, width: int) -> list[Text]:
        """Return a text in lines of at most `width`; the lines after its first hang in by two."""
        lines = list(text.wrap(self.screen.console, max(width - 2, 8), overflow="fold"))
        for line in lines:
            line.rstrip()
        return [lines[0], *(Text.assemble("  ", line) for line in lines[1:])]
