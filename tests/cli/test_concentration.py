"""Who supplies a thing, as a person asks: vector V7 from a file of claims, what is printed, and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Result, Run

HEAD = "subject,predicate,object,value,low,high,unit,qualifiers,source,locator"
MARKET = """\
tool,kind,,product,,,,,survey,row 1
tool,name,,Etching tools,,,,,survey,row 2
ada,kind,,company,,,,,survey,row 3
bee,kind,,company,,,,,survey,row 4
cid,kind,,company,,,,,survey,row 5
ada,produces,tool,,0.5,0.5,share,,survey,row 6
bee,produces,tool,,0.3,0.3,share,,survey,row 7
cid,produces,tool,,0.2,0.2,share,,survey,row 8
"""
OWNERS = """\
top,kind,,company,,,,,register,row 1
top,owns,ada,,0.6,0.6,share,,register,row 2
top,owns,mid,,1,1,share,,register,row 3
mid,owns,bee,,>0.5,,share,,register,row 4
"""


def add(run: Run, tmp_path: Path, text: str) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(f"{HEAD}\n{text}", "utf-8")
    assert run("-p", "p.duckdb", "add", path).code == 0


def fits(found: Result, columns: int = 80) -> bool:
    return max(map(len, found.out.splitlines())) <= columns


@pytest.mark.parametrize(("text", "controller"), [(MARKET, 3800), (MARKET + OWNERS, 6800)])
def test_vector_v7(run: Run, tmp_path: Path, text: str, controller: int) -> None:
    add(run, tmp_path, text)
    found = run("-p", "p.duckdb", "--json", "ask", "concentration", "--need", "Etching tools")
    assert found.code == 0
    index = {row["by"]: row["hhi"] and (row["hhi"]["low"], row["hhi"]["high"]) for row in found.json["answers"]}
    assert index["supplier"] == (3800, 3800)
    assert index["controller"] == (controller, controller)
    assert index["site_country"] is None


def test_it_is_printed_with_alarms_and_reasons(run: Run, tmp_path: Path) -> None:
    add(run, tmp_path, MARKET + OWNERS)
    found = run("-p", "p.duckdb", "ask", "concentration", "--need", "tool")
    assert found.code == 0
    assert fits(found)
    told = " ".join(found.out.split())
    assert "6,800 top with ada, bee 80 %" in told
    assert "! top with all that it controls has half or more of Etching tools: 80 %" in told
    assert "as top controls ada, bee" in told
    assert "No index by country of site, country of controller: the country of no supplier is known." in told


def test_why_names_the_chain(run: Run, tmp_path: Path) -> None:
    add(run, tmp_path, MARKET + OWNERS)
    told = " ".join(run("-p", "p.duckdb", "why", "concentration", "--need", "tool").out.split())
    assert "mid owns more than 50 % of bee" in told
    assert "these 5 claims carry it together" in told


def test_the_overview_is_printed(run: Run, tmp_path: Path) -> None:
    add(run, tmp_path, MARKET + OWNERS)
    found = run("-p", "p.duckdb", "ask", "concentration")
    assert found.code == 0
    assert fits(found)
    assert "Etching tools" in found.out
    assert "6,800" in found.out


def test_a_thing_that_nobody_supplies_is_an_error_in_words(run: Run, tmp_path: Path) -> None:
    add(run, tmp_path, MARKET)
    found = run("-p", "p.duckdb", "ask", "concentration", "--need", "ada")
    assert found.code == 2
    assert "no claim of this picture says who supplies ada" in found.err
