"""Judgements as values, and how many are stored at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from isthmus.claims.integrity import integrity
from isthmus.claims.judging import By, Judged, NewJudgement, Reason
from isthmus.claims.schema import MIGRATIONS, VERSION, migrate
from isthmus.claims.store import FileFacts, Store
from isthmus.errors import ArgumentError, StoreCorruptError, UnknownEntityError, ValueFormatError
from tests.claims.few import names

Select = Callable[[Iterable[Mapping[str, str | None]]], str]
RULE = By.rule("names", 1)


def by_rule(a: str, b: str, verdict: str = "same", **more: Any) -> NewJudgement:
    return NewJudgement(a, b, verdict, "alike", RULE, **more)


def stored(store: Store) -> list[tuple[str, str, str, str]]:
    return [(*item.pair, item.verdict, item.who) for item in store.judgements() if not item.undone]


# -- who judges -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("ana", "person", "ana"),
        (" Ana de Souza ", "person", "Ana de Souza"),
        ("rule names/1", "rule", "names/1"),
        ("rule country-name/2.1", "rule", "country-name/2.1"),
        ("identifier lei:506700GE1G29325QX363", "identifier", "lei:506700GE1G29325QX363"),
        ("identifier ra:RA000585:01234567", "identifier", "ra:RA000585:01234567"),
        ("rule of thumb", "person", "rule of thumb"),
        ("rule names", "person", "rule names"),
        ("identifier", "person", "identifier"),
    ],
)
def test_who_judges_is_read_and_written_back(text: str, kind: str, name: str) -> None:
    found = By.read(text)
    assert (found.kind, found.name) == (kind, name)
    assert By.read(str(found)) == found


def test_rules_and_identifiers_are_named_by_their_parts() -> None:
    assert str(By.rule("names", 1)) == "rule names/1"
    assert By.identifier("lei", "506700GE1G29325QX363") == By.read("identifier lei:506700GE1G29325QX363")


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"verdict": "perhaps"}, "no verdict"),
        ({"why": " "}, "needs a reason"),
        ({"b": "e0"}, "one entity already"),
        ({"by": By("person", " ")}, "who judges"),
        ({"by": By("rule", "names")}, "who judges"),
        ({"by": By("person", "rule names/1")}, "who judges"),
        ({"by": By("oracle", "x")}, "who judges"),
        ({"score": 1.01}, "between 0 and 1"),
        ({"score": float("nan")}, "between 0 and 1"),
        ({"reasons": [{"weight": 1.0}]}, "no reason"),
        ({"reasons": [Reason("")]}, "names no feature"),
        ({"reasons": [Reason("name", float("inf"))]}, "weight of inf"),
    ],
)
def test_what_cannot_be_judged(parts: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        NewJudgement(**{"a": "e0", "b": "e1", "verdict": "same", "why": "x", **parts})


def test_dates_of_a_judgement_are_checked() -> None:
    assert by_rule("a", "b", valid_from=" 2019-Q3 ").valid_from == "2019-Q3"
    with pytest.raises(ValueFormatError, match="not a date"):
        by_rule("a", "b", valid_from="lately")
    with pytest.raises(ValueFormatError, match=r"end \(2018\) before it begins \(2019\)"):
        by_rule("a", "b", valid_from="2019", valid_to="2018")


# -- one ----------------------------------------------------------------------------------------------------------


def test_a_judgement_keeps_all_that_was_said(store: Store) -> None:
    reasons: list[Reason | Mapping[str, Any]] = [
        Reason("name", 4.5, "same rare words"),
        {"feature": "country", "note": "both “中国”"},
    ]
    number = store.judge(
        "e1", "e0", "same", "alike", who=RULE, score=0.97, reasons=reasons, valid_from="2019", valid_to=">=2021"
    )
    (found,) = store.judgements()
    assert (found.key, found.pair, found.by, found.score) == (number, ("e0", "e1"), RULE, 0.97)
    assert found.reasons == (Reason("name", 4.5, "same rare words"), Reason("country", None, "both “中国”"))
    body = found.to_json()
    assert (body["who"], body["by"], body["valid_from"], body["valid_to"]) == ("rule names/1", "rule", "2019", ">=2021")
    assert body["reasons"][0] == {"feature": "name", "weight": 4.5, "note": "same rare words"}


def test_unjudging_takes_the_newest_back_and_no_other(store: Store) -> None:
    store.judge("e0", "e1", "same", "alike", who=RULE)
    store.judge("e0", "e1", "different", "two seats", who="ana")
    assert store.unjudge("e1", "e0") == 1
    assert stored(store) == [("e0", "e1", "same", "rule names/1")]
    store.judge("e0", "e1", "different", "two seats", who="ana")
    assert store.unjudge("e1", "e0", every=True) == 2
    assert stored(store) == []


def test_all_that_a_rule_judged_can_be_taken_back(store: Store) -> None:
    store.judge_many([by_rule("e0", "e1"), by_rule("e1", "e2")])
    store.judge("e2", "e3", "same", "x", who="ana")
    assert store.unjudge_by("rule names/1", who="ana", why="too bold") == 2
    assert stored(store) == [("e2", "e3", "same", "ana")]
    assert store.unjudge_by(RULE) == 0
    assert [batch.action for batch in store.batches()] == ["add", "judge", "judge", "unjudge"]


# -- many ---------------------------------------------------------------------------------------------------------


def test_many_are_one_batch_and_what_stands_is_not_stored_again(store: Store) -> None:
    first = [by_rule("e0", "e1", score=0.9), by_rule("e1", "e2"), by_rule("e3", "e4", "different")]
    assert store.judge_many(first) == Judged(3, 0)
    assert store.last_batch == 2
    assert store.judge_many(first) == Judged(0, 3)
    assert store.last_batch == 2
    again = [by_rule("e1", "e0"), by_rule("e0", "e2"), by_rule("e2", "e0")]
    assert store.judge_many(again) == Judged(1, 2)
    assert stored(store)[-1] == ("e0", "e2", "same", "rule names/1")
    assert [item.key for item in store.judgements()] == [1, 2, 3, 4]
    assert store.judge_many([]) == Judged(0, 0)
    store.reindex()
    assert integrity(store) == []


@pytest.mark.parametrize(
    ("bad", "error"),
    [(by_rule("e1", "ghost"), UnknownEntityError), (by_rule("'; DROP TABLE claims; --", "e1"), UnknownEntityError)],
)
def test_one_that_cannot_be_stored_leaves_nothing(store: Store, bad: NewJudgement, error: type[Exception]) -> None:
    with pytest.raises(error, match="no entity has the id"):
        store.judge_many([by_rule("e0", "e1"), bad])
    assert store.judgements() == ()
    assert store.last_batch == 1


def test_an_error_while_they_are_made_leaves_nothing(store: Store) -> None:
    with pytest.raises(ArgumentError):
        store.judge_many(by_rule("e0", "e1", verdict) for verdict in ("same", "perhaps"))
    assert store.judgements() == ()


def test_other_authors_verdicts_and_dates_are_new(store: Store) -> None:
    store.judge_many([by_rule("e0", "e1")])
    other = NewJudgement("e0", "e1", "same", "x", By.rule("names", 2))
    person = NewJudgement("e0", "e1", "same", "x", By.read("ana"))
    assert store.judge_many([other, person, by_rule("e0", "e1", valid_from="2019")]) == Judged(3, 0)


def test_what_was_judged_otherwise_since_or_undone_is_new(store: Store) -> None:
    store.judge_many([by_rule("e0", "e1"), by_rule("e1", "e2"), by_rule("e2", "e3")])
    store.judge("e0", "e1", "different", "x", who="rule names/2")
    store.judge(
        "e1", "e2", "different", "x", who="ana"
    )  # a person stands before: storing the rule's again changes nothing
    store.unjudge("e2", "e3")
    assert store.judge_many([by_rule("e0", "e1"), by_rule("e1", "e2"), by_rule("e2", "e3")]) == Judged(2, 1)


def test_of_a_batch_that_changes_its_mind_the_last_stands(store: Store) -> None:
    store.judge_many([by_rule("e0", "e1")])
    changing = [by_rule("e0", "e1", "different"), by_rule("e0", "e1")]
    assert store.judge_many(changing) == Judged(2, 0)
    assert [item.verdict for item in store.judgements()] == ["same", "different", "same"]


def test_thousands_are_stored_a_second(store: Store, select: Select, facts: FileFacts) -> None:
    store.add(select(names(2_001, "m")), facts)
    judged = [by_rule(f"m{n}", f"m{n + 1}", score=0.9, reasons=[Reason("name", 1.0, "alike")]) for n in range(2_000)]
    begun = time.perf_counter()
    assert store.judge_many(judged) == Judged(2_000, 0)
    assert time.perf_counter() - begun < 2
    assert store.judgements()[1_999].pair == ("m1999", "m2000")


# -- policies -----------------------------------------------------------------------------------------------------


def test_a_policy_is_set_by_rows_of_its_own(store: Store) -> None:
    assert store.get_policy("second_reviewer") is None
    assert not store.set_policy("second_reviewer", "off")
    assert store.set_policy("second_reviewer", "on", who="lead")
    assert not store.set_policy("second_reviewer", "on")
    assert store.set_policy("second_reviewer", "off")
    assert store.get_policy("second_reviewer") == "off"
    assert store.policy("second_reviewer", known_batch=2) == "on"
    assert store.policy("second_reviewer", known_batch=1) is None
    assert store.rows("SELECT name, value, who, batch FROM policies ORDER BY batch") == [
        ("second_reviewer", "on", "lead", 2),
        ("second_reviewer", "off", "user", 3),
    ]


@pytest.mark.parametrize(("name", "value"), [("second_reviewer", "perhaps"), ("third_reviewer", "on")])
def test_there_is_no_other_policy(store: Store, name: str, value: str) -> None:
    with pytest.raises(ArgumentError, match="second_reviewer: off or on"):
        store.set_policy(name, value)
    assert store.last_batch == 1


# -- older files --------------------------------------------------------------------------------------------------


def test_a_file_of_the_first_version_is_brought_up_with_its_judgements(store_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("isthmus.claims.schema.MIGRATIONS", MIGRATIONS[:1])
        patch.setattr("isthmus.claims.schema.VERSION", 1)
        with duckdb.connect(str(store_path)) as plain:
            migrate(plain, str(store_path))
            plain.execute("INSERT INTO entities VALUES (1, 'a'), (2, 'b'), (3, 'c')")
            plain.execute(
                "INSERT INTO batches(key, recorded_at, action) VALUES (1, TIMESTAMP '2026-01-01', 'judge'), "
                "(2, TIMESTAMP '2026-01-02', 'judge'), (3, TIMESTAMP '2026-01-03', 'unjudge')"
            )
            plain.execute(
                "INSERT INTO judgements VALUES (1, 1, 2, 'same', 'rule country-name/1', 'one name', 1), "
                "(2, 2, 3, 'different', 'ana', 'two seats', 2)"
            )
            plain.execute("INSERT INTO undone_judgements VALUES (2, 'ana', NULL, 3)")
            plain.execute("UPDATE meta SET value = '3' WHERE name = 'indexed'")
    with pytest.raises(StoreCorruptError, match="older schema version 1"):
        Store(store_path, read_only=True)
    with Store(store_path) as opened:
        assert opened.value("SELECT value FROM meta WHERE name = 'version'") == str(VERSION)
        first, second = opened.judgements()
        assert (first.pair, first.by, first.score, first.reasons, first.undone) == (
            ("a", "b"),
            By.rule("country-name", 1),
            None,
            (),
            False,
        )
        assert (second.pair, second.who, second.valid_from, second.undone) == (("b", "c"), "ana", None, True)
        assert opened.get_policy("second_reviewer") is None
        opened.judge("a", "c", "same", "x", score=0.5)
        assert integrity(opened) == []
    with Store(store_path, read_only=True) as opened:
        assert len(opened.judgements()) == 3
