"""How wide the columns of a table are, where the terminal is too narrow for all that stands in them."""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST = 6
MOST_WANTED = 120


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
        At most the natural widths. Where they do not fit, each column has its least, and what is left goes to those that want more, by
        how much they want; where not even the least widths fit, the widest columns give way.
    """
    if sum(natural) <= room:
        return list(natural)
    widths = [min(want, small) for want, small in zip(natural, least, strict=True)]
    while sum(widths) > room and max(widths) > SMALLEST:
        widths[widths.index(max(widths))] -= 1
    wants = [min(want, MOST_WANTED) - width for want, width in zip(natural, widths, strict=True)]
    spare, wanted = max(room - sum(widths), 0), sum(max(want, 0) for want in wants)
    for at, want in enumerate(wants):
        if want > 0:
            widths[at] += min(natural[at] - widths[at], spare * want // wanted)
    for at in sorted(range(len(widths)), key=lambda at: widths[at] - natural[at]):
        if sum(widths) < room:
            widths[at] += min(natural[at] - widths[at], room - sum(widths))
    return widths
