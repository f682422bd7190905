"""The lists of a picture: who is put on them, by whom, in which programme, from when and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from isthmus.dates import PartialDate, Period, Truth
from isthmus.picture.heads import resolved
from isthmus.picture.picture import Picture

LISTING = ("designates", "restricts")
_FTM = "ftm:"


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of a list.

    Attributes
    ----------
    entity, by : str
        Canonical ids: what is listed, and the body or norm that lists it.
    programme : str
        The category given, or the measure.
    since, until : str or None
        Partial dates.
    closed_by_later : bool
        Whether the end is that of a later entry of the same programme: lists often leave the earlier one open.
    """

    entity: str
    by: str
    programme: str
    since: str | None
    until: str | None
    source: str
    locator: str
    closed_by_later: bool = False

    def state(self, day: date) -> str:
        """Return ``listed``, ``delisted`` or ``not yet`` on a day; where it is not sure, ``listed``."""
        first, last = (PartialDate.parse(text) if text else None for text in (self.since, self.until))
        if Period(first, last).holds_on(day) is not Truth.NO:
            return "listed"
        return "not yet" if first is not None and Period(first, None).holds_on(day) is Truth.NO else "delisted"


def find_list(picture: Picture, name: str) -> str | None:
    """Return the id of the source that a word names: an id, or a data set of the FtM format."""
    return next((found for found in (name, _FTM + name) if found in picture.sources), None)


def read_listings(picture: Picture, source: str) -> list[Listing]:
    """Return the entries of a list: what is designated or restricted in a source, or on its authority."""
    rows = picture.store.rows(
        "SELECT o.id, s.id, coalesce(q.pairs['as'], q.pairs['measure'], ''), f.written, t.written, w.id, c.locator "
        f'FROM {resolved(picture, _in(source, LISTING))} c JOIN entities s ON s.key = c.subject JOIN entities o ON o.key = c."object" '
        'JOIN sources w ON w.key = c."source" LEFT JOIN qualifier_sets q ON q.key = c.qualifiers '
        "LEFT JOIN dates f ON f.key = c.valid_from LEFT JOIN dates t ON t.key = c.valid_to ORDER BY ALL"
    )
    return list(closed(Listing(*row) for row in rows))


def named_in(picture: Picture, source: str) -> list[str]:
    """Return the parties that a source names, by canonical id: a register is a list without entries."""
    rows = picture.store.rows(
        f"SELECT DISTINCT e.id FROM {resolved(picture, _in(source, ('name',)))} c JOIN entities e ON e.key = c.subject ORDER BY 1"
    )
    heads = [str(row[0]) for row in rows]
    picture.load_entities(heads)
    return [head for head in heads if not picture.entity(head).kinds or picture.is_kind(head, "party", "group")]


def closed(listings: Iterable[Listing]) -> Iterable[Listing]:
    """Yield entries, where one without an end is closed by the end of a later entry about the same thing in the same programme."""
    held: dict[tuple[str, str, str], list[Listing]] = {}
    for item in listings:
        held.setdefault((item.entity, item.by, item.programme), []).append(item)
    for group in held.values():
        for item in group:
            later = [
                other.until
                for other in group
                if other.until and not item.until and _day(other.since) >= _day(item.since)
            ]
            yield replace(item, until=min(later, key=_day), closed_by_later=True) if later else item


def _day(text: str | None) -> str:
    """Return the day of a partial date, for comparing: its first, or of one before a day, that day."""
    return (text or "").lstrip("<>=~")


def _in(source: str, predicates: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{name}'" for name in predicates)
    key = f"(SELECT key FROM sources WHERE id = '{source.replace(chr(39), chr(39) * 2)}')"
    return (
        f"c.predicate IN (SELECT key FROM predicates WHERE id IN ({listed})) AND c.stance = 0 AND c.mode = 0 "
        f'AND (c."source" = {key} OR c.origin IN (SELECT key FROM origin_sets WHERE list_contains(members, {key})))'
    )
