from __future__ import annotations

import os
import random
import shutil
import stat
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from isthmus.claims.store import Store
from isthmus.model import Claim
from isthmus.picture import Picture
from isthmus.picture.assemble import assemble, entity_ids, relation_claims
from isthmus.picture.conflicts import find_conflicts
from isthmus.picture.products import Assembled

Mark = tuple[str, str, str, str, str]


def random_rows(seed: int, number: int = 60) -> list[dict[str, str]]:
    chance = random.Random(seed)
    rows = []
    for line in range(number):
        row = {"subject": f"e{chance.randrange(7)}", "object": f"e{chance.randrange(7)}", "predicate": "supplies"}
        row["qualifiers"] = chance.choice(["", "item=@e1", "item=@e2; tier=1", "item=parts; tier=1"])
        if chance.random() < 0.4:
            row |= {"predicate": "owns", "qualifiers": "", "unit": "share"}
            row |= chance.choice(
                [{"low": "0.2", "high": "0.3"}, {"low": ">0.1"}, {"high": "~0.5"}, {"low": "0.4", "high": "0.4"}]
            )
        row["stance"] = chance.choice(["asserts", "asserts", "asserts", "denies", "not_found"])
        row["mode"] = chance.choice(["actual", "actual", "planned"])
        row["source"] = chance.choice(["s", "t"])
        row["valid_from"] = chance.choice(["", "2015", "2018-05"])
        rows.append({**row, "locator": f"line {line}"})
    rows += [
        {"subject": f"e{number}", "predicate": "name", "value": f"Name {number}", "locator": "names"}
        for number in range(5)
    ]
    return rows


def mark_of(picture: Picture, claim: Claim) -> Mark:
    """Return what a claim's relation is known by, worked out claim by claim."""
    of = picture.resolution.of
    meant = sorted((key, f"@{of(value[1:])}" if value[0] == "@" else value) for key, value in claim.qualifiers)
    text = "; ".join(f"{key}={value}" for key, value in meant)
    return of(claim.subject), claim.predicate, of(claim.object or ""), text, claim.mode


def expected_relations(picture: Picture) -> dict[Mark, list[Claim]]:
    found = defaultdict(list)
    for claim in picture.reader.where('c."object" IS NOT NULL'):
        found[mark_of(picture, claim)].append(claim)
    return dict(found)


def marks(picture: Picture, assembled: Assembled) -> list[Mark]:
    ids = entity_ids(picture, assembled, range(len(assembled.entities)))
    return [
        (
            ids[row["subject"]],
            assembled.predicates[row["predicate"]],
            ids[row["object"]],
            assembled.qualifiers[row["qualifiers"]],
            assembled.modes[row["mode"]],
        )
        for row in assembled.relations.to_pylist()
    ]


def same(one: Assembled, other: Assembled) -> bool:
    arrays = [
        (getattr(getattr(one, side), part), getattr(getattr(other, side), part))
        for side in ("outgoing", "incoming")
        for part in ("starts", "ends", "relations")
    ]
    plain = ("hash", "qualifiers", "predicates", "modes", "units", "conflicts", "coverage")
    return (
        one.relations.equals(other.relations)
        and all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in arrays)
        and all(getattr(one, name) == getattr(other, name) for name in plain)
    )


def cache_of(evidence: Any) -> Path:
    path: Path = evidence.store.path
    return path.with_name(path.name + ".cache")


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("request_", [{}, {"as_of": "2016"}, {"without": ("t",)}])
def test_relations_are_those_of_the_claims(evidence: Any, seed: int, request_: dict[str, Any]) -> None:
    evidence.add(*random_rows(seed))
    evidence.store.judge("e1", "e2", "same", "one thing")
    evidence.store.judge("e4", "e3", "same", "one thing")
    picture = evidence.picture(**request_)
    assembled = assemble(picture, cache=False)
    expected = expected_relations(picture)
    found = marks(picture, assembled)
    assert len(set(found)) == len(found)
    assert set(found) == set(expected)
    rows = assembled.relations.to_pylist()
    held = relation_claims(picture, assembled, list(range(len(rows))))
    for mark, row, claims in zip(found, rows, held, strict=True):
        wanted = expected[mark]
        stances = [claim.stance for claim in wanted]
        assert claims == sorted(wanted, key=lambda claim: claim.id)
        assert (row["claims"], row["asserts"], row["denies"]) == (
            len(wanted),
            stances.count("asserts"),
            stances.count("denies"),
        )
        assert row["one_voice"] == (len({claim.source for claim in wanted}) == 1)
        numbers = [claim.quantity for claim in wanted if claim.quantity and claim.stance == "asserts"]
        lows, highs = [number.low for number in numbers], [number.high for number in numbers]
        assert row["low"] == (min(low for low in lows if low is not None) if lows and None not in lows else None)
        assert row["high"] == (max(high for high in highs if high is not None) if highs and None not in highs else None)
        assert row["unit"] == (assembled.units.index("share") if numbers else None)


