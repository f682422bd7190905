"""The store: batches, retractions, judgements and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from isthmus.claims.store import FileFacts, Store
from isthmus.errors import (
    ArgumentError,
    UnknownEntityError,
)
from isthmus.model import Source
from tests.claims.few import claim_ids, names

Select = Callable[[Iterable[Mapping[str, str | None]]], str]


# -- batches ----------------------------------------------------------------------------------------------------


def test_record_times_strictly_rise(store: Store, select: Select, facts: FileFacts) -> None:
    for number in range(20):
        store.add(select(names(1, f"x{number}-")), facts)
    times = [batch.recorded_at for batch in store.batches()]
    assert len(times) == 21
    assert all(earlier < later for earlier, later in pairwise(times))
    assert [batch.key for batch in store.batches()] == list(range(1, 22))


def test_record_times_rise_even_when_the_clock_goes_back(store: Store, select: Select, facts: FileFacts) -> None:
    store.connection.execute("UPDATE batches SET recorded_at = TIMESTAMP '2999-01-01 00:00:00'")
    store.add(select(names(1, "x")), facts)
    first, second = (batch.recorded_at for batch in store.batches())
    assert first < second
    assert second.year == 2999


def test_a_batch_says_where_it_came_from(store: Store) -> None:
    (batch,) = store.batches()
    assert (batch.action, batch.file, batch.rows_read, batch.claims_new, batch.claims_held, batch.rejected) == (
        *("add", "evidence.csv"),
        *(5, 5, 0, 0),
    )
    assert store.row("SELECT sha256, format FROM batches") == ("00" * 32, "claims")
    assert store.last_batch == 1


def test_the_store_has_an_identity_of_its_own(store: Store, tmp_path: Path) -> None:
    with Store(tmp_path / "other.duckdb") as other:
        assert other.identity != store.identity
        assert other.last_batch == 0


# -- retractions ------------------------------------------------------------------------------------------------


def test_a_retraction_keeps_the_claim_and_says_why(store: Store) -> None:
    first, second, *_ = claim_ids(store)
    assert store.retract([first, second, first], "the register was wrong", who="ana") == 2
    assert len(claim_ids(store)) == 5
    rows = store.rows("SELECT claim::VARCHAR, batch, why, who, superseded_by FROM retractions ORDER BY claim")
    assert rows == [(claim, 2, "the register was wrong", "ana", None) for claim in sorted((first, second))]
    assert store.batches()[-1].action == "retract"


def test_retracting_twice_does_nothing(store: Store) -> None:
    claim = claim_ids(store)[0]
    store.retract([claim], "wrong")
    assert store.retract([claim], "wrong again") == 0
    assert store.last_batch == 2


def test_a_retraction_can_name_what_takes_its_place(store: Store) -> None:
    old, new, *_ = claim_ids(store)
    store.retract([old], "corrected", superseded_by=new)
    assert str(store.value("SELECT superseded_by FROM retractions")) == new


def test_adding_a_retracted_claim_again_does_not_bring_it_back(store: Store, select: Select, facts: FileFacts) -> None:
    store.retract([claim_ids(store)[0]], "wrong")
    assert store.add(select(names(5)), facts).new == 0
    assert store.value("SELECT count(*) FROM retractions") == 1


@pytest.mark.parametrize("claim", ["00000000-0000-0000-0000-000000000000", "nonsense", "", "x'; DROP TABLE claims; --"])
def test_an_unknown_claim_cannot_be_retracted(claim: str, store: Store) -> None:
    with pytest.raises(ArgumentError, match="no claim has the id"):
        store.retract([claim_ids(store)[0], claim], "wrong")
    with pytest.raises(ArgumentError, match="no claim has the id"):
        store.retract([claim_ids(store)[0]], "wrong", superseded_by=claim)
    assert store.value("SELECT count(*) FROM retractions") == 0


def test_a_retraction_needs_a_reason(store: Store) -> None:
    with pytest.raises(ArgumentError, match="needs a reason"):
        store.retract(claim_ids(store)[:1], "  ")
    assert store.retract([], "none at all") == 0


# -- judgements -------------------------------------------------------------------------------------------------


def test_a_judgement_is_stored_and_undone(store: Store) -> None:
    store.judge("e1", "e0", "same", "same address", who="ana")
    (stored,) = store.judgements()
    assert (stored.a, stored.b, stored.verdict, stored.who, stored.why, stored.undone) == (
        *("e0", "e1", "same", "ana", "same address"),
        False,
    )
    assert store.unjudge("e0", "e1", why="different owners") == 1
    assert [judgement.undone for judgement in store.judgements()] == [True]
    assert [judgement.undone for judgement in store.judgements(known_batch=2)] == [False]
    assert store.judgements(known_batch=1) == ()


def test_a_judgement_can_follow_its_undoing(store: Store) -> None:
    store.judge("e0", "e1", "same", "x")
    store.unjudge("e0", "e1")
    store.judge("e0", "e1", "different", "y")
    assert [(item.verdict, item.undone) for item in store.judgements()] == [("same", True), ("different", False)]
    assert store.unjudge("e1", "e0") == 1
    with pytest.raises(ArgumentError, match="no standing judgement"):
        store.unjudge("e1", "e0")


@pytest.mark.parametrize(
    ("a", "b", "verdict", "why", "said"),
    [
        ("e0", "e1", "equal", "x", "is no verdict"),
        ("e0", "e1", "same", " ", "needs a reason"),
        ("e0", "e0", "same", "x", "is one entity already"),
    ],
)
def test_judgements_that_cannot_be(a: str, b: str, verdict: str, why: str, said: str, store: Store) -> None:
    with pytest.raises(ArgumentError, match=said):
        store.judge(a, b, verdict, why)
    assert store.last_batch == 1


def test_a_judgement_about_a_stranger(store: Store) -> None:
    with pytest.raises(UnknownEntityError, match="no entity has the id “ghost”"):
        store.judge("e0", "ghost", "same", "x")


# -- sources ----------------------------------------------------------------------------------------------------


def test_the_newest_description_of_a_source_counts(store: Store, select: Select, facts: FileFacts) -> None:
    assert store.describe([Source(id="s", title="First", derived_from=("a", "b"))]) == 1
    assert store.describe([Source(id="s", title="First", derived_from=("a", "b"))]) == 0
    store.add(
        select(names(1, "new")), facts, sources=[Source(id="s", title="Zweite", kind="register", reliability="A")]
    )
    store.add(select(names(1, "newer")), facts, sources=[Source(id="t", title="Other")])
    assert store.sources() == (
        Source(id="s", title="Zweite", kind="register", reliability="A"),
        Source(id="t", title="Other"),
    )
    documents = store.rows(
        "SELECT document FROM source_documents d JOIN sources s ON s.key = d.source WHERE s.id = 's'"
    )
    assert len(documents) == 2
    assert store.last_batch == 4


def test_a_description_alone_makes_a_batch_even_when_no_claim_is_new(
    store: Store, select: Select, facts: FileFacts
) -> None:
    done = store.add(select(names(5)), facts, sources=[Source(id="s", title="Now described")])
    assert (done.new, done.held) == (0, 5)
    assert store.sources() == (Source(id="s", title="Now described"),)


def test_a_source_without_description_has_its_id(store: Store) -> None:
    assert store.sources() == (Source(id="s"),)


# -- versions ---------------------------------------------------------------------------------------------------
