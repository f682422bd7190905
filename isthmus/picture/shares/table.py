"""From the figures of holders to the rows of a tally: sums, shares, what is left, and how concentrated it is."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from isthmus.kernels.concentration import concentration, concentration_of_choices
from isthmus.model import Claim
from isthmus.picture.shares.figures import Held
from isthmus.picture.shares.grouping import Group
from isthmus.quantities import Quantity, total

LEAST_NAMED = 0.5
ROUNDS = 0.05
"""No more than this part of a whole is taken to be lost by rounding."""
Options = Mapping[Group, Sequence[Hashable]]


@dataclass(frozen=True, slots=True)
class Row:
    """One group of a tally: its value, its share of the whole, and the claims under it."""

    group: Group
    value: Quantity
    share: Quantity | None
    claims: tuple[Claim, ...]
    unknown: int
    disputed: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a tally and what stands around them; `rest_share` is `unattributed` as a share of the whole."""

    rows: tuple[Row, ...]
    total: Quantity | None
    unattributed: Quantity | None
    raw_sum: Quantity
    hhi: Quantity | None
    hhi_refused: str | None
    hhi_split: Quantity | None
    of_recorded: bool
    rest_share: Quantity | None = None


def make_table(
    held: Sequence[Held],
    groups: Sequence[Group],
    whole: Quantity | None,
    unit: str,
    *,
    share_recorded: bool,
    options: Options | None = None,
    loose_rest: bool = False,
) -> Table:
    """Sum holders into groups and share them out of the whole.

    Parameters
    ----------
    held : sequence of Held
        Figures of one series in one unit.
    groups : sequence of Group
        The group of each.
    whole : Quantity or None
        What all groups together have; None where no source says.
    share_recorded : bool
        Whether shares may be of the recorded sum where no source gives the whole.
    options : mapping or None
        Where it is asked whose a share may be: by group, the holders one of which it belongs to; a group that is not in it is its own
        holder. What has no known group may then be anybody's, those named among them.
    loose_rest : bool
        Whether the rest of the whole, too, may belong to those named.
    """
    merged: dict[Group, list[Held]] = {}
    for item, group in zip(held, groups, strict=True):
        merged.setdefault(group, []).append(item)
    sums = {group: _sum(items, unit) for group, items in merged.items()}
    raw = total([_floored(value) for value in sums.values()], unit) if sums else Quantity.exactly(0, unit)
    named = [group for group in merged if group.aggregate not in ("remainder", "unknown")]
    known = total([_floored(sums[group]) for group in named], unit) if named else Quantity.exactly(0, unit)
    spread = [sums[group] for group in merged if group.aggregate in ("remainder", "unknown")]
    share_unit = unit in ("share", "proportion")
    recorded = whole is None and not share_unit
    base = _base(whole, raw, known, unit) if share_recorded or not recorded else Quantity.unknown(unit)
    rows = [
        Row(
            group=group,
            value=sums[group],
            share=_share(sums[group], base, unit),
            claims=tuple(claim for item in items for claim in item.claims),
            unknown=sum(item.quantity is None for item in items),
            disputed=any(item.disputed for item in items),
        )
        for group, items in merged.items()
    ]
    rows.sort(key=lambda row: (row.group.aggregate in ("remainder", "unknown"), -_size(row.value), row.group.label))
    silent = any(not sums[group].known for group in named) or any(row.unknown for row in rows)
    figures = [item.quantity for item in held if item.quantity is not None]
    rest = _rest(base, known, spread, unit, silent, _rounding(base, figures))
    low, refused = _index(rows, rest, base, unit, options, loose_rest)
    split = _split_regions(rows, rest, base, unit) if low and not options and not loose_rest else None
    left = None if recorded and not spread else rest
    share = None if left is None else _share(left, base, unit)
    return Table(tuple(rows), whole, left, raw, low, refused, split, recorded, share)


def _base(whole: Quantity | None, raw: Quantity, known: Quantity, unit: str) -> Quantity:
    """Return what shares are taken of: the whole, else the recorded sum.

    Where the parts add up to more than a stated whole, one of them is rounded; the base is then anything between the two.
    """
    if whole is not None:
        if raw.low is not None and whole.high is not None and raw.low > whole.high and whole.low is not None:
            return Quantity(whole.low, raw.low, unit=unit, hedge=whole.hedge)
        return whole
    if unit in ("share", "proportion"):
        return Quantity.exactly(1, unit)
    return raw if raw.high is not None else known


def _sum(items: Sequence[Held], unit: str) -> Quantity:
    figures = [item.quantity for item in items if item.quantity is not None]
    if not figures:
        return Quantity.unknown(unit)
    if len(figures) == len(items) == 1:
        return figures[0]
    added = total(figures, unit)
    return (
        added
        if len(figures) == len(items)
        else Quantity(added.low, None, added.open_low, False, added.near_low, False, unit, added.hedge)
    )


def _floored(value: Quantity) -> Quantity:
    """Return the value with 0 as its low end where none is known: no measure of a tally is negative."""
    if value.low is not None:
        return value
    return Quantity(0, value.high, False, value.open_high, False, value.near_high, value.unit, value.hedge)


def _size(value: Quantity) -> float:
    return value.low if value.low is not None else (value.high or 0) / 2


def _share(value: Quantity, base: Quantity, unit: str) -> Quantity | None:
    if unit in ("share", "proportion"):
        return value
    if not value.known or base.low is None or base.low <= 0:
        return None
    share = value.div(base, "share")
    if not share.known:
        return None
    if share.high is not None and share.high > 1 >= (share.low or 0):
        return Quantity(share.low, 1.0, share.open_low, False, share.near_low, share.near_high, "share", share.hedge)
    return share


