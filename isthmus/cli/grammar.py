"""What a command takes, as values; and reading the words of a command line by it.

The standard library's parser reads the words. It loads in a tenth of the time of the larger ones, which is most of what
`isthmus --help` takes, and every message of it passes through `Parser.error`, so that each bad command line ends as one `ArgumentError`.
"""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from isthmus.errors import ArgumentError


@dataclass(frozen=True, slots=True)
class Argument:
    """A word that a command takes by its place.

    Attributes
    ----------
    key : str
        The name under which a verb finds the value.
    metavar : str
        The name in the help.
    many, optional : bool
        Whether it may come several times, or not at all.
    """

    key: str
    metavar: str
    about: str
    many: bool = False
    optional: bool = False
    choices: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """How it stands in the usage line."""
        word = "|".join(self.choices) or self.metavar
        word += "…" if self.many else ""
        return f"[{word}]" if self.optional else word


@dataclass(frozen=True, slots=True)
class Option:
    """A word that a command takes by its name.

    Attributes
    ----------
    flag : str
        The name, as ``--limit``.
    metavar : str or None
        The name of its value in the help; None: it takes none.
    repeat : bool
        Whether it may come several times.
    read : callable
        Turns the word into the value, or raises `argparse.ArgumentTypeError`.
    """

    flag: str
    key: str
    about: str
    metavar: str | None = None
    short: str | None = None
    repeat: bool = False
    required: bool = False
    default: Any = None
    read: Callable[[str], Any] = str

    @property
    def shown(self) -> str:
        """How it stands in the list of options."""
        names = f"{self.short}, {self.flag}" if self.short else self.flag
        value = f" {self.metavar}" if self.metavar else ""
        return f"{names}{value}{' …' if self.repeat else ''}"


