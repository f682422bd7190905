"""Cut text of scripts without word breaks into the words of a lexicon and what lies between them."""

from __future__ import annotations

from functools import lru_cache

from isthmus.entities.names.tables import NAME, PLACE, Term, lexicon, longest

_UNKNOWN, _SINGLE, _KNOWN = 1.5, 1.45, 1.0
_LONG = 4
_FIRST_PLACE = 0.6
Piece = tuple[str, Term | None]


@lru_cache(maxsize=65_536)
def cut(text: str, finely: bool, *languages: str) -> tuple[Piece, ...]:
    """Return the pieces of `text`: the cheapest cut, where a known word costs 1 and an unknown character 1.5.

    Where `finely`, brands of four characters and more are not taken as one word. A known word of one character
    next to unknown ones is taken as a part of them: it is more often a syllable of a brand than a word.
    """
    terms, most = lexicon(*languages), longest(*languages)
    cost = [0.0] + [float("inf")] * len(text)
    back: list[int] = [0] * (len(text) + 1)
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - most), end):
            piece = text[start:end]
            if piece in terms and not (finely and len(piece) >= _LONG and terms[piece].role == NAME):
                price = (_SINGLE if len(piece) == 1 else _KNOWN) - 0.001 * len(piece) * len(piece)
                if start == 0 and len(piece) > 1 and terms[piece].role == PLACE:
                    price -= _FIRST_PLACE  # most names begin with where the firm is
            elif end - start == 1:
                price = _UNKNOWN
            else:
                continue
            if cost[start] + price < cost[end]:
                cost[end], back[end] = cost[start] + price, start
    cuts: list[str] = []
    end = len(text)
    while end:
        cuts.append(text[back[end] : end])
        end = back[end]
    cuts.reverse()
    return _join_unknown(cuts, terms)


def _join_unknown(cuts: list[str], terms: dict[str, Term]) -> tuple[Piece, ...]:
    unknown = [piece not in terms for piece in cuts]
    part = list(unknown)
    for at, piece in enumerate(cuts):
        beside = (at > 0 and unknown[at - 1]) or (at + 1 < len(cuts) and unknown[at + 1])
        if not unknown[at] and len(piece) == 1 and beside:
            part[at] = True
    pieces: list[Piece] = []
    run = ""
    for piece, joins in zip(cuts, part, strict=True):
        if joins:
            run += piece
            continue
        if run:
            pieces.append((run, None))
            run = ""
        pieces.append((piece, terms[piece]))
    if run:
        pieces.append((run, None))
    return tuple(pieces)


def coverage(pieces: tuple[Piece, ...]) -> float:
    """Return the share of the characters that known words cover."""
    total = sum(len(piece) for piece, _ in pieces)
    return sum(len(piece) for piece, term in pieces if term) / total if total else 0.0
