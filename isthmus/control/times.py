"""When the claims of many rows hold, and how new they are: `isthmus.dates` for whole columns."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from isthmus.dates import PartialDate, as_of_day
from isthmus.picture import Picture

Ints = NDArray[np.int64]
EPOCH = date(1970, 1, 1)
NEVER = -(2**40)
ALWAYS = 2**40


def _days(picture: Picture) -> tuple[Ints, Ints]:
    """Return the earliest and latest day of each date of the store by its key; the last place stands for no date."""
    found = picture.store.rows("SELECT key, earliest - DATE '1970-01-01', latest - DATE '1970-01-01' FROM dates")
    size = max((row[0] for row in found), default=-1) + 2
    early, late = np.full(size, NEVER, dtype=np.int64), np.full(size, ALWAYS, dtype=np.int64)
    for key, first, last in found:
        early[key] = NEVER if first is None else first
        late[key] = ALWAYS if last is None else last
    return early, late


def day_of(picture: Picture) -> int:
    """Return the day of a picture as days since 1970: the day asked, else the day of its record time."""
    asked = as_of_day(picture.as_of) if picture.as_of else date.fromisoformat(picture.known_at[:10])
    return (asked - EPOCH).days


def truths(picture: Picture, valid_from: Ints, valid_to: Ints, observed: Ints) -> Ints:
    """Return whether claims hold on the day of the picture: 0 no, 1 may be, 2 yes (`isthmus.dates.Truth`).

    Without a day, every claim holds that had not ended when the picture was known: the store says what is, so a start in doubt is no doubt
    about now.

    Parameters
    ----------
    valid_from, valid_to, observed : int64, shape (rows,)
        Keys of dates in the store, -1 where there is none.
    """
    early, late = _days(picture)
    day = day_of(picture)
    given = [column >= 0 for column in (valid_from, valid_to, observed)]
    firsts = [early[column] for column in (valid_from, valid_to, observed)]
    lasts = [late[column] for column in (valid_from, valid_to, observed)]
    over = given[1] & (day > lasts[1])
    lasting = ~given[1]
    for place in (1, 0, 2):
        lasting |= given[place] & (firsts[place] > NEVER) & (day <= firsts[place])
    if picture.as_of is None:
        return np.where(over, 0, np.where(lasting, 2, 1)).astype(np.int64)
    before = given[0] & (firsts[0] > NEVER) & (day < firsts[0])
    begun = ~(given[0] | (given[2] & ~given[1]))
    for place in (0, 1, 2):
        begun |= given[place] & (lasts[place] < ALWAYS) & (day >= lasts[place])
    return np.where(before | over, 0, np.where(begun & lasting, 2, 1)).astype(np.int64)


def ranks(picture: Picture, source: Ints, valid_from: Ints, valid_to: Ints, observed: Ints) -> tuple[Ints, Ints]:
    """Return the day up to which each claim speaks, and the day from which it holds.

    A claim speaks of the day on which it was seen to hold, else of the date of its source, else of its start; never of a day after that of
    the picture. Of two claims about one share the later counts, and of one source the later start.
    """
    early, late = _days(picture)
    dated = np.full(int(source.max(initial=-1)) + 2, NEVER, dtype=np.int64)
    for key, name in picture.store.rows("SELECT key, id FROM sources"):
        held = picture.sources.get(name)
        if held and held.date and key < len(dated):
            day = PartialDate.parse(held.date).latest
            dated[key] = (day - EPOCH).days if day else NEVER
    start = np.where(valid_from >= 0, early[valid_from], NEVER)
    seen = np.where((observed >= 0) & (late[observed] < ALWAYS), late[observed], NEVER)
    spoken = np.where(observed >= 0, seen, np.where(dated[source] > NEVER, dated[source], start))
    return np.minimum(np.maximum(spoken, start), day_of(picture)), start
