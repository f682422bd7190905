"""Read the claims about who makes what out of a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as arrow

from isthmus.claims.columns import read_columns
from isthmus.control.times import truths
from isthmus.dependence.rows import NOTHING, Flags, Ints
from isthmus.picture import Picture
from isthmus.picture.heads import qualifier_rows, resolved
from isthmus.picture.shares.figures import WHOLE
from isthmus.picture.shares.suppliers import SUPPLIES, load_supply_rules

_MEMO = "dependence makers"
_ACTUAL, _ASSERTS = 0, 0


@dataclass(frozen=True, eq=False, slots=True)
class MakerRows:
    """Claims that say who makes or supplies what, by the first set of predicates that somebody has towards the thing.

    Attributes
    ----------
    claim, place : int64, shape (rows,)
        The row of the claim in the store, and the key of its subject there.
    maker, thing : int64
        Keys of canonical entities.
    supplied : bool
        Whether it says that somebody is supplied, not just that the thing is made.
    numbered : bool
        Whether it has a figure, or gives the whole.
    sure, conditional : bool
        Whether it surely holds on the day, and whether under a condition.
    ended : int
        How many more claims there are that surely do not hold on the day.
    """

    claim: Ints
    place: Ints
    maker: Ints
    thing: Ints
    supplied: Flags
    numbered: Flags
    sure: Flags
    conditional: Flags
    ended: int


def maker_rows(picture: Picture) -> MakerRows:
    """Return every visible, actual claim about who makes what; they are read once. Plans and possible capacity make nothing yet."""
    if _MEMO not in picture.memo:
        picture.memo[_MEMO] = _read(picture)
    found = picture.memo[_MEMO]
    assert isinstance(found, MakerRows)
    return found


def _read(picture: Picture) -> MakerRows:
    ranked = {name: rank for rank, group in enumerate(load_supply_rules().suppliers) for name in group}
    codes = {int(key): name for key, name in picture.store.rows("SELECT key, id FROM predicates") if name in ranked}
    supplies = next((key for key, name in codes.items() if name == SUPPLIES), NOTHING)
    visible = picture.visibility.sql(
        "c.rowid AS claim, c.subject AS place, c.*",
        f"c.predicate IN ({', '.join(map(str, codes)) or '-1'}) AND c.mode = {_ACTUAL} AND c.stance = {_ASSERTS}",
    )
    table = read_columns(
        picture.store,
        f"""
        SELECT r.claim, r.place, r.subject AS maker, r.predicate,
          coalesce(CASE WHEN r.predicate = {supplies} THEN e.key ELSE r."object" END, -1) AS thing,
          (r.low IS NOT NULL OR r.high IS NOT NULL OR coalesce(q.pairs['scope'] = '{WHOLE}', false))::BIGINT AS numbered,
          coalesce(r.valid_from, -1) AS valid_from, coalesce(r.valid_to, -1) AS valid_to,
          coalesce(r.observed, -1) AS observed,
          coalesce(map_contains(q.pairs, 'condition'), false)::BIGINT AS conditional
        FROM {resolved(picture, visible=visible)} r
          LEFT JOIN {qualifier_rows(picture)} q ON q.key = r.qualifiers
          LEFT JOIN entities e ON e.id = CASE WHEN starts_with(q.pairs['item'], '@') THEN q.pairs['item'][2:] END
        ORDER BY r.claim""",
    )
    maker, thing, predicate = (_ints(table, name) for name in ("maker", "thing", "predicate"))
    rank = np.zeros(int(predicate.max(initial=-1)) + 1, dtype=np.int64)
    for key, name in codes.items():
        if key < rank.size:
            rank[key] = ranked[name]
    truth = truths(picture, *(_ints(table, name) for name in ("valid_from", "valid_to", "observed")))
    holds = truth > 0
    best = np.full(int(thing.max(initial=-1)) + 2, len(ranked), dtype=np.int64)
    np.minimum.at(best, thing, rank[predicate])
    counts = (thing >= 0) & (thing != maker) & (rank[predicate] == best[thing])
    kept = counts & holds
    return MakerRows(
        claim=_ints(table, "claim")[kept],
        place=_ints(table, "place")[kept],
        maker=maker[kept],
        thing=thing[kept],
        supplied=predicate[kept] == supplies,
        numbered=_ints(table, "numbered")[kept] == 1,
        sure=truth[kept] == 2,
        conditional=_ints(table, "conditional")[kept] == 1,
        ended=int((counts & ~holds).sum()),
    )


def makers_note(picture: Picture, keys: Ints | None = None) -> list[str]:
    """Say how many things (those with some keys; None: all) somebody is said to make, for an answer that does not go on to the makers."""
    rows = maker_rows(picture)
    made = np.unique(rows.thing[~rows.supplied])
    many = int(made.size if keys is None else np.isin(made, keys).sum())
    if not many:
        return []
    of = f"thing{'' if many == 1 else 's'} in all the picture" if keys is None else "of these things"
    return [
        f"who makes a thing is no need here, and {many:,} {of} {'has' if many == 1 else 'have'} makers who are known: "
        "exposure and suppose count them, concentration names them"
    ]


def makes_note(picture: Picture, name: str) -> list[str]:
    """Say how many things a party is said to make or supply, for an answer that does not go on from makers."""
    rows = maker_rows(picture)
    many = int(np.unique(rows.thing[np.isin(rows.maker, picture.reader.keys([name]))]).size)
    if not many:
        return []
    things = "1 thing, which is" if many == 1 else f"{many:,} things, which are"
    return [f"it is said to make or supply {things} not followed here: `suppose` with its loss goes on from them"]


def _ints(table: arrow.Table, name: str) -> Ints:
    return np.asarray(table.column(name).to_numpy(), dtype=np.int64)
