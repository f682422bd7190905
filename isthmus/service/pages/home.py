"""The first page: what the picture holds, what changed lately, where it narrows, and what it does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from isthmus.lenses import concentration
from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.gaps import member_gap, members_of
from isthmus.picture.words import say
from isthmus.quantities import Quantity
from isthmus.service.pages.questions import questions

LATEST, ALARMS, GAPS, CONFLICTS = 10, 7, 6, 5
_LOOKED_AT = 600
_OF_ONE_SOURCE = 3
"""So many changes from one source, and one of each thing, stand in the list: a long table must not fill it."""
_GROUPS = 400
_QUIET = ("name", "kind", "identifier", "classified_as", "coordinates", "address", "completeness", "described_as")
_LONG = 220


def home(picture: Picture) -> dict[str, Any]:
    """Return five numbers of what is held, the newest of what the claims speak of, and six questions to begin with."""
    counts = picture.store.row(
        picture.visibility.sql(
            'count(*), count(DISTINCT c.subject), count(DISTINCT c."source"), count(c.hedge), '
            "count(*) FILTER (WHERE c.valid_from IS NULL AND c.valid_to IS NULL AND c.observed IS NULL)"
        )
    )
    assert counts is not None
    latest = _latest(picture)
    return {
        "holds": dict(zip(("claims", "things", "sources", "hedged", "undated"), counts, strict=True)),
        "changed": [
            {"date": _plain(date), "sentence": say(picture, claim)[:_LONG], "claims": [claim.id]}
            for date, claim in latest
        ],
        "questions": questions(picture),
        **_cited(picture, [claim for _, claim in latest]),
    }


def _plain(date: str) -> str:
    """Return a partial date with its mark in a word."""
    for mark, word in (("<=", "by "), (">=", "since "), ("<", "before "), (">", "after "), ("~", "about ")):
        if date.startswith(mark):
            return word + date[len(mark) :]
    return date


def _cited(picture: Picture, claims: Iterable[Claim]) -> dict[str, Any]:
    held = list(claims)
    picture.load_entities(end for claim in held for end in (claim.subject, claim.object) if end)
    return {"claims": {claim.id: claim_json(picture, claim) for claim in held}, "sources": cited_sources(picture, held)}


def _latest(picture: Picture) -> list[tuple[str, Claim]]:
    """Return the newest claims of what is, by the day that they speak of, none of a day to come; of each source and thing a few."""
    quiet = ", ".join(f"'{name}'" for name in _QUIET)
    day = f"least(DATE '{picture.known_at[:10]}', DATE '{picture.visibility.as_of or picture.known_at[:10]}')"
    where = f"c.stance < 2 AND c.mode = 0 AND c.predicate NOT IN (SELECT key FROM predicates WHERE id IN ({quiet}))"
    sql = picture.visibility.sql('c.id, c.subject, c."source", coalesce(c.valid_from, c.observed) AS told', where)
    rows = picture.store.rows(
        f"SELECT c.id::VARCHAR, c.subject, c.source, d.written FROM ({sql}) c JOIN dates d ON d.key = c.told "
        f"WHERE d.latest <= {day} ORDER BY d.latest DESC, d.earliest DESC, c.id LIMIT {_LOOKED_AT}"
    )
    chosen: dict[str, str] = {}
    spare: dict[str, str] = {}
    sources: Counter[int] = Counter()
    things: Counter[int] = Counter()
    for name, subject, source, written in rows:
        few = sources[source] < _OF_ONE_SOURCE and not things[subject]
        (chosen if few else spare)[str(name)] = str(written)
        if few:
            sources[source] += 1
            things[subject] += 1
    wanted = dict([*chosen.items(), *spare.items()][:LATEST])
    claims = {claim.id: claim for claim in picture.reader.by_id(wanted)}
    picture.load_entities(end for claim in claims.values() for end in (claim.subject, claim.object) if end)
    order = {str(row[0]): at for at, row in enumerate(rows)}
    return [(wanted[name], claims[name]) for name in sorted(wanted, key=lambda name: order[name]) if name in claims]


def alarms(picture: Picture) -> dict[str, Any]:
    """Return where one party or country has much of a thing, surest first, and which of these conclusions rest on one work alone.

    Returns
    -------
    dict
        ``{"strips": [{"of", "caption", "words", "sure", "hedges", "claims", "rests_on"}], "markets", "more"}`` with `claims` and `sources`.
    """
    finding = concentration.ask(picture).to_json()
    told = [(row, alarm) for row in finding["answers"] for alarm in row["alarms"]]
    told.sort(key=lambda pair: not pair[1]["sure"])
    rows = []
    used: dict[str, Any] = {}
    held = {
        claim.id: claim
        for claim in picture.reader.by_id({name for _, alarm in told[:ALARMS] for name in alarm["claims"]})
    }
    for row, alarm in told[:ALARMS]:
        works = {work for name in alarm["claims"] if name in held for work in picture.support(held[name])}
        rows.append(
            {
                "of": row["entity"],
                "caption": row["caption"],
                "words": alarm["words"],
                "sure": alarm["sure"],
                "hedges": alarm["hedges"],
                "claims": alarm["claims"],
                "rests_on": [_title(picture, work) for work in sorted(works)] if len(works) == 1 else [],
            }
        )
        used |= {name: held[name] for name in alarm["claims"][:4] if name in held}
    return {
        "strips": rows,
        "more": max(0, len(told) - ALARMS),
        "markets": finding["totals"]["markets"],
        **_cited(picture, used.values()),
    }


def _title(picture: Picture, name: str) -> dict[str, str]:
    source = picture.sources.get(name)
    return {"id": name, "title": (source.title if source and source.title else name)[:160]}


def unknown(picture: Picture) -> dict[str, Any]:
    """Return the largest gaps, what is thinly covered, and the first conflicts."""
    gaps, groups = group_gaps(picture)
    conflicts = find_conflicts(picture)
    counts = _thin(picture)
    names = [name for gap in gaps for name in gap["claims"][:3]]
    names += [name for conflict in conflicts[:CONFLICTS] for name in conflict.claims[:3]]
    return {
        "gaps": gaps,
        "groups": groups,
        "thin": counts,
        "conflicts": [
            {
                "about": conflict.about[:_LONG],
                "subject": conflict.subject,
                "sides": [
                    {"text": (text.rpartition(" (")[0] or text)[:120], "claims": [name]}
                    for text, name in zip(conflict.values, conflict.claims, strict=True)
                ][:3],
            }
            for conflict in conflicts[:CONFLICTS]
        ],
        "conflicts_total": len(conflicts),
        **_cited(picture, picture.reader.by_id(names)),
    }


def _thin(picture: Picture) -> Mapping[str, int]:
    """Count things without a name or a kind, and things that one claim alone speaks of."""
    row = picture.store.row(
        "WITH said AS (SELECT c.subject, count(*) AS n, "
        "bool_or(c.predicate = (SELECT key FROM predicates WHERE id = 'kind')) AS kind, "
        "bool_or(c.predicate = (SELECT key FROM predicates WHERE id = 'name')) AS name "
        f"FROM ({picture.visibility.sql('c.subject, c.predicate')}) c GROUP BY 1) "
        "SELECT count(*), count(*) FILTER (WHERE NOT kind), count(*) FILTER (WHERE NOT name) FROM said"
    )
    assert row is not None
    return dict(zip(("things", "without_kind", "without_name"), (int(number) for number in row), strict=True))


def group_gaps(picture: Picture, most: int | None = GAPS) -> tuple[list[dict[str, Any]], int]:
    """Return what groups leave unnamed, first of those that own or control something, the largest first; and how many were counted."""
    said = "c.stance = 0 AND c.mode = 0 AND c.predicate = (SELECT key FROM predicates WHERE id = '{}')"
    kinds = picture.visibility.sql("c.subject", said.format("kind") + " AND c.value = 'group'")
    counted = picture.visibility.sql("c.subject", said.format("count"))
    rows = picture.store.rows(
        f"SELECT e.id FROM entities e WHERE e.key IN ({kinds}) AND e.key IN ({counted}) ORDER BY e.id LIMIT {_GROUPS}"
    )
    holding = picture.visibility.sql(
        "c.subject", "c.predicate IN (SELECT key FROM predicates WHERE id IN ('owns', 'controls'))"
    )
    listed = ", ".join(map(str, picture.reader.keys([str(row[0]) for row in rows]))) or "NULL"
    held = picture.store.rows(f"SELECT id FROM entities WHERE key IN ({listed}) AND key IN ({holding})")
    holders = {picture.resolution.of(str(row[0])) for row in held}
    heads = sorted({picture.resolution.of(str(row[0])) for row in rows})
    picture.load_entities(heads)
    found = []
    for head in heads:
        entity = picture.entity(head)
        gap = member_gap(members_of(picture, entity), entity.caption)
        if gap is not None and gap.n is not None:
            found.append((head in holders, _size(gap.n), {**gap.to_json(), "what": gap.what[:_LONG], "of_thing": head}))
    found.sort(key=lambda row: (not row[0], -row[1], str(row[2]["what"])))
    return [gap for *_, gap in found[:most]], len(heads)


def _size(number: Quantity | int | None) -> float:
    if isinstance(number, Quantity):
        return number.low or number.high or 0.0
    return float(number or 0)
