"""The verbs by which people decide: what is one thing, and which claims are taken back."""

from __future__ import annotations

from isthmus.cli.commands.options import WHO
from isthmus.cli.grammar import Argument, Command, Option, some_text

_A = Argument("a", "A", "an entity: id, identifier or name")
_B = Argument("b", "B", "another entity")

_JUDGE = Command(
    "judge",
    "judge whether two names are one thing; it can be undone",
    "judgement:judge",
    "judge",
    about=(
        "A judgement is stored beside the claims and changes none of them. `same` makes two entities one, "
        "`different` keeps them apart, `unsure` says that somebody looked and could not tell. A person's judgement stands "
        "before a rule's; among equals the later one stands. Merges that contradict one another wait until they are judged."
    ),
    arguments=(_A, _B, Argument("verdict", "VERDICT", "what they are", choices=("same", "different", "unsure"))),
    options=(
        Option("--why", "why", "the reason", metavar="TEXT", required=True, read=some_text),
        WHO,
        Option(
            "--from",
            "valid_from",
            "from when it holds (2019, 2019-Q3, 2019-07-31), which --as-of goes by",
            metavar="DATE",
            read=some_text,
        ),
        Option("--to", "valid_to", "until when it holds", metavar="DATE", read=some_text),
    ),
    examples=(
        ('isthmus judge northgate northgate-ltd same --why "one register number"', "makes the two one"),
        ('isthmus judge hillbank arden-bank same --from 2019 --why "merged"', "makes them one from 2019 on"),
    ),
    fields=(
        "judgement",
        "a",
        "b",
        "verdict",
        "who",
        "why",
        "valid_from",
        "valid_to",
        "state",
        "contradictions",
    ),
)

_UNJUDGE = Command(
    "unjudge",
    "undo the newest judgement about two names",
    "judgement:unjudge",
    "unjudge",
    about="What stood before it stands again, exactly. The judgement and its undoing stay in the record.",
    arguments=(_A, _B),
    options=(
        Option("--why", "why", "the reason", metavar="TEXT", read=some_text),
        WHO,
        Option("--every", "every", "undo all judgements about the two that stand"),
    ),
    examples=(('isthmus unjudge northgate northgate-ltd --why "two countries"', "the two are apart again"),),
    fields=(
        "a",
        "b",
        "undone",
        "judgements",
        "stands",
    ),
)

_RETRACT = Command(
    "retract",
    "take claims back, with a reason; they stay in the record",
    "judgement:retract",
    "retract",
    about="A retracted claim is no longer shown; `--known-at` with an earlier time still shows it.",
    arguments=(Argument("claims", "CLAIM", "the id of a claim, as `isthmus show --claims` prints it", many=True),),
    options=(Option("--why", "why", "the reason", metavar="TEXT", required=True, read=some_text), WHO),
    examples=(('isthmus retract dfa9afc3-b40d-526f-c30f-558cab8d8e71 --why "misread table"', "takes one claim back"),),
    fields=(
        "retracted",
        "why",
        "who",
    ),
)

JUDGEMENT: tuple[Command, ...] = (_JUDGE, _UNJUDGE, _RETRACT)
