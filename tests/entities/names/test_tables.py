"""The tables of names: their values are known, their keys are single, and names made of their words are read and matched."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.entities.matching import SAME, match_names
from isthmus.entities.names import read, read_name, romanise
from isthmus.entities.names.pieces import cut
from isthmus.entities.names.scripts import read_east
from isthmus.entities.names.tables import ROLES, legal_forms, lexicon, places, words
from isthmus.identifiers.tables import countries

FOLDER = files("isthmus").joinpath("data", "names")
LANGUAGES = sorted(
    item.name.removesuffix(".csv") for item in FOLDER.joinpath("lexicon").iterdir() if item.name.endswith(".csv")
)
KINDS = {
    *(
        "joint_stock",
        "private_limited",
        "corporation",
        "company",
        "partnership",
        "limited_partnership",
        "limited_liability_partnership",
    ),
    *(
        "composite_partnership",
        "cooperative",
        "foundation",
        "association",
        "state_enterprise",
        "sole_trader",
        "branch",
        "trust",
        "fund",
    ),
    "public_body",
}


def rows(*path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(FOLDER.joinpath(*path).read_text("utf-8").splitlines()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_lexicons(language: str) -> None:
    found = rows("lexicon", f"{language}.csv")
    terms = [row["term"] for row in found]
    assert len(set(terms)) == len(terms)
    assert {row["role"] for row in found} <= set(ROLES)
    assert all(row["latin"].isascii() and row["latin"] == row["latin"].lower() for row in found)


def test_legal_forms() -> None:
    found = rows("legal_forms.csv")
    assert {row["class"] for row in found} == KINDS
    codes = {code for row in found for code in row["jurisdictions"].split("|") if code}
    assert codes <= set(countries())
    assert len(codes) >= 60
    assert len(legal_forms()) > 1_500


def test_words_and_places() -> None:
    found = rows("words.csv")
    assert {row["role"] for row in found} <= set(ROLES)
    assert len({row["word"] for row in found}) == len(found) == len(words())
    assert {row["kind"] for row in rows("places.csv")} == {"country", "demonym", "region", "city", "wide"}
    assert {place.country.upper() for place in places().values() if place.country} <= set(countries())


@st.composite
def invented(draw: st.DrawFn) -> str:
    language = draw(st.sampled_from(LANGUAGES))
    blank = "" if language in ("zh", "ja", "ko", "th") else " "
    terms = sorted(lexicon(language))
    name = blank.join(draw(st.lists(st.sampled_from(terms), min_size=1, max_size=4)))
    form = draw(st.sampled_from(["", *sorted(legal_forms())[::97]]))
    return f"{name}{blank}{form}"


@settings(max_examples=150, deadline=None)
@given(invented(), invented())
def test_names_made_of_the_tables_are_matched_alike_from_both_sides(a: str, b: str) -> None:
    assert match_names(a, b).score == pytest.approx(match_names(b, a).score, abs=1e-9)


KEPT = (
    romanise._pinyin,
    romanise._table,
    romanise._converter,
    romanise.simplify,
    romanise.read_han,
    romanise.read_other,
)


def test_without_the_extra_names_lexicons_still_serve_and_a_match_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    caches = (*KEPT, read_name, cut, read_east)
    monkeypatch.setattr(romanise, "_optional", lambda module, name: None)
    monkeypatch.setattr(read, "available", lambda: False)
    for kept in caches:
        kept.cache_clear()
    try:
        assert romanise.read_han("测试") == ()
        assert romanise.read_other("тест") == ""
        found = match_names("腾讯", "Tencent")
        assert found.verdict == SAME
        assert read.UNREAD in [reason.note for reason in found.reasons]
    finally:
        for kept in caches:
            kept.cache_clear()
