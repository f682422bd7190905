"""How wide a text is where no renderer can be asked, and its lines within a width.

The widths are those of DejaVu Sans, in hundredths of the type size, rounded up. It is the widest of the faces that the
drawings ask for (Noto Sans, Liberation Sans, Arial are narrower), so a text that fits here fits in each of them.
"""

from __future__ import annotations

import re
import unicodedata

_FIRST = 32
_PLAIN = (
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84,
    54, 100, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64, 62, 74, 69, 99, 69, 62, 69, 40, 34, 40,
    84, 50, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60, 53, 64, 34,
    64, 84,
)  # fmt: skip
_BOLD = (
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40, 84, 84, 84,
    59, 100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 38, 78, 64, 100, 84, 86, 74, 86, 78, 73, 69, 82, 78, 111, 78, 73, 73, 46, 37, 46,
    84, 50, 50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37,
    72, 84,
)  # fmt: skip
_NOTHING = ("Mn", "Me", "Cf")
_BROAD = 1.05  # Han, Hangul, Kana, full-width forms
_PICTURE = 1.35
_CAPITAL, _OTHER = (0.92, 1.02), (0.74, 0.82)
# XML 1.0 has no place for these, and marks that turn the direction of writing would turn the drawing's own words.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_PIECE = re.compile(r"\S+(?: %)?|\s+")


def fit_for_xml(value: object) -> str:
    """Return data as a text that may stand in a drawing: without control characters, its line ends spaces."""
    return " ".join(_UNFIT.sub("\N{REPLACEMENT CHARACTER}", str(value).replace("\n", " ").replace("\r", " ")).split())


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return an upper estimate of a text's width.

    Parameters
    ----------
    text : str
        One line.
    size : float
        The type size; the width has the same unit.
    bold : bool
        Whether it is set in bold.
    """
    return size * sum(_advance(letter, bold) for letter in text)


def _advance(letter: str, bold: bool) -> float:
    place = ord(letter) - _FIRST
    if 0 <= place < len(_PLAIN):
        return (_BOLD if bold else _PLAIN)[place] / 100
    category = unicodedata.category(letter)
    if category in _NOTHING:
        return 0.0
    if category == "So":
        return _PICTURE
    if unicodedata.east_asian_width(letter) in "WF":
        return _BROAD
    return (_CAPITAL if category == "Lu" else _OTHER)[bold]


def wrap_text(text: str, size: float, width: float, *, bold: bool = False) -> list[str]:
    """Return a text in lines that fit a width; a word that is longer than a line is broken, nothing is left out.

    A figure stays with its percent sign.
    """
    lines: list[str] = []
    line = ""
    for piece in _PIECE.findall(text):
        if piece.isspace():
            line += " " if line else ""
            continue
        if line.strip() and text_width(line + piece, size, bold=bold) > width:
            lines.append(line.rstrip())
            line = ""
        while text_width(piece, size, bold=bold) > width:
            room = _fitting(line, piece, size, width, bold)
            lines.append(line + piece[:room])
            line, piece = "", piece[room:]
        line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _fitting(line: str, piece: str, size: float, width: float, bold: bool) -> int:
    """Return how many letters of a word fit: at least one, and no mark is parted from its letter."""
    room = 1
    while room < len(piece) and text_width(line + piece[: room + 1], size, bold=bold) <= width:
        room += 1
    while 0 < room < len(piece) and unicodedata.category(piece[room]) in _NOTHING:
        room += 1
    return room


def cut_text(text: str, size: float, width: float, most: int, *, bold: bool = False) -> list[str]:
    """Return a text in at most so many lines that fit a width; what is cut off ends in an ellipsis."""
    lines = wrap_text(text, size, width, bold=bold)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last}…", size, bold=bold) > width:
        last = last[:-1]
    while last and unicodedata.category(last[-1]) in _NOTHING:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]
