"""Which of two versions of a package is the newer (Debian policy, 5.6.12)."""

from __future__ import annotations

import re

_PIECE = re.compile(r"(\D*)(\d*)")
_END = 0

Part = tuple[tuple[tuple[int, ...], int], ...]


def version_key(version: str) -> tuple[int, Part, Part]:
    """Return a key by which versions sort as dpkg sorts them."""
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, "0"
    return int(epoch) if epoch.isdecimal() else 0, _part(upstream), _part(revision)


def newest(versions: list[str]) -> int:
    """Return the place of the newest version; of equal ones that of the first."""
    return max(range(len(versions)), key=lambda place: (version_key(versions[place]), -place))


def _part(text: str) -> Part:
    # A version that ends is like one that goes on with no word and the number 0.
    pieces = [(_word(word), int(number or 0)) for word, number in _PIECE.findall(text) if word or number]
    return (*pieces, (_word(""), 0))


def _word(word: str) -> tuple[int, ...]:
    """Order words: a tilde before the end of the word, the end before letters, letters before anything else."""
    return (*(-1 if char == "~" else ord(char) + (0 if char.isalpha() else 256) for char in word), _END)
