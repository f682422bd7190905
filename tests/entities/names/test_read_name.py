"""Names taken apart: forms, brackets, numbers, places, and other scripts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.entities.names import Name, read_name


def roles(name: Name, reading: int = 0) -> list[tuple[str, str]]:
    return [(word.native or word.text, word.role) for word in name.readings[reading].words]


def kinds(name: str) -> list[str]:
    return [form.kind for form in read_name(name).readings[0].forms]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Siemens Aktiengesellschaft", "joint_stock"),
        ("Siemens A.G.", "joint_stock"),
        ("Volkswagen Bank G.m.b.H.", "private_limited"),
        ("Muster GmbH & Co. KG", "composite_partnership"),
        ("ООО «Ромашка»", "private_limited"),
        ("華為技術有限公司", "private_limited"),
        ("中芯国际集成电路制造股份有限公司", "joint_stock"),
        ("株式会社日立製作所", "joint_stock"),
        ("(주)카카오", "joint_stock"),
        ("Open Joint Stock Company Gazprom", "joint_stock"),
        ("Huawei Technologies Co., Ltd.", "private_limited"),
        ("Petroliam Nasional Berhad", "joint_stock"),
        ("Tactical Missiles Corporation Joint Stock Compan", "joint_stock"),
    ],
)
def test_legal_forms_are_read_in_many_scripts(name: str, kind: str) -> None:
    assert kinds(name)[0] == kind


def test_a_form_is_folded_not_deleted() -> None:
    one, two = read_name("Muster GmbH").readings[0], read_name("Muster GmbH & Co. KG").readings[0]
    assert one.words == two.words
    assert one.forms != two.forms


def test_a_city_is_no_form() -> None:
    assert "株洲" in [word.native for word in read_name("株洲中车时代电气股份有限公司").readings[0].words]


def test_words_have_roles() -> None:
    assert roles(read_name("Deutsche Telekom AG")) == [("deutsche", "place"), ("telekom", "trade")]
    found = dict(roles(read_name("北京字节跳动科技有限公司")))
    assert found == {"北京": "place", "字节跳动": "name", "科技": "trade"}


def test_brackets_at_the_end_hold_another_name_or_a_place() -> None:
    assert any(
        reading.joined == "qihoo360" for reading in read_name("360 Security Technology Inc. (Qihoo 360)").readings
    )
    (reading,) = read_name("Bank of China (Hong Kong) Limited").readings
    assert [(word.place.place if word.place else "", word.aside) for word in reading.words][-1] == ("hk", True)


def test_former_names_are_kept_apart() -> None:
    assert read_name("HMN Technologies (formerly Huawei Marine Networks)").former == ("huawei marine networks",)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Brigade Forty-Four", "Brigade 44"),
        ("3 Percenters", "Three Percenters"),
        ("1st Bank", "First Bank"),
        ("Fund XII", "Fund 12"),
    ],
)
def test_numbers_meet_in_figures_and_words(one: str, two: str) -> None:
    a, b = (read_name(text).readings[0].words for text in (one, two))
    assert {word.readings for word in a if word.role == "number"} == {
        word.readings for word in b if word.role == "number"
    }


def test_traditional_and_simplified_characters_are_one() -> None:
    assert read_name("華為技術有限公司").readings[0].words == read_name("华为技术有限公司").readings[0].words


@pytest.mark.parametrize("name", ["GmbH", "Ltd.", "有限公司", "Co., Ltd.", "ООО"])
def test_a_name_may_be_only_a_form(name: str) -> None:
    assert read_name(name).only_form


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_text_is_read_and_twice_the_same(text: str) -> None:
    read_name.cache_clear()
    first = read_name(text)
    read_name.cache_clear()
    assert read_name(text) == first
