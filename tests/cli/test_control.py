"""Who controls it, as a person asks: what is printed on 80 columns, what is refused, what is drawn, and bad input."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from .conftest import Result, Run

HEAD = "subject,predicate,object,value,low,high,unit,qualifiers,source,locator"
WORLD = """\
harbour,kind,,company,,,,,register,row 1
harbour,name,,Harbour Works,,,,,register,row 2
harbour,described_as,,an independent forum,,,,aspect=self_description,register,row 3
holding,kind,,company,,,,,register,row 4
holding,name,,Strait Holding,,,,,register,row 5
ministry,kind,,public_body,,,,,register,row 6
ministry,name,,Ministry of Ports,,,,,register,row 7
ann,kind,,person,,,,,register,row 8
ann,name,,Ann Tarn,,,,,register,row 9
ministry,controls,holding,,,,,,gazette,p. 2
holding,owns,harbour,,0.6,0.6,share,,register,row 10
ann,owns,harbour,,0.1,0.25,share,,register,row 11
ann,owns,quay,,,,,,gazette,p. 3
harbour,owns,quay,,0.45,0.45,share,,register,row 12
fund,owns,pier,,0.3,0.3,share,,register,row 13
pool,owns,pier,,0.3,0.3,share,,register,row 14
fund,acts_with,pool,,,,,,gazette,p. 4
one,owns,two,,1,1,share,,register,row 15
two,owns,one,,1,1,share,,register,row 16
"""


@pytest.fixture(scope="module")
def strait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the claims of an invented harbour and those who hold it."""
    path = tmp_path_factory.mktemp("harbour") / "harbour.csv"
    path.write_text(f"{HEAD}\n{WORLD}", "utf-8")
    return path


