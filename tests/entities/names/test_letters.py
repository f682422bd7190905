"""Letters: folding, what is invisible, and what only looks like a letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.entities.names.letters import INVISIBLE, LOOK_ALIKE, fold_letters, read_letters


@pytest.mark.parametrize(
    ("given_text", "folded"),
    [
        ("Crédit Agricole", "credit agricole"),
        ("ÅNGSTRÖM Ølgod Łódź Straße", "angstrom olgod lodz strasse"),
        ("ＮＴＴ株式会社", "ntt株式会社"),
        ("Российский", "российский"),  # й keeps its breve: it is a letter of its own
        ("Звёздочка", "звездочка"),
        ("ΔΕΗ Α.Ε.", "δεη α.ε."),
        ("Ελληνικά", "ελληνικα"),
    ],
)
def test_letters_are_folded_by_script(given_text: str, folded: str) -> None:
    assert read_letters(given_text).text == folded


def test_look_alikes_are_told_and_read_as_what_they_look_like() -> None:
    found = read_letters("\u0421isco Systems")  # a Cyrillic С
    assert found.text == "cisco systems"
    assert found.notes == (LOOK_ALIKE,)


def test_a_cyrillic_word_is_no_look_alike() -> None:
    assert read_letters("ОАО Газпром").notes == ()
    assert read_letters("МТС Group").notes == ()


@pytest.mark.parametrize("char", ["\u200b", "\u200f", "\u202e", "\ufeff", "\u00ad", "\u2066"])
def test_invisible_characters_are_left_out_and_told(char: str) -> None:
    found = read_letters(f"Hua{char}wei")
    assert found.text == "huawei"
    assert INVISIBLE in found.notes


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    once = fold_letters(text)
    assert fold_letters(once) == once
