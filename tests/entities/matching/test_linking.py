"""Linking through Splink: the same pairs and scores as our own search, and clear errors where something is missing."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import pytest

from benchmarks.link import subjects
from benchmarks.register import registers
from isthmus.entities.matching import Subject, load_model, match
from isthmus.entities.matching.levels import Judge, edges_of, read_subject, write_subject
from isthmus.entities.matching.linking import link, records, settings
from isthmus.entities.matching.search import find_matches
from isthmus.errors import ArgumentError

needs_splink = pytest.mark.skipif(find_spec("splink") is None, reason="Splink is not installed (the extra link)")
needs_spark = pytest.mark.skipif(find_spec("pyspark") is None, reason="PySpark is not installed")
needs_no_spark = pytest.mark.skipif(find_spec("pyspark") is not None, reason="PySpark is installed")
Pairs = dict[tuple[int, int], float]


def linked(table: Any) -> Pairs:
    return {(row["a"], row["b"]): row["score"] for row in table.to_pylist()}


def found(queries: Sequence[Subject], against: Sequence[Subject] | None, bar: float | None = None) -> Pairs:
    matches = find_matches(queries, against, limit=1_000, bar=bar)
    return {(one, two): held.score for one, pairs in enumerate(matches) for two, held in pairs}


@pytest.fixture(scope="module")
def lists() -> tuple[list[Subject], list[Subject]]:
    a, b = registers(2_000, 2_000, 0.3)
    return subjects(a.to_pylist()), subjects(b.to_pylist())


def by_lei(*values: str, name: str = "Northgate Telecom") -> list[Subject]:
    return [Subject((name,), identifiers=frozenset({("lei", value)})) for value in values]


@needs_splink
@pytest.mark.parametrize("bar", [None, 0.873])
def test_two_registers_give_the_pairs_and_scores_of_our_search(
    lists: tuple[list[Subject], list[Subject]], bar: float | None
) -> None:
    ours, theirs = found(*lists, bar), linked(link(*lists, bar=bar))
    assert len(ours) > 400
    assert theirs.keys() == ours.keys()
    assert theirs == pytest.approx(ours, abs=0.01)


@needs_splink
def test_one_register_is_linked_within_itself_each_pair_once(lists: tuple[list[Subject], list[Subject]]) -> None:
    mixed = [*lists[0][:500], *lists[1]]
    ours, theirs = found(mixed, None), linked(link(mixed))
    assert len(ours) > 100
    assert theirs.keys() == ours.keys()
    assert theirs == pytest.approx(ours, abs=0.01)
    assert all(one < two for one, two in theirs)


@needs_splink
def test_blocking_by_the_linker_finds_all_that_our_search_finds(lists: tuple[list[Subject], list[Subject]]) -> None:
    ours, theirs = found(*lists), linked(link(*lists, every=True))
    assert theirs.keys() >= ours.keys()
    for (one, two), score in theirs.items():
        assert score == pytest.approx(match(lists[0][one], lists[1][two]).score, abs=0.01)


@needs_splink
@needs_spark
@pytest.mark.parametrize("every", [False, True])
def test_spark_gives_the_same_as_duckdb(lists: tuple[list[Subject], list[Subject]], every: bool) -> None:
    ours, theirs = lists[0][:300], lists[1][:300]
    for pool in (theirs, None):
        expected = linked(link(ours, pool, every=every))
        assert linked(link(ours, pool, engine="spark", every=every)) == pytest.approx(expected)


@needs_splink
def test_names_in_two_scripts_and_further_names() -> None:
    ours = [Subject(("Nothing Alike", "华为技术有限公司")), Subject(("삼성전자",))]
    theirs = [Subject(("Samsung Electronics",)), Subject(("Huawei Technologies Co., Ltd.",))]
    assert linked(link(ours, theirs)).keys() == {(0, 1), (1, 0)}


@needs_splink
def test_one_identifier_in_common_is_a_match_and_two_different_ones_never() -> None:
    one, other = "5493001KJTIIGC8Y1R12", "7LTWFZYICNSX8D621K86"
    theirs = [*by_lei(one, name="Quite Another Ltd"), *by_lei(other)]
    assert linked(link(by_lei(one), theirs)) == {(0, 0): pytest.approx(0.99)}


@needs_splink
@pytest.mark.parametrize("bar", [0.0, 0.99])
def test_the_bar_is_met_by_what_reaches_it(bar: float) -> None:
    lei = "5493001KJTIIGC8Y1R12"
    ours, theirs = by_lei(lei), [*by_lei(lei, name="Quite Another Ltd"), Subject(("Northgate",))]
    pairs = linked(link(ours, theirs, bar=bar))
    assert pairs[0, 0] == pytest.approx(0.99)
    assert len(pairs) == (2 if bar == 0 else 1)


@needs_splink
def test_a_score_that_is_capped_stays_capped() -> None:
    ours, theirs = (
        Subject(("Northgate Holding",), countries=frozenset({"de"})),
        [Subject(("Northgate Holding",), countries=frozenset({"cn"}))],
    )
    expected = match(ours, theirs[0]).score
    assert linked(link([ours], theirs, bar=0.1)) == {(0, 0): pytest.approx(expected, abs=0.01)}


@needs_splink
def test_rows_come_by_rising_number_then_falling_score(lists: tuple[list[Subject], list[Subject]]) -> None:
    rows = link(*lists).to_pylist()
    assert rows == sorted(rows, key=lambda row: (row["a"], -row["score"], row["b"]))


@needs_splink
@pytest.mark.parametrize(
    ("ours", "theirs"), [([], None), ([], []), ([Subject(("X",))], []), ([Subject(())], [Subject(())])]
)
def test_nothing_to_link(ours: list[Subject], theirs: list[Subject] | None) -> None:
    table = link(ours, theirs)
    assert (table.num_rows, table.column_names) == (0, ["a", "b", "score"])


def test_a_subject_is_read_as_it_was_written() -> None:
    given = Subject(
        ("Ä “quoted” {name}", "名"), "person", frozenset({"de", "at"}), frozenset({("lei", "1")}), "2001", None
    )
    assert read_subject(write_subject(given)) == given


@pytest.mark.parametrize("bar", [0.0, 0.5, 0.537, 0.999])
def test_levels_are_a_hundredth_wide_at_most_and_hold_one_verdict(bar: float) -> None:
    model = load_model()
    edges = [*edges_of(bar, model), 1.0]
    assert edges[0] == bar
    assert edges == sorted(set(edges))
    for low, high in pairwise(edges):
        assert high - low < 0.010001
        assert model.verdict(low) == model.verdict((low + high) / 2)


def test_the_settings_give_back_our_scores() -> None:
    model = load_model()
    names = settings(0.5)["comparisons"][0]["comparison_levels"]
    before = settings(0.5)["probability_two_random_records_match"]
    for number, low in enumerate(edges_of(0.5, model)[::-1]):
        level = names[2 + number]
        odds = before / (1 - before) * level["m_probability"] / level["u_probability"]
        assert 0 <= odds / (1 + odds) - low <= 0.0051


def test_a_pair_under_the_bar_has_level_0() -> None:
    judge = Judge(0.5, load_model())
    one, two, three = (write_subject(Subject((name,))) for name in ("Deutsche Telekom", "Deutsche Post", "Huawei"))
    assert judge.level(one, two) == judge.level(one, three) == 0
    assert judge.level(one, one) > 40


def test_records_carry_keys_and_parts() -> None:
    row = records([Subject(("Huawei Technologies Co., Ltd.",), countries=frozenset({"cn"}))]).to_pylist()[0]
    assert row["brand"] == "huawei"
    assert row["countries"] == ["cn"]
    assert row["keys"] == sorted(set(row["keys"]))
    assert records([Subject(())]).to_pylist()[0]["keys"] == []


@pytest.mark.parametrize("bar", [-0.1, 1.0, float("nan")])
def test_a_bar_that_is_no_probability_is_refused(bar: float) -> None:
    with pytest.raises(ArgumentError, match="probability"):
        link([Subject(("X",))], bar=bar)


def test_an_engine_that_is_not_known_is_refused() -> None:
    with pytest.raises(ArgumentError, match="not known"):
        link([], engine="oracle")


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_without_splink_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    monkeypatch.setattr("isthmus.entities.matching.linking.find_spec", lambda name: None)
    with pytest.raises(ArgumentError) as caught:
        link([Subject(("X",))], engine=engine)
    assert "isthmus[link]" in str(caught.value.hint)


@needs_splink
@needs_no_spark
def test_without_pyspark_the_error_says_what_to_install() -> None:
    with pytest.raises(ArgumentError) as caught:
        link([Subject(("X",))], engine="spark")
    assert "splink[spark]" in str(caught.value.hint)
