"""The verbs that ask a picture."""

from __future__ import annotations

from dataclasses import replace

from isthmus.cli.commands.concentration import CONCENTRATION
from isthmus.cli.commands.dependence import DEPENDENCE
from isthmus.cli.commands.options import ALL, ASKING, CLAIMS, FINDING, WITHOUT
from isthmus.cli.commands.supposing import SUPPOSE
from isthmus.cli.grammar import Argument, Command, Option, a_share, one_of, some_text, whole_number

MODES = ("actual", "possible", "agreed", "planned", "proposed", "forecast", "attempted")
"""The modes of the vocabulary, said here so that help does not read it."""

_ENTITY = Argument("entity", "ENTITY", "an id, an identifier (lei:…, iso:…) or a name that only one thing has")
_PREDICATE = Option(
    "--predicate", "predicates", "only this predicate (`isthmus vocabulary`)", metavar="P", repeat=True, read=some_text
)
_MODE = Option(
    "--mode",
    "modes",
    f"only what is {', '.join(MODES[:-1])} or {MODES[-1]}",
    metavar="MODE",
    repeat=True,
    read=one_of(*MODES),
)
_WHY = Option("--why", "why", "add what carries each answer and what it would not stand without")
_COMMON = (*ASKING, ALL)

_FIND = Command(
    "find",
    "search names and titles, in any script",
    "questions:find",
    "find",
    about="Every word must be held, in any order; accents and case do not count.",
    arguments=(Argument("text", "TEXT", "words of a name, an identifier or a title"),),
    options=(
        Option(
            "--limit",
            "limit",
            "at most so many entities, and so many sources",
            metavar="N",
            default=20,
            read=whole_number,
        ),
    ),
    examples=(
        ("isthmus find huawei", "lists what is called so"),
        ("isthmus find 数据要素", "finds the source with these words in its title"),
    ),
    fields=(
        "query",
        "entities",
        "sources",
    ),
)

_SHOW = Command(
    "show",
    "show one entity: names, facts, relations, gaps, conflicts, sources",
    "questions:show",
    "show",
    arguments=(_ENTITY,),
    options=(*_COMMON, CLAIMS),
    examples=(
        ('isthmus show "Silk Road Information Port Co."', "shows all that is held about it"),
        ("isthmus show GEIDCO --as-of 2019", "leaves out what surely did not hold at the end of 2019"),
    ),
    fields=(
        "entity",
        "names",
        "kinds",
        "identifiers",
        "facts",
        "relations",
        "gaps",
        "conflicts",
        "judgements",
        "sources",
        "as_of",
        "known_at",
    ),
)

_RELATIONS = Command(
    "relations",
    "what is tied to a thing: how, when, by whose word",
    "questions:ask",
    "relations",
    arguments=(_ENTITY,),
    options=(
        Option("--depth", "depth", "how many steps away, 1 to 4", metavar="N", default=1, read=whole_number),
        _PREDICATE,
        _MODE,
    ),
    examples=(
        ("isthmus ask relations GEIDCO --depth 2", "follows its relations two steps"),
        ("isthmus ask relations Huawei --mode agreed", "what is agreed and not said to be done"),
    ),
    fields=FINDING,
)

_TIMELINE = Command(
    "timeline",
    "what happened to a thing, in order, as precisely as the sources say",
    "questions:ask",
    "timeline",
    arguments=(_ENTITY,),
    options=(_PREDICATE, _MODE),
    examples=(("isthmus ask timeline TikTok", "lists dated claims, oldest first"),),
    fields=FINDING,
)

_TALLY = Command(
    "tally",
    "count or sum a measure, in groups, with an unknown remainder",
    "questions:ask",
    "tally",
    about=(
        "A measure is a unit (posts, USD), a family of units (mass), share, a kind (data_center) or a predicate "
        "(member_of). Groups are countries, subjects, partners, kinds, sources, years, or any qualifier or "
        "predicate. Light shade in a bar is what may be; hollow boxes are what nobody named has."
    ),
    options=(
        Option("--measure", "measure", "what is counted or summed", metavar="M", required=True, read=some_text),
        Option("--in", "within", "the body, market or good that is shared out", metavar="ENTITY", read=some_text),
        Option("--of", "of", "the holder whose total is broken down", metavar="ENTITY", read=some_text),
        Option(
            "--by",
            "by",
            "what makes a group; without it the holders",
            metavar="ATTRIBUTE",
            default="subject",
            read=some_text,
        ),
        Option(
            "--where",
            "where",
            "only claims with this qualifier, as role=secretariat",
            metavar="KEY=VALUE",
            repeat=True,
            read=some_text,
        ),
        _MODE,
    ),
    examples=(
        ("isthmus ask tally --measure posts --in ITU-T --by country", "who holds the posts of a body"),
        ("isthmus ask tally --measure agreements --of China --by partner", "with whom somebody has agreements"),
        ("isthmus ask tally --measure data_center --by country", "how many things of a kind each country has"),
    ),
    fields=(*FINDING, "series", "total", "unattributed", "raw_sum", "hhi", "hhi_refused", "shares_of"),
)