def test_the_adjacency_holds_each_asserted_relation_once_each_way(evidence: Any) -> None:
    picture = evidence.add(*random_rows(9)).picture()
    assembled = assemble(picture, cache=False)
    asserted = {
        (row["subject"], row["object"], number)
        for number, row in enumerate(assembled.relations.to_pylist())
        if row["asserts"]
    }
    assert len(asserted) < assembled.relations.num_rows, "some relation was to be denied alone"
    outgoing, incoming = set(), set()
    for entity in range(len(assembled.entities)):
        ends, rows = assembled.outgoing.of(entity)
        outgoing |= {(entity, int(end), int(row)) for end, row in zip(ends, rows, strict=True)}
        ends, rows = assembled.incoming.of(entity)
        incoming |= {(int(end), entity, int(row)) for end, row in zip(ends, rows, strict=True)}
    assert outgoing == incoming == asserted
    assert len(assembled.outgoing.ends) == len(assembled.incoming.ends) == len(asserted)


def test_the_order_of_loading_leaves_no_trace(make: Callable[[], Any]) -> None:
    rows = random_rows(5)
    one, two = make(), make()
    one.add(*rows)
    turned = random.Random(1).sample(rows, len(rows))
    two.add(*turned[:20])
    two.add(*turned[20:])
    for evidence in (one, two):
        evidence.store.judge("e2", "e1", "same", "one thing")
    first, second = (assemble(evidence.picture(), cache=False) for evidence in (one, two))
    assert same(first, second)
    assert entity_ids(one.picture(), first, [0, 1]) == entity_ids(two.picture(), second, [0, 1])


def test_a_merge_makes_two_relations_one(evidence: Any) -> None:
    supply = {"predicate": "supplies", "object": "x", "qualifiers": "item=@p; tier=1"}
    evidence.add(
        {"subject": "a", **supply},
        {"subject": "b", **supply, "qualifiers": "item=@q; tier=1"},
        {"subject": "x", "predicate": "owns", "object": "b"},
        {"subject": "p", "predicate": "owns", "object": "q"},
    )
    assert assemble(evidence.picture(), cache=False).relations.num_rows == 4
    evidence.store.judge("a", "b", "same", "one firm")
    evidence.store.judge("q", "p", "same", "one part")
    picture = evidence.picture()
    assembled = assemble(picture, cache=False)
    assert marks(picture, assembled) == [
        ("a", "supplies", "x", "item=@p; tier=1", "actual"),
        ("p", "owns", "p", "", "actual"),
        ("x", "owns", "a", "", "actual"),
    ]
    evidence.store.unjudge("a", "b")
    evidence.store.unjudge("q", "p")
    assert assemble(evidence.picture(), cache=False).relations.num_rows == 4


def test_bounds_of_other_units_are_not_joined(evidence: Any) -> None:
    tie = {"subject": "a", "predicate": "finances", "object": "x"}
    evidence.add({**tie, "low": "5", "unit": "USD"}, {**tie, "low": "7", "unit": "EUR"})
    (row,) = assemble(evidence.picture(), cache=False).relations.to_pylist()
    assert (row["low"], row["high"], row["unit"]) == (None, None, None)


def test_an_empty_picture_is_assembled(evidence: Any) -> None:
    evidence.add({"subject": "a", "predicate": "name", "value": "Alpha"})
    assembled = assemble(evidence.picture(), cache=False)
    assert assembled.relations.num_rows == 0
    assert len(assembled.entities) == 0
    assert assembled.outgoing.starts.tolist() == [0]


def test_conflicts_and_coverage_are_counted(evidence: Any) -> None:
    picture = evidence.add(*random_rows(2)).picture()
    assembled = assemble(picture, cache=False)
    assert sum(assembled.conflicts.values()) == len(find_conflicts(picture)) > 0
    assert assembled.coverage["relations"] == assembled.relations.num_rows
    assert assembled.hash == picture.hash


# -- the cache ------------------------------------------------------------------------------------------------------


