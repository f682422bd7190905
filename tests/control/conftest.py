"""Small registers made by hand or at random, as rows, and the plain definitions to compare answers with."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import pytest

from isthmus.claims.store import Store
from isthmus.control.evaluate import Evaluation
from isthmus.control.evidence import COMPLETE, CONCERT, MEMBER, Evidence
from isthmus.control.graph import build_graph
from isthmus.control.profiles import Profile, find_profile
from isthmus.control.rows import NOBODY, WHOLE, Rows
from isthmus.model import CLAIM_COLUMNS
from isthmus.picture import Picture, Request
from isthmus.service.adding import add_files

HEAVY = os.environ.get("ISTHMUS_BRUTE") == "1"
CASES = 3000 if HEAVY else 200
"""How many random registers are compared with full enumeration."""

MAJORITY = find_profile("majority")
UNIT = WHOLE // 100
"""One per cent."""

Row = dict[str, str]
Build = Callable[..., Picture]


_OWNS = Evidence("owns")


@dataclass(frozen=True)
class Told:
    """One row to be: what one claim says. Shares are in per cent."""

    holder: int
    target: int
    low: float = 0.0
    high: float = 100.0
    stated: bool = False
    kind: Evidence = _OWNS
    near: bool = False
    sure: bool = True
    denied: bool = False
    rank: int = 0
    since: int = -(2**40)
    source: int = 0
    also: int = NOBODY


def owns(holder: int, target: int, low: float, high: float | None = None, **more: object) -> Told:
    """Return a stake: exact, or between two ends."""
    interest = str(more.pop("interest", ""))
    direct = str(more.pop("direct", ""))
    kind = Evidence(str(more.pop("predicate", "owns")), interest=interest, direct=direct)
    told = Told(holder, target, low, low if high is None else high, stated=True, kind=kind)
    return told if not more else Told(**{**vars(told), **more})


def says(holder: int, target: int, predicate: str = "controls", **more: object) -> Told:
    """Return a claim that is no share."""
    names = ("interest", "role", "right", "basis", "deal", "instrument")
    kind = Evidence(
        predicate,
        **{name: str(more.pop(name)) for name in names if name in more},
        conditional=bool(more.pop("conditional", False)),
    )
    return Told(**{**vars(Told(holder, target, kind=kind)), **more})


def belongs(member: int, group: int, **more: object) -> Told:
    """Return a membership of a group."""
    return says(member, group, MEMBER, **more)


def together(one: int, other: int, **more: object) -> Told:
    """Return that two act in concert."""
    return says(one, other, CONCERT, **more)


def complete(target: int, **more: object) -> Told:
    """Return that all holders of a thing are known."""
    return says(target, target, COMPLETE, **more)


def rows_of(told: Sequence[Told]) -> Rows:
    """Return rows; the number of each is that of its claim."""
    sorts = list(dict.fromkeys(item.kind for item in told)) or [Evidence("owns")]

    def ints(name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([getattr(item, name) for item in told], dtype=np.int64)

    def flags(name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.array([getattr(item, name) for item in told], dtype=np.bool_)

    return Rows(
        claim=np.arange(len(told), dtype=np.int64),
        also=ints("also"),
        subject=ints("holder"),
        member=np.full(len(told), NOBODY, dtype=np.int64),
        holder=ints("holder"),
        target=ints("target"),
        kind=np.array([sorts.index(item.kind) for item in told], dtype=np.int64),
        low=np.array([round(item.low * UNIT) for item in told], dtype=np.int64),
        high=np.array([round(item.high * UNIT) for item in told], dtype=np.int64),
        stated=flags("stated"),
        near=flags("near"),
        sure=flags("sure"),
        denied=flags("denied"),
        rank=ints("rank"),
        since=ints("since"),
        source=ints("source"),
        origin=np.full(len(told), NOBODY, dtype=np.int64),
        evidence=tuple(sorts),
    )


def evaluation_of(told: Sequence[Told], profile: Profile = MAJORITY) -> Evaluation:
    """Return the command relation of some rows; keys are the numbers told."""
    return Evaluation(build_graph(rows_of(told), profile))


def commanded(evaluation: Evaluation, *, possible: bool) -> set[tuple[int, int]]:
    """Return all pairs of keys where the first commands the second."""
    keys = evaluation.graph.keys
    return {
        (int(keys[node]), int(keys[end]))
        for node in range(len(keys))
        for end in evaluation.reach(node, possible=possible).steps
    }


def random_told(
    random: Random, *, size: int = 8, exact: bool = False, facts: bool = True, step: int = 10
) -> list[Told]:
    """Return a random register with circles and joint holdings, whose shares come to no more than 100 % as a rule.

    Shares are multiples of `step` per cent.
    """
    nodes = random.randint(2, size)
    told: list[Told] = []
    for target in range(nodes):
        left = 100
        for holder in random.sample(range(nodes), random.randint(0, min(3, nodes))):
            if holder == target and random.random() < 0.8:
                continue
            low = random.randrange(0, left + step, step)
            high = low if exact or random.random() < 0.4 else random.randrange(low, 100 + step, step)
            left = max(0, left - low)
            told.append(owns(holder, target, low, high))
        if random.random() < 0.25:
            told.append(complete(target))
        if facts and random.random() < 0.15:
            told.append(says(random.randrange(nodes), target, sure=random.random() < 0.6))
    return [item for item in told if item.kind.predicate != "controls" or item.holder != item.target]


def write_claims(path: Path, rows: Sequence[Row]) -> Path:
    """Write claims to a CSV file; source and locator are filled in where absent."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CLAIM_COLUMNS)
        writer.writeheader()
        for number, row in enumerate(rows, 1):
            writer.writerow({"source": "s", "locator": f"p. {number}", **row})
    return path


def share(holder: str, target: str, low: str, high: str | None = None, **more: str) -> Row:
    """Return a claim about a share, as a row of a claims file."""
    ends = {"low": low, "high": low if high is None else high, "unit": "share"}
    return {"subject": holder, "predicate": "owns", "object": target, **ends, **more}


def fact(subject: str, predicate: str, thing: str, qualifiers: str = "", **more: str) -> Row:
    """Return a claim about two entities."""
    return {"subject": subject, "predicate": predicate, "object": thing, "qualifiers": qualifiers, **more}


def value(subject: str, predicate: str, said: str, **more: str) -> Row:
    """Return a claim with a value."""
    return {"subject": subject, "predicate": predicate, "value": said, **more}


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Return a function that makes a picture of rows."""
    stores: list[Store] = []

    def make(*parts: Sequence[Row], request: Request | None = None) -> Picture:
        path = tmp_path / f"picture-{len(stores)}.duckdb"
        for number, rows in enumerate(parts):
            file = write_claims(tmp_path / f"rows-{len(stores)}-{number}.csv", rows)
            assert add_files(path, [file])["files"][0]["rejected"] == []
        store = Store(path, read_only=True)
        stores.append(store)
        return Picture(store, request)

    yield make
    for store in stores:
        store.close()
