"""The map of points of control: from the question to the finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from isthmus.lenses.finding import build_finding
from isthmus.lenses.points.above import climb
from isthmus.lenses.points.evidence import Evidence, Piece, Read, gather, set_aside
from isthmus.lenses.points.posts import read_posts, that_matter
from isthmus.lenses.points.rows import Row, Rows, Support
from isthmus.lenses.points.standing import DISPUTED, HELD, MAY, UNKNOWN, of_channel
from isthmus.lenses.points.table import Channel, Table, load_table
from isthmus.lenses.points.words import phrase
from isthmus.model import Claim, Finding, Gap
from isthmus.picture import Entity, Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.gaps import entity_gaps

LENS = "points-of-control"
LISTED = 12
"""So many of what is set aside for one reason are listed; the rest are counted."""
_LIVE = (HELD, DISPUTED, MAY)


def ask(picture: Picture, of: str, *, why: bool = False) -> Finding:
    """Answer by which channels someone can direct a thing, and who holds each.

    Which claims are evidence of which channel is said by a table (``points_of_control.yaml``) that the finding names. What is held over
    the thing's parts, or over what it owns, is not merged into it.

    Parameters
    ----------
    of : str
        An entity by id, identifier or name.
    why : bool
        Add for each channel the minimal sets of claims that carry it, and the claims without which it is not held.

    Returns
    -------
    Finding
        One answer a channel, ``{"channel", "label", "verdict", "holders", "claims", "sources"}``. The verdict is *held* (asserted, actual,
        and holding on the day), *may be held* (the day is in doubt, the source speaks of what is possible or agreed, or someone denies
        it), *denied*, *searched* (looked for and not found) or *unknown*: no evidence, which is not the same as none. Each holder says
        how it stands (`standing`; also *past* and *planned*, which do not count), whether it is of a state or a party or directed by one
        (`state`), and who stands behind it (`behind`, `via`). `extra` has the table, the captions of
        who stands behind, and what counts in no channel (`aside`).

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, VocabularyError
    """
    table = load_table()
    entity = picture.resolve(of)
    evidence = gather(picture, entity, table)
    pieces, rows = _rows(picture, entity, table, evidence)
    channels = [
        channel
        for channel in table.channels
        if not channel.when_held or any(piece.channel == channel.name for piece in pieces)
    ]
    held = {channel.name: rows.make(piece for piece in pieces if piece.channel == channel.name) for channel in channels}
    answers = [_answer(picture, entity, channel, held[channel.name], why=why) for channel in channels]
    counted = {piece.claim.id for piece in pieces}
    aside = _aside(picture, entity, table, [read for read in evidence.direct if read.claim.id not in counted])
    all_rows = [row for found in held.values() for row in found]
    claims = [claim for row in all_rows for claim in row.claims]
    direct = [piece.claim for piece in pieces if piece.through is None]
    shown = {name for group in aside for row in group["holders"] for name in row["claims"]}
    return build_finding(
        picture,
        LENS,
        {"of": entity.id, "caption": entity.caption, "table": table.version},
        answers=answers,
        claims=[*claims, *(read.claim for read in evidence.direct if read.claim.id in shown)],
        gaps=_gaps(picture, entity, table, evidence, answers, direct),
        conflicts=find_conflicts(picture, direct),
        sensitivity=_hanging(picture, {channel.label: _supports(held[channel.name]) for channel in channels}),
        limits=_limits(table, aside),
        extra={
            "table": {"version": table.version, "title": table.title, "whose": table.whose},
            "captions": {name: picture.caption(name) for row in all_rows for name in row.body["via"]},
            "aside": aside,
        },
    )


def _rows(picture: Picture, entity: Entity, table: Table, evidence: Evidence) -> tuple[list[Piece], Rows]:
    """Return the evidence that counts, people's posts looked up, and what makes rows of it."""
    posts = read_posts(picture, entity, (piece.holder for piece in evidence.pieces if piece.needs_post))
    bodies = {post.body for held in posts.values() for post in held}
    edges = climb(picture, table, {piece.holder for piece in evidence.pieces} | bodies)
    holders = {piece.holder for piece in evidence.pieces if not piece.needs_post and piece.how in _LIVE}
    matter = that_matter(picture, table, posts, edges, holders)
    pieces = [piece for piece in evidence.pieces if not piece.needs_post or piece.holder in matter]
    return pieces, Rows(picture, entity, table, edges, matter)


