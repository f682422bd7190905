"""Options that several verbs take."""

from __future__ import annotations

from isthmus.cli.grammar import Option, some_text

GLOBAL: tuple[Option, ...] = (
    Option(
        "--picture",
        "picture",
        "the picture's file; without it $ISTHMUS_PICTURE, else picture.duckdb",
        metavar="FILE",
        short="-p",
        read=some_text,
    ),
    Option("--json", "json", "print one JSON document on standard output and nothing else"),
    Option("--help", "help", "say what the command takes, with examples", short="-h"),
)
"""Options of every command; they may stand before or after the verb."""
VERSION = Option("--version", "version", "print the version; it stands before a verb")

AS_OF = Option(
    "--as-of",
    "as_of",
    "the state of the world on a date (2021, 2021-Q3, 2021-07, 2021-07-31); without it every time is shown",
    metavar="DATE",
    read=some_text,
)
KNOWN_AT = Option(
    "--known-at",
    "known_at",
    "what the picture held at a time (2026-11-23 or 2026-11-23T20:15:00Z); without it now",
    metavar="TIME",
    read=some_text,
)
WITHOUT = Option(
    "--without",
    "without",
    "leave a source out, and what rests on it alone (read:SOURCE: all that was read in it)",
    metavar="SOURCE",
    repeat=True,
    read=some_text,
)
CEILING = Option(
    "--ceiling",
    "ceiling",
    "the highest marking shown: TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED",
    metavar="TLP",
    default="TLP:RED",
)
ASKING: tuple[Option, ...] = (AS_OF, KNOWN_AT, WITHOUT, CEILING)
"""Which claims a picture is made of."""

ALL = Option("--all", "all", "print every row; without it long tables stop after 50")
CLAIMS = Option("--claims", "claims", "print the id of each claim, as `isthmus retract` takes it")
WHO = Option("--who", "who", "who decides; without it your user name", metavar="NAME", read=some_text)

FINDING = (
    "id",
    "lens",
    "question",
    "as_of",
    "known_at",
    "picture",
    "answers",
    "gaps",
    "conflicts",
    "sensitivity",
    "limits",
    "claims",
    "sources",
)
"""The fields of every finding."""
