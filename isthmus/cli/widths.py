"""How wide the columns of a table are, where the terminal is too narrow for all that stands in them."""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST = 6


def allot(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Return the width of each column.

    Parameters
    ----------
    natural : sequence of int
        The width that a column takes where nothing in it is wrapped, in characters.
    least : sequence of int
        The width below which a word or a figure would be broken.
    room : int
        What there is for all columns.

    Returns
    -------
    list of int
        At most the natural widths. Where they do not fit, each column has its least and the columns that want more share what is
        left evenly; where not even that fits, the widest columns give way.
    """
    if sum(natural) <= room:
        return list(natural)
    widths = [min(want, small) for want, small in zip(natural, least, strict=True)]
    while sum(widths) > room and max(widths) > SMALLEST:
        widths[widths.index(max(widths))] -= 1
    spare = room - sum(widths)
    while spare > 0:
        wanting = [at for at, width in enumerate(widths) if width < natural[at]]
        if not wanting:
            break
        for at in wanting:
            given = min(max(spare // len(wanting), 1), natural[at] - widths[at], spare)
            widths[at] += given
            spare -= given
    return widths
