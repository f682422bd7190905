"""Help in plain text: it needs neither a terminal nor a library."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Sequence

from isthmus.cli.commands import GLOBAL, GROUPS, VERSION
from isthmus.cli.grammar import Command, Option

_WIDEST = 96


def _width() -> int:
    return max(50, min(shutil.get_terminal_size().columns, _WIDEST))


def overview() -> str:
    """Return what `isthmus --help` prints: every verb with a line and an example."""
    lines = _paragraph("isthmus [-p FILE] [--json] VERB …", "")
    lines += ["", *_paragraph("An open common operating picture, with a source for every claim.", "")]
    for title, commands in GROUPS:
        lines += ["", f"{title}:", *_table([(command.name, command.summary) for command in commands])]
    lines += ["", "Options, before or after the verb:", *_options([*GLOBAL, VERSION])]
    lines += ["", "Examples:"]
    lines += [f"  {command.examples[0][0]}" for _, commands in GROUPS for command in commands]
    lines += [
        "",
        *_paragraph(
            "`isthmus VERB --help` says more. It ends with 0 when answered, 2 when the input or the arguments are bad, else 1.",
            "",
        ),
    ]
    return "\n".join(lines)


def usage(path: str, command: Command) -> str:
    """Return the usage line of a command."""
    words = [path]
    words += [f"{command.below_word.upper()} …"] if command.below else []
    words += [argument.shown for argument in command.arguments]
    words += [f"{option.flag} {option.metavar}" for option in command.options if option.required]
    words += ["[OPTION…]"] if any(not option.required for option in command.options) else []
    return " ".join(words)


def help_of(path: str, command: Command) -> str:
    """Return what `isthmus VERB --help` prints."""
    lines = [*_paragraph(usage(path, command), ""), "", *_paragraph(_sentence(command.summary), "")]
    if command.about:
        lines += ["", *_paragraph(command.about, "")]
    if command.below:
        title = "Lenses:" if command.below_word == "lens" else "Verbs:"
        lines += ["", title, *_table([(item.name, item.summary) for item in command.below])]
    if command.arguments:
        lines += ["", "Arguments:", *_table([(argument.shown, argument.about) for argument in command.arguments])]
    if command.options:
        lines += ["", "Options:", *_options(command.options)]
    lines += ["", "Options of every verb:", *_options(GLOBAL)]
    lines += ["", "Examples:"]
    for line, gives in command.examples:
        lines += [f"  {line}", f"      {gives}"]
    if command.below:
        lines += [
            "",
            *_paragraph(f"`{path} {command.below_word.upper()} --help` says what a {command.below_word} takes.", ""),
        ]
    return "\n".join(lines)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _options(options: Iterable[Option]) -> list[str]:
    return _table([(option.shown, about_option(option)) for option in options])


def about_option(option: Option) -> str:
    """Return what an option does, with its default."""
    if option.required:
        return f"{option.about} (must be given)"
    return f"{option.about} (default: {option.default})" if option.default is not None else option.about


def _table(rows: Sequence[tuple[str, str]]) -> list[str]:
    left = min(max(len(name) for name, _ in rows), 24) + 4
    lines: list[str] = []
    for name, about in rows:
        wrapped = _paragraph(about, " " * left)
        if len(name) + 4 > left:
            lines += [f"  {name}", *wrapped]
        else:
            lines += [f"  {name}".ljust(left) + wrapped[0].lstrip(), *wrapped[1:]]
    return lines


def _paragraph(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, _width(), initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
