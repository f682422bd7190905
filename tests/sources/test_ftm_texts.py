"""How FollowTheMoney texts are read: shares, days, countries and words."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from isthmus.sources.ftm.tables import load_tables
from isthmus.sources.ftm.texts import macros


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for statement in macros(load_tables()):
            connection.execute(statement)
        yield connection


def ask(engine: duckdb.DuckDBPyConnection, macro: str, text: str) -> object:
    row = engine.execute(f"SELECT {macro}(t) FROM (SELECT ?::VARCHAR AS t)", [text]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("51", "0.51", "0.51"),
        ("33.333%", "0.33333", "0.33333"),
        ("0,5 %", "0.005", "0.005"),
        ("100.00", "1", "1"),
        ("0", "0", "0"),
        ("50–75 %", "0.5", "0.75"),
        ("25 to 50 percent", "0.25", "0.5"),
        (">50%", ">0.5", None),
        ("more than 25%", ">0.25", None),
        ("at least 10", "0.1", None),
        ("up to 49%", None, "0.49"),
        ("under 5 %", None, "<0.05"),
        ("about 30%", "~0.3", "~0.3"),
    ],
)
def test_share_is_read_with_its_bounds(
    engine: duckdb.DuckDBPyConnection, text: str, low: str | None, high: str | None
) -> None:
    assert ask(engine, "ftm_share", text) == {"low": low, "high": high}


@pytest.mark.parametrize("text", ["banana", "101", "75-50", ">10-20", "", "-5", "5%%", "half", "1e2", "999999999999"])
def test_unreadable_share_is_none(engine: duckdb.DuckDBPyConnection, text: str) -> None:
    assert ask(engine, "ftm_share", text) is None


@pytest.mark.parametrize(
    ("macro", "text", "expected"),
    [
        ("ftm_day", "2021", "2021"),
        ("ftm_day", "2021-03", "2021-03"),
        ("ftm_day", "2020-02-29T10:00:00", "2020-02-29"),
        ("ftm_day", "2021-02-29", None),
        ("ftm_day", "2021-13", None),
        ("ftm_day", "0000", None),
        ("ftm_day", "March 2021", None),
        ("ftm_country", "gb", "iso:GB"),
        ("ftm_country", "GE-AB", "iso:GE-AB"),
        ("ftm_country", "zz", None),
        ("ftm_country", "Utopia", None),
        ("ftm_role", "Vice President", "official"),
        ("ftm_role", "Deputy Chairman", "vice_chair"),
        ("ftm_role", "Chairwoman of the Board of Directors", "board_chair"),
        ("ftm_role", "Member of the Supervisory Board", "board_member"),
        ("ftm_role", "ГЕНЕРАЛЬНЫЙ ДИРЕКТОР", "head"),
        ("ftm_role", "Treasurer", None),
        ("ftm_state", " Dissolved ", "ended"),
        ("ftm_state", "not dissolved", None),
        ("ftm_slug", "Sub-marine  cables!", "sub-marine-cables"),
        ("ftm_slug", "Кабели & Co.", "кабели-co."),
        ("ftm_slug", "!!!", None),
        ("ftm_qualifier", "a; b\n c", "a, b c"),
        ("ftm_qualifier", "@home", "home"),
        ("ftm_qualifier", " @ ", None),
    ],
)
def test_text_is_read_or_none(engine: duckdb.DuckDBPyConnection, macro: str, text: str, expected: str | None) -> None:
    assert ask(engine, macro, text) == expected
