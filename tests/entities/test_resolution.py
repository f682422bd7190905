from __future__ import annotations

from datetime import datetime
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from isthmus.claims.reader import StoredJudgement
from isthmus.entities import resolve_judgements, standing_verdicts
from isthmus.entities.resolution import rank

NAMES = ("a", "b", "c", "d", "e", "set:f")


def judged(*verdicts: tuple[str, str, str] | tuple[str, str, str, bool]) -> list[StoredJudgement]:
    """Return judgements in this order; a fourth part True marks one that was undone."""
    return [
        StoredJudgement(
            number, row[0], row[1], row[2], "tester", "because", datetime(2026, 1, 1), number, bool(row[3:])
        )
        for number, row in enumerate(verdicts, 1)
    ]


def test_nothing_judged_leaves_everything_itself() -> None:
    found = resolve_judgements([])
    assert found.of("a") == "a"
    assert found.group("a") == ("a",)


def test_sameness_is_carried_along() -> None:
    found = resolve_judgements(judged(("b", "a", "same"), ("c", "b", "same")))
    assert [found.of(name) for name in "abc"] == ["a", "a", "a"]
    assert found.group("c") == ("a", "b", "c")
    assert found.of("d") == "d"


def test_an_unsure_judgement_merges_nothing() -> None:
    assert resolve_judgements(judged(("a", "b", "unsure"))).of("b") == "b"


def test_an_undone_judgement_counts_for_nothing() -> None:
    assert resolve_judgements(judged(("a", "b", "same", True))).of("b") == "b"


def test_undoing_a_later_judgement_gives_the_earlier_one_back() -> None:
    both = judged(("a", "b", "same"), ("a", "b", "different", True))
    assert resolve_judgements(both).of("b") == "a"


def test_a_later_judgement_of_the_pair_wins_whichever_way_it_is_named() -> None:
    assert resolve_judgements(judged(("a", "b", "same"), ("b", "a", "different"))).of("b") == "b"
    assert resolve_judgements(judged(("a", "b", "different"), ("b", "a", "same"))).of("b") == "a"


def test_a_group_with_a_contradiction_is_not_merged_and_the_path_is_told() -> None:
    found = resolve_judgements(
        judged(("a", "b", "same"), ("b", "c", "same"), ("a", "c", "different"), ("d", "e", "same"))
    )
    assert [found.of(name) for name in "abc"] == ["a", "b", "c"]
    assert found.of("e") == "d"
    (contradiction,) = found.contradictions
    assert (contradiction.a, contradiction.b, contradiction.path) == ("a", "c", ("a", "b", "c"))


def test_an_id_that_people_gave_comes_before_one_of_a_data_set() -> None:
    assert rank("z") < rank("a:1")
    assert resolve_judgements(judged(("gcdf:9", "huawei", "same"))).of("gcdf:9") == "huawei"


def test_standing_verdicts_do_not_depend_on_the_order_of_other_pairs() -> None:
    one = standing_verdicts(judged(("a", "b", "same"), ("d", "c", "unsure")))
    other = standing_verdicts(judged(("c", "d", "unsure"), ("b", "a", "same")))
    assert list(one.items()) == list(other.items()) == [(("a", "b"), "same"), (("c", "d"), "unsure")]


pairs = st.sampled_from(list(combinations(NAMES, 2)))
verdicts = st.lists(st.tuples(pairs, st.sampled_from(("same", "different", "unsure"))), max_size=12)


@given(verdicts)
def test_groups_part_the_names_and_hold_no_pair_judged_different(rows: list[tuple[tuple[str, str], str]]) -> None:
    judgements = judged(*((a, b, verdict) for (a, b), verdict in rows))
    found = resolve_judgements(judgements)
    latest = standing_verdicts(judgements)
    for name in NAMES:
        group = found.group(name)
        assert name in group
        assert found.of(name) == min(group, key=rank)
        assert all(found.group(other) == group for other in group)
        assert not any(latest.get(pair) == "different" for pair in combinations(sorted(group), 2))
    clashing = {name for item in found.contradictions for name in item.path}
    for (a, b), verdict in latest.items():
        if verdict == "same" and found.of(a) != found.of(b):
            assert clashing, f"{a} and {b} are judged the same and no contradiction says why they are not merged"
