"""The bench holds a scenario so that an address, a file and a form say the same, whatever the names in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.errors import ArgumentError, FormatError
from isthmus.service.bench import MOST, bench_of, benches_of
from isthmus.service.bench_forms import FORMS, change_line
from isthmus.service.pages.course_drawing import BOTTOM, TOP, drawing
from isthmus.service.scenario_words import left_words

NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() == text and " ".join(text.split()) == text)
SHARES = st.integers(0, 100).map(lambda number: f"{number}%")
MONTHS = st.integers(0, 120).map(str)


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    kind = draw(st.sampled_from(list(FORMS)))
    must, may = FORMS[kind]
    fields = {}
    for name in (*must, *(one for one in may if draw(st.booleans()))):
        strategy = SHARES if name in ("left", "share") else MONTHS if name in ("after", "months") else NAMES
        fields[name] = draw(strategy)
    return kind, fields


@given(st.lists(changes(), min_size=1, max_size=4), st.lists(NAMES, max_size=2))
def test_what_forms_bring_is_in_the_file_and_comes_back_from_it(
    given_changes: list[tuple[str, dict[str, str]]], ask: list[str]
) -> None:
    lines = [change_line(kind, fields) for kind, fields in given_changes]
    bench = bench_of(lines, ask=ask, head={"title": "A title", "horizon": "3 years"}, strength="all")
    scenario = bench.scenario()
    assert [change.kind for change in scenario.changes] == [kind for kind, _ in given_changes]
    for change, (_, fields) in zip(scenario.changes, given_changes, strict=True):
        assert set(change.names.values()) <= set(fields.values())
        if "share" in fields:
            assert change.share == (float(fields["share"][:-1]) / 100,) * 2
    assert (scenario.title, scenario.horizon, scenario.baseline.strength) == ("A title", 36, "all")
    assert [text for text, _ in scenario.ask] == list(bench.ask)
    assert benches_of(bench.text(), "file") == [bench] == benches_of(bench.line(), "line")


@pytest.mark.parametrize(
    ("text", "ends"), [("30 to 50 %", (0.3, 0.5)), ("30-50%", (0.3, 0.5)), ("0.2", (0.2, 0.2)), ("7 %", (0.07, 0.07))]
)
def test_a_share_is_read_as_people_write_it(text: str, ends: tuple[float, float]) -> None:
    line = change_line("restrict_export", {"of": "a", "from": "b", "left": text})
    assert bench_of([line]).scenario().changes[0].left == pytest.approx(ends)


def test_too_many_changes_and_what_is_no_change_are_refused() -> None:
    with pytest.raises(ArgumentError, match="more than the"):
        bench_of(["fail: a"] * (MOST + 1))
    for line in ("explode: a", "fail: [a, b]", "{no", "fail: a\n---\nfail: b", "- fail: a\n- fail: b"):
        with pytest.raises(FormatError):
            bench_of([line]).scenario()


def test_the_steps_of_a_drawing_lie_where_the_months_and_levels_are() -> None:
    def left(low: float, high: float) -> dict[str, float]:
        return {"low": low, "high": high}

    rows: list[dict[str, Any]] = [
        {"caption": "a", "course": [{"month": 0.0, "left": left(0, 0)}]},
        {"caption": "b", "course": [{"month": 0.0, "left": left(0, 0)}]},
        {"caption": "c", "course": [{"month": 6.0, "left": left(0.25, 0.5)}, {"month": 12.0, "left": left(1, 1)}]},
        {"caption": "d", "course": []},
    ]
    found = drawing(rows)
    assert found is not None
    first, second = found["lines"]
    assert (first["caption"], first["more"], first["band"]) == ("a", 1, None)
    assert first["low"].endswith(f"V{BOTTOM}H{found['right']}")
    half = BOTTOM - (BOTTOM - TOP) / 2
    assert f"V{half}" in second["high"] and f"V{BOTTOM - (BOTTOM - TOP) / 4}" in second["low"]
    assert second["high"].endswith(f"V{TOP}H{found['right']}") and second["band"].endswith("Z")
    assert [words for _, words in found["ticks"]] == ["0", "6", "12"]
    assert abs(first["y"] - second["y"]) > 12
    assert drawing([{"caption": "d"}]) is None


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 0, "nothing"),
        (0, 1, "0 to 100 %"),
        (0.3, 0.3, "30 %"),
        (0.3, 0.72, "30 to 72 %"),
        (0.0004, 0.5, "under 0.1 to 50 %"),
        (0.5, None, "50 to 100 %"),
    ],
)
def test_what_is_left_is_said_with_both_ends(low: float, high: float | None, words: str) -> None:
    assert left_words({"low": low, "high": high}) == words
