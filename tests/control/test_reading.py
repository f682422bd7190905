"""What is read out of a picture: shares in whole units, merged entities, groups, and the way up of a large store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from isthmus.claims.store import Store
from isthmus.control import reading
from isthmus.control.closure import above
from isthmus.control.evaluate import Evaluation
from isthmus.control.evidence import Evidence
from isthmus.control.graph import build_graph
from isthmus.control.reading import read_rows, rows_around
from isthmus.control.rows import WHOLE, Rows
from isthmus.control.verdicts import rule_on
from isthmus.picture import Picture, Request
from isthmus.service.adding import add_files
from isthmus.service.keeping import judge

from .conftest import HEAVY, MAJORITY, Build, Row, fact, share, value, write_claims

Told = tuple[str, str]


def told(picture: Picture, rows: Rows) -> list[tuple[Any, ...]]:
    """Return each row with the ids of its ends, in an order of its own."""
    ids = picture.reader.ids([*rows.holder.tolist(), *rows.target.tolist()])
    columns = zip(
        rows.holder.tolist(),
        rows.target.tolist(),
        rows.kind.tolist(),
        rows.low.tolist(),
        rows.high.tolist(),
        strict=True,
    )
    return sorted((ids[a], ids[b], rows.evidence[kind].predicate, low, high) for a, b, kind, low, high in columns)


def only(picture: Picture) -> Rows:
    rows = read_rows(picture)
    assert len(rows) == 1
    return rows


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("0.5", "0.5", (50_000_000, 50_000_000)),
        ("0.1", "0.3", (10_000_000, 30_000_000)),
        (">0.25", "0.5", (25_000_001, 50_000_000)),
        (">0.25", "<0.5", (25_000_001, 49_999_999)),
        ("0.3333333333333333", "0.3333333333333333", (33_333_333, 33_333_334)),
        (">0.5", "", (50_000_001, WHOLE)),
        ("", "<0.5", (0, 49_999_999)),
        ("0", "1", (0, WHOLE)),
        ("0.00000001", "0.00000001", (1, 1)),
        ("0.57", "0.57", (57_000_000, 57_000_000)),
        ("0.29", "0.29", (29_000_000, 29_000_000)),
    ],
)
def test_shares_are_whole_units_and_excluded_ends_lie_inside(
    build: Build, low: str, high: str, expected: tuple[int, int]
) -> None:
    rows = only(build([share("a", "b", low, high)]))
    assert (int(rows.low[0]), int(rows.high[0])) == expected
    assert rows.stated.all() and not rows.near.any()


def test_without_a_number_a_stake_may_be_anything(build: Build) -> None:
    rows = only(build([fact("a", "owns", "b")]))
    assert (rows.stated.tolist(), rows.low.tolist(), rows.high.tolist()) == ([False], [0], [WHOLE])


def test_an_approximate_share_is_marked(build: Build) -> None:
    assert only(build([share("a", "b", "~0.3")])).near.tolist() == [True]


@pytest.mark.parametrize("more", [{"mode": "planned"}, {"mode": "attempted"}])
def test_plans_and_attempts_are_not_read(build: Build, more: dict[str, str]) -> None:
    assert len(read_rows(build([fact("a", "controls", "b", **more)]))) == 0


def test_denials_are_read_as_such_and_questions_are_not(build: Build) -> None:
    rows = read_rows(
        build(
            [
                fact("a", "controls", "b", stance="denies"),
                fact("c", "controls", "b"),
                fact("d", "controls", "b", stance="not_found"),
            ]
        )
    )
    assert sorted(rows.denied.tolist()) == [False, True]


def test_subordinates_are_turned_round_and_nobody_controls_himself(build: Build) -> None:
    picture = build(
        [fact("a", "subordinate_to", "b", "basis=organ_of"), fact("c", "controls", "c"), share("d", "d", "0.1")]
    )
    rows = read_rows(picture)
    assert [row[:3] for row in told(picture, rows)] == [("b", "a", "subordinate_to"), ("d", "d", "owns")]
    assert Evidence("subordinate_to", basis="organ_of") in rows.evidence


def test_qualifiers_tell_evidence_apart(build: Build) -> None:
    picture = build(
        [
            fact("a", "has_interest_in", "b", "interest=boardMember; direct=indirect"),
            fact("a", "has_interest_in", "b", "interest=votingRights; right=veto"),
            fact("a", "controls", "b", "condition=if called"),
            value("b", "completeness", "complete", qualifiers="scope=shareholders"),
            value("b", "completeness", "incomplete", qualifiers="scope=shareholders"),
        ]
    )
    rows = read_rows(picture)
    assert {rows.evidence[kind] for kind in rows.kind.tolist()} == {
        Evidence("has_interest_in", interest="boardMember", direct="indirect"),
        Evidence("has_interest_in", interest="votingRights", right="veto"),
        Evidence("controls", conditional=True),
        Evidence("completeness", scope="shareholders"),
    }


def test_what_ended_before_the_day_is_left_out_and_doubt_is_kept(build: Build) -> None:
    rows = [
        share("a", "x", "0.3", valid_from="2015", valid_to="2018"),
        share("b", "x", "0.3", valid_from="2015"),
        share("c", "x", "0.3", valid_from="2020"),
        share("d", "x", "0.3", valid_from="2021"),
    ]
    picture = build(rows, request=Request(as_of="2020-06-01"))
    found = read_rows(picture)
    ids = picture.reader.ids(found.holder.tolist())
    assert {ids[key]: sure for key, sure in zip(found.holder.tolist(), found.sure.tolist(), strict=True)} == {
        "b": True,
        "c": False,
    }


def test_a_stake_that_may_have_changed_this_year_is_the_one_or_the_other(build: Build) -> None:
    rows = [share("a", "x", "0.6", valid_from="2015"), share("a", "x", "0.2", valid_from="2020")]
    words = {}
    for day in ("2019-06-01", "2020-06-01", "2021-06-01"):
        picture = build(rows, request=Request(as_of=day))
        words[day] = ruling(picture, read_rows(picture), "x")
    assert [next(iter(item))[2] for item in words.values()] == ["controls", "may control", "cannot"]


def test_what_is_said_of_a_group_is_said_of_its_members_and_other_bodies_are_none(build: Build) -> None:
    picture = build(
        [
            value("operators", "kind", "group"),
            value("union", "kind", "organization"),
            fact("a", "member_of", "operators"),
            fact("b", "member_of", "operators"),
            fact("a", "member_of", "union"),
            fact("state", "controls", "operators"),
            fact("state", "controls", "union"),
        ]
    )
    rows = read_rows(picture)
    assert [row[:3] for row in told(picture, rows)] == [
        ("a", "operators", "member_of"),
        ("b", "operators", "member_of"),
        ("state", "a", "controls"),
        ("state", "b", "controls"),
        ("state", "operators", "controls"),
        ("state", "union", "controls"),
    ]
    assert len(rows.without([int(rows.claim[rows.of_predicate("member_of")][0])])) == 4


def ruling(picture: Picture, rows: Rows, name: str) -> set[tuple[Any, ...]]:
    (key,) = picture.reader.keys([picture.entity(name).id])
    graph = build_graph(above(rows, key), MAJORITY)
    if key not in graph.place:
        return set()
    ids = picture.reader.ids(graph.keys.tolist())
    names = [ids[int(node)] for node in graph.keys]
    found = rule_on(Evaluation(graph), graph.place[key]).verdicts
    return {
        (names[item.node], names[item.target], item.word, item.low, item.high, tuple(names[node] for node in item.together), item.ultimate)
        for item in found
    }  # fmt: skip


NAMES = [f"n{number}" for number in range(9)]


def random_claims(random: Random) -> list[Row]:
    rows = [value("g", "kind", "group"), *(value(name, "kind", "company") for name in NAMES)]
    for _ in range(14):
        one, other = random.sample(NAMES, 2)
        percent = random.randrange(10, 80, 10) / 100
        rows.append(
            random.choice(
                [
                    share(one, other, str(percent)),
                    share(one, other, str(percent), str(min(1.0, percent + 0.3))),
                    share(one, "g", str(percent)),
                    share("g", other, str(percent)),
                    fact(one, "member_of", "g"),
                    fact(one, "subordinate_to", other, "basis=organ_of"),
                    fact(one, "controls", other),
                    fact(one, "acts_with", other),
                    fact(one, "has_interest_in", other, "interest=boardMember; right=veto"),
                    value(one, "completeness", "complete", qualifiers="scope=shareholders"),
                ]
            )
        )
    return rows


Alter = Callable[[Path], None]


def stored(path: Path, batches: Sequence[Sequence[Row]], merged: Sequence[Told]) -> None:
    for number, rows in enumerate(batches):
        assert (
            add_files(path, [write_claims(path.with_name(f"{path.stem}-{number}.csv"), rows)])["files"][0]["rejected"]
            == []
        )
        if not number:
            kept = _incoming(path)
    for one, other in merged:
        judge(path, one, other, "same", "one register number", who="a tester")
    _unindex(path, kept)


def _incoming(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path)) as connection:
        return connection.execute("SELECT * FROM incoming").fetchall()


def _unindex(path: Path, kept: Sequence[tuple[Any, ...]]) -> None:
    """Leave the derived tables as they stood after the first batch, as after a load that was cut off."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM incoming")
        connection.executemany("INSERT INTO incoming VALUES (?, ?, ?)", list(kept))
        connection.execute("UPDATE meta SET value = '1' WHERE name = 'indexed'")


