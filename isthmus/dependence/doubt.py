"""What of the needs of a supply web rests on claims that may not hold: on the day, or under their condition."""

from __future__ import annotations

import numpy as np

from isthmus.dependence.rows import LEVELS, STRENGTHS, Flags, Ints
from isthmus.dependence.web import Web
from isthmus.kernels.dependence.graph import Needs


def doubts_of(web: Web, needs: Needs, made: Flags) -> tuple[Flags, Ints]:
    """Return which alternatives are in doubt, and how many each need takes by certain claims alone.

    Parameters
    ----------
    web : Web
        The needs without the making: the first rows of `needs`.
    needs : Needs
        These, and the making.
    made : bool (rows of making,)
        Whether each row of the making is certain.

    Returns
    -------
    bool (alternatives,)
        Whether no claim behind an alternative is certain.
    int64 (needs,)
        0 where by certain claims there is no such need: none is about it, none is strong enough, or it is for suppliers of what is
        not surely needed.
    """
    given, rows = web.given, web.rows
    doubtful = np.zeros(needs.alternatives.size, dtype=np.bool_)
    fewest = needs.at_least.astype(np.int64)
    certain = rows.sure[given.row] & ~rows.conditional[given.row]
    if certain.all() and made.all():
        return doubtful, fewest
    # What stands for a thing is there only where somebody has it as an alternative; the doubt lies with that.
    stands = (given.subject >= len(given.keys)) & (given.number < given.supply_from)
    certain |= stands
    doubtful[:] = True
    doubtful[needs.places[np.concatenate((certain, made))]] = False
    of_row = np.searchsorted(needs.cuts, needs.places, side="right") - 1
    counts = np.isin(rows.strength[given.row], [STRENGTHS.index(name) for name in LEVELS[web.level]])
    takes = np.zeros(needs.size, dtype=np.int64)
    many = np.where(stands, 1, np.maximum(rows.at_least[given.row], 1))
    here = certain & (counts | stands)
    held = np.zeros(needs.size, dtype=np.bool_)
    held[of_row[: len(given.row)][here]] = True
    held[of_row[len(given.row) :][made]] = True
    np.maximum.at(takes, of_row[: len(given.row)][certain], many[certain])
    takes = np.where(held, np.clip(takes, 1, fewest), 0)
    return doubtful, _without_use(web, of_row[: len(given.row)], takes)


def _without_use(web: Web, of_row: Ints, takes: Ints) -> Ints:
    """Take away the certainty of needs for suppliers of what a party may not need at all."""
    given, rows = web.given, web.rows
    wide = int(max(rows.object.max(initial=-1), rows.item.max(initial=-1), given.number.max(initial=-1))) + 1
    plain = given.subject < len(given.keys)
    direct = plain & (given.number < given.supply_from)
    surely = direct & rows.sure[given.row] & ~rows.conditional[given.row] & (takes[of_row] > 0)
    supply = plain & (given.number >= given.supply_from)
    used = given.subject[surely] * wide + rows.object[given.row[surely]]
    wanted = given.subject[supply] * wide + given.number[supply] - given.supply_from
    found = takes.copy()
    found[of_row[supply][~np.isin(wanted, used)]] = 0
    return found
