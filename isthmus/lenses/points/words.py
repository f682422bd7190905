"""Say in a few words how a holder stands to a thing, without date and hedge, which are shown beside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from isthmus.model import Claim
from isthmus.picture import Picture

_SHOWN: tuple[str, ...] = (
    *(
        "title",
        "interest",
        "right",
        "instrument",
        "basis",
        "deal",
        "action",
        "article",
        "beneficiary",
        "item",
        "function",
    ),
    *("purpose", "scope", "condition", "substitutability"),
)
_PLAIN = ("shareholding",)


def phrase(picture: Picture, claim: Claim, called: Mapping[str, str] | None = None) -> str:
    """Return the sentence of a claim's predicate in short.

    Parameters
    ----------
    called : mapping of canonical id to str, optional
        What to call some entities instead of their captions; ``""`` leaves one out.
    """
    predicate = picture.vocabulary.predicates[claim.predicate]
    slots: defaultdict[str, str] = defaultdict(str)
    slots |= {key: _shown(picture, value) for key, value in claim.qualifiers}
    slots["number"] = claim.quantity.words() if claim.quantity else ""
    for end in ("subject", "object"):
        name = getattr(claim, end)
        head = picture.resolution.of(name) if name else ""
        slots[end] = (called or {}).get(head, picture.caption(head)) if name else "an unnamed thing"
    text = " ".join(predicate.sentence.format_map(slots).replace("()", "").split()).removeprefix(": ")
    text = text.removesuffix(" for").removesuffix(" with").removesuffix(" to").removesuffix(":")
    if claim.predicate == "owns" and claim.quantity is None:
        text = text.replace("owns of ", "owns ") + " (share not said)"
    details = _details(picture, claim, predicate.sentence)
    text += f" ({'; '.join(details)})" if details else ""
    if claim.mode != "actual":
        text += f" [{claim.mode}]"
    return text + {"denies": " [denied]", "not_found": " [looked for, not found]"}.get(claim.stance, "")


def _details(picture: Picture, claim: Claim, sentence: str) -> list[str]:
    found = []
    if claim.quantity is not None and "{number}" not in sentence:
        found.append(claim.quantity.words())
    if claim.qualifier("direct") == "indirect":
        found.append("indirectly")
    for name in _SHOWN:
        value = claim.qualifier(name)
        if value and value not in _PLAIN and f"{{{name}}}" not in sentence:
            found.append(f"{name}: {_shown(picture, value)}")
    return found


def _shown(picture: Picture, value: str) -> str:
    return picture.caption(value[1:]) if value.startswith("@") else value.replace("_", " ")
