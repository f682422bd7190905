"""The check digits of many LEIs at once, held against the check of one."""

from __future__ import annotations

import pyarrow as arrow
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_97_10

from isthmus.identifiers import check
from isthmus.sources.gleif.lei import lei_faults

_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_STEMS = st.text(alphabet=_CAPITALS, min_size=18, max_size=18)
_VALID = _STEMS.map(lambda stem: stem + mod_97_10.calc_check_digits(stem))
_OTHERS = st.tuples(_STEMS, st.text(alphabet=_CAPITALS, min_size=2, max_size=2)).map("".join)


@given(st.lists(_VALID | _OTHERS | st.text(alphabet=_CAPITALS, max_size=22), max_size=20))
def test_every_text_is_judged_as_it_is_alone(texts: list[str]) -> None:
    judged = lei_faults(arrow.array(texts, arrow.string())).to_pylist()
    assert [fault is None for fault in judged] == [check("lei", text) is None for text in texts]


def test_faults_are_said_in_words_and_null_stays_null() -> None:
    texts = ["506700GE1G29325QX363", None, "506700GE1G29325QX364", "506700ge1g29325qx363", "é" * 10, "0" * 18 + "01"]
    valid, null, wrong, small, strange, never = lei_faults(arrow.chunked_array([texts[:2], texts[2:]])).to_pylist()
    assert valid is None
    assert null is None
    assert wrong == "“506700GE1G29325QX364” is no LEI: its check digits are 64 but the rest calls for 63"
    assert small == "“506700ge1g29325qx363” is no LEI: it is not in its canonical form"
    assert strange is not None and "20 letters and digits" in strange
    assert never is not None and "check digits are 01" in never


def test_no_texts_give_no_faults() -> None:
    assert lei_faults(arrow.array([], arrow.string())).to_pylist() == []
