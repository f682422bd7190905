"""Write the name of an invented firm as another list would: one or two changes of spelling, each with its name."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks.register_words import ABBREVIATIONS, CYRILLIC, Form

UNCHANGED = 0.2
TWO_CHANGES = 0.25
_LETTERS = "abcdefghiklmnoprstuvwyz"
_SPELLED = re.compile("|".join(sorted(CYRILLIC, key=len, reverse=True)), re.IGNORECASE)
# What NFKD does not take apart.
_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name; absent ones are empty."""

    front: str
    brand: str
    trade: str
    body: str
    number: str
    back: str
    form: Form
    branch: str
    trade_first: bool = False

    def text(self) -> str:
        form = self.form.usual
        core = (self.trade, self.brand) if self.trade_first else (self.brand, self.trade)
        before, after = (form, "") if self.form.front else ("", form)
        words = (before, self.front, *core, self.body, self.number, self.back, after)
        text = " ".join([word for word in words if word]).replace(" ,", ",")
        return f"{text}, {self.branch}" if self.branch else text


def without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.translate(_PLAIN)) if not unicodedata.combining(c))


def other_form(name: Name, chance: random.Random) -> Name | None:
    """Write the legal form another way: abbreviated, spelled out, with or without dots."""
    if not name.form.others:
        return None
    return replace(name, form=Form(chance.choice(name.form.others), front=name.form.front))


def no_form(name: Name, chance: random.Random) -> Name | None:
    return replace(name, form=Form("")) if name.form.usual else None


def abbreviated(name: Name, chance: random.Random) -> Name | None:
    trade, body = (
        " ".join([ABBREVIATIONS.get(word, word) for word in part.split(" ")]) for part in (name.trade, name.body)
    )
    return replace(name, trade=trade, body=body) if (trade, body) != (name.trade, name.body) else None


def reordered(name: Name, chance: random.Random) -> Name | None:
    """Move the place to the other end, the trade before the brand, or the form to the front."""
    ways = []
    if name.front:
        ways.append(replace(name, front="", back=f"{name.back} ({name.front})".strip()))
    if name.back and not name.front:
        ways.append(replace(name, front=name.back.strip("()"), back=""))
    if name.trade:
        ways.append(replace(name, trade_first=True))
    if name.form.usual and not name.form.front:
        ways.append(replace(name, form=replace(name.form, front=True)))
    return chance.choice(ways) if ways else None


def mistyped(name: Name, chance: random.Random) -> Name | None:
    """Make one slip in the longest word of the brand; its first letter stays, and words of under five letters do."""
    word = max(name.brand.split(" "), key=len)
    if len(word) < 5:
        return None
    at = chance.randrange(1, len(word) - 1)
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + chance.choice(_LETTERS) + word[at + 1 :],
    )
    slip = chance.choice(slips)
    return replace(name, brand=name.brand.replace(word, slip, 1)) if slip != word else None


def glued(name: Name, chance: random.Random) -> Name | None:
    """Write the brand as one word, or the brand and the first word of the trade."""
    joint = chance.choice(("", "", "-"))
    if " " in name.brand:
        return replace(name, brand=name.brand.replace(" & ", "&").replace(" ", joint))
    if not name.trade or name.trade_first:
        return None
    first, _, rest = name.trade.partition(" ")
    return replace(name, brand=name.brand + joint + first, trade=rest)


def initials(name: Name, chance: random.Random) -> Name | None:
    """Leave the first letters only, of four words or more."""
    words = [
        word
        for part in (name.front, name.brand, name.trade, name.body, name.number, name.back)
        for word in part.strip("()").split(" ")
        if word[:1].isalpha()
    ]
    if len(words) < 4 or name.number or name.branch:
        return None
    return Name("", "".join(word[0] for word in words).upper(), "", "", "", "", name.form, "")


def in_cyrillic(name: Name, chance: random.Random) -> Name | None:
    """Write the brand in Cyrillic letters, as it sounds."""
    plain = without_accents(name.brand)
    if len(plain) < 5:
        return None

    def letter(match: re.Match[str]) -> str:
        found = CYRILLIC[match[0].lower()]
        return found.capitalize() if match[0][0].isupper() else found

    return replace(name, brand=_SPELLED.sub(letter, plain))


def plain_letters(text: str, chance: random.Random) -> str | None:
    """Leave accents out; now and then ue stands for ü, as in German."""
    if text.isascii():
        return None
    plain = without_accents(text.translate(_GERMAN) if chance.random() < 0.3 else text)
    return plain if plain != text else None


def other_case(text: str, chance: random.Random) -> str | None:
    return text.upper() if chance.random() < 0.8 else text.lower()


def other_punctuation(text: str, chance: random.Random) -> str | None:
    """Leave dots and commas out, write "and" for "&", or put quotation marks around the name."""
    ways = [text.replace(".", "").replace(",", ""), text.replace(",", ""), text.replace(" & ", " and ")]
    ways = [way for way in ways if way != text] or [text + ".", f'"{text}"', text.replace(" ", "  ", 1)]
    return chance.choice(ways)


# First those that change parts, then those that change the whole text; the weight is the share among the changes tried.
PARTS: dict[str, tuple[int, Callable[[Name, random.Random], Name | None]]] = {
    "form": (22, other_form), "no form": (14, no_form), "abbreviation": (12, abbreviated), "order": (7, reordered), "typo": (9, mistyped),
    "glued": (4, glued), "cyrillic": (3, in_cyrillic), "initials": (1, initials),
}  # fmt: skip
TEXTS: dict[str, tuple[int, Callable[[str, random.Random], str | None]]] = {
    "accents": (8, plain_letters), "case": (14, other_case), "punctuation": (8, other_punctuation),
}  # fmt: skip
_NAMES = (*PARTS, *TEXTS)
_WEIGHTS = tuple(weight for weight, _ in (*PARTS.values(), *TEXTS.values()))
_TOTALS = tuple(sum(_WEIGHTS[: number + 1]) for number in range(len(_WEIGHTS)))
# Each of these leaves too little for a second change to be fair.
_ALONE = ("initials", "cyrillic")
_FORMS = {"form", "no form"}


def respell(name: Name, chance: random.Random) -> tuple[str, str]:
    """Return the name as the other list writes it, and the changes that were made, joined by "+" ("" where none was)."""
    drawn = chance.random()
    if drawn < UNCHANGED:
        return name.text(), ""
    wanted = 2 if drawn > 1 - TWO_CHANGES else 1
    made: list[str] = []
    text_changes: list[str] = []
    for change in chance.choices(_NAMES, cum_weights=_TOTALS, k=4):
        if len(made) + len(text_changes) >= wanted:
            break
        if change in TEXTS:
            if change not in text_changes:
                text_changes.append(change)
        elif not (made and (change in made or change in _ALONE or {change, *made} >= _FORMS)):
            changed = PARTS[change][1](name, chance)
            if changed is not None:
                name = changed
                made.append(change)
                if change in _ALONE:
                    break
    text = name.text()
    for change in text_changes:
        changed_text = TEXTS[change][1](text, chance)
        if changed_text is not None and changed_text != text:
            text = changed_text
            made.append(change)
    return text, "+".join(made)
