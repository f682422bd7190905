"""Which judgement stands, and which identifiers part."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations

import pytest

from isthmus.claims.judging import StoredJudgement
from isthmus.entities import conflicting_identifiers, standing_judgements, standing_verdicts

RULE, LEI = "rule names/1", "identifier lei:506700GE1G29325QX363"
ONE_LEI, OTHER_LEI = "506700GE1G29325QX363", "5493001KJTIIGC8Y1R12"


def judged(*rows: tuple[str, ...]) -> list[StoredJudgement]:
    """Return judgements on a pair in this order: verdict, who, from, to."""
    found = []
    for number, row in enumerate(rows, 1):
        verdict, who, first, last = (*row, *[""] * (4 - len(row)))
        found.append(
            StoredJudgement(
                *(number, "a", "b", verdict, who, "because", datetime(2026, 1, 1), number),
                valid_from=first or None,
                valid_to=last or None,
            )
        )
    return found


def verdict(*rows: tuple[str, ...], as_of: str | None = None, second: bool = False) -> tuple[str | None, bool]:
    """Return the verdict in force and whether one awaits a second reviewer."""
    found = standing_judgements(judged(*rows), as_of=as_of, second_reviewer=second)
    decided = found.decided.get(("a", "b"))
    return (decided.verdict if decided else None), ("a", "b") in found.awaiting


@pytest.mark.parametrize("machine", [RULE, LEI])
def test_a_persons_judgement_stands_before_a_rules_in_any_order(machine: str) -> None:
    rows = [("same", machine), ("different", "ana"), ("same", machine)]
    for order in permutations(rows):
        assert verdict(*order) == ("different", False)


def test_among_equals_the_later_stands() -> None:
    assert verdict(("same", "ana"), ("different", "ben")) == ("different", False)
    assert verdict(("different", RULE), ("same", LEI)) == ("same", False)
    assert verdict(("same", LEI), ("unsure", RULE)) == ("unsure", False)


def test_undone_ones_count_for_nothing() -> None:
    first, second = judged(("same", RULE), ("different", "ana"))
    assert standing_verdicts([first, second._replace(undone=True)]) == {("a", "b"): "same"}


@pytest.mark.parametrize(
    ("day", "wanted"),
    [(None, "same"), ("2018-12-31", None), ("2019-06-30", "same"), ("2021-06-30", "same"), ("2022-01-01", None)],
)
def test_a_judgement_with_dates_counts_on_its_days(day: str | None, wanted: str | None) -> None:
    assert verdict(("same", "ana", "2019", "2021"), as_of=day) == (wanted, False)


def test_what_was_different_may_be_the_same_since() -> None:
    rows = (("different", "ana", "", "2018"), ("same", "ana", "2019"))
    assert verdict(*rows, as_of="2017-12-31") == ("different", False)
    assert verdict(*rows, as_of="2020-12-31") == ("same", False)
    assert verdict(*rows) == ("same", False)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([("same", "ana")], (None, True)),
        ([("same", "ana"), ("same", "ben")], ("same", False)),
        ([("same", "ana"), ("same", "ana")], (None, True)),
        ([("same", "ana"), ("same", " ANA ")], (None, True)),
        ([("same", RULE)], ("same", False)),
        ([("same", RULE), ("same", "ana")], ("same", True)),
        ([("different", RULE), ("same", "ana")], ("different", True)),
        ([("different", "ben"), ("same", "ana")], ("different", True)),
        ([("same", "ana"), ("same", "ben"), ("unsure", "ben")], ("unsure", False)),
        ([("same", "ana"), ("same", "ben"), ("unsure", "ben"), ("same", "cai")], ("same", False)),
        ([("same", "ben"), ("unsure", "ben"), ("same", "ana")], ("unsure", True)),
        ([("different", "ana")], ("different", False)),
        ([("unsure", "ana")], ("unsure", False)),
    ],
)
def test_a_persons_same_can_need_a_second_person(rows: list[tuple[str, ...]], wanted: tuple[str | None, bool]) -> None:
    assert verdict(*rows, second=True) == wanted


# -- identifiers --------------------------------------------------------------------------------------------------


def conflicts(*identifiers: tuple[str, str, str], group: str = "abc") -> list[tuple[str, str, str | None]]:
    return [(item.a, item.b, item.scheme) for item in conflicting_identifiers([tuple(group)], identifiers)]


def test_two_valid_identifiers_of_a_scheme_are_two_things() -> None:
    found = list(conflicting_identifiers([("a", "b", "c")], [("a", "lei", ONE_LEI), ("c", "lei", OTHER_LEI)]))
    assert [(item.a, item.b, item.scheme, item.values) for item in found] in (
        [("a", "c", "lei", (ONE_LEI, OTHER_LEI))],
        [("c", "a", "lei", (OTHER_LEI, ONE_LEI))],
    )
    assert found[0].path == ()


def test_one_identifier_in_two_spellings_is_one() -> None:
    assert conflicts(("a", "lei", ONE_LEI), ("b", "LEI", f" {ONE_LEI[:4].lower()} {ONE_LEI[4:]}")) == []


def test_identifiers_that_fail_their_check_part_nothing() -> None:
    assert conflicts(("a", "lei", ONE_LEI), ("b", "lei", OTHER_LEI[:-1] + "3")) == []


def test_schemes_that_give_a_thing_several_part_nothing() -> None:
    assert conflicts(("a", "isin", "US0378331005"), ("b", "isin", "US5949181045")) == []
    assert conflicts(("a", "no-such-scheme", "1"), ("b", "no-such-scheme", "2")) == []


def test_register_numbers_part_within_one_authority() -> None:
    one, other = ("a", "ra", "RA000585:01234567"), ("b", "ra", "RA000585:07654321")
    assert [scheme for *_, scheme in conflicts(one, other)] == ["ra"]
    assert conflicts(one, ("b", "ra", "RA000586:SC654321")) == []
    assert conflicts(one, ("b", "ra", "RA000585:1234567")) == []


def test_entities_of_two_groups_do_not_clash() -> None:
    rows = [("a", "lei", ONE_LEI), ("c", "lei", OTHER_LEI)]
    assert list(conflicting_identifiers([("a", "b"), ("c", "d")], rows)) == []


def test_one_who_has_both_clashes_with_nobody_who_has_one() -> None:
    both = [("b", "lei", ONE_LEI), ("b", "lei", OTHER_LEI)]
    assert conflicts(*both, ("a", "lei", ONE_LEI)) == []
    assert len(conflicts(*both, ("a", "lei", ONE_LEI), ("c", "lei", OTHER_LEI))) == 1


def test_many_holders_of_the_same_two_are_told_once() -> None:
    rows = [(name, "lei", ONE_LEI if name in "abc" else OTHER_LEI) for name in "abcxyz"]
    ((one, other, _),) = conflicts(*rows, group="abcxyz")
    assert {one, other} == {"a", "x"}
