"""Find matches between many names: those that share keys are paired in the database engine, then scored pair by pair.

Keys that very many names share say little and are left out, unless the key is a whole name or an identifier.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple

import numpy as np

from isthmus.claims.pairing import Keys, Numbers, pair_up
from isthmus.entities.matching.keys import fresh_keys, keys_of
from isthmus.entities.matching.match import Match, Subject, match
from isthmus.entities.matching.model import load_model

LARGE = 300_000
"""Names from which a list is large."""


class Limits(NamedTuple):
    """How far the search goes.

    Attributes
    ----------
    common : int
        Names that may share a key before it says too little.
    kept : int
        Candidates of one name that are scored, those with the rarest keys in common first.
    share : float
        Of the best candidate's worth, what others need.
    """

    common: int
    kept: int
    share: float


def limits(rows: int) -> Limits:
    """Return the limits for a list of so many names."""
    return Limits(200, 6, 0.45) if rows <= LARGE else Limits(60, 3, 0.6)


_PIECE = 5_000
_FORK_FROM = 20_000
_WORKERS = 2
STRONG = "*=j"
"""First letters of keys that are a whole name or an identifier."""

Found = list[tuple[int, Match]]
Step = Callable[[str], None]
Progress = Callable[[int, int], None]


def find_matches(
    queries: Sequence[Subject],
    against: Sequence[Subject] | None,
    *,
    limit: int = 5,
    bar: float | None = None,
    step: Step = lambda what: None,
    progress: Progress = lambda done, total: None,
) -> list[Found]:
    """Return for each query its best matches, best first.

    Parameters
    ----------
    queries : sequence of Subject
        What to look for.
    against : sequence of Subject, or None
        Where to look; None: among the queries themselves, each pair once, at its lower number.
    limit : int
        The most matches of one query.
    bar : float or None
        The lowest score; None: the model's bar of *possible*.

    Returns
    -------
    list of lists of (int, Match)
        For each query (the number in `against`, the match), scores falling; the same input gives the same result.
    """
    lowest = load_model().possible if bar is None else bar
    step("reading names")
    pool = queries if against is None else against
    mine = _all_keys(queries)
    theirs = None if against is None else _all_keys(against)
    step("looking for names that share keys")
    bounds = limits(len(pool))
    pairs = pair_up(mine, theirs, len(pool), common=bounds.common, kept=bounds.kept, share=bounds.share)
    found: list[Found] = [[] for _ in queries]
    step("comparing names")
    for ones, twos in pairs:
        for one, two, held in _score(queries, pool, ones, twos, lowest):
            found[one].append((two, held))
        if len(ones):
            progress(int(ones[-1]), len(queries))
    for number, matches in enumerate(found):
        if matches:
            found[number] = sorted(matches, key=lambda pair: (-pair[1].score, pair[0]))[:limit]
    progress(len(queries), len(queries))
    return found


def _score(
    queries: Sequence[Subject], pool: Sequence[Subject], ones: Numbers, twos: Numbers, lowest: float
) -> Iterator[tuple[int, int, Match]]:
    if len(ones) < _FORK_FROM:
        yield from _compare(queries, pool, ones, twos, lowest)
        return
    pieces = [(ones[at : at + _PIECE], twos[at : at + _PIECE]) for at in range(0, len(ones), _PIECE)]
    _SHARED_WITH_WORKERS[:] = [queries, pool, lowest]
    with _workers() as workers:
        for piece in workers.map(_compare_piece, pieces):
            yield from piece
    _SHARED_WITH_WORKERS.clear()


_SHARED_WITH_WORKERS: list[Any] = []


def _compare_piece(piece: tuple[Numbers, Numbers]) -> list[tuple[int, int, Match]]:
    queries, pool, lowest = _SHARED_WITH_WORKERS
    return list(_compare(queries, pool, *piece, lowest))


def _compare(
    queries: Sequence[Subject], pool: Sequence[Subject], ones: Numbers, twos: Numbers, lowest: float
) -> Iterator[tuple[int, int, Match]]:
    for one, two in zip(ones.tolist(), twos.tolist(), strict=True):
        held = match(queries[one], pool[two], bar=lowest)
        if held.score >= lowest:
            yield one, two, held


def _all_keys(subjects: Sequence[Subject]) -> Keys:
    if len(subjects) < _FORK_FROM:
        return _keys(subjects, 0, keys_of)
    _SHARED_WITH_WORKERS[:] = [subjects]
    with _workers() as workers:
        parts = list(workers.map(_piece_keys, range(0, len(subjects), _PIECE)))
    _SHARED_WITH_WORKERS.clear()
    ids, keys, strong = (np.concatenate(column) for column in zip(*parts, strict=True))
    return ids, keys, strong


def _piece_keys(start: int) -> Keys:
    return _keys(_SHARED_WITH_WORKERS[0][start : start + _PIECE], start, fresh_keys)


def _keys(subjects: Sequence[Subject], start: int, read: Callable[..., set[str]]) -> Keys:
    """Return the keys of subjects as numbers: workers share the seed of `hash`, because they are copies of one process."""
    ids, keys, strong = [], [], []
    for number, subject in enumerate(subjects, start):
        for key in read(subject.names, subject.identifiers):
            ids.append(number)
            keys.append(hash(key))
            strong.append(2 if key[0] == "=" else key[0] in STRONG)
    return np.array(ids, np.int64), np.array(keys, np.int64), np.array(strong, np.int64)


def _workers() -> ProcessPoolExecutor:
    """Return workers that begin as copies of this process, so that nothing but numbers goes to them."""
    return ProcessPoolExecutor(_WORKERS, mp_context=get_context("fork"), initializer=gc.disable)


__all__ = ["Limits", "find_matches", "limits"]
