"""What stands around a thing: its nearest neighbours and the relations among those that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isthmus.errors import ArgumentError
from isthmus.lenses import relations
from isthmus.lenses.finding import cited_sources, claim_json
from isthmus.picture import Picture

NEAREST = 12
MOST = 60
"""So many neighbours can be asked for at once."""
_FIRST = ("control", "supply", "rules", "forums", "sets", "events", "places", "numbers", "identity")
"""Groups of predicates: of neighbours by these, the former stand nearer."""
_SURE = ("holds", "may hold")


def network(
    picture: Picture,
    of: str,
    *,
    beside: Sequence[str] = (),
    most: int = NEAREST,
    predicates: Sequence[str] = (),
    certain: bool = False,
) -> dict[str, Any]:
    """Return a thing with its nearest neighbours, and the relations between them and with what already stands beside it.

    Parameters
    ----------
    beside : sequence of str
        Ids that a drawing shows already: relations to them are told as well, and they do not count among the nearest.
    most : int
        How many neighbours at most.
    predicates : sequence of str
        Only these.
    certain : bool
        Only relations that hold for sure on the day.

    Returns
    -------
    dict
        ``{"center", "nodes": [{"id", "caption", "kinds", "ties"}], "edges": [{"from", "to", "predicate", "label", "group", "verdict",
        "when", "hedges", "claims", "sentence"}], "more", "predicates", "claims", "sources"}``; `more` neighbours are not shown.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError
    """
    if not 1 <= most <= MOST:
        raise ArgumentError(f"{most} is no number of neighbours.", where="most", hint=f"Give 1 to {MOST}.")
    finding = relations.ask(picture, of, predicates=tuple(predicates)).to_json()
    center = finding["question"]["of"]
    ties = [row for row in finding["answers"] if not certain or row["verdict"] == "holds"]
    near: dict[str, list[dict[str, Any]]] = {}
    for row in ties:
        if row["entity"] != center:
            near.setdefault(row["entity"], []).append(row)
    shown = set(beside) - {center}
    order = sorted((name for name in near if name not in shown), key=lambda name: _rank(picture, near[name]))
    chosen = order[:most]
    drawn = {center, *chosen, *(name for name in shown if name in near)}
    edges = _edges([row for row in ties if row["entity"] in drawn - {center}])
    edges += _among(picture, chosen, drawn | shown, center, predicates, certain)
    wanted = {name for edge in edges for name in edge["claims"]}
    claims = picture.reader.by_id(wanted)
    picture.load_entities(end for claim in claims for end in (claim.subject, claim.object) if end)
    picture.load_entities(drawn)
    groups: dict[str, int] = {}
    for row in ties:
        groups[row["predicate"]] = groups.get(row["predicate"], 0) + 1
    return {
        "center": center,
        "nodes": [_node(picture, name, len(near.get(name, ()))) for name in [center, *sorted(drawn - {center})]],
        "edges": edges,
        "more": len(order) - len(chosen),
        "predicates": [
            {"name": name, "words": name.replace("_", " "), "number": number}
            for name, number in sorted(groups.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        "claims": {claim.id: claim_json(picture, claim) for claim in claims},
        "sources": cited_sources(picture, claims),
    }


def _rank(picture: Picture, rows: Sequence[dict[str, Any]]) -> tuple[int, int, int, str]:
    groups = [picture.vocabulary.predicates[row["predicate"]].group for row in rows]
    best = min(_FIRST.index(group) if group in _FIRST else len(_FIRST) for group in groups)
    sure = min(_SURE.index(row["verdict"]) if row["verdict"] in _SURE else len(_SURE) for row in rows)
    return best, sure, -sum(len(row["claims"]) for row in rows), rows[0]["caption"]


def _node(picture: Picture, name: str, ties: int) -> dict[str, Any]:
    entity = picture.entity(name)
    return {"id": entity.id, "caption": entity.caption, "kinds": list(entity.kinds), "ties": ties}


def _edges(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return relations as edges, those of one predicate between two things as one, the surest verdict first."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: _SURE.index(row["verdict"]) if row["verdict"] in _SURE else len(_SURE)):
        edge = found.setdefault(
            (row["from"], row["predicate"], row["to"]),
            {
                "from": row["from"],
                "from_caption": row["from_caption"],
                "to": row["to"],
                "to_caption": row["to_caption"],
                "predicate": row["predicate"],
                "label": row["label"],
                "verdict": row["verdict"],
                "when": [],
                "hedges": [],
                "claims": [],
                "sentence": row["sentences"][0],
            },
        )
        for key in ("when", "hedges", "claims"):
            edge[key] = list(dict.fromkeys([*edge[key], *row[key]]))
    return list(found.values())


def _among(
    picture: Picture,
    chosen: Sequence[str],
    drawn: set[str],
    center: str,
    predicates: Sequence[str],
    certain: bool,
) -> list[dict[str, Any]]:
    """Return the relations of the new neighbours with one another and with what is drawn, besides those with the center."""
    keys = {key: name for name in chosen for key in picture.reader.keys(picture.entity(name).members)}
    ends = {key: name for name in drawn for key in picture.reader.keys(picture.entity(name).members)}
    if not keys:
        return []
    mine, others = (", ".join(map(str, listed)) for listed in (keys, ends))
    claims = picture.reader.where(
        f'(c.subject IN ({mine}) AND c."object" IN ({others})) OR (c.subject IN ({others}) AND c."object" IN ({mine}))'
    )
    rows = []
    for claim in claims:
        start, end = picture.resolution.of(claim.subject), picture.resolution.of(claim.object or "")
        if center in (start, end) or start == end or (predicates and claim.predicate not in predicates):
            continue
        rows.append(relations.tie_between(picture, start, end, claim))
    return _edges([row for row in rows if not certain or row["verdict"] == "holds"])
