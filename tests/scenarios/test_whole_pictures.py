"""Scenarios asked of random pictures, held against the words of the definition in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from types import MappingProxyType
from typing import Any

import pytest

from tests.dependence.worlds import Row, uses

from .asking import Build, ask, fates, located, produces

LANDS = ("here", "there")


def world(random: Random) -> tuple[list[Row], list[str]]:
    """Return claims about things that use one another and are made by firms in two countries."""
    things, firms = [f"t{at}" for at in range(8)], [f"f{at}" for at in range(5)]
    rows: list[Row] = [{"subject": land, "predicate": "kind", "value": "state"} for land in LANDS]
    rows += [located(firm, random.choice(LANDS)) for firm in firms]
    for _ in range(14):
        subject, other = random.sample(things, 2)
        rows.append(uses(subject, other, need=random.choice(["", "", "power", "light"])))
    for thing in random.sample(things, 4):
        makers = random.sample(firms, random.randint(1, 3))
        parts = [random.randint(1, 10) for _ in makers]
        whole = sum(parts) + random.choice([0, 5])
        rows += [produces(maker, thing, round(part / whole, 4)) for maker, part in zip(makers, parts, strict=True)]
    named = {row[end] for row in rows for end in ("subject", "object") if row.get(end)}
    return rows, [name for name in (*things, *firms) if name in named]


def left_of(
    rows: Sequence[Row],
    names: Sequence[str],
    gone: set[str],
    *,
    worst: bool,
    added: Mapping[str, float] = MappingProxyType({}),
    swap: tuple[str, str] = ("", ""),
) -> dict[str, float]:
    """Return what is left of each thing when some are gone: all needs hold, one alternative is enough, makers lose their shares.

    Somebody who is never lost adds to some things; and of the two that are swapped the second can always do what the first does.
    """
    old, new = swap
    needs: dict[tuple[str, str], set[str]] = {}
    makers: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["predicate"] == "uses":
            text = row["qualifiers"].removeprefix("need=") or f"@{row['object']}"
            ends = {row["object"], new} if row["object"] == old and row["subject"] != new else {row["object"]}
            needs.setdefault((row["subject"], text), set()).update(ends)
        elif row["predicate"] == "produces":
            makers.setdefault(row["object"], {})[row["subject"]] = float(row["low"])
    left = {name: 0.0 if name in gone else 1.0 for name in names}
    for _ in range(1000):
        then = dict(left)
        for name in names:
            levels = [max(left[end] for end in ends) for (subject, _), ends in needs.items() if subject == name]
            made = makers.get(name)
            if made:
                able = {maker: max(left[maker], left[new]) if maker == old else left[maker] for maker in made}
                level = max(1 - sum(share * (1 - able[maker]) for maker, share in made.items()), 0.0)
                # With nobody left whom a source names, whoever is not named may still make the rest, or there is nobody.
                level = 0.0 if worst and not any(able.values()) else level
                levels.append(min(1.0, level + added.get(name, 0.0)))
            then[name] = min([left[name], *levels])
        if then == left:
            return left
        left = then
    return left


def held_against(
    found: Mapping[str, tuple[str, Any, Any]], low: Mapping[str, float], high: Mapping[str, float]
) -> None:
    wanted = {name for name in low if low[name] < 1 - 1e-9 or high[name] < 1 - 1e-9}
    assert set(found) == wanted
    for name in wanted:
        assert found[name][1:] == (pytest.approx(low[name], abs=1e-6), pytest.approx(high[name], abs=1e-6)), name


@pytest.mark.parametrize("seed", range(5))
def test_losses_of_random_pictures(build: Build, seed: int) -> None:
    random = Random(seed)
    rows, names = world(random)
    picture = build(rows)
    where = {row["subject"]: row["object"] for row in rows if row["predicate"] == "located_in"}
    known = {row[end] for row in rows for end in ("subject", "object") if row["predicate"] in ("uses", "produces")}
    cases = [{name} for name in names] + [set(random.sample(names, 2)) for _ in range(4)]
    asked = [("\n".join(f"  - fail: {name}" for name in sorted(case)), case) for case in cases]
    for land in LANDS:
        asked.append(
            (f"  - fail_country: {land}", {land, *(firm for firm in where if where[firm] == land and firm in known)})
        )
    for changes, gone in asked:
        low, high = (left_of(rows, [*names, *LANDS], gone, worst=worst) for worst in (True, False))
        held_against(fates(ask(picture, changes)), low, high)


@pytest.mark.parametrize("seed", range(5))
def test_what_helps_in_random_pictures(build: Build, seed: int) -> None:
    random = Random(seed)
    rows, names = world(random)
    picture = build(rows)
    made = sorted({row["object"] for row in rows if row["predicate"] == "produces"})
    for _ in range(12):
        gone = set(random.sample(names, 2))
        changes = "\n".join(f"  - fail: {name}" for name in sorted(gone))
        added = {thing: random.choice([0.2, 0.5, 1.0]) for thing in random.sample(made, 2)}
        changes += "".join(
            f"\n  - add_capacity: {{of: {thing}, by: Newcomer, share: {more}}}" for thing, more in added.items()
        )
        old, new = random.sample(names, 2)
        changes += f"\n  - substitute: {{for: {old}, with: {new}}}"
        low, high = (left_of(rows, names, gone, worst=worst, added=added, swap=(old, new)) for worst in (True, False))
        held_against(fates(ask(picture, changes)), low, high)
