"""Write the reference page of the command line from its table of commands. Run it as ``scripts/docs``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from made import cell, write_page

from isthmus.cli.commands import GLOBAL, GROUPS, VERSION
from isthmus.cli.grammar import Argument, Command, Option
from isthmus.cli.help import about_option, usage

PAGE = Path(__file__).parent / "reference" / "command-line.md"

_HEAD = """# Command line

<!-- Made by scripts/docs from isthmus/cli/commands. Change the commands and run scripts/docs. -->

`isthmus [-p FILE] [--json] VERB …`. `isthmus --help` lists the verbs, and `isthmus VERB --help` explains one, with examples.

{verbs}

## For every verb

{shared}

These may stand before or after the verb. A word that begins with a dash and is no option follows `--`, as in
`isthmus find -- -273`.

Entities are named by id, by identifier (`lei:…`, `iso:…`) or by a name that only one thing has. A name that several things have
is refused, and the candidates are listed.

### What is printed

Answers go to standard output; progress goes to standard error, and only where that is a terminal. Tables are as wide as the
terminal, at most 140 characters, or 80 where there is none (`COLUMNS` sets another width). `NO_COLOR` turns colours off.

Doubt is drawn and said: `█` is certain and `░` may be; `▢` is a gap, with as many boxes as are missing or their number; `⊘` was looked
for and not found; `≠` stands between claims that cannot all hold; the sources' own hedges are in quotes; `[planned]` and `[denied]` are
said so. Characters of the data that steer a terminal or turn the direction of writing are shown as `⟨U+202E⟩` and not obeyed.

With `--json` standard output is one JSON document in UTF-8 and nothing else, also for errors. The sections below list its top-level
fields; [The finding](finding.md) explains those of the lenses.

### How it ends

| code | meaning |
|---|---|
| 0 | answered |
| 2 | the input or the arguments are bad; nothing was written |
| 1 | anything else: the store, the system, an interruption, problems that `check` finds |

Errors say what happened, where and what to do. With `--json`: `{{"error": {{"kind", "message", "where", "hint"}}}}`; an ambiguous name has
its `candidates` beside. [Errors](errors.md) lists the kinds; the command line adds `input` and `system` (the system refused a file) and
`internal` (a fault of Isthmus).

### Environment

| variable | meaning |
|---|---|
| `ISTHMUS_PICTURE` | the picture's file where `-p` names none |
| `ISTHMUS_TRACEBACK` | where it is set, an unforeseen error prints its trace |
| `COLUMNS`, `NO_COLOR` | the width of tables; no colours |
"""


def render() -> str:
    """Return the page."""
    listed = [f"**{title}**: {', '.join(f'[{item.name}](#{item.name})' for item in group)}" for title, group in GROUPS]
    head = _HEAD.format(verbs=" · ".join(listed), shared=_options([*GLOBAL, VERSION]))
    parts = [head]
    for _, group in GROUPS:
        for command in group:
            parts.append(_command(f"isthmus {command.name}", command, "##"))
            parts += [_command(f"isthmus {command.name} {item.name}", item, "###") for item in _lenses(command)]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _lenses(command: Command) -> Iterable[Command]:
    """Return the commands below one; those below `why` are as those below `ask`, and said once."""
    return () if command.name == "why" else command.below


def _command(path: str, command: Command, level: str) -> str:
    title = path.removeprefix("isthmus ") if level == "###" else command.name
    lines = [
        f"{level} {title}",
        "",
        f"{command.summary[0].upper()}{command.summary[1:]}.",
        "",
        "```",
        usage(path, command),
        "```",
    ]
    if command.about:
        lines += ["", command.about]
    if command.name == "why":
        lines += ["", "The lenses and their options are those of [ask](#ask), `--why` apart."]
    if command.arguments:
        lines += ["", "| argument | meaning |", "|---|---|", *(_argument(item) for item in command.arguments)]
    if command.options:
        lines += ["", _options(command.options)]
    if command.fields:
        lines += ["", f"`--json`: {', '.join(f'`{name}`' for name in command.fields)}."]
    lines += (
        ["", "```sh", *(f"{line}  # {gives}" for line, gives in command.examples), "```"] if command.examples else []
    )
    return "\n".join(lines)


def _argument(argument: Argument) -> str:
    return f"| `{cell(argument.shown)}` | {cell(argument.about)} |"


def _options(options: Iterable[Option]) -> str:
    rows = [f"| `{cell(option.shown)}` | {cell(about_option(option))} |" for option in options]
    return "\n".join(["| option | meaning |", "|---|---|", *rows])


if __name__ == "__main__":
    sys.exit(write_page(PAGE, render(), sys.argv[1:]))
