"""Say a claim in words, with its doubts: from the sentence of its predicate."""

from __future__ import annotations

from functools import cache

from isthmus.model import Claim
from isthmus.picture.picture import Picture

_MODES = {
    "possible": "possible",
    "agreed": "agreed, not said to be done",
    "planned": "planned",
    "proposed": "proposed",
    "forecast": "forecast",
    "attempted": "attempted",
}
_SHOWN = ("scope", "segment", "form", "deal", "instrument", "how", "stage", "basis", "as", "item", "place", "purpose")


def say(picture: Picture, claim: Claim) -> str:
    """Return one sentence for a claim: who, what, how much, when, and how sure its source is."""
    predicate = picture.vocabulary.predicates[claim.predicate]
    slots = {"subject": picture.caption(claim.subject)}
    slots["object"] = picture.caption(claim.object) if claim.object else "an unnamed thing"
    slots["number"] = claim.quantity.words().removeprefix("rank ") if claim.quantity else ""
    slots["value"] = (
        (claim.value or "").replace("_", " ") if claim.predicate in ("kind", "status") else claim.value or ""
    )
    used = {"subject"}
    sentence = ""
    for part in _parts(predicate.sentence):
        if not part.startswith("{"):
            sentence += part
            continue
        name = part[1:-1]
        used.add(name)
        text = slots.get(name)
        if text is None:
            value = claim.qualifier(name)
            text = _qualifier(picture, value) if value else ""
        sentence += text
    sentence = _tidy(sentence)
    return sentence + _rest(picture, claim, used)


@cache
def _parts(sentence: str) -> tuple[str, ...]:
    """Return the parts of the sentence of a predicate: texts, and names in braces."""
    parts: list[str] = []
    for piece in sentence.split("{"):
        head, brace, tail = piece.partition("}")
        parts += ["{" + head + "}", tail] if brace else [head]
    return tuple(parts)


def _qualifier(picture: Picture, value: str) -> str:
    return picture.caption(value[1:]) if value.startswith("@") else value.replace("_", " ")


def _tidy(sentence: str) -> str:
    for old, new in (
        ("()", ""),
        ("  ", " "),
        (" with  ", " "),
        (" for .", "."),
        (" at .", "."),
        ("owns of ", "owns a part of "),
    ):
        sentence = sentence.replace(old, new)
    sentence = sentence.strip()
    for ending in (" for", " at", " with", " to", ":", " as"):
        sentence = sentence.removesuffix(ending)
    return sentence.strip()


def _rest(picture: Picture, claim: Claim, used: set[str]) -> str:
    extra: list[str] = []
    if claim.object and "object" not in used:
        extra.append(f"in {picture.caption(claim.object)}")
    if claim.quantity and "number" not in used:
        extra.append(claim.quantity.words())
    if claim.value and "value" not in used:
        extra.append(claim.value)
    for name in _SHOWN:
        value = claim.qualifier(name)
        if value and name not in used:
            extra.append(f"{name}: {_qualifier(picture, value)}")
    total = claim.qualifier("out_of")
    if total:
        extra.append(f"of {total}")
    text = f" ({'; '.join(extra)})" if extra else ""
    when = when_said(claim)
    text += f", {when}" if when else ""
    if claim.mode != "actual":
        text += f" [{_MODES[claim.mode]}]"
    if claim.stance == "denies":
        text += " [denied]"
    if claim.stance == "not_found":
        text += " [looked for, not found]"
    return text + (f" (“{claim.hedge}”)" if claim.hedge else "")


def when_said(claim: Claim) -> str:
    """Return the time of a claim in words, empty where its source gives none."""
    parts = []
    if claim.valid_from and claim.valid_from == claim.valid_to:
        return f"in {_date(claim.valid_from)}"
    if claim.valid_from:
        parts.append(f"from {_date(claim.valid_from)}")
    if claim.valid_to:
        parts.append(f"until {_date(claim.valid_to)}")
    if claim.observed and not parts:
        parts.append(f"seen {_date(claim.observed)}")
    return " ".join(parts)


def _date(text: str) -> str:
    marks = {"<=": "at the latest ", ">=": "at the earliest ", "<": "before ", ">": "after ", "~": "about "}
    for mark, words in marks.items():
        if text.startswith(mark):
            return words + text[len(mark) :]
    return text
