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


FLOW = """\
ore,kind,,material,,,,,survey,row 1
arden,kind,,state,,,,,survey,row 1
brask,kind,,state,,,,,survey,row 1
corvia,kind,,state,,,,,survey,row 1
others,kind,,group,,,,,survey,row 1
net,kind,,group,,,,,survey,row 1
arden,share,ore,,0.6,0.6,share,of=imports; place=@brask,survey,row 2
corvia,share,ore,,0.3,0.3,share,of=imports; place=@brask,survey,row 3
others,share,ore,,0.1,0.1,share,of=imports; place=@brask,survey,row 4
"""
RELIANCE = "net,share,ore,,>0.5,,share,of=net_import_reliance; place=@brask,survey,row 5\n"


def test_what_a_place_uses_is_printed_by_origin(run: Run, tmp_path: Path) -> None:
    add(run, tmp_path, FLOW + RELIANCE)
    found = run("-p", "p.duckdb", "ask", "concentration", "--need", "ore")
    assert found.code == 0
    assert fits(found)
    told = " ".join(found.out.split())
    assert "Imports of ore into brask, by origin" in told
    assert "Net import reliance: more than 50 and at most 100 % of apparent consumption survey, row 5" in told
    assert "HHI of the origins: 4,500 to 4,600" in told
    assert "more than 30 and" in told
    assert "! arden as the origin of imports has half or more of the imports of ore into brask: 60 %" in told


def test_without_a_reliance_it_is_said_what_is_not_known(run: Run, tmp_path: Path) -> None:
    add(run, tmp_path, FLOW)
    told = " ".join(run("-p", "p.duckdb", "ask", "concentration", "--need", "ore").out.split())
    assert "how much of what is used comes from where; no claim says how much of what brask uses comes in" in told
    overview = " ".join(run("-p", "p.duckdb", "ask", "concentration", columns=160).out.split())
    assert "ore: imports into brask" in overview
    assert "of 1 flow into a place nothing can be said" in overview


def test_why_a_flow_names_both_claims(run: Run, tmp_path: Path) -> None:
    add(run, tmp_path, FLOW + RELIANCE)
    found = run("-p", "p.duckdb", "--json", "why", "concentration", "--need", "ore").json
    part = found["flow"]["exposure"][0]
    assert {found["claims"][name]["predicate"] for name in part["claims"]} == {"share"}
    assert len(part["claims"]) == 2
    gone = run("-p", "p.duckdb", "--json", "ask", "concentration", "--need", "ore", "--without", "survey")
    assert gone.code == 2


def test_a_thing_that_nobody_supplies_is_an_error_in_words(run: Run, tmp_path: Path) -> None:
    add(run, tmp_path, MARKET)
    found = run("-p", "p.duckdb", "ask", "concentration", "--need", "ada")
    assert found.code == 2
    assert "no claim of this picture says who supplies ada" in found.err