def _answer(picture: Picture, entity: Entity, channel: Channel, rows: Sequence[Row], *, why: bool) -> dict[str, Any]:
    claims = {claim.id: claim for row in rows for claim in row.claims}
    answer: dict[str, Any] = {
        "channel": channel.name,
        "label": channel.label,
        "means": channel.means,
        "entity": entity.id,
        "caption": entity.caption,
        "verdict": of_channel([row.how for row in rows]),
        "holders": [dict(row.body) for row in rows],
        "claims": sorted(claims),
        "sources": sorted({claim.source for claim in claims.values()}),
        "hedges": sorted({hedge for row in rows for hedge in row.body["hedges"]}),
    }
    if why:
        answer["support"] = _support(picture, _supports(rows))
    return answer


def _supports(rows: Sequence[Row]) -> list[Support]:
    """Return the sets of claims each of which carries the verdict alone: those of the rows that stand best."""
    best = of_channel([row.how for row in rows])
    return [support for row in rows if of_channel([row.how]) == best for support in row.supports]


def _support(picture: Picture, supports: Sequence[Support]) -> dict[str, Any]:
    sets = [[claim.id for claim in support] for support in supports]
    common = set(sets[0]).intersection(*sets) if sets else set()
    works = [sorted({work for claim in support for work in picture.support(claim)}) for support in supports]
    return {"minimal": sets, "pivotal": sorted(common), "works": works}


def _hanging(picture: Picture, supports: Mapping[str, Sequence[Support]]) -> dict[str, Any]:
    """Return which channels rest on one work alone, and the works without which the verdict on a channel is another.

    A support falls with a work when one of its claims rests on that work and on no other.
    """
    single: set[str] = set()
    flips: dict[str, list[str]] = {}
    for name, sets in supports.items():
        works = {work for support in sets for claim in support for work in picture.support(claim)}
        for work in works:
            if all(any(picture.support(claim) == {work} for claim in support) for support in sets):
                flips.setdefault(work, []).append(name)
        if len(works) == 1:
            single |= works
    return {
        "single_source": sorted(single),
        "flips_without": sorted(flips),
        "flips": {work: sorted(names) for work, names in sorted(flips.items())},
    }


def _aside(picture: Picture, entity: Entity, table: Table, reads: Iterable[Read]) -> list[dict[str, Any]]:
    groups = set_aside(picture, entity, table, reads)
    return [
        {
            "predicate": predicate,
            "label": predicate.replace("_", " "),
            "why": why,
            "n": len(held),
            "holders": [
                {
                    "entity": read.other,
                    "caption": picture.caption(read.other),
                    "words": phrase(picture, read.claim),
                    "hedges": [read.claim.hedge] if read.claim.hedge else [],
                    "claims": [read.claim.id],
                }
                for read in held[:LISTED]
            ],
        }
        for (predicate, why), held in sorted(groups.items())
    ]


def _gaps(
    picture: Picture,
    entity: Entity,
    table: Table,
    evidence: Evidence,
    answers: Sequence[Mapping[str, Any]],
    direct: Sequence[Claim],
) -> list[Gap]:
    gaps = []
    for answer in answers:
        if answer["verdict"] == UNKNOWN:
            what = f"{entity.caption}: {answer['label']}: no evidence, which is not to say that nobody holds it"
            if answer["holders"]:
                what = f"{entity.caption}: {answer['label']}: no evidence of anyone now; what is held is past, or only meant"
            gaps.append(Gap("unknown", what, tuple(answer["claims"])))
    for claim in evidence.unstated:
        kind = table.unstated.get(claim.value or "", UNKNOWN)
        gaps.append(Gap(kind, f"{entity.caption}: {phrase(picture, claim)}".replace("_", " "), (claim.id,)))
    return gaps + entity_gaps(picture, entity, direct)


def _limits(table: Table, aside: Sequence[Mapping[str, Any]]) -> list[str]:
    limits = [f"which claims are evidence of which channel is said by the table {table.version} ({table.whose})"]
    limits.append("what is held over its parts, or over what it owns, is not merged: ask about them by name")
    number = sum(group["n"] for group in aside)
    if number:
        told = ", ".join(f"{group['label']} {group['n']}" for group in aside)
        limits.append(f"{number:,} more that is said of it counts in no channel ({told})")
    return limits
