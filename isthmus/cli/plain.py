"""Data made harmless for a terminal: what steers it or turns the direction of writing is shown, not obeyed."""

from __future__ import annotations

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)}
_SPACES = dict.fromkeys((0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), " ")
_MARKED = (
    *range(0x80, 0xA0),
    *(0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xE0000, 0xE0080),
)


def _table() -> dict[int, str]:
    marks = {code: f"⟨U+{code:04X}⟩" for code in _MARKED}
    return {**_PICTURES, 0x7F: "␡", **marks, **_SPACES}


_TABLE = _table()


def harmless(text: object) -> str:
    """Return a text with its control characters, direction marks and halves of characters made visible, and its line ends made spaces."""
    shown = str(text).translate(_TABLE)
    return shown if shown.isascii() else shown.encode("utf-8", "replace").decode("utf-8")