def test_the_second_time_it_comes_from_the_cache(evidence: Any) -> None:
    evidence.add(*random_rows(1))
    first = assemble(evidence.picture())
    steps: list[str] = []
    second = assemble(evidence.picture(), progress=steps.append)
    assert (first.cached, second.cached) == (False, True)
    assert steps == []
    assert same(first, second)
    assert np.array_equal(first.entities, second.entities)
    assert not assemble(evidence.picture(), cache=False).cached
    assert not assemble(evidence.picture(as_of="2016")).cached


def test_a_read_only_store_is_assembled_and_cached(evidence: Any) -> None:
    evidence.add(*random_rows(1))
    evidence.store.close()
    with Store(evidence.store.path, read_only=True) as store:
        assert not assemble(Picture(store)).cached
        assert assemble(Picture(store)).cached


PRODUCTS = ("picture.json", "relations.parquet", "entities.parquet", "qualifiers.parquet", "incoming.parquet")


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_damaged_cache_is_ignored_and_built_anew(evidence: Any, product: str) -> None:
    evidence.add(*random_rows(1))
    first = assemble(evidence.picture())
    (path,) = cache_of(evidence).glob(f"*.{product}")
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0x01
    for harm in (bytes(flipped), whole[: len(whole) // 2], b"", None):
        if harm is None:
            path.unlink()
        else:
            path.write_bytes(harm)
        again = assemble(evidence.picture())
        assert not again.cached
        assert same(first, again)
        assert assemble(evidence.picture()).cached


def test_where_the_cache_cannot_be_written_there_is_none(evidence: Any) -> None:
    evidence.add(*random_rows(1))
    cache_of(evidence).write_text("a file stands where the folder should be")
    assert not assemble(evidence.picture()).cached
    assert not assemble(evidence.picture()).cached
    assert cache_of(evidence).is_file()


def test_a_changed_store_misses_the_cache(evidence: Any) -> None:
    evidence.add(*random_rows(1))
    first = assemble(evidence.picture())
    evidence.add({"subject": "new", "predicate": "supplies", "object": "e1"})
    second = assemble(evidence.picture())
    assert not second.cached
    assert second.hash != first.hash


def test_a_store_put_back_from_a_copy_misses_the_cache(evidence: Any, tmp_path: Path) -> None:
    evidence.add(*random_rows(1))
    path = evidence.store.path
    evidence.store.close()
    shutil.copy(path, tmp_path / "copy")
    hashes = []
    for subject in ("one", "other"):
        shutil.copy(tmp_path / "copy", path)
        evidence.store = Store(path)
        evidence.add({"subject": subject, "predicate": "supplies", "object": "e1"})
        assembled = assemble(evidence.picture())
        assert not assembled.cached
        hashes.append(assembled.hash)
        evidence.store.close()
    assert len(set(hashes)) == 2
    evidence.store = Store(path)


def test_the_newest_four_pictures_are_kept(evidence: Any) -> None:
    evidence.add(*random_rows(1))
    days = ["2011", "2012", "2013", "2014", "2015", "2016"]
    for number, day in enumerate(days):
        assemble(evidence.picture(as_of=day))
        for path in cache_of(evidence).iterdir():
            if path.stat().st_mtime > len(days):
                os.utime(path, (number, number))  # the clock of a file system is coarse
    names = {path.name.split(".")[0] for path in cache_of(evidence).glob("*.parquet")}
    assert len(names) == 4
    assert not any(assemble(evidence.picture(as_of=day), cache=True).cached for day in days[:1])
    assert assemble(evidence.picture(as_of=days[-1])).cached


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_cache_has_the_permissions_of_the_store(evidence: Any, mode: int) -> None:
    evidence.add(*random_rows(1))
    evidence.store.path.chmod(mode)
    assemble(evidence.picture())
    folder = cache_of(evidence)
    assert stat.S_IMODE(folder.stat().st_mode) == mode | (mode & 0o444) >> 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {mode}
    assert not list(folder.glob("*.draft"))


def test_the_working_tables_are_gone_afterwards(evidence: Any) -> None:
    picture = evidence.add(*random_rows(1)).picture()
    assemble(picture)
    left = {row[0] for row in evidence.store.rows("SELECT table_name FROM duckdb_tables() WHERE temporary")}
    tables = (
        "grouped_relations",
        "entity_numbers",
        "qualifier_numbers",
        "predicate_numbers",
        "unit_numbers",
        "kind_numbers",
    )
    assert left.isdisjoint(tables)
