"""The question: whose failure fails a thing, alone or with one other; and, over everything, whose failure takes most along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from isthmus.dependence.failing import Failure, alone, impacts, sole_needs, together
from isthmus.dependence.listing import counted
from isthmus.dependence.maker_rows import makers_note
from isthmus.dependence.web import Web, web_of
from isthmus.errors import ArgumentError
from isthmus.kernels.dependence.failures import Semantics
from isthmus.kernels.dependence.reach import dependencies
from isthmus.lenses.chokepoints.rows import Row, Rows
from isthmus.lenses.chokepoints.support import Supports
from isthmus.lenses.finding import build_finding
from isthmus.model import Claim, Finding, Gap
from isthmus.picture import Entity, Picture
from isthmus.picture.conflicts import find_conflicts

LENS = "chokepoints"
PAIRS = 2000
"""So many pairs are weighed by what they take along; more are not looked for, and the finding says so."""
COMPARED = 400
"""Up to so many claims are looked at for conflicts among them."""
_MEANT = {
    "operating": "operating: all works until something fails, so that things which need one another keep each other going",
    "bootstrap": "bootstrap: nothing works until it is started, so that a loop which nobody outside starts never works",
}


def ask(
    picture: Picture,
    of: str | None = None,
    *,
    pairs: bool = False,
    strength: str = "required",
    semantics: Semantics = "operating",
    why: bool = False,
    limit: int = 50,
) -> Finding:
    """Answer what is a chokepoint of a thing (`of`), or of everything in the picture.

    Needs of one thing must all hold; a need holds while enough of its alternatives work. So a thing with a substitute is no
    chokepoint where the substitute is one, and what stands behind both alternatives is.

    Parameters
    ----------
    of : str or None
        An entity by id, identifier or name. None: the things whose failure takes most along, over the whole picture.
    pairs : bool
        Also pairs whose failure fails `of` together, and neither alone.
    strength : str
        Which needs count: ``required``, with ``recommended`` or ``optional`` (and all stronger) ones, ``build``, or ``all``.
    semantics : {"operating", "bootstrap"}
    why : bool
        Add the claims that carry each answer, and those without which it is another.
    limit : int
        At most so many answers; `totals` has how many there are.

    Returns
    -------
    Finding
        Answers ``{"entity", "caption", "impact", "alone", "with", "claims"}`` by falling impact: how many things fail when it does, itself
        included. With `of` each has its `path`: which need of which thing has too few alternatives left, from the cause to the thing.
        Else `direct` is how many things need it and have nothing in its place, with `examples`.

    Raises
    ------
    UnknownEntityError, AmbiguousEntityError, ArgumentError
    """
    if semantics not in get_args(Semantics):
        raise ArgumentError(
            f"“{semantics}” is no way to fail.", where="semantics", hint=f"Use {' or '.join(get_args(Semantics))}."
        )
    if pairs and of is None:
        raise ArgumentError("pairs of failures are asked of one thing.", where="--pairs", hint="Add --of.")
    if limit < 1:
        raise ArgumentError(f"at most {limit} answers is no limit.", where="limit", hint="Give 1 or more.")
    web = web_of(picture, strength)
    question: dict[str, Any] = {"pairs": pairs or None, "strength": strength, "semantics": semantics, "limit": limit}
    if of is None:
        return _overview(web, semantics, question, why=why, limit=limit)
    entity = picture.resolve(of)
    question = {"of": entity.id, "caption": entity.caption, "kinds": list(entity.kinds), **question}
    node = web.node(entity.id)
    if node is None:
        what = (
            f"nothing is held about what {entity.caption} needs ({strength}); that is not to say that it needs nothing"
        )
        return build_finding(
            picture, LENS, question, gaps=[Gap("unknown", what)], limits=[_MEANT[semantics]], extra={"totals": {}}
        )
    return _of_one(web, entity, node, semantics, question, pairs=pairs, why=why, limit=limit)


def _of_one(
    web: Web,
    entity: Entity,
    node: int,
    semantics: Semantics,
    question: dict[str, Any],
    *,
    pairs: bool,
    why: bool,
    limit: int,
) -> Finding:
    size = impacts(web, semantics)
    single = alone(web, node, semantics)
    web.ids(single)
    ordered = sorted(single, key=lambda one: (-int(size[one]), web.id(one)))
    causes: list[tuple[int, ...]] = [(one,) for one in ordered[:limit]]
    totals: dict[str, Any] = {"things": web.things, "alone": len(single), "impact": int(size[node])}
    notes = []
    if pairs:
        found, complete = together(web, node, semantics, PAIRS)
        web.ids({node for pair in found for node in pair})
        weighed = sorted((-Failure(web, pair, semantics).size, sorted(map(web.id, pair)), pair) for pair in found)
        causes += [pair for _, _, pair in weighed[:limit]]
        totals["pairs"] = len(found)
        if not complete:
            notes.append(f"there are more pairs than the {PAIRS:,} that were looked at")
    rows = Rows(web, entity, node, semantics)
    made = [rows.make(each) for each in causes]
    gaps = []
    if not single:
        gaps.append(
            Gap("unknown", f"{entity.caption} never starts: what it needs waits for it, and nothing starts the loop")
        )
    notes += _lists(web, node)
    return _built(
        web, question, made, totals, gaps, [_MEANT[semantics], *notes], Supports.of(rows, made) if why else None
    )


def _lists(web: Web, node: int) -> list[str]:
    """Say of how many of the things that a thing needs it is said that all is listed which they need in turn."""
    reached = np.flatnonzero(dependencies(web.needs, [node]) >= 0)
    keys = web.given.keys[reached[reached < web.things]].tolist()
    told = counted(web.picture, keys)
    many = (
        f"of the {len(keys):,} things that it rests on, itself among them," if len(keys) > 1 else "of the thing itself"
    )
    return [
        f"{many} {told['complete']:,} have a list of needs that is said to be complete; "
        "a need that nobody has listed is in no answer",
        *makers_note(web.picture, np.array(keys, dtype=np.int64)),
    ]


def _overview(web: Web, semantics: Semantics, question: dict[str, Any], *, why: bool, limit: int) -> Finding:
    size = impacts(web, semantics)
    many = np.flatnonzero(size > 1)
    order = many[np.argsort(-size[many], kind="stable")]
    if len(order) > limit:
        # Equals are told by id, so that the answer does not hang on the order in which things were added.
        order = order[size[order] >= size[order[limit - 1]]]
    web.ids(order.tolist())
    chosen = sorted(order.tolist(), key=lambda node: (-int(size[node]), web.id(node)))[:limit]
    needs = sole_needs(web, chosen, semantics)
    rows = Rows(web, None, None, semantics)
    made = [rows.make_alone(node, needs[node]) for node in chosen]
    never = int((size == 0).sum())
    totals = {"things": web.things, "needs": web.needs.size, "alone": len(many), "never": never}
    notes = [_MEANT[semantics]]
    if never:
        notes.append(f"{never:,} things never start: they wait for one another")
    if len(many) > limit:
        notes.append(f"the first {limit:,} of {len(many):,} things that take others along are named")
    notes += makers_note(web.picture)
    gaps = [] if web.things else [Gap("unknown", "nothing is held here about what needs what")]
    return _built(web, question, made, totals, gaps, notes, Supports.of(rows, made) if why else None)


def _built(
    web: Web,
    question: dict[str, Any],
    rows: Sequence[Row],
    totals: dict[str, Any],
    gaps: Sequence[Gap],
    notes: Sequence[str],
    supports: Supports | None,
) -> Finding:
    claims: dict[str, Claim] = {claim.id: claim for row in rows for claim in row.claims}
    near = list(claims.values())
    return build_finding(
        web.picture,
        LENS,
        question,
        answers=supports.answers if supports else [row.body for row in rows],
        claims=near,
        gaps=gaps,
        conflicts=find_conflicts(web.picture, near) if len(near) <= COMPARED else (),
        sensitivity=supports.sensitivity if supports else None,
        limits=[*notes, *web.notes()],
        extra={"totals": totals},
    )
