"""The examples of the README, the tutorial and the page on Python: they run, and say what the pages show.

A ``console`` block holds commands (``$ isthmus …``) and the lines that they print. The lines must come in that order; ``…`` stands
for text left out, and blanks and rules do not count.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from isthmus.cli import main
from isthmus.service import add_files
from tests.served import copied, demo_picture

ROOT = Path(__file__).resolve().parents[2]
WIDTH = "100"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(slots=True)
class Example:
    """A command, and the lines that a page shows below it."""

    command: str
    lines: list[str] = field(default_factory=list)


def examples(text: str) -> list[Example]:
    """Return the examples of the ``console`` blocks of a page, in order."""
    found: list[Example] = []
    for language, body in _BLOCK.findall(text):
        if language != "console":
            continue
        for line in body.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                found.append(Example(line[2:]))
            elif line.strip():
                found[-1].lines.append(line)
    return found


def plain(text: str) -> str:
    return " ".join(text.split())


def unlike(shown: list[str], printed: str) -> str | None:
    """Return the first shown line that is not printed in its turn, None where all are."""
    rest = iter([plain(line) for line in printed.splitlines()])
    for line in shown:
        if not line.strip(" …─"):
            continue
        pattern = re.compile(".*".join(re.escape(part) for part in plain(line).split("…")))
        if not any(pattern.fullmatch(candidate) for candidate in rest):
            return line
    return None


@dataclass(frozen=True, slots=True)
class Terminal:
    """Runs examples in a folder and holds what they print against the page."""

    captured: pytest.CaptureFixture[str]

    def run(self, example: Example) -> None:
        words = shlex.split(example.command)
        assert words[0] == "isthmus", f"only isthmus is run here: {example.command}"
        code = main(words[1:])
        printed = "".join(self.captured.readouterr())
        assert code == 0, f"$ {example.command}\n{printed}"
        missing = unlike(example.lines, printed)
        assert missing is None, f"$ {example.command}\ndoes not print\n{missing}\nbut\n{printed}"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return a terminal of the width of the pages, without colours."""
    for name, value in (("COLUMNS", WIDTH), ("NO_COLOR", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ISTHMUS_PICTURE", raising=False)
    return Terminal(capsys)


def test_the_readme_shows_what_the_demo_answers(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(demo_picture(tmp_path_factory), tmp_path)
    monkeypatch.chdir(tmp_path)
    found = examples((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(found) >= 5
    for example in found:
        terminal.run(example)


def test_the_tutorial_goes_as_it_says(tutorial: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tutorial)
    found = examples((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8"))
    assert len(found) >= 9
    for example in found:
        terminal.run(example)


@pytest.mark.parametrize(
    ("name", "file", "least"),
    [("ask-who-controls", "kelda.csv", 9), ("find-chokepoints", "works.csv", 5), ("suppose", "plant.csv", 8)],
)
def test_a_page_on_a_question_goes_as_it_says(
    name: str,
    file: str,
    least: int,
    tmp_path: Path,
    write_files: Callable[[Path, Path], list[str]],
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = ROOT / "docs" / "how-to" / f"{name}.md"
    assert file in write_files(page, tmp_path)
    monkeypatch.chdir(tmp_path)
    found = examples(page.read_text(encoding="utf-8"))
    assert len(found) >= least
    for example in found:
        terminal.run(example)


def test_the_page_on_python_runs(
    tutorial: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_files(tutorial / "mine.duckdb", [tutorial / "news.csv"])
    monkeypatch.chdir(tutorial)
    blocks = _BLOCK.findall((ROOT / "docs" / "how-to" / "use-from-python.md").read_text(encoding="utf-8"))
    code = [body for language, body in blocks if language == "python"]
    assert len(code) >= 5
    scope: dict[str, object] = {}
    for body in code:
        exec(compile(body, "use-from-python.md", "exec"), scope)
    said = capsys.readouterr().out
    assert "Kelda landing station: status, different starts" in said
    assert "34 posts and under 20 posts" in said
    assert "191 posts" in said
    assert "format - Check the path." in said


@pytest.mark.parametrize(
    ("shown", "printed", "missing"),
    [
        (["a  b", "…", "c…e"], "a b\nx\nc d e\n", None),
        (["b", "a"], "a\nb\n", "a"),
        (["a.c"], "abc\n", "a.c"),
        (["a"], "aa\n", "a"),
    ],
)
def test_lines_are_held_against_the_output(shown: list[str], printed: str, missing: str | None) -> None:
    assert unlike(shown, printed) == missing


def test_blocks_are_read_as_commands_and_lines() -> None:
    text = "```console\n$ isthmus add \\\n  x.csv\n1 new\n\n$ isthmus stats\n```\n```sh\n$ rm x\n```\n"
    found = examples(text)
    assert [(plain(item.command), item.lines) for item in found] == [
        ("isthmus add x.csv", ["1 new"]),
        ("isthmus stats", []),
    ]
