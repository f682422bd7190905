"""Searching large lists: what is found, what is always kept, and that nothing depends on size or order."""

from __future__ import annotations

import pytest

from benchmarks.register import registers
from isthmus.entities.matching import Subject, match
from isthmus.entities.matching import search as search_module
from isthmus.entities.matching.search import find_matches

NAMES = [
    "Huawei Technologies Co., Ltd.",
    "ZTE Corporation",
    "China Mobile Communications Group",
    "Deutsche Telekom AG",
    "Deutsche Post AG",
    "Exxon Mobil Corporation",
    "China Academy of Information and Communications Technology",
]


def found(name: str) -> list[str]:
    (matches,) = find_matches([Subject((name,))], [Subject((other,)) for other in NAMES])
    return [NAMES[number] for number, _ in matches]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("华为技术有限公司", NAMES[0]),
        ("中国移动通信集团", NAMES[2]),
        ("Deutsche Telekom Aktiengesellschaft", NAMES[3]),
        ("Exxor Mobil Corp.", NAMES[5]),
        ("CAICT", NAMES[6]),
    ],
)
def test_candidates_are_found_by_meaning_sound_slip_and_initials(name: str, first: str) -> None:
    assert found(name)[0] == first


def test_a_name_that_nothing_answers_has_no_match() -> None:
    assert found("Nippon Steel Corporation") == []


def test_a_shared_identifier_is_always_found() -> None:
    lei = frozenset({("lei", "W38RGI023J3WT1HWRP32")})
    other = frozenset({("lei", "529900T8BM49AURSDO55")})
    query = Subject(("Northgate Telecom",), identifiers=lei)
    against = [Subject(("Quite Another Ltd",), identifiers=lei), Subject(("Northgate Telecom",), identifiers=other)]
    assert [number for number, _ in find_matches([query], against)[0]] == [0]


def test_a_list_among_itself_gives_each_pair_once() -> None:
    subjects = [Subject((name,)) for name in ("Acme Steel Ltd", "Acme Steel Limited", "Other Firm", "ACME STEEL LTD.")]
    pairs = {(one, two) for one, matches in enumerate(find_matches(subjects, None)) for two, _ in matches}
    assert pairs == {(0, 1), (0, 3), (1, 3)}


def test_empty_lists() -> None:
    assert find_matches([], []) == []
    assert find_matches([Subject(("Acme",))], []) == [[]]


def test_workers_and_one_process_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = registers(300, 600, 0.5, 3)
    one, two = ([Subject((name,)) for name in table["name"].to_pylist()] for table in (a, b))
    alone = find_matches(one, two)
    monkeypatch.setattr(search_module, "_FORK_FROM", 100)
    assert find_matches(one, two) == alone


def test_the_search_finds_nearly_all_that_comparing_everything_finds() -> None:
    a, b = registers(150, 300, 0.6, 5)
    one, two = ([Subject((name,)) for name in table["name"].to_pylist()] for table in (a, b))
    whole = {(i, j) for i, x in enumerate(one) for j, y in enumerate(two) if match(x, y).score >= 0.9}
    hits = {(i, j) for i, matches in enumerate(find_matches(one, two, limit=20)) for j, _ in matches}
    assert len(whole & hits) >= 0.97 * len(whole)
