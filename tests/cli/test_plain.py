"""Data made harmless, in words and in JSON."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.cli.json_text import json_text
from isthmus.cli.plain import harmless
from isthmus.cli.widths import allot

anything = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\nb\tc\r\nd", "a b c  d"),
        ("\x00\x07\x7f", "␀␇␡"),
        ("\x9b1A", "⟨U+009B⟩1A"),
        ("left\u202eright", "left⟨U+202E⟩right"),
        ("\u2066x\u2069\ufeff", "⟨U+2066⟩x⟨U+2069⟩⟨U+FEFF⟩"),
        ("סתם", "סתם"),
        ("华为 हिन्दी 👩\u200d🔧", "华为 हिन्दी 👩\u200d🔧"),
        ("half \ud800", "half ?"),
        ("[bold]", "[bold]"),
    ],
)
def test_what_steers_is_shown(given_text: str, shown: str) -> None:
    assert harmless(given_text) == shown


@given(anything)
@settings(max_examples=200)
def test_no_control_character_is_left(text: str) -> None:
    shown = harmless(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in shown)
    assert not any(
        unicodedata.bidirectional(character) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
        for character in shown
    )
    shown.encode("utf-8")


@given(anything)
@settings(max_examples=200)
def test_json_says_the_same_and_steers_nothing(text: str) -> None:
    for indented in (True, False):
        written = json_text({text: [text]}, indented)
        assert json.loads(written) == {text: [text]}
        assert not any(unicodedata.category(character) in ("Cs", "Zl", "Zp") for character in written)
        assert not any(unicodedata.category(character) == "Cc" and character != "\n" for character in written)
        written.encode("utf-8")


def test_json_has_no_numbers_that_are_none() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"low": float("inf")}, False)


columns = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), min_size=1, max_size=8)


@given(columns, st.integers(0, 200))
@settings(max_examples=300)
def test_columns_fit_and_get_what_they_want_where_there_is_room(pairs: list[tuple[int, int]], room: int) -> None:
    natural, least = [pair[0] for pair in pairs], [min(pair) for pair in pairs]
    widths = allot(natural, least, room)
    assert all(width <= want for width, want in zip(widths, natural, strict=True))
    if sum(natural) <= room:
        assert widths == natural
    elif sum(least) <= room:
        assert sum(widths) == room
        assert all(width >= small for width, small in zip(widths, least, strict=True))
    else:
        assert sum(widths) <= max(room, 6 * len(pairs))
