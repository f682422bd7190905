"""Read a name: its letters, its brackets, its legal forms and the words that are left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from isthmus.entities.names.forms import rank_forms, take_eastern_forms, take_forms
from isthmus.entities.names.latin import is_link, read_latin
from isthmus.entities.names.letters import HAN, HANGUL, KANA, LATIN, read_letters, script_of
from isthmus.entities.names.name import Name, NameReading, Word
from isthmus.entities.names.romanise import available
from isthmus.entities.names.scripts import languages_of, read_east, read_words
from isthmus.entities.names.tables import BODY, NAME, Form

UNREAD = "a script that is read only with the extra `names`"
_EAST = (HAN, KANA, HANGUL)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_]\b(?!'))?")
_POSSESSIVE = re.compile(r"['’`´]s\b")
_QUOTES = re.compile("['’‘`´ʻʼ′\u05f3\u05f4\u0374]")
_HEBREW_MARK = re.compile('(?<=[\u05d0-\u05ea])["\u05f4](?=[\u05d0-\u05ea])')
_WORDS = re.compile(r"[\w\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0dff\u0e00-\u0eff\u3099\u309a\u200c\u200d]+")
_BRACKETS = re.compile(r"([(\[{<【《〔「『（])|([)\]}>】》〕」』）])")
_BEFORE = re.compile(
    r"(?:^|\b)(?:formerly(?: known as)?|previously(?: known as)?|former name|f\s?/\s?k\s?/\s?a|fka|ehemals|anciennement)\b[:\s]*"
    r"|(?:原名|旧称|曾用名)[:：]?\s*"
)
_ALSO = re.compile(
    r"(?:^|\b)(?:a\s?/\s?k\s?/\s?a|aka|also known as|d\s?/\s?b\s?/\s?a|dba|doing business as|trading as|t\s?/\s?a|alias)\b[:\s]+"
)
_HINT = re.compile(
    r"former|previous|f\s?/?\s?k\s?/?\s?a|ehemals|ancien|[原旧曾]|a\s?/?\s?k\s?/?\s?a|known|d\s?/?\s?b\s?/?\s?a|doing|trading|t\s?/\s?a|alias"
)
"""What a part that gives a further name holds; most names hold none of it."""
_DASH = re.compile(r"\s[-–—]\s")
_REGISTER_NUMBER = 7
"""Digits in a row that are a register number written behind the name, not a part of it."""
_GENERIC = {"company": "company", "corporation": "corporation"}
_SILENT = frozenset({"and", "the"})
_COMMON_LINKS = frozenset(
    {
        *(
            "and",
            "the",
            "of",
            "for",
            "in",
            "on",
            "at",
            "by",
            "to",
            "de",
            "la",
            "le",
            "du",
            "des",
            "del",
            "der",
            "die",
            "das",
        ),
        *("und", "et", "y", "e", "van", "von", "di", "da", "do", "dos"),
    }
)
_MARKS = re.compile(r"[\u064b-\u065f\u0670\u200c\u200d]")


@lru_cache(maxsize=262_144)
def read_name(text: str) -> Name:
    """Return a name taken apart. The same text always gives the same result; results are kept."""
    letters = read_letters(text)
    notes = list(letters.notes)
    readings: list[NameReading] = []
    former: list[str] = []
    main, others, before = _split(letters.text)
    former.extend(before)
    readings.extend(_read(_spell(main)))
    for part in (*others, *([(name, False)] for name in before)):
        readings.extend(replace(reading, other=True) for reading in _read(_spell(part)))
    if (
        not letters.text.isascii()
        and not available()
        and any(char.isalpha() and script_of(char) != LATIN for char in letters.text)
    ):
        notes.append(UNREAD)
    kept = [reading for reading in dict.fromkeys(readings) if reading.words] or readings[:1]
    return Name(text, letters.text, tuple(kept), tuple(notes), tuple(former))


Segment = tuple[str, bool]


def _segments(text: str) -> list[Segment]:
    """Return the parts of a text outside and inside brackets."""
    if not _BRACKETS.search(text):
        return [(text, False)]
    parts: list[Segment] = []
    depth, at = 0, 0
    for found in _BRACKETS.finditer(text):
        parts.append((text[at : found.start()], depth > 0))
        depth = depth + 1 if found[1] else max(0, depth - 1)
        at = found.end()
    parts.append((text[at:], depth > 0))
    return [(part, aside) for part, aside in parts if part.strip()]


def _split(text: str) -> tuple[list[Segment], list[list[Segment]], list[str]]:
    """Return (the name itself, further names that it gives, names that it had before)."""
    main: list[Segment] = []
    others: list[list[Segment]] = []
    before: list[str] = []
    for part, aside in _segments(text):
        rest = part
        if not _HINT.search(part):
            main.append((part, aside))
            continue
        if found := _BEFORE.search(rest):
            before.append(rest[found.end() :].strip(" ,;"))
            rest = rest[: found.start()]
        if found := _ALSO.search(rest):
            others.append([(rest[found.end() :], False)])
            rest = rest[: found.start()]
        if rest.strip(" ,;:"):
            main.append((rest, aside))
    if (
        len(main) == 1
        and (found := _DASH.search(main[0][0]))
        and _is_short(main[0][0][: found.start()], main[0][0][found.end() :])
    ):
        text = main[0][0]
        others.append([(text[: found.start()], False)])
        main = [(text[found.end() :], False)]
    last = main[-1] if main else None
    if last is not None and last[1] and len(main) > 1 and _is_other_name(last[0], main[:-1]):
        others.append([(last[0], False)])
        main = main[:-1]
    return main, others, [name for name in before if name]


def _is_short(first: str, rest: str) -> bool:
    """Tell whether a name begins with its own initialism, a dash between them."""
    return first.strip().isalnum() and len(first.strip()) <= 8 and len(rest.split()) > 1


def _is_other_name(text: str, main: Sequence[Segment]) -> bool:
    """Tell whether the last brackets of a name hold another name of it: a word that is no place, form or kind of body."""
    words = _spell([(text, False)])
    left = take_forms(words)[0]
    read = [word for reading in _read([(part, False) for part, _ in left]) for word in reading.words] if left else []
    return any(word.role == NAME for word in read)


def _spell(segments: Iterable[Segment]) -> list[tuple[str, bool]]:
    """Return the words of folded text with the dots of initials, apostrophes and signs read."""
    spelled: list[tuple[str, bool]] = []
    for text, aside in segments:
        if "." in text:
            text = _INITIALS.sub(lambda found: found[0].replace(".", "").replace(" ", "") + " ", text)
        if not text.isascii():
            text = _HEBREW_MARK.sub("", text)
        text = _QUOTES.sub("", _POSSESSIVE.sub("", text)) if not text.isascii() or "'" in text or "`" in text else text
        if "&" in text or "+" in text:
            text = text.replace("&", " and ").replace("+", " and ")
        if "・" in text or "･" in text:
            text = text.replace("・", "").replace("･", "")
        spelled.extend(
            (word, aside)
            for word in _WORDS.findall(text)
            if word.strip("_") and not (len(word) >= _REGISTER_NUMBER and word.isdigit())
        )
    return spelled


def _read(spelled: Sequence[tuple[str, bool]]) -> list[NameReading]:
    """Return the readings of a name given by its words: one, or two where Han text may be Chinese or Japanese."""
    items: list[tuple[str, bool, str]] = []
    forms: list[Form] = []
    for word, aside in spelled:
        if word.isascii():
            items.append((word, aside, LATIN))
            continue
        for script, run in _runs(word):
            text = run
            if script in _EAST:
                text, found = take_eastern_forms(run)
                forms.extend(found)
            if text:
                items.append((text, aside, script))
    flat = [(text, aside) for text, aside, script in items if script not in _EAST]
    _, stated, taken = take_forms(flat)
    forms.extend(stated)
    if taken:
        gone, place = set(taken), -1
        kept = []
        for item in items:
            place += item[2] not in _EAST
            if item[2] in _EAST or place not in gone:
                kept.append(item)
        items_left = kept
    else:
        items_left = items
    letters = "".join(text[0] for text, _ in flat if text not in ("and", "of", "the", "for", "in"))
    whole = "".join(text for text, _ in spelled if text not in _SILENT)
    east = "".join(text for text, _, script in items_left if script in _EAST)
    if not east:
        return [_reading(items_left, "", forms, letters, whole)]
    ja = any(form.form.startswith("jp_") for form in forms)
    readings = []
    for language in ("ja",) if ja else languages_of(east):
        for finely in (False, True):
            readings.append(_reading(items_left, language, forms, letters, whole, finely))
    return list(dict.fromkeys(readings))


def _runs(word: str) -> list[tuple[str, str]]:
    """Return the runs of one script in a word; Han and kana go together, digits with what stands before them."""
    runs: list[list[str]] = []
    for char in word:
        script = script_of(char)
        if script == KANA:
            script = HAN
        if runs and (script == runs[-1][0] or char.isdigit() or _is_mark(char)):
            runs[-1][1] += char
        else:
            runs.append([script, char])
    return [(script, text) for script, text in runs]


def _is_mark(char: str) -> bool:
    return char in "\u200c\u200d" or "\u0300" <= char <= "\u036f" or "\u064b" <= char <= "\u065f"


def _reading(
    items: Sequence[tuple[str, bool, str]],
    language: str,
    forms: Sequence[Form],
    letters: str,
    whole: str,
    finely: bool = False,
) -> NameReading:
    words: list[Word] = []
    links = frozenset(text for text, _, script in items if script == LATIN and is_link(text)) - _COMMON_LINKS
    native = False
    for script, group in groupby(items, key=lambda item: item[2]):
        texts = [(text, aside) for text, aside, _ in group]
        if script == LATIN:
            words.extend(read_latin(texts))
            continue
        native = True
        if script in _EAST:
            for text, aside in texts:
                words.extend(read_east(text, "ko" if script == HANGUL else language, aside, finely))
        else:
            words.extend(read_words([(_MARKS.sub("", text), aside) for text, aside in texts]))
    named = list(forms)
    kept = []
    for word in words:
        generic = (
            _GENERIC.get(word.readings[0][0])
            if word.role == BODY and word.native and word.readings and len(word.readings[0]) == 1
            else None
        )
        if generic:
            named.append(Form(generic, generic, frozenset()))
        else:
            kept.append(word)
    joined = (
        "".join(word.text for word in kept) if native else "".join(text for text, _, _ in items if text not in _SILENT)
    )
    return NameReading(tuple(kept), tuple(rank_forms(named)), letters, joined, whole, links, native=native)
