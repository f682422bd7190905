"""Who supplies a thing, from tables as people write them: too much, too little, twice, by nobody, in per cent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import Run

HEAD = "subject,predicate,object,value,low,high,unit,qualifiers,source,locator"
ABOUT = """\
tool,kind,,product,,,,,survey,row 1
ada,kind,,company,,,,,survey,row 1
bee,kind,,company,,,,,survey,row 1
DEU,kind,,state,,,,,survey,row 1
NLD,kind,,state,,,,,survey,row 1
EUR,kind,,place,,,,,survey,row 1
"""


def made(holder: str, share: str, row: int = 2, unit: str = "share") -> str:
    return f"{holder},produces,tool,,{share},{share},{unit},,survey,row {row}\n"


def asked(run: Run, tmp_path: Path, *rows: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what adding the rows reports, and the answer."""
    path = tmp_path / "claims.csv"
    path.write_text(f"{HEAD}\n{ABOUT}{''.join(rows)}", "utf-8")
    added = run("-p", "p.duckdb", "--json", "add", path)
    assert added.code == 0, added.err
    found = run("-p", "p.duckdb", "--json", "ask", "concentration", "--need", "tool")
    assert found.code == 0, found.err
    shown = run("-p", "p.duckdb", "ask", "concentration", "--need", "tool")
    assert shown.code == 0
    assert max(map(len, shown.out.splitlines())) <= 80
    return added.json["files"][0], found.json


def way(found: dict[str, Any], by: str = "supplier") -> dict[str, Any]:
    return next(row for row in found["answers"] if row["by"] == by)


def index(found: dict[str, Any], by: str = "supplier") -> tuple[float, float] | None:
    body = way(found, by)["hhi"]
    return (body["low"], body["high"]) if body else None


def test_shares_over_the_whole_are_kept_and_said(run: Run, tmp_path: Path) -> None:
    _, found = asked(run, tmp_path, made("ada", "0.7"), made("bee", "0.6", 3))
    assert way(found)["raw_sum"]["low"] == pytest.approx(1.3)
    assert index(found) == (8500, 8500)
    assert any("130.0 %: more than rounding explains" in limit for limit in found["limits"])
    assert found["conflicts"]
    assert any("all of it belongs to no known country" in gap["what"] for gap in found["gaps"])


def test_shares_just_over_the_whole_are_rounding(run: Run, tmp_path: Path) -> None:
    _, found = asked(run, tmp_path, made("ada", "0.7"), made("bee", "0.32", 3))
    assert any("102.0 %: the source rounds, or counts twice" in limit for limit in found["limits"])


@pytest.mark.parametrize(
    ("share", "unit", "reason"),
    [
        ("34", "share", "write 34 % as 0.34"),
        ("1.02", "share", "more than 1"),
        ("-0.2", "share", "below 0"),
        ("34", "%", "%"),
        ("34", "percent", "percent"),
        ("34%", "share", "34%"),
        ("0,34", "share", "0,34"),
    ],
)
def test_a_share_that_cannot_be_is_rejected_with_its_line(
    run: Run, tmp_path: Path, share: str, unit: str, reason: str
) -> None:
    row = f'ada,produces,tool,,"{share}","{share}",{unit},,survey,row 2\n'
    added, found = asked(run, tmp_path, row, made("bee", "0.6", 3))
    (rejected,) = added["rejected"]
    assert rejected["line"] == 8
    assert reason in rejected["reason"]
    assert [one["entity"] for one in way(found)["top"]] == ["bee"]
    assert index(found) == (3600, 5200)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Various", "company"),
        ("Various", "group"),
        ("various countries", None),
        ("Other", "place"),
        ("(Unknown)", None),
        ("The others", "company"),
    ],
)
def test_who_is_called_various_is_nobody(run: Run, tmp_path: Path, name: str, kind: str | None) -> None:
    rows = [f"v,name,,{name},,,,,survey,row 4\n", made("v", "0.4", 4), made("ada", "0.6")]
    rows += [f"v,kind,,{kind},,,,,survey,row 4\n"] if kind else []
    _, found = asked(run, tmp_path, *rows)
    assert index(found) == (3600, 5200)
    (named, other) = way(found)["top"]
    assert (named["entity"], other["aggregate"], other["caption"]) == ("ada", "remainder", name)
    assert way(found)["unattributed"]["low"] == pytest.approx(0.4)
    assert [alarm["entity"] for alarm in found["alarms"]] == ["ada"]
    assert any("a word that names nobody" in limit for limit in found["limits"]) == (kind != "group")


