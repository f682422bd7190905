"""Likeness of single words: hand-checked vectors and properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.entities.matching.alike import heard_alike, prefixed, shortened, spelled_alike

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("exxon", "exxor"),
        ("gazprom", "gasprom"),
        ("schwarz", "schwartz"),
        ("chevron", "chevon"),
        ("crystalord", "cristalord"),
    ],
)
def test_slips(a: str, b: str) -> None:
    assert 0.6 <= spelled_alike(a, b) < 1


@pytest.mark.parametrize(
    ("a", "b"), [("lxc", "lau"), ("blinq", "bailey"), ("pudney", "puccini"), ("zte", "ztesoft"), ("a1", "a2")]
)
def test_no_slips(a: str, b: str) -> None:
    assert spelled_alike(a, b) == 0


@pytest.mark.parametrize(
    ("native", "latin"),
    [("rostelekom", "rostelecom"), ("tellekom", "telecom"), ("mwbyly", "mobily"), ("kntenr", "container")],
)
def test_sounds_across_scripts(native: str, latin: str) -> None:
    assert heard_alike(native, latin) >= 0.72


@pytest.mark.parametrize(("a", "b"), [("belden", "proton"), ("motorola", "nitel"), ("huawei", "hitachi")])
def test_other_sounds(a: str, b: str) -> None:
    assert heard_alike(a, b) < 0.72


def test_cut_words() -> None:
    assert shortened("comm", "communications")
    assert not shortened("co", "communications")
    assert prefixed("connection", "interconnection")
    assert not prefixed("port", "airport")


@given(WORDS, WORDS)
def test_likeness_is_symmetric_and_bounded(a: str, b: str) -> None:
    for measure in (spelled_alike, heard_alike):
        assert measure(a, b) == measure(b, a)
        assert 0 <= measure(a, b) <= 1
        assert measure(a, a) == 1
