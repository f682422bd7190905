"""The labelled pairs of names are whole, balanced, and hold nothing of the lists that may not be copied."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import name_pairs
from benchmarks.name_pairs import DIGESTS, OPEN, RESTRICTED, Pair, load, load_pairs

SCRIPTS = {
    "CJK": "Han",
    "HIRAGANA": "Kana",
    "KATAKANA": "Kana",
    "HANGUL": "Hangul",
    "LATIN": "Latin",
    "CYRILLIC": "Cyrillic",
    "ARABIC": "Arabic",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "DEVANAGARI": "Devanagari",
    "THAI": "Thai",
    "GEORGIAN": "Georgian",
    "ARMENIAN": "Armenian",
}


def scripts(name: str) -> set[str]:
    words = (unicodedata.name(char, "").split(" ")[0] for char in name if char.isalpha())
    return {SCRIPTS[word] for word in words if word in SCRIPTS}


def fold(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return load_pairs(None)


def check(pairs: list[Pair]) -> None:
    """Assert what holds with and without the restricted lists."""
    assert len({pair.id for pair in pairs}) == len(pairs)
    seen = Counter(frozenset((pair.name1, pair.name2)) for pair in pairs)
    assert not [names for names, times in seen.items() if times > 1 or len(names) < 2], "a pair twice, or of one name"
    cross = [pair for pair in pairs if pair.cross_script]
    assert 3 * len(cross) > len(pairs)
    for part in (pairs, cross, [pair for pair in pairs if not pair.cross_script]):
        assert 0.4 <= sum(pair.is_match for pair in part) / len(part) <= 0.7
    wrong = [pair.id for pair in pairs if pair.cross_script != (scripts(pair.name1) != scripts(pair.name2))]
    assert not wrong, f"cross_script does not agree with the letters: {wrong}"
    groups: dict[str, str] = {}
    for pair in pairs:
        for name in (pair.name1, pair.name2):
            assert groups.setdefault(fold(name), pair.group) == pair.group, f"{pair.id}: a name in two groups"
        assert pair.kind, pair.id
        assert pair.why, pair.id


def test_the_open_pairs_are_enough_alone(pairs: list[Pair]) -> None:
    assert len(pairs) >= 800
    assert not any(pair.restricted for pair in pairs)
    check(pairs)


def test_every_script_is_there(pairs: list[Pair]) -> None:
    held = Counter(script for pair in pairs for script in scripts(pair.name1) | scripts(pair.name2))
    assert set(held) == set(SCRIPTS.values())
    assert not unicodedata_slips(pairs)


def unicodedata_slips(pairs: list[Pair]) -> list[str]:
    """Return the ids of pairs with a word of Latin and Cyrillic or Greek letters, or with letters not composed."""
    return [
        pair.id
        for pair in pairs
        for name in (pair.name1, pair.name2)
        if not unicodedata.is_normalized("NFC", name)
        or any(len(scripts(word) & {"Latin", "Cyrillic", "Greek"}) > 1 for word in name.split())
    ]


def test_pairs_of_absent_lists_are_counted(pairs: list[Pair], tmp_path: Path) -> None:
    with RESTRICTED.open(encoding="utf-8", newline="") as file:
        rows = sum(1 for _ in csv.DictReader(file))
    assert load(None).left_out == {"list absent": rows}
    assert load(tmp_path).left_out == {"list absent": rows}


def test_another_edition_of_a_list_is_not_read(tmp_path: Path) -> None:
    for name in DIGESTS:
        path = tmp_path / "data" / "restricted" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("name,alias\nA,B\n", encoding="utf-8")
    assert set(load(tmp_path).left_out) == {"another edition of the list"}


def test_other_columns_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "name_pairs.csv"
    path.write_text("id,name1\n1,A\n", encoding="utf-8")
    monkeypatch.setattr(name_pairs, "OPEN", path)
    with pytest.raises(ValueError, match=r"name_pairs\.csv: the columns are"):
        load(None)


def test_no_restricted_name_is_in_the_repository() -> None:
    for path in (OPEN, RESTRICTED):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for which in "12":
                    points = "#" in row[f"source{which}"]
                    assert points == (not row[f"name{which}"]), f"{row['id']}: a name and a place of it, or neither"
                    assert not points or path == RESTRICTED, row["id"]


def test_all_pairs_can_be_read(shared: Path) -> None:
    loaded = load(shared)
    assert not loaded.left_out
    assert sum(pair.restricted for pair in loaded.pairs) >= 250
    check(loaded.pairs)
