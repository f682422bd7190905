"""Read the claims about dependence out of a picture."""

from __future__ import annotations

import numpy as np
import pyarrow as arrow

from isthmus.claims.columns import read_columns
from isthmus.control.times import truths
from isthmus.dependence.rows import NOTHING, READ, STRENGTHS, SUPPLIES, Ints, Rows, Told
from isthmus.picture import Picture
from isthmus.picture.heads import qualifier_rows, resolved

DENIED, NO_ITEM, OVER = (
    "deny a need, and take no other claim away",
    "speak of supply and name no thing as the item",
    "surely do not hold on the day",
)
_MEMO = "dependence rows"
_ASSERTS, _ACTUAL = 0, 0


def read_rows(picture: Picture) -> Told:
    """Return every visible, actual claim about what needs what; they are read once.

    Plans, proposals and what is merely possible need nothing yet. A claim that denies a need is counted and takes nothing away: who
    asserts the need may know better, and the conflict is told by the picture.
    """
    if _MEMO not in picture.memo:
        picture.memo[_MEMO] = _read(picture)
    found = picture.memo[_MEMO]
    assert isinstance(found, Told)
    return found


def _read(picture: Picture) -> Told:
    codes = {name: int(key) for key, name in picture.store.rows("SELECT key, id FROM predicates") if name in READ}
    listed = ", ".join(map(str, codes.values())) or "-1"
    visible = picture.visibility.sql(
        "c.rowid AS claim, c.subject AS place, c.*",
        f'c.predicate IN ({listed}) AND c.mode = {_ACTUAL} AND c.stance < 2 AND c."object" IS NOT NULL',
    )
    table = read_columns(
        picture.store,
        'SELECT r.claim, r.place, r.subject, r."object", r.predicate, coalesce(r.qualifiers, -1) AS qualifiers, '
        "coalesce(r.valid_from, -1) AS valid_from, coalesce(r.valid_to, -1) AS valid_to, "
        f"coalesce(r.observed, -1) AS observed, r.stance FROM {resolved(picture, visible=visible)} r ORDER BY r.claim",
    )
    code = np.full(max(codes.values(), default=0) + 1, NOTHING, dtype=np.int64)
    for name, key in codes.items():
        code[key] = READ.index(name)
    predicate = code[_ints(table, "predicate")]
    truth = truths(picture, *(_ints(table, name) for name in ("valid_from", "valid_to", "observed")))
    said, texts = _qualifiers(picture, _ints(table, "qualifiers"))
    supplied = predicate == READ.index(SUPPLIES)
    subject, thing = _ints(table, "subject"), _ints(table, "object")
    rows = Rows(
        claim=_ints(table, "claim"),
        place=_ints(table, "place"),
        subject=np.where(supplied, thing, subject),
        object=np.where(supplied, subject, thing),
        predicate=predicate,
        item=np.where(supplied, said["item"], NOTHING),
        need=said["need"],
        at_least=said["at_least"],
        strength=said["strength"],
        sure=truth == 2,
        conditional=said["conditional"] == 1,
        texts=texts,
    )
    asserted, lasting = _ints(table, "stance") == _ASSERTS, truth > 0
    named = ~supplied | (rows.item >= 0)
    aside = {
        DENIED: int((~asserted).sum()),
        OVER: int((asserted & ~lasting).sum()),
        NO_ITEM: int((asserted & lasting & ~named).sum()),
    }
    return Told(rows.take(asserted & lasting & named), {why: number for why, number in aside.items() if number})


def _qualifiers(picture: Picture, rows: Ints) -> tuple[dict[str, Ints], tuple[str, ...]]:
    """Return what the qualifiers of each row say of its need, and the texts by which needs are called."""
    strengths = ", ".join(f"'{name}'" for name in STRENGTHS)
    table = read_columns(
        picture.store,
        f"""
        SELECT q.key, nullif(trim(q.pairs['need']), '') AS need, coalesce(e.key, -1) AS item,
          greatest(coalesce(ceil(try_cast(q.pairs['at_least'] AS DOUBLE)), 0), 0)::BIGINT AS at_least,
          greatest(coalesce(list_position([{strengths}], q.pairs['strength']), 1) - 1, 0)::BIGINT AS strength,
          map_contains(q.pairs, 'condition')::BIGINT AS conditional
        FROM {qualifier_rows(picture)} q LEFT JOIN entities e
          ON e.id = CASE WHEN starts_with(q.pairs['item'], '@') THEN q.pairs['item'][2:] END
        ORDER BY q.key""",
    )
    named = table.column("need").combine_chunks().dictionary_encode()
    need = np.asarray(named.indices.fill_null(NOTHING).to_numpy(zero_copy_only=False), dtype=np.int64)
    keys = _ints(table, "key")
    size = int(max(keys.max(initial=-1), rows.max(initial=-1))) + 2  # the last place stands for no qualifiers
    found: dict[str, Ints] = {}
    columns = {"need": need, **{name: _ints(table, name) for name in ("item", "at_least", "strength", "conditional")}}
    for name, values in columns.items():
        by_key = np.full(size, NOTHING if name in ("need", "item") else 0, dtype=np.int64)
        by_key[keys] = values
        found[name] = by_key[rows]
    return found, tuple(named.dictionary.to_pylist())


def _ints(table: arrow.Table, name: str) -> Ints:
    return np.asarray(table.column(name).to_numpy(), dtype=np.int64)