@pytest.fixture
def harbour(run: Run, strait: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command line on the picture of the harbour."""
    assert run("-p", "harbour.duckdb", "add", strait).code == 0
    monkeypatch.setenv("ISTHMUS_PICTURE", "harbour.duckdb")
    return run


def fits(found: Result, columns: int = 80) -> bool:
    return max(map(len, found.out.splitlines())) <= columns


def lines(text: str) -> str:
    """Return text with its breaks and indents undone, so that a sentence can be looked for."""
    return " ".join(text.split())


def add(run: Run, rows: list[str], name: str = "rows") -> Any:
    Path(f"{name}.csv").write_text("\n".join([HEAD, *rows, ""]), "utf-8")
    return run("-p", f"{name}.duckdb", "--json", "add", f"{name}.csv").json


# -- what is printed --------------------------------------------------------------------------------------------------


def test_a_chain_to_a_public_body(harbour: Run) -> None:
    found = harbour("ask", "control", "--of", "Harbour Works")
    assert found.code == 0
    assert fits(found)
    assert found.out.startswith("who controls Harbour Works\nMinistry of Ports")
    text = lines(found.out)
    assert "controls it with 60 %" in text
    assert "rule majority/1" in text
    assert "owns 60 %" in text
    assert "▢ 15-30 % of shares unaccounted" in text
    assert "declared an independent forum" in text
    assert "isthmus why control --of 'Harbour Works'" in text
    assert "├─ Strait Holding" in found.out
    assert "Ann Tarn" in text


def test_what_may_be_is_said_as_such(harbour: Run) -> None:
    found = harbour("ask", "control", "--of", "quay")
    text = lines(found.out)
    assert fits(found)
    assert "Ann Tarn may control it" in text
    assert "the share of Ann Tarn in quay is not said" in text
    assert "[may be]" in text


def test_holders_that_act_together_are_bracketed(harbour: Run) -> None:
    text = lines(harbour("ask", "control", "--of", "pier").out)
    assert "together 60 %" in text
    assert "in concert" in text


def test_a_circle_is_said(harbour: Run) -> None:
    found = harbour("ask", "control", "--of", "one")
    text = lines(found.out)
    assert fits(found)
    assert "control one another in a circle, and nobody outside controls them" in text
    assert "are owned wholly by one another: nobody has an economic share in them" in text


def test_what_a_party_controls(harbour: Run) -> None:
    found = harbour("ask", "control", "--by", "Ministry of Ports")
    assert found.out.startswith("what Ministry of Ports controls\n")
    assert "It controls" in found.out
    assert "Harbour Works" in found.out
    assert fits(found)


def test_two_rules_side_by_side(harbour: Run) -> None:
    found = harbour("ask", "control", "--of", "quay", "--profile", "multiply", "--profile", "control_is_100")
    text = lines(found.out)
    assert fits(found)
    assert "Rules side by side" in text
    for words in ("multiply/1", "control_is_100/1", "27 %", "45 %"):
        assert words in text


def test_why_says_what_carries_it_and_what_would_turn_it(harbour: Run) -> None:
    found = harbour("why", "control", "--of", "Harbour Works", "--by", "Strait Holding")
    text = lines(found.out)
    assert fits(found)
    assert "pivotal" in text
    assert "Strait Holding owns 60 % of Harbour Works" in text
    assert "the share of Strait Holding in Harbour Works is no more than 50 %" in text
    assert "without register the verdict changes" in text


def test_the_whole_picture(harbour: Run) -> None:
    found = harbour("ask", "control")
    assert found.out.startswith("who controls most in this picture\n")
    assert "Ministry of Ports" in found.out
    assert fits(found)


def test_nobody_known_is_not_nobody(harbour: Run) -> None:
    text = lines(harbour("ask", "control", "--of", "Ministry of Ports").out)
    assert "that is not to say that nobody does" in text


def test_points_of_control_on_a_terminal(harbour: Run) -> None:
    found = harbour("ask", "points-of-control", "Harbour Works")
    assert (found.code, found.err) == (0, "")
    assert fits(found)
    assert "unknown" in found.out
    assert "Strait Holding" in found.out


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize(
    "line", ["ask control --of harbour", "why control --of quay", "ask control", "ask control --by ann"]
)
def test_every_answer_fits_the_terminal(harbour: Run, line: str, columns: int) -> None:
    found = harbour(*line.split(), columns=columns)
    assert (found.code, found.err) == (0, "")
    assert fits(found, columns)


# -- what is refused --------------------------------------------------------------------------------------------------

REFUSED = [
    ("ask control --of harbour --profile fair", "argument", "no profile “fair”"),
    ("ask control --of harbour --profile majority/9", "argument", "no profile “majority/9”"),
    ("ask control --of harbour --profile missing.yaml", "argument", "cannot be read"),
    ("ask control --of harbour --quota 2", "argument", "no share of 1"),
    ("ask control --of harbour --quota half", "argument", "no share of 1"),
    ("ask control --of harbour --quota 0", "argument", "no share of 1"),
    ("ask control --of nobody", "unknown_entity", "“nobody”"),
    ("ask control --by nobody", "unknown_entity", "“nobody”"),
    ("ask control --by ann --by ministry", "argument", "asked of one thing"),
    ("ask control --by ann --profile aggregate_50", "argument", "several parties"),
    ("ask control --profile multiply", "argument", "one thing"),
    ("ask control harbour", "argument", "one word too many"),
    ("ask control --of", "argument", "--of"),
    ("ask control --of harbour --svg nowhere/x.svg", "argument", "cannot be written"),
    ("ask control --of harbour --svg .", "argument", "a folder stands"),
    ("ask control --svg chain.svg", "argument", "no chain to draw"),
    ("ask control --of harbour --as-of someday", "value", "not a date"),
    ("ask control --of harbour --without nobody", "argument", "no source “nobody”"),
    ("ask points-of-control", "argument", "ENTITY is missing"),
    ("ask points-of-control nobody", "unknown_entity", "“nobody”"),
]


@pytest.mark.parametrize(("line", "kind", "said"), REFUSED, ids=[line for line, _, _ in REFUSED])
def test_what_cannot_be_asked_is_refused(harbour: Run, line: str, kind: str, said: str) -> None:
    found = harbour("--json", *line.split())
    assert (found.code, found.err) == (2, "")
    error = found.json["error"]
    assert error["kind"] == kind
    assert said in error["message"]
    told = harbour(*line.split())
    assert (told.code, told.out) == (2, "")
    assert "Traceback" not in told.err
    assert max(map(len, told.err.splitlines())) <= 80


def test_a_rule_of_ones_own(harbour: Run) -> None:
    Path("third.yaml").write_text(
        "profile: third/1\ntitle: more than a third\nwhose: us\narithmetic: control\nquota: 0.4\nbasis: [shareholding]\n",
        "utf-8",
    )
    found = harbour("--json", "ask", "control", "--of", "quay", "--profile", "third.yaml").json
    assert {row["entity"]: row["rule"] for row in found["answers"]}["harbour"] == "third/1"
    assert {row["entity"]: row["verdict"] for row in found["answers"]}["harbour"] == "controls"
    Path("third.yaml").write_text("profile: third/1\nquorum: 3\n", "utf-8")
    error = harbour("--json", "ask", "control", "--of", "quay", "--profile", "third.yaml")
    assert (error.code, "no field “quorum”" in error.json["error"]["message"]) == (2, True)


@pytest.mark.parametrize("line", ["ask control", "why control", "ask points-of-control"])
def test_help(run: Run, line: str) -> None:
    found = run(*line.split(), "--help")
    assert (found.code, found.err) == (0, "")
    assert fits(found)
    assert "Examples:" in found.out
    options = ("--of", "--by", "--ultimate", "--state", "--profile", "--quota", "--svg") if "points" not in line else ()
    for option in (*options, "--as-of", "--known-at", "--without"):
        assert option in found.out


# -- the drawing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("--of", "quay"), ("--of", "one"), ("--of", "ministry"), ("--by", "ministry")])
def test_a_drawing_is_written(harbour: Run, words: tuple[str, ...]) -> None:
    found = harbour("ask", "control", *words, "--svg", "chain.svg")
    assert found.code == 0
    root = ElementTree.parse("chain.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    harbour("ask", "control", *words, "--svg", "again.svg")
    assert Path("again.svg").read_bytes() == Path("chain.svg").read_bytes(), "one question, one drawing"


def test_a_drawing_shows_names_shares_and_doubt(harbour: Run) -> None:
    harbour("ask", "control", "--of", "quay", "--svg", "chain.svg")
    text = Path("chain.svg").read_text("utf-8")
    assert "Ann Tarn" in text
    assert "45 %" in text
    assert "dash" in text, "what may be is dashed"


# -- bad input --------------------------------------------------------------------------------------------------------


def test_shares_that_are_none_are_rejected_with_the_reason(run: Run) -> None:
    rows = ["a,owns,x,,1.2,1.2,share,,s,1", "b,owns,x,,-0.1,-0.1,share,,s,2", "c,owns,x,,banana,,share,,s,3"]
    report = add(run, [*rows, "d,owns,x,,0.6,0.6,share,,s,4"])["files"][0]
    reasons = {item["line"]: item["reason"] for item in report["rejected"]}
    assert set(reasons) == {2, 3, 4}
    assert "more than 1" in reasons[2]
    assert "below 0" in reasons[3]
    assert "“banana” is not a number" in reasons[4]
    found = run("-p", "rows.duckdb", "--json", "ask", "control", "--of", "x").json
    assert [row["entity"] for row in found["answers"] if row["verdict"] == "controls"] == ["d"]
    assert found["left_out"] == []


def test_an_owner_of_itself_duplicates_and_dangling_parties(run: Run) -> None:
    rows = [
        "x,owns,x,,0.1,0.1,share,,s,1",
        "a,owns,x,,0.3,0.3,share,,s,2",
        "a,owns,x,,0.3,0.3,share,,s,2",
        "a,owns,x,,0.3,0.3,share,,s,3",
    ]
    report = add(run, [*rows, "ghost,owns,x,,0.2,0.2,share,,s,4"])["files"][0]
    assert (report["claims_new"], report["claims_held"], report["rejected"]) == (4, 1, [])
    found = run("-p", "rows.duckdb", "--json", "ask", "control", "--of", "x").json
    shares = {row["entity"]: row["share"]["low"] for row in found["holders"]}
    assert shares == {"x": 0.1, "a": 0.3, "ghost": 0.2}, "said twice is not held twice"
    assert all(row["verdict"] == "cannot" for row in found["answers"])
    assert (found["unaccounted"]["low"], found["left_out"]) == (0.4, [])


def test_more_than_all_is_left_out_and_said(run: Run) -> None:
    add(run, ["a,owns,x,,0.7,0.7,share,,s,1", "b,owns,x,,0.7,0.7,share,,t,2"])
    found = run("-p", "rows.duckdb", "ask", "control", "--of", "x")
    assert found.code == 0
    assert "140 %" in found.out
    assert "controls it" not in lines(found.out).split("Verdicts")[0].replace("who controls it", "")


def test_a_person_and_a_company_under_one_id(run: Run) -> None:
    add(run, ["a,kind,,person,,,,,s,1", "a,kind,,company,,,,,s,2", "a,owns,x,,0.6,0.6,share,,s,3"])
    found = run("-p", "rows.duckdb", "--json", "ask", "control", "--of", "x")
    assert found.code == 0
    (row,) = found.json["answers"]
    assert (row["verdict"], sorted(row["kinds"])) == ("controls", ["company", "person"])


@pytest.mark.parametrize("share", ["0.6", "1"])
def test_a_ring_of_ten_thousand_companies_is_answered(run: Run, share: str) -> None:
    size = 10_000
    add(run, [f"c{number},owns,c{(number + 1) % size},,{share},{share},share,,s,{number}" for number in range(size)])
    found = run("-p", "rows.duckdb", "--json", "ask", "control", "--of", "c5", "--by", "c4")
    assert found.code == 0
    assert [row["verdict"] for row in found.json["answers"]] == ["controls"]
    assert [len(ring) for ring in found.json["rings"]] == [size]
    alone = "nobody has an economic share in them"
    assert any(alone in limit for limit in found.json["limits"]) == (share == "1")
