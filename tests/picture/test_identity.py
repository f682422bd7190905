"""What judgements make of a picture: reversible, of a day, under review, and against identifiers."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.claims.judging import By, NewJudgement
from isthmus.claims.store import FileFacts, Store
from isthmus.picture import Picture, Request, identity
from isthmus.picture.heads import moved_keys, resolved

from .conftest import select_of

OPERATIONS = int(os.environ.get("ISTHMUS_OPERATIONS", "150"))
"""How many judgements come after a merge that is then undone; ISTHMUS_OPERATIONS=1000 takes a minute."""
NAMES = ("a", "b", "c", "d", "e", "set:f")
WHO = ("ana", "ben", "rule names/1", "rule names/2", "identifier lei:506700GE1G29325QX363")
ONE_LEI, OTHER_LEI = "506700GE1G29325QX363", "5493001KJTIIGC8Y1R12"


def fact(subject: str, **more: str) -> dict[str, str]:
    return {"subject": subject, "predicate": "supplies", "object": "x", **more}


def lei(subject: str, value: str, **more: str) -> dict[str, str]:
    return {"subject": subject, "predicate": "identifier", "value": value, "qualifiers": "scheme=lei", **more}


def store_of(path: Path, rows: Sequence[dict[str, str]]) -> Store:
    store = Store(path)
    store.add(select_of(rows), FileFacts("rows", "00" * 32, "claims"))
    return store


def seen(store: Store, **request: Any) -> tuple[Any, ...]:
    """Return all that identity makes of a picture, and its hash."""
    picture = Picture(store, Request(**request))
    found = picture.resolution
    return found.canonical, found.members, found.waiting, [item.path for item in found.contradictions], picture.hash


# -- histories ----------------------------------------------------------------------------------------------------

ops = st.lists(
    st.one_of(
        st.tuples(
            st.just("judge"),
            st.sampled_from(list(combinations(NAMES, 2))),
            st.sampled_from(("same", "same", "different", "unsure")),
            st.sampled_from(WHO),
            st.sampled_from((None, None, "2019")),
        ),
        st.tuples(st.just("unjudge"), st.integers(0, 30), st.booleans()),
    ),
    max_size=14,
)


@settings(max_examples=12)
@given(ops, st.booleans())
def test_a_history_is_worth_what_stands_at_its_end(history: list[tuple[Any, ...]], second: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = [fact(name) for name in NAMES]
        long, short = (store_of(Path(folder) / f"{name}.duckdb", rows) for name in ("long", "short"))
        with long, short:
            for op, *parts in history:
                if op == "judge":
                    (a, b), verdict, who, valid_from = parts
                    long.judge(a, b, verdict, "x", who=who, valid_from=valid_from)
                elif standing := [item for item in long.judgements() if not item.undone]:
                    chosen = standing[parts[0] % len(standing)]
                    long.unjudge(chosen.b, chosen.a, every=parts[1])
            short.judge_many(
                NewJudgement(item.a, item.b, item.verdict, "y", item.by, valid_from=item.valid_from)
                for item in long.judgements()
                if not item.undone
            )
            for store in (long, short):
                store.set_policy("second_reviewer", "on" if second else "off")
            for day in (None, "2018", "2020"):
                assert seen(long, as_of=day) == seen(short, as_of=day)


@settings(max_examples=8)
@given(st.lists(st.tuples(st.sampled_from(list(combinations(NAMES, 2))), st.sampled_from(WHO)), max_size=6))
def test_judging_and_unjudging_gives_back_every_hash_on_the_way(judged: list[tuple[tuple[str, str], str]]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        store_of(Path(folder) / "p.duckdb", [fact(n) for n in NAMES]) as store,
    ):
        states = [seen(store)]
        for number, ((a, b), who) in enumerate(judged):
            store.judge(a, b, ("same", "different", "same")[number % 3], "x", who=who)
            states.append(seen(store))
        for (a, b), _ in reversed(judged):
            assert seen(store) == states.pop()
            store.unjudge(b, a)
        assert [seen(store)] == states


class Walk:
    """Random operations on a store, the same for the same seed; none judges the pair that is merged beforehand."""

    def __init__(self, store: Store, names: Sequence[str], apart: frozenset[str]) -> None:
        self.store = store
        self.pairs = [pair for pair in combinations(names, 2) if set(pair) != apart]
        self.names = names
        self.random = random.Random(3)
        self.added = 0

    def step(self) -> None:
        draw = self.random.random()
        if draw < 0.60:
            a, b = self.random.choice(self.pairs)
            self.store.judge(a, b, self._verdict(), "x", who=self.random.choice(WHO))
        elif draw < 0.68:
            rule = By.rule("names", 3)
            self.store.judge_many(
                NewJudgement(*self.random.choice(self.pairs), self._verdict(), "x", rule) for _ in range(3)
            )
        elif draw < 0.90:
            a, b = self.random.choice(self.pairs)
            held = {item.pair for item in self.store.judgements() if not item.undone}
            if (a, b) in held:
                self.store.unjudge(a, b, every=self.random.random() < 0.5)
        elif draw < 0.97:
            ids = [str(row[0]) for row in self.store.rows("SELECT id FROM claims ORDER BY id")]
            self.store.retract([self.random.choice(ids)], "wrong")
        else:
            self.added += 1
            row = fact(self.random.choice(self.names), locator=f"later {self.added}")
            self.store.add(select_of([row]), FileFacts("rows", "00" * 32, "claims"))

    def _verdict(self) -> str:
        return self.random.choice(("same", "same", "different", "unsure"))


def test_a_merge_is_undone_after_many_other_operations(tmp_path: Path) -> None:
    """Others may be judged the same as the two, so that the merge is one link among many; undone, it has never been."""
    names = ("A", "B", *(f"n{number}" for number in range(14)))
    found = []
    for merged in (True, False):
        with store_of(tmp_path / f"{merged}.duckdb", [fact(name) for name in names]) as store:
            if merged:
                store.judge("A", "B", "same", "one register number", who="ana")
                assert Picture(store).resolution.of("B") == "A"
            walk = Walk(store, names, frozenset("AB"))
            for _ in range(OPERATIONS):
                walk.step()
            if merged:
                assert ("A", "B") in Picture(store).standing.decided
                assert store.unjudge("A", "B", who="ana") == 1
            found.append([seen(store), seen(store, as_of="2020"), Picture(store).standing.verdicts()])
    assert found[0] == found[1]
    assert found[0][2], "something is judged at the end"


def test_a_merge_is_seen_and_undone_as_known_at_each_time(evidence: Any) -> None:
    evidence.add(fact("a"), fact("b"))
    moments = [evidence.store.batches()[-1].recorded_at]
    evidence.store.judge("a", "b", "same", "x")
    moments.append(evidence.store.batches()[-1].recorded_at)
    evidence.store.unjudge("a", "b")
    moments.append(evidence.store.batches()[-1].recorded_at)
    heads = [evidence.picture(known_at=moment.isoformat()).resolution.of("b") for moment in moments]
    assert heads == ["b", "a", "b"]


# -- precedence, days and review ----------------------------------------------------------------------------------


def test_the_order_in_which_a_person_and_a_rule_judged_is_not_in_the_hash(make: Callable[[], Any]) -> None:
    stores = [make().add(fact("a"), fact("b"), fact("c")) for _ in range(2)]
    judged = [("a", "b", "different", "ana"), ("a", "b", "same", "rule names/1"), ("b", "c", "same", "rule names/1")]
    for evidence, rows in zip(stores, (judged, judged[::-1]), strict=True):
        for a, b, verdict, who in rows:
            evidence.store.judge(a, b, verdict, "x", who=who)
    one, two = (evidence.picture() for evidence in stores)
    assert one.hash == two.hash
    assert one.resolution.members == two.resolution.members == {"b": ("b", "c")}


def test_a_merge_with_dates_is_made_on_its_days(evidence: Any) -> None:
    evidence.add(fact("a"), fact("b"))
    before = {day: evidence.picture(as_of=day).hash for day in ("2018", "2020")}
    evidence.store.judge("a", "b", "same", "merged", valid_from="2019", valid_to="2021")
    heads = {day: evidence.picture(as_of=day).resolution.of("b") for day in (None, "2018", "2020", "2022")}
    assert heads == {None: "a", "2018": "b", "2020": "a", "2022": "b"}
    assert evidence.picture(as_of="2018").hash == before["2018"]
    assert evidence.picture(as_of="2020").hash != before["2020"]


def test_two_days_of_one_store_are_not_mixed_up_in_sql(evidence: Any) -> None:
    evidence.add(fact("a"), fact("b"))
    evidence.store.judge("a", "b", "same", "merged", valid_from="2019")
    early, late = evidence.picture(as_of="2018"), evidence.picture(as_of="2020")

    def subjects(picture: Picture) -> int:
        return int(picture.store.value(f"SELECT count(DISTINCT subject) FROM {resolved(picture)}"))

    assert [subjects(late), subjects(early), subjects(late)] == [1, 2, 1]
    assert moved_keys(early) is None


def test_under_review_a_merge_waits_for_a_second_person(evidence: Any) -> None:
    evidence.add(fact("a"), fact("b"))
    nothing = evidence.picture().hash
    evidence.store.judge("a", "b", "same", "x", who="ana")
    merged = evidence.picture().hash
    evidence.store.set_policy("second_reviewer", "on")
    picture = evidence.picture()
    assert picture.resolution.of("b") == "b"
    assert list(picture.standing.awaiting) == [("a", "b")]
    assert picture.hash not in (nothing, merged)
    evidence.store.judge("b", "a", "same", "seen too", who="ben")
    assert evidence.picture().hash == merged
    assert evidence.picture().resolution.of("b") == "a"
    evidence.store.unjudge("a", "b")
    assert evidence.picture().hash == picture.hash
    evidence.store.set_policy("second_reviewer", "off")
    assert evidence.picture().hash == merged


# -- identifiers --------------------------------------------------------------------------------------------------


def test_two_leis_are_not_merged_and_it_is_told(evidence: Any) -> None:
    evidence.add(fact("a"), lei("a", ONE_LEI), fact("b"), lei("b", OTHER_LEI, source="t"), fact("c"))
    evidence.store.judge("a", "b", "same", "alike", who="ana")
    evidence.store.judge("b", "c", "same", "alike", who="ana")
    found = evidence.picture().resolution
    assert found.members == {"b": ("b", "c")}
    assert [(item.path, item.scheme) for item in found.contradictions] == [(("a", "b"), "lei")]
    # Without the source of one of them nothing speaks against it.
    assert evidence.picture(without=("t",)).resolution.members == {"a": ("a", "b", "c")}
    evidence.store.retract([evidence.claim(predicate="identifier", subject="b").id], "of another firm")
    assert evidence.picture().resolution.members == {"a": ("a", "b", "c")}


def test_a_number_that_was_given_up_parts_nothing(evidence: Any) -> None:
    evidence.add(lei("a", ONE_LEI, valid_to="2015"), lei("b", OTHER_LEI, valid_from="2016"))
    evidence.store.judge("a", "b", "same", "the number was renewed")
    for day in (None, "2014", "2020"):
        assert evidence.picture(as_of=day).resolution.of("b") == "a"


def test_what_a_source_denies_parts_nothing(evidence: Any) -> None:
    evidence.add(lei("a", ONE_LEI), lei("b", OTHER_LEI, stance="denies"))
    evidence.store.judge("a", "b", "same", "alike")
    assert evidence.picture().resolution.of("b") == "a"


def test_of_a_large_store_the_clashing_identifiers_are_kept(evidence: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence.add(lei("a", ONE_LEI), lei("b", OTHER_LEI), lei("c", ONE_LEI), fact("d"))
    evidence.store.judge("a", "b", "same", "alike")
    evidence.store.judge("c", "d", "same", "alike")
    small = evidence.picture().resolution
    monkeypatch.setattr(identity, "READ_EACH_TIME", 0)
    assert evidence.picture().resolution == small
    monkeypatch.setattr(identity, "_identifiers", lambda *_: pytest.fail("the identifiers were to be kept"))
    assert evidence.picture().resolution == small
    assert small.members == {"c": ("c", "d")}