@pytest.mark.parametrize("seed", range(40 if HEAVY else 8))
def test_the_way_up_of_a_large_store_gives_the_ruling_of_all_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    random = Random(seed)
    merged = [("n0", "n1")] if seed % 3 else []
    rows = random_claims(random)
    cut = random.randint(10, len(rows) - 1)
    path = tmp_path / "picture.duckdb"
    stored(path, [rows[:cut], rows[cut:]], merged)
    with Store(path, read_only=True) as store:
        whole = read_rows(Picture(store))
        monkeypatch.setattr(reading, "SMALL", 0)
        for name in (*NAMES, "g"):
            picture = Picture(store)
            (key,) = picture.reader.keys([picture.entity(name).id])
            first = rows_around(picture, key)
            assert len(first) <= len(whole)
            assert ruling(picture, first, name) == ruling(picture, whole, name), name
            # From the second question on all rows are at hand.
            assert len(rows_around(picture, key)) == len(whole)


def test_the_first_and_the_second_question_agree_on_concert_through_an_outsider(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [share("a", "x", "0.3"), share("b", "x", "0.3"), fact("a", "acts_with", "z"), fact("b", "acts_with", "z")]
    picture = build(rows)
    monkeypatch.setattr(reading, "SMALL", 0)
    (key,) = picture.reader.keys(["x"])
    first, second = (ruling(picture, rows_around(picture, key), "x") for _ in range(2))
    assert first == second
    assert ("a", "controls") in {(item[0], item[2]) for item in first}


def test_rows_do_not_depend_on_the_order_of_loading(build: Build) -> None:
    random = Random(5)
    rows = random_claims(random)
    before = build(rows)
    shuffled = random.sample(rows, len(rows))
    after = build(shuffled[:9], shuffled[9:])
    assert told(before, read_rows(before)) == told(after, read_rows(after))
    for name in NAMES:
        assert ruling(before, read_rows(before), name) == ruling(after, read_rows(after), name)