_CONTROL = Command(
    "control",
    "who controls a thing, or what somebody controls, under a rule",
    "questions:ask_control",
    "control",
    about=(
        "Control is worked out over every chain and circle, with shares that are bands or not said: who controls it for sure, who may, "
        "who can block, who influences it. Without --of and --by: who controls most in the picture. Rules: majority, "
        "decisive_influence, multiply, control_is_100, any_10, aggregate_50, gleif_consolidation, or a YAML file."
    ),
    options=(
        Option("--of", "of", "the thing that is controlled", metavar="ENTITY", read=some_text),
        Option(
            "--by",
            "by",
            "the party that controls; with aggregate_50 the listed parties",
            metavar="ENTITY",
            repeat=True,
            read=some_text,
        ),
        Option("--ultimate", "ultimate", "only those at the top: whom nobody above the thing controls"),
        Option("--state", "state", "only states, their bodies, and those that such control or may control"),
        Option(
            "--profile",
            "profiles",
            "the rule; several stand side by side",
            metavar="RULE",
            repeat=True,
            read=some_text,
        ),
        Option("--quota", "quota", "another quota than the rule's, as 0.6667", metavar="SHARE", read=a_share),
        Option("--svg", "svg", "draw the chain into this file", metavar="FILE", read=some_text),
    ),
    examples=(
        ("isthmus ask control --of GEIDCO", "who stands behind it, and what it calls itself"),
        ("isthmus ask control --of TikTok --ultimate --svg tiktok.svg", "who stands at the top, with a drawing"),
        ('isthmus ask control --by "State Grid"', "what a party controls or may control"),
        ("isthmus ask control --of TikTok --profile multiply --profile control_is_100", "two rules side by side"),
    ),
    fields=(
        *FINDING,
        "holders",
        "unaccounted",
        "rings",
        "left_out",
        "rules",
        "nominal",
        "beside",
        "totals",
    ),
)

_POINTS = Command(
    "points-of-control",
    "every channel by which somebody can direct a thing, unknown ones named",
    "questions:ask_points",
    "points_of_control",
    about="Equity, votes, board, golden share, party body, law, finance, technology, staff, operation. Unknown is not none.",
    arguments=(_ENTITY,),
    examples=(("isthmus ask points-of-control ByteDance", "a stake and a board seat; the rest is unknown"),),
    fields=(*FINDING, "table", "captions", "aside"),
)

_LENSES = (_RELATIONS, _TIMELINE, _TALLY, _CONTROL, _POINTS, CONCENTRATION, *DEPENDENCE)


def _as_why(lens: Command) -> Command:
    examples = tuple(
        (line.replace("isthmus ask", "isthmus why"), "the same, with what carries it") for line, _ in lens.examples[:1]
    )
    return replace(lens, options=(*lens.options, *_COMMON), examples=examples)


_ASK = Command(
    "ask",
    "ask a lens a question",
    "questions:ask",
    "lens",
    about="A lens answers one kind of question, with the claims, sources and doubts of each answer.",
    examples=(
        ("isthmus ask relations GEIDCO --depth 2", "what is tied to it"),
        ("isthmus ask timeline TikTok", "what happened to it, in order"),
        ("isthmus ask tally --measure posts --in ITU-T --by country", "who holds how many"),
        ("isthmus ask control --of GEIDCO", "who controls it, by which chain"),
        ("isthmus ask points-of-control ByteDance", "by which channels somebody can direct it"),
        ("isthmus ask concentration", "where supply is most concentrated, and whose it is"),
        ("isthmus ask chokepoints --limit 10", "whose failure takes most along"),
        ("isthmus ask dependence --of TikTok", "what it depends on, tier by tier"),
        ("isthmus ask where-used TikTok", "what holds or needs it"),
    ),
    below=tuple(replace(lens, options=(*lens.options, _WHY, *_COMMON)) for lens in _LENSES),
)

_WHY_VERB = Command(
    "why",
    "ask a lens, and say what carries each answer",
    "questions:ask",
    "lens",
    about=(
        "Like `ask`, with the smallest sets of claims that carry an answer, the claims that it hangs on, and the "
        "works without which it would change."
    ),
    examples=(
        ("isthmus why tally --measure posts --in ITU-T --by country", "which works the count hangs on"),
        ("isthmus why control --of GEIDCO", "which claims carry it, and what would turn it"),
    ),
    below=tuple(_as_why(lens) for lens in _LENSES),
)

_DIFF = Command(
    "diff",
    "say what changed between two dates: conclusions, relations, claims",
    "questions:diff",
    "diff",
    about="Give two valid dates (what changed in the world) or two record times (what changed in what we know).",
    options=(
        Option("--from", "valid_from", "the earlier valid date", metavar="DATE", read=some_text),
        Option("--to", "valid_to", "the later valid date", metavar="DATE", read=some_text),
        Option("--known-from", "known_from", "the earlier record time", metavar="TIME", read=some_text),
        Option("--known-to", "known_to", "the later record time", metavar="TIME", read=some_text),
        WITHOUT,
        Option(
            "--limit",
            "limit",
            "at most so many of each list; without it 20, and 200 with --json",
            metavar="N",
            read=whole_number,
        ),
    ),
    examples=(
        ("isthmus diff --from 2016-01-01 --to 2021-12-31", "relations that began and ended"),
        ("isthmus diff --known-from 2026-11-01 --known-to 2026-12-01", "what was learned and retracted"),
    ),
    fields=(
        "from",
        "to",
        "by",
        "claims",
        "relations",
        "conclusions",
    ),
)

_VOCABULARY = Command(
    "vocabulary",
    "explain what may be said: kinds, predicates, qualifiers, units",
    "questions:vocabulary",
    "vocabulary",
    arguments=(Argument("term", "TERM", "a kind, predicate, qualifier or unit", optional=True),),
    examples=(
        ("isthmus vocabulary", "lists every term"),
        ("isthmus vocabulary owns", "explains one, with an example"),
    ),
    fields=(
        "version",
        "kinds",
        "predicates",
        "qualifiers",
        "units",
        "modes",
        "stances",
        "term",
        "meanings",
    ),
)

QUESTIONS: tuple[Command, ...] = (_FIND, _SHOW, _ASK, _WHY_VERB, SUPPOSE, _DIFF, _VOCABULARY)
