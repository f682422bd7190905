from __future__ import annotations

import time
from datetime import datetime
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from isthmus.claims.reader import StoredJudgement
from isthmus.entities import resolve_judgements, standing_judgements, standing_verdicts, state_of
from isthmus.entities.judgements import rank
from isthmus.kernels.between import edges_between
from isthmus.kernels.components import components

RULE = "rule names/1"
ONE_LEI, OTHER_LEI = "506700GE1G29325QX363", "5493001KJTIIGC8Y1R12"
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


def chain(names: str, *more: tuple[str, str, str], who: str = "tester") -> list[StoredJudgement]:
    """Return judgements that each name is the same as the next, and others after them."""
    links = judged(*((a, b, "same") for a, b in pairwise(names)))
    return [*(item._replace(who=who) for item in links), *judged(*more)]


def groups(judgements: list[StoredJudgement], *identifiers: tuple[str, str, str]) -> set[str]:
    return {"".join(members) for members in resolve_judgements(judgements, identifiers).members.values()}


def test_what_hangs_on_the_way_stays_merged() -> None:
    assert groups(chain("xabcy", ("a", "c", "different"))) == {"ax", "cy"}
    assert groups([*chain("abc", ("a", "c", "different")), *chain("bpq")]) == {"bpq"}


def test_every_way_between_the_two_waits() -> None:
    ring = [*chain("abcd"), *chain("ad"), *chain("dx")]
    found = resolve_judgements([*ring, *judged(("a", "c", "different"))])
    assert found.waiting == {("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")}
    assert set(found.members) == {"d"}
    assert found.members["d"] == ("d", "x")


def test_where_a_rules_link_is_the_weak_one_persons_merges_stay() -> None:
    different = ("a", "d", "different")
    judgements = [*chain("ab"), *chain("bc", who=RULE), *chain("cd", different)]
    assert groups(judgements) == {"ab", "cd"}
    (told,) = resolve_judgements(judgements).contradictions
    assert told.path == ("a", "b", "c", "d")
    assert [step.who for step in told.steps] == ["tester", RULE, "tester"]
    assert told.judged is not None
    assert told.judged.verdict == "different"


def test_where_persons_alone_contradict_one_another_their_merges_wait() -> None:
    judgements = [*chain("abc", ("a", "c", "different")), *chain("ac", who=RULE), *chain("adc", who=RULE)]
    assert groups(judgements) == set()
    assert resolve_judgements(judgements).contradictions[0].path == ("a", "b", "c")


def test_a_rules_different_makes_persons_merges_wait_too() -> None:
    told = chain("abc") + [item._replace(who=RULE) for item in judged(("a", "c", "different"))]
    assert groups(told) == set()
    assert groups([*told, *judged(("a", "c", "same"))]) == {"abc"}


def test_a_contradiction_goes_when_any_link_of_it_is_undone() -> None:
    told = chain("abc", ("a", "c", "different"))
    for number in range(3):
        kept = [item._replace(undone=place == number) for place, item in enumerate(told)]
        assert resolve_judgements(kept).contradictions == ()


def test_contradictions_about_an_entity_are_those_of_its_links() -> None:
    found = resolve_judgements([*chain("xabc", ("a", "c", "different")), *chain("pqr", ("p", "r", "different"))])
    assert [item.a for item in found.contradictions] == ["a", "p"]
    assert [item.a for item in found.contradictions_about("x")] == ["a"]
    assert [item.a for item in found.contradictions_about("q", "z")] == ["p"]
    assert found.contradictions_about("z") == ()


def test_two_identifiers_part_what_judgements_join() -> None:
    leis = [("a", "lei", ONE_LEI), ("c", "lei", OTHER_LEI)]
    assert groups(chain("xabc"), *leis) == {"ax"}
    (told,) = resolve_judgements(chain("xabc"), leis).contradictions
    assert (told.path, told.scheme, told.judged) == (("a", "b", "c"), "lei", None)
    assert groups(chain("xabc"), leis[0]) == {"abcx"}
    assert groups(chain("ac"), *leis) == set()


def test_every_holder_of_one_is_parted_from_every_holder_of_the_other() -> None:
    leis = [*((name, "lei", ONE_LEI) for name in "ab"), *((name, "lei", OTHER_LEI) for name in "de")]
    found = resolve_judgements(chain("abcde", who=RULE), leis)
    assert {"".join(members) for members in found.members.values()} == set()
    assert len(found.contradictions) == 1
    assert found.contradictions[0].path == ("b", "c", "d")


def test_the_state_of_a_judgement_is_said() -> None:
    told = chain("xabc", ("a", "c", "different"), ("x", "b", "unsure"))
    older = judged(("a", "x", "unsure"))[0]
    standing = standing_judgements([older, *told])
    found = resolve_judgements(standing)
    states = [state_of(item, standing, found) for item in [older, *told, told[0]._replace(undone=True)]]
    blocked = "blocked by a contradiction"
    assert states == ["not in force", "in force", blocked, blocked, "in force", "in force", "not in force"]


def test_a_large_group_is_resolved_quickly() -> None:
    star = [(f"n{number:05}", "hub", "same") for number in range(5_000)]
    apart = [(f"n{number:05}", f"n{number + 1:05}", "different") for number in range(0, 400, 2)]
    begun = time.perf_counter()
    found = resolve_judgements(judged(*star, *apart))
    assert time.perf_counter() - begun < 5
    assert len(found.contradictions) == 200
    assert len(found.group("hub")) == 5_001 - 400


pairs = st.sampled_from(list(combinations(NAMES, 2)))
verdicts = st.lists(st.tuples(pairs, st.sampled_from(("same", "different", "unsure"))), max_size=12)
people = st.lists(
    st.tuples(pairs, st.sampled_from(("same", "same", "different", "unsure")), st.sampled_from(("ana", "ben", RULE))),
    max_size=14,
)


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


@given(people)
def test_no_less_is_merged_than_must_be(rows: list[tuple[tuple[str, str], str, str]]) -> None:
    """Each merge that waits lies on a path between two that are apart, and of the strong merges none waits for a weak one."""
    told = [judged((a, b, verdict))[0]._replace(who=who) for (a, b), verdict, who in rows]
    standing = standing_judgements(told)
    found = resolve_judgements(standing)
    same = [pair for pair, item in standing.decided.items() if item.verdict == "same"]
    between = edges_between(same, [(item.a, item.b) for item in found.contradictions])
    assert found.waiting <= between
    of_people = [pair for pair in same if standing.decided[pair].who != RULE]
    for a, _ in found.waiting & set(of_people):
        joined = {name: group[0] for group in components(of_people) for name in group}
        assert any(joined.get(item.a) == joined.get(item.b) == joined[a] for item in found.contradictions)
    for pair in same:
        assert (found.of(pair[0]) == found.of(pair[1])) or pair in found.waiting


@given(people)
def test_names_in_another_order_resolve_alike(rows: list[tuple[tuple[str, str], str, str]]) -> None:
    told = [judged((a, b, verdict))[0]._replace(who=who) for (a, b), verdict, who in rows]
    turned = [item._replace(a=item.b, b=item.a) for item in told]
    one, other = resolve_judgements(told), resolve_judgements(turned)
    assert (one.canonical, one.members, one.waiting) == (other.canonical, other.members, other.waiting)
    assert [item.path for item in one.contradictions] == [item.path for item in other.contradictions]
