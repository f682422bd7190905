"""Who supplies a thing with which share: the claims that say so in series that may be added, and the sides that share out one whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations

import yaml

from isthmus.errors import VocabularyError
from isthmus.model import Claim
from isthmus.picture.extent import day_known
from isthmus.picture.picture import Picture
from isthmus.picture.shares.figures import WHOLE, Held, Series, in_series, newest
from isthmus.picture.shares.grouping import Group, aggregate_of, is_unnamed
from isthmus.picture.shares.table import make_table
from isthmus.quantities import Quantity
from isthmus.vocabulary import Vocabulary, load_vocabulary

FILE = "data/suppliers.yaml"
SHARES = ("share", "proportion")
SUPPLIES = "supplies"
_SAME = ("stage", "segment", "of", "basis", "place")
_TRIED = 6
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class SupplyRules:
    """The whole file: see its own words."""

    version: str
    suppliers: tuple[tuple[str, ...], ...]
    complete: tuple[str, ...]


@cache
def load_supply_rules() -> SupplyRules:
    """Return the rules that ship with the package, checked."""
    return read_supply_rules(files("isthmus").joinpath(FILE).read_text("utf-8"), load_vocabulary())


def read_supply_rules(text: str, vocabulary: Vocabulary) -> SupplyRules:
    """Read the rules from the text of their file.

    Raises
    ------
    VocabularyError
        The file is no such list, or a predicate does not exist.
    """
    try:
        raw = yaml.load(text, Loader=_Loader)
        found = SupplyRules(
            str(raw["version"]),
            tuple(tuple(map(str, group)) for group in raw["suppliers"]),
            tuple(map(str, raw["complete"])),
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise VocabularyError(f"the rules of supply cannot be read: {error!r}.", where=FILE) from error
    unknown = [name for group in found.suppliers for name in group if name not in vocabulary.predicates]
    if unknown:
        raise VocabularyError(f"the vocabulary has no “{unknown[0]}”.", where=FILE)
    return found


@dataclass(frozen=True, slots=True)
class Supply:
    """Who supplies one thing, by one measure.

    Attributes
    ----------
    series : Series
        What the figures have in common.
    held : tuple of Held
        One figure a holder.
    whole : Quantity or None
        What all have together, as a source says.
    also : tuple of Claim
        Claims that give the whole.
    recipient : str or None
        Whom these figures are about, where they are parts of what one party gets, and of nothing else.
    """

    series: Series
    held: tuple[Held, ...]
    whole: Quantity | None
    also: tuple[Claim, ...]
    recipient: str | None

    @property
    def unit(self) -> str:
        """The unit of the figures; shares where none is given."""
        return unit_of(self.series)


def unit_of(series: Series) -> str:
    """Return the unit of a series; shares where none is given."""
    return next((value for key, value in series if key == "unit" and value), "share")


def supplies_of(picture: Picture, claims: Sequence[Claim]) -> list[Supply]:
    """Return the series of claims that say who supplies one thing, the one to go by first: shares first, then the widest."""
    totals = [claim for claim in claims if claim.qualifier("scope") == WHOLE]
    parts: dict[str | None, list[Claim]] = {}
    for claim in claims:
        if claim.qualifier("scope") != WHOLE:
            # What a supplier provides to one party is a part of what that party gets, and of nothing else.
            given = claim.predicate == SUPPLIES and claim.quantity is not None
            parts.setdefault(claim.object if given else None, []).append(claim)
    found = []
    for recipient, part in sorted(parts.items(), key=lambda item: item[0] or ""):
        for series, members in in_series(picture, part):
            whole, also = _whole(series, members, totals)
            named = (*series, ("to", picture.caption(recipient))) if recipient else series
            found.append(Supply(named, tuple(newest(picture, members)), whole, also, recipient))
    return sorted(found, key=lambda one: (one.unit not in SHARES, -len(one.held), one.series))


def _whole(
    series: Series, claims: Iterable[Claim], totals: Sequence[Claim]
) -> tuple[Quantity | None, tuple[Claim, ...]]:
    """Return the whole as a source says it beside the figures, or in a claim of its own on the same matter."""
    unit = dict(series).get("unit", "")
    stated = {claim.qualifier("out_of") for claim in claims} - {None}
    if len(stated) == 1 and unit not in SHARES:
        said = stated.pop()
        return Quantity.parse(said, said, unit), ()
    plain = {key: value for key, value in series if key in _SAME}
    fitting = [
        claim
        for claim in totals
        if claim.quantity
        and claim.quantity.unit == unit
        and {key: value for key, value in claim.qualifiers if key in _SAME} == plain
    ]
    last = max((day_known(claim) or "" for claim in fitting), default="")
    latest = tuple(claim for claim in fitting if (day_known(claim) or "") == last)
    figures = {(claim.quantity.low, claim.quantity.high) for claim in latest if claim.quantity}
    return (latest[0].quantity, latest) if len(figures) == 1 else (None, latest)


@dataclass(frozen=True, slots=True)
class Sides:
    """The holders of one series by what they are: firms and countries share out one whole side by side, and are never added."""

    firms: tuple[Held, ...]
    lands: tuple[Held, ...]
    groups: tuple[Held, ...]
    unit: str

    def by_firm(self) -> list[Held]:
        """Return the firms, and the groups of holders not named that belong to them."""
        return [*self.firms, *self._completing(self.firms, self.lands)]

    def by_land(self) -> list[Held]:
        """Return the countries and regions, and the groups of holders not named that belong to them."""
        return [*self.lands, *self._completing(self.lands, self.firms)]

    def _completing(self, named: Sequence[Held], other: Sequence[Held]) -> list[Held]:
        """Return the groups without named members that belong to a breakdown.

        Where firms and countries share out one whole side by side, each may have such a group, and nothing says whose it is: those are
        taken with which the shares come nearest to the whole.
        """
        figures = [item.quantity for item in self.groups]
        alone = bool(named) and not other
        if alone or self.unit not in SHARES or len(self.groups) > _TRIED or None in figures:
            return list(self.groups)
        start = sum(_low(item.quantity) for item in named)
        subsets = [chosen for size in range(len(self.groups) + 1) for chosen in combinations(self.groups, size)]
        best = min(subsets, key=lambda chosen: round(abs(1 - start - sum(_low(item.quantity) for item in chosen)), 9))
        return list(best)


def sides_of(picture: Picture, held: Sequence[Held], unit: str) -> Sides:
    """Return the holders of a series by what they are."""
    picture.load_entities(item.subject for item in held)
    groups = tuple(item for item in held if is_unnamed(picture, item.subject))
    named = [item for item in held if item not in groups]
    lands = tuple(item for item in named if picture.is_kind(item.subject, "place", "state"))
    return Sides(tuple(item for item in named if item not in lands), lands, groups, unit)


Bounds = tuple[float, float]


def shares_of(
    picture: Picture, held: Sequence[Held], whole: Quantity | None, unit: str
) -> dict[str, tuple[Bounds | None, tuple[Claim, ...]]]:
    """Return the share of each holder of one side as its ends within 0 and 1 (None where none is known), and the claims that give it.

    Where amounts are stated and no source gives the whole, nobody has more than its part of what is recorded, as the whole is no less.
    Who surely has none of it is left out.
    """
    groups = [Group(item.subject, item.subject, aggregate_of(picture, item.subject)) for item in held]
    table = make_table(held, groups, whole, unit, share_recorded=False)
    recorded = whole is None and unit not in SHARES
    least = sum(max(_low(row.value), 0.0) for row in table.rows)
    found: dict[str, tuple[Bounds | None, tuple[Claim, ...]]] = {}
    for row in table.rows:
        share = row.share
        if row.value.known and row.value.high is not None and row.value.high <= 0:
            continue
        ends: Bounds | None = None
        if recorded and row.value.high is not None:
            others = least - max(_low(row.value), 0.0)
            ends = (0.0, row.value.high / (row.value.high + others))
        elif share is not None and share.known:
            low = min(max(_low(share), 0.0), 1.0)
            ends = (low, min(1.0 if share.high is None else max(share.high, low), 1.0))
        found[row.group.entity or row.group.label] = (ends, row.claims)
    return found


def _low(value: Quantity | None) -> float:
    return value.low or 0.0 if value is not None else 0.0
