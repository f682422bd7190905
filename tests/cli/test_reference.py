"""The reference page of the command line, held against the commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from isthmus.cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "command_line_page.py"), "--check"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_page_has_every_verb_option_and_field() -> None:
    text = (ROOT / "docs" / "reference" / "command-line.md").read_text("utf-8")
    for command in COMMANDS.values():
        assert f"\n## {command.name}\n" in text
        for below in command.below if command.name == "ask" else ():
            assert f"\n### ask {below.name}\n" in text
        for item in (command, *command.below):
            assert [option.flag for option in item.options if f"`{option.flag}" not in text.replace("`-p, ", "`")] == []
            assert [name for name in item.fields if f"`{name}`" not in text] == []
