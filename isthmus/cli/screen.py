"""What a person reads: headings, lines and tables that fit the terminal. Data is shown as it is and never read as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from isthmus.cli.plain import harmless
from isthmus.cli.widths import allot

BETWEEN = 2
LONGEST_WORD = 24
FIGURES = 14
SHORT = 20
_RULED = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
_FIGURE = re.compile(r"\S+(?: %)?")
_TRAILING = re.compile(r" +(?=(?:\x1b\[[0-9;]*m)*\n)")

Content = Text | str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    figures : bool
        Numbers: aligned to the right, and a word of them is never broken.
    keep : bool
        Never broken over two lines.
    """

    head: str
    figures: bool = False
    keep: bool = False


def said(value: object, style: str = "") -> Text:
    """Return data as text to be printed: harmless, and never read as markup; the style does not reach past the text."""
    return Text.assemble((harmless(value), style))


def joined(parts: Iterable[Content], between: str = " ") -> Text:
    """Return texts as one, with their styles."""
    return Text(between).join(part if isinstance(part, Text) else said(part) for part in parts)


def fold_figure(text: Text, width: int) -> Text:
    """Return a bounded number wrapped at words, where a number and its percent sign are one word."""
    if cell_len(text.plain) <= width:
        return text
    lines: list[str] = []
    for word in _FIGURE.findall(text.plain):
        if lines and cell_len(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return Text("\n".join(lines), style=text.style)


class Screen:
    """A place to print to.

    Parameters
    ----------
    console : Console
        Where to; its width is kept to.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.width = console.width

    def _print(self, body: RenderableType, indent: int = 0) -> None:
        """Print without the spaces that fill lines up to the edge: they would stand in what is copied or redirected."""
        with self.console.capture() as captured:
            self.console.print(Padding(body, (0, 0, 0, indent)) if indent else body)
        self.console.file.write(_TRAILING.sub("", captured.get()))

    def title(self, *parts: Content) -> None:
        """Print what the whole answer is about."""
        text = joined(parts)
        text.stylize("bold")
        self.line(text)

    def heading(self, text: str, count: int | None = None) -> None:
        """Print the head of a section, after an empty line."""
        self.blank()
        self.line(Text.assemble((harmless(text), "bold"), (f" ({count:,})" if count is not None else "", "dim")))

    def line(self, text: Content = "", indent: int = 0, hang: int = 0) -> None:
        """Print a text, wrapped at words; the lines after its first hang in by `hang`."""
        body = text if isinstance(text, Text) else said(text)
        width = max(self.width - indent - hang, 10)
        if hang:
            # The first line may be longer than the others by what they hang in.
            first = body.wrap(self.console, width + hang, overflow="fold")[0]
            self._print(first, indent)
            body = body[len(first.plain.rstrip()) :]
            body = body[len(body.plain) - len(body.plain.lstrip()) :]
            if not body.plain:
                return
        for part in body.wrap(self.console, width, overflow="fold"):
            self._print(part, indent + hang)

    def note(self, text: Content, mark: str = "") -> None:
        """Print a remark that may start with a mark and hangs in below it."""
        self.line(joined([mark, text]) if mark else text, indent=2, hang=2)

    def blank(self) -> None:
        """Print an empty line."""
        self.console.file.write("\n")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Content]], *, indent: int = 0) -> None:
        """Print rows below their heads, as wide as the terminal at most; a column without a word in it is left out."""
        full = [[cell if isinstance(cell, Text) else said(cell) for cell in row] for row in rows]
        filled = [at for at in range(len(columns)) if any(row[at].plain.strip() for row in full)]
        columns, cells = [columns[at] for at in filled], [[row[at] for at in filled] for row in full]
        heads = [Text(column.head) for column in columns]
        room = self.width - indent - BETWEEN * (len(columns) - 1)
        natural, least = [], []
        for column, *held in zip(columns, heads, *cells, strict=True):
            words = [cell_len(word) for cell in held for word in _FIGURE.findall(cell.plain)]
            natural.append(max(cell_len(line) for cell in held for line in (cell.plain.split("\n") or [""])))
            longest = max(words, default=0)
            figures = max(longest, min(natural[-1], FIGURES))
            text = max(min(longest, LONGEST_WORD), min(natural[-1], SHORT))
            least.append(natural[-1] if column.keep else figures if column.figures else text)
        widths = allot(natural, least, room)
        # The box puts one space between columns, the padding the other.
        grid = Table(box=_RULED, show_edge=False, pad_edge=False, padding=(0, BETWEEN - 1, 0, 0), header_style="dim")
        grid.show_header = any(column.head for column in columns)
        for column, head, width in zip(columns, heads, widths, strict=True):
            grid.add_column(head, justify="right" if column.figures else "left", overflow="fold", width=width)
        for row in cells:
            folded = (
                fold_figure(cell, width) if column.figures else cell
                for column, cell, width in zip(columns, row, widths, strict=True)
            )
            grid.add_row(*folded)
        self._print(grid, indent)
