"""How doubt is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.cli.doubt import bar, gap_text, place, short_links, voices
from isthmus.cli.views.tally import figure
from isthmus.cli.views.timeline import dated, merged
from isthmus.cli.views.vocabulary import example


@pytest.mark.parametrize(
    ("low", "high", "drawn"),
    [
        (0.5, 0.5, "█████     "),
        (1, 1, "██████████"),
        (0, 0, "          "),
        (0.01, 0.01, "▏         "),
        (0.3, 0.6, "███░░░    "),
        (None, 0.2, "░░        "),
        (0.3, None, "███░░░░░░░"),
        (0.02, None, "▏░░░░░░░░░"),
        (None, None, "░" * 10),
        (None, 0.01, "░         "),
        (0.5, 2.0, "█████░░░░░"),
    ],
)
def test_bars(low: float | None, high: float | None, drawn: str) -> None:
    assert bar(low, high, 10).plain == drawn


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 40))
def test_a_bar_is_as_wide_as_it_is_and_wider_doubt_is_never_drawn_smaller(one: float, two: float, width: int) -> None:
    low, high = sorted((one, two))
    drawn = bar(low, high, width).plain
    assert len(drawn) == width
    assert drawn.rstrip().count("█") <= bar(high, high, width).plain.count("█")
    assert len(drawn.rstrip()) >= len(bar(low, low, width).plain.rstrip())


def number(low: float | None, high: float | None) -> dict[str, Any]:
    return {
        "low": low,
        "high": high,
        "open_low": False,
        "open_high": False,
        "approx": False,
        "unit": "posts",
        "hedge": None,
    }


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        ({"kind": "unnamed", "n": 6, "what": "six of eight"}, "▢▢▢▢▢▢ six of eight"),
        ({"kind": "unnamed", "n": 7000, "what": "shops"}, "▢×7,000 shops"),
        ({"kind": "unnamed", "n": None, "what": "some"}, "▢ some"),
        ({"kind": "unnamed", "n": number(2, 3), "what": "posts"}, "▢▢▢ posts"),
        ({"kind": "unnamed", "n": number(100, 190), "what": "posts"}, "▢ posts"),
        ({"kind": "withheld", "n": 1, "what": "owner"}, "▢ owner [withheld]"),
        (
            {"kind": "searched", "n": None, "what": "x was not found", "where": "atlas", "when": "2021"},
            "⊘ x was not found (in atlas on 2021)",
        ),
    ],
)
def test_gaps(gap: dict[str, Any], text: str) -> None:
    assert gap_text(gap).plain == text


def test_voices_that_share_a_work_are_one() -> None:
    one, two = {"source": "a", "origin": ["x", "y"]}, {"source": "b", "origin": ["y"]}
    assert voices([]) == 0
    assert voices([one, two]) == 1
    assert voices([one, {"source": "a"}, {"source": "b"}]) == 3
    joining = {"source": "c", "origin": ["p", "q"]}
    assert voices([{"source": "p"}, {"source": "q"}, joining]) == 1


def test_places_name_source_place_and_works_cited() -> None:
    assert place("atlas", ["p. 4"]) == "atlas, p. 4"
    assert place("atlas", ["p. 4", "p. 4", "p. 5"], ["minutes"]) == "atlas, p. 4; p. 5, citing minutes"
    assert place("atlas", ["1", "2", "3"], ["a", "b", "c"]) == "atlas, 1; 2 and 1 more place, citing 3 works"
    assert place("atlas", [""], ["atlas"]) == "atlas"


@pytest.mark.parametrize(
    ("link", "short"),
    [
        ("row 2, https://example.org/a/b/report-2026.pdf", "row 2, example.org/…/report-2026.pdf"),
        ("https://example.org/x", "https://example.org/x"),
        ("https://archive.example/web/2024/https://example.org/deep/path/page/", "example.org/…/page"),
        ("https://[broken/" + "x" * 40, "https://[broken/" + "x" * 40),
        ("no link", "no link"),
    ],
)
def test_links_are_cut_to_host_and_last_part(link: str, short: str) -> None:
    assert short_links(link) == short


@pytest.mark.parametrize(
    ("words", "unit", "shown"),
    [
        ("34 posts", "posts", "34"),
        ("1 post", "posts", "1"),
        ("at least 1 body", "bodies", "at least 1"),
        ("between 3 and 5 t", "t", "between 3 and 5"),
        ("33.3 %", "share", "33.3 %"),
        ("not known", "posts", "not known"),
        ("nearly 156 bn USD", "USD", "nearly 156 bn"),
    ],
)
def test_a_unit_in_the_head_is_not_repeated(words: str, unit: str, shown: str) -> None:
    assert figure(words, unit) == shown


def test_what_begins_and_ends_on_one_date_is_one_entry() -> None:
    def row(date: str, edge: str, claim: str) -> dict[str, Any]:
        return {"date": date, "edge": edge, "claims": [claim]}

    rows = [row("2019", "begins", "a"), row("2019", "ends", "a"), row("2019", "begins", "b"), row("2020", "ends", "b")]
    assert [(item["date"], item["edge"]) for item in merged(rows)] == [
        ("2019", "in"),
        ("2019", "begins"),
        ("2020", "ends"),
    ]


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2020", "2020"),
        ("<=2020", "by 2020"),
        (">=2020-03", "from 2020-03"),
        ("<2020", "before 2020"),
        (">2020", "after 2020"),
        ("~2020", "about 2020"),
    ],
)
def test_marks_of_dates_are_said(date: str, words: str) -> None:
    assert dated(date) == words


def test_a_sentence_is_filled_with_invented_names() -> None:
    assert example("{subject} supplies {item} to {object}") == "Northgate supplies [item] to Kelda Station"
