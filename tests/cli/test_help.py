"""Help: complete, with examples that can be typed, and quick."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from isthmus.cli.commands import COMMANDS, GLOBAL, GROUPS
from isthmus.cli.commands.questions import MODES
from isthmus.cli.grammar import Command, parse
from isthmus.cli.help import usage
from isthmus.service import explain

from .conftest import ISTHMUS, Run, environment

HEAVY = ("duckdb", "numpy", "pyarrow", "scipy", "yaml", "rich", "isthmus.service", "isthmus.claims")


def every_command() -> Iterator[tuple[str, Command]]:
    """Yield each command as it is typed, lenses included."""
    for command in COMMANDS.values():
        yield f"isthmus {command.name}", command
        for below in command.below:
            yield f"isthmus {command.name} {below.name}", below


def modules_after(words: list[str]) -> tuple[set[str], str]:
    """Return the modules that a process holds after a command line, and what it printed."""
    code = "import sys; from isthmus.cli import main; main(sys.argv[1:]); print(' '.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True, env=environment()
    )
    return set(done.stderr.split()), done.stdout


@pytest.mark.parametrize("words", [["--help"], ["ask", "tally", "--help"], ["--version"]], ids=" ".join)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    modules, printed = modules_after(words)
    assert printed.strip()
    assert [name for name in HEAVY if name in modules] == []
    assert not any(name.startswith(("isthmus.cli.verbs.", "isthmus.cli.views.")) for name in modules)


def test_a_bad_command_line_is_refused_before_anything_heavy_is_imported() -> None:
    modules, _ = modules_after(["--json", "show"])
    assert [name for name in HEAVY if name in modules] == []


def test_help_is_quick() -> None:
    """Ends within 0.3 seconds; on a busy machine the best of five."""

    def seconds() -> float:
        begun = time.perf_counter()
        subprocess.run([*ISTHMUS, "--help"], capture_output=True, check=True, env=environment())
        return time.perf_counter() - begun

    assert min(seconds() for _ in range(5)) < 0.3


def test_a_verb_imports_its_own_code_and_no_other() -> None:
    modules, _ = modules_after(["--json", "vocabulary", "owns"])
    assert "isthmus.cli.verbs.questions" in modules
    assert not modules & {"isthmus.cli.verbs.demo", "isthmus.cli.verbs.judgement", "isthmus.cli.screen", "rich"}


def test_help_lists_every_verb_with_an_example(run: Run) -> None:
    found = run("--help")
    assert (found.code, found.err) == (0, "")
    for name, command in COMMANDS.items():
        assert f"\n  {name} " in found.out
        assert f"\n  {command.examples[0][0]}\n" in found.out


@pytest.mark.parametrize(
    ("path", "command"), list(every_command()), ids=lambda item: item if isinstance(item, str) else ""
)
def test_each_command_has_help_that_names_all_it_takes(run: Run, path: str, command: Command) -> None:
    found = run(*path.split()[1:], "--help")
    assert found.code == 0
    assert found.out.startswith(usage(path, command)[:40])
    for shown in (*(option.flag for option in command.options), *(argument.shown for argument in command.arguments)):
        assert shown in found.out
    for line, gives in command.examples:
        assert line in found.out
        assert gives in found.out
    assert max(map(len, found.out.splitlines())) <= 80 or any(len(line) > 74 for line, _ in command.examples)


@pytest.mark.parametrize(
    ("path", "command"), list(every_command()), ids=lambda item: item if isinstance(item, str) else ""
)
def test_each_example_is_a_line_that_can_be_read(path: str, command: Command) -> None:
    assert command.examples
    for line, _ in command.examples:
        words = shlex.split(line)
        assert words[:2] == path.split()[:2]
        chosen, rest = COMMANDS[words[1]], words[2:]
        if chosen.below:
            chosen, rest = next(item for item in chosen.below if item.name == rest[0]), rest[1:]
        parse(path, chosen, GLOBAL, rest)


def test_each_verb_stands_in_one_group() -> None:
    assert len(COMMANDS) == sum(len(commands) for _, commands in GROUPS)


def test_the_modes_are_those_of_the_vocabulary() -> None:
    assert list(MODES) == explain()["modes"]


def test_without_a_verb_the_help_goes_to_standard_error(run: Run) -> None:
    found = run()
    assert (found.code, found.out) == (2, "")
    assert "Examples:" in found.err
