"""The invented registers: the same seed gives the same lists, the truth is right, identifiers are valid."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest

from benchmarks.register import registers, write_lines
from benchmarks.register_spellings import PARTS, TEXTS, Name, respell
from benchmarks.register_words import Form
from isthmus.identifiers import Identifier

Rows = list[dict[str, Any]]
COLUMNS = ["id", "name", "country", "lei", "truth"]


@pytest.fixture(scope="module")
def lists() -> tuple[Rows, Rows]:
    a, b = registers(3000, 5000, 0.4, explain=True)
    return a.to_pylist(), b.to_pylist()


def by_truth(rows: Rows) -> dict[int, dict[str, Any]]:
    return {row["truth"]: row for row in rows}


def test_the_same_seed_gives_the_same_lists() -> None:
    first, again, other = (registers(400, 300, 0.5, seed) for seed in (1, 1, 2))
    assert first[0].equals(again[0])
    assert first[1].equals(again[1])
    assert not first[0].equals(other[0])
    assert first[0].column_names == COLUMNS


def test_numbers_of_rows_and_of_shared_firms(lists: tuple[Rows, Rows]) -> None:
    a, b = lists
    assert (len(a), len(b)) == (3000, 5000)
    for rows in lists:
        assert len({row["id"] for row in rows}) == len({row["truth"] for row in rows}) == len(rows)
    assert len(by_truth(a).keys() & by_truth(b).keys()) == 1200


@pytest.mark.parametrize(("a", "b", "overlap", "shared"), [(0, 0, 0.5, 0), (5, 0, 1, 0), (4, 9, 1, 4), (4, 9, 0, 0)])
def test_small_lists(a: int, b: int, overlap: float, shared: int) -> None:
    first, second = registers(a, b, overlap)
    assert (len(first), len(second)) == (a, b)
    assert len(set(first["truth"].to_pylist()) & set(second["truth"].to_pylist())) == shared
    assert first.schema.field("lei").type == pa.string()


def test_an_overlap_that_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        registers(10, 10, 1.5)


def test_truth_agrees_with_name_country_and_lei(lists: tuple[Rows, Rows]) -> None:
    a, b = map(by_truth, lists)
    unchanged = [key for key in a.keys() & b.keys() if not b[key]["how"]]
    assert unchanged
    assert all(a[key]["name"] == b[key]["name"] for key in unchanged)
    for key in a.keys() & b.keys():
        for column in ("country", "lei"):
            assert a[key][column] is None or b[key][column] is None or a[key][column] == b[key][column]


def test_different_firms_have_different_names_in_a_country(lists: tuple[Rows, Rows]) -> None:
    every = {key: row for rows in lists for key, row in by_truth(rows).items() if not row.get("how")}
    names = Counter((row["name"], row["country"]) for row in every.values())
    assert not [name for name, times in names.items() if times > 1]


def test_leis_are_valid_distinct_and_on_either_side(lists: tuple[Rows, Rows]) -> None:
    a, b = map(by_truth, lists)
    firms: dict[str, int] = {}
    for rows in (a, b):
        for key, row in rows.items():
            if row["lei"] is not None:
                assert Identifier("lei", row["lei"]).value == row["lei"]
                assert firms.setdefault(row["lei"], key) == key
    sides = Counter((a[key]["lei"] is not None, b[key]["lei"] is not None) for key in a.keys() & b.keys())
    assert all(sides[side] > 20 for side in ((True, True), (True, False), (False, True), (False, False)))


def test_every_change_occurs_with_or_without_a_partner(lists: tuple[Rows, Rows]) -> None:
    a, b = map(by_truth, lists)
    for shared in (True, False):
        made = {change for key, row in b.items() if (key in a) == shared for change in row["how"].split("+")}
        assert made >= ({"", *PARTS, *TEXTS} - {"initials"})


def test_a_change_is_named_only_where_it_is_made() -> None:
    name = Name("", "Blue Harbour", "Telecommunications", "", "", "(Leeds)", Form("Limited", ("Ltd",)), "")
    assert name.text() == "Blue Harbour Telecommunications (Leeds) Limited"
    chance = random.Random(7)
    spellings = {respell(name, chance) for _ in range(300)}
    assert all((text == name.text()) == (not how) for text, how in spellings)
    assert ("Blue Harbour Telecom (Leeds) Limited", "abbreviation") in spellings
    assert ("BHTL Limited", "initials") in spellings


def test_lines_leave_out_what_is_absent(tmp_path: Any) -> None:
    table = pa.table({"id": ["x"], "name": ["Łódź Ltd"], "country": pa.array([None], pa.string())})
    write_lines(table, tmp_path / "x.jsonl")
    assert (tmp_path / "x.jsonl").read_text(encoding="utf-8") == '{"id": "x", "name": "Łódź Ltd"}\n'