@dataclass(frozen=True, slots=True)
class Command:
    """A verb, or what stands below one: what it takes, what it does and where its code is.

    Attributes
    ----------
    summary : str
        What it does, in one line.
    answer : str
        What answers it, as ``module:function`` below `isthmus.cli.verbs`; it is imported when the command is called, and not before.
    view : str
        The module of `isthmus.cli.views` that prints the answer for people; it is imported when it has something to print.
    fields : tuple of str
        The top-level fields of what ``--json`` prints.
    afterwards : str
        What goes on after the answer was printed, as ``module:function``; it takes the call and the answer.
    works_long : bool
        Whether a person at a terminal is told how far it is.
    examples : sequence of (str, str)
        Command lines with what they give.
    below : sequence of Command
        Commands below this one, as the lenses below `ask`.
    below_word : str
        What one of them is called.
    """

    name: str
    summary: str
    answer: str
    view: str
    about: str = ""
    arguments: tuple[Argument, ...] = ()
    options: tuple[Option, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    below: tuple[Command, ...] = ()
    below_word: str = "lens"
    fields: tuple[str, ...] = ()
    afterwards: str = ""
    works_long: bool = False


def whole_number(text: str) -> int:
    """Read a count: a whole number from 1."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"“{text}” is no whole number from 1 to 1,000,000")
    return int(text)


def port(text: str) -> int:
    """Read the number of a port; 0 is one that is free."""
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"“{text}” is no port from 0 to 65535")
    return int(text)


def a_share(text: str) -> float:
    """Read a share of 1, more than nothing."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"“{text}” is no share of 1 (two thirds is 0.6667)")
    return value


def some_text(text: str) -> str:
    """Read a text that says something."""
    if not text.strip():
        raise argparse.ArgumentTypeError("the text is empty")
    return text


def one_of(*known: str) -> Callable[[str], str]:
    """Return what reads one of some words."""

    def read(text: str) -> str:
        if text not in known:
            raise argparse.ArgumentTypeError(f"“{text}” is none of {', '.join(known)}")
        return text

    return read


class Parser(argparse.ArgumentParser):
    """A parser whose faults are `ArgumentError`."""

    def __init__(self, path: str) -> None:
        super().__init__(prog=path, add_help=False, allow_abbrev=False, usage=argparse.SUPPRESS)

    def error(self, message: str) -> NoReturn:
        raise ArgumentError(
            f"{message.removeprefix('argument ')}.", where=self.prog, hint=f"`{self.prog} --help` shows how it is used."
        )


def parse(path: str, command: Command, shared: Sequence[Option], words: Sequence[str]) -> dict[str, Any]:
    """Return the values of the words of a command line by the keys of its arguments and options.

    Parameters
    ----------
    path : str
        The command as it is typed, for messages.
    shared : sequence of Option
        Options that every command takes; they are in the result only where they were given.

    Raises
    ------
    ArgumentError
        A word is missing, unknown, one too many or cannot be read.
    """
    end = words.index("--") if "--" in words else len(words)
    parser = Parser(path)
    for option in command.options:
        _add_option(parser, option, option.default)
    for option in shared:
        _add_option(parser, option, argparse.SUPPRESS)
    found, rest = parser.parse_known_args(list(words[:end]))
    for word in rest:
        if word.startswith("-") and len(word) > 1 and not any(map(str.isspace, word)):
            raise _unknown(path, word, [*command.options, *shared])
    values = dict(vars(found))
    for option in command.options:
        if option.repeat:
            values[option.key] = tuple(values[option.key] or ())
    missing = [option.flag for option in command.options if option.required and values[option.key] is None]
    return values | _assign(path, command.arguments, [*rest, *words[end + 1 :]], missing)


def _assign(path: str, arguments: Sequence[Argument], words: list[str], missing: list[str]) -> dict[str, Any]:
    """Return the plain words by the keys of the arguments that they stand for."""
    values: dict[str, Any] = {}
    absent: list[str] = []
    for argument in arguments:
        taken, words = (words, []) if argument.many else (words[:1], words[1:])
        if not taken and not argument.optional:
            absent.append(argument.metavar)
        for word in taken:
            _check(path, argument, word)
        values[argument.key] = taken if argument.many else taken[0] if taken else None
    hint = f"`{path} --help` shows how it is used."
    if missing := [*absent, *missing]:
        told = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing."
        raise ArgumentError(told, where=path, hint=hint)
    if words:
        raise ArgumentError(f"“{words[0]}” is one word too many.", where=path, hint=f"Put names in quotes; {hint}")
    return values


def _check(path: str, argument: Argument, word: str) -> None:
    try:
        (one_of(*argument.choices) if argument.choices else some_text)(word)
    except argparse.ArgumentTypeError as error:
        hint = f"`{path} --help` shows how it is used."
        raise ArgumentError(f"{argument.metavar}: {error}.", where=path, hint=hint) from error


def _add_option(parser: Parser, option: Option, default: Any) -> None:
    names = [option.short, option.flag] if option.short else [option.flag]
    if option.metavar is None:
        parser.add_argument(
            *names, dest=option.key, action="store_true", default=default if default is not None else False
        )
        return
    parser.add_argument(
        *names,
        dest=option.key,
        metavar=option.metavar,
        action="append" if option.repeat else "store",
        default=default,
        type=option.read,
    )


def _unknown(path: str, word: str, options: Sequence[Option]) -> ArgumentError:
    name = word.partition("=")[0]
    near = difflib.get_close_matches(name, [option.flag for option in options], 1, 0.6)
    guess = f"Did you mean {near[0]}? " if near else ""
    return ArgumentError(
        f"there is no option {name} here.", where=path, hint=f"{guess}`{path} --help` shows how it is used."
    )


def suggest(word: str, known: Sequence[str]) -> str:
    """Return “Did you mean …? ” with the nearest known words, empty where none is near."""
    near = difflib.get_close_matches(word, known, 2, 0.5)
    return f"Did you mean {' or '.join(near)}? " if near else ""
