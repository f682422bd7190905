"""Ids made of names, and the names of countries."""

from __future__ import annotations

import hashlib
import re

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isthmus.sources.mapping.countries import country_names
from isthmus.sources.mapping.steps import groups
from isthmus.sources.mapping.transforms import country_key_sql, slug_sql


@settings(max_examples=200)
@given(st.text(min_size=1, max_size=30).filter(lambda text: text.strip() != "" and "\0" not in text))
def test_a_slug_is_a_part_of_an_id_and_never_empty(text: str) -> None:
    with duckdb.connect() as engine:
        row = engine.execute(f"SELECT {slug_sql('x')} FROM (SELECT ?::VARCHAR AS x)", [text]).fetchone()
    assert row is not None
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", row[0])


def test_names_in_other_scripts_keep_distinct_slugs() -> None:
    names = ["华为", "中兴", "Huawei 华为", "Huawei 技术", "東芝", "Сириус", "Huawei"]
    with duckdb.connect() as engine:
        found = [
            engine.execute(f"SELECT {slug_sql('x')} FROM (SELECT ?::VARCHAR AS x)", [name]).fetchall()[0][0]
            for name in names
        ]
    assert len(set(found)) == len(names)
    assert found[0] == hashlib.md5("华为".encode()).hexdigest()[:8]
    assert found[2].startswith("huawei-")


def test_names_of_countries_are_unambiguous() -> None:
    keys: dict[str, str] = {}
    with duckdb.connect() as engine:
        for name, code, *_ in country_names():
            row = engine.execute(f"SELECT {country_key_sql('x')} FROM (SELECT ?::VARCHAR AS x)", [name]).fetchone()
            assert row is not None
            assert keys.setdefault(row[0], code) == code, f"“{name}” would be {keys[row[0]]} and {code}"
    assert len({code for _, code, *_ in country_names()}) >= 249


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("a", 0), ("(a)", 1), ("(?:a)(b)", 1), (r"\((a)", 1), ("[(](?:x)", 0), ("(?i)(a)|(b)", 2), ("(?P<n>a)", 1)],
)
def test_groups_are_counted(pattern: str, count: int) -> None:
    assert groups(pattern) == count
