"""The lens on who supplies what, and whose that is."""

from __future__ import annotations

from isthmus.cli.commands.options import FINDING
from isthmus.cli.grammar import Command, Option, one_of, some_text

BY = ("supplier", "controller", "site", "controller_country")
"""The ways to look at a market, said here so that help does not read the drawing."""

CONCENTRATION = Command(
    "concentration",
    "who supplies a thing: by supplier, by who controls it, by country",
    "questions:ask_concentration",
    "concentration",
    about=(
        "Four ways side by side, each with its index (HHI, 0 to 10,000) as far as shares are known: supplier, who controls it in the end, "
        "country of the site, country of that controller. Alarms: one holder with half or more, or more than a third; alternatives that "
        "are one controller's. Without --need: everything that is supplied, most concentrated first."
    ),
    options=(
        Option("--need", "need", "a good, a stage, or a thing with needs", metavar="ENTITY", read=some_text),
        Option("--svg", "svg", "draw the heat map into this file", metavar="FILE", read=some_text),
        Option(
            "--by",
            "by",
            f"what the columns of the drawing are: {', '.join(BY[:-1])} or {BY[-1]}; without it site, and with --need all four",
            metavar="WAY",
            read=one_of(*BY),
        ),
    ),
    examples=(
        ('isthmus ask concentration --need "Cellular IoT modules"', "who supplies it, and what is an alarm"),
        ("isthmus ask concentration", "where supply is most concentrated"),
        ("isthmus ask concentration --svg strips.svg", "the same as a heat map of markets and countries"),
    ),
    fields=(*FINDING, "series", "total", "alarms", "other_series", "marks", "totals"),
)
