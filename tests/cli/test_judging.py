"""Judging, contradictions, review and undoing, as a person meets them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from isthmus.claims.store import Store

from .conftest import Run

Say = Callable[..., str]


@pytest.fixture
def copy(picture: Path, tmp_path: Path) -> Path:
    """Return a copy of the picture in the folder where commands run."""
    path = tmp_path / "picture.duckdb"
    shutil.copy(picture, path)
    return path


@pytest.fixture
def judge(run: Run, copy: Path) -> Say:
    """Return a function that judges two entities and gives what was printed, on one line."""

    def call(a: str, b: str, verdict: str, *more: str, who: str = "ana") -> str:
        found = run("judge", a, b, verdict, "--why", "seen", "--who", who, *more, columns=200)
        assert found.code == 0, found.err
        return " ".join(found.out.split())

    return call


def picture_hash(run: Run) -> str:
    return str(run("--json", "ask", "relations", "northgate").json["picture"])


def test_judging_and_undoing_gives_back_the_hash(run: Run, judge: Say) -> None:
    before = picture_hash(run)
    judge("hillbank", "hillbank-arden", "same", who="rule names/1")
    merged = picture_hash(run)
    judge("hillbank", "hillbank-arden", "different")
    apart = picture_hash(run)
    assert len({before, merged, apart}) == 3
    told = run("unjudge", "hillbank", "hillbank-arden").out
    assert "1 judgement about hillbank and hillbank-arden undone." in told
    assert "now stands: they are the same, says rule names/1: seen" in told
    assert picture_hash(run) == merged
    assert run("--json", "unjudge", "hillbank", "hillbank-arden").json["stands"] is None
    assert picture_hash(run) == before


def test_every_judgement_of_a_pair_can_be_undone_at_once(run: Run, judge: Say) -> None:
    before = picture_hash(run)
    judge("hillbank", "hillbank-arden", "same")
    judge("hillbank-arden", "hillbank", "same", who="ben")
    found = run("--json", "unjudge", "hillbank", "hillbank-arden", "--every").json
    assert (found["undone"], [item["who"] for item in found["judgements"]]) == (2, ["ana", "ben"])
    assert picture_hash(run) == before


def test_a_contradiction_is_told_with_its_chain_and_waits(run: Run, judge: Say) -> None:
    before = picture_hash(run)
    judge("hillbank", "hillbank-arden", "same")
    judge("hillbank-arden", "brask", "same", who="rule names/1")
    told = judge("hillbank", "brask", "different")
    assert "yet the same by way of brask = hillbank-arden = hillbank; these merges wait" in told
    assert "contradiction: brask and hillbank are judged different (ana: seen)" in told
    assert "brask = hillbank-arden: seen (rule names/1) hillbank-arden = hillbank: seen (ana)" in told
    (item,) = run("--json", "check").json["contradictions"]
    assert item["path"] == ["brask", "hillbank-arden", "hillbank"]
    assert [step["who"] for step in item["steps"]] == ["rule names/1", "ana"]
    assert item["judged"]["who"] == "ana"
    assert "Judgements that contradict one another" in run("check").out
    # The person's merge stands; the rule's waits.
    assert run("--json", "show", "hillbank").json["entity"]["members"] == ["hillbank", "hillbank-arden"]
    assert "blocked by a contradiction" in run("show", "brask", columns=200).out
    for pair in (("hillbank", "brask"), ("hillbank-arden", "brask"), ("hillbank", "hillbank-arden")):
        run("unjudge", *pair)
    assert picture_hash(run) == before
    assert run("--json", "check").json["contradictions"] == []


def test_a_judgement_of_other_things_tells_of_no_contradiction(judge: Say) -> None:
    judge("hillbank", "hillbank-arden", "same")
    judge("hillbank-arden", "brask", "same")
    judge("hillbank", "brask", "different")
    assert "contradiction" not in judge("northgate", "northgate-holding", "different")


def test_a_second_reviewer_is_awaited(run: Run, judge: Say, copy: Path) -> None:
    with Store(copy) as store:
        store.set_policy("second_reviewer", "on")
    assert "! awaiting second reviewer" in judge("hillbank", "hillbank-arden", "same")
    assert run("--json", "show", "hillbank").json["entity"]["members"] == ["hillbank"]
    assert "hillbank-arden, awaiting second reviewer: seen (ana)" in run("show", "hillbank", columns=200).out
    assert "Awaiting second reviewer" in run("check").out
    (item,) = run("--json", "check").json["awaiting"]
    assert (item["a"], item["b"], item["who"]) == ("hillbank", "hillbank-arden", "ana")
    assert "awaiting" not in judge("hillbank", "hillbank-arden", "same", who="ben")
    assert run("--json", "show", "hillbank").json["entity"]["members"] == ["hillbank", "hillbank-arden"]
    assert run("--json", "check").json["awaiting"] == []


def test_a_judgement_can_hold_for_a_time(run: Run, judge: Say) -> None:
    told = judge("hillbank", "hillbank-arden", "same", "--from", "2019", "--to", "2021-06")
    assert "are the same from 2019 to 2021-06, says ana: seen" in told

    def members(*day: str) -> int:
        return len(run("--json", "show", "hillbank", *day).json["entity"]["members"])

    assert [members(), members("--as-of", "2018"), members("--as-of", "2020"), members("--as-of", "2022")] == [
        2,
        1,
        2,
        1,
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [(["--from", "lately"], "not a date"), (["--from", "2020", "--to", "2019"], "before it begins")],
)
def test_dates_that_cannot_be_are_refused(run: Run, copy: Path, more: list[str], said: str) -> None:
    before = copy.read_bytes()
    found = run("--json", "judge", "hillbank", "brask", "same", "--why", "x", *more)
    assert found.code == 2
    assert said in found.json["error"]["message"]
    assert copy.read_bytes() == before
