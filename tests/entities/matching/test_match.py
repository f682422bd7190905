"""Matching: the table of what today's tools get wrong, vetoes, circumstances and bad input."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.entities.matching import DIFFERENT, POSSIBLE, SAME, Subject, load_model, match, match_names
from isthmus.entities.matching.features import FEATURES, SIGNS
from isthmus.errors import ArgumentError

CROSS_SCRIPT = [
    ("华为技术有限公司", "Huawei Technologies Co., Ltd."),
    ("北京字节跳动科技有限公司", "Beijing ByteDance Technology Co., Ltd."),
    ("中国移动通信集团", "China Mobile Communications Group"),
    ("삼성전자", "Samsung Electronics"),
    ("شركة الاتصالات السعودية", "Saudi Telecom Company"),
    ("NTT株式会社", "NTT, Inc."),
    ("ПАО Ростелеком", "Rostelecom PJSC"),
    ('ООО "РОСТЕЛЕКОМ"', "Rostelecom LLC"),
]


@pytest.mark.parametrize(("native", "latin"), CROSS_SCRIPT)
def test_names_meet_across_scripts(native: str, latin: str) -> None:
    for a, b in ((native, latin), (latin, native)):
        found = match_names(a, b)
        assert found.score >= 0.8, found
        assert found.verdict == SAME


def test_legal_form_spelled_out() -> None:
    assert match_names("Deutsche Telekom AG", "Deutsche Telekom Aktiengesellschaft").verdict == SAME


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Deutsche Telekom AG", "Deutsche Post AG"),
        ("China Unicom (Hong Kong)", "China Unicom (Europe) Operations"),
        ("HMN Technologies", "Huawei Marine Networks"),  # a true rename, but nothing in the names says so
        ("中国移动通信集团有限公司", "China Telecom Corporation Limited"),
        ("三菱電機株式会社", "Mitsubishi Heavy Industries, Ltd."),
        ("Muster GmbH", "Muster GmbH & Co. KG"),
        ("Bank of China (Hong Kong) Limited", "Bank of China (Singapore) Limited"),
    ],
)
def test_names_that_are_apart(a: str, b: str) -> None:
    assert match_names(a, b).verdict == DIFFERENT


def test_a_rename_matches_with_evidence() -> None:
    a = Subject(("HMN Technologies", "Huawei Marine Networks"))
    assert match(a, Subject(("Huawei Marine Networks Co., Ltd.",))).score >= 0.8


def test_two_valid_leis_are_never_the_same() -> None:
    a = Subject(("Siemens AG",), identifiers=frozenset({("lei", "W38RGI023J3WT1HWRP32")}))
    b = Subject(("Siemens AG",), identifiers=frozenset({("lei", "529900T8BM49AURSDO55")}))
    found = match(a, b)
    assert (found.score, found.verdict) == (0.0, DIFFERENT)
    assert found.reasons[0].feature == "identifiers_differ"


def test_register_numbers_differ_only_within_one_register() -> None:
    a = Subject(("Acme Ltd",), identifiers=frozenset({("ra", "RA000585:01234567")}))
    assert match(a, Subject(("Acme Ltd",), identifiers=frozenset({("ra", "RA000585:07654321")}))).verdict == DIFFERENT
    assert match(a, Subject(("Acme Ltd",), identifiers=frozenset({("ra", "RA000602:123")}))).verdict != DIFFERENT


def test_one_identifier_is_a_match_whatever_the_names() -> None:
    lei = frozenset({("lei", "W38RGI023J3WT1HWRP32")})
    found = match(Subject(("Siemens",), identifiers=lei), Subject(("Something Else",), identifiers=lei))
    assert found.verdict == SAME
    assert found.reasons[0].feature == "identifier"


def test_other_jurisdictions_are_not_automatic() -> None:
    a, b = (Subject(("Northgate Holding",), countries=frozenset({country})) for country in ("de", "cn"))
    found = match(a, b)
    assert found.verdict != SAME
    assert "country_differs" in [reason.feature for reason in found.reasons]


def test_dates_that_cannot_overlap_are_not_automatic() -> None:
    found = match(Subject(("Northgate",), until="2001-05-01"), Subject(("Northgate",), since="2015-01-01"))
    assert found.verdict != SAME


def test_a_look_alike_is_flagged_and_left_to_a_person() -> None:
    found = match_names("\u0421isco Systems", "Cisco Systems")
    assert found.verdict == POSSIBLE
    assert "look_alike_letters" in [reason.feature for reason in found.reasons]


def test_invisible_characters_are_told() -> None:
    found = match_names("Hua\u200bwei", "\u202bHuawei")
    assert found.verdict == SAME
    assert "invisible_characters" in [reason.feature for reason in found.reasons]


def test_only_a_legal_form_matches_nothing() -> None:
    found = match_names("GmbH", "Siemens GmbH")
    assert (found.verdict, found.reasons[0].feature) == (DIFFERENT, "only_form")
    assert match_names("Ltd", "Ltd").verdict == DIFFERENT


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "...", "x" * 10_000])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError):
        match_names(text, "Huawei")


def test_one_letter_is_a_name() -> None:
    assert match_names("X", "Y").verdict == DIFFERENT


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("CAICT", "China Academy of Information and Communications Technology"),
        ("CATL", "Contemporary Amperex Technology Co., Limited"),
    ],
)
def test_initialisms_are_proposed(short: str, long: str) -> None:
    assert match_names(short, long).verdict != DIFFERENT


def test_the_model_keeps_its_signs() -> None:
    weights = load_model().weights
    assert set(weights) == set(FEATURES)
    assert all(weights[name] * sign >= 0 for name, sign in SIGNS.items())


NAMES = st.sampled_from(
    [name for pair in CROSS_SCRIPT for name in pair]
    + ["Acme Ltd", "Acme Steel Ltd", "Northgate (Spain), S.L.", "IBM", "国家电网"]
)


@settings(max_examples=200, deadline=None)
@given(NAMES, NAMES)
def test_a_match_does_not_depend_on_the_side(a: str, b: str) -> None:
    one, two = match_names(a, b), match_names(b, a)
    assert one.score == pytest.approx(two.score, abs=1e-9)
    assert one.verdict == two.verdict
    if a == b:
        assert one.verdict == SAME


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_any_two_texts_have_a_score_or_a_clear_error(a: str, b: str) -> None:
    try:
        found = match_names(a, b)
    except ArgumentError:
        return
    assert 0 <= found.score <= 1
