"""The program: from the words of a command line to an answer and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, TextIO

from isthmus import __version__
from isthmus.cli.call import DEFAULT, Call
from isthmus.cli.commands import COMMANDS, GLOBAL
from isthmus.cli.faults import fault_json, fault_text, internal, system
from isthmus.cli.grammar import Command, Option, parse, suggest
from isthmus.cli.help import help_of, overview
from isthmus.cli.json_text import json_text
from isthmus.errors import ArgumentError, InterruptedRunError, IsthmusError

PICTURE = "ISTHMUS_PICTURE"
TRACEBACK = "ISTHMUS_TRACEBACK"
INTERRUPTED = "Query interrupted"
"""What the database engine says where Ctrl-C reached it in the midst of reading a file."""


def main(words: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code: 0 answered, 2 the input is bad, 1 anything else.

    Parameters
    ----------
    words : sequence of str or None
        The words after the program's name; None: those that the process was started with.
    """
    given = list(sys.argv[1:] if words is None else words)
    as_json = "--json" in _options_of(given)
    _prepare(sys.stdout, as_json)
    _prepare(sys.stderr, False)
    try:
        code = _guarded(given, as_json)
        sys.stdout.flush()
    except OSError as error:
        # Whoever read the output may have gone, which is no fault to speak of. The interpreter would fail once more when it closes the
        # stream, so what is left in it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            print(fault_text(system(error)), file=sys.stderr)
        return 1
    return code


def _prepare(stream: TextIO, as_json: bool) -> None:
    """Let a stream take every character: JSON is UTF-8, and a terminal gets what it cannot draw as an escape."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace", **({"encoding": "utf-8"} if as_json else {}))


def _guarded(words: list[str], as_json: bool) -> int:
    try:
        return run(words, as_json)
    except BrokenPipeError:
        raise
    except IsthmusError as error:
        return _fail(error, as_json)
    except KeyboardInterrupt:
        return _fail(_stopped(), as_json)
    except OSError as error:
        _trace()
        return _fail(system(error), as_json)
    except Exception as error:
        if isinstance(error, RuntimeError) and str(error) == INTERRUPTED:
            return _fail(_stopped(), as_json)
        _trace()
        return _fail(internal(error, words, __version__), as_json)


def _stopped() -> InterruptedRunError:
    return InterruptedRunError("stopped by you.", hint="Run the same command again to finish it.")


def _trace() -> None:
    if os.environ.get(TRACEBACK):
        traceback.print_exc(file=sys.stderr)


def _fail(error: IsthmusError, as_json: bool) -> int:
    if as_json:
        print(json_text(fault_json(error), sys.stdout.isatty()))
    else:
        sys.stdout.flush()
        print(fault_text(error), file=sys.stderr)
    return error.exit_code


def run(words: Sequence[str], as_json: bool) -> int:
    """Run a command line; return how it ends, or raise.

    Raises
    ------
    IsthmusError
        As the service raises, and `ArgumentError` for a command line that cannot be read.
    """
    before, verb, after = _split(words, GLOBAL)
    if "--version" in before:
        print(json_text({"version": __version__}, False) if as_json else f"isthmus {__version__}")
        return 0
    if verb is None:
        return _overview(before, as_json)
    command, path, lens = _known(COMMANDS, verb, "verb", "isthmus"), f"isthmus {verb}", ""
    if command.below:
        below = {item.name: item for item in command.below}
        inner, lens_word, after = _split(
            after, [option for item in command.below for option in (*item.options, *GLOBAL)]
        )
        before += inner
        if lens_word is not None:
            command, path, lens = _known(below, lens_word, command.below_word, path), f"{path} {lens_word}", lens_word
    words = [*before, *after]
    if not _options_of(words).isdisjoint(("-h", "--help")):
        print(help_of(path, command))
        return 0
    if command.below:
        _lens_missing(path, command)
    values = parse(path, command, GLOBAL, words)
    named = values.get("picture")
    picture = Path(named or os.environ.get(PICTURE) or DEFAULT)
    return _call(Call(path, tuple(words), verb, lens, picture, named is not None, values), command, as_json)


def _call(call: Call, command: Command, as_json: bool) -> int:
    answer = _fetch(command.answer)
    if as_json:
        found = answer(call)
        print(json_text(found, sys.stdout.isatty()))
    else:
        terminal = import_module("isthmus.cli.terminal")
        with terminal.told(call) if command.works_long and sys.stderr.isatty() else nullcontext(call) as informed:
            found = answer(informed)
        view = import_module(f"isthmus.cli.views.{command.view}")
        view.show(terminal.screen(), found, call)
    if command.afterwards:
        _fetch(command.afterwards)(call, found)
    return 1 if isinstance(found, dict) and found.get("ok") is False else 0


def _fetch(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"isthmus.cli.verbs.{module}"), name)
    return found


def _overview(before: Sequence[str], as_json: bool) -> int:
    if not _options_of(before).isdisjoint(("-h", "--help")):
        print(overview())
        return 0
    unknown = [word for word in before if word not in ("--json",) and not word.startswith(("-p", "--picture"))]
    if unknown and unknown[0].startswith("-"):
        raise ArgumentError(
            f"there is no option {unknown[0]} here.", where="isthmus", hint="`isthmus --help` lists them."
        )
    if as_json or before:
        raise ArgumentError("no verb is given.", where="isthmus", hint=f"Verbs: {', '.join(COMMANDS)}.")
    print(overview(), file=sys.stderr)
    return 2


def _known(commands: Mapping[str, Command], word: str, what: str, where: str) -> Command:
    if word in commands:
        return commands[word]
    listed = f"{'Verbs' if what == 'verb' else 'Lenses'}: {', '.join(commands)}."
    raise ArgumentError(f"there is no {what} “{word}”.", where=where, hint=suggest(word, list(commands)) + listed)


def _lens_missing(path: str, command: Command) -> NoReturn:
    names = ", ".join(item.name for item in command.below)
    word = command.below_word
    listed = f"{'Lenses' if word == 'lens' else 'Verbs'}: {names}."
    raise ArgumentError(f"no {word} is given.", where=path, hint=f"{listed} `{path} --help` shows how they are asked.")


def _options_of(words: Sequence[str]) -> set[str]:
    """Return the words before a ``--``: options stand only there."""
    end = list(words).index("--") if "--" in words else len(words)
    return set(words[:end])


def _split(words: Sequence[str], options: Sequence[Option]) -> tuple[list[str], str | None, list[str]]:
    """Return the options before the first plain word, with their values; that word; and what comes after it."""
    taking = {name for option in options if option.metavar for name in (option.flag, option.short)}
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "--":
        at += 2 if words[at] in taking else 1
    if at < len(words) and words[at] == "--":
        at += 1
    before = [word for word in words[:at] if word != "--"]
    return before, words[at] if at < len(words) else None, list(words[at + 1 :])
