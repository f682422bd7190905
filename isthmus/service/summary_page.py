"""The one-page summary of a picture: its tour, its map and its plots, handed to the brief."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isthmus.briefs.footnotes import Note
from isthmus.briefs.plots import BarPlot, BarRow
from isthmus.briefs.sites import MapPoint, Status
from isthmus.briefs.summary import (
    AnswerLine,
    ConflictPair,
    ConflictValue,
    Doubt,
    Held,
    SourceLine,
    Summary,
    TourItem,
    render_summary,
)
from isthmus.model import Claim, Conflict, Gap
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.coverage import coverage
from isthmus.picture.gaps import member_gap, members_of
from isthmus.picture.words import say, when_said
from isthmus.quantities import Quantity
from isthmus.service.tour import Answer

TITLE = "The reference picture"
LEDE = (
    "What NBR Special Report 97, a list of Chinese-financed telecom projects, world mineral production, a list of GPU clusters, a "
    "register of hardware addresses and a list of organisations in standards bodies say together: who holds what, on whose word, and "
    "what is not known."
)
PLOTTED = 2
ROWS = 12
SITE_KINDS = ("data_center", "site", "project")
_STANDING = ("actual",)


def write_summary(picture: Picture, tour: Sequence[Answer], target: Path) -> dict[str, int]:
    """Write the summary page; return how much the picture holds.

    The page is written beside its place and moved there, so that a broken run leaves the old page whole.
    """
    covered = coverage(picture)
    conflicts = find_conflicts(picture)
    gaps = _group_gaps(picture)
    held = {
        "claims": covered["claims"],
        "sources": covered["sources"],
        "entities": covered["entities"],
        "conflicts": len(conflicts),
        "gaps": len(gaps),
    }
    page = render_summary(
        Summary(
            title=TITLE,
            picture=picture.hash,
            held=Held(**held),
            as_of=picture.as_of,
            known_at=picture.known_at,
            lede=LEDE,
            tour=tuple(_item(answer) for answer in tour),
            points=tuple(_points(picture)),
            plots=tuple(_plots(tour)),
            conflicts=tuple(_pair(picture, conflict) for conflict in conflicts),
            gaps=tuple(gaps[:20]),
            notes=tuple(_notes(picture, tour, conflicts, gaps)),
            sources=tuple(_sources(picture)),
            map_note="Sites known by their country only stand in the country's badge.",
        )
    )
    draft = target.with_name(target.name + ".part")
    draft.write_text(page, encoding="utf-8")
    draft.replace(target)
    return held


def _item(answer: Answer) -> TourItem:
    listed = {name for line in answer.lines for name in line.claims}
    return TourItem(
        question=answer.question,
        answer=answer.answer,
        source=answer.source,
        locator=answer.locator,
        command=answer.command,
        claims=tuple(name for name in answer.claims if name not in listed),
        hedges=answer.hedges,
        lines=tuple(AnswerLine(line.label, line.value, line.hedge, line.claims) for line in answer.lines),
        gaps="; ".join(answer.gaps) or None,
        doubt=_doubt(answer),
    )


def _doubt(answer: Answer) -> Doubt:
    """Return how an answer is drawn: by the first of conflict, hedge, mode and bounds that it carries."""
    if "≠" in answer.answer:
        return "conflict"
    if answer.hedges:
        return "hedged"
    rows = answer.finding.get("answers", ())
    if any(row.get("mode", "actual") != "actual" for row in rows):
        return "may"
    values = [row["value"] for row in rows if isinstance(row.get("value"), dict)]
    return "bounded" if any(value["low"] != value["high"] or value["approx"] for value in values) else "certain"


def _plots(tour: Sequence[Answer]) -> list[BarPlot]:
    """Draw the tallies of the tour that carry a concentration index, widest first."""
    tallies = [answer for answer in tour if answer.finding.get("lens") == "tally" and answer.finding.get("hhi")]
    tallies.sort(key=lambda answer: -len(answer.finding["answers"]))
    return [_plot(answer) for answer in tallies[:PLOTTED]]


def _plot(answer: Answer) -> BarPlot:
    finding = answer.finding
    by = finding["question"]["by"]
    named = [row for row in finding["answers"] if row.get("aggregate") not in ("remainder", "unknown")]
    rows = [
        BarRow(
            label=row["group"][by],
            quantity=Quantity.from_json(row["share"] or row["value"]),
            words=row["share_words"] or row["words"],
            claims=tuple(row["claims"])[:3],
        )
        for row in named[:ROWS]
    ]
    low, high = finding["hhi"]["low"], finding["hhi"]["high"]
    rest = len(named) - ROWS
    notes = [f"{rest} more are not drawn"] if rest > 0 else []
    return BarPlot(
        title=answer.question,
        rows=tuple(rows),
        concentration=f"HHI {low:,}" if low == high else f"HHI {low:,} to {high:,}",
        note="; ".join([*notes, *finding["limits"]]) or None,
        source=f"{answer.source}, {answer.locator}",
        command=answer.command,
    )


def _points(picture: Picture) -> list[MapPoint]:
    """Return the sites of the picture: at their coordinates, else in their country; those without either are not drawn."""
    claims = picture.reader.where(
        "c.predicate IN (SELECT key FROM predicates WHERE id IN ('coordinates', 'located_in', 'status'))"
    )
    spots: dict[str, Claim] = {}
    lands: dict[str, Claim] = {}
    stages: dict[str, Claim] = {}
    for claim in claims:
        name = picture.resolution.of(claim.subject)
        if claim.stance != "asserts":
            continue
        if claim.predicate == "coordinates":
            spots.setdefault(name, claim)
        elif claim.predicate == "status":
            stages[name] = claim
        elif claim.object:
            lands.setdefault(name, claim)
    names = sorted(spots.keys() | lands.keys())
    picture.load_entities(names)
    wanted = [name for name in names if picture.is_kind(name, *SITE_KINDS)]
    picture.load_entities(lands[name].object or name for name in wanted if name in lands)
    points = [_point(picture, name, spots.get(name), lands.get(name), stages.get(name)) for name in wanted]
    return [point for point in points if point is not None]


def _point(picture: Picture, name: str, spot: Claim | None, land: Claim | None, stage: Claim | None) -> MapPoint | None:
    entity = picture.entity(name)
    country, country_name = _country(picture, land)
    exact = spot if spot is not None and spot.qualifier("precision") != "country" else None
    if exact is None and country is None:
        return None
    lat, lon = (float(part) for part in exact.value.split(",")) if exact and exact.value else (None, None)
    kind = next((kind for kind in SITE_KINDS if picture.is_kind(name, kind)), "site")
    claim = exact or land
    assert claim is not None
    return MapPoint(
        label=entity.caption,
        kind=kind.replace("_", " "),
        status=_status(claim, stage),
        lat=lat,
        lon=lon,
        country=country,
        country_name=country_name,
        when=when_said(stage) if stage else when_said(claim) or None,
        source=f"{claim.source}, {claim.locator}",
        claims=(claim.id,),
    )


def _country(picture: Picture, land: Claim | None) -> tuple[str | None, str | None]:
    if land is None or land.object is None:
        return None, None
    place = picture.entity(land.object)
    codes = [member.partition(":")[2] for member in place.members if member.startswith("iso:")]
    return (codes[0], place.caption) if codes else (None, place.caption)


def _status(claim: Claim, stage: Claim | None) -> Status:
    said = stage or claim
    if said.value in ("ended", "suspended", "lapsed", "annulled") or claim.valid_to:
        return "past"
    planned = said.mode not in _STANDING or said.value in (
        "proposed",
        "approved",
        "announced",
        "signed",
        "under_construction",
    )
    return "planned" if planned else "actual"


def _pair(picture: Picture, conflict: Conflict) -> ConflictPair:
    values = tuple(
        ConflictValue(text.rpartition(" (")[0] or text, text.rpartition(" (")[2].rstrip(")"), (name,))
        for text, name in zip(conflict.values, conflict.claims, strict=True)
    )
    return ConflictPair(conflict.about, values)


def _group_gaps(picture: Picture) -> list[Gap]:
    """Return what groups leave unnamed, the largest first."""
    groups = picture.reader.where(
        "c.predicate IN (SELECT key FROM predicates WHERE id = 'kind') AND c.value = 'group' AND c.stance = 0"
    )
    names = sorted({picture.resolution.of(claim.subject) for claim in groups})
    counted = {
        picture.resolution.of(claim.subject)
        for claim in picture.reader.where("c.predicate IN (SELECT key FROM predicates WHERE id = 'count')")
    }
    picture.load_entities(names)
    found = []
    for name in names:
        if name in counted:
            gap = member_gap(members_of(picture, picture.entity(name)), picture.caption(name))
            if gap is not None and gap.n is not None:
                found.append(gap)
    return sorted(found, key=lambda gap: (-_size(gap.n), gap.what))


def _size(number: Quantity | int | None) -> float:
    if isinstance(number, Quantity):
        return number.low or number.high or 0.0
    return float(number or 0)


def _notes(picture: Picture, tour: Sequence[Answer], conflicts: Sequence[Conflict], gaps: Sequence[Gap]) -> list[Note]:
    wanted = {name for answer in tour for name in answer.claims[:6]}
    wanted |= {name for conflict in conflicts for name in conflict.claims}
    wanted |= {name for gap in gaps[:20] for name in gap.claims[:2]}
    return [_note(picture, claim) for claim in picture.reader.by_id(wanted)]


def _note(picture: Picture, claim: Claim) -> Note:
    source = picture.sources.get(claim.source)
    return Note(
        claim=claim.id,
        words=say(picture, claim),
        source=(source.title if source and source.title else claim.source),
        locator=claim.locator,
        hedge=claim.hedge,
        stance=claim.stance,
        valid=when_said(claim) or None,
        origin=", ".join(claim.origin) or None,
        recorded=claim.recorded_at[:10],
    )


def _sources(picture: Picture) -> list[SourceLine]:
    """Return the sources that we read ourselves, not those that they cite."""
    counts = dict(
        picture.store.rows(
            'SELECT s.id, count(*) FROM claims c JOIN sources s ON s.key = c."source" GROUP BY s.id HAVING count(*) > 5'
        )
    )
    lines = []
    for name, number in sorted(counts.items(), key=lambda item: -item[1]):
        source: Any = picture.sources[name]
        lines.append(
            SourceLine(
                title=source.title or name,
                publisher=source.publisher or "",
                kind=source.kind,
                date=source.date or "",
                reliability=source.reliability,
                licence=source.licence or "",
                attribution=source.note,
                url=source.url,
                claims=number,
            )
        )
    return lines
