"""Marks, footnotes and words of doubt."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from isthmus.briefs.footnotes import Footnotes, Note, count_words, quote_hedges, split_command, underline_hedges
from isthmus.quantities import Quantity


def notes(*ids: str) -> Footnotes:
    return Footnotes({claim: Note(claim, f"words of {claim}", "S & Co", "line 1") for claim in ids})


def test_claims_are_numbered_as_they_come() -> None:
    footnotes = notes("a", "b", "c")
    first, again = footnotes.mark(["c", "a"]), footnotes.mark(["a", "b"])
    assert re.findall(r'href="#n(\d)"', first) == ["1", "2"]
    assert re.findall(r'href="#n(\d)"', again) == ["2", "3"]
    assert [note.claim for note in footnotes.cited] == ["c", "a", "b"]
    # The way back leads to the first mention, and to no other.
    assert re.findall(r'id="m(\d)"', first + again) == ["1", "2", "3"]
    assert 'aria-label="claim 1: S &amp; Co"' in first


def test_what_has_no_note_is_counted() -> None:
    footnotes = notes(*"abcdef")
    assert ">+3<" in footnotes.mark([*"abcdef", "zz"])
    assert len(footnotes.cited) == 4
    assert ">+2<" in notes().mark(["x", "y"])
    assert footnotes.mark([]) == ""


@pytest.mark.parametrize(
    ("text", "hedges", "expected"),
    [
        ("South Korea holds under 20.", ["under 20"], 'South Korea holds <span class="hedge">under 20</span>.'),
        ("Reportedly so.", ["reportedly"], '<span class="hedge">Reportedly</span> so.'),
        ("It ran.", ["said to"], 'It ran. <span class="hedge">“said to”</span>'),
        ("a < b, about 5", ["about"], 'a &lt; b, <span class="hedge">about</span> 5'),
        ("over a dozen", ["over", "over a dozen"], '<span class="hedge">over a dozen</span>'),
        ("plain", [""], "plain"),
        ("plain", [], "plain"),
    ],
)
def test_hedges_are_underlined_where_they_stand(text: str, hedges: list[str], expected: str) -> None:
    assert underline_hedges(text, hedges) == expected


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=6), max_size=3))
def test_hedges_change_no_word_of_the_text(text: str, hedges: list[str]) -> None:
    marked = underline_hedges(text, hedges, tail=False)
    assert re.sub('</?span(?: class="hedge")?>', "", marked) == escape(text)


def test_hedges_are_quoted() -> None:
    assert quote_hedges(["a", "", "<b>"]) == '<span class="hedge">“a”</span>, <span class="hedge">“&lt;b&gt;”</span>'


@given(st.text(alphabet="ab-\"'< é", max_size=80))
def test_a_command_keeps_its_characters(command: str) -> None:
    assert re.sub('</?span(?: class="word")?>', "", split_command(command)) == escape(command)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (None, ""),
        (6, "6"),
        (1_066, "1,066"),
        (Quantity.between(172, 191, "posts"), "172–191"),
        (Quantity.less_than(20, "posts"), "under 20"),
        (Quantity.exactly(4, "posts"), "4"),
        (Quantity.at_least(12), "at least 12"),
    ],
)
def test_counts_are_said_short(number: Quantity | int | None, said: str) -> None:
    assert count_words(number) == said
