"""Drawings of markets and of dependence, as a person asks for them: what is in the file, and what is refused."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from isthmus.service import add_files

from .conftest import Run

HEAD = "subject,predicate,object,value,low,high,unit,qualifiers,source,locator"
CLAIMS = """\
DEU,kind,,state,,,,,atlas,row 1
DEU,name,,Germany,,,,,atlas,row 1
NLD,kind,,state,,,,,atlas,row 2
NLD,name,,Netherlands,,,,,atlas,row 2
BEL,kind,,state,,,,,atlas,row 3
BEL,name,,Belgium,,,,,atlas,row 3
ore,kind,,material,,,,,table,row 1
ore,name,,Fine ore,,,,,table,row 1
DEU,produces,ore,,0.6,0.65,share,,table,row 2
NLD,produces,ore,,0.2,0.2,share,,table,row 3
BEL,produces,ore,,,,,reason=withheld,table,row 4
tool,kind,,product,,,,,survey,row 1
tool,name,,Etching tools,,,,,survey,row 1
ada,kind,,company,,,,,survey,row 2
ada,produces,tool,,1,1,share,,survey,row 2
works,uses,line,,,,,,plan,sheet 1
works,uses,turbine-1,,,,,need=power,plan,sheet 1
works,uses,turbine-2,,,,,need=power,plan,sheet 1
line,uses,valve,,,,,,plan,sheet 2
turbine-1,uses,valve,,,,,,plan,sheet 2
"""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a picture of markets and needs; nothing here writes into it."""
    folder: Path = tmp_path_factory.mktemp("drawings")
    (folder / "claims.csv").write_text(f"{HEAD}\n{CLAIMS}", "utf-8")
    add_files(folder / "p.duckdb", [folder / "claims.csv"])
    return folder / "p.duckdb"


@pytest.fixture
def ask(run: Run, picture: Path) -> Run:
    """Return a function that asks a picture of markets and needs."""
    return lambda *words: run("-p", picture, *words)


def words(path: str) -> str:
    svg = ElementTree.parse(path).getroot()
    assert svg.tag == f"{SVG}svg"
    return " ".join(node.text or "" for node in svg.iter(f"{SVG}text"))


def test_the_whole_picture_by_country(ask: Run) -> None:
    found = ask("ask", "concentration", "--svg", "map.svg")
    assert found.code == 0
    shown = words("map.svg")
    for text in ("Fine ore", "Germany", "60-65 %", "withheld", "by country of the site"):
        assert text in shown
    assert ask("ask", "concentration", "--svg", "again.svg").code == 0
    assert Path("again.svg").read_bytes() == Path("map.svg").read_bytes(), "one question, one drawing"
    bare = ask("ask", "concentration").out
    assert found.out == bare, "a drawing changes nothing of what is printed"


@pytest.mark.parametrize(
    ("way", "said", "not_said"),
    [
        ("supplier", "Etching tools", "Germany"),
        ("controller", "who controls the supplier in the end", "Germany"),
        ("site", "Germany", "Etching tools ada"),
        ("controller_country", "country of who controls the supplier", "Germany"),
    ],
)
def test_the_columns_may_be_chosen(ask: Run, way: str, said: str, not_said: str) -> None:
    assert ask("ask", "concentration", "--svg", "map.svg", "--by", way).code == 0
    assert said in words("map.svg")
    assert not_said not in words("map.svg")


def test_one_need_shows_every_way(ask: Run) -> None:
    assert ask("why", "concentration", "--need", "tool", "--svg=map.svg").code == 0
    shown = words("map.svg")
    assert "By supplier" in shown
    assert "By who controls the supplier in the end" in shown
    assert "10,000" in shown


def test_the_tree_marks_what_fails_the_thing_alone(ask: Run) -> None:
    found = ask("--json", "ask", "dependence", "--of", "works", "--svg", "tree.svg")
    assert found.code == 0
    assert {row["entity"]: row["alone"] for row in found.json["answers"]} == {
        "line": True,
        "turbine-1": False,
        "turbine-2": False,
        "valve": True,
    }
    shown = words("tree.svg")
    assert "one of 2" in shown
    assert "2 of them fail it alone" in shown
    without = ask("--json", "ask", "dependence", "--of", "works")
    assert all("alone" not in row for row in without.json["answers"]), "worked out for the drawing only"


def test_who_copies_the_hint_does_not_write_the_drawing_anew(ask: Run) -> None:
    for line in (
        ("ask", "concentration", "--need", "tool", "--by", "site", "--svg", "map.svg"),
        ("ask", "dependence", "--of", "works", "--svg=tree.svg"),
    ):
        told = " ".join(ask(*line).out.split()).partition("what carries it: ")[2]
        assert told.startswith(f"isthmus why {line[1]}")
        assert told.endswith(f"{line[2]} {line[3]}")
        assert "svg" not in told
        assert "--by" not in told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ask concentration --svg nowhere/x.svg", "cannot be written"),
        ("ask concentration --svg .", "a folder stands"),
        ("ask concentration --by site", "--by says what is drawn"),
        ("ask concentration --svg x.svg --by planet", "planet"),
        ("ask concentration --svg", "--svg"),
        ("ask concentration --svg x.svg --need nothing-of-that-name", "nothing-of-that-name"),
        ("ask dependence --of works --svg nowhere/x.svg", "cannot be written"),
        ("ask dependence --of works --svg .", "a folder stands"),
        ("ask dependence --of nobody-there --svg x.svg", "nobody-there"),
    ],
)
def test_bad_input_is_refused_and_writes_nothing(ask: Run, line: str, said: str) -> None:
    before = sorted(path.name for path in Path().iterdir())
    found = ask(*line.split())
    assert found.code == 2
    assert said in " ".join(found.err.split())
    assert sorted(path.name for path in Path().iterdir()) == before


def test_an_older_drawing_stays_where_the_question_fails(ask: Run) -> None:
    Path("x.svg").write_text("mine", "utf-8")
    assert ask("ask", "dependence", "--of", "nobody-there", "--svg", "x.svg").code == 2
    assert Path("x.svg").read_text("utf-8") == "mine"
    assert ask("ask", "dependence", "--of", "works", "--svg", "x.svg").code == 0
    assert Path("x.svg").read_text("utf-8").startswith("<svg")


def test_an_empty_picture_is_drawn_as_nothing_known(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text("subject,predicate,object,source,locator\na,uses,b,plan,1\n", "utf-8")
    assert run("-p", "e.duckdb", "add", path).code == 0
    assert run("-p", "e.duckdb", "ask", "concentration", "--svg", "map.svg").code == 0
    assert "Nothing is known of who supplies what" in words("map.svg")
    assert run("-p", "e.duckdb", "ask", "dependence", "--of", "b", "--svg", "tree.svg").code == 0
    assert "that is not to say that it needs nothing" in words("tree.svg")
