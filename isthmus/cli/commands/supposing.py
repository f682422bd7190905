"""The verb that asks scenarios."""

from __future__ import annotations

from isthmus.cli.commands.dependence import STRENGTHS
from isthmus.cli.commands.options import ALL, ASKING, FINDING
from isthmus.cli.grammar import Argument, Command, Option, one_of, some_text, whole_number

SUPPOSE = Command(
    "suppose",
    "what if: what fails or degrades under a scenario, when, and what survives",
    "supposing:suppose",
    "supposing",
    about=(
        "A scenario is a YAML file: a baseline and changes (fail, fail_country, fail_controlled_by, restrict_export, remove, substitute, "
        "add_capacity, delay). Several scenarios stand side by side. The picture is only read. --list and --example give files to copy."
    ),
    arguments=(Argument("files", "FILE", "scenarios", many=True, optional=True),),
    options=(
        Option(
            "--strength",
            "strength",
            f"which needs count: {', '.join(STRENGTHS[:-1])} or {STRENGTHS[-1]}; without it as the scenario says, else required",
            metavar="S",
            read=one_of(*STRENGTHS),
        ),
        Option("--why", "why", "also say which claims carry each answer, and what rests on one work alone"),
        Option("--limit", "limit", "at most so many answers", metavar="N", default=500, read=whole_number),
        Option("--list", "list", "list the scenarios that come with Isthmus"),
        Option("--example", "example", "print one of these, to be copied", metavar="NAME", read=some_text),
        Option(
            "--out", "out", "with --example: copy it, and its evidence, into a folder", metavar="DIR", read=some_text
        ),
        *ASKING,
        ALL,
    ),
    examples=(
        ("isthmus suppose --list", "the scenarios that come with Isthmus"),
        ("isthmus suppose --example rare-earths-2010 > mine.yaml", "a file to start from"),
        ("isthmus suppose mine.yaml", "what fails, what degrades, in which order and because of what"),
        ("isthmus suppose mine.yaml other.yaml", "the two side by side"),
    ),
    fields=(
        *FINDING,
        "changes",
        "survivors",
        "totals",
        "scenarios",
        "examples",
        "name",
        "title",
        "whose",
        "note",
        "text",
        "files",
    ),
)
