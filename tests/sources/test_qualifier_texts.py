"""Texts of a source as qualifiers can hold them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from isthmus.sources.qualifier_texts import qualifier_text


def test_text_is_on_one_line_and_begins_like_no_entity() -> None:
    assert qualifier_text(" @a;\n b\x00c ") == "a, b c"
    assert qualifier_text("@ ") is None
    assert qualifier_text("") is None


@given(st.text())
def test_any_text_fits_into_a_qualifier_and_stays_as_it_is_then(text: str) -> None:
    found = qualifier_text(text)
    if found is not None:
        assert not re.search(r"[;\x00-\x1f\x7f]", found)
        assert not found.startswith("@")
        assert found == found.strip()
        assert qualifier_text(found) == found
