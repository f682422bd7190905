"""What needs what, through the command line: vector V6 from files, bills of materials, an index of packages, this machine."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from .conftest import ROOT, Run

DATA = ROOT / "tests" / "data" / "dependence"
Body = dict[str, Any]

QUESTIONS = [
    ("ask", "chokepoints"),
    ("ask", "chokepoints", "--of", "{top}", "--pairs"),
    ("why", "chokepoints", "--of", "{top}", "--pairs", "--all"),
    ("ask", "chokepoints", "--of", "{top}", "--semantics", "bootstrap"),
    ("ask", "chokepoints", "--of", "{leaf}"),
    ("why", "chokepoints", "--limit", "2"),
    ("ask", "dependence", "--of", "{top}"),
    ("why", "dependence", "--of", "{top}", "--depth", "1"),
    ("ask", "dependence", "--of", "{leaf}"),
    ("ask", "where-used", "{leaf}"),
    ("why", "where-used", "{leaf}"),
    ("ask", "where-used", "{top}"),
    ("ask", "exposure", "--of", "{top}", "--to", "{leaf}"),
    ("why", "exposure", "--of", "{top}", "--to", "{leaf}", "--all"),
    ("ask", "exposure", "--of", "{leaf}", "--to", "{top}"),
]
FILES = {"V6.csv": ("T", "E"), "V6.cdx.json": ("T", "D"), "Packages": ("shop", "ssl"), "long.csv": ("T", "E")}


@pytest.fixture
def added(run: Run, tmp_path: Path) -> Path:
    """Return where `add` puts pictures; the file of long names is written there."""
    text = (DATA / "V6.csv").read_text("utf-8")
    names = [f"{letter},name,,{'Very long name of a thing ' * 4}{letter},,V6,x" for letter in "TABCDE"]
    (tmp_path / "long.csv").write_text(text + "\n".join(names) + "\n", "utf-8")
    return tmp_path


def picture_of(run: Run, file: str, folder: Path) -> Path:
    path = folder / f"{file}.duckdb"
    source = folder / file if (folder / file).exists() else DATA / file
    assert run("-p", path, "add", source).code == 0
    return path


def ask(run: Run, picture: Path, *words: str) -> Body:
    found = run("-p", picture, "--json", *words)
    assert (found.code, found.err) == (0, "")
    body = found.json
    assert isinstance(body, dict)
    return body


def impacts(found: Body) -> dict[str, int]:
    return {row["caption"]: row["impact"] for row in found["answers"] if row["alone"]}


def test_v6_from_claims(run: Run, added: Path) -> None:
    picture = picture_of(run, "V6.csv", added)
    found = ask(run, picture, "ask", "chokepoints", "--of", "T", "--pairs")
    assert impacts(found) == {"D": 4, "A": 2, "T": 1}
    pairs = {frozenset({row["entity"], *row["with"]}) for row in found["answers"] if not row["alone"]}
    assert pairs == {frozenset("BC"), frozenset("BE")}
    assert impacts(ask(run, picture, "ask", "chokepoints")) == {"D": 4, "A": 2, "E": 2}
    tree = run("-p", picture, "ask", "dependence", "--of", "T").out
    assert "└─ one of 2 (link)\n     ⎧ B\n     ⎪ └─ D\n     ⎨ C\n     ⎩ └─ E\n" in tree
    used = ask(run, picture, "ask", "where-used", "E")
    assert [(row["entity"], row["fails"]) for row in used["answers"]] == [("C", True), ("T", False)]


def test_a_bill_of_materials_with_a_circle_and_optional_parts(run: Run, added: Path) -> None:
    """CycloneDX has no alternatives: what it needs, it needs all; C is optional, and so E is."""
    picture = picture_of(run, "V6.cdx.json", added)
    assert impacts(ask(run, picture, "ask", "chokepoints", "--of", "T")) == {"A": 4, "B": 4, "D": 4, "T": 1}
    assert "E" in impacts(ask(run, picture, "ask", "chokepoints", "--of", "T", "--strength", "optional"))
    started = ask(run, picture, "ask", "chokepoints", "--of", "T", "--semantics", "bootstrap")
    assert (started["answers"], started["gaps"][0]["kind"]) == ([], "unknown")
    tiers = ask(run, picture, "ask", "dependence", "--of", "T")["tiers"]
    assert [(tier["things"], tier["complete"]) for tier in tiers] == [(1, 0), (3, 2)]
    assert "needs what needs it" in run("-p", picture, "ask", "dependence", "--of", "T").out


def test_packages_with_a_virtual_one(run: Run, added: Path) -> None:
    picture = picture_of(run, "Packages", added)
    found = ask(run, picture, "ask", "chokepoints", "--of", "shop", "--pairs")
    assert impacts(found) == {"ssl": 4, "base": 3, "parser": 2, "shop": 1}
    assert [[row["caption"], *row["with_captions"]] for row in found["answers"] if row["with"]] == [
        ["postbox", "sendbox"]
    ]
    printed = " ".join(run("-p", picture, "ask", "chokepoints", "--of", "shop").out.split())
    assert "one of 2 (mta | mail-agent): none left" in printed
    weak = ask(run, picture, "ask", "chokepoints", "--of", "shop", "--strength", "recommended")
    assert impacts(weak)["manual"] == 2


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("file", FILES)
def test_answers_fit_the_terminal(
    run: Run, added: Path, monkeypatch: pytest.MonkeyPatch, file: str, columns: int
) -> None:
    monkeypatch.setenv("ISTHMUS_PICTURE", str(picture_of(run, file, added)))
    top, leaf = FILES[file]
    for question in QUESTIONS:
        found = run(*(word.format(top=top, leaf=leaf) for word in question), columns=columns)
        assert (found.code, found.err) == (0, ""), question
        assert max(map(cell_len, found.out.splitlines())) <= columns, question
        assert not re.search(r" +$", found.out, re.MULTILINE), "no line ends in spaces"


def test_bad_questions_are_refused(run: Run, added: Path) -> None:
    picture = picture_of(run, "V6.csv", added)
    for words in (
        ("chokepoints", "--pairs"),
        ("chokepoints", "--strength", "strong"),
        ("chokepoints", "--of", "nobody"),
        ("dependence",),
        ("dependence", "--of", "T", "--depth", "0"),
        ("where-used",),
        ("exposure", "--of", "T"),
        ("exposure", "--to", "T"),
        ("exposure", "--of", "T", "--to", "T"),
        ("exposure", "--of", "T", "--to", "nobody"),
        ("exposure", "--of", "T", "--to", "D", "--profile", "multiply"),
        ("exposure", "--of", "T", "--to", "D", "--profile", "no-such-rule"),
        ("exposure", "--of", "T", "--to", "D", "--strength", "strong"),
    ):
        found = run("-p", picture, "--json", "ask", *words)
        assert found.code == 2
        assert json.loads(found.out or found.err)["error"]["message"]


@pytest.mark.skipif(not Path("/var/lib/dpkg/status").exists(), reason="this machine has no packages of dpkg")
def test_this_machine(run: Run, added: Path) -> None:
    """Everything but what it needs itself and a few leaves needs the C library, exactly as the needs say."""
    picture = added / "host.duckdb"
    assert run("-p", picture, "add", "--as", "host", os.sep).code == 0
    found = ask(run, picture, "ask", "chokepoints", "--limit", "3")
    first = [row["caption"] for row in found["answers"]]
    assert re.fullmatch(r"gcc-\d+-base|libc6|libgcc-s1", first[0])
    assert "libc6" in first
    sizes = [row["impact"] for row in found["answers"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > found["totals"]["things"] // 3
