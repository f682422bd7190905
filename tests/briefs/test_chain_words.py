"""The words and letters of the drawing of a chain."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isthmus.briefs.chain.words import ends_before, percent
from isthmus.briefs.svg.lettering import fit_for_xml, text_width, wrap_text
from tests.control_findings import Body, share


@pytest.mark.parametrize(
    ("when", "day", "over"),
    [
        ("until 2019", "2020-01-01", True),
        ("from 2012 until 2019", "2019-06-01", False),
        ("from 2012 until 2019-05", "2019-06-01", True),
        ("until 2019-06-01", "2019-06-01", False),
        ("until before 2019-06", "2019-07", True),
        ("in 2018", "2019", True),
        ("from 2012", "2019", False),
        ("seen 2012", "2019", False),
        ("until 2019", "", False),
    ],
)
def test_what_has_ended(when: str, day: str, over: bool) -> None:
    assert ends_before(when, day) is over


@given(st.text(max_size=80), st.floats(60, 300), st.booleans())
def test_wrapped_text_is_whole_and_fits(text: str, width: float, bold: bool) -> None:
    fit = fit_for_xml(text)
    wrapped = wrap_text(fit, 12, width, bold=bold)
    assert "".join(wrapped).replace(" ", "") == fit.replace(" ", "")
    assert all(text_width(line, 12, bold=bold) <= width for line in wrapped)
    ET.fromstring(f"<a>{fit.replace('&', '').replace('<', '')}</a>")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, ""),
        (share(0, 1), ""),
        (share(0.6), "60 %"),
        (share(0.51, 0.6), "51-60 %"),
        (share(0.5, 1, over=True), "more than 50 %"),
        (share(0, 0.45), "at most 45 %"),
        (share(1), "100 %"),
        (share(0), "0 %"),
        ({"low": 0.15, "high": 0.15, "approx": True}, "about 15 %"),
        (share(0, 1, under=True), "under 100 %"),
        (share(0, 1, over=True, under=True), "a part"),
    ],
)
def test_shares_have_both_ends(body: Body | None, said: str) -> None:
    assert percent(body) == said