def _rest(
    base: Quantity, known: Quantity, spread: Sequence[Quantity], unit: str, silent: bool, rounding: float
) -> Quantity:
    """Return what belongs to nobody named: as stated where a source states it, else the whole less the named, not below 0.

    What is stated is too little where all figures fall short of the whole by more than their rounding, and it may be too little where a
    named holder stands without a figure: what is lacking may be its own.
    """
    left = _left(base, known, unit)
    if not spread or not all(value.known for value in spread):
        return left
    stated = total(list(spread), unit)
    short = left.sub(stated)
    if short.low is not None and short.low > rounding:
        return left
    if not silent or left.high is None or stated.high is None or left.high <= stated.high:
        return stated
    ends = (stated.low, left.high, stated.open_low, left.open_high, stated.near_low, left.near_high)
    return Quantity(*ends, unit, left.hedge)


def _rounding(base: Quantity, figures: Sequence[Quantity]) -> float:
    """Return by how much figures may fall short of their whole as each is rounded: half of the last place of each, within reason."""
    if base.low is None:
        return 0.0
    ends = {end for end in (base.low, base.high) if end is not None and end != 1}
    places = [_place(end) for end in ends] + [_place(figure.low) for figure in figures if figure.low]
    return min(sum(places) / 2, ROUNDS * base.low)


def _place(value: float) -> float:
    """Return the size of the last place of a number that is not 0: 0.01 of 0.25, 1,000 of 42,000."""
    digits = Decimal(repr(round(value, 9))).normalize()
    exponent = digits.as_tuple().exponent
    return float(10**exponent) if isinstance(exponent, int) else 0.0


def _left(base: Quantity, known: Quantity, unit: str) -> Quantity:
    left = base.sub(known)
    low = max(left.low or 0.0, 0.0)
    high = None if left.high is None else max(left.high, 0.0)
    at_zero = low == 0.0
    return Quantity(
        low,
        high,
        left.open_low and not at_zero,
        left.open_high and high != 0.0,
        left.near_low and not at_zero,
        left.near_high,
        unit,
        left.hedge,
    )


def _ends(row: Row) -> tuple[float, float] | None:
    if row.share is None or row.share.high is None:
        return None
    return row.share.low or 0.0, row.share.high


def _fraction(rest: Quantity, base: Quantity, unit: str) -> tuple[float, float]:
    part = _share(rest, base, unit)
    if part is None:
        return 0.0, 0.0
    low = part.low or 0.0
    return low, max(low, min(part.high if part.high is not None else 1.0, 1.0))


def _index(
    rows: Sequence[Row], rest: Quantity, base: Quantity, unit: str, options: Options | None, loose_rest: bool
) -> tuple[Quantity | None, str | None]:
    """Return the concentration index as an interval, or why it is refused."""
    named = [row for row in rows if row.group.aggregate not in ("remainder", "unknown")]
    without = [row for row in named if not row.value.known]
    if not base.known:
        return None, "no source gives the whole"
    if not named:
        return None, "no holder is named"
    if len(without) == len(named):
        return None, f"no shares are stated: {len(without)} of {len(named)} holders stand without one"
    ends = [_ends(row) for row in named if row.value.known]
    bounded = [end for end in ends if end is not None]
    if len(bounded) < len(ends):
        return None, "the share of a holder has no upper bound"
    covered = sum(low for low, _ in bounded)
    if covered < LEAST_NAMED:
        return (
            None,
            f"the named holders account for {100 * covered:.1f} % at least, less than {100 * LEAST_NAMED:.0f} %",
        )
    left = _fraction(rest, base, unit)
    if left[0] > 1:
        return None, "more is held by holders of unknown group than by those whose group is known"
    if options is None:
        found = concentration(bounded, left)
    else:
        told = [row.group for row in named if row.value.known]
        unknown = [_ends(row) or (0.0, left[1]) for row in rows if row.group.aggregate == "unknown"]
        loose = left[1] if loose_rest else min(sum(high for _, high in unknown), left[1])
        unnamed = max(left[1] - loose, 0.0)
        choices = [options.get(group, (group,)) for group in told]
        found = concentration_of_choices(bounded, choices, (min(left[0], unnamed), unnamed), loose)
    return Quantity(_whole(found.low), _capped(found.high, bounded), unit="HHI"), None


def _split_regions(rows: Sequence[Row], rest: Quantity, base: Quantity, unit: str) -> Quantity | None:
    """Return the index with each region spread thin, as its states are not told apart; None where no row is a region."""
    if not any(row.group.aggregate == "region" for row in rows):
        return None
    named = [row for row in rows if row.group.aggregate is None and row.value.known]
    regions = [row for row in rows if row.group.aggregate == "region"]
    bounded = [end for end in (_ends(row) for row in named) if end is not None]
    wide = [end for end in (_ends(row) for row in regions) if end is not None]
    low = concentration(bounded).low
    high = concentration([*bounded, *wide], _fraction(rest, base, unit)).high
    return Quantity(_whole(low), _whole(high), unit="HHI")


def _capped(high: float, ends: Sequence[tuple[float, float]]) -> float:
    """Return the upper end, not above 10,000 where the low ends of the shares leave room for a sum of 1."""
    return _whole(min(high, 10_000.0) if sum(low for low, _ in ends) <= 1 else high)


def _whole(value: float) -> float:
    return float(round(value))
