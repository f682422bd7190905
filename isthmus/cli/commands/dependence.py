"""The lenses on what needs what."""

from __future__ import annotations

from dataclasses import replace

from isthmus.cli.commands.options import FINDING
from isthmus.cli.grammar import Argument, Command, Option, one_of, some_text, whole_number

STRENGTHS = ("required", "recommended", "optional", "build", "all")
SEMANTICS = ("operating", "bootstrap")
"""What the lenses take, said here so that help does not read it."""

_STRENGTH = Option(
    "--strength",
    "strength",
    f"which needs count: {', '.join(STRENGTHS[:-1])} or {STRENGTHS[-1]}; recommended and optional add to required",
    metavar="S",
    default="required",
    read=one_of(*STRENGTHS),
)

_CHOKEPOINTS = Command(
    "chokepoints",
    "whose failure fails a thing, alone or with one other; what takes most along",
    "questions:ask_chokepoints",
    "chokepoints",
    about=(
        "All needs of a thing must hold; a need holds while enough of its alternatives work. Counted exactly, for every single failure. "
        "Without --of: the things whose failure takes most of the picture along. Operating: all works until something fails. "
        "Bootstrap: nothing works until what it needs was started."
    ),
    options=(
        Option("--of", "of", "the thing that must not fail", metavar="ENTITY", read=some_text),
        Option("--pairs", "pairs", "also pairs that fail it together, and neither alone"),
        Option(
            "--semantics",
            "semantics",
            f"{' or '.join(SEMANTICS)}",
            metavar="S",
            default="operating",
            read=one_of(*SEMANTICS),
        ),
        _STRENGTH,
        Option("--limit", "limit", "at most so many answers", metavar="N", default=50, read=whole_number),
    ),
    examples=(
        ("isthmus ask chokepoints --limit 10", "what most depends on, with how many things fail with it"),
        ("isthmus ask chokepoints --of TikTok --pairs", "what fails it alone, and which two together"),
    ),
    fields=(*FINDING, "totals"),
)

_DEPENDENCE = Command(
    "dependence",
    "what a thing depends on, tier by tier, with alternatives and what is not known",
    "questions:ask_dependence",
    "dependence",
    about="Alternatives of one need stand behind one brace. Each tier says how many of its things have a list that is said to be complete.",
    options=(
        Option("--of", "of", "the thing that depends", metavar="ENTITY", required=True, read=some_text),
        Option("--depth", "depth", "how many tiers", metavar="N", default=3, read=whole_number),
        _STRENGTH,
        Option("--svg", "svg", "draw the tree into this file", metavar="FILE", read=some_text),
    ),
    examples=(
        ("isthmus ask dependence --of TikTok --depth 2", "what it needs, and what that needs"),
        ("isthmus ask dependence --of TikTok --svg tiktok.svg", "the same as a drawing, with what fails it alone"),
    ),
    fields=(*FINDING, "needs", "tiers"),
)

_WHERE_USED = Command(
    "where-used",
    "every thing that holds or needs a thing, directly or not, with the way",
    "questions:ask_where_used",
    "where_used",
    about="A way shows how it gets there. Not every thing that holds another fails with it: that is said of each.",
    arguments=(Argument("of", "ENTITY", "an id, an identifier (purl:…) or a name that only one thing has"),),
    options=(replace(_STRENGTH, default="all"),),
    examples=(('isthmus ask where-used "log4j-core"', "the products and services in which it is"),),
    fields=(*FINDING, "tiers", "totals"),
)

_EXPOSURE = Command(
    "exposure",
    "how much of a thing hangs on what one actor controls, and by which ways",
    "questions:ask_exposure",
    "exposure",
    about=(
        "The share is what the thing loses if all that the actor controls failed together: at least with what it surely controls, at most "
        "with what it may control. What it can only block or influence stands apart. Shares of makers and suppliers count; stocks do not."
    ),
    options=(
        Option("--of", "of", "the thing that depends", metavar="ENTITY", required=True, read=some_text),
        Option("--to", "to", "the actor: a company, a state, a person", metavar="ACTOR", required=True, read=some_text),
        Option(
            "--profile",
            "profile",
            "the rule of control: majority, decisive_influence, gleif_consolidation, or a YAML file",
            metavar="RULE",
            default="majority",
            read=some_text,
        ),
        _STRENGTH,
    ),
    examples=(("isthmus ask exposure --of WeChat --to Google", "what of it hangs on what Google controls"),),
    fields=(*FINDING, "share", "verdict", "paths", "apart", "totals"),
)

DEPENDENCE: tuple[Command, ...] = (_CHOKEPOINTS, _DEPENDENCE, _WHERE_USED, _EXPOSURE)
