"""The verbs that tell which names are one thing."""

from __future__ import annotations

import argparse

from isthmus.cli.commands.options import ALL, WHO
from isthmus.cli.grammar import Argument, Command, Option, some_text, whole_number


def score(text: str) -> float:
    """Read a score from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"“{text}” is no score from 0 to 1")
    return value


_BAR = Option(
    "--bar",
    "bar",
    "the lowest score, 0 to 1; without it the one from which two names are possibly one",
    metavar="X",
    read=score,
)

_MATCH = Command(
    "match",
    "say how likely two names are one thing, and why",
    "matching:match",
    "match",
    about=(
        "Needs no picture. The score is a probability; the verdict is `same`, `possible` (for a person to judge) or "
        "`different`. Names may be in any script."
    ),
    arguments=(Argument("name1", "NAME1", "a name"), Argument("name2", "NAME2", "another name")),
    options=(
        Option("--kind", "kind", "what both are: organization, company, person …", metavar="KIND", read=some_text),
    ),
    examples=(
        ('isthmus match "Huawei Technologies Co., Ltd." 华为技术有限公司', "one firm in two scripts"),
        ('isthmus match "Deutsche Telekom AG" "Deutsche Post AG"', "says what speaks against it"),
    ),
    fields=("score", "verdict", "reasons", "names"),
)

_SCREEN = Command(
    "screen",
    "look up each name of a file in lists: candidates, score, reasons, programme, dates",
    "matching:screen",
    "screen",
    about=(
        "FILE is CSV, XLSX, Parquet or plain text with a name on each line. Its other columns are used where they are "
        "called id, alias, country, kind or as a scheme of identifiers (lei, uscc …); several values stand apart by `;`. "
        "A LIST is a source of the picture, or another file of names. What is no longer listed on the day is left out "
        "and counted, and so is what was judged different. An entry that its list left open ends with a later one "
        "of the same programme."
    ),
    arguments=(
        Argument("file", "FILE", "the names"),
        Argument("lists", "LIST", "another list, after --against LIST", many=True, optional=True),
    ),
    options=(
        Option(
            "--against",
            "against",
            "a source of the picture (`isthmus sources`) or a file",
            metavar="LIST",
            repeat=True,
            read=some_text,
        ),
        Option(
            "--column", "column", "the column of names, where it is not called name", metavar="COLUMN", read=some_text
        ),
        Option("--limit", "limit", "at most so many candidates a name", metavar="N", default=5, read=whole_number),
        _BAR,
        Option(
            "--as-of", "as_of", "the day on which they must be listed; without it today", metavar="DATE", read=some_text
        ),
        Option("--include-delisted", "include_delisted", "list those too that are not listed on the day, marked"),
        Option("--out", "out", "write all of it to a .csv or .json file", metavar="FILE", read=some_text),
        ALL,
    ),
    examples=(
        ("isthmus screen suppliers.csv --against opensanctions-us-dod-1260h", "looks each supplier up in a list"),
        ("isthmus screen suppliers.xlsx --column Firm --against watch.txt --out found.csv", "against a file of names"),
        ("isthmus screen names.txt --against opensanctions-eu-833-2014 --as-of 2023", "as listed at the end of 2023"),
    ),
    works_long=True,
    fields=(
        "file",
        "as_of",
        "bar",
        "limit",
        "lists",
        "names",
        "matched",
        "rows",
        "left_out",
        "rejected",
        "remarks",
        "out",
    ),
)

_RESOLVE = Command(
    "resolve",
    "propose which entities may be one, best first, and decide",
    "matching:resolve",
    "resolve",
    about=(
        "At a terminal each pair is shown with what is held of both sides, and a key decides: s same, d different, u unsure; k skips, "
        "b goes back, q ends. Each decision is stored at once, so that the work can go on another day. Pairs that were "
        "judged are left out. `--apply` stores `same` by the rule names/1 for the pairs with that verdict; it "
        "joins organisations only, and never two with different identifiers. `isthmus unjudge` takes any of it back."
    ),
    options=(
        Option("--apply", "apply", "store the sure ones by rule, and list the others"),
        Option("--limit", "limit", "at most so many proposals", metavar="N", default=50, read=whole_number),
        _BAR,
        WHO,
        Option(
            "--require-second",
            "require_second",
            "from now on a person's `same` counts in this picture only when a second person agrees",
        ),
        Option("--no-require-second", "no_require_second", "from now on one person is enough"),
        Option("--list", "list", "list the proposals and ask nothing"),
        ALL,
    ),
    examples=(
        ("isthmus resolve", "shows pair by pair and asks"),
        ("isthmus resolve --list --limit 10", "lists the ten best proposals"),
        ("isthmus resolve --apply --bar 0.97", "joins what is sure, as rule names/1"),
    ),
    works_long=True,
    fields=("proposals", "applied", "left", "joined", "held_back"),
)

MATCHING: tuple[Command, ...] = (_MATCH, _SCREEN, _RESOLVE)