def test_a_party_with_such_a_word_in_its_name_is_one(run: Run, tmp_path: Path) -> None:
    _, found = asked(
        run, tmp_path, "bee,name,,Various Tools Ltd,,,,,survey,row 3\n", made("ada", "0.6"), made("bee", "0.4", 3)
    )
    assert index(found) == (5200, 5200)


def test_a_row_that_stands_twice_counts_once(run: Run, tmp_path: Path) -> None:
    rows = [made("ada", "0.6"), made("ada", "0.6"), made("ada", "0.6", 9), made("bee", "0.4", 3)]
    added, found = asked(run, tmp_path, *rows)
    assert added["rejected"] == []
    assert index(found) == (5200, 5200)
    assert way(found)["raw_sum"]["low"] == pytest.approx(1)
    assert len(way(found)["top"][0]["claims"]) == 2


def test_two_figures_of_one_holder_are_a_span_and_no_sum(run: Run, tmp_path: Path) -> None:
    _, found = asked(run, tmp_path, made("ada", "0.6"), made("ada", "0.5", 9), made("bee", "0.4", 3))
    assert index(found) == (2500 + 1600, 3600 + 1600 + 100)
    first = way(found)["top"][0]
    assert (first["share"]["low"], first["share"]["high"]) == (0.5, 0.6)


def test_a_region_is_added_to_no_country(run: Run, tmp_path: Path) -> None:
    _, found = asked(run, tmp_path, made("DEU", "0.3"), made("NLD", "0.3", 3), made("EUR", "0.4", 4))
    top = {one["caption"]: one.get("aggregate") for one in way(found, "site_country")["top"]}
    assert top == {"DEU": None, "NLD": None, "EUR": "region"}
    assert index(found, "site_country") == (3400, 3400)
    assert way(found, "site_country")["hhi_regions_spread"]["low"] == 1800
    assert not any(alarm["entity"] == "EUR" for alarm in found["alarms"])
    assert any("EUR: a region, kept as one holder and added to no country" in limit for limit in found["limits"])


def test_no_share_at_all_is_refused_and_not_nought(run: Run, tmp_path: Path) -> None:
    bare = "ada,produces,tool,,,,,,survey,row 2\nbee,produces,tool,,,,,,survey,row 3\n"
    _, found = asked(run, tmp_path, bare)
    assert index(found) is None
    assert way(found)["hhi_refused"] == "no shares are stated: 2 of 2 holders stand without one"


def test_one_share_that_is_missing_widens_the_index(run: Run, tmp_path: Path) -> None:
    rows = [
        made("ada", "0.6"),
        "bee,produces,tool,,,,,,survey,row 3\n",
        "v,name,,Others,,,,,survey,row 4\n",
        made("v", "0.1", 4),
    ]
    _, found = asked(run, tmp_path, *rows)
    assert index(found) == (3600, 3600 + 1600)
    rest = way(found)["unattributed"]
    assert (rest["low"], rest["high"]) == (pytest.approx(0.1), pytest.approx(0.4))


def test_what_is_named_too_little_is_refused(run: Run, tmp_path: Path) -> None:
    _, found = asked(run, tmp_path, made("ada", "0.3"))
    assert "less than 50 %" in way(found)["hhi_refused"]
